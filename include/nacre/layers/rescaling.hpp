#pragma once
// Rescaling: a fixed factor and offset.

#include <string>

#include <nacre/kernels/elementwise.hpp>
#include <nacre/layers/layer.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// Options of Rescaling.
struct RescalingOptions {
  std::string name{};
  void fields(Fields& list) { list("name", name); }
};

/// output = input * scale + offset, of any shape: `Rescaling(1.0 / 255)` for pixels.
struct Rescaling : Callable<Rescaling> {
  static constexpr std::string_view type_name = "Rescaling";
  explicit Rescaling(double scale, double offset = 0, RescalingOptions options = {});

  double scale = 1;
  double offset = 0;
  RescalingOptions options;
  void fields(Fields& list) {
    list("scale", scale);
    list("offset", offset);
    options.fields(list);
  }

  Shape build(const Shape& input, LayerBuilder& builder) const {
    builder.backward_reads({.inputs = false, .output = false});
    builder.pass_mask();
    return input;
  }

  template <class T>
  void forward(const Forward<T>& step) const {
    apply(step, step.input.elements(), offset, step.output.elements());
  }
  template <class T>
  void backward(const Backward<T>& step) const {
    if (step.wants_input_gradient) {
      apply(step, static_cast<const T*>(step.output_gradient.elements()), 0, step.input_gradient.elements());
    }
  }

 private:
  friend struct ConfigAccess;
  Rescaling() = default;

  template <class T>
  void apply(const LayerStep<T>& step, const T* from, double shift, T* to) const {
    const std::int64_t size = step.input.sample_size();
    step.parallel(step.batch(), [&](std::int64_t sample, T*) {
      kernels::scale_shift(size, from + sample * size, static_cast<T>(scale), static_cast<T>(shift),
                           to + sample * size);
    });
  }
};

inline Rescaling::Rescaling(double factor, double shift, RescalingOptions chosen)
    : scale(factor), offset(shift), options(std::move(chosen)) {}

}  // namespace nacre
