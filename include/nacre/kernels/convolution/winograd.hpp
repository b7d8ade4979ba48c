#pragma once
// Winograd's convolution F(2x2, 3x3): 16 products for 2x2 pixels of the output, where a direct convolution has 36.
// Tiles of 4x4 input pixels, two apart, and the kernel are transformed; of their elements, channels are multiplied and
// summed up as 16 products of matrices; transformed back they are the output. Gradients go the same way back. Lavin and
// Gray, "Fast algorithms for convolutional neural networks", CVPR 2016.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include <nacre/core/range.hpp>
#include <nacre/kernels/convolution/direct.hpp>
#include <nacre/kernels/convolution/plan.hpp>
#include <nacre/kernels/simd/gemm.hpp>
#include <nacre/kernels/simd/math.hpp>

#define NACRE_SIMD_SOURCE <nacre/kernels/simd/winograd.inc>
#include <nacre/kernels/simd/for_each_isa.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE::kernels {

/// How Winograd's convolution cuts a sample: into blocks of rows of tiles, whose transforms stay in cache.
struct WinogradPlan {
  static constexpr std::int64_t planes = 16;

  std::int64_t rows;        ///< of tiles
  std::int64_t columns;     ///< of tiles
  std::int64_t block_rows;  ///< the most rows of tiles in a block
  std::int64_t kernel;      ///< elements of a plane of the transformed kernel
  std::int64_t band_width;  ///< pixels of a row of tiles
  bool is_padded;           ///< some tile reaches beyond the input

  explicit WinogradPlan(const Conv2DShape& shape) {
    constexpr std::int64_t block_elements = 1 << 17;
    rows = (shape.out_height + 1) / 2;
    columns = (shape.out_width + 1) / 2;
    const std::int64_t row = planes * columns * (shape.channels + shape.filters);
    block_rows = std::clamp<std::int64_t>(block_elements / row, 1, rows);
    kernel = shape.channels * shape.filters;
    band_width = 2 * columns + 2;
    is_padded = shape.pad_top > 0 || shape.pad_left > 0 || 2 * rows + 2 > shape.height || band_width > shape.width;
  }

  /// Whether the products saved outweigh the transforms: with enough channels and filters, but not so many that the
  /// transformed kernel leaves the cache, and enough tiles. The same with and without a last odd row or column.
  [[gnu::noinline]] static bool pays(const Conv2DShape& shape) {
    return shape.kernel_height == 3 && shape.kernel_width == 3 && shape.stride_height == 1 && shape.stride_width == 1 &&
           shape.dilation_height == 1 && shape.dilation_width == 1 && shape.groups == 1 && shape.channels >= 16 &&
           shape.filters >= 16 && shape.channels * shape.filters <= 65536 && shape.out_height >= 8 &&
           shape.out_width >= 8;
  }

  // What a pass needs besides its arguments, one after the other.
  std::int64_t band_size(const Conv2DShape& shape) const {
    return is_padded ? (2 * block_rows + 2) * band_width * shape.channels : 0;
  }
  std::int64_t input_size(const Conv2DShape& shape) const { return planes * block_rows * columns * shape.channels; }
  std::int64_t output_size(const Conv2DShape& shape) const { return planes * block_rows * columns * shape.filters; }
  std::int64_t scratch_size(const Conv2DShape& shape) const {
    return band_size(shape) + input_size(shape) + output_size(shape) + planes * kernel;
  }
};

namespace detail {

/// One sample's passes through Winograd's transforms, in scratch memory of `WinogradPlan::scratch_size`.
template <class T>
class Winograd {
 public:
  [[gnu::noinline]] Winograd(const Conv2DShape& shape, T* scratch)
      : shape_(shape),
        plan_(shape),
        tiles_(chosen_multiplier<T>()),
        band_(scratch),
        inputs_(band_ + plan_.band_size(shape)),
        outputs_(inputs_ + plan_.input_size(shape)),
        kernel_gradient_(outputs_ + plan_.output_size(shape)) {}

  /// Blocks are ranges of rows of tiles: the first, the one after another, and whether that is one or there are no
  /// more.
  Range first_block() const { return {0, std::min(plan_.rows, plan_.block_rows)}; }
  Range block_after(Range rows) const { return {rows.last, std::min(plan_.rows, rows.last + plan_.block_rows)}; }
  bool is_block(Range rows) const { return rows.first < plan_.rows; }

