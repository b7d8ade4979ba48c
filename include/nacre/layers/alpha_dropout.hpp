#pragma once
// AlphaDropout: dropout that keeps mean and variance, for networks of selu.

#include <cmath>
#include <optional>
#include <string>
#include <utility>

#include <nacre/layers/noise.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// Options of AlphaDropout.
struct AlphaDropoutOptions {
  List<std::int64_t> noise_shape{};    ///< as Dropout's
  std::optional<std::int64_t> seed{};  ///< none: the model's
  std::string name{};

  void fields(Fields& list) {
    list("noise_shape", noise_shape);
    list("seed", seed);
    list("name", name);
  }
};

/// In training each element becomes selu's lower limit alpha' = -1.758 with probability `rate`, and then a x + b, where
/// a = 1 / sqrt((1 - rate) (1 + rate alpha'^2)) and b = -a alpha' rate keep mean 0 and variance 1; else the input
/// passes through. Klambauer et al., "Self-normalizing neural networks", NIPS 2017.
struct AlphaDropout : Callable<AlphaDropout> {
  static constexpr std::string_view type_name = "AlphaDropout";

  /// Throws ValueError for a rate outside [0, 1): with 1 nothing would be left to scale.
  explicit AlphaDropout(double rate, AlphaDropoutOptions options = {});

  double rate = 0;
  AlphaDropoutOptions options;
  void fields(Fields& list) {
    list("rate", rate);
    options.fields(list);
  }

  void validate() const { detail::require_rate(type_name, rate, true); }

  /// Throws ShapeError for a noise_shape that does not fit the input.
  Shape build(const Shape& input, LayerBuilder& builder) const {
    detail::require_noise_shape(options.noise_shape, input);
    detail::build_noise(builder, rate == 0);
    builder.task_scratch(detail::noise_shape(options.noise_shape, input).sample.size());
    return input;
  }

  template <class T>
  void forward(const Forward<T>& step) const {
    if (!step.training) return detail::pass_through(step);
    const double factor = scale(), offset = -factor * limit * rate;
    apply(step, step.input.elements(), factor, offset, factor * limit + offset, step.output.elements());
  }
  template <class T>
  void predict(const Forward<T>& step) const {
    detail::pass_through(step);
  }

  /// What is dropped is drawn again rather than kept.
  template <class T>
  void backward(const Backward<T>& step) const {
    if (!step.wants_input_gradient) return;
    const T* gradient = step.output_gradient.elements();
    apply(step, gradient, step.training ? scale() : 1, 0, 0, step.input_gradient.elements());
  }

 private:
  friend struct ConfigAccess;
  AlphaDropout() = default;

  /// selu's limit far below 0: -scale alpha.
  static constexpr double limit = -1.0507009873554804934193349852946 * 1.6732632423543772848170429916717;

  double scale() const { return 1 / std::sqrt((1 - rate) * (1 + rate * limit * limit)); }

  /// to = from * factor + offset where it is kept, otherwise `dropped`.
  template <class T>
  void apply(const LayerStep<T>& step, const T* from, double factor, double offset, double dropped, T* to) const {
    const RandomStream random = detail::random_of(step, options.seed);
    const double now = step.training ? rate : 0;
    const auto noise = detail::noise_shape(options.noise_shape, step.input.extents().from(1));
    const auto draw = detail::draw_dropped<T>(random, now);
    const T a = static_cast<T>(factor), b = static_cast<T>(offset), c = static_cast<T>(dropped);
    detail::each_noise_run(step, noise, draw,
                           [&](std::int64_t first, std::int64_t count, const T* numbers, bool along) {
                             for (std::int64_t i = 0; i < count; ++i) {
                               const bool kept = numbers[along ? i : 0] != T(0);
                               to[first + i] = kept ? a * from[first + i] + b : c;
                             }
                           });
  }
};

inline AlphaDropout::AlphaDropout(double drop_rate, AlphaDropoutOptions chosen)
    : rate(drop_rate), options(std::move(chosen)) {
  validate();
}

}  // namespace nacre
