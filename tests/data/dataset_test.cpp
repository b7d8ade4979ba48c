#include "catch.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <set>
#include <string>
#include <vector>

#include <nacre/core/xtensor.hpp>
#include <nacre/data/dataset.hpp>

using namespace nacre;

namespace {

/// `count` samples: features (i, 10 i), label i modulo `classes`.
Dataset numbered(std::int64_t count, std::int64_t classes = 1000) {
  std::vector<float> features;
  std::vector<std::int32_t> labels;
  for (std::int64_t i = 0; i < count; ++i) {
    features.push_back(static_cast<float>(i));
    features.push_back(static_cast<float>(10 * i));
    labels.push_back(static_cast<std::int32_t>(i % classes));
  }
  return Dataset(Column(std::move(features), count, Shape{2}), Column(std::move(labels), count, Shape{}));
}

/// The number that `numbered` gave each sample.
std::vector<std::int64_t> numbers(const Dataset& data) {
  std::vector<std::int64_t> result;
  for (std::int64_t i = 0; i < data.size(); ++i) {
    result.push_back(static_cast<std::int64_t>(data.sample<double>(i)(0)));
    CHECK(data.sample<double>(i)(1) == 10.0 * static_cast<double>(result.back()));
  }
  return result;
}

// Catch2 cannot take an xtensor comparison apart.
template <class T>
bool same_values(const xt::xarray<T>& a, const xt::xarray<T>& b) {
  return a == b;
}

using Numbers = std::vector<std::int64_t>;

}  // namespace

TEST_CASE("a data set tells its shapes") {
  const xt::xarray<float> x = xt::ones<float>({5, 4, 3});
  const xt::xarray<int> y{0, 1, 2, 1, 0};
  const Dataset data(x, y);
  CHECK(data.size() == 5);
  CHECK_FALSE(data.empty());
  CHECK(data.feature_shape() == Shape{4, 3});
  CHECK(data.has_targets());
  CHECK(data.target_shape() == Shape{});
  CHECK_FALSE(data.has_sample_weights());
  CHECK(data.sample_weight(2) == 1);
  CHECK(data.to_string() == "Dataset(5 samples, features (4, 3) float32, targets () int32)");
  CHECK(Dataset().empty());
}

TEST_CASE("features alone are a data set to predict from") {
  const xt::xarray<double> x{{1, 2}, {3, 4}};
  const Dataset data(x);
  CHECK_FALSE(data.has_targets());
  CHECK_THROWS_AS(data.target_shape(), StateError);
  CHECK_THROWS_AS(data.targets(), StateError);
  CHECK_THROWS_AS(data.one_hot(2), StateError);
  CHECK_THROWS_AS(data.label(0), StateError);
  CHECK(same_values(data.features<double>(), x));
  CHECK(Dataset::view(x).features_column().stored<double>() == x.data());
}

TEST_CASE("unequal numbers of samples and targets are refused with both numbers") {
  const xt::xarray<float> x = xt::ones<float>({5, 2});
  const xt::xarray<float> y = xt::ones<float>({4});
  CHECK_THROWS_AS(Dataset(x, y), ShapeError);
  CHECK_THROWS_AS(Dataset::view(x, y), ShapeError);
  CHECK_THROWS_WITH(Dataset(x, y), ContainsSubstring("5 samples and 4 targets"));
}

TEST_CASE("a data set owns what it was made from, a view borrows it") {
  xt::xarray<float> x = xt::ones<float>({2, 1});
  xt::xarray<float> y{1, 2};
  const Dataset owner(x, y);
  const Dataset view = Dataset::view(x, y);
  x(1, 0) = 7;
  CHECK(owner.sample(1)(0) == 1.0f);
  CHECK(view.sample(1)(0) == 7.0f);
  CHECK(Dataset(x + 1.0f, 2.0f * y).sample(0)(0) == 2.0f);
}

