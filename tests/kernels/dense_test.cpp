// Dense kernels against plain loops. The data are small integers, whose products and sums are exact in any order: every
// instruction set must give the very same numbers.

#if __has_include(<catch2/catch_test_macros.hpp>)
#include <catch2/catch_template_test_macros.hpp>
#include <catch2/catch_test_macros.hpp>
#else
#include <catch2/catch.hpp>
#endif

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

#include <nacre/kernels/blas.hpp>
#include <nacre/kernels/dense.hpp>
#include <nacre/kernels/isa.hpp>

namespace {

using namespace nacre;
using namespace nacre::kernels;

std::vector<Isa> available_isas() {
  std::vector<Isa> available;
  for (const Isa isa : {Isa::baseline, Isa::avx2, Isa::avx512}) {
    if (is_available(isa)) available.push_back(isa);
  }
  return available;
}

template <class T>
std::vector<T> small_integers(std::int64_t count, std::uint32_t seed) {
  std::vector<T> values(static_cast<std::size_t>(count));
  for (T& value : values) {
    seed = seed * 1664525u + 1013904223u;
    value = static_cast<T>(static_cast<int>(seed >> 24) % 5 - 2);
  }
  return values;
}

std::size_t at(std::int64_t row, std::int64_t columns, std::int64_t column) {
  return static_cast<std::size_t>(row * columns + column);
}

/// Every function for one shape, as a layer calls them.
template <class T>
void check(const DenseShape& shape) {
  INFO("rows " << shape.rows << ", inputs " << shape.inputs << ", units " << shape.units);
  const auto input = small_integers<T>(shape.rows * shape.inputs, 1);
  const auto kernel = small_integers<T>(shape.inputs * shape.units, 2);
  const auto bias = small_integers<T>(shape.units, 3);
  const auto gradient = small_integers<T>(shape.rows * shape.units, 4);
  std::vector<T> output(at(shape.rows, shape.units, 0)), wanted_output(output.size());
  std::vector<T> input_gradient(input.size()), wanted_input_gradient(input.size());
  std::vector<T> kernel_gradient(kernel.size()), wanted_kernel_gradient(kernel.size());
  for (std::int64_t row = 0; row < shape.rows; ++row) {
    for (std::int64_t unit = 0; unit < shape.units; ++unit) {
      T sum = bias[static_cast<std::size_t>(unit)];
      const T dz = gradient[at(row, shape.units, unit)];
      for (std::int64_t i = 0; i < shape.inputs; ++i) {
        const T x = input[at(row, shape.inputs, i)], w = kernel[at(i, shape.units, unit)];
        sum += x * w;
        wanted_input_gradient[at(row, shape.inputs, i)] += dz * w;
        wanted_kernel_gradient[at(i, shape.units, unit)] += dz * x;
      }
      wanted_output[at(row, shape.units, unit)] = sum;
    }
  }

  for (std::int64_t task = 0; task < dense_forward_tasks(shape); ++task) {
    dense_forward(shape, task, input.data(), kernel.data(), bias.data(), linear, output.data());
  }
  CHECK(output == wanted_output);

  for (T& value : wanted_output) value = value > T(0) ? value : T(0);
  for (std::int64_t task = 0; task < dense_forward_tasks(shape); ++task) {
    dense_forward(shape, task, input.data(), kernel.data(), bias.data(), relu, output.data());
  }
  CHECK(output == wanted_output);

  std::vector<T> transposed(static_cast<std::size_t>(dense_transposed_size(shape)));
  for (std::int64_t block = 0; block < 3; ++block) {
    dense_transpose(shape, piece(shape.units, 3, block), gradient.data(), transposed.data());
  }
  std::vector<T> tile(at(dense_tile_rows(shape), shape.units, 0));
  std::int64_t covered = 0;
  for (std::int64_t task = 0; task < dense_backward_tasks(shape); ++task) {
    const Range inputs = dense_backward_inputs(shape, task);
    CHECK(inputs.first == covered);
    covered = inputs.last;
    dense_backward_input(shape, inputs, gradient.data(), transposed.data(), kernel.data(), input_gradient.data());
    for (std::int64_t first = inputs.first; first < inputs.last; first += dense_tile_rows(shape)) {
      const Range rows{first, std::min(inputs.last, first + dense_tile_rows(shape))};
      dense_backward_kernel(shape, rows, input.data(), gradient.data(), tile.data());
      std::copy_n(tile.begin(), rows.size() * shape.units, kernel_gradient.begin() + rows.first * shape.units);
    }
  }
  CHECK(covered == shape.inputs);
  CHECK(input_gradient == wanted_input_gradient);
  CHECK(kernel_gradient == wanted_kernel_gradient);
}

}  // namespace

TEMPLATE_TEST_CASE("dense layers equal plain loops on every instruction set", "[kernels][dense]", float, double) {
  for (const Isa isa : available_isas()) {
    const ScopedIsa scoped(isa);
    INFO("instruction set " << name(isa));
    // Every combination that a tile can end in: rows, columns and depth below, at and above a register and a tile.
    for (const std::int64_t rows : {1, 2, 3, 5, 6, 12, 13, 31}) {
      for (const std::int64_t units : {1, 3, 8, 16, 17, 31, 33, 67}) {
        for (const std::int64_t inputs : {1, 4, 7, 18}) check<TestType>({rows, inputs, units});
      }
    }
    for (const DenseShape shape :
         {DenseShape{32, 784, 32}, DenseShape{32, 32, 64}, DenseShape{7, 300, 130}, DenseShape{49, 257, 65},
          DenseShape{70, 40, 513}, DenseShape{300, 33, 34}, DenseShape{1, 600, 300}, DenseShape{260, 5, 3},
          DenseShape{64, 130, 10}, DenseShape{40, 300, 2}, DenseShape{9, 4200, 4}, DenseShape{20, 520, 4},
          DenseShape{64, 1, 256}, DenseShape{61, 3, 250}, DenseShape{17, 4, 64}}) {
      check<TestType>(shape);
    }
  }
}

