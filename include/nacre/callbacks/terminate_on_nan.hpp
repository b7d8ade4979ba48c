#pragma once
// TerminateOnNaN: ends training when the loss is no number any more.

#include <cmath>
#include <cstdio>

#include <nacre/callbacks/callback.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// Ends training after a batch that leaves the loss NaN or infinite, and says so on standard error.
struct TerminateOnNaN {
  static constexpr bool sets_logs = false;

  void on_train_batch_end(TrainingRun& run) {
    const double* loss = run.logs.find("loss");
    if (loss == nullptr || std::isfinite(*loss)) return;
    std::fprintf(stderr, "Epoch %lld, batch %lld: invalid loss, terminating training\n",
                 static_cast<long long>(run.epoch + 1), static_cast<long long>(run.step + 1));
    run.stop();
  }
};

}  // namespace nacre
