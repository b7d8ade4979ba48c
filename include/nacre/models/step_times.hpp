#pragma once
// Where the time of a training step goes, layer by layer.

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>

#include <nacre/core/compiled.hpp>
#include <nacre/core/list.hpp>
#include <nacre/data/dataset.hpp>
#include <nacre/models/model.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// How a training step is timed.
struct StepTimesOptions {
  std::int64_t batch_size = 32;  ///< samples a step, at most those there are
  std::int64_t repeats = 20;     ///< steps whose median is taken
};

/// What a layer costs in one training step, in seconds.
struct LayerTime {
  std::string name;     ///< of the layer; "conv2d + max_pooling2d" for two that are computed in one
  double forward = 0;   ///< 0 for one that costs nothing, such as Flatten
  double backward = 0;  ///< with the optimizer's update of its weights where that happens tile by tile
};

/// What one training step costs, in seconds.
struct StepTimes {
  List<LayerTime> layers{};
  double step = 0;              ///< from the gathering of the batch to the last update
  std::int64_t batch_size = 0;  ///< samples in it

  /// What no layer accounts for: gathering the batch, the loss, the metrics, and what the optimizer does in a pass of
  /// its own.
  double rest() const {
    double left = step;
    for (const LayerTime& layer : layers) left -= layer.forward + layer.backward;
    return std::max(left, 0.0);
  }
};

/// Trains a copy of `model` for a few steps on `data` and returns the medians of what they cost; the model itself stays
/// as it is. Throws StateError unless the model is built and compiled, ValueError for options below 1, and otherwise as
/// `fit` does.
template <class T>
StepTimes step_times(const BasicModel<T>& model, const Dataset& data, StepTimesOptions options = {});

}  // namespace nacre

#if NACRE_HEADER_ONLY
#include <nacre/models/step_times-inl.hpp>
#endif
