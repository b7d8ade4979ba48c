// Micro-benchmarks of the kernels with the shapes of the networks that train_bench knows, on one core. Each rate stands
// beside that of OpenBLAS' sgemm at 512^3 just afterwards ("probe"), of which it is the share "of_probe".
// kernel_bench --benchmark_filter=conv --benchmark_format=json

#include <benchmark/benchmark.h>

#include <cstdint>
#include <string>
#include <vector>

#include <nacre/core/buffer.hpp>
#include <nacre/core/float_control.hpp>
#include <nacre/core/random.hpp>
#include <nacre/kernels/convolution.hpp>
#include <nacre/kernels/dense.hpp>
#include <nacre/kernels/isa.hpp>
#include <nacre/kernels/optimizers.hpp>

#include "bench_support.hpp"
#include "kernel_calls.hpp"

namespace {

using bench::random_values;
using bench::Values;
using nacre::kernels::Conv2DShape;
using nacre::kernels::DenseShape;

/// Registers a benchmark by wall-clock time, as the probe has it.
template <class Run>
void add_benchmark(const std::string& name, Run run) {
  benchmark::RegisterBenchmark(name.c_str(), run)->UseRealTime();
}

void set_rate(benchmark::State& state, double flops_each) {
  using benchmark::Counter;
  const double flops = flops_each * static_cast<double>(state.iterations());
  state.counters["GFLOP/s"] = Counter(flops * 1e-9, Counter::kIsRate);
  const double probe = bench::sgemm_probe(3);
  state.counters["probe"] = probe;
  state.counters["of_probe"] = Counter(flops * 1e-9 / probe, Counter::kIsRate);
}

// ---- dense
// ------------------------------------------------------------------------------------------------------------

struct DenseCase {
  const char* name;
  DenseShape shape;
};

const std::vector<DenseCase> dense_cases{
    {"M1_1", {32, 784, 32}},      {"M1_2", {32, 32, 64}},        {"M1_3", {32, 64, 10}},
    {"M2_1", {32, 784, 256}},     {"M2_2", {32, 256, 128}},      {"M2_3", {32, 128, 10}},
    {"M3_1", {128, 784, 512}},    {"M3_2", {128, 512, 512}},     {"M3_3", {128, 512, 10}},
    {"C1_b32", {32, 1600, 128}},  {"C1_b128", {128, 1600, 128}}, {"M3_infer", {256, 784, 512}},
    {"M3_latency", {1, 784, 512}}};

void register_dense() {
  for (const DenseCase& given : dense_cases) {
    const DenseShape shape = given.shape;
    const std::string name = std::string(given.name) + "/" + std::to_string(shape.rows) + "x" +
                             std::to_string(shape.inputs) + "x" + std::to_string(shape.units);
    const auto add = [&](const char* pass, void (bench::DenseCalls::*call)()) {
      add_benchmark(std::string("dense_") + pass + "/" + name, [=](benchmark::State& state) {
        bench::DenseCalls calls(shape);
        for ([[maybe_unused]] auto _ : state) {
          (calls.*call)();
          benchmark::ClobberMemory();
        }
        set_rate(state, calls.flops());
      });
    };
    add("forward", &bench::DenseCalls::forward);
    if (shape.rows == 1 || shape.rows == 256) continue;
    add("backward_input", &bench::DenseCalls::backward_input);
    add("backward_kernel", &bench::DenseCalls::backward_kernel);
  }
}

// ---- convolution
// ------------------------------------------------------------------------------------------------------

struct ConvolutionCase {
  const char* name;
  Conv2DShape shape;
};

void register_convolution() {
  const std::vector<ConvolutionCase> cases{
      {"C1_1/28x28x1-3x3x32", bench::convolution_shape({32, 28, 28, 1, 32, 3, 3})},
      {"C1_2/13x13x32-3x3x64", bench::convolution_shape({32, 13, 13, 32, 64, 3, 3})}};
  for (const ConvolutionCase& given : cases) {
    const auto add = [&](const std::string& pass, void (bench::ConvolutionCalls::*call)(), double products) {
      add_benchmark("conv_" + pass + "/" + given.name, [=](benchmark::State& state) {
        bench::ConvolutionCalls calls(given.shape);
        calls.forward_pooled();  // the backward pass needs its winners
        for ([[maybe_unused]] auto _ : state) {
          (calls.*call)();
          benchmark::ClobberMemory();
        }
        set_rate(state, products * calls.flops());
      });
    };
    add("forward", &bench::ConvolutionCalls::forward, 1);
    add("forward_relu_pool", &bench::ConvolutionCalls::forward_pooled, 1);
    if (given.shape.channels > 1) add("backward_input", &bench::ConvolutionCalls::backward_input, 1);
    add("backward_kernel", &bench::ConvolutionCalls::backward_kernel, 1);
    if (given.shape.channels > 1) add("backward_both_pooled", &bench::ConvolutionCalls::backward_pooled, 2);
  }
}

// ---- optimizers
// -------------------------------------------------------------------------------------------------------

/// Parameters with gradients and two slots.
struct Parameters {
  explicit Parameters(std::int64_t count)
      : w(random_values(count, 1)), g(random_values(count, 2)), first(random_values(count, 3)), second(w.size()) {
    for (float& value : second) value = 0.1f;
  }
  Values w, g, first, second;
};

void register_optimizers() {
  const auto add = [](const std::string& name, auto update) {
    // Parameters in the second-level cache, as a layer's tile is when its gradient has just been made, and in memory.
    for (const std::int64_t count : {std::int64_t{1} << 14, std::int64_t{1} << 22}) {
      add_benchmark(name + "/" + std::to_string(count), [=](benchmark::State& state) {
        Parameters parameters(count);
        const nacre::FlushDenormals flush;
        for ([[maybe_unused]] auto _ : state) {
          update(count, parameters);
          benchmark::ClobberMemory();
        }
        using benchmark::Counter;
        // An inverted rate in units of a billionth: nanoseconds a parameter.
        state.counters["ns/parameter"] =
            Counter(1e-9 * static_cast<double>(count * state.iterations()), Counter::kIsRate | Counter::kInvert);
      });
    }
  };
  namespace kernels = nacre::kernels;
  add("sgd", [](std::int64_t count, Parameters& p) { kernels::sgd(count, p.w.data(), p.g.data(), 1e-3f); });
  add("sgd_momentum", [](std::int64_t count, Parameters& p) {
    kernels::sgd_momentum(count, p.w.data(), p.g.data(), p.first.data(), 1e-3f, 0.9f, false);
  });
  add("rmsprop", [](std::int64_t count, Parameters& p) {
    kernels::rmsprop(count, p.w.data(), p.g.data(), p.second.data(), nullptr, nullptr, 1e-3f, 0.9, 0.0f, 1e-7f);
  });
  add("adam", [](std::int64_t count, Parameters& p) {
    kernels::adam(count, p.w.data(), p.g.data(), p.first.data(), p.second.data(), nullptr, 1e-3f, 0.9, 0.999, 1e-7f);
  });
}

void register_probe() {
  add_benchmark("sgemm_probe/512x512x512", [](benchmark::State& state) {
    double best = 0;
    for ([[maybe_unused]] auto _ : state) best = std::max(best, bench::sgemm_probe(1));
    state.counters["GFLOP/s"] = best;
  });
}

}  // namespace

int main(int argc, char** argv) {
  bench::set_blas_threads(1);
  const auto facts = bench::environment(1);
  for (const auto& [key, value] : facts.items()) {
    benchmark::AddCustomContext(key, value.is_string() ? value.get<std::string>() : value.dump());
  }
  benchmark::AddCustomContext("isa", std::string(nacre::kernels::name(nacre::kernels::isa())));
  register_probe();
  register_dense();
  register_convolution();
  register_optimizers();
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 1;
  benchmark::RunSpecifiedBenchmarks();
  benchmark::Shutdown();
  return 0;
}
