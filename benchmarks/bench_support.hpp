#pragma once
// What the benchmark programs have in common: timing, the sgemm probe, and the facts that go into every result.

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <fstream>
#include <stdexcept>
#include <string>
#include <vector>

#include <cblas.h>
#include <nlohmann/json.hpp>

#ifndef NACRE_COMMIT
#define NACRE_COMMIT "unknown"
#endif

// OpenBLAS' own functions. Weak, since the programs run with another CBLAS too, where they are null.
extern "C" {
char* openblas_get_config(void) __attribute__((weak));
char* openblas_get_corename(void) __attribute__((weak));
void openblas_set_num_threads(int) __attribute__((weak));
}

namespace bench {

using Clock = std::chrono::steady_clock;

inline double seconds_since(Clock::time_point begin) {
  return std::chrono::duration<double>(Clock::now() - begin).count();
}

/// The middle value, or the mean of the two in the middle.
inline double median(std::vector<double> values) {
  if (values.empty()) return 0;
  std::sort(values.begin(), values.end());
  const std::size_t middle = values.size() / 2;
  return values.size() % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
}

/// Threads for BLAS calls that a program makes itself, or that a peer makes.
inline void set_blas_threads(int threads) {
  if (openblas_set_num_threads != nullptr) openblas_set_num_threads(threads);
}

/// How fast this machine multiplies just now: sgemm of 512^3, in GFLOP/s, the best of `attempts`. One core, where the
/// program has said `set_blas_threads(1)`.
inline double sgemm_probe(int attempts = 10) {
  constexpr int size = 512;
  static std::vector<float> a(size * size, 0.5f), b(size * size, 0.25f), c(size * size);
  double best = 0;
  for (int attempt = 0; attempt < attempts; ++attempt) {
    const auto begin = Clock::now();
    for (int i = 0; i < 3; ++i) {
      cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, size, size, size, 1, a.data(), size, b.data(), size, 0,
                  c.data(), size);
    }
    best = std::max(best, 3 * 2.0 * size * size * size / seconds_since(begin) * 1e-9);
  }
  return best;
}

/// The processor's name. Virtual machines may hide it, so that family and model stand beside it.
inline std::string processor() {
  std::ifstream info("/proc/cpuinfo");
  std::string name, family, model;
  for (std::string line; std::getline(info, line) && !line.empty();) {
    const auto value = [&] { return line.size() > line.find(':') + 2 ? line.substr(line.find(':') + 2) : ""; };
    if (line.rfind("model name", 0) == 0) {
      name = value();
    } else if (line.rfind("cpu family", 0) == 0) {
      family = value();
    } else if (line.rfind("model", 0) == 0) {
      model = value();
    }
  }
  if (name.empty()) return "unknown";
  return name + " (family " + family + ", model " + model + ")";
}

inline std::string compiler() {
#if defined(__clang__)
  return std::string("clang ") + __clang_version__;
#else
  return std::string("g++ ") + __VERSION__;
#endif
}

inline std::string blas() {
  if (openblas_get_config == nullptr) return "no OpenBLAS loaded";
  std::string config = openblas_get_config();
  // The core type that is compiled in need not be the one that is chosen at run time.
  if (openblas_get_corename != nullptr && config.find(openblas_get_corename()) == std::string::npos) {
    config += std::string(" ") + openblas_get_corename();
  }
  return config;
}

/// What every result says about where it came from.
inline nlohmann::ordered_json environment(int threads) {
  return {{"commit", NACRE_COMMIT},
          {"processor", processor()},
          {"threads", threads},
          {"blas", blas()},
          {"compiler", compiler()}};
}

/// Writes a result. Throws where that fails.
inline void write_json(const nlohmann::ordered_json& result, const std::string& file) {
  std::ofstream out(file);
  out << result.dump(2) << '\n';
  if (!out.flush()) throw std::runtime_error("cannot write " + file);
}

}  // namespace bench
