#pragma once
// The bodies of image_file.hpp: whole files, and which format they are.

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include <nacre/core/error.hpp>
#include <nacre/data/image.hpp>
#include <nacre/datasets/file.hpp>
#include <nacre/pictures/image_file.hpp>
#include <nacre/pictures/jpeg_file.hpp>
#include <nacre/pictures/png_file.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE::datasets {

namespace detail {

struct PictureFormat {
  std::string_view name;
  std::size_t offset;  ///< where its mark stands
  std::string_view mark;
};

/// What files begin with, by which they are told apart; those after the first two for messages only.
inline constexpr std::array<PictureFormat, 11> picture_formats{{{"PNG", 0, "\x89PNG\r\n\x1a\n"},
                                                                {"JPEG", 0, "\xff\xd8\xff"},
                                                                {"GIF", 0, "GIF8"},
                                                                {"BMP", 0, "BM"},
                                                                {"WebP", 8, "WEBP"},
                                                                {"HEIC", 4, "ftyphei"},
                                                                {"HEIC", 4, "ftypmif1"},
                                                                {"AVIF", 4, "ftypavif"},
                                                                {"TIFF", 0, "II*"},
                                                                {"TIFF", 0, "MM"},
                                                                {"PDF", 0, "%PDF"}}};

/// The format that the bytes begin as; empty for one that is not known.
inline std::string_view picture_format(const std::vector<std::uint8_t>& bytes) {
  const std::string_view content(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  const auto found = std::find_if(picture_formats.begin(), picture_formats.end(), [&](const PictureFormat& format) {
    return content.size() > format.offset && content.substr(format.offset, format.mark.size()) == format.mark;
  });
  return found == picture_formats.end() ? "" : found->name;
}

}  // namespace detail

NACRE_INLINE Image read_image(const std::filesystem::path& path, const ReadImageOptions& options) {
  const std::vector<std::uint8_t> bytes = detail::read_bytes(path, options.max_bytes);
  const std::string name = path.string();
  require<FormatError>(!bytes.empty(), name, ": expected a PNG or JPEG file, found an empty one");
  const std::string_view format = detail::picture_format(bytes);
  if (format == "PNG") return detail::decode_png(bytes, name, options.max_pixels);
  if (format == "JPEG") return detail::decode_jpeg(bytes, name, options.max_pixels);
  const std::string found = format.empty() ? "something else" : text("a ", format, " file");
  throw FormatError(text(name, ": expected a PNG or JPEG file, found ", found, "; save the picture as one of these"));
}

}  // namespace nacre::datasets
