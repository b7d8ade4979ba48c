#pragma once
// GetItem: parts of a tensor, by numpy's indexing.

#include <optional>
#include <string>
#include <utility>

#include <nacre/core/list.hpp>
#include <nacre/layers/layer.hpp>
#include <nacre/layers/strided.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// An entry of an index: an element's number, a slice, an ellipsis or a new axis.
class Index {
 public:
  enum class Kind : std::uint8_t { element, slice, ellipsis, new_axis };

  /// Element `number` of an axis, which is gone then; negative ones count from the end.
  Index(std::int64_t number = 0) : kind_(Kind::element), start_(number) {}
  Index(int number) : Index(std::int64_t{number}) {}
  Index(Kind kind, std::optional<std::int64_t> start = {}, std::optional<std::int64_t> stop = {},
        std::optional<std::int64_t> step = {})
      : kind_(kind), start_(start), stop_(stop), step_(step) {}

  Kind kind() const { return kind_; }
  const std::optional<std::int64_t>& start() const { return start_; }
  const std::optional<std::int64_t>& stop() const { return stop_; }
  const std::optional<std::int64_t>& step() const { return step_; }

  /// As Python writes it: "3", "1:5:2", "...", "None".
  std::string to_string() const;
  static Index parse(const std::string& text);

 private:
  Kind kind_;
  std::optional<std::int64_t> start_;
  std::optional<std::int64_t> stop_;
  std::optional<std::int64_t> step_;
};

inline ConfigValue to_config_value(const Index& index) { return index.to_string(); }
inline void from_config_value(const ConfigValue& value, Index& out) {
  out = Index::parse(config_get<std::string>(value, "an entry of an index"));
}

/// Options of GetItem.
struct GetItemOptions {
  std::string name{};
  void fields(Fields& list) { list("name", name); }
};

/// Parts of the input, as numpy's `x[...]` gives them: an entry of the index for each axis, the batch among them, of
/// which all is taken. `ops::getitem` calls it.
struct GetItem : Callable<GetItem> {
  static constexpr std::string_view type_name = "GetItem";

  /// Throws ValueError for a step of 0, for two ellipses, and for an index that does not take all of the batch.
  explicit GetItem(List<Index> index, GetItemOptions options = {});

  List<Index> index;
  GetItemOptions options;
  void fields(Fields& list) {
    list("index", index);
    options.fields(list);
  }
  void validate() const;

  /// Throws ShapeError for more entries than axes, for an element that is not there, and for a slice without elements.
  Shape build(const Shape& input, LayerBuilder& builder) const {
    builder.backward_reads({.inputs = false, .output = false});
    return resolve(input).first;
  }

  template <class T>
  void forward(const Forward<T>& step) const {
    detail::strided_forward(step, resolve(step.input.extents().from(1)).second);
  }
  template <class T>
  void backward(const Backward<T>& step) const {
    if (step.wants_input_gradient) detail::strided_backward(step, resolve(step.input.extents().from(1)).second);
  }

 private:
  friend struct ConfigAccess;
  GetItem() : index{Index(Index::Kind::ellipsis)} {}

  /// The output's shape, and where its elements lie.
  std::pair<Shape, detail::StridedView> resolve(const Shape& input) const;
};

}  // namespace nacre

#if NACRE_HEADER_ONLY
#include <nacre/layers/get_item-inl.hpp>
#endif