TEST_CASE("everything comes back as arrays") {
  const Dataset data = numbered(4).slice(1, 3);
  CHECK(same_values(data.features<double>(), xt::xarray<double>{{1, 10}, {2, 20}}));
  CHECK(same_values(data.targets<double>(), xt::xarray<double>{1, 2}));
  CHECK(data.target<double>(1)() == 2.0);
  CHECK(same_values(data.one_hot(4).targets<double>(), xt::xarray<double>{{0, 1, 0, 0}, {0, 0, 1, 0}}));
  CHECK(data.take(0).features().shape()[0] == 0);
  CHECK_THROWS_AS(data.sample(2), ValueError);
  CHECK_THROWS_AS(data.sample(-1), ValueError);
}

TEST_CASE("cutting takes the right samples and copies none") {
  const Dataset data = numbered(10);
  CHECK(numbers(data.take(3)) == Numbers{0, 1, 2});
  CHECK(data.take(99).size() == 10);
  CHECK(numbers(data.skip(8)) == Numbers{8, 9});
  CHECK(data.skip(99).empty());
  CHECK(numbers(data.slice(2, 7).slice(1, 3)) == Numbers{3, 4});
  CHECK(numbers(data.skip(2).take(2)) == Numbers{2, 3});
  CHECK(data.take(3).label(2) == 2);
  CHECK(data.skip(5).features_column().stored<float>() == data.features_column().stored<float>());
  CHECK_THROWS_AS(data.take(-1), ValueError);
  CHECK_THROWS_AS(data.skip(-1), ValueError);
  CHECK_THROWS_AS(data.slice(3, 2), ValueError);
  CHECK_THROWS_AS(data.slice(0, 11), ValueError);
  CHECK_THROWS_AS(data.slice(-1, 2), ValueError);
}

TEST_CASE("a split cuts by its fraction") {
  const auto [first, rest] = numbered(10).split(0.75);
  CHECK(numbers(first) == Numbers{0, 1, 2, 3, 4, 5, 6});
  CHECK(numbers(rest) == Numbers{7, 8, 9});
  CHECK_THROWS_AS(numbered(10).split(0), ValueError);
  CHECK_THROWS_AS(numbered(10).split(1), ValueError);
  CHECK_THROWS_AS(numbered(10).split(std::nan("")), ValueError);
  CHECK_THROWS_AS(numbered(10).split(0.05), ValueError);
}

TEST_CASE("a validation split cuts where Keras cuts") {
  const auto cut = [](std::int64_t samples, double fraction) {
    const Dataset data(Column(std::vector<std::uint8_t>(static_cast<std::size_t>(samples)), samples, Shape{}));
    const auto [train, validation] = data.validation_split(fraction);
    CHECK(train.size() + validation.size() == samples);
    return train.size();
  };
  // floor(n * (1 - fraction)) in double, as CPython computes it.
  CHECK(cut(60000, 0.2) == 48000);
  CHECK(cut(60000, 0.1) == 54000);
  CHECK(cut(10, 0.3) == 7);
  CHECK(cut(10, 0.8) == 1);
  CHECK(cut(10, 0.4) == 6);
  CHECK(cut(1000, 0.999) == 1);
  CHECK(cut(3, 0.5) == 1);
  CHECK_THROWS_AS(cut(1, 0.5), ValueError);
  CHECK_THROWS_WITH(cut(1, 0.5), ContainsSubstring("0.5 cuts 1 samples into 0 and 1"));
  CHECK_THROWS_AS(cut(10, 0.9), ValueError);  // 10 * (1 - 0.9) is a little below 1
  CHECK_THROWS_AS(cut(10, 1.0), ValueError);
  CHECK_THROWS_AS(cut(10, 0.0), ValueError);
}

