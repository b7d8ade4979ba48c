#pragma once
// VarianceScaling and the initializers that are special cases of it: Glorot and He.

#include <algorithm>
#include <cmath>
#include <string>

#include <nacre/initializers/initializer.hpp>

namespace nacre {

/// Random numbers whose variance is `scale / n`, n the fan of `mode`.
struct VarianceScaling {
  static constexpr std::string_view type_name = "VarianceScaling";
  double scale = 1;                                 ///< above 0
  std::string mode = "fan_in";                      ///< "fan_in", "fan_out" or "fan_avg"
  std::string distribution = "truncated_normal";    ///< "truncated_normal" (within two deviations) or "uniform"
  static constexpr auto fields =
      std::tuple{field("scale", &VarianceScaling::scale), field("mode", &VarianceScaling::mode),
                 field("distribution", &VarianceScaling::distribution)};

  /// Throws ValueError for options outside what is listed.
  template <class T>
  void fill(const Initialization<T>& step) const {
    require<ValueError>(scale > 0, "VarianceScaling: expected a scale above 0, got ", scale);
    const Fans fans(step.shape);
    const double variance = scale / std::max(1.0, fan(fans));
    if (distribution == "uniform") {
      const double limit = std::sqrt(3 * variance);
      each(step, [&](std::uint64_t i) { return limit * (2 * step.random.uniform(i) - 1); });
    } else {
      require<ValueError>(distribution == "truncated_normal",
                          "VarianceScaling: expected distribution truncated_normal or uniform, got \"", distribution, "\"");
      // A normal cut at two deviations has 0.8796 times the deviation of the whole one.
      const double deviation = std::sqrt(variance) / 0.87962566103423978;
      each(step, [&](std::uint64_t i) { return deviation * truncated_normal(step.random, i); });
    }
  }

 private:
  double fan(const Fans& fans) const {
    if (mode == "fan_in") return fans.in;
    if (mode == "fan_out") return fans.out;
    require<ValueError>(mode == "fan_avg", "VarianceScaling: expected mode fan_in, fan_out or fan_avg, got \"", mode, "\"");
    return (fans.in + fans.out) / 2;
  }

  template <class T, class Draw>
  static void each(const Initialization<T>& step, Draw draw) {
    const auto count = static_cast<std::uint64_t>(step.shape.size());
    for (std::uint64_t i = 0; i < count; ++i) step.values[i] = static_cast<T>(draw(i));
  }

  /// Draws anew until within two deviations; each element has 16 draws of its own (the chance to need more is 1e-21).
  static double truncated_normal(const RandomStream& random, std::uint64_t element) {
    double draw = 0;
    for (std::uint64_t attempt = 0; attempt < 16; ++attempt) {
      draw = random.normal(element * 16 + attempt);
      if (std::abs(draw) <= 2) return draw;
    }
    return std::clamp(draw, -2.0, 2.0);
  }
};
NACRE_INITIALIZER(VarianceScaling);

/// Uniform within +- sqrt(6 / (fan_in + fan_out)): the default of Dense and convolution kernels. Glorot and Bengio,
/// "Understanding the difficulty of training deep feedforward neural networks", 2010.
struct GlorotUniform {
  static constexpr std::string_view type_name = "GlorotUniform";
  template <class T>
  void fill(const Initialization<T>& step) const {
    VarianceScaling{1, "fan_avg", "uniform"}.fill(step);
  }
};
NACRE_INITIALIZER(GlorotUniform);

/// Truncated normal with deviation sqrt(2 / (fan_in + fan_out)). Glorot and Bengio, 2010.
struct GlorotNormal {
  static constexpr std::string_view type_name = "GlorotNormal";
  template <class T>
  void fill(const Initialization<T>& step) const {
    VarianceScaling{1, "fan_avg", "truncated_normal"}.fill(step);
  }
};
NACRE_INITIALIZER(GlorotNormal);

/// Uniform within +- sqrt(6 / fan_in). He, Zhang, Ren and Sun, "Delving deep into rectifiers", 2015.
struct HeUniform {
  static constexpr std::string_view type_name = "HeUniform";
  template <class T>
  void fill(const Initialization<T>& step) const {
    VarianceScaling{2, "fan_in", "uniform"}.fill(step);
  }
};
NACRE_INITIALIZER(HeUniform);

/// Truncated normal with deviation sqrt(2 / fan_in). He, Zhang, Ren and Sun, 2015.
struct HeNormal {
  static constexpr std::string_view type_name = "HeNormal";
  template <class T>
  void fill(const Initialization<T>& step) const {
    VarianceScaling{2, "fan_in", "truncated_normal"}.fill(step);
  }
};
NACRE_INITIALIZER(HeNormal);

}  // namespace nacre
