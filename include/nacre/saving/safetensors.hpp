#pragma once
// The safetensors format: named tensors and named texts in one file. https://github.com/huggingface/safetensors
//
// A file is the header's length as 8 bytes, little-endian; the header, a JSON object that says of each tensor its
// dtype, shape and place, with texts under "__metadata__"; and the tensors' elements, little-endian, row-major, without
// gaps.

#include <algorithm>
#include <array>
#include <bit>
#include <cerrno>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <limits>
#include <map>
#include <string>
#include <string_view>
#include <system_error>
#include <type_traits>
#include <utility>
#include <vector>

#include <nacre/core/config.hpp>
#include <nacre/core/error.hpp>
#include <nacre/core/shape.hpp>
#include <nacre/core/atomic_file.hpp>
#include <nacre/saving/json.hpp>

namespace nacre {

/// The largest header that the format allows, in bytes.
inline constexpr std::uint64_t safetensors_max_header = 100'000'000;

/// A tensor in a safetensors file.
struct SafetensorsEntry {
  std::string dtype;        ///< "F32", "F64", ...
  Shape shape;              ///<
  std::uint64_t first = 0;  ///< where its bytes begin, counted from the end of the header
  std::uint64_t last = 0;   ///< and end
};

/// The format's name for the elements of a tensor of `T`.
template <class T>
constexpr std::string_view safetensors_dtype() {
  static_assert(std::is_same_v<T, float> || std::is_same_v<T, double>);
  return std::is_same_v<T, float> ? "F32" : "F64";
}

namespace detail {

/// Bytes of an element of that dtype; 0 for a dtype that is not known.
inline std::uint64_t safetensors_bytes(std::string_view dtype) {
  using Known = std::pair<std::string_view, std::uint64_t>;
  static constexpr std::array known{Known{"F64", 8},     Known{"I64", 8}, Known{"U64", 8}, Known{"F32", 4},
                                    Known{"I32", 4},     Known{"U32", 4}, Known{"F16", 2}, Known{"BF16", 2},
                                    Known{"I16", 2},     Known{"U16", 2}, Known{"I8", 1},  Known{"F8_E5M2", 1},
                                    Known{"F8_E4M3", 1}, Known{"U8", 1},  Known{"BOOL", 1}};
  for (const auto& [name, bytes] : known) {
    if (name == dtype) return bytes;
  }
  return 0;
}

/// Turns each `width` bytes around, which makes little-endian elements of big-endian ones and the other way round.
inline void reverse_elements(char* bytes, std::size_t size, std::size_t width) {
  for (std::size_t i = 0; i + width <= size; i += width) std::reverse(bytes + i, bytes + i + width);
}

inline constexpr bool is_little_endian = std::endian::native == std::endian::little;

}  // namespace detail

// ---- reading --------------------------------------------------------------------------------------------------------

/// A safetensors file, opened for reading. The whole header is checked before anything is read: each tensor lies in the
/// file, is as long as its shape says, and begins where the one before it ends.
class SafetensorsReader {
 public:
  /// Throws FileError where the file is not there or cannot be read, FormatError, saying what was expected and found,
  /// for what is not a safetensors file.
  template <std::convertible_to<std::filesystem::path> Path>  // a template, as all that reads JSON
  explicit SafetensorsReader(const Path& place) : SafetensorsReader() {
    const std::filesystem::path path = place;
    name_ = path.string();
    std::error_code error;
    const std::filesystem::file_status status = std::filesystem::status(path, error);
    require<FileError>(std::filesystem::exists(status), name_,
                       ": cannot be opened: ", error ? error.message() : "No such file or directory");
    require<FileError>(std::filesystem::is_regular_file(status), name_, ": expected a file, found a folder or device");
    errno = 0;
    file_.open(path, std::ios::binary | std::ios::ate);
    require<FileError>(file_.is_open(), name_, ": cannot be opened",
                       errno != 0 ? ": " + std::generic_category().message(errno) : "");
    const auto size = static_cast<std::int64_t>(file_.tellg());
    require<FileError>(size >= 0, name_, ": cannot be read");
    read_header(static_cast<std::uint64_t>(size));
  }

