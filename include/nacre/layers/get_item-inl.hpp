#pragma once
// Bodies of layers/get_item.hpp.

#include <algorithm>
#include <charconv>

#include <nacre/core/list.hpp>
#include <nacre/layers/get_item.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

NACRE_SETUP std::string Index::to_string() const {
  if (kind_ == Kind::ellipsis) return "...";
  if (kind_ == Kind::new_axis) return "None";
  const auto number = [](const std::optional<std::int64_t>& value) { return value ? text(*value) : std::string(); };
  if (kind_ == Kind::element) return number(start_);
  return number(start_) + ":" + number(stop_) + (step_ ? ":" + number(step_) : "");
}

NACRE_SETUP Index Index::parse(const std::string& written) {
  if (written == "...") return Kind::ellipsis;
  if (written == "None") return Kind::new_axis;
  std::optional<std::int64_t> numbers[3];
  std::size_t count = 0;
  const char* end = written.data() + written.size();
  for (const char* at = written.data();; ++at, ++count) {
    std::int64_t number = 0;
    const auto [behind, error] = std::from_chars(at, end, number);
    if (count < 3 && error == std::errc() && behind != at) numbers[count] = number;
    at = error == std::errc() ? behind : at;
    require<ValueError>(count < 3 && (at == end || *at == ':') && (count > 0 || at != end || numbers[0]),
                        "expected an entry of an index, such as \"3\", \"1:5:2\", \"...\" or \"None\", got \"", written,
                        "\"");
    if (at == end) break;
  }
  if (count == 0) return *numbers[0];
  return {Kind::slice, numbers[0], numbers[1], numbers[2]};
}

NACRE_SETUP GetItem::GetItem(List<Index> entries, GetItemOptions chosen)
    : index(std::move(entries)), options(std::move(chosen)) {
  validate();
}

NACRE_SETUP void GetItem::validate() const {
  int ellipses = 0;
  for (const Index& entry : index) {
    ellipses += entry.kind() == Index::Kind::ellipsis;
    require<ValueError>(entry.step() != 0, "GetItem: expected steps other than 0");
  }
  require<ValueError>(ellipses <= 1, "GetItem: expected one ellipsis at most, got ", ellipses);
  require<ValueError>(!index.empty(), "GetItem: expected an entry of the index or more, got none");
  const Index& batch = index[0];
  const bool whole = batch.kind() == Index::Kind::slice && batch.start().value_or(0) == 0 && !batch.stop() &&
                     batch.step().value_or(1) == 1;
  require<ValueError>(whole || batch.kind() == Index::Kind::ellipsis,
                      "GetItem: expected an index that takes all of the batch, which is axis 0, got \"",
                      batch.to_string(), "\" first; begin it with slice() or ellipsis");
}

NACRE_SETUP std::pair<Shape, detail::StridedView> GetItem::resolve(const Shape& input) const {
  using Kind = Index::Kind;
  const auto rank = static_cast<std::int64_t>(input.rank());
  std::int64_t taken = index[0].kind() == Kind::slice ? -1 : 0;  // axes besides the batch that entries stand for
  for (const Index& entry : index) taken += entry.kind() == Kind::slice || entry.kind() == Kind::element;
  if (taken > rank) {
    throw ShapeError(text("expected an index of at most ", rank + 1, " entries for an input ",
                          input.to_string_with_batch(), ", got ", taken + 1));
  }
  // The output's axes with their strides, and the first element, which is known at the end.
  Shape output;
  std::array<std::int64_t, Shape::max_rank> strides{};
  std::int64_t first = 0;
  std::size_t axis = 0;
  const auto add = [&](std::int64_t extent, std::int64_t stride) {
    output.push_back(extent);
    strides[output.rank() - 1] = stride;
  };
  const auto stride_of = [&](std::size_t which) { return input.from(which + 1).size(); };
  bool open = true;  // no ellipsis so far
  for (std::size_t i = 0; i < index.size(); ++i) {
    const Index& entry = index[i];
    if (entry.kind() == Kind::ellipsis) {
      for (std::int64_t left = rank - taken; left > 0; --left, ++axis) add(input[axis], stride_of(axis));
      open = false;
      continue;
    }
    if (i == 0) continue;  // the batch
    if (entry.kind() == Kind::new_axis) {
      add(1, 0);
      continue;
    }
    const std::int64_t extent = input[axis];
    const std::int64_t stride = stride_of(axis++);
    if (entry.kind() == Kind::element) {
      const std::int64_t at = *entry.start() < 0 ? *entry.start() + extent : *entry.start();
      if (at < 0 || at >= extent) {
        throw ShapeError(text("expected an element of axis ", axis, ", which has ", extent, ", got ", *entry.start()));
      }
      first += at * stride;
      continue;
    }
    // Python's slices: bounds are counted from the end where negative, and cut to what there is.
    const std::int64_t by = entry.step().value_or(1);
    const std::int64_t lowest = by > 0 ? 0 : -1;
    const auto bound = [&](const std::optional<std::int64_t>& given, std::int64_t otherwise) {
      if (!given) return otherwise;
      return std::clamp(*given < 0 ? *given + extent : *given, lowest, extent + lowest);
    };
    const std::int64_t begin = bound(entry.start(), by > 0 ? 0 : extent - 1);
    const std::int64_t end = bound(entry.stop(), by > 0 ? extent : -1);
    const std::int64_t count = by > 0 ? (end - begin + by - 1) / by : (begin - end - by - 1) / -by;
    if (count <= 0) {
      throw ShapeError(text("expected a slice with elements, got \"", entry.to_string(), "\" of axis ", axis,
                            ", which has ", extent));
    }
    first += begin * stride;
    add(count, by * stride);
  }
  for (; open && axis < input.rank(); ++axis) add(input[axis], stride_of(axis));
  detail::StridedView view(first);
  for (std::size_t i = 0; i < output.rank(); ++i) view.axis(output[i], strides[i]);
  return {output, view};
}

}  // namespace nacre
