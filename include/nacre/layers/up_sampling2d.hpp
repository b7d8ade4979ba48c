#pragma once
// UpSampling2D: images several times as large.

#include <string>
#include <utility>

#include <nacre/core/words.hpp>
#include <nacre/kernels/upsample.hpp>
#include <nacre/layers/up_sampling.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// Options of UpSampling2D.
struct UpSampling2DOptions {
  std::string interpolation = "nearest";  ///< nearest, bilinear, bicubic, lanczos3 or lanczos5
  std::string name{};

  void fields(Fields& list) {
    list("interpolation", interpolation);
    list("name", name);
  }
};

/// Images with `size` times as many rows and columns: each pixel repeated, or interpolated between its neighbours.
/// Input (batch, height, width, channels), output (batch, height * size.height, width * size.width, channels).
struct UpSampling2D : Callable<UpSampling2D> {
  static constexpr std::string_view type_name = "UpSampling2D";

  /// Throws ValueError for a size below 1 or another interpolation.
  UpSampling2D(Size2D size = 2, UpSampling2DOptions options = {});

  enum class Scratch { row_weights, column_weights };

  Size2D size;
  UpSampling2DOptions options;
  void fields(Fields& list) {
    list("size", size);
    options.fields(list);
  }

  [[gnu::cold]] void validate() const {
    size.validate(type_name, "size");
    require_one_of(type_name, "interpolation", options.interpolation,
                   {"nearest", "bilinear", "bicubic", "lanczos3", "lanczos5"});
  }

  /// Throws ShapeError for an input of another rank.
  [[gnu::cold]] Shape build(const Shape& input, LayerBuilder& builder) const {
    builder.backward_reads({.inputs = false, .output = false});
    const Shape output = detail::enlarged(input, size);
    if (!is_nearest()) {
      builder.scratch(Scratch::row_weights, output[0] * rows(input).taps());
      builder.scratch(Scratch::column_weights, output[1] * columns(input).taps());
      builder.task_scratch(output[0] * input[1] * input[2]);  // rows enlarged, columns not yet
    }
    return output;
  }

  template <class T>
  void forward(const Forward<T>& step) const {
    if (is_nearest()) return detail::repeat_forward(step, size);
    const Shape input = step.input.extents().from(1);
    find_weights(step, input);
    step.parallel(step.batch(), [&](std::int64_t sample, T* between) {
      kernels::upsample(rows(input), 1, input[1] * input[2], static_cast<const T*>(step.scratch(Scratch::row_weights)),
                        step.input.elements() + sample * input.size(), between);
      kernels::upsample(columns(input), input[0] * size.height, input[2],
                        static_cast<const T*>(step.scratch(Scratch::column_weights)), static_cast<const T*>(between),
                        step.output.elements() + sample * step.output.sample_size());
    });
  }

  template <class T>
  void backward(const Backward<T>& step) const {
    if (is_nearest()) return detail::repeat_backward(step, size);
    if (!step.wants_input_gradient) return;
    const Shape input = step.input.extents().from(1);
    find_weights(step, input);
    step.parallel(step.batch(), [&](std::int64_t sample, T* between) {
      const T* gradient = step.output_gradient.elements() + sample * step.output.sample_size();
      kernels::upsample_gradient(columns(input), input[0] * size.height, input[2],
                                 static_cast<const T*>(step.scratch(Scratch::column_weights)), gradient, between);
      kernels::upsample_gradient(
          rows(input), 1, input[1] * input[2], static_cast<const T*>(step.scratch(Scratch::row_weights)),
          static_cast<const T*>(between), step.input_gradient.elements() + sample * input.size());
    });
  }

 private:
  bool is_nearest() const { return options.interpolation == "nearest"; }

  kernels::Interpolation interpolation() const {
    if (options.interpolation == "bilinear") return kernels::Interpolation::bilinear;
    if (options.interpolation == "bicubic") return kernels::Interpolation::bicubic;
    return options.interpolation == "lanczos3" ? kernels::Interpolation::lanczos3 : kernels::Interpolation::lanczos5;
  }
  kernels::UpsampleAxis rows(const Shape& input) const { return {input[0], size.height, interpolation()}; }
  kernels::UpsampleAxis columns(const Shape& input) const { return {input[1], size.width, interpolation()}; }

  template <class T>
  void find_weights(const LayerStep<T>& step, const Shape& input) const {
    kernels::upsample_weights(rows(input), interpolation(), step.scratch(Scratch::row_weights));
    kernels::upsample_weights(columns(input), interpolation(), step.scratch(Scratch::column_weights));
  }
};

inline UpSampling2D::UpSampling2D(Size2D times, UpSampling2DOptions chosen) : size(times), options(std::move(chosen)) {
  validate();
}

}  // namespace nacre
