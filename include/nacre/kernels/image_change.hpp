#pragma once
// Pictures changed: turned, moved, bent, blurred, in other colours. What is drawn at random is drawn before.

#include <array>
#include <cstdint>

#include <nacre/core/compiled.hpp>
#include <nacre/core/random.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE::kernels {

/// The extents of a picture, (height, width, channels).
struct ImageSize {
  std::int64_t height = 1;
  std::int64_t width = 1;
  std::int64_t channels = 1;
  std::int64_t pixels() const { return height * width; }
  std::int64_t elements() const { return pixels() * channels; }
};

/// What lies around a picture: (d c b a | a b c d | d c b a), (a b c d | a b c d | a b c d), one value, or the nearest
/// pixel.
enum class ImageFill : std::uint8_t { reflect, wrap, constant, nearest };

/// One change of a picture, with all that was drawn for it.
struct ImageChange {
  enum class Kind : std::uint8_t {
    none,       ///< a copy
    transform,  ///< each pixel is taken from where `matrix` says
    displace,   ///< each pixel is taken from near it: an elastic deformation
    shift,      ///< x * scale + offset
    contrast,   ///< (x - mean) * scale + mean, of the mean of each channel
    erase,      ///< a box of one value, or of noise
    blur        ///< by a Gaussian kernel, with zeros around the picture
  };

  Kind kind = Kind::none;

  // transform and displace
  /// Output (x, y) is input ((m0 x + m1 y + m2) / k, (m3 x + m4 y + m5) / k), k = m6 x + m7 y + 1.
  std::array<double, 8> matrix{1, 0, 0, 0, 1, 0, 0, 0};
  ImageFill fill = ImageFill::reflect;
  bool nearest = false;  ///< the nearest pixel, in place of the four around weighed by their distances
  double fill_value = 0;
  double alpha = 0;  ///< of displace: what displacements, which have been blurred, are multiplied by

  // shift and contrast
  double scale = 1;
  double offset = 0;

  // all but transform: values are kept within
  bool clips = false;
  double low = 0;
  double high = 255;

  // erase: rows and columns from the first, up to the second
  double top = 0, bottom = 0, left = 0, right = 0;
  bool noise = false;  ///< normal numbers times `high`, in place of fill_values, which come again and again by channel
  std::array<double, 3> fill_values{};

  // blur and displace
  double sigma_y = 1, sigma_x = 1;  ///< standard deviations of the kernel, in pixels
  std::int64_t kernel_height = 1, kernel_width = 1;

  RandomStream random{};  ///< of noise and displacements
  std::uint64_t element = 0;
};

/// Elements of scratch memory that `change_image` and its gradient need for any change.
std::int64_t image_change_scratch(const ImageSize& size);

/// Writes the changed picture to `out`, which is other memory.
template <class T>
void change_image(const ImageChange& change, const ImageSize& size, const T* picture, T* out, T* scratch);

/// The gradient by the picture, which is written whole, of that by the output.
template <class T>
void change_image_gradient(const ImageChange& change, const ImageSize& size, const T* picture, const T* out_gradient,
                           T* gradient, T* scratch);

}  // namespace nacre::kernels

#if NACRE_HEADER_ONLY
#include <nacre/kernels/image_change-inl.hpp>
#endif
