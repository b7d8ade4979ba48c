#pragma once
// ReLU: the rectifier with all its options.

#include <algorithm>
#include <limits>
#include <optional>
#include <string>

#include <nacre/layers/layer.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// Options of ReLU.
struct ReLUOptions {
  std::optional<double> max_value{};  ///< the largest output; none: unbounded
  double negative_slope = 0;          ///< slope below the threshold
  double threshold = 0;               ///< below it the slope is `negative_slope`
  std::string name{};

  void fields(Fields& list) {
    list("max_value", max_value);
    list("negative_slope", negative_slope);
    list("threshold", threshold);
    list("name", name);
  }
};

/// output = max_value where input >= max_value, input where threshold <= input < max_value, and
/// negative_slope * (input - threshold) below; of any shape.
struct ReLU : Callable<ReLU> {
  static constexpr std::string_view type_name = "ReLU";

  /// Throws ValueError for a negative option.
  ReLU(ReLUOptions options = {});

  ReLUOptions options;
  void fields(Fields& list) { options.fields(list); }

  void validate() const {
    require<ValueError>(options.max_value.value_or(0) >= 0, "ReLU: expected a max_value of 0 or more, got ",
                        options.max_value.value_or(0));
    require<ValueError>(options.negative_slope >= 0, "ReLU: expected a negative_slope of 0 or more, got ",
                        options.negative_slope);
    require<ValueError>(options.threshold >= 0, "ReLU: expected a threshold of 0 or more, got ", options.threshold);
  }

  Shape build(const Shape& input, LayerBuilder&) const { return input; }

  template <class T>
  void forward(const Forward<T>& step) const {
    const Limits<T> limits(options);
    each(step, [&](std::int64_t i) {
      const T x = step.input.elements()[i];
      step.output.elements()[i] =
          x < limits.threshold ? limits.slope * (x - limits.threshold) : std::min(x, limits.top);
    });
  }

  template <class T>
  void backward(const Backward<T>& step) const {
    if (!step.wants_input_gradient) return;
    const Limits<T> limits(options);
    each(step, [&](std::int64_t i) {
      const T x = step.input.elements()[i];
      // At the threshold itself the slope is the lower one, as the derivative of max(x, 0) at 0 is taken to be 0.
      const T slope = x <= limits.threshold ? limits.slope : x < limits.top ? T(1) : T(0);
      step.input_gradient.elements()[i] = slope * step.output_gradient.elements()[i];
    });
  }

 private:
  template <class T>
  struct Limits {
    explicit Limits(const ReLUOptions& options)
        : top(options.max_value ? static_cast<T>(*options.max_value) : std::numeric_limits<T>::infinity()),
          slope(static_cast<T>(options.negative_slope)),
          threshold(static_cast<T>(options.threshold)) {}
    T top;
    T slope;
    T threshold;
  };

  template <class T, class Element>
  static void each(const LayerStep<T>& step, Element element) {
    const std::int64_t count = step.batch() * step.input.sample_size();
    const std::int64_t pieces = piece_count(count, 4096);
    step.parallel(pieces, [&](std::int64_t index, T*) {
      const Range range = piece(count, pieces, index);
      for (std::int64_t i = range.first; i < range.last; ++i) element(i);
    });
  }
};

inline ReLU::ReLU(ReLUOptions chosen) : options(std::move(chosen)) { validate(); }

}  // namespace nacre
