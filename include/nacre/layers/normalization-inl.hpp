#pragma once
// Bodies of layers/normalization.hpp.

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include <nacre/core/error.hpp>
#include <nacre/layers/normalization.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {
namespace detail {

/// Which mean an element of a sample has, as one goes from element to element: the places of the axes that are kept.
class KeptPlaces {
 public:
  KeptPlaces(const Shape& sample, const Axes& axes) : sample_(sample) {
    std::array<bool, Shape::max_rank> kept{};
    for (const std::int64_t axis : axes.values) kept[sample_axis("normalized", sample, axis)] = true;
    for (std::size_t axis = sample.rank(); axis-- > 0;) {
      strides_[axis] = kept[axis] ? count_ : 0;
      if (kept[axis]) count_ *= sample[axis];
    }
    // From the first kept axis on, all of what lies behind the last axis that is not kept comes again and again.
    std::size_t first = sample.rank();
    while (first > 0 && kept[first - 1]) --first;
    bool any_before = false;
    for (std::size_t axis = 0; axis < first; ++axis) any_before |= kept[axis];
    period_ = any_before ? sample.size() : sample.from(first).size();
  }

  std::int64_t count() const { return count_; }    ///< of means
  std::int64_t period() const { return period_; }  ///< elements after which they come again

  /// The mean of the present element, before going on to the next.
  std::int64_t next() {
    const std::int64_t found = place_;
    for (std::size_t axis = sample_.rank(); axis-- > 0;) {
      place_ += strides_[axis];
      if (++index_[axis] < sample_[axis]) break;
      place_ -= strides_[axis] * sample_[axis];
      index_[axis] = 0;
    }
    return found;
  }

 private:
  const Shape sample_;
  std::array<std::int64_t, Shape::max_rank> strides_{};
  std::array<std::int64_t, Shape::max_rank> index_{};
  std::int64_t count_ = 1;
  std::int64_t period_ = 1;
  std::int64_t place_ = 0;
};

}  // namespace detail

NACRE_SETUP Normalization::Normalization(NormalizationOptions chosen) : options(std::move(chosen)) { validate(); }

NACRE_SETUP void Normalization::validate() const {
  require<ValueError>(options.mean.size() == options.variance.size(),
                      "Normalization: expected as many means as variances, got ", options.mean.size(), " and ",
                      options.variance.size());
  for (std::size_t i = 0; i < options.mean.size(); ++i) {
    require<ValueError>(
        std::isfinite(options.mean[i]) && options.variance[i] >= 0 && std::isfinite(options.variance[i]),
        "Normalization: expected a mean that is a number and a variance of 0 or more, got ", options.mean[i], " and ",
        options.variance[i], " at place ", i);
  }
}

NACRE_SETUP std::vector<std::int64_t> Normalization::places(const Shape& sample, std::int64_t& count) const {
  detail::KeptPlaces kept(sample, options.axis);
  count = kept.count();
  std::vector<std::int64_t> found(static_cast<std::size_t>(kept.period()));
  for (std::int64_t& place : found) place = kept.next();
  return found;
}

NACRE_SETUP std::int64_t Normalization::period(const Shape& sample) const {
  require<StateError>(!options.mean.empty(),
                      "expected a mean and a variance; call adapt(normalization, data) before it is given to a model, "
                      "or name them in its options");
  const detail::KeptPlaces kept(sample, options.axis);
  const auto means = static_cast<std::int64_t>(options.mean.size());
  require<ShapeError>(means == 1 || means == kept.count(), "expected ", kept.count(), " means for an input of ", sample,
                      ", got ", means);
  return kept.period();
}

template <class T>
std::int64_t Normalization::expand_to(const Shape& sample, T* factor, T* shift) const {
  detail::KeptPlaces kept(sample, options.axis);
  for (std::int64_t i = 0; i < kept.period(); ++i) {
    const auto place = static_cast<std::size_t>(options.mean.size() == 1 ? 0 : kept.next());
    const double deviation = std::max(std::sqrt(options.variance[place]), 1e-7);
    factor[i] = static_cast<T>(options.invert ? deviation : 1 / deviation);
    shift[i] = static_cast<T>(options.invert ? options.mean[place] : -options.mean[place] / deviation);
  }
  return kept.period();
}

}  // namespace nacre
