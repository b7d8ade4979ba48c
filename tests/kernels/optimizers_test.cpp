#include "kernel_testing.hpp"

#include <algorithm>
#include <functional>

#include <nacre/kernels/optimizers.hpp>

using namespace nacre::testing;
namespace kernels = nacre::kernels;

namespace {

/// Parameters, gradients and three slots, the second and third of which are not negative.
template <class T>
struct State {
  explicit State(std::int64_t size)
      : count(size),
        w(uniform_values<T>(size, -1, 1, 1)),
        g(uniform_values<T>(size, -1, 1, 2)),
        first(uniform_values<T>(size, -0.1, 0.1, 3)),
        second(uniform_values<T>(size, 0.5, 1, 4)),
        third(uniform_values<T>(size, 0.4, 0.9, 5)) {}

  std::int64_t count;
  std::vector<T> w, g, first, second, third;
};

/// An element of `State<double>`, for references.
struct Element {
  double w, g, first, second, third;
};

/// Calls `update(state, offset, count)` on awkward counts, compares every array with `reference` element by element,
/// and asserts that updating in pieces gives the same bits.
template <class T>
void check_update(const std::function<void(State<T>&, std::int64_t, std::int64_t)>& update,
                  const std::function<void(Element&)>& reference) {
  for (std::int64_t count : awkward_counts) {
    State<T> state(count);
    const State<T> before = state;
    update(state, 0, count);
    std::vector<double> w, g, first, second, third;
    for (std::size_t i = 0; i < before.w.size(); ++i) {
      Element element{static_cast<double>(before.w[i]), static_cast<double>(before.g[i]),
                      static_cast<double>(before.first[i]), static_cast<double>(before.second[i]),
                      static_cast<double>(before.third[i])};
      reference(element);
      w.push_back(element.w);
      g.push_back(element.g);
      first.push_back(element.first);
      second.push_back(element.second);
      third.push_back(element.third);
    }
    CAPTURE(count);
    CHECK(worst_error(state.w, w) < few_ulp<T>);
    CHECK(worst_error(state.g, g) < few_ulp<T>);
    CHECK(worst_error(state.first, first) < few_ulp<T>);
    CHECK(worst_error(state.second, second) < few_ulp<T>);
    CHECK(worst_error(state.third, third) < few_ulp<T>);

    for (std::int64_t piece : {1, 7, 24}) {
      State<T> in_pieces = before;
      for (std::int64_t offset = 0; offset < count; offset += piece) {
        update(in_pieces, offset, std::min(piece, count - offset));
      }
      CAPTURE(piece);
      CHECK(first_difference(in_pieces.w, state.w) == -1);
      CHECK(first_difference(in_pieces.g, state.g) == -1);
      CHECK(first_difference(in_pieces.first, state.first) == -1);
      CHECK(first_difference(in_pieces.second, state.second) == -1);
      CHECK(first_difference(in_pieces.third, state.third) == -1);
    }
  }
}

/// A setting as the kernels see it, rounded to T.
template <class T>
double rounded(double setting) {
  return static_cast<double>(static_cast<T>(setting));
}

}  // namespace

TEMPLATE_TEST_CASE("sgd", "[kernels][optimizers]", float, double) {
  const ScopedIsa isa(GENERATE(from_range(available_isas())));
  using T = TestType;
  const double lr = rounded<T>(0.1);
  check_update<T>([&](State<T>& s, std::int64_t at,
                      std::int64_t count) { kernels::sgd(count, s.w.data() + at, s.g.data() + at, T(lr)); },
                  [&](Element& e) { e.w -= lr * e.g; });
}

TEMPLATE_TEST_CASE("sgd_momentum", "[kernels][optimizers]", float, double) {
  const ScopedIsa isa(GENERATE(from_range(available_isas())));
  using T = TestType;
  const double lr = rounded<T>(0.1);
  const double momentum = rounded<T>(0.9);
  for (bool nesterov : {false, true}) {
    check_update<T>(
        [&](State<T>& s, std::int64_t at, std::int64_t count) {
          kernels::sgd_momentum(count, s.w.data() + at, s.g.data() + at, s.first.data() + at, T(lr), T(momentum),
                                nesterov);
        },
        [&](Element& e) {
          e.first = momentum * e.first - lr * e.g;
          e.w += nesterov ? momentum * e.first - lr * e.g : e.first;
        });
  }
}

TEMPLATE_TEST_CASE("rmsprop", "[kernels][optimizers]", float, double) {
  const ScopedIsa isa(GENERATE(from_range(available_isas())));
  using T = TestType;
  const double lr = rounded<T>(0.01);
  const double rho = rounded<T>(0.9);
  const double momentum = rounded<T>(0.8);
  const double epsilon = rounded<T>(1e-7);
  for (bool centered : {false, true}) {
    for (bool with_momentum : {false, true}) {
      check_update<T>(
          [&](State<T>& s, std::int64_t at, std::int64_t count) {
            kernels::rmsprop(count, s.w.data() + at, s.g.data() + at, s.second.data() + at,
                             centered ? s.first.data() + at : nullptr, with_momentum ? s.third.data() + at : nullptr,
                             T(lr), T(rho), T(momentum), T(epsilon));
          },
          [&](Element& e) {
            e.second = rho * e.second + (1 - rho) * e.g * e.g;
            double radicand = e.second + epsilon;
            if (centered) {
              e.first = rho * e.first + (1 - rho) * e.g;
              radicand -= e.first * e.first;
            }
            double step = lr * e.g / std::sqrt(radicand);
            if (with_momentum) step = e.third = momentum * e.third + step;
            e.w -= step;
          });
    }
  }
}

