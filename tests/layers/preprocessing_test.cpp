// Layers that prepare numbers and pictures, against their formulas.

#include <nacre/data/adapt.hpp>
#include <nacre/layers/category_encoding.hpp>
#include <nacre/layers/center_crop.hpp>
#include <nacre/layers/discretization.hpp>
#include <nacre/layers/hashing.hpp>
#include <nacre/layers/integer_lookup.hpp>
#include <nacre/layers/normalization.hpp>
#include <nacre/layers/resizing.hpp>

#include <cmath>
#include <cstdint>
#include <cstring>
#include <string>
#include <vector>

#include "layer_testing.hpp"

using namespace nacre;
using namespace nacre::testing;

namespace {

/// The int32 numbers that lie in memory of floating ones.
std::vector<std::int64_t> first_integers(const double* memory, std::size_t count) {
  std::vector<std::int32_t> numbers(count);
  std::memcpy(numbers.data(), memory, count * sizeof(std::int32_t));
  return {numbers.begin(), numbers.end()};
}

/// What a layer makes of integers, as integers.
std::vector<std::int64_t> integers_of(const Layer& layer, const std::vector<double>& values) {
  LayerHarness<double> harness(layer, Shape{static_cast<std::int64_t>(values.size())}, 1, 1, {}, true);
  const TensorView<const double> view(values.data(), {1, static_cast<std::int64_t>(values.size())});
  const auto& output = harness.forward(view, false);
  return first_integers(output.data(), values.size());
}

xt::xarray<double> rows_of_integers(const Layer& layer, const std::vector<double>& values, const Shape& shape) {
  LayerHarness<double> harness(layer, shape.from(1), shape.front(), 1, {}, true);
  return harness.forward(TensorView<const double>(values.data(), shape), false);
}

xt::xarray<double> picture(std::int64_t height, std::int64_t width) {
  auto values =
      xt::xarray<double>::from_shape({1, static_cast<std::size_t>(height), static_cast<std::size_t>(width), 1});
  for (std::size_t i = 0; i < values.size(); ++i) values.data()[i] = static_cast<double>(i);
  return values;
}

}  // namespace

TEST_CASE("Normalization gives each place mean 0 and variance 1, and back again") {
  xt::xarray<double> x = normal_array<double>({50, 4, 3}, 5);
  for (std::size_t i = 0; i < x.size(); ++i) x.data()[i] = x.data()[i] * static_cast<double>(1 + i % 3) + 7;
  for (const Axes& axis : {Axes{-1}, Axes{1}, Axes{1, 2}, Axes(List<std::int64_t>())}) {
    Normalization layer({.axis = axis});
    CHECK_THROWS_AS(build(layer, {4, 3}), StateError);
    adapt(layer, Dataset(x));
    const xt::xarray<double> y = output_of<double>(layer, x);
    const std::size_t means = layer.options.mean.size();
    CHECK(means == (axis.values.empty() ? 1u : axis.values.size() == 2 ? 12u : axis.values[0] == 1 ? 4u : 3u));
    std::vector<double> sum(means);
    std::vector<double> squares(means);
    for (std::size_t i = 0; i < y.size(); ++i) {
      const std::size_t place = means == 1 ? 0 : means == 12 ? i % 12 : means == 4 ? i % 12 / 3 : i % 3;
      sum[place] += y.data()[i];
      squares[place] += y.data()[i] * y.data()[i];
    }
    const double count = static_cast<double>(y.size()) / static_cast<double>(means);
    for (std::size_t place = 0; place < means; ++place) {
      CHECK(sum[place] / count == Approx(0).margin(1e-9));
      CHECK(squares[place] / count == Approx(1));
    }
    NormalizationOptions back = layer.options;
    back.invert = true;
    CHECK(xt::allclose(output_of<double>(Normalization(back), y), x));
  }
}

