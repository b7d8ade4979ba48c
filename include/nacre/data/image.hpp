#pragma once
// Image: a picture in memory, as files hold it.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include <nacre/core/error.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// A picture of 8 bits a channel, (height, width, channels): rows from top to bottom, pixels from left to right. One
/// channel is grey, two are grey and alpha, three red, green, blue, four the same and alpha; 0 is black, or
/// transparent.
struct Image {
  std::int64_t height = 0;
  std::int64_t width = 0;
  std::int64_t channels = 1;
  std::vector<std::uint8_t> pixels{};

  Image() = default;
  /// A picture that is `value` everywhere. Throws ValueError for a negative extent, and for more than 2^40 bytes.
  Image(std::int64_t height_, std::int64_t width_, std::int64_t channels_ = 1, std::uint8_t value = 0)
      : height(height_), width(width_), channels(channels_), pixels(bytes(height_, width_, channels_), value) {}

  std::uint8_t& at(std::int64_t y, std::int64_t x, std::int64_t channel = 0) { return pixels[index(y, x, channel)]; }
  std::uint8_t at(std::int64_t y, std::int64_t x, std::int64_t channel = 0) const {
    return pixels[index(y, x, channel)];
  }

  friend bool operator==(const Image&, const Image&) = default;

 private:
  static std::size_t bytes(std::int64_t height, std::int64_t width, std::int64_t channels) {
    std::int64_t product = 1;  // extents of 0 counted as 1
    for (const std::int64_t extent : {height, width, channels}) {
      require<ValueError>(extent >= 0 && extent <= (std::int64_t{1} << 40) / product,
                          "Image: expected extents of 0 or more and at most 2^40 bytes, got ", height, " x ", width,
                          " x ", channels);
      product *= std::max<std::int64_t>(extent, 1);
    }
    return static_cast<std::size_t>(height * width * channels);
  }

  std::size_t index(std::int64_t y, std::int64_t x, std::int64_t channel) const {
    return static_cast<std::size_t>((y * width + x) * channels + channel);
  }
};

/// Throws ValueError, in the name of `place`, for a picture without pixels, with other than 1 to 4 channels, or whose
/// pixels are more or fewer than its extents say.
[[gnu::cold]] inline void require_picture(const Image& image, std::string_view place) {
  require<ValueError>(image.height > 0 && image.width > 0, place, ": expected a picture, got one of ", image.height,
                      " x ", image.width, " pixels");
  require<ValueError>(image.channels >= 1 && image.channels <= 4, place, ": expected 1 to 4 channels, got ",
                      image.channels);
  const auto row = static_cast<std::uint64_t>(image.width) * static_cast<std::uint64_t>(image.channels);
  const bool whole = image.width <= std::int64_t{1} << 40 && image.pixels.size() % row == 0 &&
                     image.pixels.size() / row == static_cast<std::uint64_t>(image.height);
  require<ValueError>(whole, place, ": expected ", image.height, " x ", image.width, " x ", image.channels,
                      " bytes of pixels, got ", image.pixels.size());
}

}  // namespace nacre
