#pragma once
// The safetensors format: named tensors and named texts in one file. https://github.com/huggingface/safetensors
//
// A file is the header's length as 8 bytes, little-endian; the header, a JSON object that says of each tensor its
// dtype, shape and place, with texts under "__metadata__"; and the tensors' elements, little-endian, row-major, without
// gaps.

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include <nacre/core/compiled.hpp>
#include <nacre/core/config.hpp>
#include <nacre/core/list.hpp>
#include <nacre/core/shape.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// The largest header that the format allows, in bytes.
inline constexpr std::uint64_t safetensors_max_header = 100'000'000;

/// What `SafetensorsReader` refuses. Reading a header takes some six times its bytes for a while.
struct SafetensorsLimits {
  std::uint64_t header_bytes = safetensors_max_header;  ///< the longest header
  std::size_t texts = 65536;                            ///< the most texts in the metadata
};

/// A tensor in a safetensors file.
struct SafetensorsEntry {
  std::string dtype;        ///< "F32", "F64", ...
  Shape shape;              ///< extents may be 0: the format allows tensors without elements
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
std::uint64_t safetensors_bytes(std::string_view dtype);

}  // namespace detail

// ---- reading --------------------------------------------------------------------------------------------------------

/// A safetensors file, opened for reading. The whole header is checked before anything is read: each tensor lies in the
/// file, is as long as its shape says, and begins where the one before it ends.
class SafetensorsReader {
 public:
  /// Throws FileError where the file is not there or cannot be read, FormatError, saying what was expected and found,
  /// for what is not a safetensors file or passes the limits. A template, as all that reads JSON.
  template <class = void>
  explicit SafetensorsReader(const std::filesystem::path& path, const SafetensorsLimits& limits = {});

  /// The path, for messages.
  const std::string& name() const { return name_; }

  /// The texts by name.
  const std::map<std::string, std::string>& metadata() const { return metadata_; }

  /// The tensors by name.
  const std::map<std::string, SafetensorsEntry>& tensors() const { return tensors_; }

  /// Reads a tensor of F32 or F64 elements to `out`, which takes `shape.size()` of them; converts where `T` (float or
  /// double) is the other one. Throws ValueError for a name that is not there, FormatError for another dtype, FileError
  /// where the system cannot read.
  template <class T>
  void read(const std::string& tensor, T* out);

 private:
  struct Close {
    void operator()(std::FILE* file) const { std::fclose(file); }
  };
  class Header;

  void open(const std::filesystem::path& path);
  std::string read_header(std::uint64_t longest);
  void read_texts(const ConfigValue& value);
  SafetensorsEntry read_entry(const ConfigValue& value, const std::string& what) const;
  void check_places() const;

  void read_bytes(char* out, std::size_t size);
  template <class From>
  void read_elements(From* out, std::size_t count);
  template <class From, class T>
  void convert(T* out, std::size_t count);

  /// FormatError that begins with the file's name.
  template <class... Parts>
  void check(bool condition, const Parts&... parts) const;
  const Config& object(const ConfigValue& value, std::string_view what) const;
  const ConfigValue& member(const Config& config, std::string_view member_name, const std::string& what) const;
  List<std::int64_t> numbers(const ConfigValue& value, const std::string& what) const;

  std::string name_;
  std::unique_ptr<std::FILE, Close> file_;
  std::uint64_t file_size_ = 0;
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
std::string safetensors_header(const std::map<std::string, std::string>& metadata,
                               const List<SafetensorsTensor>& tensors);

}  // namespace detail

/// Writes texts and tensors as a safetensors file; one that is there under that name stays whole until the new one is.
/// Throws FileError where it cannot be written, ValueError for two tensors of one name or a text that is not UTF-8.
void write_safetensors(const std::filesystem::path& path, const std::map<std::string, std::string>& metadata,
                       const List<SafetensorsTensor>& tensors);

}  // namespace nacre

#if NACRE_HEADER_ONLY
#include <nacre/saving/safetensors-inl.hpp>
#endif