  /// The path, for messages.
  const std::string& name() const { return name_; }

  /// The texts by name.
  const std::map<std::string, std::string>& metadata() const { return metadata_; }

  /// The tensors by name.
  const std::map<std::string, SafetensorsEntry>& tensors() const { return tensors_; }

  /// Reads a tensor of F32 or F64 elements to `out`, which takes `shape.size()` of them; converts where `T` is the
  /// other one. Throws ValueError for a name that is not there, FormatError for another dtype, FileError where the
  /// system cannot read.
  template <class T>
  void read(const std::string& tensor, T* out) {
    const SafetensorsEntry& entry = find(tensor);
    const auto count = static_cast<std::size_t>(entry.shape.size());
    seek(entry);
    if (entry.dtype == safetensors_dtype<T>()) {
      read_elements(out, count);
    } else if (entry.dtype == "F32") {
      convert<float>(out, count);
    } else if (entry.dtype == "F64") {
      convert<double>(out, count);
    } else {
      throw FormatError(text(name_, ": tensor \"", tensor, "\": expected dtype F32 or F64, found ", entry.dtype));
    }
  }

 private:
  SafetensorsReader() = default;

  const SafetensorsEntry& find(const std::string& tensor) const {
    const auto found = tensors_.find(tensor);
    require<ValueError>(found != tensors_.end(), name_, ": has no tensor \"", tensor, "\"");
    return found->second;
  }

  void seek(const SafetensorsEntry& entry) { file_.seekg(static_cast<std::streamoff>(data_begin_ + entry.first)); }

  void read_bytes(char* out, std::size_t size) {
    file_.read(out, static_cast<std::streamsize>(size));
    require<FileError>(file_.good(), name_, ": cannot be read to its end");
  }

  template <class From>
  void read_elements(From* out, std::size_t count) {
    char* bytes = reinterpret_cast<char*>(out);
    read_bytes(bytes, count * sizeof(From));
    if constexpr (!detail::is_little_endian) detail::reverse_elements(bytes, count * sizeof(From), sizeof(From));
  }

  template <class From, class T>
  void convert(T* out, std::size_t count) {
    std::array<From, 4096> part;
    for (std::size_t done = 0; done < count; done += part.size()) {
      const std::size_t some = std::min(part.size(), count - done);
      read_elements(part.data(), some);
      std::transform(part.data(), part.data() + some, out + done, [](From value) { return static_cast<T>(value); });
    }
  }

  template <class... Parts>
  void check(bool condition, const Parts&... parts) const {
    require<FormatError>(condition, name_, ": ", parts...);
  }

  template <class = void>
  void read_header(std::uint64_t file_size) {
    check(file_size >= 8, "expected a safetensors file of at least 8 bytes, found ", file_size);
    std::array<unsigned char, 8> bytes{};
    file_.seekg(0);
    read_bytes(reinterpret_cast<char*>(bytes.data()), bytes.size());
    std::uint64_t length = 0;
    for (std::size_t i = bytes.size(); i-- > 0;) length = length << 8 | bytes[i];
    check(length <= safetensors_max_header, "expected a header of at most ", safetensors_max_header, " bytes, found ",
          length, "; is this a safetensors file?");
    check(length <= file_size - 8, "expected a header of ", length, " bytes, found ", file_size - 8,
          " to the file's end; the file was cut off, or is no safetensors file");
    std::string header(static_cast<std::size_t>(length), ' ');
    read_bytes(header.data(), header.size());
    check(!header.empty() && header.front() == '{', "expected a header that begins with {, found another character");
    data_begin_ = 8 + length;
    const ConfigValue parsed = from_json_text(header, name_ + ": header");
    read_entries(object(parsed, "header"));
    check_places(file_size - data_begin_);
  }

  const Config& object(const ConfigValue& value, std::string_view what) const {
    const auto* config = value.get_if<Config>();
    check(config != nullptr && config->class_name.empty(), what, ": expected an object, found ", detail::brief(value));
    return *config;
  }

