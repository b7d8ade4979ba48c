#pragma once
// How the kernels cut a convolution. Everything follows from its shape alone.

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include <nacre/core/range.hpp>
#include <nacre/kernels/convolution/shape.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE::kernels {

/// The outputs whose input, output * stride + offset, lies in [0, inputs).
constexpr Range valid_outputs(std::int64_t outputs, std::int64_t inputs, std::int64_t stride, std::int64_t offset) {
  const std::int64_t first = offset >= 0 ? 0 : (-offset + stride - 1) / stride;
  const std::int64_t last = offset >= inputs ? 0 : std::min(outputs, (inputs - 1 - offset) / stride + 1);
  return {first, std::max(first, last)};
}

/// The taps of an axis from the first to the last that sees the input for some output: with a wide dilation others meet
/// padding alone. One tap is always left.
constexpr Range seen_taps(std::int64_t outputs, std::int64_t inputs, std::int64_t stride, std::int64_t taps,
                          std::int64_t dilation, std::int64_t pad) {
  const auto is_seen = [&](std::int64_t tap) {
    return valid_outputs(outputs, inputs, stride, tap * dilation - pad).size() > 0;
  };
  Range seen{0, taps};
  while (seen.size() > 1 && !is_seen(seen.last - 1)) --seen.last;
  while (seen.size() > 1 && (seen.first + 1) * dilation <= pad && !is_seen(seen.first)) ++seen.first;
  return seen;
}
constexpr Range seen_tap_rows(const Conv2DShape& shape) {
  return seen_taps(shape.out_height, shape.height, shape.stride_height, shape.kernel_height, shape.dilation_height,
                   shape.pad_top);
}
constexpr Range seen_tap_columns(const Conv2DShape& shape) {
  return seen_taps(shape.out_width, shape.width, shape.stride_width, shape.kernel_width, shape.dilation_width,
                   shape.pad_left);
}

/// The convolution with those taps alone.
constexpr Conv2DShape with_seen_taps(const Conv2DShape& shape) {
  const Range rows = seen_tap_rows(shape), columns = seen_tap_columns(shape);
  Conv2DShape seen = shape;
  seen.kernel_height = rows.size();
  seen.kernel_width = columns.size();
  seen.pad_top -= rows.first * shape.dilation_height;
  seen.pad_left -= columns.first * shape.dilation_width;
  return seen;
}
constexpr bool has_unseen_taps(const Conv2DShape& shape) {
  return seen_tap_rows(shape).size() < shape.kernel_height || seen_tap_columns(shape).size() < shape.kernel_width;
}

/// The convolution without a stride that makes the input's gradient of the output's.
constexpr Conv2DShape mirrored(const Conv2DShape& shape) {
  Conv2DShape back = shape;
  back.height = shape.out_height;
  back.width = shape.out_width;
  back.channels = shape.filters;
  back.filters = shape.channels;
  back.pad_top = (shape.kernel_height - 1) * shape.dilation_height - shape.pad_top;
  back.pad_left = (shape.kernel_width - 1) * shape.dilation_width - shape.pad_left;
  back.out_height = shape.height;
  back.out_width = shape.width;
  return back;
}

/// How the kernels cut a convolution: into bands of rows whose data stay in cache, and its sum into blocks whose part
/// of the kernel stays in cache while a band passes.
struct ConvolutionPlan {
  /// Steps of the sum in a block.
  static constexpr std::int64_t most_depth = 384;
  /// The widest tile of any instruction set, in elements.
  static constexpr std::int64_t widest_tile = 32;
  /// The most rows of a tile of any instruction set.
  static constexpr std::int64_t most_tile_rows = 12;

  /// Segments of consecutive pixels and channels, and where in a band and in the kernel (in rows of filters) they lie.
  struct Block {
    std::int64_t depth;
    std::int64_t segments;
    std::ptrdiff_t image_offset;
    std::ptrdiff_t image_segment;
    std::ptrdiff_t kernel_offset;
    std::ptrdiff_t kernel_segment;
  };

  bool is_padded;               ///< some output sees a pixel outside the input
  bool is_pointwise;            ///< 1x1, and every input pixel has its output pixel
  bool is_depthwise;            ///< every filter sees one channel
  bool few_channels;            ///< too few to fill the rows of a tile
  bool is_mirrored;             ///< the input's gradient is a convolution of the output's, with the kernel mirrored
  std::int64_t band_width;      ///< pixels of a row with its padding
  std::int64_t bands;           ///< pieces of the output's rows, forward
  std::int64_t gradient_bands;  ///< pieces of the output's rows, backward
  std::int64_t blocks;          ///< pieces of the sum

