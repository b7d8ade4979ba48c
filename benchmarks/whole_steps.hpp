#pragma once
// The common part of the programs that time whole steps of a network: train_bench and its twins in peers/. They have
// the same options, read the same data, count alike and write the same JSON; only the library in between differs.

#include <sys/resource.h>

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include <CLI/CLI.hpp>
#include <nacre/synthetic/mnist_or_synthetic.hpp>

#include "bench_support.hpp"
#include "drawn_samples.hpp"
#include "networks.hpp"

namespace bench {

struct StepOptions {
  std::string network = "M1";
  std::int64_t batch = 0;
  int threads = 0;
  std::string mode = "train";
  double seconds = 5;
  int repeats = 5;
  std::int64_t width = 512;
  std::string variant;
  std::string data;
  std::string json;

  bool trains() const { return mode == "train"; }
  bool is_convolutional() const { return network == "C1" || network == "R1" || network == "S1"; }
  /// How long a repeat takes.
  double slice() const { return seconds / repeats; }
};

inline Products products_of(const StepOptions& options) {
  return network_of(options.network).products(static_cast<double>(options.width));
}

/// Nominal floating-point operations a sample: two for each multiplication forward; training has two more products of
/// the same size in each layer, but the first layer has no use for the gradient of its input. All else counts as
/// nothing.
inline double nominal_flops(const StepOptions& options) {
  const Products products = products_of(options);
  return options.trains() ? 2 * (3 * products.all - products.first) : 2 * products.all;
}

/// Reads the command line; `variants` are the ways in which this program can compute, the first being the default.
/// Returns false where there is nothing more to do.
inline bool parse(int argc, char** argv, const std::string& program, const std::vector<std::string>& variants,
                  StepOptions& options, int& status) {
  options.variant = variants.front();
  CLI::App app{"Times whole steps of a network", program};
  std::vector<std::string> names;
  for (const BenchNetwork& network : bench_networks) names.emplace_back(network.name);
  app.add_option("--network", options.network, "see docs/benchmarks.md")->check(CLI::IsMember(names));
  app.add_option("--batch", options.batch,
                 "samples a step (default: to train as the network has it; infer 256; latency 1)");
  app.add_option("--threads", options.threads, "threads to compute on; 0: one a core");
  app.add_option("--mode", options.mode, "train, infer or latency")
      ->check(CLI::IsMember({"train", "infer", "latency"}));
  app.add_option("--seconds", options.seconds, "how long to measure")->check(CLI::PositiveNumber);
  app.add_option("--repeats", options.repeats, "into how many repeats the time is cut")->check(CLI::PositiveNumber);
  app.add_option("--width", options.width, "units of M3's hidden layers")->check(CLI::PositiveNumber);
  app.add_option("--variant", options.variant, "how to compute")->check(CLI::IsMember(variants))->capture_default_str();
  app.add_option("--data", options.data, "folder with MNIST's files");
  app.add_option("--json", options.json, "file for the result");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    status = app.exit(error);
    return false;
  }
  if (options.batch <= 0) {
    const std::int64_t trained = network_of(options.network).batch;
    options.batch = options.mode == "latency" ? 1 : options.mode == "infer" ? 256 : trained;
  }
  return true;
}

/// Threads for a peer, which does not know that 0 means one a core.
inline int peer_threads(const StepOptions& options) {
  return options.threads > 0 ? options.threads : std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
}

/// What the network trains on and predicts: MNIST, or samples of the right shape, drawn.
inline nacre::datasets::MnistOrSynthetic read_data(const StepOptions& options) {
  constexpr std::int64_t train = 10000, test = 1000;
  if (options.network == "T1") {
    return {drawn_samples<std::int32_t>(train, {64}, 1000), drawn_samples<std::int32_t>(test, {64}, 1000), "drawn"};
  }
  if (options.network == "S1") return {drawn_bytes(train, {32, 32, 3}), drawn_bytes(test, {32, 32, 3}), "drawn"};
  if (options.network == "D1") return {drawn_bytes(train, {1024, 1}), drawn_bytes(test, {1024, 1}), "drawn"};
  return nacre::datasets::mnist_or_synthetic({.directory = options.data});
}

/// The numbers of a data set, for a peer: `Stored` [samples, elements], as they were read.
template <class Stored>
const Stored* numbers_of(const nacre::Dataset& data) {
  const auto* numbers = data.features_column().stored<Stored>();
  if (numbers == nullptr) throw std::runtime_error("expected other numbers, got " + data.to_string());
  return numbers;
}

/// Counts training steps and divides the time into repeats: each is a rate over whole steps. The first steps do not
/// count.
class StepCounter {
 public:
  explicit StepCounter(const StepOptions& options) : options_(options) {}

  /// To be called after each step; returns whether all repeats are done.
  bool step_ended(std::int64_t samples) {
    if (warm_up_ > 0) {
      if (--warm_up_ == 0) begin_ = Clock::now();
      return false;
    }
    samples_ += samples;
    const double elapsed = seconds_since(begin_);
    if (elapsed < options_.slice()) return false;
    rates_.push_back(static_cast<double>(samples_) / elapsed);
    samples_ = 0;
    begin_ = Clock::now();
    return rates_.size() == static_cast<std::size_t>(options_.repeats);
  }

  const std::vector<double>& rates() const { return rates_; }

 private:
  StepOptions options_;
  int warm_up_ = 20;
  std::int64_t samples_ = 0;
  Clock::time_point begin_;
  std::vector<double> rates_;
};

/// Predicts the same batch again and again: samples a second, or microseconds a call.
template <class Call>
std::vector<double> time_calls(const StepOptions& options, Call call) {
  for (int warm_up = 0; warm_up < 20; ++warm_up) call();
  std::vector<double> results;
  for (int repeat = 0; repeat < options.repeats; ++repeat) {
    const auto begin = Clock::now();
    std::int64_t calls = 0;
    double elapsed = 0;
    do {
      for (int i = 0; i < 10; ++i) call();
      calls += 10;
      elapsed = seconds_since(begin);
    } while (elapsed < options.slice());
    const double each = elapsed / static_cast<double>(calls);
    results.push_back(options.mode == "latency" ? each * 1e6 : static_cast<double>(options.batch) / each);
  }
  return results;
}

inline double peak_memory_mb() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_maxrss) / 1024;
}

/// Prints the median with the spread, and writes the JSON where a file is named.
inline void report(const StepOptions& options, int threads, const std::string& library, const std::string& data,
                   const std::vector<double>& repeats) {
  const std::string unit = options.mode == "latency" ? "\u00b5s" : "samples/s";
  nlohmann::ordered_json result = environment(threads);
  result["library"] = library;
  result["variant"] = options.variant;
  result["network"] = options.network;
  if (options.network == "M3") result["width"] = options.width;
  result["batch"] = options.batch;
  result["mode"] = options.mode;
  result["data"] = data;
  result["flops_per_sample"] = nominal_flops(options);
  result["peak_memory_mb"] = peak_memory_mb();
  result["repeats"] = repeats;
  result["median"] = median(repeats);
  result["unit"] = unit;
  const auto [least, most] = std::minmax_element(repeats.begin(), repeats.end());
  std::printf("%s: %s %s batch %lld threads %d: median %.5g %s (%.5g to %.5g, %zu repeats)\n", library.c_str(),
              options.network.c_str(), options.mode.c_str(), static_cast<long long>(options.batch), threads,
              median(repeats), unit.c_str(), *least, *most, repeats.size());
  if (!options.json.empty()) write_json(result, options.json);
}

}  // namespace bench
