#pragma once
// RootMeanSquaredError: the root of the mean of squared differences.

#include <cmath>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include <nacre/metrics/rows.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// Options of RootMeanSquaredError.
struct RootMeanSquaredErrorOptions {
  std::string name{};  ///< under which the result appears; by default "root_mean_squared_error"
  void fields(Fields& list) { list("name", name); }
};

/// sqrt(mean((prediction - target)^2)) over all outputs seen since `reset`. Keras' formula.
class RootMeanSquaredError {
 public:
  static constexpr std::string_view type_name = "RootMeanSquaredError";
  static constexpr bool larger_is_better = false;
  RootMeanSquaredErrorOptions options;
  void fields(Fields& list) { options.fields(list); }

  RootMeanSquaredError(RootMeanSquaredErrorOptions options = {});

  void reset() { mean_.reset(); }

  /// Adds a batch. Throws ShapeError for targets that do not go with the outputs.
  template <class T>
  void update(const MetricStep<T>& step) {
    detail::require_alike(step, type_name);
    detail::add_rows(step, mean_, [](const T* target, const T* prediction, std::int64_t features) {
      double sum = 0;
      for (std::int64_t i = 0; i < features; ++i) {
        const double difference = static_cast<double>(prediction[i]) - static_cast<double>(target[i]);
        sum += difference * difference;
      }
      return sum / static_cast<double>(features);
    });
  }

  /// Adds what another has gathered.
  void merge(const RootMeanSquaredError& other) { mean_.merge(other.mean_); }

  double result() const { return std::sqrt(mean_.result()); }

 private:
  Mean mean_;
};

inline RootMeanSquaredError::RootMeanSquaredError(RootMeanSquaredErrorOptions chosen) : options(std::move(chosen)) {}

}  // namespace nacre
