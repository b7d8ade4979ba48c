#pragma once
// Direct convolution: how passes over a sample become products. Compiled once; the products are those of the chosen
// instruction set. See convolution.hpp for what each pass computes.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include <nacre/core/range.hpp>
#include <nacre/kernels/convolution/plan.hpp>
#include <nacre/kernels/simd/gemm.hpp>
#include <nacre/kernels/simd/math.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE::kernels {

/// Rows of an image: in place, or copied with their padding written out.
template <class T>
struct ImageRows {
  const T* pixels;
  std::ptrdiff_t row;  ///< elements from row to row
};

/// Where the products of one output pixel lie in an image, as rows of the kernel: taps and channels together.
struct Patch {
  std::int64_t run;  ///< taps of a row and their channels
  std::int64_t channels;
  std::ptrdiff_t line_step;  ///< elements of the image from a row of taps to the next
  std::ptrdiff_t tap_step;   ///< and from tap to tap
  std::ptrdiff_t offset(std::int64_t row) const {
    return row / run * line_step + row % run / channels * tap_step + row % channels;
  }
};

/// The taps that some pixels of a depthwise pass see: a rectangle of them. Steps are in elements.
struct DepthwiseTaps {
  std::int64_t rows;
  std::int64_t columns;
  std::ptrdiff_t image_row;
  std::ptrdiff_t image_column;
  std::ptrdiff_t kernel_row;
  std::ptrdiff_t kernel_column;
};

}  // namespace nacre::kernels

#define NACRE_SIMD_SOURCE <nacre/kernels/simd/convolution.inc>
#include <nacre/kernels/simd/for_each_isa.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE::kernels::detail {

/// Copies rows [first, first + rows) of a sample into `band`, `band_width` pixels wide, with zeros where the padding
/// is.
template <class T>
void copy_padded_rows(const Conv2DShape& shape, std::int64_t first, std::int64_t rows, std::int64_t band_width,
                      const T* sample, T* band) {
  const std::int64_t left = shape.pad_left * shape.channels;
  const std::int64_t length = band_width * shape.channels;
  const std::int64_t available = shape.width * shape.channels;
  const std::int64_t copied = available < length - left ? available : length - left;
  for (std::int64_t row = 0; row < rows; ++row, band += length) {
    const std::int64_t y = first + row;
    if (y < 0 || y >= shape.height || copied <= 0) {
      std::memset(band, 0, static_cast<std::size_t>(length) * sizeof(T));
      continue;
    }
    for (std::int64_t i = 0; i < left; ++i) band[i] = T(0);
    std::memcpy(band + left, sample + y * available, static_cast<std::size_t>(copied) * sizeof(T));
    for (std::int64_t i = left + copied; i < length; ++i) band[i] = T(0);
  }
}

/// The input rows that output rows `outputs` of a sample need: in place, or copied to `scratch` with their padding.
template <class T>
ImageRows<T> input_rows(const Conv2DShape& shape, const ConvolutionPlan& plan, Range outputs, const T* sample,
                        T* scratch) {
  const std::int64_t first = outputs.first * shape.stride_height - shape.pad_top;
  if (!plan.is_padded) return {sample + first * shape.width * shape.channels, shape.width * shape.channels};
  copy_padded_rows(shape, first, plan.band_input_rows(shape, outputs.size()), plan.band_width, sample, scratch);
  return {scratch, plan.band_width * shape.channels};
}

