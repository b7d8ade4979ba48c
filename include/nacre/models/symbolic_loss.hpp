#pragma once
// SymbolicLoss: a loss that is written with operations on symbolic tensors, at work.

#include <algorithm>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include <nacre/core/error.hpp>
#include <nacre/losses/loss.hpp>
#include <nacre/models/graph.hpp>
#include <nacre/models/network.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// The operations of a loss as a network of their own, with targets and predictions as inputs: what it makes of a
/// sample is that sample's loss, and its backward pass gives the gradient by the predictions.
template <class T>
class SymbolicLoss {
 public:
  /// @param output, target shapes of one sample's output and target.
  /// @param batch          samples in the largest batch.
  /// Throws what the operations throw, and ValueError for a loss with weights or without y_pred.
  [[gnu::cold]] SymbolicLoss(const AnyLoss<T>& loss, const Shape& output, const Shape& target, std::int64_t batch) {
    const SymbolicTensors tensors = loss.symbolic(output, target);
    const std::string name = loss.class_name();
    const BuiltGraph built = build_graph(make_graph({tensors[0], tensors[1]}, {tensors[2]}),
                                         {{tensors[0].shape()}, {tensors[1].shape()}}, name);
    require<ValueError>(Parameters<T>(built).weights().empty(), name,
                        ": expected operations without weights; layers with weights belong to the model");
    network_ = std::make_unique<Network<T>>(built, batch, none_, nullptr,
                                            NetworkUse{.training = true, .input_gradient = true}, no_states_);
    require<ValueError>(network_->input_gradient(1).elements() != nullptr, name,
                        ": expected a loss that depends on y_pred");
  }

  /// How many values it makes of a sample.
  std::int64_t values() const { return network_->output().sample_size(); }
  /// Memory that it holds.
  std::size_t bytes() const { return network_->bytes(); }

  /// The mean over a batch of all that the loss makes of its samples, each times its sample's weight.
  /// @param weights of the rows, `rows` of them for each sample; a loss of another number of values takes each sample's
  ///                first. nullptr: all 1.
  /// @param gradient where wanted, the derivative of the mean times `factor` by the predictions; otherwise nullptr.
  double evaluate(std::int64_t batch, const T* targets, const T* predictions, const T* weights, std::int64_t rows,
                  T* gradient, double factor, ThreadPool& pool) {
    network_->set_batch(batch);
    std::copy_n(targets, size_of(0), network_->input(0));
    std::copy_n(predictions, size_of(1), network_->input(1));
    network_->forward(false, 0, 0, pool);
    const std::int64_t values = network_->output().extents().size();
    const double share = 1 / static_cast<double>(values);
    const std::int64_t of_sample = values / batch;
    double total = 0;
    for (std::int64_t i = 0; i < values; ++i) {
      const std::int64_t row = of_sample == rows ? i : i / of_sample * rows;
      const double weight = weights == nullptr ? 1.0 : static_cast<double>(weights[row]);
      total += weight * static_cast<double>(network_->output().elements()[i]);
      if (gradient != nullptr) network_->output_gradient().elements()[i] = static_cast<T>(factor * share * weight);
    }
    if (gradient != nullptr) {
      GradientStore<T> nothing(nullptr);
      network_->backward(false, 0, 0, nothing, pool);
      std::copy_n(network_->input_gradient(1).elements(), size_of(1), gradient);
    }
    return total * share;
  }

 private:
  std::int64_t size_of(std::size_t input) { return network_->input_gradient(input).extents().size(); }

  Parameters<T> none_;
  LayerStates<T> no_states_;
  std::unique_ptr<Network<T>> network_;
};

}  // namespace nacre
