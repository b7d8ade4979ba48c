#pragma once
// Input: the shape of one sample, said first.

#include <nacre/layers/layer.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// Says what shape a sample has, without the batch: `Input({28, 28, 1})` as the first of a model's layers builds it at
/// once; without it the model is built from the first data that it sees.
struct Input {
  static constexpr std::string_view type_name = "Input";
  Input(Shape shape);
  Input(std::initializer_list<std::int64_t> shape);

  Shape shape;
  void fields(Fields& list) { list("shape", shape); }

  /// Throws ShapeError where the data is shaped otherwise.
  Shape build(const Shape& input, LayerBuilder& builder) const {
    require<ShapeError>(input == shape, "expected samples of shape ", shape, ", got ", input);
    builder.share_input();
    return shape;
  }
  template <class T>
  void forward(const Forward<T>&) const {}
  template <class T>
  void backward(const Backward<T>&) const {}

 private:
  friend struct ConfigAccess;
  Input() = default;
};

inline Input::Input(Shape sample_shape) : shape(sample_shape) {}

inline Input::Input(std::initializer_list<std::int64_t> extents) : shape(extents) {}

}  // namespace nacre