/// Output rows `outputs` of one sample. `image` starts at their first input row.
template <class T>
void convolve_rows(const Conv2DShape& shape, const ConvolutionPlan& plan, Range outputs, ImageRows<T> image,
                   const T* kernel, const T* bias, bool relu, T* output) {
  const Multiplier<T>& tiles = chosen_multiplier<T>();
  const std::int64_t inputs = shape.channels / shape.groups;
  const std::int64_t filters = shape.filters / shape.groups;
  // Copying a panel of the kernel pays when several tiles use the copy.
  const bool pack = shape.filters > 2 * tiles.lanes && outputs.size() * shape.out_width > 3 * tiles.rows;
  alignas(64) T panel[ConvolutionPlan::most_depth * widest_tile<T>];
  Product<T> product;
  product.set_rows(shape.stride_width * shape.channels);
  product.c_row = shape.filters;
  for (std::int64_t group = 0; group < shape.groups; ++group) {
    for (std::int64_t column = 0; column < filters;) {
      const std::int64_t width = tiles.next_columns(filters - column);
      const std::int64_t filter = group * filters + column;
      const T* start = bias == nullptr ? nullptr : bias + filter;
      for (std::int64_t index = 0; index < plan.blocks; ++index) {
        const ConvolutionPlan::Block block = plan.block(shape, index, image.row);
        product.depth = block.depth;
        product.segments = block.segments;
        product.a_segment = block.image_segment;
        product.b_segment = block.kernel_segment * shape.filters;
        product.b_step = shape.filters;
        product.accumulate = index > 0;
        product.relu = relu && index + 1 == plan.blocks;
        const T* b = kernel + block.kernel_offset * shape.filters + filter;
        if (pack) {
          product.b_step = tiles.packed_step(width);
          product.b_segment = block.depth * product.b_step;
          for (std::int64_t segment = 0; segment < block.segments; ++segment) {
            tiles.pack(block.depth, width, b + segment * block.kernel_segment * shape.filters, shape.filters,
                       panel + segment * product.b_segment);
          }
          b = panel;
        }
        const T* first = image.pixels + block.image_offset + group * inputs;
        for (std::int64_t y = 0; y < outputs.size(); ++y) {
          const T* a = first + y * shape.stride_height * image.row;
          T* c = output + (outputs.first + y) * shape.out_width * shape.filters + filter;
          tiles.panel(product, shape.out_width, width, a, b, c, start);
        }
      }
      column += width;
    }
  }
}

/// One sample's output.
template <class T>
void convolve(const Conv2DShape& shape, const ConvolutionPlan& plan, const T* sample, const T* kernel, const T* bias,
              bool relu, T* output, T* scratch) {
  for (std::int64_t band = 0; band < plan.bands; ++band) {
    const Range outputs = piece(shape.out_height, plan.bands, band);
    const ImageRows<T> image = input_rows(shape, plan, outputs, sample, scratch);
    convolve_rows(shape, plan, outputs, image, kernel, bias, relu, output);
  }
}

/// One sample's output after 2x2 max-pooling. `packed` has room for the kernel's rows, a tile wide.
template <class T>
void convolve_pool(const Conv2DShape& shape, const ConvolutionPlan& plan, const T* sample, const T* kernel,
                   const T* bias, bool relu, T* pooled, std::uint8_t* winner, T* scratch, T* packed) {
  const Multiplier<T>& tiles = chosen_multiplier<T>();
  const std::int64_t pooled_height = shape.out_height / 2, pooled_width = shape.out_width / 2;
  const std::int64_t filters = shape.filters;
  const std::int64_t bands = plan.bands < pooled_height ? plan.bands : pooled_height;
  const std::int64_t run = shape.kernel_width * shape.channels;
  const std::ptrdiff_t pixel = shape.stride_width * shape.channels;
  Product<T> product;
  product.a_row = 2 * pixel;
  product.a_group = 2 * pixel;
  product.depth = run;
  product.segments = shape.kernel_height;
  product.c_row = filters;
  product.relu = relu;
  for (std::int64_t band = 0; band < bands; ++band) {
    const Range rows = piece(pooled_height, bands, band);
    const Range outputs{2 * rows.first, 2 * rows.last};
    const ImageRows<T> image = input_rows(shape, plan, outputs, sample, scratch);
    const std::ptrdiff_t next_row = shape.stride_height * image.row;
    product.a_offset = {0, pixel, next_row, next_row + pixel};
    product.a_segment = shape.dilation_height * image.row;
    for (std::int64_t column = 0; column < filters;) {
      const std::int64_t width = tiles.next_columns(filters - column);
      const T* b = kernel + column;
      product.b_step = filters;
      if (filters > 2 * tiles.lanes) {
        product.b_step = tiles.packed_step(width);
        tiles.pack(shape.kernel_height * run, width, b, filters, packed);
        b = packed;
      }
      product.b_segment = run * product.b_step;
      const T* start = bias == nullptr ? nullptr : bias + column;
      for (std::int64_t y = 0; y < rows.size(); ++y) {
        const std::int64_t to = (rows.first + y) * pooled_width * filters + column;
        NACRE_SIMD_CALL(multiply_pool_row<T>, product, pooled_width, width, image.pixels + 2 * y * next_row, b,
                        pooled + to, winner == nullptr ? nullptr : winner + to, start);
      }
      column += width;
    }
  }
}

