#pragma once
// GlobalAveragePooling2D: mean of each channel.

#include <string>

#include <nacre/kernels/pooling.hpp>
#include <nacre/layers/layer.hpp>
#include <nacre/layers/spatial.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// Options of GlobalAveragePooling2D.
struct GlobalAveragePooling2DOptions {
  bool keepdims = false;  ///< whether height and width stay, as 1
  std::string name{};

  void fields(Fields& list) {
    list("keepdims", keepdims);
    list("name", name);
  }
};

/// The mean over height and width. Input (batch, height, width, channels), output (batch, channels).
struct GlobalAveragePooling2D : Callable<GlobalAveragePooling2D> {
  static constexpr std::string_view type_name = "GlobalAveragePooling2D";
  GlobalAveragePooling2D(GlobalAveragePooling2DOptions options = {});

  GlobalAveragePooling2DOptions options;
  void fields(Fields& list) { options.fields(list); }

  Shape build(const Shape& input, LayerBuilder& builder) const {
    require_image(input);
    builder.backward_reads({.inputs = false, .output = false});
    return options.keepdims ? Shape{1, 1, input[2]} : Shape{input[2]};
  }

  template <class T>
  void forward(const Forward<T>& step) const {
    const std::int64_t channels = step.input.extents().back();
    step.parallel(step.batch(), [&](std::int64_t sample, T*) {
      kernels::global_average_pool_forward({sample, sample + 1}, step.input.sample_size() / channels, channels,
                                           step.input.elements(), step.output.elements());
    });
  }

  template <class T>
  void backward(const Backward<T>& step) const {
    if (!step.wants_input_gradient) return;
    const std::int64_t channels = step.input.extents().back();
    step.parallel(step.batch(), [&](std::int64_t sample, T*) {
      kernels::global_average_pool_backward({sample, sample + 1}, step.input.sample_size() / channels, channels,
                                            step.output_gradient.elements(), step.input_gradient.elements());
    });
  }
};

inline GlobalAveragePooling2D::GlobalAveragePooling2D(GlobalAveragePooling2DOptions chosen)
    : options(std::move(chosen)) {}

}  // namespace nacre
