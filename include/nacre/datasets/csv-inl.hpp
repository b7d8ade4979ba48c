#pragma once
// The bodies of csv.hpp.

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <limits>
#include <map>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#if !defined(__cpp_lib_to_chars)
#include <locale>
#include <sstream>
#endif

#include <nacre/core/error.hpp>
#include <nacre/datasets/csv.hpp>
#include <nacre/datasets/file.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE::datasets {

namespace detail {

/// The number that a text is, whatever the locale; nothing where it is none. Spaces around it count for nothing.
NACRE_SETUP bool parse_number(std::string_view field, double& number) {
  while (!field.empty() && (field.front() == ' ' || field.front() == '\t')) field.remove_prefix(1);
  while (!field.empty() && (field.back() == ' ' || field.back() == '\t')) field.remove_suffix(1);
  if (!field.empty() && field.front() == '+') field.remove_prefix(1);
  if (field.empty() || field.front() == '+') return false;
#if defined(__cpp_lib_to_chars)
  const auto [end, error] = std::from_chars(field.data(), field.data() + field.size(), number);
  if (end != field.data() + field.size()) return false;
  if (error == std::errc::result_out_of_range) number = std::numeric_limits<double>::quiet_NaN();
  return error == std::errc();
#else
  std::istringstream stream{std::string(field)};
  stream.imbue(std::locale::classic());
  stream >> number;
  return !stream.fail() && stream.peek() == std::istringstream::traits_type::eof();
#endif
}

/// Reads the rows of a text one after another, without memory of its own but for the fields of a row.
class CsvRows {
 public:
  CsvRows(std::string_view text, char separator, const std::string& name)
      : rest_(text), separator_(separator), name_(name) {
    if (rest_.substr(0, 3) == "\xEF\xBB\xBF") rest_.remove_prefix(3);
  }

  /// The line that the row began in which `next` read, from 1.
  std::int64_t line() const { return row_line_; }

  /// Leaves out a line, whatever it has.
  void skip_line() {
    const std::size_t end = rest_.find('\n');
    rest_.remove_prefix(end == std::string_view::npos ? rest_.size() : end + 1);
    ++line_;
  }

  /// Reads a row into `fields`, whose first `count` then have it; false at the end. Empty lines are left out.
  bool next(std::vector<std::string>& fields, std::size_t& count) {
    while (!rest_.empty() && at_line_end()) take_line_end();
    if (rest_.empty()) return false;
    row_line_ = line_;
    count = 0;
    for (;;) {
      if (count == fields.size()) fields.emplace_back();
      read_field(fields[count++]);
      if (!rest_.empty() && rest_.front() == separator_) {
        rest_.remove_prefix(1);
        continue;
      }
      if (!rest_.empty()) take_line_end();
      return true;
    }
  }

 private:
  bool at_line_end() const { return rest_.front() == '\n' || rest_.front() == '\r'; }
  void take_line_end() {
    const bool two = rest_.substr(0, 2) == "\r\n";
    rest_.remove_prefix(two ? 2 : 1);
    ++line_;
  }

  void read_field(std::string& field) {
    field.clear();
    if (rest_.empty() || rest_.front() != '"') {
      std::size_t end = 0;
      while (end < rest_.size() && rest_[end] != separator_ && rest_[end] != '\n' && rest_[end] != '\r') ++end;
      field.assign(rest_.substr(0, end));
      rest_.remove_prefix(end);
      return;
    }
    const std::int64_t begin = line_;
    rest_.remove_prefix(1);
    for (;;) {
      const std::size_t quote = rest_.find('"');
      require<FormatError>(quote != std::string_view::npos, name_, ": line ", begin,
                           ": expected a quoted field that ends, found the end of the file");
      field.append(rest_.substr(0, quote));
      line_ += std::count(rest_.begin(), rest_.begin() + static_cast<std::ptrdiff_t>(quote), '\n');
      rest_.remove_prefix(quote + 1);
      if (rest_.empty() || rest_.front() != '"') break;
      field += '"';
      rest_.remove_prefix(1);
    }
    require<FormatError>(rest_.empty() || rest_.front() == separator_ || at_line_end(), name_, ": line ", line_,
                         ": expected a separator or the end of the line behind a quoted field, found \"",
                         rest_.substr(0, 1), "\"; a quote within a field is written twice");
  }

