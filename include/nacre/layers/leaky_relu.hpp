#pragma once
// LeakyReLU: a rectifier with a slope for negative inputs.

#include <string>

#include <nacre/layers/activated.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// Options of LeakyReLU.
struct LeakyReLUOptions {
  double negative_slope = 0.3;  ///< the slope below 0
  std::string name{};

  void fields(Fields& list) {
    list("negative_slope", negative_slope);
    list("name", name);
  }
};

/// output = input where input >= 0, negative_slope * input elsewhere; of any shape. The function `leaky_relu` has
/// another default, 0.2.
struct LeakyReLU : Callable<LeakyReLU> {
  static constexpr std::string_view type_name = "LeakyReLU";

  /// Throws ValueError for a negative slope.
  LeakyReLU(LeakyReLUOptions options = {});

  LeakyReLUOptions options;
  void fields(Fields& list) { options.fields(list); }

  void validate() const {
    require<ValueError>(options.negative_slope >= 0, "LeakyReLU: expected a negative_slope of 0 or more, got ",
                        options.negative_slope);
  }

  Shape build(const Shape& input, LayerBuilder& builder) const {
    builder.pass_mask();
    return input;
  }

  template <class T>
  void forward(const Forward<T>& step) const {
    detail::forward_activation(step, activations::LeakyRelu{options.negative_slope});
  }

  template <class T>
  void backward(const Backward<T>& step) const {
    detail::backward_activation(step, activations::LeakyRelu{options.negative_slope});
  }
};

inline LeakyReLU::LeakyReLU(LeakyReLUOptions chosen) : options(std::move(chosen)) { validate(); }

}  // namespace nacre
