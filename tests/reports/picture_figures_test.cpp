// samples, predictions, misclassified: the pixels of the data set at their places, and what is refused.

#include "figure_testing.hpp"

#include <algorithm>

#include <nacre/data/dataset.hpp>
#include <nacre/reports/misclassified.hpp>
#include <nacre/reports/predictions.hpp>
#include <nacre/reports/samples.hpp>

using namespace nacre;
using namespace figure_testing;
using namespace nacre::reports;

namespace {

/// `count` pictures of noise in bytes, with classes 0, 1, 2, 0, ...
Dataset noise(std::int64_t count, const Shape& shape, double scale = 1.0 / 255) {
  std::vector<std::uint8_t> pixels(static_cast<std::size_t>(count * shape.size()));
  std::uint32_t state = 7;
  for (std::uint8_t& pixel : pixels) {
    state = state * 1664525U + 1013904223U;
    pixel = static_cast<std::uint8_t>(state >> 24);
  }
  std::vector<std::int32_t> labels;
  for (std::int64_t sample = 0; sample < count; ++sample) labels.push_back(static_cast<std::int32_t>(sample % 3));
  return Dataset(Column(pixels, count, shape).with_scale(scale), Column(labels, count, Shape{}));
}

/// Every sample of `noise` taken for class 1.
Classification all_ones(std::int64_t count) {
  std::vector<std::int64_t> truth;
  for (std::int64_t sample = 0; sample < count; ++sample) truth.push_back(sample % 3);
  return classified(truth, std::vector<std::int64_t>(truth.size(), 1), 3);
}

}  // namespace

#if defined(NACRE_HAVE_PNG)

namespace {

/// Whether the picture of `sample` lies at (left, top), each pixel `scale` pixels wide and high.
bool shows(const Image& figure, const Dataset& data, std::int64_t sample, const Shape& shape, std::int64_t left,
           std::int64_t top, std::int64_t scale) {
  const std::int64_t channels = shape.rank() == 3 ? shape[2] : 1;
  const auto features = data.sample<double>(sample);
  for (std::int64_t y = 0; y < shape[0] * scale; ++y) {
    for (std::int64_t x = 0; x < shape[1] * scale; ++x) {
      for (std::int64_t c = 0; c < 3; ++c) {
        const std::int64_t at = (y / scale * shape[1] + x / scale) * channels + (channels == 3 ? c : 0);
        const auto level = std::lround(255 * *(features.begin() + at));
        if (figure.at(top + y, left + x, c) != level) return false;
      }
    }
  }
  return true;
}

/// The position of the `sample`th picture of the default layout's first row.
constexpr std::int64_t margin = 20;
constexpr std::int64_t gap = 18;

}  // namespace

TEST_CASE("The pixels of the samples stand at their places") {
  for (const Shape& shape : {Shape{10, 10}, Shape{10, 10, 1}, Shape{10, 10, 3}, Shape{8, 12, 3}}) {
    CAPTURE(shape);
    const Dataset data = noise(5, shape);
    const Image figure = decoded(samples(data, {.count = 4, .columns = 2, .scale = 10}).bytes());
    const std::int64_t width = shape[1] * 10;
    const std::int64_t height = shape[0] * 10 + 26;
    CHECK(figure.width == 2 * margin + 2 * width + gap);
    CHECK(figure.height == 2 * margin + 2 * height + gap);
    for (std::int64_t sample = 0; sample < 4; ++sample) {
      CHECK(shows(figure, data, sample, shape, margin + sample % 2 * (width + gap),
                  margin + sample / 2 * (height + gap), 10));
    }
  }
}

TEST_CASE("Rows of pixels are read as squares, or as they are said to lie") {
  const Dataset square = noise(1, {100});
  CHECK(shows(decoded(samples(square, {.scale = 10}).bytes()), square, 0, {10, 10}, margin, margin, 10));
  const Dataset flat = noise(1, {96});
  CHECK_THROWS_AS(samples(flat), ShapeError);
  CHECK(shows(decoded(samples(flat, {.scale = 10, .shape = {8, 12}}).bytes()), flat, 0, {8, 12}, margin, margin, 10));
  CHECK(
      shows(decoded(samples(flat, {.scale = 10, .shape = {4, 8, 3}}).bytes()), flat, 0, {4, 8, 3}, margin, margin, 10));
}

