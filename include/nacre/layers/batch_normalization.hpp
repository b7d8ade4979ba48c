#pragma once
// BatchNormalization: normalizes each channel to mean 0 and variance 1 over the batch.

#include <algorithm>
#include <cmath>
#include <optional>
#include <string>

#include <nacre/constraints/constraints.hpp>
#include <nacre/initializers/initializers.hpp>
#include <nacre/kernels/masked_normalization.hpp>
#include <nacre/kernels/normalization.hpp>
#include <nacre/layers/layer.hpp>
#include <nacre/regularizers/regularizers.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

struct NormalizedConvolutions;

/// Options of BatchNormalization.
struct BatchNormalizationOptions {
  std::int64_t axis = -1;  ///< the channels' axis, counted with the batch as axis 0, or from the end
  double momentum = 0.99;
  double epsilon = 1e-3;  ///< 1e-37 or more
  bool center = true;     ///< whether to add beta
  bool scale = true;      ///< whether to multiply by gamma
  AnyInitializer beta_initializer = Zeros();
  AnyInitializer gamma_initializer = Ones();
  AnyInitializer moving_mean_initializer = Zeros();
  AnyInitializer moving_variance_initializer = Ones();
  AnyRegularizer beta_regularizer{};
  AnyRegularizer gamma_regularizer{};
  AnyConstraint beta_constraint{};
  AnyConstraint gamma_constraint{};
  std::string name{};

  void fields(Fields& list) {
    list("axis", axis);
    list("momentum", momentum);
    list("epsilon", epsilon);
    list("center", center);
    list("scale", scale);
    list("beta_initializer", beta_initializer);
    list("gamma_initializer", gamma_initializer);
    list("moving_mean_initializer", moving_mean_initializer);
    list("moving_variance_initializer", moving_variance_initializer);
    list.if_any("beta_regularizer", beta_regularizer);
    list.if_any("gamma_regularizer", gamma_regularizer);
    list.if_any("beta_constraint", beta_constraint);
    list.if_any("gamma_constraint", gamma_constraint);
    list("name", name);
  }
};

/// output = gamma * (input - mean) / sqrt(variance + epsilon) + beta, channel by channel, of any shape. In training
/// mean and (biased) variance are the batch's, and the moving ones follow: moving = momentum * moving + (1 - momentum)
/// * batch's; otherwise, and where the layer is frozen, the moving ones are used. Steps that a mask leaves out are no
/// part of the batch's statistics, but normalized, too. Weights gamma, beta (trainable),
/// moving_mean, moving_variance. Ioffe and Szegedy, "Batch normalization", 2015.
struct BatchNormalization : Callable<BatchNormalization> {
  static constexpr std::string_view type_name = "BatchNormalization";

  /// Throws ValueError for a momentum outside [0, 1] or an epsilon below 1e-37.
  BatchNormalization(BatchNormalizationOptions options = {});

  /// What it asks for.
  enum class Weights { gamma, beta, moving_mean, moving_variance };
  enum class Buffers { mean, inverse_deviation };
  enum class Scratch { gamma_gradient, beta_gradient };

  BatchNormalizationOptions options;
  void fields(Fields& list) { options.fields(list); }

  void validate() const {
    require<ValueError>(options.momentum >= 0 && options.momentum <= 1,
                        "BatchNormalization: expected a momentum from 0 to 1, got ", options.momentum);
    // A channel that never changes has variance 0, and numbers below 1.2e-38 are 0 in float.
    require<ValueError>(options.epsilon >= 1e-37,
                        "BatchNormalization: expected an epsilon of 1e-37 or more, as smaller numbers are 0 in float, "
                        "got ",
                        options.epsilon);
  }

  /// Throws ShapeError for an axis that the input does not have.
  [[gnu::cold]] Shape build(const Shape& input, LayerBuilder& builder) const {
    const std::int64_t channels = input[channel_axis(input)];
    if (options.scale) {
      builder.weight(Weights::gamma, "gamma", {channels}, options.gamma_initializer, options.gamma_regularizer,
                     options.gamma_constraint);
    }
    if (options.center) {
      builder.weight(Weights::beta, "beta", {channels}, options.beta_initializer, options.beta_regularizer,
                     options.beta_constraint);
    }
    builder.weight(Weights::moving_mean, "moving_mean", {channels}, options.moving_mean_initializer, false);
    builder.weight(Weights::moving_variance, "moving_variance", {channels}, options.moving_variance_initializer, false);
    builder.backward_reads({.inputs = true, .output = false});
    if (builder.read_mask()) {
      require<ShapeError>(builder.input_mask()->rank() + 1 == input.rank(),
                          "expected a mask of all axes of the input but the last, ", input.to_string_with_batch(),
                          ", got ", builder.input_mask()->to_string_with_batch());
    }
    builder.pass_mask();
    builder.buffer(Buffers::mean, channels);
    builder.buffer(Buffers::inverse_deviation, channels);
    builder.scratch(Scratch::gamma_gradient, channels);
    builder.scratch(Scratch::beta_gradient, channels);
    return input;
  }

  template <class T>
  void forward(const Forward<T>& step) const {
    normalize<true>(step);
  }
  template <class T>
  void predict(const Forward<T>& step) const {
    normalize<false>(step);
  }

