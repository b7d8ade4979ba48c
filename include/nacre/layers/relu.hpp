#pragma once
// ReLU: the rectifier with all its options.

#include <limits>
#include <optional>
#include <string>

#include <nacre/layers/activated.hpp>

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

  /// Whether it is max(input, 0).
  bool is_plain() const { return !options.max_value && options.negative_slope == 0 && options.threshold == 0; }

  Shape build(const Shape& input, LayerBuilder& builder) const {
    const Activation function = activation();
    builder.pass_mask();
    builder.backward_reads({.inputs = function.keeps_input(), .output = !function.keeps_input()});
    return input;
  }

  template <class T>
  void forward(const Forward<T>& step) const {
    detail::forward_activation(step, activation());
  }

  template <class T>
  void backward(const Backward<T>& step) const {
    detail::backward_activation(step, activation());
  }

 private:
  activations::Relu activation() const {
    constexpr double unbounded = std::numeric_limits<double>::infinity();
    return {options.negative_slope, options.max_value.value_or(unbounded), options.threshold};
  }
};

inline ReLU::ReLU(ReLUOptions chosen) : options(std::move(chosen)) { validate(); }

}  // namespace nacre