TEST_CASE("Normalization refuses means that do not fit") {
  CHECK_THROWS_WITH(Normalization({.mean = {1}}), "Normalization: expected as many means as variances, got 1 and 0");
  CHECK_THROWS_AS(Normalization({.mean = {1}, .variance = {-1}}), ValueError);
  CHECK_THROWS_WITH(build(Normalization({.mean = {1, 2}, .variance = {1, 1}}), {3}),
                    "expected 3 means for an input of (3,), got 2");
  CHECK_THROWS_AS(build(Normalization({.axis = 2, .mean = {1}, .variance = {1}}), {3}), ShapeError);
  xt::xarray<double> three = xt::ones<double>({1, 1}) * 3;
  CHECK(output_of<double>(Normalization({.mean = {3}, .variance = {0}}), three)(0, 0) == 0);
}

TEST_CASE("Resizing takes the pixels that tf.image.resize takes") {
  const auto half = output_of<double>(Resizing(2, 2), picture(4, 4));
  CHECK(half(0, 0, 0, 0) == Approx(2.5));  // the mean of 0, 1, 4 and 5
  CHECK(half(0, 1, 1, 0) == Approx(12.5));
  const auto twice = output_of<double>(Resizing(1, 4), picture(1, 2));
  CHECK(twice(0, 0, 0, 0) == Approx(0));
  CHECK(twice(0, 0, 1, 0) == Approx(0.25));
  CHECK(twice(0, 0, 2, 0) == Approx(0.75));
  CHECK(twice(0, 0, 3, 0) == Approx(1));
  const auto nearest = output_of<double>(Resizing(1, 3, {.interpolation = "nearest"}), picture(1, 6));
  CHECK(nearest(0, 0, 0, 0) == 1);
  CHECK(nearest(0, 0, 2, 0) == 5);
  const auto cropped = output_of<double>(Resizing(2, 2, {.crop_to_aspect_ratio = true}), picture(2, 6));
  CHECK(cropped(0, 0, 0, 0) == 2);
  CHECK(cropped(0, 1, 1, 0) == 9);
  const auto padded = output_of<double>(Resizing(4, 4, {.pad_to_aspect_ratio = true, .fill_value = -1}), picture(2, 4));
  CHECK(padded(0, 0, 2, 0) == -1);
  CHECK(padded(0, 1, 2, 0) == 2);
  CHECK(padded(0, 2, 3, 0) == 7);
  CHECK(padded(0, 3, 0, 0) == -1);
  CHECK_THROWS_AS(Resizing(0, 2), ValueError);
  CHECK_THROWS_AS(Resizing(2, 2, {.interpolation = "bicubic"}), ValueError);
  CHECK_THROWS_AS(Resizing(2, 2, {.crop_to_aspect_ratio = true, .pad_to_aspect_ratio = true}), ValueError);
  CHECK_THROWS_AS(build(Resizing(2, 2), {4, 4}), ShapeError);
}

TEST_CASE("CenterCrop takes the middle, and resizes pictures that are smaller") {
  const auto middle = output_of<double>(CenterCrop(2, 2), picture(5, 4));
  CHECK(middle(0, 0, 0, 0) == 5);  // row 1, column 1
  CHECK(middle(0, 1, 1, 0) == 10);
  const auto larger = output_of<double>(CenterCrop(4, 4), picture(2, 4));
  CHECK(larger(0, 0, 0, 0) == Approx(1));  // of the two columns in the middle
  CHECK(larger(0, 3, 3, 0) == Approx(6));
}

