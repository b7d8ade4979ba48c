#pragma once
// MixedSource: batches whose samples are mixed with each other, features and targets alike.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <numeric>
#include <span>
#include <utility>
#include <vector>

#include <nacre/core/error.hpp>
#include <nacre/core/random.hpp>
#include <nacre/data/sample_block.hpp>
#include <nacre/data/shuffle.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// How samples are mixed.
struct MixOptions {
  bool cuts = false;   ///< a box of the other picture, in place of a mean of both
  double lower = 0.2;  ///< the weight's distribution is Beta(a, a), with a between these two
  double upper = 0.2;
};

namespace detail {

/// A number of the gamma distribution with that shape, from numbers of a stream: Marsaglia and Tsang, "A simple method
/// for generating gamma variables", 2000.
inline double gamma_number(double shape, const RandomStream& random, std::uint64_t first) {
  if (shape < 1) {
    const double power = std::pow(1 - random.uniform(first), 1 / shape);
    return gamma_number(shape + 1, random, first + 1) * power;
  }
  const double d = shape - 1.0 / 3;
  const double c = 1 / std::sqrt(9 * d);
  for (std::uint64_t next = first;; next += 4) {
    const double x = random.normal(next + 1);  // uniform numbers 2 next + 2 and 2 next + 3
    const double root = 1 + c * x;
    const double v = root * root * root;
    const double u = 1 - random.uniform(4 * next);
    if (v > 0 && std::log(u) < 0.5 * x * x + d - d * v + d * std::log(v)) return d * v;
  }
}

/// A number of the distribution Beta(shape, shape).
inline double beta_number(double shape, const RandomStream& random, std::uint64_t first) {
  const double a = gamma_number(shape, random, first);
  const double b = gamma_number(shape, random, first + 4096);
  return a + b > 0 ? a / (a + b) : (random.uniform(first) < 0.5 ? 0 : 1);  // both are 0 for the smallest shapes
}

}  // namespace detail

/// The samples of another source, each mixed with another of its batch, which the seed, the epoch and the step
/// determine. Zhang et al., "mixup: beyond empirical risk minimization", ICLR 2018; Yun et al., "CutMix", ICCV 2019.
template <class T>
class MixedSource final : public BatchSource<T> {
 public:
  /// Throws ShapeError for targets that are no rows of numbers and, where boxes are cut, for features that are no
  /// pictures.
  [[gnu::cold]] MixedSource(std::unique_ptr<BatchSource<T>> source, MixOptions options)
      : BatchSource<T>(source->spec()),
        source_(std::move(source)),
        options_(options),
        block_(this->spec(), this->spec().batch_size),
        partner_(static_cast<std::size_t>(this->spec().batch_size)) {
    const char* call = options_.cuts ? "cut_mix" : "mix_up";
    for (const ColumnSpec& column : this->spec().targets) {
      require<ShapeError>(column.shape.rank() >= 1, call, ": expected targets that can be mixed, as one-hot rows, got ",
                          column.shape, "; call one_hot(classes) on the data set");
    }
    const Shape& picture = this->spec().features.front().shape;
    require<ShapeError>(!options_.cuts || picture.rank() == 3, call,
                        ": expected pictures (height, width, channels), got ", picture);
  }

  void begin_epoch(std::uint64_t seed, std::int64_t epoch) override {
    source_->begin_epoch(seed, epoch);
    seed_ = seed + (options_.cuts ? 0xC2B2AE3D27D4EB4Fu : 0x9E3779B97F4A7C15u);
    epoch_ = epoch;
  }

  /// Throws what the source throws.
  std::int64_t load(std::int64_t step, const BatchMemory<T>& memory, ThreadPool& pool) override {
    const BatchSpec& spec = this->spec();
    const std::int64_t count = source_->load(step, block_.memory(), pool);
    detail::copy_samples(spec, block_.memory(), 0, memory, 0, count);
    const RandomStream random(seed_, Purpose::source, static_cast<std::uint64_t>(epoch_),
                              static_cast<std::uint64_t>(step));
    random_order(std::span<std::int64_t>(partner_).first(static_cast<std::size_t>(count)), random);
    const double share = random.uniform(std::uint64_t{1} << 40);
    const double shape = options_.lower + (options_.upper - options_.lower) * share + 1e-6;
    pool.run(count, [&](std::int64_t row, int) {
      const std::uint64_t first = std::uint64_t{1} << 41 | static_cast<std::uint64_t>(row) << 16;
      mix_sample(row, detail::beta_number(shape, random, first), random, first + 16384, memory);
    });
    detail::finish_integers(spec, memory, count, step);
    return count;
  }

  std::int64_t sample_index(std::int64_t step, std::int64_t row) const override {
    return source_->sample_index(step, row);
  }

 private:
  /// @param weight of the sample itself.
  void mix_sample(std::int64_t row, double weight, const RandomStream& random, std::uint64_t first,
                  const BatchMemory<T>& memory) {
    const BatchSpec& spec = this->spec();
    const std::int64_t other = partner_[static_cast<std::size_t>(row)];
    if (options_.cuts) {
      weight = paste(row, other, std::sqrt(1 - weight), random, first, memory);
    } else {
      for (std::size_t k = 0; k < memory.features.size(); ++k) {
        mix(block_.memory().features[k], memory.features[k], spec.features[k].shape.size(), row, other, weight);
      }
    }
    for (std::size_t k = 0; k < memory.targets.size(); ++k) {
      mix(block_.memory().targets[k], memory.targets[k], spec.targets[k].shape.size(), row, other, weight);
    }
  }

  static void mix(const T* from, T* to, std::int64_t size, std::int64_t row, std::int64_t other, double weight) {
    if (to == nullptr) return;
    const T own = static_cast<T>(weight);
    for (std::int64_t i = 0; i < size; ++i) {
      to[row * size + i] = own * from[row * size + i] + (T(1) - own) * from[other * size + i];
    }
  }

  /// Puts a box of the other picture into that of the row, and returns how much of it is its own still.
  double paste(std::int64_t row, std::int64_t other, double ratio, const RandomStream& random, std::uint64_t first,
               const BatchMemory<T>& memory) {
    const Shape& shape = this->spec().features.front().shape;
    const auto height = static_cast<double>(shape[0]);
    const auto width = static_cast<double>(shape[1]);
    const double left = random.uniform(first) * (width - ratio * width);
    const double top = random.uniform(first + 1) * (height - ratio * height);
    const auto begin = [](double at) { return static_cast<std::int64_t>(std::ceil(at)); };
    const std::int64_t size = shape.size();
    for (std::int64_t y = begin(top); y < std::min(begin(top + ratio * height), shape[0]); ++y) {
      for (std::int64_t x = begin(left); x < std::min(begin(left + ratio * width), shape[1]); ++x) {
        const std::int64_t pixel = (y * shape[1] + x) * shape[2];
        std::copy_n(block_.memory().features[0] + other * size + pixel, shape[2],
                    memory.features[0] + row * size + pixel);
      }
    }
    return 1 - ratio * ratio;
  }

  std::unique_ptr<BatchSource<T>> source_;
  MixOptions options_;
  detail::SampleBlock<T> block_;  // the source's batch
  std::vector<std::int64_t> partner_;
  std::uint64_t seed_ = 0;
  std::int64_t epoch_ = 0;
};

}  // namespace nacre
