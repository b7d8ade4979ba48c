#pragma once
// The bodies of idx.hpp: how IDX files are read.

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <nacre/core/error.hpp>
#include <nacre/core/shape.hpp>
#include <nacre/datasets/file.hpp>
#include <nacre/datasets/idx.hpp>
#include <nacre/datasets/mapped_file.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE::datasets {

namespace detail {

/// Reads one IDX file of unsigned bytes. The header is read at once; no memory is taken on its word alone.
class IdxReader {
 public:
  /// Throws FormatError unless the file holds unsigned bytes in `rank` dimensions and, where its length is known, is as
  /// long as its sizes say.
  IdxReader(const std::filesystem::path& path, std::size_t rank, std::int64_t max_bytes) : path_(path), file_(path) {
    read_magic(rank);
    std::vector<std::uint8_t> sizes(4 * rank);
    const std::size_t found = file_.read(sizes.data(), sizes.size());
    require<FormatError>(found == sizes.size(), file_.name(), ": expected a header of ", 4 + sizes.size(),
                         " bytes, found ", 4 + found);
    for (std::size_t axis = 0; axis < rank; ++axis) {
      extents_.push_back(std::int64_t{sizes[4 * axis]} << 24 | sizes[4 * axis + 1] << 16 | sizes[4 * axis + 2] << 8 |
                         sizes[4 * axis + 3]);
    }
    check_sizes(max_bytes);
  }

  const std::string& name() const { return file_.name(); }

  /// The sizes in the header: (count, height, width) or (count,).
  const Shape& extents() const { return extents_; }

  /// The same where they lie in the file. Throws ValueError for a gzipped one.
  Column map(const Shape& shape) const {
    require<ValueError>(!file_.gzipped(), file_.name(),
                        ": expected a plain file, which can be mapped, found a gzipped "
                        "one; unpack it with gunzip, or read it without .mapped");
    const auto file = std::make_shared<const MappedFile>(path_);
    const std::size_t header = 4 + 4 * extents_.rank();
    require<FormatError>(file->size() == header + static_cast<std::size_t>(bytes_), file_.name(), ": expected ", header,
                         " + ", bytes_, " bytes for sizes ", extents_, ", found ", file->size());
    return Column(file, file->bytes() + header, extents_.front(), shape);
  }

  /// All elements, as a column's samples of `shape`. Throws FormatError unless the file holds as many as its header
  /// says.
  Column read(const Shape& shape) {
    const auto size = static_cast<std::size_t>(bytes_);
    // Not filled with zeros: systems hand memory out as it is written to, and so it grows with what the file really
    // holds.
    const std::shared_ptr<std::uint8_t[]> values(new std::uint8_t[size]);
    const std::size_t found = file_.read(values.get(), size);
    require<FormatError>(found == size, file_.name(), ": expected ", bytes_, " bytes for sizes ", extents_,
                         ", found only ", found);
    std::uint8_t more = 0;
    require<FormatError>(file_.read(&more, 1) == 0, file_.name(), ": expected ", bytes_, " bytes for sizes ", extents_,
                         ", found more");
    return Column(values, values.get(), extents_.front(), shape);
  }

 private:
  static constexpr std::uint8_t unsigned_byte = 0x08;

  void read_magic(std::size_t rank) {
    std::array<std::uint8_t, 4> magic{};
    const std::size_t found = file_.read(magic.data(), magic.size());
    require<FormatError>(found == magic.size(), file_.name(), ": expected an IDX file, found only ", found, " bytes");
    const std::array<std::uint8_t, 4> expected{0, 0, unsigned_byte, static_cast<std::uint8_t>(rank)};
    require<FormatError>(magic == expected, file_.name(), ": expected the magic number ", hexadecimal(expected),
                         " (IDX, unsigned bytes, ", rank, rank == 1 ? " dimension" : " dimensions", "), found ",
                         hexadecimal(magic), meaning(magic));
  }

