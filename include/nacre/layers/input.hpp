#pragma once
// Input: the shape of one sample, said first.

#include <string>

#include <nacre/core/words.hpp>
#include <nacre/layers/layer.hpp>
#include <nacre/layers/symbolic_node.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// Options of Input.
struct InputOptions {
  std::string dtype = "float32";  ///< or "int32": class numbers that stay exact
  std::string name{};
  void fields(Fields& list) {
    list("dtype", dtype);
    list("name", name);
  }
};

/// Says what shape a sample has, without the batch: `Input({28, 28, 1})` as the first of a Sequential's layers builds
/// it at once; without it the model is built from the first data that it sees. In a graph it is the tensor that a model
/// begins with: `auto x = Input({28, 28, 1}); auto y = Dense(10)(Flatten()(x)); Model model(x, y);`. Copies stand for
/// the same tensor.
///
/// Samples are floating numbers of the model's type, whatever that is, which hold whole numbers up to 2^24 in float.
/// With
/// `{.dtype = "int32"}` they are int32 numbers up to the layer that reads them (OneHot, Take); other layers refuse
/// them.
///
/// Throws ShapeError for an extent of 0, ValueError for another dtype.
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

  void validate() const { require_one_of("Input", "dtype", options.dtype, {"float32", "int32"}); }

  operator SymbolicTensor() const { return tensor_; }

  /// What a model that begins with it takes.
  TensorSpec spec() const {
    TensorSpec spec{shape};
    spec.integers = options.dtype == "int32";
    return spec;
  }

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
    : shape(sample_shape), options(std::move(chosen)), tensor_(detail::make_input(spec(), options.name)) {
  validate();
}

inline Input::Input(std::initializer_list<std::int64_t> extents, InputOptions chosen)
    : Input(Shape(extents), std::move(chosen)) {}

}  // namespace nacre
