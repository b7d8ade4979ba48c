#pragma once
// The bodies of safetensors.hpp: headers checked and written, elements brought into the machine's order.

#include <algorithm>
#include <array>
#include <bit>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <limits>
#include <map>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include <nacre/core/error.hpp>
#include <nacre/core/atomic_file.hpp>
#include <nacre/core/list.hpp>
#include <nacre/core/sorted.hpp>
#include <nacre/saving/json.hpp>
#include <nacre/saving/safetensors.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

namespace detail {

/// Bytes of an element of that dtype; 0 for a dtype that is not known.
NACRE_SETUP std::uint64_t safetensors_bytes(std::string_view dtype) {
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
NACRE_SETUP void reverse_elements(char* bytes, std::size_t size, std::size_t width) {
  for (std::size_t i = 0; i + width <= size; i += width) std::reverse(bytes + i, bytes + i + width);
}

inline constexpr bool is_little_endian = std::endian::native == std::endian::little;

}  // namespace detail

// ---- reading --------------------------------------------------------------------------------------------------------

template <class... Parts>
void SafetensorsReader::check(bool condition, const Parts&... parts) const {
  require<FormatError>(condition, name_, ": ", parts...);
}

/// Takes the header's members as they are read.
class SafetensorsReader::Header final : public detail::JsonMembers {
 public:
  explicit Header(SafetensorsReader& reader) : reader_(reader) {}

  void member(std::string name, ConfigValue value) override {
    if (name == "__metadata__") {
      reader_.check(!has_texts_, "header: expected different names in an object, found \"__metadata__\" twice");
      has_texts_ = true;
      reader_.read_texts(value);
      return;
    }
    SafetensorsEntry entry = reader_.read_entry(value, "tensor \"" + name + "\"");
    const auto [place, is_new] = reader_.tensors_.emplace(std::move(name), std::move(entry));
    reader_.check(is_new, "header: expected different names in an object, found \"", detail::brief(place->first),
                  "\" twice");
  }

