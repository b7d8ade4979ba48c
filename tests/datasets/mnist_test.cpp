#include "catch.hpp"

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <sstream>
#include <string>
#include <vector>

#include <nacre/core/error.hpp>
#include <nacre/data/dataset.hpp>
#include <nacre/datasets/mnist.hpp>
#include <nacre/synthetic/mnist_or_synthetic.hpp>

#include "datasets/idx_files.hpp"

using namespace nacre;
using namespace nacre::testing;

namespace {

/// A small MNIST: 3 training images of 28 x 28 and 2 test images.
void write_mnist(const TemporaryFolder& folder, const std::string& directory = ".",
                 const std::string& separator = "-") {
  folder.write(directory + "/train-images" + separator + "idx3-ubyte", image_bytes(3, 28, 28));
  folder.write(directory + "/train-labels" + separator + "idx1-ubyte", idx_bytes({3}, {5, 0, 4}));
  folder.write(directory + "/t10k-images" + separator + "idx3-ubyte", image_bytes(2, 28, 28));
  folder.write(directory + "/t10k-labels" + separator + "idx1-ubyte", idx_bytes({2}, {7, 2}));
}

/// Nothing of this machine's own MNIST is seen while it lives: an empty current folder, no variables, an empty home.
class Nowhere {
 public:
  Nowhere() : before_(std::filesystem::current_path()) { std::filesystem::current_path(folder.path()); }
  ~Nowhere() { std::filesystem::current_path(before_); }

  TemporaryFolder folder;

 private:
  std::filesystem::path before_;
  Environment data_{"NACRE_DATA", nullptr};
  Environment cache_{"XDG_CACHE_HOME", nullptr};
  Environment home_{"HOME", folder.path().c_str()};
};

}  // namespace

TEST_CASE("mnist reads the four files of a folder") {
  const TemporaryFolder folder;
  write_mnist(folder);
  const auto [train, test] = datasets::mnist({.directory = folder.path()});
  CHECK(train.size() == 3);
  CHECK(test.size() == 2);
  CHECK(train.feature_shape() == Shape{28, 28, 1});
  CHECK(train.target_shape() == Shape{});
  CHECK(train.label(0) == 5);
  CHECK(test.label(1) == 2);
  CHECK(train.sample<double>(0)(1, 2, 0) == Approx(30.0 / 255));

  const datasets::Mnist rows = datasets::mnist({.directory = folder.path(), .one_hot = true, .scale = 1});
  CHECK(rows.train.target_shape() == Shape{10});
  CHECK(rows.test.target_shape() == Shape{10});
  CHECK(rows.train.sample<double>(0)(1, 2, 0) == 30);
}

TEST_CASE("mnist knows the other way to write its names") {
  const TemporaryFolder folder;
  write_mnist(folder, ".", ".");
  CHECK(datasets::mnist({.directory = folder.path()}).train.size() == 3);
}

TEST_CASE("mnist looks in the usual places, in order") {
  const Nowhere nowhere;
  CHECK_FALSE(datasets::find_mnist().has_value());

  write_mnist(nowhere.folder, ".cache/nacre/mnist");
  CHECK(datasets::find_mnist() == nowhere.folder.path() / ".cache/nacre/mnist");
  write_mnist(nowhere.folder, "elsewhere/nacre/mnist");
  const std::string elsewhere = (nowhere.folder.path() / "elsewhere").string();
  const Environment cache("XDG_CACHE_HOME", elsewhere.c_str());
  CHECK(datasets::find_mnist() == nowhere.folder.path() / "elsewhere/nacre/mnist");
  {
    const Environment relative("XDG_CACHE_HOME", "elsewhere");
    CHECK(datasets::find_mnist() == nowhere.folder.path() / ".cache/nacre/mnist");
  }
  write_mnist(nowhere.folder, "data/mnist");
  CHECK(datasets::find_mnist() == std::filesystem::path("data/mnist"));
  write_mnist(nowhere.folder, "variable/mnist");
  const Environment data("NACRE_DATA", "variable");
  CHECK(datasets::find_mnist() == std::filesystem::path("variable/mnist"));
  CHECK(datasets::mnist().test.size() == 2);
  write_mnist(nowhere.folder, "asked");
  CHECK(datasets::find_mnist("asked") == std::filesystem::path("asked"));
  CHECK_FALSE(datasets::find_mnist("not").has_value());
}

TEST_CASE("an incomplete folder is passed over") {
  const Nowhere nowhere;
  write_mnist(nowhere.folder, "data/mnist");
  std::filesystem::remove("data/mnist/t10k-labels-idx1-ubyte");
  CHECK_FALSE(datasets::find_mnist().has_value());
  CHECK_THAT(message_of<FileError>([] { datasets::mnist(); }),
             ContainsSubstring("data/mnist (below the current folder): no file t10k-labels-idx1-ubyte or "
                               "t10k-labels-idx1-ubyte.gz\n"));
}

