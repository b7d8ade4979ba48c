#pragma once
// SwapEMAWeights: the running averages of the weights in their place, where a model is judged or saved.

#include <nacre/callbacks/callback.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// Options of SwapEMAWeights.
struct SwapEMAWeightsOptions {
  /// Whether the averages are in the model from the end of an epoch to the beginning of the next, so that callbacks
  /// behind this one, as ModelCheckpoint, save them. They are in any case while the model is validated.
  bool swap_on_epoch = false;
};

/// Exchanges the model's weights for the running averages that its optimizer keeps with `use_ema`, while it is
/// validated, and goes on training from the weights. Keras' SwapEMAWeights.
class SwapEMAWeights {
 public:
  static constexpr std::string_view type_name = "SwapEMAWeights";
  static constexpr bool sets_logs = false;

  SwapEMAWeights(SwapEMAWeightsOptions options = {});

  SwapEMAWeightsOptions options;

  /// Throws StateError where the optimizer keeps no averages.
  void on_train_begin(TrainingRun& run) {
    require<StateError>(run.has_averages(), "SwapEMAWeights: expected an optimizer with use_ema");
  }
  void on_epoch_begin(TrainingRun& run) { run.use_averages(false); }
  void on_test_begin(TrainingRun& run) { run.use_averages(true); }
  void on_test_end(TrainingRun& run) { run.use_averages(false); }
  void on_epoch_end(TrainingRun& run) {
    if (options.swap_on_epoch) run.use_averages(true);
  }
};

inline SwapEMAWeights::SwapEMAWeights(SwapEMAWeightsOptions chosen) : options(chosen) {}

}  // namespace nacre
