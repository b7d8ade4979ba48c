#pragma once
// ReduceLROnPlateau: lowers the learning rate when a number no longer improves.

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <nacre/callbacks/learning_rate_log.hpp>
#include <nacre/callbacks/monitor.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// Options of ReduceLROnPlateau.
struct ReduceLROnPlateauOptions {
  std::string monitor = "val_loss";
  double factor = 0.1;         ///< what the learning rate is multiplied with, from 0 to below 1
  std::int64_t patience = 10;  ///< epochs with a value but without improvement after which it is lowered
  int verbose = 0;             ///< 1: says when it lowers
  std::string mode = "auto";   ///< "min", "max", or "auto": as the loss or the metric has it
  double min_delta = 1e-4;     ///< an improvement is more than this
  std::int64_t cooldown = 0;   ///< epochs after it was lowered in which nothing is counted
  double min_lr = 0;           ///< the learning rate does not fall below it
};

/// Multiplies the learning rate with `factor` when the monitored number has not improved for `patience` epochs, down to
/// `min_lr`. It writes "learning_rate" into the logs, as it was in the epoch. As in Keras.
class ReduceLROnPlateau {
 public:
  static constexpr std::string_view type_name = "ReduceLROnPlateau";
  static constexpr bool sets_logs = false;  // of its own: "learning_rate" is announced

  /// Throws ValueError for a mode that is not known and for a factor outside its range.
  ReduceLROnPlateau(ReduceLROnPlateauOptions options = {});

  ReduceLROnPlateauOptions options;

  double best() const { return monitor_.best(); }

  /// Throws ValueError where no epoch will have the monitored number, and where "auto" cannot tell what is better.
  void on_train_begin(TrainingRun& run) {
    detail::announce_learning_rate(run);
    monitor_.begin(run);
    monitor_.reset();
    wait_ = 0;
    cooldown_ = 0;
  }

  /// Throws StateError where the optimizer follows a schedule of its own.
  void on_epoch_end(TrainingRun& run) {
    const double rate = run.learning_rate();
    run.logs.set(detail::learning_rate_log, rate);
    const std::optional<double> value = monitor_.read(run);
    if (!value) return;
    if (cooldown_ > 0) {
      --cooldown_;
      wait_ = 0;
    }
    if (monitor_.improves(*value)) {
      wait_ = 0;
    } else if (cooldown_ == 0 && ++wait_ >= options.patience && rate > options.min_lr) {
      run.set_learning_rate(std::max(rate * options.factor, options.min_lr));
      if (options.verbose > 0) detail::say_learning_rate(run, "ReduceLROnPlateau reducing");
      cooldown_ = options.cooldown;
      wait_ = 0;
    }
  }

  /// What it has counted, for a training that goes on later.
  void state(CallbackState& list) {
    monitor_.state(list);
    list("wait", wait_);
    list("cooldown", cooldown_);
  }

 private:
  Monitor monitor_;
  std::int64_t wait_ = 0;
  std::int64_t cooldown_ = 0;
};

inline ReduceLROnPlateau::ReduceLROnPlateau(ReduceLROnPlateauOptions chosen)
    : options(std::move(chosen)), monitor_(options.monitor, options.mode, options.min_delta) {
  require<ValueError>(options.factor >= 0 && options.factor < 1,
                      "ReduceLROnPlateau: expected factor from 0 to below 1, got ", options.factor);
  require<ValueError>(options.min_lr >= 0 && std::isfinite(options.min_lr),
                      "ReduceLROnPlateau: expected min_lr of 0 or more, got ", options.min_lr);
  require<ValueError>(options.cooldown >= 0, "ReduceLROnPlateau: expected cooldown of 0 or more, got ",
                      options.cooldown);
}

}  // namespace nacre