 private:
  SafetensorsReader& reader_;
  bool has_texts_ = false;
};

template <class>
SafetensorsReader::SafetensorsReader(const std::filesystem::path& path, const SafetensorsLimits& limits) {
  open(path);
  {
    const std::string text = read_header(limits.header_bytes);
    Header header(*this);
    detail::read_json_members(text, name_ + ": header", header, {.values = limits.texts + 1});
  }
  check_places();
}

NACRE_SETUP void SafetensorsReader::open(const std::filesystem::path& path) {
  name_ = path.string();
  std::error_code error;
  const std::filesystem::file_status status = std::filesystem::status(path, error);
  require<FileError>(std::filesystem::exists(status), name_,
                     ": cannot be opened: ", error ? error.message() : "No such file or directory");
  require<FileError>(std::filesystem::is_regular_file(status), name_, ": expected a file, found a folder or device");
  errno = 0;
  file_.reset(std::fopen(path.c_str(), "rbe"));
  require<FileError>(file_ != nullptr, name_, ": cannot be opened",
                     errno != 0 ? ": " + std::generic_category().message(errno) : "");
  file_size_ = std::filesystem::file_size(path, error);
  require<FileError>(!error, name_, ": cannot be read");
}

NACRE_SETUP std::string SafetensorsReader::read_header(std::uint64_t longest) {
  check(file_size_ >= 8, "expected a safetensors file of at least 8 bytes, found ", file_size_);
  std::array<unsigned char, 8> bytes{};
  read_bytes(reinterpret_cast<char*>(bytes.data()), bytes.size());
  std::uint64_t length = 0;
  for (std::size_t i = bytes.size(); i-- > 0;) length = length << 8 | bytes[i];
  check(length <= longest, "expected a header of at most ", longest, " bytes, found ", length,
        "; is this a safetensors file?");
  check(length <= file_size_ - 8, "expected a header of ", length, " bytes, found ", file_size_ - 8,
        " to the file's end; the file was cut off, or is no safetensors file");
  std::string header(static_cast<std::size_t>(length), ' ');
  read_bytes(header.data(), header.size());
  check(!header.empty() && header.front() == '{', "expected a header that begins with {, found another character");
  data_begin_ = 8 + length;
  return header;
}

NACRE_SETUP const Config& SafetensorsReader::object(const ConfigValue& value, std::string_view what) const {
  const auto* config = value.get_if<Config>();
  check(config != nullptr && config->class_name.empty(), what, ": expected an object, found ", detail::brief(value));
  return *config;
}

NACRE_SETUP void SafetensorsReader::read_texts(const ConfigValue& value) {
  for (const auto& [name, text] : object(value, "__metadata__").entries) {
    const auto* content = text.get_if<std::string>();
    check(content != nullptr, "__metadata__ \"", name, "\": expected a text, found ", detail::brief(text));
    metadata_.emplace(name, *content);
  }
}

NACRE_SETUP const ConfigValue& SafetensorsReader::member(const Config& config, std::string_view member_name,
                                                         const std::string& what) const {
  const ConfigValue* found = config.find(member_name);
  check(found != nullptr, what, ": expected \"", member_name, "\", found none");
  return *found;
}

NACRE_SETUP List<std::int64_t> SafetensorsReader::numbers(const ConfigValue& value, const std::string& what) const {
  List<std::int64_t> result;
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

NACRE_SETUP SafetensorsEntry SafetensorsReader::read_entry(const ConfigValue& value, const std::string& what) const {
  const Config& config = object(value, what);
  SafetensorsEntry entry;
  const ConfigValue& dtype = member(config, "dtype", what);
  const auto* dtype_name = dtype.get_if<std::string>();
  check(dtype_name != nullptr, what, ": dtype: expected a text, found ", detail::brief(dtype));
  entry.dtype = *dtype_name;
  std::uint64_t bytes = detail::safetensors_bytes(entry.dtype);
  check(bytes > 0, what, ": dtype: expected F32, F64 or another of the format's, found ", detail::brief(dtype));

  const List<std::int64_t> extents = numbers(member(config, "shape", what), what + ": shape");
  check(extents.size() <= Shape::max_rank, what, ": expected at most ", Shape::max_rank, " dimensions, found ",
        extents.size());
  for (std::int64_t extent : extents) {
    entry.shape.push_back(extent);
    const auto factor = static_cast<std::uint64_t>(extent);
    check(factor == 0 || bytes <= std::uint64_t(std::numeric_limits<std::int64_t>::max()) / 2 / factor, what,
          ": shape: expected fewer elements, found ", entry.shape);
    bytes *= factor;
  }

  const List<std::int64_t> offsets = numbers(member(config, "data_offsets", what), what + ": data_offsets");
  check(offsets.size() == 2 && offsets[0] <= offsets[1], what, ": data_offsets: expected a begin and an end, found ",
        detail::brief(to_config_value(offsets)));
  entry.first = static_cast<std::uint64_t>(offsets[0]);
  entry.last = static_cast<std::uint64_t>(offsets[1]);
  check(entry.last - entry.first == bytes, what, ": expected ", bytes, " bytes for ", entry.dtype, " of shape ",
        entry.shape, ", found ", entry.last - entry.first);
  return entry;
}

NACRE_SETUP void SafetensorsReader::check_places() const {
  const std::uint64_t data_size = file_size_ - data_begin_;
  List<const std::pair<const std::string, SafetensorsEntry>*> tensors;
  for (const auto& tensor : tensors_) tensors.push_back(&tensor);
  const List<std::size_t> order = sorted_order(tensors.size(), [&](std::size_t i, std::size_t k) {
    const SafetensorsEntry& a = tensors[i]->second;
    const SafetensorsEntry& b = tensors[k]->second;
    return a.first != b.first ? a.first < b.first : a.last < b.last;
  });
  std::uint64_t end = 0;
  for (const std::size_t i : order) {
    const auto& [name, entry] = *tensors[i];
    check(entry.first == end, "tensor \"", name, "\": expected data from byte ", end, " on, found it from byte ",
          entry.first, " on: tensors must neither overlap nor leave gaps");
    end = entry.last;
  }
  check(end == data_size, "expected ", end, " bytes of tensors, found ", data_size,
        end > data_size ? "; the file was cut off" : "; there is something behind them");
}

template <class T>
void SafetensorsReader::read(const std::string& tensor, T* out) {
  const auto found = tensors_.find(tensor);
  require<ValueError>(found != tensors_.end(), name_, ": has no tensor \"", tensor, "\"");
  const SafetensorsEntry& entry = found->second;
  const auto count = static_cast<std::size_t>(entry.shape.size());
  const bool there = ::fseeko(file_.get(), static_cast<::off_t>(data_begin_ + entry.first), SEEK_SET) == 0;
  require<FileError>(there, name_, ": cannot be read to its end");
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

NACRE_SETUP void SafetensorsReader::read_bytes(char* out, std::size_t size) {
  require<FileError>(std::fread(out, 1, size, file_.get()) == size, name_, ": cannot be read to its end");
}

template <class From>
void SafetensorsReader::read_elements(From* out, std::size_t count) {
  char* bytes = reinterpret_cast<char*>(out);
  read_bytes(bytes, count * sizeof(From));
  if constexpr (!detail::is_little_endian) detail::reverse_elements(bytes, count * sizeof(From), sizeof(From));
}

template <class From, class T>
void SafetensorsReader::convert(T* out, std::size_t count) {
  std::array<From, 4096> part;
  for (std::size_t done = 0; done < count; done += part.size()) {
    const std::size_t some = std::min(part.size(), count - done);
    read_elements(part.data(), some);
    std::transform(part.data(), part.data() + some, out + done, [](From value) { return static_cast<T>(value); });
  }
}

// ---- writing --------------------------------------------------------------------------------------------------------

NACRE_SETUP std::string detail::safetensors_header(const std::map<std::string, std::string>& metadata,
                                                   const List<SafetensorsTensor>& tensors) {
  Config header;
  if (!metadata.empty()) {
    Config texts;
    for (const auto& [name, content] : metadata) texts.entries.push_back({name, content});
    header.entries.push_back({"__metadata__", std::move(texts)});
  }
  List<std::string_view> names{"__metadata__"};
  std::uint64_t end = 0;
  for (const SafetensorsTensor& tensor : tensors) {
    const std::uint64_t begin = std::exchange(end, end + tensor.bytes());
    header.entries.push_back(
        {tensor.name, Config("", {{"dtype", std::string(tensor.dtype)},
                                  {"shape", to_config_value(tensor.shape)},
                                  {"data_offsets", ConfigList{to_config_value(begin), to_config_value(end)}}})});
    names.push_back(tensor.name);
  }
  names = sorted_texts(names);
  const std::string_view* twice = find_twice(names);
  require<ValueError>(twice == nullptr, "expected tensors of different names, got \"",
                      twice == nullptr ? std::string_view() : *twice, "\" twice");
  std::string result = to_json_text(header);
  result.resize((result.size() + 7) / 8 * 8, ' ');
  require<ValueError>(result.size() <= safetensors_max_header, "expected a header of at most ", safetensors_max_header,
                      " bytes, got ", result.size());
  return result;
}

NACRE_SETUP void write_safetensors(const std::filesystem::path& path,
                                   const std::map<std::string, std::string>& metadata,
                                   const List<SafetensorsTensor>& tensors) {
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