  /// A block's tiles, transformed.
  [[gnu::noinline]] void transform_input(Range rows, const T* sample) const {
    ImageRows<T> image{sample + 2 * rows.first * shape_.width * shape_.channels, shape_.width * shape_.channels};
    if (plan_.is_padded) {
      copy_padded_rows(shape_, 2 * rows.first - shape_.pad_top, 2 * rows.size() + 2, plan_.band_width, sample, band_);
      image = {band_, plan_.band_width * shape_.channels};
    }
    for (std::int64_t row = 0; row < rows.size(); ++row) {
      NACRE_SIMD_CALL(winograd_input<T>, plan_.columns, shape_.channels, image.pixels + 2 * row * image.row, image.row,
                      inputs_ + row * plan_.columns * shape_.channels, plane(rows, shape_.channels));
    }
  }

  /// The block's products with a transformed kernel.
  [[gnu::noinline]] void multiply(Range rows, const T* kernel) const {
    Product<T> product = products(shape_.channels, shape_.filters);
    for_each_plane(rows, [&](std::int64_t k, T* inputs, T* outputs) {
      tiles_.product(product, rows.size() * plan_.columns, shape_.filters, inputs, kernel + k * plan_.kernel, outputs,
                     nullptr);
    });
  }

  /// The block's pixels of the output.
  void write_output(Range rows, const T* bias, bool relu, T* output) const {
    const std::int64_t output_row = shape_.out_width * shape_.filters;
    for (std::int64_t row = rows.first; row < rows.last; ++row) {
      NACRE_SIMD_CALL(winograd_output<T>, rows_of(row), shape_.out_width, shape_.filters, outputs_of(rows, row),
                      plane(rows, shape_.filters), bias, relu, output + 2 * row * output_row, output_row);
    }
  }

  /// The same, pooled.
  void write_pooled(Range rows, const T* bias, bool relu, T* pooled, std::uint8_t* winner) const {
    const std::int64_t pooled_row = plan_.columns * shape_.filters;
    for (std::int64_t row = rows.first; row < rows.last; ++row) {
      NACRE_SIMD_CALL(winograd_output_pool<T>, plan_.columns, shape_.filters, outputs_of(rows, row),
                      plane(rows, shape_.filters), bias, relu, pooled + row * pooled_row,
                      winner == nullptr ? nullptr : winner + row * pooled_row);
    }
  }

  /// The gradients of the block's products from the output's.
  [[gnu::noinline]] void read_gradient(Range rows, const T* gradient) const {
    const std::int64_t output_row = shape_.out_width * shape_.filters;
    for (std::int64_t row = rows.first; row < rows.last; ++row) {
      NACRE_SIMD_CALL(winograd_output_gradient<T>, rows_of(row), shape_.out_width, shape_.filters,
                      gradient + 2 * row * output_row, output_row, outputs_of(rows, row), plane(rows, shape_.filters));
    }
  }

  /// The same from the pooled output's.
  void read_pooled_gradient(Range rows, const T* pooled_gradient, const std::uint8_t* winner) const {
    const std::int64_t pooled_row = plan_.columns * shape_.filters;
    for (std::int64_t row = rows.first; row < rows.last; ++row) {
      NACRE_SIMD_CALL(winograd_pool_gradient<T>, plan_.columns, shape_.filters, pooled_gradient + row * pooled_row,
                      winner + row * pooled_row, outputs_of(rows, row), plane(rows, shape_.filters));
    }
  }

  /// Adds the block's part of the transformed kernel's gradient; the `first` one is written.
  [[gnu::noinline]] void add_kernel_gradient(Range rows, bool first) const {
    Product<T> product = products(rows.size() * plan_.columns, shape_.filters);
    product.set_rows(1);
    product.a_step = shape_.channels;
    product.accumulate = !first;
    for_each_plane(rows, [&](std::int64_t k, T* inputs, T* outputs) {
      tiles_.product(product, shape_.channels, shape_.filters, inputs, outputs, kernel_gradient_ + k * plan_.kernel,
                     nullptr);
    });
  }

  /// Adds the gradient of the kernel itself.
  void finish_kernel_gradient(T* kernel_gradient) const {
    NACRE_SIMD_CALL(winograd_kernel_gradient<T>, plan_.kernel, static_cast<const T*>(kernel_gradient_),
                    kernel_gradient);
  }