  std::string_view rest_;
  char separator_;
  const std::string& name_;
  std::int64_t line_ = 1;
  std::int64_t row_line_ = 1;
};

}  // namespace detail

/// Reads a text twice: what its columns are, and then what they hold.
class TableReader {
 public:
  TableReader(std::string_view text, const CsvOptions& options, const std::string& name)
      : text_(text), options_(options), name_(name) {}

  Table read() {
    read_header();
    choose_columns();
    each_row([&](const std::vector<std::string>& fields) { look_at(fields); });
    each_row([&](const std::vector<std::string>& fields) { store(fields); });
    for (std::size_t k = 0; k < chosen_.size(); ++k) sort_categories(k);
    return std::move(table_);
  }

 private:
  using Field = Table::Field;

  detail::CsvRows rows() const {
    detail::CsvRows made(text_, options_.separator, name_);
    for (std::int64_t line = 0; line < options_.skip_rows; ++line) made.skip_line();
    return made;
  }

  void read_header() {
    detail::CsvRows all = rows();
    std::vector<std::string> fields;
    std::size_t count = 0;
    require<FormatError>(all.next(fields, count), name_, ": expected ", options_.header ? "a header" : "rows",
                         ", found nothing");
    fields.resize(count);
    for (std::size_t i = 0; i < count && !options_.header; ++i) fields[i] = std::to_string(i);
    names_ = std::move(fields);
  }

  void choose_columns() {
    const auto place_of = [&](const std::string& wanted) {
      const auto found = std::find(names_.begin(), names_.end(), wanted);
      std::string known;
      for (const std::string& name : names_) known += (known.empty() ? "" : ", ") + name;
      require<ValueError>(found != names_.end(), name_, ": expected columns among ", known, ", got \"", wanted, "\"");
      return static_cast<std::size_t>(found - names_.begin());
    };
    if (options_.columns.empty()) {
      for (std::size_t i = 0; i < names_.size(); ++i) chosen_.push_back(i);
    }
    for (const std::string& wanted : options_.columns) chosen_.push_back(place_of(wanted));
    std::vector<std::string> taken;
    for (const std::size_t place : chosen_) {
      Field field;
      field.name = names_[place];
      taken.push_back(field.name);
      table_.fields_.push_back(std::move(field));
    }
    std::sort(taken.begin(), taken.end());
    const auto twice = std::adjacent_find(taken.begin(), taken.end());
    require<ValueError>(twice == taken.end(), name_, ": expected columns of different names, found \"",
                        twice == taken.end() ? "" : *twice, "\" twice");
    for (const std::string& wanted : options_.categories) {
      const std::size_t place = place_of(wanted);
      for (std::size_t k = 0; k < chosen_.size(); ++k) table_.fields_[k].is_category |= chosen_[k] == place;
    }
  }

  template <class Use>
  void each_row(const Use& use) {
    detail::CsvRows all = rows();
    std::vector<std::string> fields;
    std::size_t count = 0;
    bool is_header = options_.header;
    while (all.next(fields, count)) {
      require<FormatError>(count == names_.size(), name_, ": line ", all.line(), ": expected ", names_.size(),
                           " fields, found ", count);
      if (!std::exchange(is_header, false)) use(fields);
    }
  }

  bool is_missing(const std::string& field) const {
    return std::find(options_.missing_values.begin(), options_.missing_values.end(), field) !=
           options_.missing_values.end();
  }