TEST_CASE("without MNIST the message says where it was looked for and how to get it") {
  const Nowhere nowhere;
  const Environment data("NACRE_DATA", "/nowhere/at/all");
  const std::string message = message_of<FileError>([] { datasets::mnist(); });
  CHECK_THAT(message, ContainsSubstring("\n  /nowhere/at/all/mnist ($NACRE_DATA/mnist): no such folder\n"));
  CHECK_THAT(message, ContainsSubstring("\n  data/mnist (below the current folder): no such folder\n"));
  CHECK_THAT(message, ContainsSubstring("/.cache/nacre/mnist (the cache folder): no such folder\n"));
  CHECK_THAT(message, ContainsSubstring("scripts/demo"));
  const std::string asked = message_of<FileError>([] { datasets::mnist({.directory = "mine"}); });
  CHECK_THAT(asked, ContainsSubstring("\n  mine (the directory that was asked for): no such folder\n"));
  CHECK_THAT(asked, !ContainsSubstring("nowhere"));
}

TEST_CASE("mnist refuses labels above 9 and parts that do not go together") {
  const TemporaryFolder folder;
  write_mnist(folder);
  folder.write("t10k-labels-idx1-ubyte", idx_bytes({2}, {7, 10}));
  const auto read = [&] { datasets::mnist({.directory = folder.path()}); };
  CHECK_THAT(message_of<FormatError>(read),
             EndsWith("t10k-labels-idx1-ubyte: expected labels from 0 to 9, found 10 at label 1 (from 0)"));
  write_mnist(folder);
  folder.write("t10k-images-idx3-ubyte", image_bytes(2, 28, 27));
  CHECK_THAT(message_of<FormatError>(read), ContainsSubstring("shape (28, 28, 1), found (28, 27, 1)"));
}

TEST_CASE("the stand-in is announced and named") {
  const Nowhere nowhere;
  std::ostringstream said;
  std::streambuf* const before = std::cerr.rdbuf(said.rdbuf());
  const auto [train, test, name] = datasets::mnist_or_synthetic({.one_hot = true}, {.train = 30, .test = 20});
  std::cerr.rdbuf(before);
  CHECK(name == "synthetic");
  CHECK(train.size() == 30);
  CHECK(test.size() == 20);
  CHECK(train.feature_shape() == Shape{28, 28, 1});
  CHECK(train.target_shape() == Shape{10});
  CHECK_THAT(said.str(), ContainsSubstring("SYNTHETIC"));
  CHECK_THAT(said.str(), ContainsSubstring("data/mnist (below the current folder): no such folder"));
  const bool same_image = train.sample<float>(0) == test.sample<float>(0);
  CHECK_FALSE(same_image);
}

TEST_CASE("nothing stands in for an MNIST that is there, was asked for, or is broken") {
  const Nowhere nowhere;
  CHECK_THROWS_AS(datasets::mnist_or_synthetic({.directory = "mine"}), FileError);
  write_mnist(nowhere.folder, "data/mnist");
  const datasets::MnistOrSynthetic found = datasets::mnist_or_synthetic();
  CHECK(found.name == "mnist");
  CHECK(found.train.size() == 3);
  nowhere.folder.write("data/mnist/train-images-idx3-ubyte", {0, 0, 8, 3});
  CHECK_THROWS_AS(datasets::mnist_or_synthetic(), FormatError);
}

#if defined(NACRE_HAVE_ZLIB)

TEST_CASE("MNIST itself") {
  if (std::getenv("NACRE_DATA") == nullptr || !datasets::find_mnist()) {
    WARN("NACRE_DATA names no folder with MNIST: not tested on the real files");
    return;
  }
  const auto [train, test] = datasets::mnist();
  CHECK(train.size() == 60000);
  CHECK(test.size() == 10000);
  CHECK(train.feature_shape() == Shape{28, 28, 1});
  const auto first_labels = [](const Dataset& data) {
    std::vector<std::int64_t> labels;
    for (std::int64_t i = 0; i < 5; ++i) labels.push_back(data.label(i));
    return labels;
  };
  CHECK(first_labels(train) == std::vector<std::int64_t>{5, 0, 4, 1, 9});
  CHECK(first_labels(test) == std::vector<std::int64_t>{7, 2, 1, 0, 4});
  const std::uint8_t* pixels = train.features_column().stored<std::uint8_t>();
  REQUIRE(pixels != nullptr);
  std::int64_t sum = 0;
  for (std::int64_t i = 0; i < 60000 * 784; ++i) sum += pixels[i];
  CHECK(static_cast<double>(sum) / (60000 * 784) == Approx(33.3184).epsilon(1e-6));
  double brightest = 0;
  for (const double value : test.sample<double>(0)) brightest = std::max(brightest, value);
  CHECK(brightest > 0.9);
  CHECK(brightest <= 1.0);
}

#endif
