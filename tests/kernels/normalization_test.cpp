#include "kernel_testing.hpp"

#include <nacre/kernels/normalization.hpp>

using namespace nacre::testing;
using nacre::Range;
namespace kernels = nacre::kernels;

namespace {

struct Extents {
  std::int64_t outer, channels, inner;
  std::int64_t size() const { return outer * channels * inner; }
  std::size_t channel(std::size_t element) const {
    return element / static_cast<std::size_t>(inner) % static_cast<std::size_t>(channels);
  }
};

const std::vector<Extents> cases{{1, 1, 1},  {4, 1, 1},    {32, 256, 1}, {33, 17, 1},  {7, 3, 5},
                                 {2, 4, 64}, {300, 35, 1}, {5, 2, 100},  {1, 3, 1000}, {70, 130, 1}};
constexpr double epsilon = 1e-3;

/// Statistics, outputs and gradients in double, by the definition.
struct Reference {
  template <class T>
  Reference(const Extents& e, const std::vector<T>& x, const std::vector<T>& gamma, const std::vector<T>& beta,
            const std::vector<T>& dy)
      : mean(gamma.size()),
        variance(gamma.size()),
        dgamma(gamma.size()),
        dbeta(gamma.size()),
        y(x.size()),
        dx(x.size()),
        dx_inference(x.size()) {
    const auto count = static_cast<double>(e.outer * e.inner);
    for (std::size_t i = 0; i < x.size(); ++i) mean[e.channel(i)] += static_cast<double>(x[i]) / count;
    for (std::size_t i = 0; i < x.size(); ++i) {
      variance[e.channel(i)] += std::pow(static_cast<double>(x[i]) - mean[e.channel(i)], 2) / count;
    }
    const auto normalized = [&](std::size_t i) {
      const std::size_t c = e.channel(i);
      return (static_cast<double>(x[i]) - mean[c]) / std::sqrt(variance[c] + epsilon);
    };
    for (std::size_t i = 0; i < x.size(); ++i) {
      const std::size_t c = e.channel(i);
      y[i] = normalized(i) * static_cast<double>(gamma[c]) + static_cast<double>(beta[c]);
      dbeta[c] += static_cast<double>(dy[i]);
      dgamma[c] += static_cast<double>(dy[i]) * normalized(i);
    }
    for (std::size_t i = 0; i < x.size(); ++i) {
      const std::size_t c = e.channel(i);
      const double scale = static_cast<double>(gamma[c]) / std::sqrt(variance[c] + epsilon);
      dx[i] = scale * (static_cast<double>(dy[i]) - dbeta[c] / count - normalized(i) * dgamma[c] / count);
      dx_inference[i] = scale * static_cast<double>(dy[i]);
    }
  }
  std::vector<double> mean, variance, dgamma, dbeta, y, dx, dx_inference;
};

template <class T>
std::vector<T> inverse_deviations(const std::vector<T>& variance) {
  std::vector<T> result;
  for (T value : variance) result.push_back(T(1) / std::sqrt(value + static_cast<T>(epsilon)));
  return result;
}

}  // namespace

