#pragma once
// Parameters: all weights of a model, in one block for those that are trained and one for those that are not.

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>

#include <nacre/core/buffer.hpp>
#include <nacre/core/list.hpp>
#include <nacre/core/random.hpp>
#include <nacre/core/tensor.hpp>
#include <nacre/models/graph.hpp>
#include <nacre/optimizers/segment.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// One weight of a model.
struct Weight {
  std::string name;   ///< "dense/kernel": its layer's name and its own
  std::size_t layer;  ///< index of its layer in the flat graph
  WeightSpec spec;
  bool trainable;       ///< whether training changes it: it is, and its layer is not frozen
  std::int64_t offset;  ///< of its first element in its block
};

/// The weights of a model. Trainable ones lie one after another in one block, each from a cache line on, so that what
/// works on all of them is a single pass; the others lie in a second one. Copied by value.
template <class T>
class Parameters {
 public:
  Parameters() = default;

  /// Room for the weights of all layers.
  [[gnu::cold]] explicit Parameters(const BuiltGraph& built) {
    std::int64_t sizes[2] = {0, 0};
    for (std::size_t layer = 0; layer < built.weights.size(); ++layer) {
      const GraphNode& node = built.flat.nodes[layer];
      for (const WeightSpec& spec : built.weights[layer]) {
        const bool trainable = spec.trainable && node.trainable;
        if (trainable && spec.constraint.has_value()) constrained_.push_back(weights_.size());
        std::int64_t& size = sizes[trainable];
        weights_.push_back({node.name + "/" + spec.name, layer, spec, trainable, size});
        size += static_cast<std::int64_t>(aligned_count<T>(static_cast<std::size_t>(spec.shape.size())));
      }
    }
    non_trainable_ = Buffer<T>(static_cast<std::size_t>(sizes[false]));
    trainable_ = Buffer<T>(static_cast<std::size_t>(sizes[true]));
  }

  /// Gives all weights their first values, which depend on the seed and the weights' order alone.
  [[gnu::cold]] void initialize(std::uint64_t seed) {
    for (std::size_t index = 0; index < weights_.size(); ++index) {
      const Weight& weight = weights_[index];
      const RandomStream random(seed, Purpose::initialization, index);
      weight.spec.initializer.fill(data(weight), weight.spec.shape, random);
    }
  }

  /// Gives weights the values that they have where their layers come from; whether there were any.
  [[gnu::cold]] bool take_over(const BuiltGraph& built) {
    bool any = false;
    for (const Weight& weight : weights_) {
      const GraphNode& node = built.flat.nodes[weight.layer];
      if (!node.source) continue;
      any |= node.source->read(node.source_prefix + weight.spec.name, weight.spec.shape, data(weight));
    }
    return any;
  }

  /// Takes over the values of those weights that `other` has under the same name and shape.
  [[gnu::cold]] void copy_from(const Parameters& other) {
    for (const Weight& weight : weights_) {
      for (const Weight& theirs : other.weights_) {
        if (theirs.name != weight.name || !(theirs.spec.shape == weight.spec.shape)) continue;
        std::copy_n(other.data(theirs), weight.spec.shape.size(), data(weight));
      }
    }
  }

  const List<Weight>& weights() const { return weights_; }
  /// Which of them are trained within a constraint.
  const List<std::size_t>& constrained() const { return constrained_; }
  Buffer<T>& trainable() { return trainable_; }
  const Buffer<T>& trainable() const { return trainable_; }
  Buffer<T>& non_trainable() { return non_trainable_; }
  const Buffer<T>& non_trainable() const { return non_trainable_; }

  T* data(const Weight& weight) { return (weight.trainable ? trainable_ : non_trainable_).data() + weight.offset; }
  const T* data(const Weight& weight) const {
    return (weight.trainable ? trainable_ : non_trainable_).data() + weight.offset;
  }

  /// The weight of that name. Throws ValueError, with the names there are, where there is none.
  [[gnu::cold]] const Weight& find(std::string_view name) const {
    std::string names;
    for (const Weight& weight : weights_) {
      if (weight.name == name) return weight;
      names += (names.empty() ? "" : ", ") + weight.name;
    }
    throw ValueError(text("Sequential: expected a weight's name, one of ", names, ", got \"", name, "\""));
  }

  /// Number of elements, of the trainable weights or of the others.
  std::int64_t count(bool trainable) const {
    std::int64_t total = 0;
    for (const Weight& weight : weights_) total += weight.trainable == trainable ? weight.spec.shape.size() : 0;
    return total;
  }

  /// Where the trainable weights lie in their block.
  [[gnu::cold]] List<Segment> segments() const {
    List<Segment> segments;
    for (const Weight& weight : weights_) {
      if (weight.trainable) segments.push_back({weight.offset, weight.spec.shape, weight.name});
    }
    return segments;
  }

 private:
  List<Weight> weights_;
  List<std::size_t> constrained_;
  Buffer<T> trainable_;
  Buffer<T> non_trainable_;
};

}  // namespace nacre