TEST_CASE("shuffling keeps samples and targets together") {
  const Dataset data = numbered(100);
  const Dataset shuffled = data.shuffled(3);
  const Numbers order = numbers(shuffled);
  CHECK(std::set<std::int64_t>(order.begin(), order.end()).size() == 100);
  CHECK(order != numbers(data));
  CHECK(order == numbers(data.shuffled(3)));
  CHECK(order != numbers(data.shuffled(4)));
  for (std::int64_t i = 0; i < 100; ++i) CHECK(shuffled.label(i) == order[static_cast<std::size_t>(i)]);

  const Numbers part = numbers(shuffled.slice(10, 20));
  CHECK(part == Numbers(order.begin() + 10, order.begin() + 20));
  const Numbers again = numbers(shuffled.slice(10, 20).shuffled(1));
  CHECK(again != part);
  CHECK(std::set<std::int64_t>(again.begin(), again.end()) == std::set<std::int64_t>(part.begin(), part.end()));
}

TEST_CASE("labels, in every form that targets have") {
  const Dataset data = numbered(6, 3);
  CHECK(data.label(4) == 1);
  CHECK(data.one_hot(3).label(4) == 1);

  const xt::xarray<float> x = xt::ones<float>({3, 1});
  const xt::xarray<float> rows{{0.1f, 0.7f, 0.2f}, {1, 0, 0}, {0, 0, 1}};
  const Dataset dense(x, rows);
  CHECK(dense.label(0) == 1);
  CHECK(dense.label(1) == 0);
  CHECK(dense.class_numbers().target_shape() == Shape{});
  CHECK(same_values(dense.class_numbers().targets<double>(), xt::xarray<double>{1, 0, 2}));
  CHECK(same_values(dense.skip(1).class_numbers().targets<double>(), xt::xarray<double>{0, 2}));
  CHECK(same_values(data.class_numbers().targets<double>(), data.targets<double>()));
  CHECK(data.one_hot(3).class_numbers().target_shape() == Shape{});
  CHECK(same_values(data.one_hot(3).class_numbers().targets<double>(), data.targets<double>()));

  xt::xarray<int> labels = xt::zeros<int>({3, 1});
  labels(0, 0) = 2;
  const Dataset columns(x, labels);
  CHECK(columns.target_shape() == Shape{1});
  CHECK(columns.label(0) == 2);
  CHECK(columns.one_hot(3).target_shape() == Shape{3});

  const Dataset values(x, xt::xarray<double>{0.5, -1, 1e300});
  for (std::int64_t i = 0; i < 3; ++i) CHECK_THROWS_AS(values.label(i), ValueError);
  const Dataset images(x, xt::ones<float>({3, 2, 2}));
  CHECK_THROWS_AS(images.label(0), ValueError);
  CHECK_THROWS_AS(images.class_numbers(), ShapeError);
}

TEST_CASE("one-hot rows need class numbers in range") {
  CHECK_THROWS_AS(numbered(6).one_hot(5), ValueError);
  CHECK_THROWS_WITH(numbered(6).one_hot(5), ContainsSubstring("class numbers from 0 to 4, got 5 at sample 5"));
  CHECK(numbered(6).take(5).one_hot(5).target_shape() == Shape{5});
  const xt::xarray<float> x = xt::ones<float>({2, 1});
  CHECK_THROWS_AS(Dataset(x, xt::xarray<int>{-1, 0}).one_hot(3), ValueError);
  CHECK_THROWS_AS(Dataset(x, xt::xarray<float>{0.5f, 0}).one_hot(3), ValueError);
  CHECK_THROWS_AS(Dataset(x, xt::xarray<float>{std::numeric_limits<float>::quiet_NaN(), 0}).one_hot(3), ValueError);
}

TEST_CASE("weights follow their samples") {
  const Dataset data = numbered(4).with_sample_weights({1, 2, 3, 4});
  CHECK(data.has_sample_weights());
  CHECK(data.sample_weight(2) == 3);
  CHECK(data.skip(1).sample_weight(2) == 4);
  const Dataset shuffled = data.shuffled(5);
  for (std::int64_t i = 0; i < 4; ++i) CHECK(shuffled.sample_weight(i) == static_cast<double>(shuffled.label(i) + 1));

  // Weights that are given to a part belong to that part's samples, in its order.
  const Dataset part = numbered(10).shuffled(1).slice(3, 6).with_sample_weights({7, 8, 9});
  CHECK(part.sample_weight(0) == 7);
  CHECK(part.sample_weight(2) == 9);
  CHECK(data.with_sample_weights({5, 5, 5, 5}).sample_weight(3) == 5);

  CHECK_THROWS_AS(data.with_sample_weights({1, 2}), ShapeError);
  CHECK_THROWS_WITH(data.with_sample_weights({1, 2}), ContainsSubstring("4 samples, got 2"));
  CHECK_THROWS_AS(data.with_sample_weights({1, 2, 3, std::nan("")}), ValueError);
  CHECK_THROWS_AS(data.sample_weight(4), ValueError);
}

