#pragma once
// Reference cases of optimizers.

#include "json.hpp"

#include <nacre/optimizers/optimizers.hpp>
#include <nacre/optimizers/updater.hpp>

namespace oracles {

inline void register_optimizers() {
  nacre::register_optimizers<float>();
  nacre::register_optimizers<double>();
}

/// The weights after each step. Every weight tensor's gradient is handed over in two tiles.
template <class T>
void run_optimizer(const Json& json) {
  const auto optimizer = make<nacre::AnyOptimizer<T>>(json.at("optimizer"));
  const Tolerance tolerance(json.at("tolerance"));
  std::vector<nacre::Segment> segments;
  std::int64_t size = 0;
  for (const Json& tensor : json.at("initial")) {
    segments.push_back({size, to_shape(tensor.at("shape")), nacre::text("weight_", segments.size())});
    size += static_cast<std::int64_t>(nacre::aligned_count<T>(static_cast<std::size_t>(segments.back().count())));
  }
  nacre::Buffer<T> weights(static_cast<std::size_t>(size));
  nacre::Buffer<T> gradients(static_cast<std::size_t>(size));
  for (std::size_t i = 0; i < segments.size(); ++i) {
    const Values<T> initial(json.at("initial")[i]);
    std::copy(initial.data.begin(), initial.data.end(), weights.data() + segments[i].offset);
  }

  nacre::Updater<T> updater(optimizer, size, segments);
  std::size_t number = 0;
  for (const Json& step : json.at("steps")) {
    updater.begin_step(weights.data(), gradients.data());
    for (std::size_t i = 0; i < segments.size(); ++i) {
      Values<T> gradient(step.at("grads")[i]);
      const std::int64_t half = gradient.size() / 2;
      updater.take(segments[i].offset, gradient.data.data(), half);
      updater.take(segments[i].offset + half, gradient.data.data() + half, gradient.size() - half);
    }
    updater.finish_step(*nacre::thread_pool());
    for (std::size_t i = 0; i < segments.size(); ++i) {
      compare(nacre::text("step ", number, ", weight ", i), weights.data() + segments[i].offset, segments[i].count(),
              step.at("values")[i], tolerance);
    }
    ++number;
  }
}

}  // namespace oracles
