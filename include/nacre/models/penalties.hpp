#pragma once
// Penalties and constraints of a model's weights, at work in its training.

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include <nacre/core/list.hpp>
#include <nacre/core/range.hpp>
#include <nacre/core/thread_pool.hpp>
#include <nacre/models/parameters.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// What the regularizers of the weights that are trained add to the loss and to its gradients. Weights that are frozen
/// have no penalty; those that several layers share have one.
template <class T>
class Penalties {
 public:
  [[gnu::cold]] explicit Penalties(const Parameters<T>& parameters) {
    for (const Weight& weight : parameters.weights()) {
      if (!weight.trainable || !weight.spec.regularizer.has_value()) continue;
      const std::int64_t count = weight.spec.shape.size();
      penalized_.push_back({weight.spec.regularizer, parameters.data(weight), weight.offset, count});
      const std::int64_t pieces = piece_count(count, 16384);
      for (std::int64_t index = 0; index < pieces; ++index) {
        pieces_.push_back({penalized_.size() - 1, piece(count, pieces, index), 0});
      }
    }
  }

  bool empty() const { return penalized_.empty(); }

  /// The sum of all penalties.
  double total(ThreadPool& pool) {
    pool.run(static_cast<std::int64_t>(pieces_.size()), [this](std::int64_t index, int) {
      Piece& part = pieces_[static_cast<std::size_t>(index)];
      const Penalized& weight = penalized_[part.weight];
      part.penalty = weight.regularizer.penalty(weight.values + part.range.first, part.range.size());
    });
    double sum = 0;
    for (const Piece& part : pieces_) sum += part.penalty;
    return sum;
  }

  /// Adds the derivatives of the penalty by `count` elements from `offset` on of the trainable block to their
  /// gradients.
  void add_gradient(std::int64_t offset, T* gradient, std::int64_t count) const {
    const auto weight = std::partition_point(penalized_.begin(), penalized_.end(), [offset](const Penalized& other) {
      return other.offset + other.count <= offset;
    });
    if (weight == penalized_.end() || offset < weight->offset) return;
    weight->regularizer.add_gradient(weight->values + (offset - weight->offset), gradient, count);
  }

 private:
  struct Penalized {
    AnyRegularizer regularizer;
    const T* values;
    std::int64_t offset;
    std::int64_t count;
  };
  struct Piece {
    std::size_t weight;
    Range range;
    double penalty;
  };

  List<Penalized> penalized_;  // in the order in which they lie
  List<Piece> pieces_;
};

/// Passes gradients on with those of the penalties.
template <class T>
class PenaltySink final : public GradientSink<T> {
 public:
  PenaltySink(const Penalties<T>& penalties, GradientSink<T>& sink) : penalties_(penalties), sink_(sink) {}
  void take(std::int64_t offset, T* gradient, std::int64_t count) override {
    penalties_.add_gradient(offset, gradient, count);
    sink_.take(offset, gradient, count);
  }

 private:
  const Penalties<T>& penalties_;
  GradientSink<T>& sink_;
};

/// Applies the constraints of all trained weights: after each update.
template <class T>
void apply_constraints(Parameters<T>& parameters) {
  for (std::size_t index : parameters.constrained()) {
    const Weight& weight = parameters.weights()[index];
    weight.spec.constraint.apply(parameters.data(weight), weight.spec.shape);
  }
}

}  // namespace nacre
