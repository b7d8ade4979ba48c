#pragma once
// Input: the shape of one sample, said first.

#include <string>

#include <nacre/layers/layer.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// Options of Input.
struct InputOptions {
  std::string name{};
  void fields(Fields& list) { list("name", name); }
};

/// Says what shape a sample has, without the batch: `Input({28, 28, 1})` as the first of a Sequential's layers builds
/// it at once; without it the model is built from the first data that it sees. In a graph it is the tensor that a model
/// begins with: `auto x = Input({28, 28, 1}); auto y = Dense(10)(Flatten()(x)); Model model(x, y);`. Copies stand for
/// the same tensor. Throws ShapeError for an extent of 0.
struct Input {
  static constexpr std::string_view type_name = "Input";
  Input(Shape shape, InputOptions options = {});
  Input(std::initializer_list<std::int64_t> shape, InputOptions options = {});

  Shape shape;
  InputOptions options;
  void fields(Fields& list) {
    list("shape", shape);
    options.fields(list);
  }

  operator SymbolicTensor() const { return tensor_; }

  /// Throws ShapeError where the data is shaped otherwise.
  Shape build(const Shape& input, LayerBuilder& builder) const {
    require<ShapeError>(input == shape, "expected samples of shape ", shape, ", got ", input);
    builder.share_input();
    builder.pass_mask();
    return shape;
  }
  template <class T>
  void forward(const Forward<T>&) const {}
  template <class T>
  void backward(const Backward<T>&) const {}

 private:
  friend struct ConfigAccess;
  Input() : tensor_(nullptr, 0) {}

  SymbolicTensor tensor_;
};

inline Input::Input(Shape sample_shape, InputOptions chosen)
    : shape(sample_shape), options(std::move(chosen)), tensor_(shape, options.name) {}

inline Input::Input(std::initializer_list<std::int64_t> extents, InputOptions chosen)
    : Input(Shape(extents), std::move(chosen)) {}

}  // namespace nacre