  template <class T>
  void backward(const Backward<T>& step) const {
    const Layout layout(step, *this);
    const T* gamma = options.scale ? step.weight(Weights::gamma).elements() : nullptr;
    const bool trains = uses_batch(step);
    const bool masked = trains && step.mask();
    const auto gradient =
        trains && !masked ? &kernels::batch_norm_backward<T> : &kernels::batch_norm_backward_inference<T>;
    step.parallel(layout.blocks, [&](std::int64_t block, T*) {
      const Range range = piece(layout.channels, layout.blocks, block);
      gradient(layout.outer, layout.channels, layout.inner, range, step.input.elements(), step.buffer(Buffers::mean),
               step.buffer(Buffers::inverse_deviation), gamma, step.output_gradient.elements(),
               step.scratch(Scratch::gamma_gradient), step.scratch(Scratch::beta_gradient),
               step.wants_input_gradient ? step.input_gradient.elements() : nullptr);
      if (masked && step.wants_input_gradient) {
        kernels::masked_statistics_gradient<T>(layout.masked_by(step.mask()), range, step.input.elements(),
                                               step.buffer(Buffers::mean), step.buffer(Buffers::inverse_deviation),
                                               gamma, step.scratch(Scratch::gamma_gradient),
                                               step.scratch(Scratch::beta_gradient), step.input_gradient.elements());
      }
      if (options.scale)
        step.sink(Weights::gamma, range.first, step.scratch(Scratch::gamma_gradient) + range.first, range.size());
      if (options.center)
        step.sink(Weights::beta, range.first, step.scratch(Scratch::beta_gradient) + range.first, range.size());
    });
  }

  /// The moving statistics `moving` follow the batch's.
  template <class T>
  void follow(T* moving, const T* current, Range range) const {
    const T momentum = static_cast<T>(options.momentum);
    for (std::int64_t c = range.first; c < range.last; ++c)
      moving[c] = momentum * moving[c] + (T(1) - momentum) * current[c];
  }

  /// With the convolution of images or sequences before it, where the channels are its filters.
  std::optional<NormalizedConvolutions> join_previous(const Layer& previous, const Shape& input) const;

 private:
  /// The tensor seen as (outer, channels, inner).
  struct Layout {
    std::int64_t outer = 1;
    std::int64_t channels;
    std::int64_t inner = 1;
    std::int64_t blocks;

    template <class T>
    Layout(const LayerStep<T>& step, const BatchNormalization& layer) {
      const Shape sample = step.input.extents().from(1);
      const std::size_t axis = layer.channel_axis(sample);
      channels = sample[axis];
      inner = sample.from(axis + 1).size();
      outer = step.batch() * sample.size() / (channels * inner);
      blocks = piece_count(channels, 64);
    }

    kernels::MaskedChannels masked_by(const Mask& mask) const {
      return {outer, channels, inner, mask.values, mask.inner};
    }
  };

  /// A frozen layer goes on with its moving statistics, as Keras' does.
  template <class T>
  static bool uses_batch(const LayerStep<T>& step) {
    return step.training && step.trainable;
  }

  /// @tparam may_train whether batch statistics are compiled.
  template <bool may_train, class T>
  void normalize(const Forward<T>& step) const {
    const Layout layout(step, *this);
    const T* gamma = options.scale ? step.weight(Weights::gamma).elements() : nullptr;
    const T* beta = options.center ? step.weight(Weights::beta).elements() : nullptr;
    step.parallel(layout.blocks, [&](std::int64_t block, T*) {
      const Range range = piece(layout.channels, layout.blocks, block);
      T* mean = step.buffer(Buffers::mean);
      T* inverse = step.buffer(Buffers::inverse_deviation);
      T* moving_mean = step.non_trainable_weight(Weights::moving_mean).elements();
      T* moving_variance = step.non_trainable_weight(Weights::moving_variance).elements();
      bool trains = false;
      if constexpr (may_train) {
        trains = uses_batch(step);
        if (trains) {
          if (step.mask()) {
            kernels::masked_statistics(layout.masked_by(step.mask()), range, step.input.elements(), mean, inverse);
          } else {
            kernels::batch_norm_statistics(layout.outer, layout.channels, layout.inner, range, step.input.elements(),
                                           mean, inverse);
          }
          follow(moving_mean, mean, range);
          follow(moving_variance, inverse, range);
        }
      }
      if (!trains) {
        std::copy(moving_mean + range.first, moving_mean + range.last, mean + range.first);
        std::copy(moving_variance + range.first, moving_variance + range.last, inverse + range.first);
      }
      for (std::int64_t c = range.first; c < range.last; ++c) {
        inverse[c] = T(1) / std::sqrt(inverse[c] + static_cast<T>(options.epsilon));
      }
      kernels::batch_norm_forward(layout.outer, layout.channels, layout.inner, range, step.input.elements(),
                                  static_cast<const T*>(mean), static_cast<const T*>(inverse), gamma, beta,
                                  step.output.elements());
    });
  }

  std::size_t channel_axis(const Shape& sample) const {
    const auto rank = static_cast<std::int64_t>(sample.rank());
    const std::int64_t axis = options.axis < 0 ? rank + options.axis : options.axis - 1;
    if (axis < 0 || axis >= rank) {  // every step comes here, and must not build the text
      throw ShapeError(text("expected an input that has axis ", options.axis, ", got ", sample.to_string_with_batch()));
    }
    return static_cast<std::size_t>(axis);
  }
};

inline BatchNormalization::BatchNormalization(BatchNormalizationOptions chosen) : options(std::move(chosen)) {
  validate();
}

}  // namespace nacre

#include <nacre/layers/normalized_convolutions.hpp>
