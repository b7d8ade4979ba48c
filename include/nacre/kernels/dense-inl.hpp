#pragma once
// The bodies of dense.hpp.

#include <algorithm>

#include <nacre/kernels/dense.hpp>
#include <nacre/kernels/epilogue.hpp>
#include <nacre/kernels/simd/gemm.hpp>

#define NACRE_SIMD_SOURCE <nacre/kernels/simd/dense.inc>
#include <nacre/kernels/simd/for_each_isa.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE::kernels {

namespace detail {

/// The forward tasks of a dense layer: pieces of the output, `rows` down by `columns` across.
struct DenseGrid {
  std::int64_t rows;
  std::int64_t columns;
};

inline DenseGrid dense_forward_grid(const DenseShape& shape) {
  constexpr std::int64_t wanted = 8;            // enough for a few threads to share evenly
  constexpr std::int64_t least_work = 1 << 17;  // multiplications that outweigh handing out a task
  constexpr std::int64_t most_rows = 256;       // rows of input that a task can keep in cache
  const std::int64_t work = shape.rows * shape.inputs * shape.units;
  // Few rows are a matter of reading the kernel, which longer runs of columns make faster.
  const std::int64_t columns = piece_count(shape.units, shape.rows <= 3 ? 128 : 64);
  const std::int64_t useful = std::min({wanted / columns, shape.rows / 16, work / columns / least_work});
  return {std::max({std::int64_t{1}, (shape.rows + most_rows - 1) / most_rows, useful}), columns};
}

/// Rows of the transposed output gradient, which lie in whole vectors.
inline std::int64_t dense_padded_rows(const DenseShape& shape) { return (shape.rows + 15) / 16 * 16; }

/// Whether the input's gradient is computed as dot products: where there are too few samples, or inputs, to fill a
/// vector.
inline bool dense_backward_input_is_dots(const DenseShape& shape) {
  return (shape.rows <= 6 || shape.inputs <= 4) && shape.units >= 64;
}

/// So few units do not fill a vector either: the output is computed as dot products, and the kernel's gradient
/// transposed.
inline constexpr std::int64_t dense_few_units = 4;
inline bool dense_forward_is_dots(const DenseShape& shape) {
  return shape.units == 1 || (shape.units <= dense_few_units && shape.rows >= 8);
}

/// Whether the input's gradient is computed from a transposed output gradient: when that is the smaller matrix.
inline bool dense_transposes_gradient(const DenseShape& shape) {
  return !dense_backward_input_is_dots(shape) && shape.rows < shape.units;
}

/// Steps of the sum that are done before the next columns: so much of B, a tile wide, fits the first-level cache.
inline constexpr std::int64_t dense_depth = 256;

/// input_gradient[row, i] = the dot product of a row of the output's gradient and one of the kernel, for `inputs` i.
template <class T>
void dense_dots(const DenseShape& shape, Range inputs, const T* output_gradient, const T* kernel, T* input_gradient) {
  NACRE_SIMD_CALL(dense_backward_input_few<T>, shape, inputs, output_gradient, shape.units, kernel, input_gradient);
}

/// output [rows, units] = samples kernel, for 2 to dense_few_units units: the kernel is transposed a piece at a time.
template <class T>
void dense_forward_few_units(const DenseShape& shape, const T* samples, const T* kernel, T* output) {
  constexpr std::int64_t most_inputs = 1024, most_rows = 64;
  alignas(64) T columns[dense_few_units * most_inputs];
  T part[most_rows * dense_few_units];
  const std::int64_t blocks = (shape.inputs + most_inputs - 1) / most_inputs;
  const std::int64_t row_blocks = (shape.rows + most_rows - 1) / most_rows;
  for (std::int64_t block = 0; block < blocks; ++block) {
    const Range depth = piece(shape.inputs, blocks, block);
    chosen_multiplier<T>().transpose(depth.size(), shape.units, kernel + depth.first * shape.units, shape.units,
                                     columns, depth.size());
    for (std::int64_t row_block = 0; row_block < row_blocks; ++row_block) {
      const Range rows = piece(shape.rows, row_blocks, row_block);
      NACRE_SIMD_CALL(dense_backward_input_few<T>, DenseShape{rows.size(), shape.units, depth.size()},
                      Range{0, shape.units}, samples + rows.first * shape.inputs + depth.first, shape.inputs,
                      static_cast<const T*>(columns), static_cast<T*>(part));
      T* to = output + rows.first * shape.units;
      for (std::int64_t i = 0; i < rows.size() * shape.units; ++i) to[i] = block == 0 ? part[i] : to[i] + part[i];
    }
  }
}

/// Rows `rows` of an output with few units: each number is the dot product of a sample and a column of the kernel.
template <class T>
void dense_forward_dots(const DenseShape& shape, Range rows, const T* input, const T* kernel, const T* bias, bool relu,
                        T* output) {
  const T* samples = input + rows.first * shape.inputs;
  T* to = output + rows.first * shape.units;
  if (shape.units == 1) {
    // The samples take the place of the kernel: a dot product for each.
    dense_dots(DenseShape{1, rows.size(), shape.inputs}, Range{0, rows.size()}, kernel, samples, to);
  } else {
    dense_forward_few_units(DenseShape{rows.size(), shape.inputs, shape.units}, samples, kernel, to);
  }
  for (std::int64_t i = 0; i < rows.size() * shape.units; ++i) {
    if (bias != nullptr) to[i] += bias[i % shape.units];
    if (relu && to[i] < T(0)) to[i] = T(0);
  }
}

/// Rows `rows` and columns `columns` of the output.
template <class T>
void dense_forward_block(const DenseShape& shape, Range rows, Range columns, const T* input, const T* kernel,
                         const T* bias, bool relu, T* output) {
  if (dense_forward_is_dots(shape)) return dense_forward_dots(shape, rows, input, kernel, bias, relu, output);
  const Multiplier<T>& tiles = chosen_multiplier<T>();
  Product<T> product;
  product.set_rows(shape.inputs);
  product.b_step = shape.units;
  product.c_row = shape.units;
  const T* a = input + rows.first * shape.inputs;
  const T* b = kernel + columns.first;
  T* c = output + rows.first * shape.units + columns.first;
  const T* start = bias == nullptr ? nullptr : bias + columns.first;
  // Copying a panel of B pays when several tiles use the copy.
  const bool pack = rows.size() > 3 * tiles.rows && shape.units > 2 * tiles.lanes;
  const std::int64_t blocks = (shape.inputs + dense_depth - 1) / dense_depth;
  for (std::int64_t block = 0; block < blocks; ++block) {
    const Range depth = piece(shape.inputs, blocks, block);
    product.depth = depth.size();
    product.accumulate = block > 0;
    product.relu = relu && block + 1 == blocks;
    const T* a_block = a + depth.first;
    const T* b_block = b + depth.first * shape.units;
    if (!pack) {
      tiles.product(product, rows.size(), columns.size(), a_block, b_block, c, start);
      continue;
    }
    alignas(64) T panel[dense_depth * widest_tile<T>];
    for (std::int64_t j = 0; j < columns.size();) {
      const std::int64_t width = tiles.next_columns(columns.size() - j);
      product.b_step = tiles.packed_step(width);
      tiles.pack(depth.size(), width, b_block + j, shape.units, panel);
      tiles.panel(product, rows.size(), width, a_block, panel, c + j, start == nullptr ? nullptr : start + j);
      j += width;
    }
  }
}

template <class T>
void dense_transpose_units(const DenseShape& shape, std::int64_t padded_rows, Range units, const T* output_gradient,
                           T* transposed) {
  const Multiplier<T>& tiles = chosen_multiplier<T>();
  T* to = transposed + units.first * padded_rows;
  tiles.transpose(shape.rows, units.size(), output_gradient + units.first, shape.units, to, padded_rows);
  for (std::int64_t unit = 0; unit < units.size(); ++unit) {
    for (std::int64_t row = shape.rows; row < padded_rows; ++row) to[unit * padded_rows + row] = T(0);
  }
}

/// Columns `inputs` of the input's gradient, from the transposed output gradient: tiles of kernel rows times a panel of
/// samples, written to their place transposed.
template <class T>
void dense_backward_input_transposed(const DenseShape& shape, std::int64_t padded_rows, Range inputs,
                                     const T* transposed, const T* kernel, T* input_gradient) {
  const Multiplier<T>& tiles = chosen_multiplier<T>();
  constexpr std::int64_t block_rows = 4 * highest_tile;
  alignas(64) T block[block_rows * widest_tile<T>];
  Product<T> product;
  product.set_rows(shape.units);
  product.b_step = padded_rows;
  product.c_row = widest_tile<T>;
  const std::int64_t row_blocks = (inputs.size() + block_rows - 1) / block_rows;
  const std::int64_t depth_blocks = (shape.units + dense_depth - 1) / dense_depth;
  for (std::int64_t row_block = 0; row_block < row_blocks; ++row_block) {
    Range range = piece(inputs.size(), row_blocks, row_block);
    range = {inputs.first + range.first, inputs.first + range.last};
    for (std::int64_t sample = 0; sample < shape.rows;) {
      const std::int64_t width =
          tiles.next_columns((shape.rows - sample + tiles.lanes - 1) / tiles.lanes * tiles.lanes);
      for (std::int64_t depth_block = 0; depth_block < depth_blocks; ++depth_block) {
        const Range depth = piece(shape.units, depth_blocks, depth_block);
        product.depth = depth.size();
        product.accumulate = depth_block > 0;
        tiles.panel(product, range.size(), width, kernel + range.first * shape.units + depth.first,
                    transposed + depth.first * padded_rows + sample, block, nullptr);
      }
      const std::int64_t samples = width < shape.rows - sample ? width : shape.rows - sample;
      tiles.transpose(range.size(), samples, block, widest_tile<T>,
                      input_gradient + sample * shape.inputs + range.first, shape.inputs);
      sample += width;
    }
  }
}

/// Columns `inputs` of the input's gradient for few units: the kernel's rows are transposed a panel at a time.
template <class T>
void dense_backward_input_direct(const DenseShape& shape, Range inputs, const T* output_gradient, const T* kernel,
                                 T* input_gradient) {
  const Multiplier<T>& tiles = chosen_multiplier<T>();
  alignas(64) T panel[dense_depth * widest_tile<T>];
  Product<T> product;
  product.set_rows(shape.units);
  product.c_row = shape.inputs;
  const std::int64_t depth_blocks = (shape.units + dense_depth - 1) / dense_depth;
  for (std::int64_t i = inputs.first; i < inputs.last;) {
    const std::int64_t width = tiles.next_columns(inputs.last - i);
    product.b_step = tiles.packed_step(width);
    for (std::int64_t depth_block = 0; depth_block < depth_blocks; ++depth_block) {
      const Range depth = piece(shape.units, depth_blocks, depth_block);
      product.depth = depth.size();
      product.accumulate = depth_block > 0;
      tiles.transpose(width, depth.size(), kernel + i * shape.units + depth.first, shape.units, panel, product.b_step);
      tiles.panel(product, shape.rows, width, output_gradient + depth.first, panel, input_gradient + i, nullptr);
    }
    i += width;
  }
}

/// Rows `inputs` of the kernel's gradient of few units: computed with the inputs along the vectors, then transposed.
template <class T>
void dense_backward_kernel_few_units(const DenseShape& shape, Range inputs, const T* input, const T* output_gradient,
                                     T* tile) {
  const Multiplier<T>& tiles = chosen_multiplier<T>();
  constexpr std::int64_t most_columns = 256;
  alignas(64) T transposed[dense_few_units * most_columns];
  Product<T> product;
  product.set_rows(1);
  product.a_step = shape.units;
  product.b_step = shape.inputs;
  product.c_row = most_columns;
  product.depth = shape.rows;
  for (std::int64_t first = inputs.first; first < inputs.last; first += most_columns) {
    const std::int64_t columns = std::min(most_columns, inputs.last - first);
    tiles.product(product, shape.units, columns, output_gradient, input + first, transposed, nullptr);
    tiles.transpose(shape.units, columns, transposed, most_columns, tile + (first - inputs.first) * shape.units,
                    shape.units);
  }
}

/// Rows `inputs` of the kernel's gradient.
template <class T>
void dense_backward_kernel_rows(const DenseShape& shape, Range inputs, const T* input, const T* output_gradient,
                                T* tile) {
  if (shape.units <= dense_few_units) {
    return dense_backward_kernel_few_units(shape, inputs, input, output_gradient, tile);
  }
  const Multiplier<T>& tiles = chosen_multiplier<T>();
  Product<T> product;
  product.set_rows(1);
  product.a_step = shape.inputs;
  product.b_step = shape.units;
  product.c_row = shape.units;
  const std::int64_t blocks = (shape.rows + dense_depth - 1) / dense_depth;
  const std::int64_t grain = tiles.row_grain();
  const std::int64_t pieces = (inputs.size() + tiles.rows - 1) / tiles.rows;
  const std::int64_t grains = (inputs.size() + grain - 1) / grain;
  for (std::int64_t block = 0; block < blocks; ++block) {
    const Range samples = piece(shape.rows, blocks, block);
    product.depth = samples.size();
    product.accumulate = block > 0;
    Range rows;
    for (std::int64_t index = 0; index < pieces; ++index) {  // aligned pieces, with one division for each
      rows = {rows.last, std::min(inputs.size(), grains * (index + 1) / pieces * grain)};
      const T* a = input + samples.first * shape.inputs + inputs.first + rows.first;
      if (shape.units <= 4 * tiles.lanes) {
        tiles.product(product, rows.size(), shape.units, a, output_gradient + samples.first * shape.units,
                      tile + rows.first * shape.units, nullptr);
        continue;
      }
      // The samples' features lie a whole row apart; side by side they are read once for all columns.
      alignas(64) T features[dense_depth * widest_tile<T>];
      Product<T> packed = product;
      if (rows.size() <= tiles.lanes) {
        packed.a_step = tiles.lanes;
        tiles.pack(samples.size(), rows.size(), a, shape.inputs, features);
      } else {
        packed.a_step = rows.size();
        for (std::int64_t sample = 0; sample < samples.size(); ++sample) {
          std::copy_n(a + sample * shape.inputs, rows.size(), features + sample * rows.size());
        }
      }
      tiles.product(packed, rows.size(), shape.units, features, output_gradient + samples.first * shape.units,
                    tile + rows.first * shape.units, nullptr);
    }
  }
}

}  // namespace detail

