#pragma once
// PReLU: a rectifier whose slope below 0 is learned.

#include <algorithm>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include <nacre/constraints/constraints.hpp>
#include <nacre/core/kept_axes.hpp>
#include <nacre/initializers/initializers.hpp>
#include <nacre/layers/layer.hpp>
#include <nacre/layers/partial_gradients.hpp>
#include <nacre/regularizers/regularizers.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// Options of PReLU.
struct PReLUOptions {
  AnyInitializer alpha_initializer = Zeros();
  AnyRegularizer alpha_regularizer{};
  AnyConstraint alpha_constraint{};
  std::vector<std::int64_t> shared_axes{};  ///< along which one slope serves all, counted with the batch as axis 0
  std::string name{};

  void fields(Fields& list) {
    list("alpha_initializer", alpha_initializer);
    list.if_any("alpha_regularizer", alpha_regularizer);
    list.if_any("alpha_constraint", alpha_constraint);
    list("shared_axes", shared_axes);
    list("name", name);
  }
};

/// output = input where input > 0, alpha * input elsewhere; of any shape of rank 1 or more. Weight alpha is shaped as a
/// sample, with extents of 1 along the shared axes: for pictures (height, width, channels) with shared_axes 1 and 2
/// there is a slope for each channel. At 0 the derivative is 0, as in Keras. He et al., "Delving deep into rectifiers",
/// 2015.
struct PReLU : Callable<PReLU> {
  static constexpr std::string_view type_name = "PReLU";

  /// Throws ValueError for a shared axis below 1.
  PReLU(PReLUOptions options = {});

  /// What it asks for.
  enum class Weights { alpha };
  enum class Scratch { alpha_gradient };

  PReLUOptions options;
  void fields(Fields& list) { options.fields(list); }

  void validate() const {
    for (const std::int64_t axis : options.shared_axes) {
      require<ValueError>(axis >= 1, "PReLU: expected shared_axes of 1 or more, as axis 0 is the batch, got ", axis);
    }
  }

  /// Throws ShapeError for an input of rank 0, and for a shared axis that the input does not have.
  Shape build(const Shape& input, LayerBuilder& builder) const {
    const auto rank = static_cast<std::int64_t>(input.rank());
    require<ShapeError>(rank >= 1, "expected at least rank 1, got ", input);
    for (const std::int64_t axis : options.shared_axes) {
      require<ShapeError>(axis <= rank, "expected shared_axes up to ", rank, " of inputs ",
                          input.to_string_with_batch(), ", got ", axis);
    }
    Shape alpha;
    for (std::int64_t axis = 0; axis < rank; ++axis) {
      alpha.push_back(is_shared(axis) ? 1 : input[static_cast<std::size_t>(axis)]);
    }
    builder.weight(Weights::alpha, "alpha", alpha, options.alpha_initializer, options.alpha_regularizer,
                   options.alpha_constraint);
    builder.backward_reads({.inputs = true, .output = false});
    builder.pass_mask();
    if (builder.training()) PartialGradients::request(builder, {alpha.size()}, Scratch::alpha_gradient);
    return input;
  }

  template <class T>
  void forward(const Forward<T>& step) const {
    const detail::KeptAxes slopes = slopes_of(step.input.extents());
    const T* alpha = step.weight(Weights::alpha).elements();
    step.parallel(step.batch(), [&](std::int64_t sample, T*) {
      const T* x = step.input.elements() + sample * step.input.sample_size();
      T* y = step.output.elements() + sample * step.input.sample_size();
      slopes.each_run([&](std::int64_t first, std::int64_t count, std::int64_t slope, std::int64_t stride) {
        for (std::int64_t i = 0; i < count; ++i) {
          const T value = x[first + i];
          y[first + i] = value > T(0) ? value : alpha[slope + i * stride] * value;
        }
      });
    });
  }

  template <class T>
  void backward(const Backward<T>& step) const {
    const detail::KeptAxes slopes = slopes_of(step.input.extents());
    const std::int64_t size = step.input.sample_size();
    const T* alpha = step.weight(Weights::alpha).elements();
    const PartialGradients parts(step.batch(), {slopes.count()}, Scratch::alpha_gradient);
    step.parallel(parts.count(), [&](std::int64_t part, T*) {
      parts.clear(step, part);
      T* sums = parts.of(step, part, 0);
      const Range samples = parts.samples(part);
      for (std::int64_t sample = samples.first; sample < samples.last; ++sample) {
        const T* x = step.input.elements() + sample * size;
        const T* dy = step.output_gradient.elements() + sample * size;
        T* dx = step.wants_input_gradient ? step.input_gradient.elements() + sample * size : nullptr;
        slopes.each_run([&](std::int64_t first, std::int64_t count, std::int64_t slope, std::int64_t stride) {
          for (std::int64_t i = 0; i < count; ++i) {
            const T value = x[first + i];
            const std::int64_t at = slope + i * stride;
            if (!(value > T(0))) sums[at] += dy[first + i] * value;
            if (dx == nullptr) continue;
            dx[first + i] = dy[first + i] * (value > T(0) ? T(1) : value < T(0) ? alpha[at] : T(0) * value);
          }
        });
      }
    });
    parts.hand_over(step, 1);
  }

 private:
  /// Whether an axis of a sample, counted from 0, is shared.
  bool is_shared(std::int64_t axis) const {
    return std::find(options.shared_axes.begin(), options.shared_axes.end(), axis + 1) != options.shared_axes.end();
  }

  /// Which slope each element of a sample has.
  detail::KeptAxes slopes_of(const Shape& input) const {
    return detail::KeptAxes(input.from(1), [this](std::int64_t axis) { return is_shared(axis); });
  }
};

inline PReLU::PReLU(PReLUOptions chosen) : options(std::move(chosen)) { validate(); }

}  // namespace nacre