  void read_entries(const Config& header) {
    for (const ConfigEntry& entry : header.entries) {
      if (entry.name == "__metadata__") {
        for (const auto& [name, value] : object(entry.value, "__metadata__").entries) {
          const auto* content = value.get_if<std::string>();
          check(content != nullptr, "__metadata__ \"", name, "\": expected a text, found ", detail::brief(value));
          metadata_.emplace(name, *content);
        }
      } else {
        const std::string what = "tensor \"" + entry.name + "\"";
        tensors_.emplace(entry.name, read_entry(object(entry.value, what), what));
      }
    }
  }

  const ConfigValue& member(const Config& config, std::string_view member_name, const std::string& what) const {
    const ConfigValue* found = config.find(member_name);
    check(found != nullptr, what, ": expected \"", member_name, "\", found none");
    return *found;
  }

  std::vector<std::int64_t> numbers(const ConfigValue& value, const std::string& what) const {
    std::vector<std::int64_t> result;
    const auto* list = value.get_if<ConfigList>();
    check(list != nullptr, what, ": expected a list, found ", detail::brief(value));
    for (const ConfigValue& element : *list) {
      const auto* number = element.get_if<std::int64_t>();
      check(number != nullptr && *number >= 0, what, ": expected whole numbers of 0 or more, found ",
            detail::brief(element));
      result.push_back(*number);
    }
    return result;
  }

  SafetensorsEntry read_entry(const Config& config, const std::string& what) const {
    SafetensorsEntry entry;
    const ConfigValue& dtype = member(config, "dtype", what);
    const auto* dtype_name = dtype.get_if<std::string>();
    check(dtype_name != nullptr, what, ": dtype: expected a text, found ", detail::brief(dtype));
    entry.dtype = *dtype_name;
    std::uint64_t bytes = detail::safetensors_bytes(entry.dtype);
    check(bytes > 0, what, ": dtype: expected F32, F64 or another of the format's, found ", detail::brief(dtype));

    const std::vector<std::int64_t> extents = numbers(member(config, "shape", what), what + ": shape");
    check(extents.size() <= Shape::max_rank, what, ": expected at most ", Shape::max_rank, " dimensions, found ",
          extents.size());
    for (std::int64_t extent : extents) {
      entry.shape.push_back(extent);
      const auto factor = static_cast<std::uint64_t>(extent);
      check(factor == 0 || bytes <= std::uint64_t(std::numeric_limits<std::int64_t>::max()) / 2 / factor, what,
            ": shape: expected fewer elements, found ", entry.shape);
      bytes *= factor;
    }

    const std::vector<std::int64_t> offsets = numbers(member(config, "data_offsets", what), what + ": data_offsets");
    check(offsets.size() == 2 && offsets[0] <= offsets[1], what, ": data_offsets: expected a begin and an end, found ",
          detail::brief(to_config_value(offsets)));
    entry.first = static_cast<std::uint64_t>(offsets[0]);
    entry.last = static_cast<std::uint64_t>(offsets[1]);
    check(entry.last - entry.first == bytes, what, ": expected ", bytes, " bytes for ", entry.dtype, " of shape ",
          entry.shape, ", found ", entry.last - entry.first);
    return entry;
  }

  void check_places(std::uint64_t data_size) const {
    std::vector<std::pair<const SafetensorsEntry*, const std::string*>> order;
    for (const auto& [name, entry] : tensors_) order.push_back({&entry, &name});
    std::sort(order.begin(), order.end(), [](const auto& a, const auto& b) {
      return std::pair(a.first->first, a.first->last) < std::pair(b.first->first, b.first->last);
    });
    std::uint64_t end = 0;
    for (const auto& [entry, name] : order) {
      check(entry->first == end, "tensor \"", *name, "\": expected data from byte ", end, " on, found it from byte ",
            entry->first, " on: tensors must neither overlap nor leave gaps");
      end = entry->last;
    }
    check(end == data_size, "expected ", end, " bytes of tensors, found ", data_size,
          end > data_size ? "; the file was cut off" : "; there is something behind them");
  }