TEST_CASE("class weights multiply sample weights") {
  const Dataset data = numbered(4, 2).with_class_weights({{1, 3.0}});
  CHECK(data.sample_weight(0) == 1);
  CHECK(data.sample_weight(1) == 3);
  CHECK(data.one_hot(2).with_class_weights({{0, 0.5}, {1, 2.0}}).sample_weight(3) == 6);
  CHECK(data.with_sample_weights({1, 2, 3, 4}).with_class_weights({{0, 10}}).sample_weight(2) == 30);
}

TEST_CASE("features are scaled on their way out") {
  const Dataset data = numbered(3).with_scale(0.5, 1);
  CHECK(same_values(data.features<double>(), xt::xarray<double>{{1, 1}, {1.5, 6}, {2, 11}}));
  CHECK(data.label(2) == 2);
}

TEST_CASE("features may be seen under another shape") {
  const Dataset data = numbered(3).reshaped(Shape{1, 2});
  CHECK(data.feature_shape() == Shape{1, 2});
  CHECK(data.sample<double>(2)(0, 1) == 20);
  CHECK(data.label(2) == 2);
  CHECK_THROWS_AS(data.reshaped(Shape{3}), ShapeError);
}

TEST_CASE("a data set is made of plain vectors, without a copy by view") {
  const std::vector<float> x{1, 2, 3, 4, 5, 6};
  const std::vector<std::int64_t> y{0, 1, 2};
  const Dataset data = Dataset::view(samples(x, {2}), y);
  CHECK(data.size() == 3);
  CHECK(data.feature_shape() == Shape{2});
  CHECK(data.features_column().stored<float>() == x.data());
  CHECK(data.label(2) == 2);
  CHECK(Dataset::view(x).features_column().stored<float>() == x.data());
  CHECK(Dataset(x).features_column().stored<float>() != x.data());
  CHECK(Dataset(samples(x, {2}), y).one_hot(3).target_shape() == Shape{3});
  CHECK_THROWS_AS(Dataset::view(x, y), ShapeError);
}

TEST_CASE("samples have no extent of 0") {
  const xt::xarray<float> hollow = xt::zeros<float>({3, 0});
  const xt::xarray<float> x = xt::zeros<float>({3, 2});
  CHECK_THROWS_AS(Dataset(hollow), ShapeError);
  CHECK_THROWS_WITH(Dataset(x, hollow), "Dataset: targets: expected extents of 1 or more, got shape (0,)");
  CHECK(Dataset(xt::xarray<float>(xt::zeros<float>({0, 2}))).empty());
}

TEST_CASE("samples are selected in any order, also more than once") {
  const Dataset data = numbered(10).slice(2, 9);
  const Dataset chosen = data.select({6, 0, 0, 3});
  CHECK(numbers(chosen) == Numbers{8, 2, 2, 5});
  CHECK(chosen.label(0) == 8);
  CHECK(numbers(chosen.select({3, 1}).slice(1, 2)) == Numbers{2});
  CHECK(data.select({}).empty());
  CHECK_THROWS_AS(data.select({0, 7}), ValueError);
  CHECK_THROWS_AS(data.select({-1}), ValueError);
  CHECK_THROWS_WITH(data.select({0, 7}), "select: expected samples from 0 to 6, got 7 at place 1");

  const Dataset weighted = data.with_sample_weights({1, 2, 3, 4, 5, 6, 7}).select({6, 0, 0});
  CHECK(weighted.sample_weight(0) == 7);
  CHECK(weighted.sample_weight(1) == 1);
  // Each has a weight of its own, also where it is the same sample in memory.
  const Dataset again = weighted.with_sample_weights({10, 20, 30});
  CHECK(again.sample_weight(1) == 20);
  CHECK(again.sample_weight(2) == 30);
  CHECK(again.shuffled(4).size() == 3);
}