NACRE_INLINE std::int64_t dense_forward_tasks(const DenseShape& shape) {
  const detail::DenseGrid grid = detail::dense_forward_grid(shape);
  return grid.rows * grid.columns;
}

template <class T>
void dense_forward(const DenseShape& shape, std::int64_t task, const T* input, const T* kernel, const T* bias,
                   const Activation& activation, T* output, std::type_identity_t<T>* before) {
  const detail::DenseGrid grid = detail::dense_forward_grid(shape);
  const Range rows = piece(shape.rows, grid.rows, task / grid.columns);
  const Range columns = aligned_piece(shape.units, 32, grid.columns, task % grid.columns);
  const Epilogue<T> end{activation, output, before};
  detail::dense_forward_block(shape, rows, columns, input, kernel, bias, end.is_relu(), end.products());
  end.finish(rows.first * shape.units + columns.first, rows.size(), columns.size(), shape.units);
}

NACRE_INLINE std::int64_t dense_transposed_size(const DenseShape& shape) {
  DenseShape fewer = shape;
  fewer.rows = std::min(shape.rows, shape.units - 1);
  return detail::dense_transposes_gradient(fewer) ? shape.units * detail::dense_padded_rows(fewer) : 0;
}

template <class T>
void dense_transpose(const DenseShape& shape, Range units, const T* output_gradient, T* transposed) {
  if (!detail::dense_transposes_gradient(shape)) return;
  detail::dense_transpose_units(shape, detail::dense_padded_rows(shape), units, output_gradient, transposed);
}

template <class T>
void dense_backward_input(const DenseShape& shape, Range inputs, const T* output_gradient, const T* transposed,
                          const T* kernel, T* input_gradient) {
  if (detail::dense_transposes_gradient(shape)) {
    detail::dense_backward_input_transposed(shape, detail::dense_padded_rows(shape), inputs, transposed, kernel,
                                            input_gradient);
  } else if (detail::dense_backward_input_is_dots(shape)) {
    if (shape.inputs == 1) {
      // The samples' gradients take the place of the kernel, and the kernel that of the one gradient.
      detail::dense_dots(DenseShape{1, shape.rows, shape.units}, Range{0, shape.rows}, kernel, output_gradient,
                         input_gradient);
    } else {
      detail::dense_dots(shape, inputs, output_gradient, kernel, input_gradient);
    }
  } else {
    detail::dense_backward_input_direct(shape, inputs, output_gradient, kernel, input_gradient);
  }
}

template <class T>
void dense_backward_kernel(const DenseShape& shape, Range inputs, const T* input, const T* output_gradient, T* tile) {
  detail::dense_backward_kernel_rows(shape, inputs, input, output_gradient, tile);
}

}  // namespace nacre::kernels
