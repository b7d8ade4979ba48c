#pragma once
// ModelRun: a training run with the model that it trains.

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include <nacre/callbacks/callback.hpp>
#include <nacre/core/buffer.hpp>
#include <nacre/core/error.hpp>
#include <nacre/core/tensor.hpp>
#include <nacre/models/model_state.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

template <class T>
class BasicModel;

/// The training run of a model: what callbacks that know the model see.
template <class T>
class ModelRun final : public TrainingRun {
 public:
  ModelRun(BasicModel<T>& trained, ModelState<T>& state) : model(trained), state_(state) {}

  ~ModelRun() override { use_averages(false); }

  BasicModel<T>& model;

  /// The run, for a callback that knows the model's scalar type. Throws StateError for that of another type.
  [[gnu::cold]] static ModelRun& of(TrainingRun& run) {
    auto* const found = dynamic_cast<ModelRun*>(&run);
    require<StateError>(found != nullptr, "ModelRun: expected the training run of a model of ", sizeof(T) * 8,
                        "-bit numbers");
    return *found;
  }

  /// In `on_gradients`: the gradients of the step, a block laid out as the trainable weights, of the batch's mean loss.
  /// What is written here is what the optimizer gets. Throws StateError elsewhere.
  std::span<T> gradients() {
    require<StateError>(has_gradients, "gradients: expected to be called from a callback's on_gradients");
    return {state_.gradients.data(), state_.gradients.size()};
  }

  /// That of the weight of that name, shaped as the weight. Throws ValueError for a name that is no trainable weight's.
  TensorView<T> gradient(std::string_view weight_name) {
    const Weight& weight = state_.parameters.find(weight_name);
    require<ValueError>(weight.trainable, "gradient: expected a trainable weight, got \"", weight_name, "\"");
    return {gradients().data() + weight.offset, weight.spec.shape};
  }

  bool has_gradients = false;  ///< whether `gradients` may be called now; `fit` sets it

  Weights weights() const override {
    const auto& [trainable, other] = blocks();
    Weights copy(bytes(trainable) + bytes(other));
    if (bytes(trainable) > 0) std::memcpy(copy.data(), trainable.data(), bytes(trainable));
    if (bytes(other) > 0) std::memcpy(copy.data() + bytes(trainable), other.data(), bytes(other));
    return copy;
  }

  /// Throws ValueError for weights of another model.
  void restore(const Weights& weights) override {
    const auto& [trainable, other] = blocks();
    require<ValueError>(weights.size() == bytes(trainable) + bytes(other), "restore: expected ",
                        bytes(trainable) + bytes(other), " bytes of weights, got ", weights.size());
    if (bytes(trainable) > 0) std::memcpy(trainable.data(), weights.data(), bytes(trainable));
    if (bytes(other) > 0) std::memcpy(other.data(), weights.data() + bytes(trainable), bytes(other));
  }

  [[gnu::cold]] WeightValues weight_values() const override {
    WeightValues all;
    for (const Weight& weight : state_.parameters.weights()) {
      if (!weight.trainable) continue;
      const T* first = state_.parameters.trainable().data() + weight.offset;
      all.emplace_back(weight.name, std::vector<double>(first, first + weight.spec.shape.size()));
    }
    return all;
  }

  bool has_averages() const override { return state_.updater->optimizer().base().use_ema; }

  void use_averages(bool use) override {
    if (use == uses_averages_ || !has_averages()) return;
    // Before the first update there are none.
    if (use && state_.updater->step() == 0) return;
    Buffer<T>& averages = state_.updater->slot("average");
    std::swap_ranges(averages.begin(), averages.end(), state_.parameters.trainable().begin());
    uses_averages_ = use;
  }

  double learning_rate() const override { return state_.updater->learning_rate(); }
  void set_learning_rate(double rate) override {
    state_.updater->optimizer().set_learning_rate(rate);
    state_.compiled->optimizer.set_learning_rate(rate);
  }

 private:
  std::pair<Buffer<T>&, Buffer<T>&> blocks() const {
    return {state_.parameters.trainable(), state_.parameters.non_trainable()};
  }
  static std::size_t bytes(const Buffer<T>& block) { return block.size() * sizeof(T); }

  ModelState<T>& state_;
  bool uses_averages_ = false;
};

}  // namespace nacre
