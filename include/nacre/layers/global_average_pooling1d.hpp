#pragma once
// GlobalAveragePooling1D: mean of each channel.

#include <algorithm>
#include <cstdint>
#include <utility>

#include <nacre/kernels/optimizers.hpp>
#include <nacre/layers/pooling.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// The mean over the steps. Input (batch, steps, channels), output (batch, channels), or (batch, 1, channels)
/// with `keepdims`. Steps that a mask leaves out do not count; the mean of no steps is 0 (Keras gives NaN).
struct GlobalAveragePooling1D : detail::GlobalPooling<GlobalAveragePooling1D, 1> {
  static constexpr std::string_view type_name = "GlobalAveragePooling1D";
  GlobalAveragePooling1D(GlobalPoolingOptions options = {});

  /// Throws ShapeError for an input of another rank, or a mask of other axes than the steps.
  Shape build(const Shape& input, LayerBuilder& builder) const {
    builder.backward_reads({.inputs = false, .output = false});
    if (builder.read_mask()) {
      require<ShapeError>(builder.input_mask()->rank() == 1, "expected a mask (batch, steps), got ",
                          builder.input_mask()->to_string_with_batch());
    }
    return output_shape(input);
  }

  template <class T>
  void forward(const Forward<T>& step) const {
    if (!step.mask()) return detail::global_average_pool_forward(step);
    const std::int64_t steps = detail::places_of(step), channels = detail::channels_of(step);
    step.parallel(step.batch(), [&](std::int64_t sample, T*) {
      const std::uint8_t* mask = step.mask().values + sample * steps;
      T* mean = step.output.elements() + sample * channels;
      std::fill_n(mean, channels, T(0));
      for (std::int64_t i = 0; i < steps; ++i) {
        if (mask[i] != 0) kernels::accumulate(channels, mean, step.input.elements() + (sample * steps + i) * channels);
      }
      kernels::scale(channels, mean, T(1) / counted(steps, mask));
    });
  }
  template <class T>
  void backward(const Backward<T>& step) const {
    if (!step.mask()) return detail::global_average_pool_backward(step);
    if (!step.wants_input_gradient) return;
    const std::int64_t steps = detail::places_of(step), channels = detail::channels_of(step);
    step.parallel(step.batch(), [&](std::int64_t sample, T*) {
      const std::uint8_t* mask = step.mask().values + sample * steps;
      T* share = step.output_gradient.elements() + sample * channels;
      kernels::scale(channels, share, T(1) / counted(steps, mask));
      for (std::int64_t i = 0; i < steps; ++i) {
        T* gradient = step.input_gradient.elements() + (sample * steps + i) * channels;
        if (mask[i] != 0) {
          std::copy_n(share, channels, gradient);
        } else {
          std::fill_n(gradient, channels, T(0));
        }
      }
    });
  }

 private:
  static float counted(std::int64_t steps, const std::uint8_t* mask) {
    return static_cast<float>(std::max<std::int64_t>(std::count(mask, mask + steps, std::uint8_t{1}), 1));
  }
};

inline GlobalAveragePooling1D::GlobalAveragePooling1D(GlobalPoolingOptions chosen) : GlobalPooling(std::move(chosen)) {}

}  // namespace nacre