TEST_CASE("CategoryEncoding puts class numbers out as rows") {
  CHECK((rows_of_integers(CategoryEncoding(4, {.output_mode = "one_hot"}), {3, 2, 0, 1}, {2, 2}) ==
         xt::xarray<double>{{{0, 0, 0, 1}, {0, 0, 1, 0}}, {{1, 0, 0, 0}, {0, 1, 0, 0}}}));
  CHECK((rows_of_integers(CategoryEncoding(4, {.output_mode = "one_hot"}), {3, 2}, {2, 1}) ==
         xt::xarray<double>{{0, 0, 0, 1}, {0, 0, 1, 0}}));
  CHECK((rows_of_integers(CategoryEncoding(4), {0, 1, 0, 0, 1, 2}, {2, 3}) ==
         xt::xarray<double>{{1, 1, 0, 0}, {1, 1, 1, 0}}));
  CHECK((rows_of_integers(CategoryEncoding(4, {.output_mode = "count"}), {0, 1, 0, 3, 3, 3}, {2, 3}) ==
         xt::xarray<double>{{2, 1, 0, 0}, {0, 0, 0, 3}}));
  CHECK((output_of<double>(CategoryEncoding(3), xt::xarray<double>{{1, 2}}) == xt::xarray<double>{{0, 1, 1}}));
  CHECK_THROWS_WITH(rows_of_integers(CategoryEncoding(4), {4}, {1, 1}),
                    "CategoryEncoding: expected class numbers from 0 to 3, got 4");
  CHECK_THROWS_AS(CategoryEncoding(0), ValueError);
  CHECK_THROWS_AS(CategoryEncoding(3, {.output_mode = "int"}), ValueError);
}

TEST_CASE("Discretization finds the range of each number, and ranges of as many numbers") {
  // Keras' own examples.
  const Discretization given({.bin_boundaries = {0, 1, 2}});
  CHECK(integers_of(given, {-1, 1, 3, 0}) == std::vector<std::int64_t>{0, 2, 3, 1});
  Discretization learned({.num_bins = 4, .epsilon = 0.01});
  CHECK_THROWS_AS(build(learned, {4}), StateError);
  adapt(learned, Dataset(xt::xarray<double>{{-1.5, 1, 3.4, 0.5}, {0, 3, 1.3, 0}}));
  LayerHarness<double> harness(learned, {4}, 2);
  const std::vector<double> x{-1.5, 1, 3.4, 0.5, 0, 3, 1.3, 0};
  const auto& found = harness.forward(TensorView<const double>(x.data(), {2, 4}), false);
  CHECK(first_integers(found.data(), 8) == std::vector<std::int64_t>{0, 2, 3, 2, 1, 3, 3, 1});
  Discretization many({.num_bins = 10});
  adapt(many, Dataset(normal_array<double>({5000, 1}, 4)));
  REQUIRE(many.options.bin_boundaries.size() == 9);
  CHECK(many.options.bin_boundaries[4] == Approx(0).margin(0.06));
  CHECK(many.options.bin_boundaries[8] == Approx(1.2816).margin(0.08));
  CHECK_THROWS_AS(Discretization({.bin_boundaries = {1, 0}}), ValueError);
  CHECK_THROWS_AS(Discretization({.num_bins = 1}), ValueError);
  CHECK_THROWS_AS(Discretization({.output_mode = "int"}), ValueError);
}

TEST_CASE("Hashing puts texts and numbers into the bins of Keras") {
  // The examples of Keras' documentation.
  const auto bins = [](const Hashing& hashing, const std::vector<std::string>& texts) {
    std::vector<std::int64_t> found;
    for (const std::string& text : texts) found.push_back(hashing.bin(text));
    return found;
  };
  const std::vector<std::string> letters{"A", "B", "C", "D", "E"};
  CHECK(bins(Hashing(3), letters) == std::vector<std::int64_t>{1, 0, 1, 1, 2});
  CHECK(bins(Hashing(3, {.salt = {133}}), letters) == std::vector<std::int64_t>{0, 0, 2, 1, 0});
  CHECK(bins(Hashing(3, {.salt = {133, 137}}), letters) == std::vector<std::int64_t>{1, 2, 1, 0, 2});
  const Hashing masked(3, {.mask_value = 7});
  CHECK(integers_of(masked, {7, 8, 9}) == std::vector<std::int64_t>{0, masked.bin("8"), masked.bin("9")});
  CHECK(masked.bin("8") >= 1);
  CHECK(integers_of(Hashing(1000), {-12}) == std::vector<std::int64_t>{Hashing(1000).bin("-12")});
  CHECK_THROWS_AS(Hashing(0), ValueError);
  CHECK_THROWS_AS(Hashing(1, {.mask_value = 0}), ValueError);
  CHECK_THROWS_AS(Hashing(3, {.salt = {1, 2, 3}}), ValueError);
}

