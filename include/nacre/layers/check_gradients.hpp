#pragma once
// check_gradients: whether a layer's backward is the derivative of its forward.

#include <algorithm>
#include <cmath>
#include <concepts>
#include <cstdint>
#include <exception>
#include <limits>
#include <new>
#include <string>
#include <utility>
#include <vector>

#include <nacre/core/list.hpp>
#include <nacre/layers/harness.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// Options of check_gradients.
struct GradientCheckOptions {
  std::int64_t batch = 3;     ///< samples
  bool training = true;       ///< whether dropout drops and batch statistics are used
  double tolerance = 1e-6;    ///< largest relative error that passes
  double step = 1e-5;         ///< by which an element is moved to either side
  std::uint64_t seed = 1;     ///< of the weights, the input and the layer's random numbers
  bool vary = true;           ///< whether other batches and larger samples are checked, too
  std::int64_t integers = 0;  ///< more than 0: the first input's numbers are integers below it, which have no gradient
  bool masked = false;  ///< whether inputs have masks, of all their axes but the last, that leave out steps at random
};

/// What check_gradients found.
struct GradientCheck {
  std::int64_t elements = 0;  ///< how many derivatives were compared, over all batches and samples' shapes
  double worst = 0;           ///< the largest relative error
  std::string where{};        ///< the element that has it: "input[7]", "kernel[2]"
  Shape input{};              ///< of the batch that has it: (samples, extents of a sample...)
};

namespace detail {

/// Checks a layer on one batch, and adds what it finds to a result.
class GradientChecker {
 public:
  GradientChecker(Layer layer, const Shapes& input_shapes, const GradientCheckOptions& options, GradientCheck& result)
      : options_(options),
        harness_(std::move(layer), input_shapes, options.batch, options.seed, masks(input_shapes),
                 options.integers > 0),
        direction_(draw(harness_.output_shape().with_batch(options.batch), 1, 1)),
        result_(result) {
    for (std::size_t k = 0; k < input_shapes.size(); ++k) {
      inputs_.push_back(draw(input_shapes[k].with_batch(options.batch), k == 0 ? 0 : 1000 + k, 1));
      for (double& number : inputs_[k].values) {
        if (options.integers > 0 && k == 0) number = std::fmod(std::floor(std::abs(number) * 1000), options.integers);
      }
    }
    for (std::size_t k = 0; k < harness_.further_outputs(); ++k) {
      TensorView<double>& gradient = harness_.further_gradient(k);
      const Values drawn = draw(gradient.extents(), 4000 + k, 1);
      std::copy(drawn.values.begin(), drawn.values.end(), gradient.elements());
    }
    // Initial zeros and ones would hide terms of the gradient.
    for (std::size_t i = 0; i < harness_.weight_specs().size(); ++i) {
      if (!harness_.weight_specs()[i].trainable) continue;
      TensorView<double>& weight = harness_.weight(i);
      const Values noise = draw(weight.extents(), 2 + i, 0.1);
      for (std::size_t e = 0; e < noise.values.size(); ++e) weight.elements()[e] += noise.values[e];
    }
  }

