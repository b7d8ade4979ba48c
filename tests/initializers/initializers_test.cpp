// Initializers: fans, bounds, variances, and that a draw depends on seed, weight and element alone.

#include <nacre/initializers/initializers.hpp>
#include <nacre/layers/dense.hpp>

#include <algorithm>
#include <cmath>
#include <vector>

#include "catch.hpp"

using namespace nacre;

namespace {

template <class T = double>
std::vector<T> filled(const AnyInitializer& initializer, const Shape& shape, std::uint64_t seed = 1,
                      std::uint64_t weight = 0) {
  std::vector<T> values(static_cast<std::size_t>(shape.size()), T(-7));
  initializer.fill(values.data(), shape, RandomStream(seed, Purpose::initialization, weight));
  return values;
}

struct Moments {
  double mean = 0;
  double variance = 0;
  double largest = 0;
};

Moments moments_of(const std::vector<double>& values) {
  Moments result;
  const auto count = static_cast<double>(values.size());
  for (const double value : values) {
    result.mean += value / count;
    result.variance += value * value / count;
    result.largest = std::max(result.largest, std::abs(value));
  }
  return result;
}

}  // namespace

TEST_CASE("an initializer is given by Keras' name") {
  CHECK(AnyInitializer("he_normal") == AnyInitializer(HeNormal()));
  CHECK(AnyInitializer("GlorotUniform") == AnyInitializer(GlorotUniform()));
  CHECK(AnyInitializer(std::string("zeros")) == AnyInitializer(Zeros()));
  CHECK(Dense(3, {.kernel_initializer = "ones"}).options.kernel_initializer == AnyInitializer(Ones()));
  CHECK_THROWS_AS(AnyInitializer("he"), ValueError);
  CHECK_THROWS_WITH(
      AnyInitializer("he"),
      "initializer: expected one of constant, glorot_normal, glorot_uniform, he_normal, he_uniform, identity, "
      "lecun_normal, lecun_uniform, ones, orthogonal, random_normal, random_uniform, truncated_normal, "
      "variance_scaling, zeros, got \"he\"");
}

TEST_CASE("fans are counted as Keras counts them") {
  const auto check = [](const Shape& shape, double in, double out) {
    const Fans fans(shape);
    INFO(shape.to_string());
    CHECK(fans.in == in);
    CHECK(fans.out == out);
  };
  check({}, 1, 1);
  check({5}, 5, 5);
  check({784, 32}, 784, 32);
  check({3, 3, 32, 64}, 9 * 32, 9 * 64);
  check({1, 5, 2, 7}, 10, 35);
  check({3, 4, 6}, 12, 18);
}

TEST_CASE("uniform initializers fill their bounds evenly") {
  const auto check = [](const AnyInitializer& initializer, const Shape& shape, double limit) {
    const Moments moments = moments_of(filled(initializer, shape));
    INFO(initializer.to_string() << " on " << shape.to_string());
    CHECK(moments.largest <= limit);
    CHECK(moments.largest > 0.999 * limit);
    CHECK(std::abs(moments.mean) < 0.01 * limit);
    CHECK(moments.variance == Approx(limit * limit / 3).epsilon(0.02));
  };
  check(GlorotUniform(), {300, 200}, std::sqrt(6.0 / 500));
  check(GlorotUniform(), {5, 5, 40, 50}, std::sqrt(6.0 / (25 * 90)));
  check(HeUniform(), {300, 200}, std::sqrt(6.0 / 300));
  check(HeUniform(), {5, 5, 40, 50}, std::sqrt(6.0 / (25 * 40)));
  check(VarianceScaling{3, "fan_out", "uniform"}, {300, 200}, std::sqrt(9.0 / 200));
}