  void look_at(const std::vector<std::string>& fields) {
    ++table_.rows_;
    for (std::size_t k = 0; k < chosen_.size(); ++k) {
      Field& column = table_.fields_[k];
      double number = 0;
      const std::string& field = fields[chosen_[k]];
      const bool missing = is_missing(field);
      column.missing += missing;
      if (!column.is_category && !missing && !detail::parse_number(field, number)) column.is_category = true;
    }
  }

  void store(const std::vector<std::string>& fields) {
    categories_.resize(chosen_.size());
    for (std::size_t k = 0; k < chosen_.size(); ++k) {
      Field& column = table_.fields_[k];
      const std::string& field = fields[chosen_[k]];
      const bool missing = is_missing(field);
      if (column.is_category) {
        const auto next = static_cast<std::int32_t>(categories_[k].size());
        column.codes.push_back(missing ? -1 : categories_[k].try_emplace(field, next).first->second);
      } else {
        double number = std::numeric_limits<double>::quiet_NaN();
        if (!missing) static_cast<void>(detail::parse_number(field, number));
        column.numbers.push_back(number);
      }
    }
  }

  /// Codes by the order of the texts, not by that of the rows.
  void sort_categories(std::size_t k) {
    Field& column = table_.fields_[k];
    if (!column.is_category || k >= categories_.size()) return;
    std::vector<std::int32_t> sorted(categories_[k].size());
    for (const auto& [category, code] : categories_[k]) {
      sorted[static_cast<std::size_t>(code)] = static_cast<std::int32_t>(column.categories.size());
      column.categories.push_back(category);
    }
    for (std::int32_t& code : column.codes) {
      if (code >= 0) code = sorted[static_cast<std::size_t>(code)];
    }
  }

  std::string_view text_;
  const CsvOptions& options_;
  const std::string& name_;
  std::vector<std::string> names_;  // of all columns
  std::vector<std::size_t> chosen_;
  List<std::map<std::string, std::int32_t>> categories_;
  Table table_;
};

// ---- tables ---------------------------------------------------------------------------------------------------------

NACRE_SETUP std::vector<std::string> Table::names() const {
  std::vector<std::string> found;
  for (const Field& field : fields_) found.push_back(field.name);
  return found;
}

NACRE_SETUP bool Table::contains(std::string_view name) const {
  return std::any_of(fields_.begin(), fields_.end(), [&](const Field& field) { return field.name == name; });
}

NACRE_SETUP const Table::Field& Table::find(std::string_view name) const {
  std::string known;
  for (const Field& field : fields_) {
    if (field.name == name) return field;
    known += (known.empty() ? "" : ", ") + field.name;
  }
  throw ValueError(text("Table: expected one of ", known, ", got \"", name, "\""));
}

NACRE_SETUP bool Table::is_category(std::string_view name) const { return find(name).is_category; }
NACRE_SETUP std::int64_t Table::missing(std::string_view name) const { return find(name).missing; }

NACRE_SETUP const std::vector<double>& Table::numbers(std::string_view name) const {
  const Field& field = find(name);
  require<ValueError>(!field.is_category, "Table: expected a column of numbers, got \"", name, "\", which has ",
                      field.categories.size(), " categories", field.categories.empty() ? "" : ", such as \"",
                      field.categories.empty() ? "" : field.categories.front(), field.categories.empty() ? "" : "\"");
  return field.numbers;
}

NACRE_SETUP const std::vector<std::string>& Table::categories(std::string_view name) const {
  const Field& field = find(name);
  require<ValueError>(field.is_category, "Table: expected a column of categories, got \"", name,
                      "\", which has numbers; name it in .categories where it is read");
  return field.categories;
}

NACRE_SETUP const std::vector<std::int32_t>& Table::codes(std::string_view name) const {
  static_cast<void>(categories(name));
  return find(name).codes;
}

