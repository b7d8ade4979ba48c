#pragma once
// EarlyStopping: ends training when a number no longer improves.

#include <cstdint>
#include <cstdio>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <nacre/callbacks/monitor.hpp>
#include <nacre/core/number_text.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// Options of EarlyStopping.
struct EarlyStoppingOptions {
  std::string monitor = "val_loss";
  double min_delta = 0;               ///< an improvement is more than this
  std::int64_t patience = 0;          ///< epochs with a value but without improvement after which training ends
  int verbose = 0;                    ///< 1: says when it stops
  std::string mode = "auto";          ///< "min", "max", or "auto": as the loss or the metric has it
  std::optional<double> baseline{};   ///< a value to beat: what is better, but not than this, does not end the wait
  bool restore_best_weights = false;  ///< whether the model ends with the best epoch's weights
  std::int64_t start_from_epoch = 0;  ///< epochs to let pass before watching
};

/// Ends training when the monitored number has not improved for `patience` epochs. With `restore_best_weights` the
/// model ends with the weights of the best epoch, also where training ran to its end.
class EarlyStopping {
 public:
  static constexpr std::string_view type_name = "EarlyStopping";
  static constexpr bool sets_logs = false;

  /// Throws ValueError for a mode that is not known.
  EarlyStopping(EarlyStoppingOptions options = {});

  EarlyStoppingOptions options;

  /// The epoch after which training was stopped, if it was.
  std::optional<std::int64_t> stopped_epoch() const { return stopped_epoch_; }
  /// The epoch with the best value so far.
  std::int64_t best_epoch() const { return best_epoch_; }
  double best() const { return monitor_.best(); }

  /// Throws ValueError where no epoch will have the monitored number: that of a validation that does not take place;
  /// and where the mode "auto" cannot tell what is better: for a number that a callback or a metric without a direction
  /// sets.
  void on_train_begin(TrainingRun& run) {
    monitor_.begin(run);
    monitor_.reset();
    wait_ = 0;
    best_epoch_ = 0;
    stopped_epoch_.reset();
    best_weights_.clear();
  }

  void on_epoch_end(TrainingRun& run) {
    if (run.epoch < options.start_from_epoch) return;
    const std::optional<double> value = monitor_.read(run);
    if (!value) return;
    if (options.restore_best_weights && best_weights_.empty()) {
      best_weights_ = run.weights();
      best_epoch_ = run.epoch;
    }
    ++wait_;
    if (monitor_.improves(*value)) {
      best_epoch_ = run.epoch;
      if (options.restore_best_weights) best_weights_ = run.weights();
      if (!options.baseline || monitor_.is_better(*value, *options.baseline)) wait_ = 0;
      return;
    }
    if (wait_ >= options.patience && run.epoch > 0) {
      stopped_epoch_ = run.epoch;
      run.stop();
    }
  }

  void on_train_end(TrainingRun& run) {
    if (stopped_epoch_ && options.verbose > 0) {
      std::printf("Epoch %lld: early stopping, best %s %s in epoch %lld\n", static_cast<long long>(*stopped_epoch_ + 1),
                  monitor_.name().c_str(), detail::number_text(monitor_.best(), 'f', 4).c_str(),
                  static_cast<long long>(best_epoch_ + 1));
    }
    if (!best_weights_.empty()) run.restore(best_weights_);
  }

  /// What it has gathered, for a training that goes on later.
  void state(CallbackState& list) {
    monitor_.state(list);
    list("wait", wait_);
    list("best_epoch", best_epoch_);
    list("stopped_epoch", stopped_epoch_);
    list.bytes("best_weights", best_weights_);
  }

 private:
  Monitor monitor_;
  std::int64_t wait_ = 0;
  std::int64_t best_epoch_ = 0;
  std::optional<std::int64_t> stopped_epoch_;
  TrainingRun::Weights best_weights_;
};

inline EarlyStopping::EarlyStopping(EarlyStoppingOptions chosen)
    : options(std::move(chosen)), monitor_(options.monitor, options.mode, options.min_delta) {}

}  // namespace nacre