TEST_CASE("normal initializers have their variance, and nothing beyond two deviations of the uncut normal") {
  const auto check = [](const AnyInitializer& initializer, const Shape& shape, double variance) {
    const Moments moments = moments_of(filled(initializer, shape));
    const double limit = 2 * std::sqrt(variance) / 0.87962566103423978;
    INFO(initializer.to_string() << " on " << shape.to_string());
    CHECK(moments.largest <= limit);
    CHECK(moments.largest > 0.99 * limit);
    CHECK(std::abs(moments.mean) < 0.02 * std::sqrt(variance));
    CHECK(moments.variance == Approx(variance).epsilon(0.02));
  };
  check(GlorotNormal(), {300, 200}, 2.0 / 500);
  check(GlorotNormal(), {5, 5, 40, 50}, 2.0 / (25 * 90));
  check(HeNormal(), {300, 200}, 2.0 / 300);
  check(HeNormal(), {5, 5, 40, 50}, 2.0 / (25 * 40));
  check(VarianceScaling(), {300, 200}, 1.0 / 300);
}

TEST_CASE("constants are constant") {
  for (const double value : filled(Zeros(), {3, 4})) CHECK(value == 0);
  for (const double value : filled(Ones(), {3, 4})) CHECK(value == 1);
  for (const float value : filled<float>(Constant{0.1}, {7})) CHECK(value == 0.1f);
}

TEST_CASE("the same seed and weight draw the same numbers, others draw others") {
  for (const AnyInitializer& initializer : {AnyInitializer(GlorotUniform()), AnyInitializer(HeNormal())}) {
    const auto expected = filled(initializer, {20, 30}, 5, 2);
    CHECK(filled(initializer, {20, 30}, 5, 2) == expected);
    CHECK(filled(initializer, {20, 30}, 6, 2) != expected);
    CHECK(filled(initializer, {20, 30}, 5, 3) != expected);
  }
}

TEST_CASE("float draws are the double draws, rounded") {
  for (const AnyInitializer& initializer : {AnyInitializer(GlorotUniform()), AnyInitializer(GlorotNormal()),
                                            AnyInitializer(HeUniform()), AnyInitializer(HeNormal())}) {
    const auto exact = filled<double>(initializer, {20, 30});
    const auto rounded = filled<float>(initializer, {20, 30});
    for (std::size_t i = 0; i < exact.size(); ++i) CHECK(rounded[i] == static_cast<float>(exact[i]));
  }
}

TEST_CASE("what VarianceScaling does not take") {
  CHECK_THROWS_WITH(AnyInitializer(VarianceScaling{0}), "VarianceScaling: expected a scale above 0, got 0");
  CHECK_THROWS_WITH(AnyInitializer(VarianceScaling{1, "fan"}),
                    "VarianceScaling: expected mode fan_in, fan_out or fan_avg, got \"fan\"");
  CHECK_THROWS_WITH(
      AnyInitializer(VarianceScaling{1, "fan_in", "normal"}),
      "VarianceScaling: expected distribution truncated_normal, untruncated_normal or uniform, got \"normal\"");
}

namespace {

/// An initializer of the user's own: a plain struct.
struct Ramp {
  static constexpr std::string_view type_name = "Ramp";
  void fill(const Initialization& step) const {
    for (std::int64_t i = 0; i < step.shape.size(); ++i) step.values[i] = static_cast<double>(i);
  }
};

}  // namespace

TEST_CASE("a plain struct is an initializer") {
  CHECK(filled<float>(Ramp(), {4}) == std::vector<float>{0, 1, 2, 3});
  CHECK(AnyInitializer(Ramp()) == AnyInitializer(Ramp()));
  CHECK(AnyInitializer(Ramp()) != AnyInitializer(Ones()));
  register_initializer<Ramp>();
  CHECK(Registry<AnyInitializer>::make(AnyInitializer(Ramp()).config()) == AnyInitializer(Ramp()));
}