/// The kernel of the mirrored convolution: taps in reverse order, each [filters, channels].
template <class T>
void prepare_mirrored(const Conv2DShape& shape, const T* kernel, T* prepared) {
  const std::int64_t tap_size = shape.channels * shape.filters;
  const std::int64_t taps = shape.kernel_height * shape.kernel_width;
  for (std::int64_t tap = 0; tap < taps; ++tap) {
    chosen_multiplier<T>().transpose(shape.channels, shape.filters, kernel + (taps - 1 - tap) * tap_size, shape.filters,
                                     prepared + tap * tap_size, shape.channels);
  }
}

/// One sample's input gradient by the mirrored convolution.
template <class T>
void backward_input_mirrored(const Conv2DShape& shape, const T* gradient, const T* prepared, T* input_gradient,
                             T* scratch) {
  const Conv2DShape back = mirrored(shape);
  const T* no_bias = nullptr;
  convolve(back, ConvolutionPlan(back), gradient, prepared, no_bias, false, input_gradient, scratch);
}

/// The kernel as the input's gradient uses it otherwise: for each group and tap [filters of the group, channels of the
/// group], laid out a panel of columns after the other.
template <class T>
void prepare_convolution_backward(const Conv2DShape& shape, const ConvolutionPlan& plan, const T* kernel, T* prepared) {
  if (plan.is_mirrored) return prepare_mirrored(shape, kernel, prepared);
  const Multiplier<T>& tiles = chosen_multiplier<T>();
  const std::int64_t filters = shape.filters / shape.groups;
  // Of few channels, all taps' channels make the columns together.
  const std::int64_t joined = plan.few_channels ? shape.kernel_height * shape.kernel_width : 1;
  const std::int64_t taps = shape.kernel_height * shape.kernel_width / joined;
  const std::int64_t inputs = shape.channels / shape.groups * joined;
  for (std::int64_t group = 0; group < shape.groups; ++group) {
    for (std::int64_t tap = 0; tap < taps; ++tap) {
      for (std::int64_t column = 0; column < inputs;) {
        const std::int64_t width = tiles.next_columns(inputs - column);
        tiles.transpose(width, filters, kernel + (tap * inputs + column) * shape.filters + group * filters,
                        shape.filters, prepared, width);
        prepared += width * filters;
        column += width;
      }
    }
  }
}

