#pragma once
// Reshape: the same elements under another shape.

#include <string>

#include <nacre/core/list.hpp>
#include <nacre/layers/layer.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// Options of Reshape.
struct ReshapeOptions {
  std::string name{};
  void fields(Fields& list) { list("name", name); }
};

/// Input (batch, ...), output (batch, target_shape...). One extent of the target may be -1: whatever is left over.
/// Costs nothing.
struct Reshape : Callable<Reshape> {
  static constexpr std::string_view type_name = "Reshape";

  /// Throws ValueError for an extent below -1 or more than one of -1.
  explicit Reshape(List<std::int64_t> target_shape, ReshapeOptions options = {});

  List<std::int64_t> target_shape;
  ReshapeOptions options;
  void fields(Fields& list) {
    list("target_shape", target_shape);
    options.fields(list);
  }

  [[gnu::cold]] void validate() const {
    int open = 0;
    for (std::int64_t extent : target_shape) {
      require<ValueError>(extent >= -1 && extent != 0, "Reshape: expected extents of 1 or more, or one of -1, got ",
                          extent);
      open += extent == -1;
    }
    require<ValueError>(open <= 1, "Reshape: expected at most one extent of -1, got ", open);
  }

  /// Throws ShapeError where the elements do not fill the target.
  [[gnu::cold]] Shape build(const Shape& input, LayerBuilder& builder) const {
    builder.share_input();
    Shape fixed;
    for (std::int64_t extent : target_shape) {
      if (extent != -1) fixed.push_back(extent);
    }
    const std::int64_t known = fixed.size();
    Shape output;
    for (std::int64_t extent : target_shape) output.push_back(extent == -1 ? input.size() / known : extent);
    require<ShapeError>(output.size() == input.size(), "expected an input of ", known, " elements",
                        output.size() == known ? "" : " or a multiple", ", got ", input, " with ", input.size());
    return output;
  }
  template <class T>
  void forward(const Forward<T>&) const {}
  template <class T>
  void backward(const Backward<T>&) const {}

 private:
  friend struct ConfigAccess;
  Reshape() = default;
};

inline Reshape::Reshape(List<std::int64_t> target, ReshapeOptions chosen)
    : target_shape(std::move(target)), options(std::move(chosen)) {
  validate();
}

}  // namespace nacre