TEST_CASE("Numbers of 0 to 255 and of -1 to 1 look as those of 0 to 1 do") {
  const std::string expected = samples(noise(4, {9, 9})).bytes();
  CHECK(samples(noise(4, {9, 9}, 1)).bytes() == expected);
  CHECK(samples(noise(4, {9, 9}).with_scale(2, -1)).bytes() == expected);
}

TEST_CASE("Numbers from 0 on are bytes only where one is as large as a picture's bytes are") {
  const auto of = [](double min, double max) {
    const reports::detail::Contrast contrast = reports::detail::contrast_of(min, max);
    return std::pair(contrast.black, contrast.white);
  };
  CHECK(of(0, 0.3) == std::pair(0.0, 1.0));
  CHECK(of(0, 3.24) == std::pair(0.0, 3.24));
  CHECK(of(0, 16) == std::pair(0.0, 16.0));
  CHECK(of(0, 65) == std::pair(0.0, 255.0));
  CHECK(of(12, 255) == std::pair(0.0, 255.0));
  CHECK(of(-0.5, 0.5) == std::pair(-1.0, 1.0));
  CHECK(of(0, 256) == std::pair(0.0, 256.0));
}

TEST_CASE("What is not finite is black") {
  for (const float value : {INFINITY, -INFINITY, NAN}) CHECK(reports::detail::level_of(value, {0, 1}) == 0);
  CHECK(reports::detail::level_of(0.5F, {0, 1}) == 128);
  CHECK(reports::detail::level_of(2, {0, 1}) == 255);
  CHECK(reports::detail::level_of(7, {7, 7}) == 0);
}

TEST_CASE("Any other numbers are shown from the smallest to the largest; NaN is black") {
  const xt::xarray<float> x{{{-500, 500}, {0, NAN}}};
  const Image figure = decoded(samples(Dataset(x), {.scale = 40}).bytes());
  CHECK(figure.at(margin + 1, margin + 1) == 0);
  CHECK(figure.at(margin + 1, margin + 41) == 255);
  CHECK(figure.at(margin + 41, margin + 1) == 128);
  CHECK(figure.at(margin + 41, margin + 41) == 0);
  CHECK_FALSE(samples(Dataset(xt::xarray<float>{{{INFINITY, NAN}, {NAN, -INFINITY}}})).bytes().empty());
  CHECK_FALSE(samples(Dataset(xt::xarray<float>{{{7, 7}, {7, 7}}})).bytes().empty());
}

TEST_CASE("Without targets there are no names, and with fewer samples than asked for a smaller grid") {
  const xt::xarray<float> x = xt::zeros<float>({2, 10, 10});
  const Image figure = decoded(samples(Dataset(x), {.scale = 10}).bytes());
  CHECK(figure.height == 2 * margin + 100);
  CHECK(figure.width == 2 * margin + 200 + gap);
}

TEST_CASE("Large pictures are shrunk to their means") {
  const xt::xarray<float> x = xt::ones<float>({1, 600, 300});
  const Image figure = decoded(samples(Dataset(x)).bytes());
  CHECK(figure.height == 2 * margin + 200);
  CHECK(figure.width == 2 * margin + 100);
  CHECK(figure.at(margin, margin) == 255);
}

TEST_CASE("Predictions show the first samples or those asked for, wrong ones in a frame") {
  const Dataset data = noise(6, {14, 14});
  const Classification found = all_ones(6);
  const Image first = decoded(predictions(data, found, {.count = 3, .scale = 10}).bytes());
  CHECK(shows(first, data, 2, {14, 14}, margin + 2 * (140 + gap), margin, 10));
  const auto framed = [&](std::int64_t left) {
    for (std::int64_t c = 0; c < 3; ++c) {
      if (first.at(margin - 2, left, c) != first.at(margin + 70, left - 2, c)) return false;
      if (first.at(margin - 2, left, c) == first.at(2, 2, c)) return false;
    }
    return true;
  };
  CHECK(framed(margin));
  CHECK_FALSE(framed(margin + 140 + gap));  // sample 1 is of class 1
  const Image chosen = decoded(predictions(data, found, {.samples = {5, 4}, .scale = 10}).bytes());
  CHECK(shows(chosen, data, 5, {14, 14}, margin, margin, 10));
  CHECK(shows(chosen, data, 4, {14, 14}, margin + 140 + gap, margin, 10));
  CHECK_THROWS_AS(predictions(data, found, {.samples = {6}}), ValueError);
}