/// One sample's input gradient: every tile of the output gradient is added to the input pixels that each tap of the
/// kernel took it from. No product with padding or with the gaps of a stride is computed.
template <class T>
void backward_input_direct(const Conv2DShape& shape, const ConvolutionPlan& plan, const T* gradient, const T* prepared,
                           T* input_gradient) {
  const Multiplier<T>& tiles = chosen_multiplier<T>();
  const std::int64_t inputs = shape.channels / shape.groups;
  const std::int64_t filters = shape.filters / shape.groups;
  const std::int64_t taps = shape.kernel_height * shape.kernel_width;
  const std::int64_t depth_blocks = (filters + ConvolutionPlan::most_depth - 1) / ConvolutionPlan::most_depth;
  if (!plan.is_pointwise) {
    const auto size = static_cast<std::size_t>(shape.height * shape.width * shape.channels);
    std::memset(input_gradient, 0, size * sizeof(T));
  }
  Product<T> product;
  product.set_rows(shape.filters);
  product.c_row = shape.stride_width * shape.channels;
  for (std::int64_t band = 0; band < plan.gradient_bands; ++band) {
    const Range rows = piece(shape.out_height, plan.gradient_bands, band);
    const T* b = prepared;
    for (std::int64_t group = 0; group < shape.groups; ++group) {
      for (std::int64_t tap = 0; tap < taps; ++tap) {
        const std::int64_t offset_y = tap / shape.kernel_width * shape.dilation_height - shape.pad_top;
        const std::int64_t offset_x = tap % shape.kernel_width * shape.dilation_width - shape.pad_left;
        const Range valid = valid_outputs(shape.out_width, shape.width, shape.stride_width, offset_x);
        for (std::int64_t column = 0; column < inputs;) {
          const std::int64_t width = tiles.next_columns(inputs - column);
          product.b_step = width;
          for (std::int64_t block = 0; block < depth_blocks; ++block) {
            const Range depth = piece(filters, depth_blocks, block);
            product.depth = depth.size();
            product.accumulate = !plan.is_pointwise || block > 0;
            for (std::int64_t y = rows.first; y < rows.last; ++y) {
              const std::int64_t input_y = y * shape.stride_height + offset_y;
              if (input_y < 0 || input_y >= shape.height) continue;
              const std::int64_t input_x = valid.first * shape.stride_width + offset_x;
              const T* a = gradient + (y * shape.out_width + valid.first) * shape.filters + group * filters;
              T* c = input_gradient + (input_y * shape.width + input_x) * shape.channels + group * inputs + column;
              tiles.panel(product, valid.size(), width, a + depth.first, b + depth.first * width, c, nullptr);
            }
          }
          b += width * filters;
          column += width;
        }
      }
    }
  }
}

/// The same for images of few channels: all that some output pixels give to the input is computed at once, into
/// `scratch` [highest_tile, taps and channels], and then added pixel by pixel.
template <class T>
void backward_input_few_channels(const Conv2DShape& shape, const T* gradient, const T* prepared, T* input_gradient,
                                 T* scratch) {
  const Multiplier<T>& tiles = chosen_multiplier<T>();
  const std::int64_t all = shape.kernel_height * shape.kernel_width * shape.channels;
  const std::int64_t pieces = (shape.out_width + highest_tile - 1) / highest_tile;
  const auto size = static_cast<std::size_t>(shape.height * shape.width * shape.channels);
  std::memset(input_gradient, 0, size * sizeof(T));
  Product<T> product;
  product.set_rows(shape.filters);
  product.c_row = all;
  product.depth = shape.filters;
  for (std::int64_t y = 0; y < shape.out_height; ++y) {
    for (std::int64_t index = 0; index < pieces; ++index) {
      const Range pixels = aligned_piece(shape.out_width, tiles.row_grain(), pieces, index);
      const T* a = gradient + (y * shape.out_width + pixels.first) * shape.filters;
      for (std::int64_t column = 0; column < all;) {
        const std::int64_t width = tiles.next_columns(all - column);
        product.b_step = width;
        tiles.panel(product, pixels.size(), width, a, prepared + column * shape.filters, scratch + column, nullptr);
        column += width;
      }
      NACRE_SIMD_CALL(add_patches<T>, shape, y, pixels, static_cast<const T*>(scratch), input_gradient);
    }
  }
}

