#pragma once
// GradientSink: where the backward pass puts the gradients of weights.

#include <algorithm>
#include <cstdint>

#include <nacre/core/version.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// Takes gradients of weights as layers finish them: the optimizer that updates at once, or a store for a later pass.
template <class T>
class GradientSink {
 public:
  virtual ~GradientSink() = default;
  /// `count` gradients for the elements from `offset` on of the model's trainable block. May overwrite them. Called
  /// from several threads at once, never for the same elements.
  virtual void take(std::int64_t offset, T* gradient, std::int64_t count) = 0;
};

/// Keeps gradients in a block laid out as the trainable weights.
template <class T>
class GradientStore final : public GradientSink<T> {
 public:
  explicit GradientStore(T* values) : values_(values) {}
  void take(std::int64_t offset, T* gradient, std::int64_t count) override {
    T* place = values_ + offset;
    if (gradient != place) std::copy_n(gradient, count, place);
  }

 private:
  T* values_;
};

}  // namespace nacre
