#pragma once
// Tables in text files: comma-separated values, RFC 4180.

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include <nacre/core/compiled.hpp>
#include <nacre/core/list.hpp>
#include <nacre/data/dataset.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE::datasets {

/// How `csv` reads.
struct CsvOptions {
  char separator = ',';                ///< what stands between fields: ';' and '\t' are common, too
  bool header = true;                  ///< whether the first line has the columns' names; without: "0", "1", ...
  std::vector<std::string> columns{};  ///< which to read, in this order; empty: all
  /// Columns that are categories although they look like numbers, such as postal codes.
  std::vector<std::string> categories{};
  std::vector<std::string> missing_values{"", "NA", "N/A", "NaN", "nan", "null", "NULL", "?"};  ///< nothing is there
  std::int64_t skip_rows = 0;                      ///< lines before the header, or the data, that are left out
  std::int64_t max_bytes = std::int64_t{1} << 30;  ///< the largest file, unpacked
};

/// A table whose columns have names. A column holds numbers where all of its fields are such, otherwise categories.
class Table {
 public:
  /// Rows, the header not counted.
  std::int64_t rows() const { return rows_; }
  std::vector<std::string> names() const;
  bool contains(std::string_view name) const;

  /// Whether the column of that name has categories. This and all that follow throw ValueError, with the names there
  /// are, for one that there is not.
  bool is_category(std::string_view name) const;
  /// How many of its fields are missing.
  std::int64_t missing(std::string_view name) const;

  /// The numbers of a column, NaN where they are missing. Throws ValueError for one of categories.
  const std::vector<double>& numbers(std::string_view name) const;
  /// The categories of a column, sorted. Throws ValueError for one of numbers.
  const std::vector<std::string>& categories(std::string_view name) const;
  /// For each row, which of the categories it has; -1 where it is missing. Throws ValueError for a column of numbers.
  const std::vector<std::int32_t>& codes(std::string_view name) const;
  /// The text of each row of a column of categories; empty where it is missing. Throws ValueError for one of numbers.
  std::vector<std::string> texts(std::string_view name) const;

  /// The table with this number where one is missing. Throws ValueError for a column of categories.
  Table fill_missing(std::string_view name, double value) const;
  /// The rows in which no field of these columns is missing; of all columns, where none is named.
  Table drop_missing(const std::vector<std::string>& names = {}) const;

  /// Columns as features (rows, columns): numbers, and the codes of categories. One column alone has shape () a row.
  Column features(const std::vector<std::string>& names) const;
  Column column(std::string_view name) const;

  /// The features of these columns with `target`, whose categories are class numbers. Throws ValueError where a target
  /// is missing.
  Dataset dataset(const std::vector<std::string>& features, std::string_view target) const;

 private:
  friend class TableReader;
  struct Field {
    std::string name{};
    bool is_category = false;
    std::int64_t missing = 0;
    std::vector<double> numbers{};
    std::vector<std::int32_t> codes{};
    std::vector<std::string> categories{};
  };

  const Field& find(std::string_view name) const;
  double value(const Field& field, std::int64_t row) const;

  std::int64_t rows_ = 0;
  List<Field> fields_;
};

/// Reads a table, plain or gzipped:
///
///     const datasets::Table flowers = datasets::csv("iris.csv");
///     const Dataset data = flowers.dataset({"sepal_length", "petal_length"}, "species");
///
/// Fields may be quoted, `"so, ""this"""`, and then have separators, quotes and ends of lines in them. Spaces around
/// numbers count for nothing, empty lines are left out, and a byte order mark at the beginning, too. Throws FileError
/// for a file that cannot be read or is larger than `max_bytes`; FormatError, naming the line, for a row of another
/// number of fields than the first and for quotes without an end; ValueError for columns that there are not, or twice.
Table csv(const std::filesystem::path& path, const CsvOptions& options = {});

/// The same of a text in memory; `name` is what errors call it.
Table csv_from_text(std::string_view text, const CsvOptions& options = {}, const std::string& name = "csv");

}  // namespace nacre::datasets

#if NACRE_HEADER_ONLY
#include <nacre/datasets/csv-inl.hpp>
#endif