  explicit ConvolutionPlan(const Conv2DShape& shape) {
    const std::int64_t inputs = shape.channels / shape.groups;
    const bool is_one_pixel = shape.kernel_height == 1 && shape.kernel_width == 1;
    band_width = (shape.out_width - 1) * shape.stride_width + (shape.kernel_width - 1) * shape.dilation_width + 1;
    is_padded = shape.pad_top > 0 || shape.pad_left > 0 || band_width > shape.width ||
                band_input_rows(shape, shape.out_height) > shape.height;
    is_pointwise = is_one_pixel && !is_padded && shape.stride_height == 1 && shape.stride_width == 1 &&
                   shape.out_height == shape.height && shape.out_width == shape.width;
    is_depthwise = inputs == 1 && shape.groups > 1;
    // Both write out the padding: where taps see nothing else there can be any amount of it. The same with and without
    // a last odd row or column.
    Conv2DShape even = shape;
    if (shape.out_height > 1) even.out_height = shape.out_height / 2 * 2;
    if (shape.out_width > 1) even.out_width = shape.out_width / 2 * 2;
    const bool may_pad = !is_one_pixel && !has_unseen_taps(even);
    few_channels = shape.groups == 1 && shape.channels < 6 && may_pad;
    // Of few filters, all taps together make longer sums. Without a stride the other way round is possible.
    is_mirrored = shape.groups == 1 && may_pad && shape.filters < 16 && shape.stride_height == 1 &&
                  shape.stride_width == 1 && shape.pad_top <= (shape.kernel_height - 1) * shape.dilation_height &&
                  shape.pad_left <= (shape.kernel_width - 1) * shape.dilation_width;

    constexpr std::int64_t band_elements = 1 << 16;
    const std::int64_t input_row = (is_padded ? band_width : shape.width) * shape.channels;
    const std::int64_t row = input_row * shape.stride_height + shape.out_width * shape.filters;
    // Neighbouring bands read some rows twice, so a band has at least four.
    const std::int64_t band_rows = std::max<std::int64_t>(4, band_elements / std::max<std::int64_t>(row, 1));
    bands = (shape.out_height + band_rows - 1) / band_rows;
    constexpr std::int64_t gradient_pixels = 256;
    gradient_bands =
        piece_count(shape.out_height * shape.out_width, gradient_pixels, std::max<std::int64_t>(shape.out_height, 1));

    // With all channels and neighbouring taps, the rows of the kernel are contiguous runs of pixels.
    has_runs_ = shape.groups == 1 && shape.dilation_width == 1;
    run_ = has_runs_ ? shape.kernel_width * inputs : inputs;
    const std::int64_t lines = has_runs_ ? 1 : shape.kernel_width;
    if (has_runs_ && shape.kernel_height * run_ <= most_depth) {
      joined_ = shape.kernel_height;
      blocks = 1;
    } else if (lines * run_ <= most_depth) {
      joined_ = lines;
      blocks = shape.kernel_height;
    } else {
      pieces_ = (run_ + most_depth - 1) / most_depth;
      blocks = shape.kernel_height * lines * pieces_;
    }
  }

  /// Input rows that `rows` output rows see.
  static std::int64_t band_input_rows(const Conv2DShape& shape, std::int64_t rows) {
    return (rows - 1) * shape.stride_height + (shape.kernel_height - 1) * shape.dilation_height + 1;
  }

  /// Elements of a band with its padding written out; 0 where the input is read in place.
  std::int64_t band_size(const Conv2DShape& shape) const {
    if (!is_padded) return 0;
    // A pooled band may hold two rows more than its share.
    const std::int64_t rows = std::min(shape.out_height, (shape.out_height + bands - 1) / bands + 2);
    return band_input_rows(shape, rows) * band_width * shape.channels;
  }

  /// Elements of scratch that any pass over a sample needs.
  std::int64_t scratch_size(const Conv2DShape& shape) const {
    const std::int64_t taps = shape.kernel_height * shape.kernel_width;
    if (is_depthwise) return shape.filters > shape.channels ? shape.height * shape.width * shape.filters : 0;
    const std::int64_t patches = few_channels ? most_tile_rows * taps * shape.channels : 0;
    const Conv2DShape back = mirrored(shape);
    return std::max({band_size(shape), patches, is_mirrored ? ConvolutionPlan(back).band_size(back) : 0});
  }

  /// Piece `index` of the sum, in a band whose rows lie `image_row` elements apart.
  Block block(const Conv2DShape& shape, std::int64_t index, std::ptrdiff_t image_row) const {
    const std::ptrdiff_t next_row = shape.dilation_height * image_row;
    const std::ptrdiff_t next_tap = shape.dilation_width * shape.channels;
    const std::int64_t inputs = shape.channels / shape.groups;
    if (joined_ > 0) {
      const std::ptrdiff_t kernel_row = shape.kernel_width * inputs;
      return {run_, joined_, index * next_row, has_runs_ ? next_row : next_tap, index * kernel_row, run_};
    }
    const std::int64_t lines = has_runs_ ? 1 : shape.kernel_width;
    const std::int64_t line = index / pieces_;
    const Range part = piece(run_, pieces_, index % pieces_);
    return {
        part.size(), 1, line / lines * next_row + line % lines * next_tap + part.first, 0, line * run_ + part.first, 0};
  }

 private:
  bool has_runs_ = true;
  std::int64_t run_ = 0;     // contiguous steps
  std::int64_t joined_ = 0;  // segments of a block; 0: a block is a part of a run
  std::int64_t pieces_ = 1;  // blocks that a run is cut into
};

}  // namespace nacre::kernels
