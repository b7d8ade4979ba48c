// How cost grows: a grid of shapes far beyond the four networks, on one core. Forward, the gradient of the input (dX)
// and of the kernel (dW) by nacre, by im2col with OpenBLAS, and by oneDNN where the program was built with it. The
// question is what share of the better of these nacre reaches, and where it falls off. grid_bench --filter conv --json
// FILE --markdown FILE

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <functional>
#include <map>
#include <memory>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include <CLI/CLI.hpp>
#include <nacre/core/version.hpp>
#include <nacre/kernels/isa.hpp>

#include "bench_support.hpp"
#include "im2col.hpp"
#include "kernel_calls.hpp"
#ifdef NACRE_BENCH_ONEDNN
#include <omp.h>
#include "onednn_calls.hpp"
#endif

namespace {

using bench::ConvolutionManner;
using bench::ConvolutionSizes;
using bench::Values;
using nacre::kernels::Conv2DShape;
using nacre::kernels::DenseShape;

struct Options {
  std::string filter;
  double seconds = 0.03;
  int rounds = 7;
  std::int64_t most_mflop = 0;
  std::string json;
  std::string markdown;
};

// ---- the grid
// ---------------------------------------------------------------------------------------------------------

struct ConvolutionCell {
  std::string about;
  ConvolutionSizes sizes;
};

std::vector<ConvolutionCell> convolution_grid() {
  std::vector<ConvolutionCell> grid;
  const auto add = [&](const char* about, ConvolutionSizes sizes, ConvolutionManner manner = {}) {
    sizes.manner = manner;
    grid.push_back({about, sizes});
  };

  for (const std::int64_t batch : {1, 8, 32, 256, 1024, 4096}) add("batch", {batch, 13, 13, 32, 64, 3, 3});

  add("image", {32, 8, 8, 256, 256, 3, 3}, {.same = true});
  add("image", {8, 14, 14, 256, 256, 3, 3}, {.same = true});
  add("image", {8, 28, 28, 128, 128, 3, 3}, {.same = true});
  add("image", {4, 56, 56, 64, 64, 3, 3}, {.same = true});
  add("image", {2, 112, 112, 32, 64, 3, 3}, {.same = true});
  add("image", {1, 224, 224, 16, 32, 3, 3}, {.same = true});
  add("image", {1, 224, 224, 64, 64, 3, 3}, {.same = true});

  add("first layer", {32, 28, 28, 1, 32, 3, 3});
  add("first layer", {32, 28, 28, 1, 6, 5, 5});
  add("first layer", {32, 32, 32, 3, 32, 3, 3}, {.same = true});
  add("first layer", {32, 32, 32, 3, 32, 5, 5}, {.same = true});
  add("first layer", {2, 224, 224, 3, 64, 3, 3}, {.same = true});
  add("first layer", {2, 224, 224, 3, 64, 7, 7}, {.stride = 2, .same = true});

  add("1x1", {16, 8, 8, 512, 1024, 1, 1});
  add("1x1", {8, 28, 28, 256, 64, 1, 1});
  add("1x1", {4, 56, 56, 64, 256, 1, 1});
  add("1x1", {4, 56, 56, 24, 40, 1, 1});
  add("1x1", {4, 56, 56, 64, 128, 1, 1}, {.stride = 2});

  add("5x5", {8, 28, 28, 32, 64, 5, 5}, {.same = true});
  add("5x5", {8, 14, 14, 48, 64, 5, 5}, {.same = true});
  add("7x7", {8, 28, 28, 32, 32, 7, 7}, {.same = true});
  add("1x7", {8, 17, 17, 128, 128, 1, 7}, {.same = true});
  add("7x1", {8, 17, 17, 128, 128, 7, 1}, {.same = true});

  add("stride", {4, 56, 56, 64, 128, 3, 3}, {.stride = 2, .same = true});
  add("stride", {8, 28, 28, 128, 256, 3, 3}, {.stride = 2, .same = true});
  add("stride", {8, 30, 30, 32, 64, 3, 3}, {.stride = 3});
  add("stride", {2, 112, 112, 16, 32, 5, 5}, {.stride = 4, .same = true});

  add("dilation", {8, 32, 32, 64, 64, 3, 3}, {.dilation = 2, .same = true});
  add("dilation", {4, 56, 56, 32, 32, 3, 3}, {.dilation = 4, .same = true});
  add("dilation", {8, 16, 16, 64, 64, 3, 3}, {.dilation = 3});

  add("groups", {8, 28, 28, 128, 128, 3, 3}, {.groups = 4, .same = true});
  add("groups", {8, 14, 14, 256, 256, 3, 3}, {.groups = 32, .same = true});
  add("groups", {8, 28, 28, 96, 192, 3, 3}, {.groups = 2, .same = true});
  add("groups", {4, 56, 56, 64, 64, 3, 3}, {.stride = 2, .groups = 8, .same = true});

  add("depthwise", {2, 112, 112, 32, 32, 3, 3}, {.groups = 32, .same = true});
  add("depthwise", {4, 56, 56, 96, 96, 3, 3}, {.stride = 2, .groups = 96, .same = true});
  add("depthwise", {8, 28, 28, 192, 192, 5, 5}, {.groups = 192, .same = true});
  add("depthwise", {8, 14, 14, 384, 384, 7, 7}, {.groups = 384, .same = true});
  add("depthwise", {8, 28, 28, 30, 30, 3, 3}, {.groups = 30, .same = true});

  add("odd channels", {8, 28, 28, 3, 10, 3, 3});
  add("odd channels", {8, 30, 30, 5, 7, 3, 3}, {.same = true});
  add("odd channels", {8, 28, 28, 17, 33, 3, 3}, {.same = true});
  add("odd channels", {8, 16, 16, 50, 70, 3, 3}, {.same = true});
  add("odd channels", {8, 14, 14, 100, 100, 3, 3});
  add("few filters", {4, 64, 64, 64, 3, 3, 3}, {.same = true});
  add("few filters", {2, 128, 128, 16, 1, 3, 3}, {.same = true});
  return grid;
}

struct DenseCell {
  std::string about;
  DenseShape shape;
};

std::vector<DenseCell> dense_grid() {
  std::vector<DenseCell> grid;
  for (const std::int64_t units : {1, 2, 3, 7, 10, 16, 31, 64, 100, 256, 512, 1000, 2048, 4096, 8192}) {
    grid.push_back({"units", {64, 512, units}});
  }
  for (const std::int64_t rows : {1, 2, 4, 8, 16, 17, 32, 100, 128, 256, 512, 1024, 2048, 4096}) {
    grid.push_back({"batch", {rows, 512, 512}});
  }
  for (const std::int64_t inputs : {1, 3, 10, 64, 784, 1000, 4096, 8192}) {
    grid.push_back({"inputs", {64, inputs, 256}});
  }
  for (const DenseShape& shape :
       {DenseShape{32, 784, 32}, {32, 32, 64}, {32, 64, 10}, {32, 256, 128}, {128, 784, 512}}) {
    grid.push_back({"networks", shape});
  }
  for (const DenseShape& shape : {DenseShape{1, 4096, 4096},
                                  {8, 2048, 2048},
                                  {256, 1024, 4096},
                                  {4096, 64, 64},
                                  {4096, 16, 8},
                                  {4096, 784, 32},
                                  {16, 8192, 1024},
                                  {32, 8192, 8192}}) {
    grid.push_back({"extremes", shape});
  }
  return grid;
}

std::string name_of(const ConvolutionSizes& sizes) {
  std::ostringstream name;
  name << "conv " << sizes.batch << " x " << sizes.height << "x" << sizes.width << "x" << sizes.channels << " > "
       << sizes.filters << ", " << sizes.kernel_height << "x" << sizes.kernel_width;
  if (sizes.manner.stride > 1) name << " stride " << sizes.manner.stride;
  if (sizes.manner.dilation > 1) name << " dilation " << sizes.manner.dilation;
  if (sizes.manner.groups > 1) name << " groups " << sizes.manner.groups;
  if (sizes.manner.same) name << " same";
  return name.str();
}

std::string name_of(const DenseShape& shape) {
  std::ostringstream name;
  name << "dense " << shape.rows << " x " << shape.inputs << " > " << shape.units;
  return name.str();
}

// ---- measuring
// --------------------------------------------------------------------------------------------------------

struct Contender {
  std::string name;
  std::function<void()> call;
  std::function<Values()> result;
};

struct Result {
  std::string about, name;
  std::string pass{};
  double flops = 0;
  std::map<std::string, double> gflops{};  // by contender
  double ratio = 0;                        // nacre's rate to the best of the others
  std::string best{};                      // who that is
};

constexpr const char* ours = "nacre";

/// The largest difference, as a share of the largest number.
double difference(const Values& found, const Values& expected) {
  double largest = 0, worst = 0;
  for (std::size_t i = 0; i < expected.size(); ++i) {
    largest = std::max(largest, static_cast<double>(std::abs(expected[i])));
    const double distance = std::abs(static_cast<double>(found[i]) - static_cast<double>(expected[i]));
    if (!(distance <= worst)) worst = distance;
  }
  return worst / largest;
}

/// Times all contenders in turn, some rounds; the fastest round of each counts, as noise only ever slows down.
void race(const std::vector<Contender>& contenders, const Options& options, Result& result) {
  std::vector<std::int64_t> calls(contenders.size());
  std::vector<double> best(contenders.size(), 1e30);
  for (std::size_t i = 0; i < contenders.size(); ++i) {
    contenders[i].call();
    const auto begin = bench::Clock::now();
    contenders[i].call();
    const double once = std::max(bench::seconds_since(begin), 1e-7);
    calls[i] = std::clamp<std::int64_t>(static_cast<std::int64_t>(options.seconds / options.rounds / once), 1, 100000);
  }
  for (int round = 0; round < options.rounds; ++round) {
    for (std::size_t i = 0; i < contenders.size(); ++i) {
      const auto begin = bench::Clock::now();
      for (std::int64_t call = 0; call < calls[i]; ++call) contenders[i].call();
      best[i] = std::min(best[i], bench::seconds_since(begin) / static_cast<double>(calls[i]));
    }
  }
  double others = 0;
  for (std::size_t i = 0; i < contenders.size(); ++i) {
    const double rate = result.flops / best[i] * 1e-9;
    result.gflops[contenders[i].name] = rate;
    if (contenders[i].name != ours && rate > others) {
      others = rate;
      result.best = contenders[i].name;
    }
  }
  result.ratio = result.gflops[ours] / others;
}

/// Measures one pass of one cell, after a look whether all come to the same result.
void measure(const std::vector<Contender>& contenders, const Options& options, Result result,
             std::vector<Result>& results) {
  for (const Contender& contender : contenders) contender.call();
  const Values expected = contenders[1].result();
  for (const Contender& contender : contenders) {
    const double worst = difference(contender.result(), expected);
    if (!(worst < 1e-3)) {
      throw std::runtime_error(result.name + ", " + result.pass + ": " + contender.name + " is off by " +
                               std::to_string(worst) + " of the largest number");
    }
  }
  race(contenders, options, result);
  std::printf("%-60s %-8s %6.2f of %-12s", result.name.c_str(), result.pass.c_str(), result.ratio, result.best.c_str());
  for (const auto& [name, rate] : result.gflops) std::printf("  %s %.1f", name.c_str(), rate);
  std::printf("\n");
  std::fflush(stdout);
  results.push_back(std::move(result));
}

template <class Ours, class Yardstick, class AddOneDnn>
void measure_passes(Ours& nacre_calls, Yardstick& blas_calls, const char* blas_name, AddOneDnn add_onednn,
                    const Options& options, Result result, std::vector<Result>& results) {
  result.flops = nacre_calls.flops();
  const auto pass = [&](const char* name, void (Ours::*our_call)(), Values Ours::*our_result,
                        void (Yardstick::*blas_call)(), Values Yardstick::*blas_result) {
    result.pass = name;
    std::vector<Contender> contenders{
        {ours, [&, our_call] { (nacre_calls.*our_call)(); }, [&, our_result] { return nacre_calls.*our_result; }},
        {blas_name, [&, blas_call] { (blas_calls.*blas_call)(); },
         [&, blas_result] { return blas_calls.*blas_result; }}};
    add_onednn(name, contenders);
    measure(contenders, options, result, results);
  };
  pass("forward", &Ours::forward, &Ours::output, &Yardstick::forward, &Yardstick::output);
  pass("dX", &Ours::backward_input, &Ours::input_gradient, &Yardstick::backward_input, &Yardstick::input_gradient);
  pass("dW", &Ours::backward_kernel, &Ours::kernel_gradient, &Yardstick::backward_kernel, &Yardstick::kernel_gradient);
}

#ifdef NACRE_BENCH_ONEDNN
/// Adds oneDNN in both layouts, where it has an implementation.
template <class Make>
void add_onednn(const std::string& pass, std::vector<Contender>& contenders, Make make) {
  using bench::OneDnn;
  const auto which = pass == "forward" ? OneDnn::Pass::forward
                     : pass == "dX"    ? OneDnn::Pass::backward_input
                                       : OneDnn::Pass::backward_kernel;
  for (const auto& [layout, name] : {std::pair{bench::Layout::any, "onednn"}, {bench::Layout::plain, "onednn nhwc"}}) {
    try {
      const auto call = std::make_shared<bench::OneDnnCall>(make(which, layout));
      contenders.push_back({name, [call] { (*call)(); }, [call] { return call->result(); }});
    } catch (const dnnl::error& error) {
      std::fprintf(stderr, "oneDNN: %s\n", error.what());
    }
  }
}
#endif

bool is_wanted(const Options& options, const std::string& about, const std::string& name, double flops) {
  if (options.most_mflop > 0 && flops > 1e6 * static_cast<double>(options.most_mflop)) return false;
  return (about + ": " + name).find(options.filter) != std::string::npos;
}

std::vector<Result> run(const Options& options) {
  std::vector<Result> results;
#ifdef NACRE_BENCH_ONEDNN
  bench::OneDnn onednn;
#endif
  for (const ConvolutionCell& cell : convolution_grid()) {
    const Conv2DShape shape = bench::convolution_shape(cell.sizes);
    const std::string name = name_of(cell.sizes);
    const double flops = 2.0 * static_cast<double>(shape.batch * shape.out_height * shape.out_width) *
                         static_cast<double>(shape.kernel_height * shape.kernel_width) *
                         static_cast<double>(shape.channels / shape.groups * shape.filters);
    if (!is_wanted(options, cell.about, name, flops)) continue;
    bench::ConvolutionCalls nacre_calls(shape);
    bench::Im2colConvolution blas_calls(shape, nacre_calls);
    const auto add = [&]([[maybe_unused]] const char* pass, [[maybe_unused]] std::vector<Contender>& contenders) {
#ifdef NACRE_BENCH_ONEDNN
      add_onednn(pass, contenders,
                 [&](auto which, auto layout) { return onednn.convolution(which, layout, shape, nacre_calls); });
#endif
    };
    measure_passes(nacre_calls, blas_calls, "im2col", add, options, {.about = cell.about, .name = name}, results);
  }
  for (const DenseCell& cell : dense_grid()) {
    const std::string name = name_of(cell.shape);
    const double flops = 2.0 * static_cast<double>(cell.shape.rows * cell.shape.inputs * cell.shape.units);
    if (!is_wanted(options, cell.about, name, flops)) continue;
    bench::DenseCalls nacre_calls(cell.shape);
    bench::BlasDense blas_calls(cell.shape, nacre_calls);
    const auto add = [&]([[maybe_unused]] const char* pass, [[maybe_unused]] std::vector<Contender>& contenders) {
#ifdef NACRE_BENCH_ONEDNN
      add_onednn(pass, contenders,
                 [&](auto which, auto layout) { return onednn.dense(which, layout, cell.shape, nacre_calls); });
#endif
    };
    measure_passes(nacre_calls, blas_calls, "sgemm", add, options, {.about = cell.about, .name = name}, results);
  }
  return results;
}

// ---- what it says
// -----------------------------------------------------------------------------------------------------

std::vector<double> ratios(const std::vector<Result>& results, const std::string& pass, const std::string& kind) {
  std::vector<double> found;
  for (const Result& result : results) {
    if ((pass.empty() || result.pass == pass) && result.name.rfind(kind, 0) == 0) found.push_back(result.ratio);
  }
  return found;
}

std::vector<Result> worst_of(std::vector<Result> results, std::size_t count) {
  std::sort(results.begin(), results.end(), [](const Result& a, const Result& b) { return a.ratio < b.ratio; });
  if (results.size() > count) results.resize(count);
  return results;
}

std::string number(double value, int digits) {
  char buffer[64];
  std::snprintf(buffer, sizeof buffer, "%.*f", digits, value);
  return buffer;
}

nlohmann::ordered_json to_json(const std::vector<Result>& results, double probe_before, double probe_after) {
  auto json = bench::environment(1);
  json["isa"] = nacre::kernels::name(nacre::kernels::isa());
  json["probe_before"] = probe_before;
  json["probe_after"] = probe_after;
  json["median"] = bench::median(ratios(results, "", ""));
  json["cells"] = nlohmann::ordered_json::array();
  for (const Result& result : results) {
    json["cells"].push_back({{"about", result.about},
                             {"name", result.name},
                             {"pass", result.pass},
                             {"flops", result.flops},
                             {"gflops", result.gflops},
                             {"best", result.best},
                             {"ratio", result.ratio}});
  }
  return json;
}

std::string to_markdown(const std::vector<Result>& results, double probe_before, double probe_after) {
  const std::vector<double> all = ratios(results, "", "");
  const auto below = std::count_if(all.begin(), all.end(), [](double ratio) { return ratio < 0.5; });
  std::ostringstream out;
  out << "One core, kernels for " << nacre::kernels::name(nacre::kernels::isa()) << "; sgemm probe "
      << number(probe_before, 0) << " GFLOP/s before, " << number(probe_after, 0) << " after. " << all.size()
      << " cells: the median of nacre's rate to the best other is **" << number(bench::median(all), 2)
      << "**, the worst " << number(*std::min_element(all.begin(), all.end()), 2) << "; " << below << " below 0.5.\n\n";
  out << "| median | forward | dX | dW |\n|---|---|---|---|\n";
  for (const char* kind : {"conv", "dense"}) {
    if (ratios(results, "", kind).empty()) continue;
    out << "| " << kind;
    for (const char* pass : {"forward", "dX", "dW"})
      out << " | " << number(bench::median(ratios(results, pass, kind)), 2);
    out << " |\n";
  }
  out << "\nThe worst cells:\n\n| about | shape | pass | ratio | nacre GFLOP/s | best other "
         "|\n|---|---|---|---|---|---|\n";
  for (const Result& result : worst_of(results, 15)) {
    out << "| " << result.about << " | " << result.name << " | " << result.pass << " | " << number(result.ratio, 2)
        << " | " << number(result.gflops.at(ours), 1) << " | " << result.best << " "
        << number(result.gflops.at(result.best), 1) << " |\n";
  }
  out << "\n<details><summary>All cells: nacre's GFLOP/s, and the ratio to the best other</summary>\n\n"
      << "| about | shape | forward | dX | dW |\n|---|---|---|---|---|\n";
  for (std::size_t i = 0; i + 2 < results.size(); i += 3) {
    out << "| " << results[i].about << " | " << results[i].name;
    for (std::size_t pass = 0; pass < 3; ++pass) {
      const Result& result = results[i + pass];
      out << " | " << number(result.gflops.at(ours), 1) << " (" << number(result.ratio, 2) << ")";
    }
    out << " |\n";
  }
  out << "\n</details>\n";
  return out.str();
}

}  // namespace

