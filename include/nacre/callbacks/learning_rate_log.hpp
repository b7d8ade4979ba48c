#pragma once
// What the callbacks that set the learning rate have in common: what they write and say.

#include <algorithm>
#include <cstdio>

#include <nacre/callbacks/callback.hpp>
#include <nacre/core/number_text.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE::detail {

/// Its name in the logs.
inline constexpr const char* learning_rate_log = "learning_rate";

/// Makes the learning rate's name known to those who look for names before training.
[[gnu::cold]] inline void announce_learning_rate(TrainingRun& run) {
  const auto is_rate = [](const LogName& log) { return log.name == learning_rate_log; };
  if (run.log_names.empty() || std::any_of(run.log_names.begin(), run.log_names.end(), is_rate)) return;
  run.log_names.push_back(learning_rate_log);
}

/// "Epoch 3: ReduceLROnPlateau reducing learning rate to 0.001."
[[gnu::cold]] inline void say_learning_rate(const TrainingRun& run, const char* what) {
  std::printf("Epoch %lld: %s learning rate to %s.\n", static_cast<long long>(run.epoch + 1), what,
              number_text(run.learning_rate(), 'g', 6).c_str());
}

}  // namespace nacre::detail