TEMPLATE_TEST_CASE("batch normalization, forward and backward", "[kernels][normalization]", float, double) {
  const ScopedIsa isa(GENERATE(from_range(available_isas())));
  using T = TestType;
  for (const Extents& e : cases) {
    const auto x = uniform_values<T>(e.size(), -2, 3, 1);
    const auto dy = uniform_values<T>(e.size(), -1, 1, 2);
    const auto gamma = uniform_values<T>(e.channels, 0.5, 2, 3);
    const auto beta = uniform_values<T>(e.channels, -1, 1, 4);
    const Reference expected(e, x, gamma, beta, dy);
    const Range all{0, e.channels};
    CAPTURE(e.outer, e.channels, e.inner);

    std::vector<T> mean(gamma.size()), variance(gamma.size()), dgamma(gamma.size()), dbeta(gamma.size());
    std::vector<T> y(x.size()), dx(x.size());
    kernels::batch_norm_statistics(e.outer, e.channels, e.inner, all, x.data(), mean.data(), variance.data());
    CHECK(worst_error(mean, expected.mean) < few_ulp<T>);
    CHECK(worst_error(variance, expected.variance) < few_ulp<T>);
    const auto inverse = inverse_deviations(variance);
    kernels::batch_norm_forward(e.outer, e.channels, e.inner, all, x.data(), mean.data(), inverse.data(), gamma.data(),
                                beta.data(), y.data());
    // One element a channel has variance 0, which magnifies the mean's rounding by 1 / sqrt(epsilon).
    const double tolerance = 40 * few_ulp<T>;
    CHECK(worst_error(y, expected.y) < tolerance);
    kernels::batch_norm_backward(e.outer, e.channels, e.inner, all, x.data(), mean.data(), inverse.data(), gamma.data(),
                                 dy.data(), dgamma.data(), dbeta.data(), dx.data());
    CHECK(worst_error(dgamma, expected.dgamma) < tolerance);
    CHECK(worst_error(dbeta, expected.dbeta) < tolerance);
    CHECK(worst_error(dx, expected.dx) < tolerance);

    auto in_place = x;
    kernels::batch_norm_forward(e.outer, e.channels, e.inner, all, in_place.data(), mean.data(), inverse.data(),
                                gamma.data(), beta.data(), in_place.data());
    CHECK(first_difference(in_place, y) == -1);
    in_place = dy;
    kernels::batch_norm_backward(e.outer, e.channels, e.inner, all, x.data(), mean.data(), inverse.data(), gamma.data(),
                                 in_place.data(), dgamma.data(), dbeta.data(), in_place.data());
    CHECK(first_difference(in_place, dx) == -1);

    std::vector<T> dgamma_inference(gamma.size()), dbeta_inference(gamma.size());
    kernels::batch_norm_backward_inference(e.outer, e.channels, e.inner, all, x.data(), mean.data(), inverse.data(),
                                           gamma.data(), dy.data(), dgamma_inference.data(), dbeta_inference.data(),
                                           in_place.data());
    CHECK(first_difference(dgamma_inference, dgamma) == -1);
    CHECK(first_difference(dbeta_inference, dbeta) == -1);
    CHECK(worst_error(in_place, expected.dx_inference) < tolerance);
  }
}

TEMPLATE_TEST_CASE("channels in pieces give the same bits", "[kernels][normalization]", float, double) {
  const ScopedIsa isa(GENERATE(from_range(available_isas())));
  using T = TestType;
  for (const Extents& e : cases) {
    const auto x = uniform_values<T>(e.size(), -2, 3, 1);
    const auto dy = uniform_values<T>(e.size(), -1, 1, 2);
    const auto gamma = uniform_values<T>(e.channels, 0.5, 2, 3);
    const auto beta = uniform_values<T>(e.channels, -1, 1, 4);
    struct Results {
      std::vector<T> mean, variance, y, dgamma, dbeta, dx;
    };
    const auto compute = [&](std::int64_t piece) {
      const std::vector<T> per_channel(gamma.size());
      const std::vector<T> per_element(x.size());
      Results r{per_channel, per_channel, per_element, per_channel, per_channel, per_element};
      for (std::int64_t first = 0; first < e.channels; first += piece) {
        const Range range{first, std::min(first + piece, e.channels)};
        kernels::batch_norm_statistics(e.outer, e.channels, e.inner, range, x.data(), r.mean.data(), r.variance.data());
        const auto inverse = inverse_deviations(r.variance);
        kernels::batch_norm_forward(e.outer, e.channels, e.inner, range, x.data(), r.mean.data(), inverse.data(),
                                    gamma.data(), beta.data(), r.y.data());
        kernels::batch_norm_backward(e.outer, e.channels, e.inner, range, x.data(), r.mean.data(), inverse.data(),
                                     gamma.data(), dy.data(), r.dgamma.data(), r.dbeta.data(), r.dx.data());
      }
      return r;
    };
    const Results whole = compute(e.channels);
    for (std::int64_t piece : {1, 5, 16}) {
      const Results pieces = compute(piece);
      CAPTURE(e.outer, e.channels, e.inner, piece);
      CHECK(first_difference(pieces.mean, whole.mean) == -1);
      CHECK(first_difference(pieces.variance, whole.variance) == -1);
      CHECK(first_difference(pieces.y, whole.y) == -1);
      CHECK(first_difference(pieces.dgamma, whole.dgamma) == -1);
      CHECK(first_difference(pieces.dbeta, whole.dbeta) == -1);
      CHECK(first_difference(pieces.dx, whole.dx) == -1);
    }
  }
}