TEST_CASE("data sets are put one behind the other") {
  const Dataset first = numbered(10).shuffled(1).take(4);
  const Dataset second = numbered(3);
  const Dataset both = Dataset::concatenate(first, second);
  CHECK(both.size() == 7);
  Numbers expected = numbers(first);
  for (const std::int64_t number : numbers(second)) expected.push_back(number);
  CHECK(numbers(both) == expected);
  for (std::int64_t i = 0; i < 7; ++i) CHECK(both.label(i) == expected[static_cast<std::size_t>(i)]);
  CHECK(both.features_column().stored_type() == "float32");
  CHECK(both.features_column().stored<float>() != second.features_column().stored<float>());
  CHECK_FALSE(both.has_sample_weights());

  const Dataset weighted = Dataset::concatenate(second.with_sample_weights({2, 3, 4}), second);
  CHECK(weighted.sample_weight(2) == 4);
  CHECK(weighted.sample_weight(3) == 1);
  CHECK(Dataset::concatenate(Dataset(), Dataset()).empty());
  CHECK(Dataset::concatenate(second.take(0), second).size() == 3);
}

TEST_CASE("what is stored and scaled differently is put together as numbers") {
  const std::vector<std::uint8_t> bytes{0, 255};
  const std::vector<float> numbers{0.25f, 0.5f, 1};
  const Dataset pixels = Dataset::view(samples(bytes, {1})).with_scale(1.0 / 255);
  const Dataset both = Dataset::concatenate(pixels, Dataset::view(samples(numbers, {1})));
  CHECK(both.features_column().stored_type() == "float64");
  CHECK(both.sample<double>(1)(0) == Approx(1));
  CHECK(both.sample<double>(2)(0) == 0.25);
  const Dataset alike = Dataset::concatenate(pixels, pixels);
  CHECK(alike.features_column().stored_type() == "uint8");
  CHECK(alike.sample<double>(3)(0) == Approx(1));

  const std::vector<int> labels{0, 1};
  const Dataset rows = Dataset::concatenate(Dataset::view(bytes, labels).one_hot(2),
                                            Dataset(bytes, xt::xarray<float>{{0.25f, 0.75f}, {1, 0}}));
  CHECK(same_values(rows.targets<double>(), xt::xarray<double>{{1, 0}, {0, 1}, {0.25, 0.75}, {1, 0}}));
}

TEST_CASE("A selection in memory of its own has columns of these samples alone") {
  const Dataset all(Column(std::vector<std::uint8_t>{10, 20, 30, 40}, 4, {1}),
                    Column(std::vector<std::int32_t>{0, 1, 2, 3}, 4, {}));
  const Dataset few = all.with_scale(0.1).with_sample_weights({1, 2, 3, 4}).select({3, 1}).compact();
  CHECK(few.size() == 2);
  CHECK(few.features_column().count() == 2);
  CHECK(few.features_column().stored_type() == "uint8");
  CHECK(few.features_column().value(0) == Approx(4));
  CHECK(few.features_column().value(1) == Approx(2));
  CHECK(few.label(0) == 3);
  CHECK(few.sample_weight(0) == 4);
  CHECK(Dataset().compact().empty());
}

TEST_CASE("data sets of other shapes are not put together") {
  const std::vector<float> x(12);
  const std::vector<int> y{0, 1, 2};
  const Dataset rows = Dataset::view(samples(x, {4}), y);
  const Dataset images = Dataset::view(samples(x, {2, 2, 1}), y);
  CHECK_THROWS_AS(Dataset::concatenate(images, rows), ShapeError);
  CHECK_THROWS_WITH(
      Dataset::concatenate(images, rows),
      ContainsSubstring("features of shape (2, 2, 1) in both data sets, got (4,) in the second; the samples are"));
  CHECK_THROWS_AS(Dataset::concatenate(rows, rows.one_hot(3)), ShapeError);
  CHECK_THROWS_AS(Dataset::concatenate(rows, Dataset::view(samples(x, {4}))), ValueError);
}