  std::string name_;
  std::ifstream file_;
  std::uint64_t data_begin_ = 0;
  std::map<std::string, std::string> metadata_;
  std::map<std::string, SafetensorsEntry> tensors_;
};

// ---- writing --------------------------------------------------------------------------------------------------------

/// A tensor to be written: its name, and its elements where they lie.
struct SafetensorsTensor {
  std::string name;
  std::string_view dtype;
  Shape shape;
  const void* data;

  /// @param elements `extents.size()` of them, row-major; they must stay in place until they are written.
  template <class T>
  SafetensorsTensor(std::string tensor, const Shape& extents, const T* elements)
      : name(std::move(tensor)), dtype(safetensors_dtype<T>()), shape(extents), data(elements) {}

  std::uint64_t bytes() const { return static_cast<std::uint64_t>(shape.size()) * detail::safetensors_bytes(dtype); }
};

namespace detail {

/// The header's text, with spaces behind it so that the data begins at a multiple of 8 bytes.
template <class = void>
std::string safetensors_header(const std::map<std::string, std::string>& metadata,
                               const std::vector<SafetensorsTensor>& tensors) {
  Config header;
  if (!metadata.empty()) {
    Config texts;
    for (const auto& [name, content] : metadata) texts.entries.push_back({name, content});
    header.entries.push_back({"__metadata__", std::move(texts)});
  }
  std::vector<std::string_view> names{"__metadata__"};
  std::uint64_t end = 0;
  for (const SafetensorsTensor& tensor : tensors) {
    const std::uint64_t begin = std::exchange(end, end + tensor.bytes());
    header.entries.push_back(
        {tensor.name, Config("", {{"dtype", std::string(tensor.dtype)},
                                  {"shape", to_config_value(tensor.shape)},
                                  {"data_offsets", ConfigList{to_config_value(begin), to_config_value(end)}}})});
    names.push_back(tensor.name);
  }
  std::sort(names.begin(), names.end());
  const auto twice = std::adjacent_find(names.begin(), names.end());
  if (twice != names.end()) throw ValueError(text("expected tensors of different names, got \"", *twice, "\" twice"));
  std::string result = to_json_text(header);
  result.resize((result.size() + 7) / 8 * 8, ' ');
  require<ValueError>(result.size() <= safetensors_max_header, "expected a header of at most ", safetensors_max_header,
                      " bytes, got ", result.size());
  return result;
}

}  // namespace detail

/// Writes texts and tensors as a safetensors file; one that is there under that name stays whole until the new one is.
/// Throws FileError where it cannot be written, ValueError for two tensors of one name or a text that is not UTF-8.
template <class = void>
void write_safetensors(const std::filesystem::path& path, const std::map<std::string, std::string>& metadata,
                       const std::vector<SafetensorsTensor>& tensors) {
  std::string header;
  try {
    header = detail::safetensors_header(metadata, tensors);
  } catch (const ValueError& error) {
    throw ValueError(text(path.string(), ": cannot be written: ", error.what()));
  }
  AtomicFile file(path);
  std::array<char, 8> length{};
  for (std::size_t i = 0; i < length.size(); ++i) length[i] = static_cast<char>(header.size() >> (8 * i) & 0xFF);
  file.write(length.data(), length.size());
  file.write(header);
  for (const SafetensorsTensor& tensor : tensors) {
    const auto size = static_cast<std::size_t>(tensor.bytes());
    if constexpr (detail::is_little_endian) {
      file.write(tensor.data, size);
    } else {
      std::vector<char> swapped(size);
      if (size > 0) std::memcpy(swapped.data(), tensor.data, size);
      detail::reverse_elements(swapped.data(), size, static_cast<std::size_t>(detail::safetensors_bytes(tensor.dtype)));
      file.write(swapped.data(), size);
    }
  }
  file.commit();
}

}  // namespace nacre
