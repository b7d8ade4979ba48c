// CIFAR-10 and CIFAR-100, in files made by hand; IDX files that stay where they are.

#include <nacre/datasets/cifar.hpp>
#include <nacre/datasets/idx.hpp>

#include <string>
#include <vector>

#include "catch.hpp"
#include "datasets/idx_files.hpp"

using namespace nacre;
using namespace nacre::testing;

namespace {

/// Records with these labels, whose planes are 10 * number + channel, with the pixel's row added.
Bytes records(const std::vector<Bytes>& labels) {
  Bytes bytes;
  for (std::size_t i = 0; i < labels.size(); ++i) {
    bytes.insert(bytes.end(), labels[i].begin(), labels[i].end());
    for (std::size_t channel = 0; channel < 3; ++channel) {
      for (std::size_t pixel = 0; pixel < 1024; ++pixel)
        bytes.push_back(static_cast<std::uint8_t>(10 * i + channel + pixel / 32));
    }
  }
  return bytes;
}

}  // namespace

TEST_CASE("cifar10 reads five training files and a test file into pixels of three channels") {
  const TemporaryFolder folder;
  for (int i = 1; i <= 5; ++i) {
    folder.write("data_batch_" + std::to_string(i) + ".bin", records({{static_cast<std::uint8_t>(i)}, {9}}));
  }
  folder.write("test_batch.bin", records({{0}, {1}, {2}}));
  const auto [train, test] = datasets::cifar10({.directory = folder.path(), .scale = 1});
  CHECK(train.size() == 10);
  CHECK(test.size() == 3);
  CHECK(train.feature_shape() == Shape{32, 32, 3});
  CHECK(train.label(4) == 3);
  CHECK(train.label(5) == 9);
  CHECK(train.sample(1)(5, 7, 2) == 10 + 2 + 5);
  CHECK(test.sample(2)(31, 0, 0) == 20 + 31);
  CHECK(datasets::cifar10({.directory = folder.path(), .one_hot = true}).test.target(1)(1) == 1);
  folder.write("data_batch_3.bin", records({{10}}));
  CHECK_THROWS_AS(datasets::cifar10({.directory = folder.path()}), FormatError);
  Bytes cut = records({{1}});
  cut.pop_back();
  const auto path = folder.write("data_batch_3.bin", cut);
  CHECK_THROWS_WITH(datasets::cifar10({.directory = folder.path()}),
                    path.string() + ": expected records of 3073 bytes, found 3072 at record 0");
  folder.write("data_batch_3.bin", {});
  CHECK_THROWS_AS(datasets::cifar10({.directory = folder.path()}), FormatError);
  std::filesystem::remove(path);
  CHECK_THROWS_AS(datasets::cifar10({.directory = folder.path()}), FileError);
  CHECK_THROWS_AS(datasets::cifar10({.directory = folder.path() / "none"}), FileError);
}

TEST_CASE("cifar100 reads fine or coarse labels") {
  const TemporaryFolder folder;
  folder.write("train.bin", records({{19, 99}, {3, 4}}));
  folder.write("test.bin", records({{5, 6}}));
  CHECK(datasets::cifar100({.directory = folder.path()}).train.label(0) == 99);
  CHECK(datasets::cifar100({.directory = folder.path(), .label_mode = "coarse"}).train.label(0) == 19);
  CHECK(datasets::cifar100({.directory = folder.path(), .one_hot = true}).test.target_shape() == Shape{100});
  CHECK_THROWS_WITH(datasets::cifar100({.label_mode = "both"}),
                    "cifar100: expected label_mode fine or coarse, got \"both\"");
}

TEST_CASE("the images of an IDX file may stay there") {
  const TemporaryFolder folder;
  const auto images = folder.write("images", image_bytes(5, 3, 2));
  const auto labels = folder.write("labels", idx_bytes({5}, {0, 1, 2, 3, 4}));
  const Dataset mapped = datasets::idx(images, labels, {.max_bytes = 8, .mapped = true});
  const Dataset read = datasets::idx(images, labels);
  CHECK(mapped.feature_shape() == read.feature_shape());
  for (std::int64_t i = 0; i < 5; ++i) CHECK((mapped.sample(i) == read.sample(i)));
#if defined(NACRE_HAVE_ZLIB)
  const auto packed = folder.write("images.gz", gzipped(image_bytes(5, 3, 2)));
  CHECK_THROWS_AS(datasets::idx(packed, labels, {.mapped = true}), ValueError);
#endif
  CHECK_THROWS_AS(datasets::idx(folder.write("short", idx_bytes({5, 3, 2}, Bytes(29))), labels, {.mapped = true}),
                  FormatError);
}
