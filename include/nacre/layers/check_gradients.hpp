#pragma once
// check_gradients: whether a layer's backward is the derivative of its forward.

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <string>
#include <utility>

#include <nacre/layers/harness.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// Options of check_gradients.
struct GradientCheckOptions {
  std::int64_t batch = 3;   ///< samples
  bool training = true;     ///< whether dropout drops and batch statistics are used
  double tolerance = 1e-6;  ///< largest relative error that passes
  double step = 1e-5;       ///< by which an element is moved to either side
  std::uint64_t seed = 1;   ///< of the weights, the input and the layer's random numbers
};

/// What check_gradients found.
struct GradientCheck {
  std::int64_t elements = 0;  ///< how many derivatives were compared
  double worst = 0;           ///< the largest relative error
  std::string where{};        ///< the element that has it: "input[7]", "kernel[2]"
};

namespace detail {

class GradientChecker {
 public:
  GradientChecker(AnyLayer<double> layer, const Shape& input_shape, const GradientCheckOptions& options)
      : options_(options),
        harness_(std::move(layer), input_shape, options.batch, options.seed),
        input_(draw(input_shape.with_batch(options.batch), 0, 1)),
        direction_(draw(harness_.output_shape().with_batch(options.batch), 1, 1)) {
    // Initial zeros and ones would hide terms of the gradient.
    for (std::size_t i = 0; i < harness_.weight_specs().size(); ++i) {
      if (!harness_.weight_specs()[i].trainable) continue;
      TensorView<double>& weight = harness_.weight(i);
      const Values noise = draw(weight.extents(), 2 + i, 0.1);
      for (std::size_t e = 0; e < noise.values.size(); ++e) weight.elements()[e] += noise.values[e];
    }
  }

  GradientCheck run() {
    harness_.forward(input_.view(), options_.training);
    const TensorView<double>& input_gradient = harness_.backward(direction_.view());
    const Buffer<double> expected = copy(input_gradient);
    compare("input", input_.values.data(), expected);
    for (std::size_t i = 0; i < harness_.weight_specs().size(); ++i) {
      const WeightSpec& spec = harness_.weight_specs()[i];
      if (spec.trainable) compare(spec.name, harness_.weight(i).elements(), copy(harness_.gradient(i)));
    }
    return result_;
  }

 private:
  struct Values {
    Shape shape;
    Buffer<double> values;
    TensorView<const double> view() const { return {values.data(), shape}; }
  };

  Values draw(const Shape& shape, std::uint64_t stream, double scale) const {
    Values drawn{shape, Buffer<double>(static_cast<std::size_t>(shape.size()))};
    const RandomStream random(options_.seed, Purpose::user, stream);
    for (std::size_t i = 0; i < drawn.values.size(); ++i) drawn.values[i] = scale * random.normal(i);
    return drawn;
  }

  static Buffer<double> copy(const TensorView<double>& view) {
    Buffer<double> values(static_cast<std::size_t>(view.extents().size()));
    std::copy_n(view.elements(), values.size(), values.data());
    return values;
  }

  // The sum of all outputs, each weighted by its element of the direction: a function whose gradient backward gives.
  double value() {
    const TensorView<double>& output = harness_.forward(input_.view(), options_.training);
    double total = 0;
    for (std::size_t i = 0; i < direction_.values.size(); ++i) total += direction_.values[i] * output.elements()[i];
    return total;
  }

  double slope(double& element, double step) {
    const double kept = element;
    const double reach = step * std::max(1.0, std::abs(kept));
    element = kept + reach;
    const double above = value();
    element = kept - reach;
    const double below = value();
    element = kept;
    return (above - below) / (2 * reach);
  }

  void compare(const std::string& name, double* elements, const Buffer<double>& gradient) {
    for (std::size_t i = 0; i < gradient.size(); ++i) {
      double error = std::numeric_limits<double>::infinity();
      double expected = 0;
      // Where a kink (of relu, of a maximum) lies within the step, a smaller step may avoid it.
      for (double step = options_.step; step >= options_.step / 100 && !(error <= options_.tolerance); step /= 10) {
        const double measured = slope(elements[i], step);
        const double size = std::max({std::abs(measured), std::abs(gradient[i]), 1e-2});
        const double found = std::abs(measured - gradient[i]) / size;
        if (found < error || std::isinf(error)) {
          error = found;
          expected = measured;
        }
      }
      const std::string where = text(name, "[", i, "]");
      require<Error>(error <= options_.tolerance, harness_.layer().class_name(), ": gradient of ", where, ": expected ",
                     expected, " by finite differences, got ", gradient[i], " from backward (relative error ", error,
                     ")");
      ++result_.elements;
      if (result_.where.empty() || error > result_.worst) {
        result_.worst = error;
        result_.where = where;
      }
    }
  }

  GradientCheckOptions options_;
  LayerHarness<double> harness_;
  Values input_;
  Values direction_;
  GradientCheck result_;
};

}  // namespace detail

/// Compares what a layer's `backward` gives, for the input and every trainable weight, with central differences of its
/// `forward`, in double, at a random input and random weights.
///
/// @param layer       any layer, also one of your own.
/// @param input_shape shape of a sample, without the batch.
/// Returns the worst relative error. Throws Error naming the element where one is above the tolerance, or where the
/// layer left something unwritten.
inline GradientCheck check_gradients(AnyLayer<double> layer, const Shape& input_shape,
                                     const GradientCheckOptions& options = {}) {
  return detail::GradientChecker(std::move(layer), input_shape, options).run();
}

}  // namespace nacre
