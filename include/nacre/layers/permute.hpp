#pragma once
// Permute: the axes of a sample in another order.

#include <string>

#include <nacre/core/axes.hpp>
#include <nacre/core/list.hpp>
#include <nacre/layers/layer.hpp>
#include <nacre/layers/strided.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// Options of Permute.
struct PermuteOptions {
  std::string name{};
  void fields(Fields& list) { list("name", name); }
};

/// The input's axes in the order of `dims`, which counts them from 1, as the batch is axis 0: `Permute({2, 1})` makes
/// (batch, 3, 5) to (batch, 5, 3). `ops::transpose` calls it.
struct Permute : Callable<Permute> {
  static constexpr std::string_view type_name = "Permute";

  /// Throws ValueError unless each number from 1 on is there once.
  explicit Permute(List<std::int64_t> dims, PermuteOptions options = {});

  List<std::int64_t> dims;
  PermuteOptions options;
  void fields(Fields& list) {
    list("dims", dims);
    options.fields(list);
  }

  [[gnu::cold]] void validate() const {
    for (std::size_t axis = 1; axis <= dims.size(); ++axis) {
      const auto found = std::find(dims.begin(), dims.end(), static_cast<std::int64_t>(axis));
      require<ValueError>(found != dims.end(), "Permute: expected dims with each number from 1 to ", dims.size(),
                          " once, but ", axis, " is not among them; the batch is not counted");
    }
  }

  /// Throws ShapeError for an input of another number of axes.
  Shape build(const Shape& input, LayerBuilder& builder) const {
    require<ShapeError>(input.rank() == dims.size(), "expected an input of ", dims.size(),
                        " axes besides the batch, got ", input.to_string_with_batch());
    builder.backward_reads({.inputs = false, .output = false});
    Shape output;
    for (std::int64_t axis : dims) output.push_back(input[static_cast<std::size_t>(axis - 1)]);
    return output;
  }

  template <class T>
  void forward(const Forward<T>& step) const {
    detail::strided_forward(step, view(step.input.extents().from(1)));
  }
  template <class T>
  void backward(const Backward<T>& step) const {
    if (step.wants_input_gradient) detail::strided_backward(step, view(step.input.extents().from(1)));
  }

 private:
  friend struct ConfigAccess;
  Permute() = default;

  detail::StridedView view(const Shape& input) const {
    detail::StridedView view;
    for (std::int64_t axis : dims) {
      const auto from = static_cast<std::size_t>(axis - 1);
      view.axis(input[from], input.from(from + 1).size());
    }
    return view;
  }
};

inline Permute::Permute(List<std::int64_t> order, PermuteOptions chosen)
    : dims(std::move(order)), options(std::move(chosen)) {
  validate();
}

}  // namespace nacre
