#pragma once
// RandomCrop: parts of pictures, taken at random.

#include <string>
#include <string_view>
#include <utility>

#include <nacre/kernels/resize.hpp>
#include <nacre/layers/layer.hpp>
#include <nacre/layers/spatial.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// Options of RandomCrop.
struct RandomCropOptions {
  std::string name{};
  void fields(Fields& list) { list("name", name); }
};

/// Input (batch, height, width, channels), output (batch, `height`, `width`, channels): in training a part of each
/// picture from a place that is drawn for it, else its middle. Pictures that are smaller are resized as CenterCrop
/// does. What is drawn follows the model's seed.
struct RandomCrop : Callable<RandomCrop> {
  static constexpr std::string_view type_name = "RandomCrop";

  /// Throws ValueError for sizes below 1.
  RandomCrop(std::int64_t height, std::int64_t width, RandomCropOptions options = {});

  std::int64_t height = 1;
  std::int64_t width = 1;
  RandomCropOptions options;
  void fields(Fields& list) {
    list("height", height);
    list("width", width);
    options.fields(list);
  }

  void validate() const { Size2D(height, width).validate("RandomCrop", "height and width"); }

  /// Throws ShapeError for an input that is no picture.
  Shape build(const Shape& input, LayerBuilder& builder) const {
    static_cast<void>(detail::volume_of(2, input));  // throws for what is no image
    require_addressable({height, width, input[2]});
    builder.backward_reads({.inputs = false, .output = false});
    return {height, width, input[2]};
  }

  template <class T>
  void forward(const Forward<T>& step) const {
    const kernels::Resize middle = kernels::center_crop(step.input.extents().from(1), height, width);
    step.parallel(step.batch(), [&](std::int64_t sample, T*) {
      kernels::resize(cut(step, middle, sample), step.input.elements() + sample * step.input.sample_size(),
                      step.output.elements() + sample * step.output.sample_size());
    });
  }
  template <class T>
  void backward(const Backward<T>& step) const {
    if (!step.wants_input_gradient) return;
    const kernels::Resize middle = kernels::center_crop(step.input_gradient.extents().from(1), height, width);
    step.parallel(step.batch(), [&](std::int64_t sample, T*) {
      const T* out_gradient = step.output_gradient.elements() + sample * step.output_gradient.sample_size();
      kernels::resize_gradient(cut(step, middle, sample), out_gradient,
                               step.input_gradient.elements() + sample * step.input_gradient.sample_size());
    });
  }

 private:
  friend struct ConfigAccess;
  RandomCrop() = default;

  template <class T>
  static kernels::Resize cut(const LayerStep<T>& step, kernels::Resize how, std::int64_t sample) {
    if (!step.training || !how.nearest) return how;
    const auto element = 2 * static_cast<std::uint64_t>(sample);
    const auto place = [&](std::int64_t extent, std::int64_t frame, std::uint64_t index) {
      return static_cast<std::int64_t>(step.random.uniform(element + index) * static_cast<double>(extent - frame + 1));
    };
    how.top = place(how.height, how.frame_height, 0);
    how.left = place(how.width, how.frame_width, 1);
    return how;
  }
};

inline RandomCrop::RandomCrop(std::int64_t rows, std::int64_t columns, RandomCropOptions chosen)
    : height(rows), width(columns), options(std::move(chosen)) {
  validate();
}

}  // namespace nacre