TEST_CASE("class numbers of a whole data set are checked, and the first that is wrong is named") {
  const xt::xarray<float> x = xt::ones<float>({4, 1});
  const auto message = [&](const auto& labels, std::int64_t classes) {
    try {
      Dataset(x, labels).require_class_numbers(classes, "fit");
    } catch (const ValueError& error) {
      return std::string(error.what());
    }
    return std::string("nothing");
  };
  CHECK(message(xt::xarray<std::uint8_t>{0, 9, 3, 1}, 10) == "nothing");
  CHECK(message(xt::xarray<std::uint8_t>{0, 9, 10, 11}, 10) ==
        "fit: expected class numbers from 0 to 9, got 10 at sample 2");
  CHECK(message(xt::xarray<int>{0, 9, 3, -1}, 10) == "fit: expected class numbers from 0 to 9, got -1 at sample 3");
  CHECK(message(xt::xarray<float>{0, 0.5f, 3, 1}, 10) ==
        "fit: expected class numbers from 0 to 9, got 0.5 at sample 1");
  CHECK(message(xt::xarray<double>{std::nan(""), 1, 3, 1}, 10) ==
        "fit: expected class numbers from 0 to 9, got nan at sample 0");
  xt::xarray<int> positions = xt::zeros<int>({4, 2, 2});
  CHECK(message(positions, 1) == "nothing");
  positions(1, 1, 0) = 5;
  CHECK(message(positions, 5) == "fit: expected class numbers from 0 to 4, got 5 at sample 1, position 2");

  // Of a part in another order it is the sample of that part.
  const Dataset part = Dataset(x, xt::xarray<int>{0, 1, 7, 0}).select({3, 2, 1});
  CHECK_THROWS_WITH(part.require_class_numbers(2, "fit"), ContainsSubstring("got 7 at sample 1"));
  CHECK_NOTHROW(part.slice(2, 3).require_class_numbers(2, "fit"));
  CHECK_THROWS_AS(Dataset(x).require_class_numbers(2, "fit"), StateError);
}

TEST_CASE("one-hot rows of more classes than any network has are refused") {
  const Dataset data = numbered(4);
  for (const int shift : {32, 40, 62}) CHECK_THROWS_AS(data.one_hot(std::int64_t{1} << shift), ValueError);
  CHECK_THROWS_AS(data.one_hot(std::numeric_limits<std::int64_t>::max()), ValueError);
  CHECK(data.one_hot(std::int64_t{1} << 20).target_shape() == Shape{std::int64_t{1} << 20});
  // Rows that can be made one by one, and not all at once.
  const std::vector<std::uint8_t> many(1024);
  CHECK_THROWS_AS(Dataset::view(many, many).one_hot(std::int64_t{1} << 31).targets(), ShapeError);
}

TEST_CASE("shards have each sample once") {
  std::vector<float> numbers(11);
  for (std::size_t i = 0; i < numbers.size(); ++i) numbers[i] = static_cast<float>(i);
  const Dataset data = Dataset(numbers, numbers).skip(1);
  std::vector<float> found;
  for (std::int64_t shard = 0; shard < 3; ++shard) {
    const Dataset part = data.shard(shard, 3);
    CHECK(part.size() == (shard == 0 ? 4 : 3));
    for (std::int64_t i = 0; i < part.size(); ++i) {
      CHECK(part.sample(i)() == static_cast<float>(1 + shard + 3 * i));
      found.push_back(part.target(i)());
    }
  }
  std::sort(found.begin(), found.end());
  CHECK(found == std::vector<float>(numbers.begin() + 1, numbers.end()));
  CHECK_THROWS_AS(data.shard(3, 3), ValueError);
  CHECK_THROWS_AS(data.shard(-1, 3), ValueError);
}