TEMPLATE_TEST_CASE("adam", "[kernels][optimizers]", float, double) {
  const ScopedIsa isa(GENERATE(from_range(available_isas())));
  using T = TestType;
  const double alpha = rounded<T>(0.003);
  const double beta_1 = rounded<T>(0.9);
  const double beta_2 = rounded<T>(0.999);
  const double epsilon = rounded<T>(1e-7);
  for (bool amsgrad : {false, true}) {
    check_update<T>(
        [&](State<T>& s, std::int64_t at, std::int64_t count) {
          kernels::adam(count, s.w.data() + at, s.g.data() + at, s.first.data() + at, s.second.data() + at,
                        amsgrad ? s.third.data() + at : nullptr, T(alpha), T(beta_1), T(beta_2), T(epsilon));
        },
        [&](Element& e) {
          e.first = beta_1 * e.first + (1 - beta_1) * e.g;
          e.second = beta_2 * e.second + (1 - beta_2) * e.g * e.g;
          double root = e.second;
          if (amsgrad) root = e.third = std::max(e.third, e.second);
          e.w -= alpha * e.first / (std::sqrt(root) + epsilon);
        });
  }
}

TEST_CASE("adam as Keras 3.3.3 computes it", "[kernels][optimizers]") {
  const ScopedIsa isa(GENERATE(from_range(available_isas())));
  // Keras' first steps: with m = v = 0 the first step is lr * g / (|g| + epsilon / sqrt(1 - beta_2)).
  for (float gradient : {1.0f, -0.3f, 1e-3f}) {
    float w = 0.5f, m = 0, v = 0;
    const auto alpha = static_cast<float>(0.01 * std::sqrt(1 - 0.999) / (1 - 0.9));
    kernels::adam(1, &w, &gradient, &m, &v, nullptr, alpha, 0.9f, 0.999f, 1e-7f);
    const double g = static_cast<double>(gradient);
    const double expected = 0.5 - 0.01 * g / (std::abs(g) + 1e-7 / std::sqrt(1 - 0.999));
    CHECK(std::abs(static_cast<double>(w) - expected) < 1e-7);
  }
}

TEST_CASE("adam leaves a parameter whose gradient always was zero", "[kernels][optimizers]") {
  const ScopedIsa isa(GENERATE(from_range(available_isas())));
  std::vector<float> w(20, 0.25f), g(20), m(20), v(20);
  kernels::adam(20, w.data(), g.data(), m.data(), v.data(), nullptr, 0.001f, 0.9f, 0.999f, 1e-7f);
  CHECK(first_difference(w, std::vector<float>(20, 0.25f)) == -1);
}

TEMPLATE_TEST_CASE("decay, clip_value, scale, moving_average", "[kernels][optimizers]", float, double) {
  const ScopedIsa isa(GENERATE(from_range(available_isas())));
  using T = TestType;
  const double rate = rounded<T>(0.3);
  check_update<T>(
      [&](State<T>& s, std::int64_t at, std::int64_t count) { kernels::decay(count, s.w.data() + at, T(rate)); },
      [&](Element& e) { e.w -= rate * e.w; });
  check_update<T>(
      [&](State<T>& s, std::int64_t at, std::int64_t count) { kernels::clip_value(count, s.g.data() + at, T(rate)); },
      [&](Element& e) { e.g = std::clamp(e.g, -rate, rate); });
  check_update<T>(
      [&](State<T>& s, std::int64_t at, std::int64_t count) { kernels::scale(count, s.g.data() + at, T(rate)); },
      [&](Element& e) { e.g *= rate; });
  check_update<T>(
      [&](State<T>& s, std::int64_t at, std::int64_t count) {
        kernels::moving_average(count, s.first.data() + at, s.w.data() + at, T(rate));
      },
      [&](Element& e) { e.first = rate * e.first + (1 - rate) * e.w; });
}

TEMPLATE_TEST_CASE("clip_value keeps a NaN", "[kernels][optimizers]", float, double) {
  const ScopedIsa isa(GENERATE(from_range(available_isas())));
  const TestType infinity = std::numeric_limits<TestType>::infinity();
  std::vector<TestType> g{std::numeric_limits<TestType>::quiet_NaN(), infinity, -infinity, TestType(0.2)};
  kernels::clip_value(4, g.data(), TestType(0.5));
  CHECK(std::isnan(g[0]));
  CHECK(g[1] == TestType(0.5));
  CHECK(g[2] == TestType(-0.5));
  CHECK(g[3] == TestType(0.2));
}
