#pragma once
// The bodies of npy.hpp: how arrays are read.

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <limits>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <nacre/core/error.hpp>
#include <nacre/core/shape.hpp>
#include <nacre/datasets/byte_reader.hpp>
#include <nacre/datasets/mapped_file.hpp>
#include <nacre/datasets/npy.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE::datasets {

namespace detail {

static_assert(std::endian::native == std::endian::little,
              "arrays are stored in little-endian order, as this machine's");

/// What an array's header says.
struct NpyHeader {
  char kind = 'f';        ///< 'b', 'i', 'u' or 'f'
  std::size_t bytes = 4;  ///< of a number
  bool fortran_order = false;
  Shape extents{};
  std::size_t size = 0;  ///< bytes before the first number

  std::string type() const {
    return text(kind == 'b' ? "bool" : kind == 'i' ? "int" : kind == 'u' ? "uint" : "float", bytes * 8);
  }
};

/// Reads the Python dictionary of a header: {'descr': '<f4', 'fortran_order': False, 'shape': (3, 4), }.
class NpyDictionary {
 public:
  NpyDictionary(std::string_view written, const std::string& name) : rest_(written), name_(name) {}

  void read(NpyHeader& header) {
    bool seen[3] = {};
    expect('{');
    while (!take('}')) {
      const std::string_view key = quoted();
      expect(':');
      if (key == "descr") {
        seen[0] = true;
        read_type(header);
      } else if (key == "fortran_order") {
        seen[1] = true;
        header.fortran_order = read_bool();
      } else if (key == "shape") {
        seen[2] = true;
        read_shape(header.extents);
      } else {
        fail(text("the key \"", key, "\""));
      }
      if (!take(',')) {
        expect('}');
        break;
      }
    }
    if (!seen[0] || !seen[1] || !seen[2]) fail("not all of descr, fortran_order and shape");
  }

 private:
  [[noreturn]] void fail(const std::string& found) const {
    throw FormatError(
        text(name_, ": expected an array's header {'descr': ..., 'fortran_order': ..., 'shape': ...}, found ", found));
  }

  void skip_spaces() {
    while (!rest_.empty() && (rest_.front() == ' ' || rest_.front() == '\n')) rest_.remove_prefix(1);
  }
  bool take(char expected) {
    skip_spaces();
    if (rest_.empty() || rest_.front() != expected) return false;
    rest_.remove_prefix(1);
    return true;
  }
  void expect(char expected) {
    if (!take(expected)) fail(rest_.empty() ? "its end" : text("\"", rest_.substr(0, 20), "\""));
  }
  std::string_view quoted() {
    skip_spaces();
    const char quote = rest_.empty() ? ' ' : rest_.front();
    if (quote != '\'' && quote != '"') expect('\'');
    const std::size_t end = rest_.find(quote, 1);
    if (end == std::string_view::npos) fail("a text without an end");
    const std::string_view found = rest_.substr(1, end - 1);
    rest_.remove_prefix(end + 1);
    return found;
  }

  void read_type(NpyHeader& header) {
    skip_spaces();
    require<FormatError>(rest_.empty() || rest_.front() != '[', name_,
                         ": expected an array of numbers, found one of structures; save its fields one by one");
    const std::string_view type = quoted();
    const char order = type.empty() ? ' ' : type[0];
    const char kind = type.size() == 3 ? type[1] : ' ';
    const auto bytes =
        type.size() == 3 && type[2] >= '1' && type[2] <= '8' ? static_cast<std::size_t>(type[2] - '0') : 0;
    const bool known = (kind == 'b' && bytes == 1) ||
                       ((kind == 'i' || kind == 'u') && (bytes == 1 || bytes == 2 || bytes == 4 || bytes == 8)) ||
                       (kind == 'f' && (bytes == 2 || bytes == 4 || bytes == 8));
    require<FormatError>(!known || order == '<' || order == '|' || (order == '='), name_,
                         ": expected numbers in little-endian order, found \"", type,
                         "\"; save x.astype(x.dtype.newbyteorder('<'))");
    require<FormatError>(known, name_,
                         ": expected bool, int8 to int64, uint8 to uint64, float16, float32 or float64, found \"", type,
                         "\"; convert it by astype before it is saved");
    header.kind = kind;
    header.bytes = bytes;
  }

