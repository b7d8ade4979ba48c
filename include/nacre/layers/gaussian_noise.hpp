#pragma once
// GaussianNoise: adds normal random numbers while it trains.

#include <optional>
#include <string>
#include <utility>

#include <nacre/kernels/normals.hpp>
#include <nacre/layers/noise.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// Options of GaussianNoise.
struct GaussianNoiseOptions {
  std::optional<std::int64_t> seed{};  ///< none: the model's
  std::string name{};

  void fields(Fields& list) {
    list("seed", seed);
    list("name", name);
  }
};

/// In training output = input + stddev n, with a standard normal n for each element; else the input passes through.
struct GaussianNoise : Callable<GaussianNoise> {
  static constexpr std::string_view type_name = "GaussianNoise";

  /// Throws ValueError for a negative or infinite stddev.
  explicit GaussianNoise(double stddev, GaussianNoiseOptions options = {});

  double stddev = 0;
  GaussianNoiseOptions options;
  void fields(Fields& list) {
    list("stddev", stddev);
    options.fields(list);
  }

  void validate() const {
    require<ValueError>(stddev >= 0 && stddev < 1e300, "GaussianNoise: expected a stddev of 0 or more, got ", stddev);
  }

  Shape build(const Shape& input, LayerBuilder& builder) const {
    detail::build_noise(builder, stddev == 0);
    if (builder.training() && stddev != 0) builder.share_gradient();
    return input;
  }

  template <class T>
  void forward(const Forward<T>& step) const {
    if (!step.training) return detail::pass_through(step);
    const RandomStream random = detail::random_of(step, options.seed);
    detail::each_piece(step, step.batch() * step.input.sample_size(), [&](std::int64_t first, std::int64_t count) {
      const T* x = step.input.elements() + first;
      T* y = step.output.elements() + first;
      kernels::normals(random, first, count, y);
      for (std::int64_t i = 0; i < count; ++i) y[i] = x[i] + static_cast<T>(stddev) * y[i];
    });
  }
  template <class T>
  void predict(const Forward<T>& step) const {
    detail::pass_through(step);
  }

  template <class T>
  void backward(const Backward<T>& step) const {
    if (!step.wants_input_gradient) return;
    detail::each_piece(step, step.batch() * step.input.sample_size(), [&](std::int64_t first, std::int64_t count) {
      std::copy_n(step.output_gradient.elements() + first, count, step.input_gradient.elements() + first);
    });
  }

 private:
  friend struct ConfigAccess;
  GaussianNoise() = default;
};

inline GaussianNoise::GaussianNoise(double deviation, GaussianNoiseOptions chosen)
    : stddev(deviation), options(std::move(chosen)) {
  validate();
}

}  // namespace nacre