TEST_CASE("The misclassified stand worst first") {
  const Dataset data = noise(4, {14, 14});
  const Classification found(
      {0, 1, 2, 0},
      xt::xarray<float>{{0.3F, 0.6F, 0.1F}, {0.1F, 0.8F, 0.1F}, {0.1F, 0.85F, 0.05F}, {0.2F, 0.3F, 0.5F}});
  const Image figure = decoded(misclassified(data, found, {.columns = 1, .scale = 10}).bytes());
  CHECK(figure.height == 2 * margin + 3 * 140 + 2 * gap);
  CHECK(shows(figure, data, 2, {14, 14}, margin, margin, 10));
  CHECK(shows(figure, data, 3, {14, 14}, margin, margin + 140 + gap, 10));
  CHECK(shows(figure, data, 0, {14, 14}, margin, margin + 2 * (140 + gap), 10));
}

TEST_CASE("Where nothing is misclassified the figure says so") {
  const Image figure = decoded(misclassified(noise(2, {4, 4}), classified({0, 1}, {0, 1}, 3)).bytes());
  CHECK(figure.height < 140);
  CHECK(std::count(figure.pixels.begin(), figure.pixels.end(), figure.pixels.front()) <
        static_cast<std::ptrdiff_t>(figure.pixels.size()));
}

TEST_CASE("Names that are long, foreign or missing do not change a figure's size") {
  const Dataset data = noise(6, {5, 5});
  const Classification found = all_ones(6);
  const ClassNames names{"a very long name, longer than any picture is wide", "\u732B", ""};
  const auto size = [](const Figure& figure) {
    const Image image = decoded(figure.bytes());
    return std::pair(image.width, image.height);
  };
  CHECK(size(samples(data, {.class_names = names})) == size(samples(data)));
  CHECK(size(predictions(data, found, {.class_names = names, .scale = 1})) ==
        size(predictions(data, found, {.scale = 1})));
  CHECK(size(misclassified(data, found, {.class_names = names})) == size(misclassified(data, found)));
  CHECK(samples(data, {.class_names = {"", "\u732B"}}).bytes() == samples(data).bytes());
}

TEST_CASE("The same samples give the same bytes") {
  const Dataset data = noise(6, {5, 5, 3});
  CHECK(samples(data).bytes() == samples(data).bytes());
  CHECK(predictions(data, all_ones(6)).bytes() == predictions(data, all_ones(6)).bytes());
  CHECK(misclassified(data, all_ones(6)).bytes() == misclassified(data, all_ones(6)).bytes());
}

#else

TEST_CASE("Without libpng pictures are refused in words") {
  CHECK_THROWS_WITH(samples(noise(2, {4, 4})), ContainsSubstring("libpng"));
}

#endif

TEST_CASE("What is no picture, or belongs to other samples, is refused") {
  const Dataset data = noise(6, {5, 5});
  CHECK_THROWS_AS(samples(noise(2, {5, 5, 2})), ShapeError);
  CHECK_THROWS_AS(samples(noise(2, {2, 2, 5, 1})), ShapeError);
  CHECK_THROWS_AS(samples(noise(2, {7})), ShapeError);
  CHECK_THROWS_AS(samples(data, {.shape = {5, 6}}), ShapeError);
  CHECK_THROWS_AS(samples(data.take(0)), ValueError);
  CHECK_THROWS_AS(samples(data, {.count = 0}), ValueError);
  CHECK_THROWS_AS(samples(data, {.columns = 0}), ValueError);
  CHECK_THROWS_AS(samples(data, {.scale = -1}), ValueError);
  CHECK_THROWS_AS(predictions(data, all_ones(5)), ShapeError);
  CHECK_THROWS_AS(misclassified(data, all_ones(7)), ShapeError);
  CHECK_THROWS_AS(predictions(data, all_ones(6), {.count = -1}), ValueError);
  CHECK_THROWS_AS(misclassified(data, all_ones(6), {.count = 0}), ValueError);
  CHECK_THROWS_AS(samples(data, {.scale = 100000}), ValueError);
  CHECK_THROWS_AS(samples(noise(1, {300, 300}), {.scale = 1000}), ValueError);
  const Classification logits({0, 1}, xt::xarray<float>{{3, -1}, {2, 9}});
  CHECK_THROWS_WITH(predictions(data.take(2), logits), ContainsSubstring("softmax"));
  CHECK_THROWS_WITH(misclassified(data.take(2), logits), ContainsSubstring("softmax"));
}
