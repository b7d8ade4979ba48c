#pragma once
// The networks that train_bench and its twins time, and how much each multiplies. docs/benchmarks.md describes them.

#include <cstdint>
#include <initializer_list>
#include <stdexcept>
#include <string>
#include <string_view>

namespace bench {

/// Multiplications in the products of a network for one sample, and those that have no gradient by their input.
struct Products {
  double all = 0;
  double first = 0;
};

struct BenchNetwork {
  std::string_view name;
  std::int64_t batch;                  ///< to train with
  Products (*products)(double width);  ///< `width`: of M3's hidden layers
};

/// Products of layers, of which the first needs no gradient by its input.
inline Products sum_of(std::initializer_list<double> layers) {
  Products products{0, *layers.begin()};
  for (const double layer : layers) products.all += layer;
  return products;
}

/// An image's rows as 28 steps, with so many gates of 128 units.
inline Products recurrent_products(double gates) {
  return sum_of({28 * 28 * 128 * gates, 28 * 128 * 128 * gates, 128 * 10});
}

/// A block of S1: a window of 3x3 for each channel, then all channels.
constexpr double separable_products(double outputs, double channels, double filters) {
  return outputs * channels * 9 + outputs * channels * filters;
}

inline constexpr BenchNetwork bench_networks[] = {
    {"M1", 32,
     [](double) {
       return sum_of({784 * 32, 32 * 64, 64 * 10});
     }},
    {"M2", 32,
     [](double) {
       return sum_of({784 * 256, 256 * 128, 128 * 10});
     }},
    {"M3", 128,
     [](double width) {
       return sum_of({784 * width, width * width, width * 10});
     }},
    {"C1", 32,
     [](double) {
       return sum_of({26 * 26 * 32 * 9, 11 * 11 * 64 * 288, 1600 * 128, 128 * 10});
     }},
    {"R1", 128,
     [](double) {
       const double large = 28 * 28 * 32 * 288, small = 14 * 14 * 64 * 576;  // inner convolutions of both halves
       return sum_of({28 * 28 * 32 * 9, 4 * large, 14 * 14 * 64 * 288, 14 * 14 * 64 * 32, 3 * small, 64 * 10});
     }},
    {"L1", 64, [](double) { return recurrent_products(4); }},
    {"G1", 64, [](double) { return recurrent_products(3); }},
    {"T1", 32,
     [](double) {
       const double projections = 64 * 4 * 128 * 128, attention = 2 * 64 * 64 * 128, dense = 2 * 64 * 128 * 512;
       return Products{4 * (projections + attention + dense) + 128 * 10, 0};
     }},
    {"S1", 32,
     [](double) {
       return sum_of({1024 * 27 * 32, separable_products(1024, 32, 64), 256 * 64 * 9 + 256 * 64 * 128,
                      separable_products(256, 128, 128), 64 * 128 * 9 + 64 * 128 * 256,
                      separable_products(64, 256, 256), 256 * 10});
     }},
    {"D1", 32,
     [](double) {
       return sum_of({512 * 9 * 32, 256 * 9 * 32 * 64, 128 * 9 * 64 * 128, 128 * 10});
     }},
};

/// Throws std::invalid_argument for a name that there is not.
inline const BenchNetwork& network_of(std::string_view name) {
  for (const BenchNetwork& network : bench_networks) {
    if (network.name == name) return network;
  }
  throw std::invalid_argument("there is no network " + std::string(name));
}

}  // namespace bench