TEST_CASE("normal initializers have their mean and deviation") {
  for (const double stddev : {0.05, 2.0}) {
    std::vector<double> normal = filled(RandomNormal{1, stddev}, {300, 200});
    for (double& value : normal) value -= 1;
    const Moments of_normal = moments_of(normal);
    CHECK(std::abs(of_normal.mean) < 0.02 * stddev);
    CHECK(of_normal.variance == Approx(stddev * stddev).epsilon(0.02));
    CHECK(of_normal.largest > 3 * stddev);
    std::vector<double> truncated = filled(TruncatedNormal{1, stddev}, {300, 200});
    for (double& value : truncated) value -= 1;
    const Moments of_truncated = moments_of(truncated);
    CHECK(std::abs(of_truncated.mean) < 0.02 * stddev);
    CHECK(of_truncated.variance == Approx(0.7737 * stddev * stddev).epsilon(0.02));
    CHECK(of_truncated.largest <= 2 * stddev + 1e-12);
  }
  const Moments uniform = moments_of(filled(RandomUniform{-2, 2}, {300, 200}));
  CHECK(uniform.variance == Approx(4.0 / 3).epsilon(0.02));
  CHECK(moments_of(filled(LecunUniform(), {300, 200})).variance == Approx(1.0 / 300).epsilon(0.02));
  CHECK(moments_of(filled(LecunNormal(), {300, 200})).variance == Approx(1.0 / 300).epsilon(0.02));
  CHECK(moments_of(filled(VarianceScaling{2, "fan_out", "untruncated_normal"}, {300, 200})).variance ==
        Approx(2.0 / 200).epsilon(0.02));
  CHECK_THROWS_AS(AnyInitializer(RandomNormal{0, -1}), ValueError);
  CHECK_THROWS_AS(AnyInitializer(TruncatedNormal{0, -1}), ValueError);
  CHECK_THROWS_AS(AnyInitializer(RandomUniform{1, 0}), ValueError);
}

TEST_CASE("the identity has its gain on the diagonal") {
  CHECK(filled(IdentityInitializer{}, {2, 3}) == std::vector<double>{1, 0, 0, 0, 1, 0});
  CHECK(filled(IdentityInitializer{2.5}, {3, 2}) == std::vector<double>{2.5, 0, 0, 2.5, 0, 0});
  CHECK(AnyInitializer("identity") == AnyInitializer(IdentityInitializer()));
  CHECK_THROWS_WITH(filled(IdentityInitializer{}, {3}), "Identity: expected a weight of rank 2, got (3,)");
}
TEST_CASE("Orthogonal gives orthonormal rows or columns, times its gain") {
  for (const Shape& shape : {Shape{40, 70}, Shape{70, 40}, Shape{33, 33}, Shape{3, 2, 5}}) {
    const auto values = filled(Orthogonal{2}, shape);
    const std::int64_t columns = shape.back(), rows = shape.size() / columns;
    const bool of_rows = rows <= columns;
    const std::int64_t vectors = std::min(rows, columns), length = std::max(rows, columns);
    const auto element = [&](std::int64_t vector, std::int64_t k) {
      return values[static_cast<std::size_t>(of_rows ? vector * columns + k : k * columns + vector)];
    };
    double worst = 0;
    for (std::int64_t a = 0; a < vectors; ++a) {
      for (std::int64_t b = 0; b < vectors; ++b) {
        double dot = 0;
        for (std::int64_t k = 0; k < length; ++k) dot += element(a, k) * element(b, k);
        worst = std::max(worst, std::abs(dot - (a == b ? 4 : 0)));
      }
    }
    INFO(shape.to_string());
    CHECK(worst < 1e-12);
  }
  CHECK(filled(Orthogonal(), {8, 8}, 1) == filled(Orthogonal(), {8, 8}, 1));
  CHECK(filled(Orthogonal(), {8, 8}, 1) != filled(Orthogonal(), {8, 8}, 2));
  CHECK_THROWS_AS(filled(Orthogonal(), {8}), ValueError);
}

TEST_CASE("RandomUniform keeps its bounds") {
  const auto moments = moments_of(filled(RandomUniform(), {100, 100}));
  CHECK(moments.largest <= 0.05);
  CHECK(moments.mean == Approx(0).margin(1e-3));
  CHECK(moments.variance == Approx(0.1 * 0.1 / 12).epsilon(0.03));
  CHECK_THROWS_AS(AnyInitializer(RandomUniform{1, 0}), ValueError);
}
