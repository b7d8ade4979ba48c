#pragma once
// Dropout: forgets a random part of its input while it trains.

#include <optional>
#include <string>
#include <utility>

#include <nacre/layers/noise.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// Options of Dropout.
struct DropoutOptions {
  /// (batch, axes...): 1 where an axis is dropped as a whole, otherwise -1 or its extent: {-1, 1, -1} drops features of
  /// all steps of a sequence. None: each element for itself.
  List<std::int64_t> noise_shape{};
  std::optional<std::int64_t> seed{};  ///< none: the model's
  std::string name{};

  void fields(Fields& list) {
    list("noise_shape", noise_shape);
    list("seed", seed);
    list("name", name);
  }
};

/// In training each element becomes 0 with probability `rate` and is divided by 1 - rate otherwise; else the input
/// passes through. A rate of 1 gives zeros. Srivastava et al., "Dropout: a simple way to prevent neural networks from
/// overfitting", JMLR 2014, in its inverted form.
struct Dropout : Callable<Dropout> {
  static constexpr std::string_view type_name = "Dropout";

  /// Throws ValueError for a rate outside [0, 1].
  explicit Dropout(double rate, DropoutOptions options = {});

  double rate = 0;
  DropoutOptions options;
  void fields(Fields& list) {
    list("rate", rate);
    options.fields(list);
  }

  void validate() const { detail::require_rate(type_name, rate, false); }

  /// Throws ShapeError for a noise_shape that does not fit the input.
  Shape build(const Shape& input, LayerBuilder& builder) const {
    detail::require_noise_shape(options.noise_shape, input);
    detail::build_noise(builder, rate == 0);
    if (!options.noise_shape.empty()) {
      builder.task_scratch(detail::noise_shape(options.noise_shape, input).sample.size());
    }
    return input;
  }

  template <class T>
  void forward(const Forward<T>& step) const {
    if (!step.training) return detail::pass_through(step);
    drop(step, step.input.elements(), step.output.elements());
  }
  template <class T>
  void predict(const Forward<T>& step) const {
    detail::pass_through(step);
  }

  /// What is dropped is drawn again rather than kept: the same numbers come out.
  template <class T>
  void backward(const Backward<T>& step) const {
    if (!step.wants_input_gradient) return;
    const T* gradient = step.output_gradient.elements();
    drop(step, gradient, step.input_gradient.elements());
  }

 private:
  friend struct ConfigAccess;
  Dropout() = default;

  template <class T>
  void drop(const LayerStep<T>& step, const T* from, T* to) const {
    const RandomStream random = detail::random_of(step, options.seed);
    if (!options.noise_shape.empty()) {
      const auto noise = detail::noise_shape(options.noise_shape, step.input.extents().from(1));
      return detail::drop_together(step, random, step.training ? rate : 0, noise, from, to);
    }
    const double now = step.training ? rate : 0;
    detail::each_piece(step, step.batch() * step.input.sample_size(), [&](std::int64_t first, std::int64_t count) {
      kernels::dropout(random, now, first, count, from + first, to + first);
    });
  }
};

inline Dropout::Dropout(double drop_rate, DropoutOptions chosen) : rate(drop_rate), options(std::move(chosen)) {
  validate();
}

}  // namespace nacre
