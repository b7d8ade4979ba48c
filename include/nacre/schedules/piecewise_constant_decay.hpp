#pragma once
// PiecewiseConstantDecay: a learning rate for each stretch of steps.

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include <nacre/core/list.hpp>
#include <nacre/schedules/decay_position.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// values[0] up to and with step boundaries[0], then values[1] up to and with step boundaries[1], and so on; behind the
/// last boundary the last value. As in Keras.
class PiecewiseConstantDecay {
 public:
  static constexpr std::string_view type_name = "PiecewiseConstantDecay";
  List<std::int64_t> boundaries;
  std::vector<double> values{0};
  void fields(Fields& list) {
    list("boundaries", boundaries);
    list("values", values);
  }

  /// @param boundaries the last step of each stretch but the last, in increasing order.
  /// @param values     the learning rates, one more than boundaries.
  /// Throws ValueError for other boundaries or another number of values.
  PiecewiseConstantDecay(List<std::int64_t> boundaries, std::vector<double> values);

  /// Throws ValueError for other boundaries or another number of values.
  [[gnu::cold]] void validate() const {
    require<ValueError>(values.size() == boundaries.size() + 1, type_name,
                        ": expected one value more than boundaries, got ", values.size(), " values and ",
                        boundaries.size(), " boundaries");
    for (std::size_t i = 0; i + 1 < boundaries.size(); ++i) {
      require<ValueError>(boundaries[i] < boundaries[i + 1], type_name, ": expected increasing boundaries, got ",
                          boundaries[i + 1], " behind ", boundaries[i]);
    }
    for (const double value : values) detail::require_rate(type_name, "values", value);
  }

  /// The learning rate of step number `step`, counted from 0.
  double operator()(std::int64_t step) const {
    std::size_t piece = 0;
    while (piece < boundaries.size() && step > boundaries[piece]) ++piece;
    return values[piece];
  }

 private:
  friend struct ConfigAccess;
  PiecewiseConstantDecay() = default;
};

inline PiecewiseConstantDecay::PiecewiseConstantDecay(List<std::int64_t> ends, std::vector<double> rates)
    : boundaries(std::move(ends)), values(std::move(rates)) {
  validate();
}

}  // namespace nacre
