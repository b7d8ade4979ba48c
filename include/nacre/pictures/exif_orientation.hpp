#pragma once
// How a camera was held: the orientation that EXIF (CIPA DC-008, a TIFF directory in a JPEG file's APP1 segment)
// records.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <utility>

#include <nacre/data/image.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE::datasets::detail {

/// Reads the numbers of a TIFF structure in its byte order. What lies outside is 0.
class TiffNumbers {
 public:
  TiffNumbers(std::span<const std::uint8_t> bytes, bool big_endian) : bytes_(bytes), big_endian_(big_endian) {}

  std::size_t read(std::size_t offset, std::size_t size) const {
    if (offset > bytes_.size() || size > bytes_.size() - offset) return 0;
    std::size_t number = 0;
    for (std::size_t i = 0; i < size; ++i) {
      number = number << 8 | bytes_[offset + (big_endian_ ? i : size - 1 - i)];
    }
    return number;
  }

 private:
  std::span<const std::uint8_t> bytes_;
  bool big_endian_;
};

/// The orientation, 1 to 8, in the data of an APP1 segment; 0 where there is none or it is broken.
inline int exif_orientation(std::span<const std::uint8_t> segment) {
  constexpr std::size_t orientation_tag = 0x0112;
  if (segment.size() < 14 || std::memcmp(segment.data(), "Exif\0", 6) != 0) return 0;
  const auto tiff = segment.subspan(6);
  if (tiff[0] != tiff[1] || (tiff[0] != 'I' && tiff[0] != 'M')) return 0;
  const TiffNumbers numbers(tiff, tiff[0] == 'M');
  const std::size_t directory = numbers.read(4, 4);
  const std::size_t entries = numbers.read(directory, 2);
  for (std::size_t entry = 0; entry < entries; ++entry) {
    const std::size_t at = directory + 2 + 12 * entry;
    if (numbers.read(at, 2) != orientation_tag) continue;
    const std::size_t orientation = numbers.read(at + 8, 2);
    return orientation >= 1 && orientation <= 8 ? static_cast<int>(orientation) : 0;
  }
  return 0;
}

/// The orientation that the first APP1 segment to have one says, 1 to 8, in the bytes of a JPEG file; 1 where there is
/// none. Segments (ITU-T T.81, B.1.1.4) are a marker of two bytes and a length that counts itself; they end where the
/// picture's data begin.
inline int jpeg_orientation(std::span<const std::uint8_t> file) {
  constexpr std::uint8_t app1 = 0xE1;
  constexpr std::uint8_t start_of_scan = 0xDA;
  std::size_t at = 2;
  while (at + 4 <= file.size() && file[at] == 0xFF && file[at + 1] != start_of_scan) {
    const std::uint8_t marker = file[at + 1];
    if (marker == 0xFF) {  // a byte that fills up
      ++at;
      continue;
    }
    const std::size_t length = std::size_t{file[at + 2]} << 8 | file[at + 3];
    if (length < 2 || length > file.size() - at - 2) break;
    if (marker == app1) {
      if (const int found = exif_orientation(file.subspan(at + 4, length - 2))) return found;
    }
    at += 2 + length;
  }
  return 1;
}

/// The picture as it is to be seen, from how it is stored and its orientation.
inline Image oriented(Image stored, int orientation) {
  if (orientation == 1) return stored;
  // An orientation says at which sides of the picture its first row and first column are to be: 2 to 4 are flips of the
  // two, 5 to 8 the same with rows and columns exchanged.
  const bool exchanged = orientation >= 5;
  const bool flip_x = orientation == 2 || orientation == 3 || orientation == 6 || orientation == 7;
  const bool flip_y = orientation == 3 || orientation == 4 || orientation == 7 || orientation == 8;
  Image seen(exchanged ? stored.width : stored.height, exchanged ? stored.height : stored.width, stored.channels);
  for (std::int64_t y = 0; y < seen.height; ++y) {
    const std::int64_t from_y = flip_y ? seen.height - 1 - y : y;
    for (std::int64_t x = 0; x < seen.width; ++x) {
      const std::int64_t from_x = flip_x ? seen.width - 1 - x : x;
      for (std::int64_t c = 0; c < seen.channels; ++c) {
        seen.at(y, x, c) = exchanged ? stored.at(from_x, from_y, c) : stored.at(from_y, from_x, c);
      }
    }
  }
  return seen;
}

}  // namespace nacre::datasets::detail
