#pragma once
// Gradients of a model's loss, to look at or to train with in a loop of your own.

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

#include <nacre/core/buffer.hpp>
#include <nacre/core/error.hpp>
#include <nacre/core/list.hpp>
#include <nacre/core/tensor.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// What `gradients` computes.
struct GradientOptions {
  bool training = true;    ///< whether dropout drops and batch statistics are used, and moving averages move
  bool by_input = false;   ///< also by the input: for saliency maps and adversarial examples
  std::int64_t step = -1;  ///< which step's random numbers dropout uses; by default the optimizer's next
};

/// The loss of a batch and its gradients. They belong to the caller, who may change them.
template <class T>
class Gradients {
 public:
  /// A trainable weight and where its gradient lies.
  struct Place {
    std::string name;
    Shape shape;
    std::size_t offset;
  };

  Gradients(List<Place> places, Buffer<T> values) : places_(std::move(places)), values_(std::move(values)) {}

  double loss = 0;        ///< mean of the batch, with the samples' weights
  xt::xarray<T> input{};  ///< by the input, (samples, input shape...), where it was asked for

  /// The gradient of the weight of that name ("dense/kernel"), shaped as the weight. Throws ValueError, with the names
  /// there are, for another.
  TensorView<T> operator[](std::string_view name) {
    const Place& place = find(name);
    return {values_.data() + place.offset, place.shape};
  }
  TensorView<const T> operator[](std::string_view name) const {
    const Place& place = find(name);
    return {values_.data() + place.offset, place.shape};
  }

  /// All trainable weights, in the model's order.
  const List<Place>& places() const { return places_; }

  /// All gradients in one block, laid out as the model's trainable weights.
  const Buffer<T>& values() const { return values_; }

 private:
  [[gnu::cold]] const Place& find(std::string_view name) const {
    std::string names;
    for (const Place& place : places_) {
      if (place.name == name) return place;
      names += (names.empty() ? "" : ", ") + place.name;
    }
    throw ValueError(text("Gradients: expected a trainable weight's name, one of ", names, ", got \"", name, "\""));
  }

  List<Place> places_;
  Buffer<T> values_;
};

}  // namespace nacre
