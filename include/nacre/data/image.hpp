#pragma once
// Image: a picture in memory, as files hold it.

#include <nacre/core/standard.hpp>

#include <cstddef>
#include <cstdint>
#include <vector>

namespace nacre {

/// A picture of 8 bits a channel, (height, width, channels): rows from top to bottom, pixels from left to right. One
/// channel is grey, two are grey and alpha, three red, green, blue, four the same and alpha; 0 is black, or transparent.
struct Image {
  std::int64_t height = 0;
  std::int64_t width = 0;
  std::int64_t channels = 1;
  std::vector<std::uint8_t> pixels{};

  Image() = default;
  /// A picture that is `value` everywhere.
  Image(std::int64_t height_, std::int64_t width_, std::int64_t channels_ = 1, std::uint8_t value = 0)
      : height(height_),
        width(width_),
        channels(channels_),
        pixels(static_cast<std::size_t>(height_ * width_ * channels_), value) {}

  std::uint8_t& at(std::int64_t y, std::int64_t x, std::int64_t channel = 0) { return pixels[index(y, x, channel)]; }
  std::uint8_t at(std::int64_t y, std::int64_t x, std::int64_t channel = 0) const {
    return pixels[index(y, x, channel)];
  }

  friend bool operator==(const Image&, const Image&) = default;

 private:
  std::size_t index(std::int64_t y, std::int64_t x, std::int64_t channel) const {
    return static_cast<std::size_t>((y * width + x) * channels + channel);
  }
};

}  // namespace nacre
