#pragma once
// GlobalMaxPooling2D: largest value of each channel.

#include <string>

#include <nacre/kernels/pooling.hpp>
#include <nacre/layers/layer.hpp>
#include <nacre/layers/spatial.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// Options of GlobalMaxPooling2D.
struct GlobalMaxPooling2DOptions {
  bool keepdims = false;  ///< whether height and width stay, as 1
  std::string name{};

  void fields(Fields& list) {
    list("keepdims", keepdims);
    list("name", name);
  }
};

/// The largest value over height and width. Input (batch, height, width, channels), output (batch, channels).
struct GlobalMaxPooling2D : Callable<GlobalMaxPooling2D> {
  static constexpr std::string_view type_name = "GlobalMaxPooling2D";
  GlobalMaxPooling2D(GlobalMaxPooling2DOptions options = {});

  GlobalMaxPooling2DOptions options;
  void fields(Fields& list) { options.fields(list); }

  Shape build(const Shape& input, LayerBuilder&) const {
    require_image(input);
    return options.keepdims ? Shape{1, 1, input[2]} : Shape{input[2]};
  }

  template <class T>
  void forward(const Forward<T>& step) const {
    const std::int64_t channels = step.input.extents().back();
    step.parallel(step.batch(), [&](std::int64_t sample, T*) {
      kernels::global_max_pool_forward({sample, sample + 1}, step.input.sample_size() / channels, channels,
                                       step.input.elements(), step.output.elements());
    });
  }

  template <class T>
  void backward(const Backward<T>& step) const {
    if (!step.wants_input_gradient) return;
    const std::int64_t channels = step.input.extents().back();
    step.parallel(step.batch(), [&](std::int64_t sample, T*) {
      kernels::global_max_pool_backward({sample, sample + 1}, step.input.sample_size() / channels, channels,
                                        step.input.elements(), step.output.elements(), step.output_gradient.elements(),
                                        step.input_gradient.elements());
    });
  }
};

inline GlobalMaxPooling2D::GlobalMaxPooling2D(GlobalMaxPooling2DOptions chosen) : options(std::move(chosen)) {}

}  // namespace nacre
