#pragma once
// VarianceScaling and the initializers that are special cases of it: Glorot, He and LeCun.

#include <string>

#include <nacre/initializers/initializer.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// Random numbers whose variance is `scale / n`, n the fan of `mode`.
struct VarianceScaling {
  static constexpr std::string_view type_name = "VarianceScaling";
  double scale = 1;             ///< above 0
  std::string mode = "fan_in";  ///< "fan_in", "fan_out" or "fan_avg"
  std::string distribution =
      "truncated_normal";  ///< "truncated_normal" (within two deviations), "untruncated_normal" or "uniform"
  void fields(Fields& list) {
    list("scale", scale);
    list("mode", mode);
    list("distribution", distribution);
  }

  /// Throws ValueError for options outside what is listed.
  void validate() const;

  void fill(const Initialization& step) const;
};

/// Uniform within +- sqrt(6 / (fan_in + fan_out)): the default of Dense and convolution kernels. Glorot and Bengio,
/// "Understanding the difficulty of training deep feedforward neural networks", 2010.
struct GlorotUniform {
  static constexpr std::string_view type_name = "GlorotUniform";
  void fill(const Initialization& step) const { VarianceScaling{1, "fan_avg", "uniform"}.fill(step); }
};

/// Truncated normal with deviation sqrt(2 / (fan_in + fan_out)). Glorot and Bengio, 2010.
struct GlorotNormal {
  static constexpr std::string_view type_name = "GlorotNormal";
  void fill(const Initialization& step) const { VarianceScaling{1, "fan_avg", "truncated_normal"}.fill(step); }
};

/// Uniform within +- sqrt(6 / fan_in). He, Zhang, Ren and Sun, "Delving deep into rectifiers", 2015.
struct HeUniform {
  static constexpr std::string_view type_name = "HeUniform";
  void fill(const Initialization& step) const { VarianceScaling{2, "fan_in", "uniform"}.fill(step); }
};

/// Truncated normal with deviation sqrt(2 / fan_in). He, Zhang, Ren and Sun, 2015.
struct HeNormal {
  static constexpr std::string_view type_name = "HeNormal";
  void fill(const Initialization& step) const { VarianceScaling{2, "fan_in", "truncated_normal"}.fill(step); }
};

/// Uniform within +- sqrt(3 / fan_in). LeCun, Bottou, Orr and Mueller, "Efficient backprop", 1998.
struct LecunUniform {
  static constexpr std::string_view type_name = "LecunUniform";
  void fill(const Initialization& step) const { VarianceScaling{1, "fan_in", "uniform"}.fill(step); }
};

/// Truncated normal with deviation sqrt(1 / fan_in): that of selu's networks. LeCun, Bottou, Orr and Mueller, 1998.
struct LecunNormal {
  static constexpr std::string_view type_name = "LecunNormal";
  void fill(const Initialization& step) const { VarianceScaling{1, "fan_in", "truncated_normal"}.fill(step); }
};

}  // namespace nacre

#if NACRE_HEADER_ONLY
#include <nacre/initializers/variance_scaling-inl.hpp>
#endif
