#pragma once
// Pictures in another size.

#include <cstdint>

#include <nacre/core/compiled.hpp>
#include <nacre/core/shape.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE::kernels {

/// How a picture (height, width, channels) becomes one of (out_height, out_width, channels). What is resized is a frame
/// of the picture: a part of it, or more than it, and then `fill` lies around it.
struct Resize {
  std::int64_t height = 1;
  std::int64_t width = 1;
  std::int64_t channels = 1;
  std::int64_t out_height = 1;
  std::int64_t out_width = 1;
  std::int64_t frame_height = 1;
  std::int64_t frame_width = 1;
  std::int64_t top = 0;   ///< the frame's first row in the picture; below 0 where it begins above it
  std::int64_t left = 0;  ///< the frame's first column
  bool nearest = false;   ///< the nearest pixel, in place of the four around weighed by their distances
  double fill = 0;
};

/// The frame that Keras' Resizing takes: all of the picture; with `crop` the largest part in its middle that has the
/// output's aspect ratio; with `pad` the smallest such frame around it.
Resize resize_frame(std::int64_t height, std::int64_t width, std::int64_t channels, std::int64_t out_height,
                    std::int64_t out_width, bool crop, bool pad);

/// What CenterCrop takes of pictures (height, width, channels): their middle as it is, `nearest`; of those that are
/// smaller the largest part of that aspect ratio, resized.
Resize center_crop(const Shape& picture, std::int64_t out_height, std::int64_t out_width);

/// Writes a picture in its new size. Centres of pixels lie at halves, and nothing is smoothed before, as
/// tf.image.resize has it without antialias.
template <class T>
void resize(const Resize& how, const T* picture, T* out);

/// The gradient by the picture, which is written whole, of that by the output.
template <class T>
void resize_gradient(const Resize& how, const T* out_gradient, T* gradient);

}  // namespace nacre::kernels

#if NACRE_HEADER_ONLY
#include <nacre/kernels/resize-inl.hpp>
#endif