  /// Adds the block's part of the input's gradient. `kernel` is transformed and transposed. The block's transformed
  /// input is lost.
  [[gnu::noinline]] void add_input_gradient(Range rows, const T* kernel, T* input_gradient) const {
    Product<T> product = products(shape_.filters, shape_.channels);
    for_each_plane(rows, [&](std::int64_t k, T* inputs, T* outputs) {
      tiles_.product(product, rows.size() * plan_.columns, shape_.channels, outputs, kernel + k * plan_.kernel, inputs,
                     nullptr);
    });
    for (std::int64_t row = rows.first; row < rows.last; ++row) {
      const T* inputs = inputs_ + (row - rows.first) * plan_.columns * shape_.channels;
      if (plan_.is_padded) {
        add_padded_row(rows, row, inputs, input_gradient);
      } else {
        const std::int64_t image_row = shape_.width * shape_.channels;
        NACRE_SIMD_CALL(winograd_input_gradient<T>, plan_.columns, shape_.channels, inputs,
                        plane(rows, shape_.channels), input_gradient + 2 * row * image_row, image_row);
      }
    }
  }

 private:
  std::ptrdiff_t plane(Range rows, std::int64_t depth) const { return rows.size() * plan_.columns * depth; }
  std::int64_t rows_of(std::int64_t row) const { return std::min<std::int64_t>(2, shape_.out_height - 2 * row); }
  T* outputs_of(Range rows, std::int64_t row) const {
    return outputs_ + (row - rows.first) * plan_.columns * shape_.filters;
  }

  static Product<T> products(std::int64_t depth, std::int64_t columns) {
    Product<T> product;
    product.set_rows(depth);
    product.depth = depth;
    product.b_step = columns;
    product.c_row = columns;
    return product;
  }

  template <class Body>
  void for_each_plane(Range rows, const Body& body) const {
    for (std::int64_t k = 0; k < plan_.planes; ++k) {
      body(k, inputs_ + k * plane(rows, shape_.channels), outputs_ + k * plane(rows, shape_.filters));
    }
  }

  /// A row of tiles goes through a band with padding, of which only the input's own pixels are added.
  void add_padded_row(Range rows, std::int64_t row, const T* inputs, T* input_gradient) const {
    const std::int64_t band_row = plan_.band_width * shape_.channels;
    std::memset(band_, 0, static_cast<std::size_t>(4 * band_row) * sizeof(T));
    NACRE_SIMD_CALL(winograd_input_gradient<T>, plan_.columns, shape_.channels, inputs, plane(rows, shape_.channels),
                    band_, band_row);
    const std::int64_t pixels = std::min(shape_.width, plan_.band_width - shape_.pad_left);
    for (std::int64_t y = 0; y < 4; ++y) {
      const std::int64_t input_y = 2 * row + y - shape_.pad_top;
      if (input_y < 0 || input_y >= shape_.height || pixels <= 0) continue;
      NACRE_SIMD_CALL(add_row<T>, pixels * shape_.channels,
                      static_cast<const T*>(band_) + y * band_row + shape_.pad_left * shape_.channels,
                      input_gradient + input_y * shape_.width * shape_.channels);
    }
  }

  const Conv2DShape& shape_;
  WinogradPlan plan_;
  const Multiplier<T>& tiles_;
  T* band_;
  T* inputs_;
  T* outputs_;
  T* kernel_gradient_;
};

/// The transformed kernel, plane after plane [channels, filters].
template <class T>
void winograd_prepare_forward(const Conv2DShape& shape, const T* kernel, T* prepared) {
  NACRE_SIMD_CALL(winograd_kernel<T>, shape.channels * shape.filters, kernel, prepared);
}

/// The same transposed, [filters, channels], with as much memory again behind it.
template <class T>
void winograd_prepare_backward(const Conv2DShape& shape, const T* kernel, T* prepared) {
  const std::int64_t elements = shape.channels * shape.filters;
  T* straight = prepared + WinogradPlan::planes * elements;
  winograd_prepare_forward(shape, kernel, straight);
  for (std::int64_t k = 0; k < WinogradPlan::planes; ++k) {
    chosen_multiplier<T>().transpose(shape.channels, shape.filters, straight + k * elements, shape.filters,
                                     prepared + k * elements, shape.channels);
  }
}

}  // namespace detail

}  // namespace nacre::kernels
