#pragma once
// Picture files: PNG and JPEG, told apart by how they begin, whatever their name.

#include <cstdint>
#include <filesystem>

#include <nacre/core/compiled.hpp>
#include <nacre/data/image.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE::datasets {

/// What `read_image` refuses.
struct ReadImageOptions {
  /// The most pixels a picture may have. It is compared with what the header says, before memory is taken for them: a
  /// file of some kilobytes can claim to hold gigabytes. Cameras of telephones make 12 to 50 millions.
  std::int64_t max_pixels = 64'000'000;
  std::int64_t max_bytes = 256'000'000;  ///< the largest file
};

/// Reads a PNG or JPEG file of any kind: grey, coloured, with a palette, transparent, of 1 to 16 bits, interlaced or
/// progressive, of a print's four inks. A photo is turned as its camera was held (EXIF).
///
///     Image photo = datasets::read_image("seven.jpg");  // (height, width, 1 to 4 channels), 8 bits each
///
/// Throws FileError for a file that cannot be read or is too large, FormatError for one that is broken, truncated or
/// something else, ValueError for a picture of too many pixels. Every message names the file.
Image read_image(const std::filesystem::path& path, const ReadImageOptions& options = {});

}  // namespace nacre::datasets

#if NACRE_HEADER_ONLY
#include <nacre/pictures/image_file-inl.hpp>
#endif
