#pragma once
// GaussianDropout: multiplies by normal random numbers around 1 while it trains.

#include <cmath>
#include <optional>
#include <string>
#include <utility>

#include <nacre/kernels/normals.hpp>
#include <nacre/layers/noise.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// Options of GaussianDropout.
struct GaussianDropoutOptions {
  std::optional<std::int64_t> seed{};  ///< none: the model's
  std::string name{};

  void fields(Fields& list) {
    list("seed", seed);
    list("name", name);
  }
};

/// In training output = input (1 + n sqrt(rate / (1 - rate))), with a standard normal n for each element: the mean and
/// the variance are those of Dropout; else the input passes through. Srivastava et al., "Dropout", JMLR 2014.
struct GaussianDropout : Callable<GaussianDropout> {
  static constexpr std::string_view type_name = "GaussianDropout";

  /// Throws ValueError for a rate outside [0, 1): 1 would be infinite noise.
  explicit GaussianDropout(double rate, GaussianDropoutOptions options = {});

  double rate = 0;
  GaussianDropoutOptions options;
  void fields(Fields& list) {
    list("rate", rate);
    options.fields(list);
  }

  void validate() const { detail::require_rate(type_name, rate, true); }

  Shape build(const Shape& input, LayerBuilder& builder) const {
    detail::build_noise(builder, rate == 0);
    return input;
  }

  template <class T>
  void forward(const Forward<T>& step) const {
    if (!step.training) return detail::pass_through(step);
    multiply(step, step.input.elements(), step.output.elements());
  }
  template <class T>
  void predict(const Forward<T>& step) const {
    detail::pass_through(step);
  }

  /// The numbers are drawn again rather than kept.
  template <class T>
  void backward(const Backward<T>& step) const {
    if (!step.wants_input_gradient) return;
    const T* gradient = step.output_gradient.elements();
    multiply(step, gradient, step.input_gradient.elements());
  }

 private:
  friend struct ConfigAccess;
  GaussianDropout() = default;

  template <class T>
  void multiply(const LayerStep<T>& step, const T* from, T* to) const {
    const RandomStream random = detail::random_of(step, options.seed);
    const T deviation = static_cast<T>(step.training ? std::sqrt(rate / (1 - rate)) : 0);
    detail::each_piece(step, step.batch() * step.input.sample_size(), [&](std::int64_t first, std::int64_t count) {
      kernels::normals(random, first, count, to + first);
      for (std::int64_t i = first; i < first + count; ++i) to[i] = from[i] * (T(1) + deviation * to[i]);
    });
  }
};

inline GaussianDropout::GaussianDropout(double drop_rate, GaussianDropoutOptions chosen)
    : rate(drop_rate), options(std::move(chosen)) {
  validate();
}

}  // namespace nacre