TEMPLATE_TEST_CASE("batch normalization without gamma, beta, or wanted gradients", "[kernels][normalization]", float,
                   double) {
  const ScopedIsa isa(GENERATE(from_range(available_isas())));
  using T = TestType;
  for (const Extents& e : cases) {
    const Range all{0, e.channels};
    const auto x = uniform_values<T>(e.size(), -2, 3, 1);
    const auto dy = uniform_values<T>(e.size(), -1, 1, 2);
    const std::vector<T> ones(static_cast<std::size_t>(e.channels), T(1));
    const std::vector<T> zeros(ones.size());
    const auto mean = uniform_values<T>(e.channels, 0, 1, 5);
    const auto inverse = uniform_values<T>(e.channels, 0.5, 1, 6);
    std::vector<T> with(x.size()), without(x.size()), dgamma(ones.size()), dbeta(ones.size());
    CAPTURE(e.outer, e.channels, e.inner);
    kernels::batch_norm_forward(e.outer, e.channels, e.inner, all, x.data(), mean.data(), inverse.data(), ones.data(),
                                zeros.data(), with.data());
    kernels::batch_norm_forward(e.outer, e.channels, e.inner, all, x.data(), mean.data(), inverse.data(), nullptr,
                                nullptr, without.data());
    CHECK(first_difference(with, without) == -1);
    kernels::batch_norm_backward(e.outer, e.channels, e.inner, all, x.data(), mean.data(), inverse.data(), ones.data(),
                                 dy.data(), dgamma.data(), dbeta.data(), with.data());
    kernels::batch_norm_backward(e.outer, e.channels, e.inner, all, x.data(), mean.data(), inverse.data(), nullptr,
                                 dy.data(), nullptr, nullptr, without.data());
    CHECK(first_difference(with, without) == -1);
    std::vector<T> dgamma_alone(ones.size()), dbeta_alone(ones.size());
    kernels::batch_norm_backward(e.outer, e.channels, e.inner, all, x.data(), mean.data(), inverse.data(), nullptr,
                                 dy.data(), dgamma_alone.data(), dbeta_alone.data(), nullptr);
    CHECK(first_difference(dgamma_alone, dgamma) == -1);
    CHECK(first_difference(dbeta_alone, dbeta) == -1);
  }
}

TEST_CASE("a large mean does not drown the variance", "[kernels][normalization]") {
  const ScopedIsa isa(GENERATE(from_range(available_isas())));
  const std::int64_t count = 50000;
  for (std::int64_t inner : {std::int64_t{1}, count}) {
    std::vector<float> x(static_cast<std::size_t>(count));
    for (std::size_t i = 0; i < x.size(); ++i) x[i] = i % 2 == 0 ? 1000.0f : 1000.5f;
    float mean = 0;
    float variance = 0;
    kernels::batch_norm_statistics(count / inner, 1, inner, Range{0, 1}, x.data(), &mean, &variance);
    CHECK(mean == 1000.25f);
    CHECK(std::abs(variance - 0.0625f) < 1e-6f);
  }
}