  bool read_bool() {
    skip_spaces();
    for (const bool value : {true, false}) {
      const std::string_view word = value ? "True" : "False";
      if (rest_.substr(0, word.size()) != word) continue;
      rest_.remove_prefix(word.size());
      return value;
    }
    fail("no True or False");
  }

  void read_shape(Shape& extents) {
    expect('(');
    while (!take(')')) {
      skip_spaces();
      std::int64_t extent = 0;
      std::size_t digits = 0;
      for (; digits < rest_.size() && rest_[digits] >= '0' && rest_[digits] <= '9'; ++digits) {
        if (digits >= 15) fail("an extent beyond all memory");
        extent = 10 * extent + (rest_[digits] - '0');
      }
      if (digits == 0) fail("a shape that is none");
      rest_.remove_prefix(digits);
      if (!rest_.empty() && rest_.front() == 'L') rest_.remove_prefix(1);  // as Python 2 wrote
      require<FormatError>(extents.rank() < Shape::max_rank, name_, ": expected at most ", Shape::max_rank,
                           " dimensions, found more");
      extents.push_back(extent);
      if (!take(',')) {
        expect(')');
        break;
      }
    }
  }

  std::string_view rest_;
  const std::string& name_;
};

/// Reads and checks the header of an array.
NACRE_SETUP NpyHeader read_npy_header(ByteReader& bytes) {
  constexpr std::size_t most = 65536;
  const std::string& name = bytes.name();
  std::uint8_t begin[8] = {};
  const std::size_t found = bytes.read(begin, 8);
  require<FormatError>(found == 8 && std::memcmp(begin, "\x93NUMPY", 6) == 0, name,
                       ": expected an array as numpy.save writes it, found ",
                       found < 8 ? text("only ", found, " bytes") : std::string("something else"));
  require<FormatError>(begin[6] >= 1 && begin[6] <= 3, name, ": expected version 1, 2 or 3 of the format, found ",
                       static_cast<int>(begin[6]));
  const std::size_t length_bytes = begin[6] == 1 ? 2 : 4;
  std::uint8_t length[4] = {};
  const bool whole = bytes.read(length, length_bytes) == length_bytes;
  const std::size_t size = std::size_t{length[0]} | std::size_t{length[1]} << 8 | std::size_t{length[2]} << 16 |
                           std::size_t{length[3]} << 24;
  require<FormatError>(whole && size <= most, name, ": expected a header of at most ", most, " bytes, found ",
                       whole ? text(size) : std::string("the end of the file"));
  std::string written(size, '\0');
  require<FormatError>(bytes.read(reinterpret_cast<std::uint8_t*>(written.data()), size) == size, name,
                       ": expected a header of ", size, " bytes, found the end of the file");
  NpyHeader header;
  NpyDictionary(written, name).read(header);
  header.size = 8 + length_bytes + size;
  require<FormatError>(!header.extents.empty(), name, ": expected samples along the first axis, found a single number");
  for (const std::int64_t extent : header.extents) {
    require<FormatError>(extent > 0, name, ": expected extents of 1 or more, found ", header.extents);
  }
  return header;
}

/// The bytes of an array's numbers, if these are as many as the header says and may be that many.
NACRE_SETUP std::size_t require_npy_size(const NpyHeader& header, const ByteReader& bytes, std::int64_t max_bytes) {
  std::uint64_t size = header.bytes;
  bool too_large = false;
  for (const std::int64_t extent : header.extents) {
    too_large = too_large || size > (std::uint64_t{1} << 62) / static_cast<std::uint64_t>(extent);
    if (!too_large) size *= static_cast<std::uint64_t>(extent);
  }
  const std::uint64_t there = bytes.most() - std::min<std::uint64_t>(bytes.most(), header.size);
  require<FormatError>(!too_large && size <= there && (!bytes.exact() || size == there), bytes.name(), ": expected ",
                       too_large ? std::string("too many") : text(size), " bytes for ", header.extents, " of ",
                       header.type(), ", found ", bytes.exact() ? "" : "a file that can hold at most ", there);
  require<FormatError>(size <= static_cast<std::uint64_t>(std::max<std::int64_t>(max_bytes, 0)), bytes.name(),
                       ": expected at most ", max_bytes, " bytes, found ", size, " for ", header.extents, " of ",
                       header.type(), "; raise max_bytes if this is meant");
  return static_cast<std::size_t>(size);
}

/// A float16 number's value: IEEE 754-2008, 3.6.
inline float from_half(std::uint16_t half) {
  const std::uint32_t sign = (half & 0x8000u) << 16;
  const std::uint32_t exponent = half >> 10 & 0x1Fu;
  const std::uint32_t fraction = half & 0x3FFu;
  if (exponent == 0) {
    const float value = static_cast<float>(fraction) * 0x1p-24f;
    return sign != 0 ? -value : value;
  }
  return std::bit_cast<float>(sign | (exponent == 31 ? 0x7F800000u : (exponent + 112) << 23) | fraction << 13);
}

/// Numbers in C's order of those in Fortran's.
template <class S>
void from_fortran_order(const Shape& extents, const S* from, S* to) {
  std::int64_t index[Shape::max_rank] = {};
  std::int64_t stride[Shape::max_rank] = {};
  std::int64_t product = 1;
  for (std::size_t axis = 0; axis < extents.rank(); ++axis) {
    stride[axis] = product;
    product *= extents[axis];
  }
  std::int64_t place = 0;
  for (std::int64_t i = 0; i < product; ++i) {
    to[i] = from[place];
    for (std::size_t axis = extents.rank(); axis-- > 0;) {
      place += stride[axis];
      if (++index[axis] < extents[axis]) break;
      place -= stride[axis] * extents[axis];
      index[axis] = 0;
    }
  }
}

/// A column of numbers that are of a stored type as they lie.
template <class S>
Column npy_column(const NpyHeader& header, const std::shared_ptr<const std::uint8_t[]>& bytes) {
  const S* numbers = reinterpret_cast<const S*>(bytes.get());
  const std::int64_t count = header.extents.front();
  if (!header.fortran_order || header.extents.rank() == 1) {
    return Column(bytes, numbers, count, header.extents.from(1));
  }
  std::vector<S> ordered(static_cast<std::size_t>(header.extents.size()));
  from_fortran_order(header.extents, numbers, ordered.data());
  return Column(std::move(ordered), count, header.extents.from(1));
}

/// A column of numbers converted one by one.
template <class Stored, class S, class Convert>
Column converted_npy(const NpyHeader& header, const std::uint8_t* bytes, const Convert& convert) {
  const S* numbers = reinterpret_cast<const S*>(bytes);
  const auto size = static_cast<std::size_t>(header.extents.size());
  std::vector<Stored> values(size);
  std::transform(numbers, numbers + size, values.begin(), convert);
  if (header.fortran_order && header.extents.rank() > 1) {
    std::vector<Stored> ordered(size);
    from_fortran_order(header.extents, values.data(), ordered.data());
    values = std::move(ordered);
  }
  return Column(std::move(values), header.extents.front(), header.extents.from(1));
}

/// Whole numbers as int32 where all fit, otherwise as double.
template <class S>
Column whole_npy(const NpyHeader& header, const std::uint8_t* bytes) {
  const S* numbers = reinterpret_cast<const S*>(bytes);
  const bool fits = std::all_of(numbers, numbers + header.extents.size(),
                                [](S number) { return std::in_range<std::int32_t>(number); });
  if (fits)
    return converted_npy<std::int32_t, S>(header, bytes, [](S number) { return static_cast<std::int32_t>(number); });
  return converted_npy<double, S>(header, bytes, [](S number) { return static_cast<double>(number); });
}

/// The column of an array whose numbers are in memory.
NACRE_SETUP Column npy_from_memory(const NpyHeader& header, const std::shared_ptr<const std::uint8_t[]>& bytes) {
  const std::uint8_t* raw = bytes.get();
  if (header.kind == 'f') {
    if (header.bytes == 4) return npy_column<float>(header, bytes);
    if (header.bytes == 8) return npy_column<double>(header, bytes);
    return converted_npy<float, std::uint16_t>(header, raw, from_half);
  }
  if (header.kind == 'b')
    return converted_npy<std::uint8_t, std::uint8_t>(header, raw,
                                                     [](std::uint8_t byte) { return std::uint8_t{byte != 0}; });
  const bool is_signed = header.kind == 'i';
  switch (header.bytes) {
    case 1:
      return is_signed ? whole_npy<std::int8_t>(header, raw) : npy_column<std::uint8_t>(header, bytes);
    case 2:
      return is_signed ? whole_npy<std::int16_t>(header, raw) : whole_npy<std::uint16_t>(header, raw);
    case 4:
      return is_signed ? npy_column<std::int32_t>(header, bytes) : whole_npy<std::uint32_t>(header, raw);
    default:
      return is_signed ? whole_npy<std::int64_t>(header, raw) : whole_npy<std::uint64_t>(header, raw);
  }
}

/// The array that a reader stands at the beginning of, up to its end.
NACRE_SETUP Column read_npy(ByteReader& bytes, std::int64_t max_bytes) {
  const NpyHeader header = read_npy_header(bytes);
  const std::size_t size = require_npy_size(header, bytes, max_bytes);
  // Not filled with zeros: systems hand memory out as it is written to, and so it grows with what the file really
  // holds.
  const std::shared_ptr<std::uint8_t[]> values(new std::uint8_t[size]);
  const std::size_t found = bytes.read(values.get(), size);
  std::uint8_t more = 0;
  require<FormatError>(found == size && bytes.read(&more, 1) == 0, bytes.name(), ": expected ", size, " bytes for ",
                       header.extents, " of ", header.type(), ", found ",
                       found == size ? "more" : text("only ", found));
  return npy_from_memory(header, values);
}

/// The array of a file whose numbers stay there.
NACRE_SETUP Column map_npy(const std::filesystem::path& path) {
  const auto file = std::make_shared<const MappedFile>(path);
  require<FormatError>(file->size() < 2 || file->bytes()[0] != 0x1F || file->bytes()[1] != 0x8B, file->name(),
                       ": expected a plain file, which can be mapped, found a gzipped one; unpack it with gunzip, or "
                       "read it without .mapped");
  MemoryBytes bytes(file->name(), file->bytes(), file->size());
  const NpyHeader header = read_npy_header(bytes);
  static_cast<void>(require_npy_size(header, bytes, std::numeric_limits<std::int64_t>::max()));
  const bool stored = header.kind == 'f'
                          ? header.bytes >= 4
                          : (header.kind == 'u' && header.bytes == 1) || (header.kind == 'i' && header.bytes == 4);
  require<ValueError>(
      stored && (!header.fortran_order || header.extents.rank() == 1) && header.size % header.bytes == 0, file->name(),
      ": expected numbers of uint8, int32, float32 or float64 in C's order, which can be mapped, found ", header.type(),
      header.fortran_order ? " in Fortran's order" : "", "; read it without .mapped");
  return npy_from_memory(header, std::shared_ptr<const std::uint8_t[]>(file, file->bytes() + header.size));
}

}  // namespace detail

NACRE_SETUP Column npy(const std::filesystem::path& path, const NpyOptions& options) {
  if (options.mapped) return detail::map_npy(path);
  detail::FileBytes bytes(path);
  return detail::read_npy(bytes, options.max_bytes);
}

}  // namespace nacre::datasets