int main(int argc, char** argv) {
  Options options;
  CLI::App app{"Compares nacre's kernels with im2col + OpenBLAS and oneDNN on a grid of shapes", "grid_bench"};
  app.add_option("--filter", options.filter, "only cells with this in their name, as \"depthwise\" or \"dense 64\"");
  app.add_option("--seconds", options.seconds, "time for each contender in each cell")->check(CLI::PositiveNumber);
  app.add_option("--rounds", options.rounds, "turns that the time is cut into")->check(CLI::PositiveNumber);
  app.add_option("--most-mflop", options.most_mflop, "leave larger cells out; 0: none");
  app.add_option("--json", options.json, "file for the result");
  app.add_option("--markdown", options.markdown, "file for tables");
  CLI11_PARSE(app, argc, argv);
  try {
    bench::set_blas_threads(1);
#ifdef NACRE_BENCH_ONEDNN
    omp_set_num_threads(1);
#endif
    const double probe_before = bench::sgemm_probe();
    const std::vector<Result> results = run(options);
    const double probe_after = bench::sgemm_probe();
    if (results.empty()) throw std::runtime_error("no cell is named like \"" + options.filter + "\"");
    const std::string markdown = to_markdown(results, probe_before, probe_after);
    std::printf("\n%s", markdown.substr(0, markdown.find("\n<details>")).c_str());
    if (!options.json.empty()) bench::write_json(to_json(results, probe_before, probe_after), options.json);
    if (!options.markdown.empty()) {
      std::ofstream out(options.markdown);
      if (!(out << markdown).flush()) throw std::runtime_error("cannot write " + options.markdown);
    }
    return 0;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "grid_bench: %s\n", error.what());
    return 1;
  }
}