TEMPLATE_TEST_CASE("batch normalization run by run is that of the whole", "[kernels][normalization]", float, double) {
  const ScopedIsa isa(GENERATE(from_range(available_isas())));
  using T = TestType;
  for (const std::int64_t channels : {1, 3, 16, 33}) {
    for (const std::int64_t rows : {1, 2, 31, 32, 65}) {
      CAPTURE(channels, rows);
      constexpr std::int64_t runs = 3;
      const Extents e{runs * rows, channels, 1};
      const auto x = uniform_values<T>(e.size(), 1, 6, 1);
      const auto dy = uniform_values<T>(e.size(), -1, 1, 2);
      const auto added = uniform_values<T>(e.size(), -3, 1, 5);
      const auto gamma = uniform_values<T>(channels, 0.5, 2, 3);
      const auto beta = uniform_values<T>(channels, -1, 1, 4);
      const Reference expected(e, x, gamma, beta, dy);
      const auto per_channel = static_cast<std::size_t>(channels);
      const std::int64_t run_size = rows * channels;

      std::vector<T> moments(2 * runs * per_channel), mean(per_channel), variance(per_channel);
      for (std::int64_t run = 0; run < runs; ++run) {
        T* of_run = moments.data() + 2 * run * channels;
        kernels::channel_moments(rows, channels, x.data() + run * run_size, of_run, of_run + channels);
      }
      kernels::merge_moments(runs, rows, channels, static_cast<const T*>(moments.data()), mean.data(), variance.data());
      CHECK(worst_error(mean, expected.mean) < 4 * few_ulp<T>);
      CHECK(worst_error(variance, expected.variance) < 4 * few_ulp<T>);

      const auto inverse = inverse_deviations(variance);
      std::vector<T> scale(per_channel);
      for (std::size_t c = 0; c < per_channel; ++c) scale[c] = inverse[c] * gamma[c];
      const kernels::ChannelNormalization<T> normalization{mean.data(), scale.data(), beta.data()};
      std::vector<T> plain(x.size()), y(x.size());
      kernels::normalize_rows(e.outer, channels, x.data(), normalization, nullptr, false, plain.data());
      CHECK(worst_error(plain, expected.y) < 80 * few_ulp<T>);
      kernels::normalize_rows(e.outer, channels, x.data(), normalization, added.data(), true, y.data());
      std::int64_t wrong = 0;
      for (std::size_t i = 0; i < y.size(); ++i) wrong += y[i] != std::max(plain[i] + added[i], T(0));
      CHECK(wrong == 0);

      // With ReLU the gradient is that without it, of a dy that is 0 where the output is not above 0.
      for (const bool relu : {false, true}) {
        for (const bool adds : {false, true}) {
          CAPTURE(relu, adds);
          std::vector<T> dz = dy;
          const T* with = adds ? added.data() : nullptr;
          for (std::size_t i = 0; i < dz.size(); ++i) {
            if (relu && !(plain[i] + (adds ? added[i] : T(0)) > T(0))) dz[i] = T(0);
          }
          const Reference masked(e, x, gamma, beta, dz);
          std::vector<T> gradient = dy, sums(2 * per_channel), dx(x.size());
          kernels::normalization_gradient_sums(e.outer, channels, x.data(), normalization, relu, with, gradient.data(),
                                               sums.data());
          CHECK(first_difference(gradient, adds && relu ? dz : dy) == -1);
          std::vector<T> dgamma(per_channel), dbeta(sums.begin(), sums.begin() + channels);
          std::vector<T> offset(per_channel), slope(per_channel);
          const T count = static_cast<T>(e.outer);
          for (std::size_t c = 0; c < per_channel; ++c) {
            dgamma[c] = sums[per_channel + c] * inverse[c];
            offset[c] = dbeta[c] / count;
            slope[c] = dgamma[c] * inverse[c] / count;
          }
          const double tolerance = 80 * few_ulp<T>;
          CHECK(worst_error(dgamma, masked.dgamma) < tolerance);
          CHECK(worst_error(dbeta, masked.dbeta) < tolerance);
          kernels::normalization_gradient(e.outer, channels, x.data(), normalization, relu && !adds,
                                          static_cast<const T*>(gradient.data()), static_cast<const T*>(offset.data()),
                                          static_cast<const T*>(slope.data()), dx.data());
          CHECK(worst_error(dx, masked.dx) < tolerance);
        }
      }
    }
  }
}