TEST_CASE("IntegerLookup gives the indices of Keras") {
  const IntegerLookup plain({.vocabulary = {12, 36, 1138, 42}});
  CHECK(integers_of(plain, {12, 1138, 42, 42, 1000, 36}) == std::vector<std::int64_t>{1, 3, 4, 4, 0, 2});
  const IntegerLookup several({.num_oov_indices = 2, .vocabulary = {12, 36, 1138, 42}});
  CHECK(integers_of(several, {12, 1138, 42, 37, 1000, 36}) == std::vector<std::int64_t>{2, 4, 5, 1, 0, 3});
  const IntegerLookup masked({.mask_token = 0, .vocabulary = {5, 6}});
  CHECK(integers_of(masked, {0, 5, 6, 7}) == std::vector<std::int64_t>{0, 2, 3, 1});
  const IntegerLookup back({.vocabulary = {12, 36}, .invert = true});
  CHECK(integers_of(back, {1, 2, 0, 9}) == std::vector<std::int64_t>{12, 36, -1, -1});
  CHECK((rows_of_integers(IntegerLookup({.vocabulary = {12, 36, 1138, 42}, .output_mode = "multi_hot"}),
                          {12, 1138, 42, 42, 42, 7, 36, 7},
                          {2, 4}) == xt::xarray<double>{{0, 1, 0, 1, 1}, {1, 0, 1, 0, 1}}));
  const IntegerLookup weighed({.vocabulary = {12, 36}, .idf_weights = {0.25, 0.75}, .output_mode = "tf_idf"});
  CHECK((rows_of_integers(weighed, {12, 36, 36, 7}, {1, 4}) == xt::xarray<double>{{0.5, 0.25, 1.5}}));
  CHECK_THROWS_WITH(integers_of(IntegerLookup({.num_oov_indices = 0, .vocabulary = {1}}), {2}),
                    "IntegerLookup: expected a number of the vocabulary, got 2; give num_oov_indices for others");
  CHECK_THROWS_AS(IntegerLookup({.vocabulary = {1, 1}}), ValueError);
  CHECK_THROWS_AS(IntegerLookup({.max_tokens = 2, .vocabulary = {1, 2}}), ValueError);
  CHECK_THROWS_AS(IntegerLookup({.vocabulary = {1}, .output_mode = "tf_idf"}), ValueError);
  CHECK_THROWS_AS(build(IntegerLookup(), {3}), StateError);
}

TEST_CASE("adapt finds the vocabulary of an IntegerLookup, the most frequent numbers first") {
  const std::vector<std::array<std::int32_t, 3>> x{{12, 1138, 42}, {42, 1000, 36}};
  IntegerLookup lookup;
  adapt(lookup, Dataset(x));
  CHECK(lookup.options.vocabulary == std::vector<std::int64_t>{42, 1138, 1000, 36, 12});  // Keras' example
  IntegerLookup small({.max_tokens = 3});
  adapt(small, Dataset(x));
  CHECK(small.options.vocabulary == std::vector<std::int64_t>{42, 1138});
  IntegerLookup weighed({.output_mode = "tf_idf"});
  adapt(weighed, Dataset(x));
  CHECK(weighed.options.idf_weights[0] == Approx(std::log(1 + 2.0 / 3)));
  CHECK(weighed.options.idf_weights[1] == Approx(std::log(1 + 2.0 / 2)));
  CHECK_THROWS_AS(adapt(lookup, Dataset(std::vector<float>{0.5f})), ValueError);
  CHECK_THROWS_AS(adapt(lookup, Dataset(x).take(0)), ValueError);
}