NACRE_SETUP std::vector<std::string> Table::texts(std::string_view name) const {
  const std::vector<std::string>& all = categories(name);
  std::vector<std::string> found;
  for (const std::int32_t code : codes(name)) found.push_back(code < 0 ? "" : all[static_cast<std::size_t>(code)]);
  return found;
}

NACRE_SETUP Table Table::fill_missing(std::string_view name, double value) const {
  static_cast<void>(numbers(name));
  Table result = *this;
  for (Field& field : result.fields_) {
    if (field.name != name) continue;
    for (double& number : field.numbers) {
      if (std::isnan(number)) number = value;
    }
    field.missing = 0;
  }
  return result;
}

NACRE_SETUP Table Table::drop_missing(const std::vector<std::string>& among) const {
  std::vector<char> keep(static_cast<std::size_t>(rows_), 1);
  for (const std::string& name : among.empty() ? names() : among) {
    const Field& field = find(name);
    for (std::size_t row = 0; row < keep.size(); ++row) {
      if (field.is_category ? field.codes[row] < 0 : std::isnan(field.numbers[row])) keep[row] = 0;
    }
  }
  Table result = *this;
  result.rows_ = std::count(keep.begin(), keep.end(), char{1});
  for (Field& field : result.fields_) {
    const auto kept = [&](auto& values) {
      std::size_t place = 0;
      for (std::size_t row = 0; row < values.size(); ++row) {
        if (keep[row] != 0) values[place++] = values[row];
      }
      values.resize(place);
    };
    kept(field.numbers);
    kept(field.codes);
    field.missing = std::count(field.codes.begin(), field.codes.end(), -1) +
                    std::count_if(field.numbers.begin(), field.numbers.end(), [](double x) { return std::isnan(x); });
  }
  return result;
}

NACRE_SETUP double Table::value(const Field& field, std::int64_t row) const {
  const auto at = static_cast<std::size_t>(row);
  return field.is_category ? field.codes[at] : field.numbers[at];
}

NACRE_SETUP Column Table::features(const std::vector<std::string>& names) const {
  require<ValueError>(!names.empty(), "Table: expected one column of features or more, got none");
  const auto width = static_cast<std::int64_t>(names.size());
  std::vector<double> values(static_cast<std::size_t>(rows_ * width));
  for (std::int64_t k = 0; k < width; ++k) {
    const Field& field = find(names[static_cast<std::size_t>(k)]);
    for (std::int64_t row = 0; row < rows_; ++row)
      values[static_cast<std::size_t>(row * width + k)] = value(field, row);
  }
  return Column(std::move(values), rows_, {width});
}

NACRE_SETUP Column Table::column(std::string_view name) const {
  const Field& field = find(name);
  return field.is_category ? Column(field.codes, rows_, Shape{}) : Column(field.numbers, rows_, Shape{});
}

NACRE_SETUP Dataset Table::dataset(const std::vector<std::string>& names, std::string_view target) const {
  require<ValueError>(missing(target) == 0, "Table: expected a target in each row, but \"", target, "\" lacks ",
                      missing(target), "; call drop_missing({\"", target, "\"}) before");
  return Dataset(features(names), column(target));
}

NACRE_SETUP Table csv_from_text(std::string_view text, const CsvOptions& options, const std::string& name) {
  require<ValueError>(options.skip_rows >= 0, "csv: expected skip_rows of 0 or more, got ", options.skip_rows);
  require<ValueError>(options.separator != '"' && options.separator != '\n' && options.separator != '\r',
                      "csv: expected a separator that is no quote and no end of a line");
  return TableReader(text, options, name).read();
}

NACRE_SETUP Table csv(const std::filesystem::path& path, const CsvOptions& options) {
  const std::vector<std::uint8_t> bytes = detail::read_bytes(path, options.max_bytes);
  return csv_from_text({reinterpret_cast<const char*>(bytes.data()), bytes.size()}, options, path.string());
}

}  // namespace nacre::datasets
