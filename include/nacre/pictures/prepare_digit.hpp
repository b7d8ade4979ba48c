#pragma once
// Pictures of digits as people make them, prepared as MNIST was: LeCun, Bottou, Bengio and Haffner, "Gradient-based
// learning applied to document recognition", Proceedings of the IEEE 86 (1998), section III.A.

#include <nacre/core/compiled.hpp>
#include <nacre/data/image.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE::datasets {

/// How `prepare_digit` prepares.
struct PrepareDigitOptions {
  /// The least share of light that ink must take away to count as ink: pencil takes some 0.3.
  double min_contrast = 0.08;
  /// The least height or width of a digit, whichever is more, as a share of the picture's mean side.
  double min_size = 0.04;
  /// Whether lines that go through the whole picture, as on ruled paper, are taken away.
  bool remove_lines = true;
  /// Strokes that are thinner or bolder than MNIST's are brought to these widths, in pixels of the prepared picture.
  double min_stroke = 2.0;
  double max_stroke = 4.5;
};

/// The digit in a photo or scan as MNIST shows digits: (28, 28, 1), bright ink on black, the digit in 20 x 20 pixels,
/// its centre of mass in the middle. The picture may be of any size, grey or coloured, transparent, with dark ink or
/// light, shadows and ruled lines; there is one digit in it, larger than anything else.
///
///     const Image digit = datasets::prepare_digit(datasets::read_image("seven.jpg"));
///
/// Networks that were trained on `mnist()` take its pixels divided by 255. Throws ValueError where there is no digit:
/// for an empty or evenly coloured picture, and for one of noise; and for options that contradict each other.
Image prepare_digit(const Image& picture, const PrepareDigitOptions& options = {});

}  // namespace nacre::datasets

#if NACRE_HEADER_ONLY
#include <nacre/pictures/prepare_digit-inl.hpp>
#endif
