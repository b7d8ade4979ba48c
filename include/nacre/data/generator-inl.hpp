#pragma once
// Bodies of data/generator.hpp.

#include <nacre/core/list.hpp>
#include <nacre/data/generator.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE::detail {

NACRE_SETUP std::size_t find_column(const List<ColumnSpec>& columns, std::string_view name, const char* what) {
  std::string names;
  for (std::size_t k = 0; k < columns.size(); ++k) {
    if (columns[k].name == name) return k;
    names += (names.empty() ? "" : ", ") + columns[k].name;
  }
  throw ValueError(
      text("batch: expected ", what, " of a column that the spec names, one of ", names, ", got \"", name, "\""));
}

NACRE_INLINE void require_column(std::size_t column, std::size_t columns, const char* what) {
  require<ValueError>(column < columns, "batch: expected ", what, " of a column below ", columns, ", got ", column);
}

NACRE_INLINE void require_sample_of(const ColumnSpec& column, const char* what, std::size_t index, std::int64_t step,
                                    std::int64_t row, std::int64_t numbers) {
  if (numbers == column.shape.size()) return;
  const std::string name = column.name.empty() ? text("column ", index) : text("\"", column.name, "\"");
  throw ShapeError(text("batch: step ", step, ", sample ", row, ", ", what, " ", name, ": expected ",
                        column.shape.size(), " numbers of shape ", column.shape, ", got ", numbers));
}

}  // namespace nacre::detail
