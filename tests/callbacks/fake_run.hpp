#pragma once
// A training run without a model: what callbacks see, moved along by hand.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include <nacre/callbacks/callback.hpp>

namespace nacre::testing {

/// Its weights are one number, the epoch's, so that restored ones tell where they are from.
class FakeRun : public TrainingRun {
 public:
  char weight = -1;
  double rate = 0.1;
  std::optional<bool> larger_is_better = false;  ///< of the number that `train` is given

  Weights weights() const override { return {weight}; }
  void restore(const Weights& weights) override { weight = weights.at(0); }
  double learning_rate() const override { return rate; }
  void set_learning_rate(double chosen) override { rate = chosen; }

  /// Runs `callback` over epochs with these values under that name, from `first_epoch` on; returns how many ran.
  template <class Callback>
  std::int64_t train(Callback& callback, const char* name, const std::vector<double>& values,
                     std::int64_t first_epoch = 0) {
    AnyCallback any = std::ref(callback);
    log_names = {LogName(name, larger_is_better)};
    any.on_train_begin(*this);
    std::int64_t ran = 0;
    for (; static_cast<std::size_t>(ran) < values.size() && !stopped(); ++ran) {
      epoch = first_epoch + ran;
      weight = static_cast<char>(epoch);
      logs = Logs();
      logs.set(name, values[static_cast<std::size_t>(ran)]);
      any.on_epoch_begin(*this);
      any.on_epoch_end(*this);
    }
    any.on_train_end(*this);
    return ran;
  }
};

}  // namespace nacre::testing
