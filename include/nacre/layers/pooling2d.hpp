#pragma once
// What MaxPooling2D and AveragePooling2D have in common.

#include <optional>
#include <string>
#include <string_view>

#include <nacre/kernels/pooling.hpp>
#include <nacre/layers/layer.hpp>
#include <nacre/layers/spatial.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// Options of MaxPooling2D and AveragePooling2D.
struct Pooling2DOptions {
  std::optional<Size2D> strides{};  ///< none: the size of the pool
  Padding padding = Padding::valid;
  std::string name{};

  void fields(Fields& list) {
    list("strides", strides);
    list("padding", padding);
    list("name", name);
  }
};

namespace detail {

/// The geometry of pooling images of shape `input` (height, width, channels). Throws ShapeError where no window fits.
inline kernels::Pool2DShape pool_shape(const Shape& input, std::int64_t batch, Size2D pool,
                                       const Pooling2DOptions& options) {
  require_image(input);
  const Size2D strides = options.strides.value_or(pool);
  const Window rows(input[0], pool.height, strides.height, 1, options.padding);
  const Window columns(input[1], pool.width, strides.width, 1, options.padding);
  require_positions(input, pool, rows, columns);
  return {.batch = batch,
          .height = input[0],
          .width = input[1],
          .channels = input[2],
          .pool_height = pool.height,
          .pool_width = pool.width,
          .stride_height = strides.height,
          .stride_width = strides.width,
          .pad_top = rows.pad_before,
          .pad_left = columns.pad_before,
          .out_height = rows.positions,
          .out_width = columns.positions};
}

[[gnu::cold]] inline void validate_pool(std::string_view layer, Size2D pool, const Pooling2DOptions& options) {
  pool.validate(layer, "pool_size");
  options.strides.value_or(pool).validate(layer, "strides");
}

}  // namespace detail
}  // namespace nacre
