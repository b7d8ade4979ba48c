#pragma once
// Handwriting-like digits drawn from pen strokes: what stands in for MNIST where there are neither files nor network.

#include <cstdint>
#include <vector>

#include <nacre/core/compiled.hpp>
#include <nacre/data/dataset.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE::datasets {

/// Images of digits as MNIST stores them.
struct DigitImages {
  /// `[count, 28, 28]`, row-major, one byte a pixel: 0 is paper, 255 is ink.
  std::vector<std::uint8_t> pixels;
  /// `[count]`, the digits 0 to 9.
  std::vector<std::uint8_t> labels;
};

/// Draws `count` handwritten-looking digits in the format of MNIST: many ways to write each digit, drawn with pens of
/// many widths by unsteady hands, fitted into 20 x 20 pixels and centred by mass in 28 x 28. Image `i` depends on
/// `seed` and `i` alone; every ten images in a row hold each digit once.
/// @param count how many images, 0 or more; throws ValueError otherwise.
/// @param seed  another seed draws other digits.
DigitImages draw_digits(std::int64_t count, std::uint64_t seed);

/// How `synthetic_digits` hands its digits over.
struct SyntheticDigitsOptions {
  bool one_hot = false;      ///< labels as one-hot rows (10,) instead of class numbers ()
  double scale = 1.0 / 255;  ///< a pixel, 0 to 255, is multiplied by it as a batch is gathered
};

/// The digits of `draw_digits` as a data set like that of `mnist`: images (28, 28, 1), labels 0 to 9. Throws ValueError
/// for a negative `count`.
Dataset synthetic_digits(std::int64_t count, std::uint64_t seed, const SyntheticDigitsOptions& options = {});

}  // namespace nacre::datasets

#if NACRE_HEADER_ONLY
#include <nacre/synthetic/synthetic_digits-inl.hpp>
#endif