/// Adds one sample's part of the kernel's gradient.
template <class T>
void backward_kernel_direct(const Conv2DShape& shape, const ConvolutionPlan& plan, const T* sample, const T* gradient,
                            T* kernel_gradient) {
  const Multiplier<T>& tiles = chosen_multiplier<T>();
  const std::int64_t inputs = shape.channels / shape.groups;
  const std::int64_t filters = shape.filters / shape.groups;
  Product<T> product;
  product.set_rows(1);
  product.a_step = shape.stride_width * shape.channels;
  product.a_segment = shape.stride_height * shape.width * shape.channels;
  product.b_step = shape.filters;
  product.b_segment = shape.out_width * shape.filters;
  product.c_row = shape.filters;
  product.accumulate = true;
  // A gradient that does not fit the cache is passed over row by row; a small one panel by panel, so that the output
  // gradient's panel stays in the first-level cache.
  constexpr std::int64_t cached = 1 << 16;
  const bool by_rows = shape.kernel_height * shape.kernel_width * inputs * shape.filters > cached;
  const std::int64_t row_pieces = by_rows ? (inputs + tiles.rows - 1) / tiles.rows : 1;
  const std::int64_t all_columns = by_rows ? filters : 2 * tiles.lanes;
  for (std::int64_t band = 0; band < plan.gradient_bands; ++band) {
    const Range rows = piece(shape.out_height, plan.gradient_bands, band);
    for (std::int64_t group = 0; group < shape.groups; ++group) {
      for (std::int64_t column = 0; column < filters; column += all_columns) {
        const std::int64_t columns = filters - column < all_columns ? filters - column : all_columns;
        const std::int64_t filter = group * filters + column;
        for (std::int64_t tap = 0; tap < shape.kernel_height * shape.kernel_width; ++tap) {
          const std::int64_t offset_y = tap / shape.kernel_width * shape.dilation_height - shape.pad_top;
          const std::int64_t offset_x = tap % shape.kernel_width * shape.dilation_width - shape.pad_left;
          const Range valid_x = valid_outputs(shape.out_width, shape.width, shape.stride_width, offset_x);
          Range valid_y = valid_outputs(shape.out_height, shape.height, shape.stride_height, offset_y);
          if (valid_y.first < rows.first) valid_y.first = rows.first;
          if (valid_y.last > rows.last) valid_y.last = rows.last;
          if (valid_x.size() <= 0 || valid_y.size() <= 0) continue;
          product.depth = valid_x.size();
          product.segments = valid_y.size();
          const std::int64_t input_y = valid_y.first * shape.stride_height + offset_y;
          const std::int64_t input_x = valid_x.first * shape.stride_width + offset_x;
          const T* a = sample + (input_y * shape.width + input_x) * shape.channels + group * inputs;
          const T* b = gradient + (valid_y.first * shape.out_width + valid_x.first) * shape.filters + filter;
          T* c = kernel_gradient + tap * inputs * shape.filters + filter;
          for (std::int64_t index = 0; index < row_pieces; ++index) {
            const Range range = aligned_piece(inputs, tiles.row_grain(), row_pieces, index);
            tiles.product(product, range.size(), columns, a + range.first, b, c + range.first * shape.filters, nullptr);
          }
        }
      }
    }
  }
}

/// The same for images of few channels: the rows of a tile are taps and channels together.
template <class T>
void backward_kernel_few_channels(const Conv2DShape& shape, const ConvolutionPlan& plan, const T* sample,
                                  const T* gradient, T* kernel_gradient, T* scratch) {
  const std::int64_t run = shape.kernel_width * shape.channels;
  Product<T> product;
  product.depth = shape.out_width;
  product.a_step = shape.stride_width * shape.channels;
  product.b_step = shape.filters;
  product.b_segment = shape.out_width * shape.filters;
  product.c_row = shape.filters;
  for (std::int64_t band = 0; band < plan.bands; ++band) {
    const Range outputs = piece(shape.out_height, plan.bands, band);
    const ImageRows<T> image = input_rows(shape, plan, outputs, sample, scratch);
    product.segments = outputs.size();
    product.a_segment = shape.stride_height * image.row;
    const Patch patch{run, shape.channels, shape.dilation_height * image.row, shape.dilation_width * shape.channels};
    NACRE_SIMD_CALL(multiply_patches<T>, product, patch, shape.kernel_height * run, shape.filters, image.pixels,
                    gradient + outputs.first * shape.out_width * shape.filters, kernel_gradient);
  }
}

}  // namespace nacre::kernels::detail
