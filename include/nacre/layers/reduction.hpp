#pragma once
// Reduction: sums, means, extrema and variances over axes of a sample.

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include <nacre/core/words.hpp>
#include <nacre/core/axes.hpp>
#include <nacre/layers/layer.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

namespace detail {

/// What Reduction computes; the words of its field `function`, in this order.
enum class Reduce : std::uint8_t { sum, mean, max, min, var };

/// Reduces each sample to `kept`, its shape with extents of 1 where it is reduced.
template <class T>
void reduce_forward(const Forward<T>& step, Reduce function, const Shape& kept);
template <class T>
void reduce_backward(const Backward<T>& step, Reduce function, const Shape& kept);

}  // namespace detail

/// Options of Reduction.
struct ReductionOptions {
  Axes axis{};            ///< counted with the batch as axis 0, or from the end; none: all but the batch
  bool keepdims = false;  ///< whether reduced axes stay, with extent 1
  std::string name{};
  void fields(Fields& list) {
    list("axis", axis);
    list("keepdims", keepdims);
    list("name", name);
  }
};

/// The sum, mean, maximum, minimum or variance over axes of each sample. Equal extrema share the gradient evenly; the
/// variance divides by the number of elements. `ops::sum` and its like call it.
struct Reduction : Callable<Reduction> {
  static constexpr std::string_view type_name = "Reduction";

  /// @param function "sum", "mean", "max", "min" or "var". Throws ValueError for another.
  explicit Reduction(std::string function, ReductionOptions options = {});

  std::string function = "sum";
  ReductionOptions options;
  void fields(Fields& list) {
    list("function", function);
    options.fields(list);
  }
  void validate() const { require_one_of("Reduction", "function", function, {"sum", "mean", "max", "min", "var"}); }

  /// Throws ShapeError for an axis that a sample does not have, and for the batch.
  Shape build(const Shape& input, LayerBuilder& builder) const;

  template <class T>
  void forward(const Forward<T>& step) const {
    detail::reduce_forward(step, kind(), kept(step.input.extents().from(1)));
  }
  template <class T>
  void backward(const Backward<T>& step) const {
    if (step.wants_input_gradient) detail::reduce_backward(step, kind(), kept(step.input.extents().from(1)));
  }

 private:
  friend struct ConfigAccess;
  Reduction() = default;

  detail::Reduce kind() const;
  /// The axes of the output that would stay as they are.
  Shape kept(const Shape& input) const;
  std::array<bool, Shape::max_rank> reduced(const Shape& input) const;
};

}  // namespace nacre

#if NACRE_HEADER_ONLY
#include <nacre/layers/reduction-inl.hpp>
#endif
