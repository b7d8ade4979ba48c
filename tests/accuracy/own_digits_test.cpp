// Whether your own pictures are read: MNIST's test images, drawn as people draw and photograph digits, prepared by
// prepare_digit and read by the network of examples/mnist_cnn.cpp, which was trained on MNIST's training images alone.

#include "catch.hpp"

#include <array>
#include <cstdint>
#include <cstdio>
#include <string>
#include <vector>

#include <nacre/callbacks/progress_bar.hpp>
#include <nacre/losses/sparse_categorical_crossentropy.hpp>
#include <nacre/metrics/accuracy.hpp>
#include <nacre/optimizers/adam.hpp>
#include <nacre/pictures/image_file.hpp>
#include <nacre/pictures/prepare_digit.hpp>
#include <nacre/reports/png.hpp>

#include "accuracy/drawn_digits.hpp"
#include "accuracy/mnist_testing.hpp"
#include "pictures/picture_files.hpp"

using namespace nacre;
using namespace nacre::testing;

#if defined(NACRE_HAVE_PNG) && defined(NACRE_HAVE_JPEG)

namespace {

constexpr std::size_t pictures_a_way = 20;  // two of each digit

const datasets::Mnist& data() {
  static const datasets::Mnist parts = datasets::mnist();
  return parts;
}

/// Trained once for all cases.
const Sequential& reader() {
  static const Sequential model = [] {
    Sequential network = convolutional_network();
    network.compile({.optimizer = Adam(), .loss = SparseCategoricalCrossentropy(), .metrics = {Accuracy()}});
    network.fit(data().train, {.epochs = 2, .batch_size = 128, .verbose = 0});
    return network;
  }();
  return model;
}

/// Test images of each digit, one after the other in a random order.
class HeldBack {
 public:
  HeldBack() {
    const Dataset& test = data().test;
    const RandomStream chance(2001, Purpose::user);
    const auto count = static_cast<std::uint64_t>(test.size());
    for (std::uint64_t draw = 0; draw < count; ++draw) {
      const auto image = static_cast<std::int64_t>(chance.below(count, draw));
      images_[static_cast<std::size_t>(test.label(image))].push_back(image);
    }
  }

  const std::uint8_t* next(std::size_t digit) {
    const std::vector<std::int64_t>& images = images_[digit];
    const std::int64_t image = images[next_[digit]++ % images.size()];
    return data().test.features_column().stored<std::uint8_t>() + 784 * image;
  }

 private:
  std::array<std::vector<std::int64_t>, 10> images_;
  std::array<std::size_t, 10> next_{};
};

/// The picture, written to a file and read again.
Image through_file(const TemporaryFolder& folder, const Image& picture, const Way& way) {
  if (way.jpeg_quality > 0) {
    return datasets::read_image(folder.write("digit", jpeg_bytes(picture, {.quality = way.jpeg_quality})));
  }
  const std::string png = reports::encode_png(picture);
  return datasets::read_image(folder.write("digit", Bytes(png.begin(), png.end())));
}

/// The digits that are read in pictures; pictures in which none is found are black.
std::vector<std::int64_t> read(const std::vector<Image>& pictures) {
  std::vector<std::uint8_t> pixels;
  for (const Image& picture : pictures) {
    Image prepared(28, 28);
    try {
      prepared = datasets::prepare_digit(picture);
    } catch (const ValueError& error) {
      UNSCOPED_INFO(error.what());
    }
    pixels.insert(pixels.end(), prepared.pixels.begin(), prepared.pixels.end());
  }
  const auto count = static_cast<std::int64_t>(pictures.size());
  const auto probabilities = reader().predict(Dataset(Column(pixels, count, Shape{28, 28, 1})).with_scale(1.0 / 255));
  std::vector<std::int64_t> digits;
  for (std::size_t row = 0; row < pictures.size(); ++row) {
    std::size_t best = 0;
    for (std::size_t digit = 1; digit < 10; ++digit) {
      if (probabilities(row, digit) > probabilities(row, best)) best = digit;
    }
    digits.push_back(static_cast<std::int64_t>(best));
  }
  return digits;
}

}  // namespace

TEST_CASE("digits drawn in every way are read") {
  if (!has_mnist()) return;
  const TemporaryFolder folder;
  HeldBack digits;
  std::uint64_t drawn = 0;
  std::size_t right = 0;
  for (const Way& way : ways()) {
    std::vector<Image> pictures;
    for (std::size_t i = 0; i < pictures_a_way; ++i) {
      pictures.push_back(through_file(folder, Drawing(way, digits.next(i % 10), Chance(1, ++drawn)).image(), way));
    }
    const std::vector<std::int64_t> found = read(pictures);
    std::size_t well = 0;
    for (std::size_t i = 0; i < pictures_a_way; ++i) well += found[i] == static_cast<std::int64_t>(i % 10);
    std::printf("%-34s %3zu of %zu\n", way.name.c_str(), well, pictures_a_way);
    INFO(way.name);
    CHECK(well * 100 >= pictures_a_way * 80);
    right += well;
  }
  std::printf("%-34s %3zu of %llu\n", "all", right, static_cast<unsigned long long>(drawn));
  CHECK(right * 100 >= drawn * 95);
}

TEST_CASE("MNIST's own images are prepared as they are") {
  if (!has_mnist()) return;
  HeldBack digits;
  std::vector<Image> pictures;
  for (std::size_t i = 0; i < 200; ++i) {
    const std::uint8_t* pixels = digits.next(i % 10);
    Image& picture = pictures.emplace_back(28, 28);
    picture.pixels.assign(pixels, pixels + 784);
  }
  const std::vector<std::int64_t> found = read(pictures);
  std::size_t well = 0;
  for (std::size_t i = 0; i < found.size(); ++i) well += found[i] == static_cast<std::int64_t>(i % 10);
  CHECK(well >= 194);
}

#endif