  void run() {
    check_output();
    for (std::size_t k = options_.integers > 0 ? 1 : 0; k < inputs_.size(); ++k) {
      check(
          k == 0 ? "input" : text("input ", k), inputs_[k].values.data(), [&]() -> auto& {
            backward();
            return harness_.input_gradient(k);
          });
    }
    for (std::size_t i = 0; i < harness_.weight_specs().size(); ++i) {
      const WeightSpec& spec = harness_.weight_specs()[i];
      if (!spec.trainable) continue;
      check(
          spec.name, harness_.weight(i).elements(), [&]() -> auto& {
            backward();
            return harness_.gradient(i);
          });
    }
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

  /// About two thirds of all steps count.
  List<HarnessMask> masks(const Shapes& input_shapes) const {
    List<HarnessMask> drawn;
    for (std::size_t k = 0; k < input_shapes.size() && options_.masked; ++k) {
      drawn.push_back({Shape(input_shapes[k].begin(), input_shapes[k].end() - (input_shapes[k].empty() ? 0 : 1)), {}});
      const RandomStream random(options_.seed, Purpose::user, 2000 + k);
      const auto steps = static_cast<std::uint64_t>(options_.batch * drawn[k].axes.size());
      for (std::uint64_t i = 0; i < steps; ++i) drawn[k].values.push_back(random.uniform(i) < 0.67);
    }
    return drawn;
  }

  static Buffer<double> copy(const TensorView<double>& view) {
    Buffer<double> values(static_cast<std::size_t>(view.extents().size()));
    std::copy_n(view.elements(), values.size(), values.data());
    return values;
  }

  const TensorView<double>& forward() {
    List<TensorView<const double>> views;
    for (const Values& input : inputs_) views.push_back(input.view());
    for (std::size_t i = 0; i < harness_.states().size(); ++i) {  // the same ones each time
      Buffer<double>& state = harness_.states()[i];
      const Values drawn = draw({static_cast<std::int64_t>(state.size())}, 3000 + i, 1);
      std::copy_n(drawn.values.data(), state.size(), state.data());
    }
    return harness_.forward(views, options_.training);
  }
  const TensorView<double>& backward() {
    forward();  // again, as backward may overwrite what forward kept for it
    return harness_.backward(direction_.view());
  }

  /// @param run runs backward and returns its gradient of `elements`.
  template <class Run>
  void check(const std::string& name, double* elements, Run run) {
    const Buffer<double> gradient = copy(run());
    for (std::size_t e = 0; e < gradient.size(); ++e) {
      if (std::isnan(gradient[e])) fail_backward(text("the gradient of ", name, "[", e, "]"), e, run);
    }
    compare(name, elements, gradient);
  }

  // ---- memory that was not written ----------------------------------------------------------------------------------
  // It is NaN, and so is what is computed from it. Whether it is to blame shows once it holds other numbers.

  void check_output() {
    const Buffer<double> output = copy(forward());
    for (std::size_t e = 0; e < output.size(); ++e) {
      if (!std::isnan(output[e])) continue;
      harness_.fill_forward(1);
      const double one = forward().elements()[e];
      harness_.fill_forward(2);
      fail("forward", text("output[", e, "]"), one, forward().elements()[e]);
    }
  }

  template <class Run>
  [[noreturn]] void fail_backward(const std::string& what, std::size_t element, Run run) {
    harness_.fill_forward(1);
    require<Error>(std::isnan(run().elements()[element]), place(),
                   "expected forward to write all that backward reads, ", "but ", what,
                   " depends on a buffer that forward did not write whole");
    harness_.fill_backward(1);
    const double one = run().elements()[element];
    harness_.fill_backward(2);
    fail("backward", what, one, run().elements()[element]);
  }

  /// @param one, two the element where memory holds ones, twos before the layer writes it.
  [[noreturn, gnu::cold]] void fail(const std::string& pass, const std::string& what, double one, double two) const {
    if (one == 1 && two == 2) throw Error(text(place(), "expected ", pass, " to write ", what, ", but it did not"));
    if (!std::isnan(one)) {
      throw Error(text(place(), "expected ", pass, " to compute ", what, " from what was written before, but it ",
                       "depends on memory that was not"));
    }
    throw Error(text(place(), pass, " made ", what, " NaN, from random numbers around 0 as input"));
  }

  [[gnu::cold]] std::string place() const {
    return text(harness_.layer().class_name(), ": input of shape ", inputs_[0].shape, ": ");
  }

  // ---- finite differences -------------------------------------------------------------------------------------------

  // The sum of all outputs, each weighted by its element of the direction: a function whose gradient backward gives.
  double value() {
    double total = weighed(direction_.values.data(), forward());
    for (std::size_t k = 0; k < harness_.further_outputs(); ++k) {
      total += weighed(harness_.further_gradient(k).elements(), harness_.further_output(k));
    }
    return total;
  }

  static double weighed(const double* weights, const TensorView<double>& values) {
    double total = 0;
    for (std::int64_t i = 0; i < values.extents().size(); ++i) total += weights[i] * values.elements()[i];
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
      require<Error>(error <= options_.tolerance, place(), "gradient of ", where, ": expected ", expected,
                     " by finite differences, got ", gradient[i], " from backward (relative error ", error, ")");
      ++result_.elements;
      if (result_.where.empty() || error > result_.worst) {
        result_.worst = error;
        result_.where = where;
        result_.input = inputs_[0].shape;
      }
    }
  }

  GradientCheckOptions options_;
  LayerHarness<double> harness_;
  std::vector<Values> inputs_;
  Values direction_;
  GradientCheck& result_;
};

/// Whether a layer accepts samples of these shapes.
[[gnu::cold]] inline bool builds(const Layer& layer, const Shapes& input_shapes) {
  try {
    LayerBuilder builder;
    layer.build(input_shapes, builder);
    return true;
  } catch (const std::bad_alloc&) {
    throw;
  } catch (const std::exception&) {
    return false;
  }
}

}  // namespace detail

/// Compares what a layer's `backward` gives, for each input and every trainable weight, with central differences of its
/// `forward`, in double, at random inputs and random weights.
///
/// A layer may be right for one batch or shape and wrong for others: with `options.vary` it is checked on a single
/// sample and on a batch two samples larger, too, and on two samples whose extents are larger by 1, 2, 1, 2, ... where
/// its `build` accepts them.
///
/// @param layer        any layer, also one of your own, but none that is made of others.
/// @param input_shapes shape of a sample of each input, without the batch.
/// A template only so that `{4, 3}` is one shape. Returns the worst relative error. Throws Error naming the element
/// where one is above the tolerance, or, with the pass that is to blame, where forward or backward left something
/// unwritten that they should have written.
template <class L, std::same_as<Shapes> S>
GradientCheck check_gradients(L checked, const S& input_shapes, const GradientCheckOptions& options = {}) {
  const Layer layer = Layer::with_double(std::move(checked));
  GradientCheck result;
  const auto check = [&](std::int64_t batch, const Shapes& shapes) {
    GradientCheckOptions chosen = options;
    chosen.batch = batch;
    detail::GradientChecker(layer, shapes, chosen, result).run();
  };
  check(options.batch, input_shapes);
  if (!options.vary) return result;
  if (options.batch != 1) check(1, input_shapes);
  check(options.batch + 2, input_shapes);
  Shapes larger(input_shapes.size());
  bool any = false;
  for (std::size_t k = 0; k < input_shapes.size(); ++k) {
    for (std::size_t axis = 0; axis < input_shapes[k].rank(); ++axis) {
      larger[k].push_back(input_shapes[k][axis] + 1 + static_cast<std::int64_t>(axis % 2));
      any = true;
    }
  }
  if (any && detail::builds(layer, larger)) check(2, larger);
  return result;
}

/// The same for a layer of one input.
template <class L>
GradientCheck check_gradients(L layer, const Shape& input_shape, const GradientCheckOptions& options = {}) {
  return check_gradients(std::move(layer), Shapes{input_shape}, options);
}

}  // namespace nacre