  void check_sizes(std::int64_t max_bytes) {
    const std::uint64_t header = 4 + 4 * extents_.rank();
    bytes_ = 1;
    bool too_large = false;
    for (std::int64_t extent : extents_) {
      require<FormatError>(extent > 0, file_.name(), ": expected sizes of 1 or more, found ", extents_);
      too_large = too_large || bytes_ > std::max<std::int64_t>(max_bytes, 0) / extent;
      if (!too_large) bytes_ *= extent;
    }
    if (!too_large) {
      const std::uint64_t expected = header + static_cast<std::uint64_t>(bytes_);
      require<FormatError>(file_.gzipped() || expected == file_.size(), file_.name(), ": expected ", header, " + ",
                           bytes_, " bytes for sizes ", extents_, ", found ", file_.size());
      require<FormatError>(expected <= file_.most(), file_.name(), ": expected ", header, " + ", bytes_,
                           " bytes for sizes ", extents_, ", found a gzipped file of ", file_.size(),
                           " bytes, which cannot hold as many");
    }
    require<FormatError>(!too_large, file_.name(), ": expected at most ", max_bytes, " bytes, found sizes ", extents_,
                         "; raise max_bytes if this is meant");
  }

  static std::string hexadecimal(const std::array<std::uint8_t, 4>& bytes) {
    std::string out;
    for (const std::uint8_t byte : bytes) {
      if (!out.empty()) out += ' ';
      out += "0123456789abcdef"[byte >> 4];
      out += "0123456789abcdef"[byte & 15];
    }
    return out;
  }

  /// What another IDX file's magic number says: "(IDX, int32, 1 dimension)".
  static std::string meaning(const std::array<std::uint8_t, 4>& magic) {
    static constexpr std::array<std::pair<int, const char*>, 6> types{{{0x08, "unsigned bytes"},
                                                                       {0x09, "signed bytes"},
                                                                       {0x0B, "int16"},
                                                                       {0x0C, "int32"},
                                                                       {0x0D, "float32"},
                                                                       {0x0E, "float64"}}};
    for (const auto& [code, type] : types) {
      if (magic[0] != 0 || magic[1] != 0 || magic[2] != code) continue;
      return text(" (IDX, ", type, ", ", static_cast<int>(magic[3]), magic[3] == 1 ? " dimension)" : " dimensions)");
    }
    return "";
  }

  std::filesystem::path path_;
  FileReader file_;
  Shape extents_;
  std::int64_t bytes_ = 0;
};

/// The smallest number that all labels are below. Throws FormatError for a label of `classes` or more, unless that is
/// 0.
inline std::int64_t check_labels(const std::string& name, std::span<const std::uint8_t> labels, std::int64_t classes) {
  std::int64_t needed = 1;
  for (std::size_t i = 0; i < labels.size(); ++i) {
    require<FormatError>(classes == 0 || labels[i] < classes, name, ": expected labels from 0 to ", classes - 1,
                         ", found ", static_cast<int>(labels[i]), " at label ", i, " (from 0)");
    needed = std::max<std::int64_t>(needed, labels[i] + 1);
  }
  return needed;
}

}  // namespace detail

NACRE_SETUP Dataset idx(const std::filesystem::path& images, const std::filesystem::path& labels,
                        const IdxOptions& options) {
  require<ValueError>(options.classes >= 0, "idx: expected classes of 0 or more, got ", options.classes);
  constexpr std::int64_t no_limit = std::int64_t{1} << 62;
  detail::IdxReader image_file(images, 3, options.mapped ? no_limit : options.max_bytes);
  detail::IdxReader label_file(labels, 1, options.max_bytes);
  const Shape& extents = image_file.extents();
  require<FormatError>(label_file.extents().front() == extents.front(), label_file.name(), ": expected ",
                       extents.front(), " labels, one for each image of ", image_file.name(), ", found ",
                       label_file.extents().front());

  const std::int64_t count = extents.front();
  const Column targets = label_file.read(Shape{});
  const std::span<const std::uint8_t> classes(targets.stored<std::uint8_t>(), static_cast<std::size_t>(count));
  const std::int64_t needed = detail::check_labels(label_file.name(), classes, options.classes);
  const Shape image{extents[1], extents[2], 1};
  const Column features = options.mapped ? image_file.map(image) : image_file.read(image);
  Dataset data(features.with_scale(options.scale), targets);
  return options.one_hot ? data.one_hot(options.classes > 0 ? options.classes : needed) : data;
}

}  // namespace nacre::datasets
