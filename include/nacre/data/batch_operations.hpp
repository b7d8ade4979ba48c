#pragma once
// What may be done to batches on their way to a model: the bodies of map, filter, shuffle, ... of Batches.

#include <cstdint>
#include <memory>
#include <utility>

#include <nacre/core/error.hpp>
#include <nacre/core/scalars.hpp>
#include <nacre/data/augmentation.hpp>
#include <nacre/data/batches.hpp>
#include <nacre/data/filtered_source.hpp>
#include <nacre/data/mixed_source.hpp>
#include <nacre/data/prefetched_source.hpp>
#include <nacre/data/shuffled_source.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

namespace detail {

/// A source made of another and an option.
template <template <class> class Source, class Option>
class OperationOf final : public SourceOperation {
 public:
  explicit OperationOf(Option option) : option_(std::move(option)) {}
  std::unique_ptr<BatchSource<float>> apply(std::unique_ptr<BatchSource<float>> source) const override {
    return make<float>(std::move(source));
  }
  std::unique_ptr<BatchSource<double>> apply(std::unique_ptr<BatchSource<double>> source) const override {
    return make<double>(std::move(source));
  }

 private:
  template <class T>
  std::unique_ptr<BatchSource<T>> make(std::unique_ptr<BatchSource<T>> source) const {
    if constexpr (Scalars::contains<T>) {
      return std::make_unique<Source<T>>(std::move(source), option_);
    } else {
      return source;  // no model computes in it
    }
  }

  Option option_;
};

}  // namespace detail

template <class Operation>
Batches Batches::with_operation(Operation operation) const {
  Batches result = *this;
  result.operations_.push_back(std::make_shared<const Operation>(std::move(operation)));
  return result;
}

template <class F>
Batches Batches::map(F function) const {
  const NumberedAugmentation mapped{Augmentation(std::move(function)), operations_.size() + 1};
  return with_operation(detail::OperationOf<AugmentedSource, NumberedAugmentation>(mapped));
}

template <class F>
Batches Batches::filter(F function) const {
  return with_operation(detail::OperationOf<FilteredSource, SampleFilter>(SampleFilter(std::move(function))));
}

template <class Size>
Batches Batches::shuffle(Size buffer_size) const {
  const auto samples = static_cast<std::int64_t>(buffer_size);
  require<ValueError>(samples >= 1, "shuffle: expected a buffer of 1 sample or more, got ", samples);
  return with_operation(detail::OperationOf<ShuffledSource, std::int64_t>(samples));
}

template <class Number>
Batches Batches::mix_up(Number alpha) const {
  const auto shape = static_cast<double>(alpha);
  require<ValueError>(shape > 0 && shape < 1e6, "mix_up: expected an alpha above 0, got ", shape);
  return with_operation(detail::OperationOf<MixedSource, MixOptions>(MixOptions{false, shape, shape}));
}

template <class Number>
Batches Batches::cut_mix(Number factor) const {
  const auto most = static_cast<double>(factor);
  require<ValueError>(most > 0 && most <= 1, "cut_mix: expected a factor above 0 and up to 1, got ", most);
  return with_operation(detail::OperationOf<MixedSource, MixOptions>(MixOptions{true, 0, most}));
}

template <class Size>
Batches Batches::prefetch(Size batches) const {
  const auto ahead = static_cast<std::int64_t>(batches);
  require<ValueError>(ahead >= 1 && ahead <= 1000, "prefetch: expected 1 to 1000 batches, got ", ahead);
  return with_operation(detail::OperationOf<PrefetchedSource, std::int64_t>(ahead));
}

}  // namespace nacre