TEST_CASE("dense layers apply every elementwise activation", "[kernels][dense]") {
  const DenseShape shape{5, 3, 21};
  const auto input = small_integers<float>(shape.rows * shape.inputs, 5);
  const auto kernel = small_integers<float>(shape.inputs * shape.units, 6);
  std::vector<float> plain(at(shape.rows, shape.units, 0)), activated(plain.size());
  for (const Isa isa : available_isas()) {
    const ScopedIsa scoped(isa);
    for (const Activation activation : {activations::sigmoid, activations::tanh, activations::gelu}) {
      std::vector<float> before(plain.size());
      for (std::int64_t task = 0; task < dense_forward_tasks(shape); ++task) {
        const float* no_bias = nullptr;
        dense_forward(shape, task, input.data(), kernel.data(), no_bias, linear, plain.data());
        dense_forward(shape, task, input.data(), kernel.data(), no_bias, activation, activated.data(), before.data());
      }
      CHECK(before == plain);
      for (std::size_t i = 0; i < plain.size(); ++i) {
        const float x = plain[i];
        const float wanted = activation == sigmoid       ? 1.0f / (1.0f + std::exp(-x))
                             : activation == nacre::gelu ? x * 0.5f * std::erfc(-x / std::sqrt(2.0f))
                                                         : std::tanh(x);
        CHECK(std::fabs(activated[i] - wanted) < 1e-6f * (1 + std::fabs(wanted)));
      }
    }
  }
}

TEST_CASE("a NaN passes through a dense layer with ReLU", "[kernels][dense]") {
  for (const Isa isa : available_isas()) {
    const ScopedIsa scoped(isa);
    const std::vector<float> input{std::nanf("")}, kernel(40, 1.0f);
    std::vector<float> output(40);
    const float* no_bias = nullptr;
    dense_forward(DenseShape{1, 1, 40}, 0, input.data(), kernel.data(), no_bias, relu, output.data());
    for (const float value : output) CHECK(std::isnan(value));
  }
}

TEST_CASE("dense layers give the same bits wherever their data lie", "[kernels][dense]") {
  const DenseShape shape{29, 83, 45};
  const auto values = [](std::int64_t count, std::uint32_t seed, std::size_t shift) {
    std::vector<float> result(static_cast<std::size_t>(count) + shift);
    for (std::size_t i = shift; i < result.size(); ++i) {
      seed = seed * 1664525u + 1013904223u;
      result[i] = static_cast<float>(seed >> 8) / 16777216.0f - 0.5f;
    }
    return result;
  };
  for (const Isa isa : available_isas()) {
    const ScopedIsa scoped(isa);
    std::vector<float> results[2];
    for (const std::size_t shift : {std::size_t{0}, std::size_t{3}}) {
      const auto input = values(shape.rows * shape.inputs, 1, shift);
      const auto kernel = values(shape.inputs * shape.units, 2, shift);
      std::vector<float> output(at(shape.rows, shape.units, 0) + shift);
      const float* no_bias = nullptr;
      for (std::int64_t task = 0; task < dense_forward_tasks(shape); ++task) {
        dense_forward(shape, task, input.data() + shift, kernel.data() + shift, no_bias, linear, output.data() + shift);
      }
      results[shift > 0].assign(output.begin() + static_cast<std::ptrdiff_t>(shift), output.end());
    }
    CHECK(results[0] == results[1]);
  }
}

TEST_CASE("an instruction set can be forced and is put back", "[kernels][isa]") {
  const Isa before = isa();
  {
    const ScopedIsa scoped(Isa::baseline);
    CHECK(isa() == Isa::baseline);
  }
  CHECK(isa() == before);
  CHECK(is_available(Isa::baseline));
  CHECK(name(Isa::avx512) == "avx512");
}

TEST_CASE("BLAS computes on one thread while a guard lives", "[kernels][blas]") {
  const int before = openblas_get_num_threads == nullptr ? 0 : openblas_get_num_threads();
  {
    const SingleThreadedBlas outer;
    {
      const SingleThreadedBlas inner;
      if (openblas_get_num_threads != nullptr) CHECK(openblas_get_num_threads() == 1);
    }
    if (openblas_get_num_threads != nullptr) CHECK(openblas_get_num_threads() == 1);
  }
  if (openblas_get_num_threads != nullptr) CHECK(openblas_get_num_threads() == before);
}

TEST_CASE("few units and many inputs are computed in pieces", "[kernels][dense]") {
  for (const Isa isa : available_isas()) {
    const ScopedIsa scoped(isa);
    const DenseShape shape{70, 5000, 3};
    std::vector<double> input(70 * 5000), kernel(5000 * 3), output(70 * 3), bias{1, 2, 3};
    for (std::size_t i = 0; i < input.size(); ++i) input[i] = static_cast<double>(i % 7) - 3;
    for (std::size_t i = 0; i < kernel.size(); ++i) kernel[i] = static_cast<double>(i % 5) - 2;
    for (std::int64_t task = 0; task < dense_forward_tasks(shape); ++task) {
      dense_forward(shape, task, input.data(), kernel.data(), bias.data(), linear, output.data());
    }
    for (std::size_t row = 0; row < 70; ++row) {
      for (std::size_t unit = 0; unit < 3; ++unit) {
        double wanted = bias[unit];
        for (std::size_t i = 0; i < 5000; ++i) wanted += input[row * 5000 + i] * kernel[i * 3 + unit];
        CHECK(output[row * 3 + unit] == wanted);
      }
    }
  }
}
