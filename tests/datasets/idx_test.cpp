#include "catch.hpp"

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include <nacre/core/error.hpp>
#include <nacre/core/random.hpp>
#include <nacre/data/dataset.hpp>
#include <nacre/datasets/idx.hpp>

#include "datasets/idx_files.hpp"

using namespace nacre;
using namespace nacre::testing;

namespace {

const Bytes three_images = image_bytes(3, 2, 4);
const Bytes three_labels = idx_bytes({3}, {2, 0, 1});

/// What reading these two files says: the message of its FormatError, or "nothing".
std::string format_error(const Bytes& images, const Bytes& labels, const datasets::IdxOptions& options = {}) {
  const TemporaryFolder folder;
  const auto image_path = folder.write("images", images);
  const auto label_path = folder.write("labels", labels);
  return message_of<FormatError>([&] { datasets::idx(image_path, label_path, options); });
}

std::string image_error(const Bytes& images, const datasets::IdxOptions& options = {}) {
  const std::string message = format_error(images, three_labels, options);
  CHECK_THAT(message, ContainsSubstring("images: expected"));
  return message;
}

std::string label_error(const Bytes& labels, const datasets::IdxOptions& options = {}) {
  const std::string message = format_error(three_images, labels, options);
  CHECK_THAT(message, ContainsSubstring("labels: expected"));
  return message;
}

Bytes changed(Bytes bytes, std::size_t position, std::uint8_t value) {
  bytes[position] = value;
  return bytes;
}

Bytes joined(Bytes first, const Bytes& second) {
  first.insert(first.end(), second.begin(), second.end());
  return first;
}

void check_three(const Dataset& data) {
  CHECK(data.size() == 3);
  CHECK(data.feature_shape() == Shape{2, 4, 1});
  REQUIRE(data.features_column().stored<std::uint8_t>() != nullptr);
  for (std::int64_t i = 0; i < 24; ++i) CHECK(data.features_column().stored<std::uint8_t>()[i] == i);
  CHECK(data.sample<double>(2)(1, 3, 0) == Approx(23.0 / 255));
  CHECK(data.label(0) == 2);
  CHECK(data.label(2) == 1);
}

/// Reads what may be broken: a FormatError or a data set, nothing else. True for a data set.
bool reads(const std::filesystem::path& images, const std::filesystem::path& labels) {
  try {
    const Dataset data = datasets::idx(images, labels, {.one_hot = true});
    data.features<float>();
    data.targets<float>();
    return true;
  } catch (const FormatError&) {
    return false;
  }
}

}  // namespace

TEST_CASE("a pair of IDX files is a data set of bytes") {
  const TemporaryFolder folder;
  const auto images = folder.write("images", three_images);
  const auto labels = folder.write("labels", three_labels);
  const Dataset data = datasets::idx(images, labels);
  check_three(data);
  CHECK(data.target_shape() == Shape{});

  const Dataset one_hot = datasets::idx(images, labels, {.one_hot = true});
  check_three(one_hot);
  CHECK(one_hot.target_shape() == Shape{3});
  CHECK(datasets::idx(images, labels, {.one_hot = true, .classes = 7}).target_shape() == Shape{7});
  CHECK(datasets::idx(images, labels, {.scale = 2}).sample<double>(0)(0, 1, 0) == 2);
}

TEST_CASE("missing files and folders are told from broken ones") {
  const TemporaryFolder folder;
  const auto labels = folder.write("labels", three_labels);
  const auto missing = [&] { datasets::idx(folder.path() / "none", labels); };
  CHECK_THAT(message_of<FileError>(missing), EndsWith("none: no such file"));
  const auto directory = [&] { datasets::idx(folder.path(), labels); };
  CHECK_THAT(message_of<FileError>(directory), ContainsSubstring("expected a file"));
  const auto negative = [&] { datasets::idx(labels, labels, {.classes = -1}); };
  CHECK_THAT(message_of<ValueError>(negative), ContainsSubstring("got -1"));
}

TEST_CASE("a wrong magic number is named with the right one") {
  CHECK_THAT(image_error(changed(three_images, 0, 0x7f)),
             ContainsSubstring("00 00 08 03 (IDX, unsigned bytes, 3 dimensions), found 7f 00 08 03"));
  CHECK_THAT(image_error(three_labels), EndsWith("found 00 00 08 01 (IDX, unsigned bytes, 1 dimension)"));
  CHECK_THAT(image_error(changed(three_images, 2, 0x0d)), EndsWith("00 00 0d 03 (IDX, float32, 3 dimensions)"));
  CHECK_THAT(image_error(changed(three_images, 2, 0x77)), EndsWith("found 00 00 77 03"));
  CHECK_THAT(image_error(changed(three_images, 3, 255)), EndsWith("(IDX, unsigned bytes, 255 dimensions)"));
  CHECK_THAT(label_error(three_images), EndsWith("found 00 00 08 03 (IDX, unsigned bytes, 3 dimensions)"));
}

TEST_CASE("files that are too short or too long say by how much") {
  CHECK_THAT(image_error({}), EndsWith("found only 0 bytes"));
  CHECK_THAT(image_error({0, 0, 8}), EndsWith("found only 3 bytes"));
  CHECK_THAT(image_error({0, 0, 8, 3, 0}), EndsWith("expected a header of 16 bytes, found 5"));
  CHECK_THAT(image_error(Bytes(three_images.begin(), three_images.end() - 1)),
             EndsWith("expected 16 + 24 bytes for sizes (3, 2, 4), found 39"));
  CHECK_THAT(image_error(joined(three_images, {0})), EndsWith("found 41"));
  CHECK_THAT(label_error(joined(three_labels, {0})), EndsWith("8 + 3 bytes for sizes (3,), found 12"));
}

TEST_CASE("sizes in a header are not trusted") {
  CHECK_THAT(image_error(idx_bytes({3, 0, 4}, {})), EndsWith("expected sizes of 1 or more, found (3, 0, 4)"));
  CHECK_THAT(image_error(idx_bytes({0, 2, 4}, {})), EndsWith("found (0, 2, 4)"));
  CHECK_THAT(image_error(idx_bytes({0xffffffff, 0xffffffff, 0xffffffff}, {})),
             ContainsSubstring("at most 1073741824 bytes, found sizes (4294967295, 4294967295"));
  CHECK_THAT(image_error(idx_bytes({0x7fff, 0x7fff, 1}, {1, 2})), EndsWith("found 18"));
  CHECK_THAT(image_error(three_images, {.max_bytes = 23}), ContainsSubstring("at most 23 bytes"));
  CHECK_THAT(image_error(three_images, {.max_bytes = -1}), ContainsSubstring("at most -1 bytes"));
  CHECK(format_error(three_images, three_labels, {.max_bytes = 24}) == "nothing");
}

TEST_CASE("labels have to be as many as images and in range") {
  CHECK_THAT(label_error(idx_bytes({2}, {0, 1})), ContainsSubstring("expected 3 labels, one for each image of"));
  CHECK_THAT(label_error(idx_bytes({2}, {0, 1})), EndsWith("found 2"));
  CHECK_THAT(label_error(three_labels, {.classes = 2}),
             EndsWith("expected labels from 0 to 1, found 2 at label 0 (from 0)"));
  CHECK(format_error(three_images, idx_bytes({3}, {255, 0, 0}), {.one_hot = true}) == "nothing");
}

TEST_CASE("a broken plain file is a FormatError or another valid file, never more") {
  const TemporaryFolder folder;
  const auto labels = folder.write("labels", three_labels);
  for (std::size_t length = 0; length < three_images.size(); ++length) {
    const Bytes part(three_images.begin(), three_images.begin() + static_cast<std::ptrdiff_t>(length));
    CHECK_FALSE(reads(folder.write("images", part), labels));
  }
  for (std::size_t position = 0; position < 16; ++position) {
    for (int value = 0; value < 256; ++value) {
      const Bytes broken = changed(three_images, position, static_cast<std::uint8_t>(value));
      CHECK(reads(folder.write("images", broken), labels) == (broken == three_images));
    }
  }
}

#if defined(NACRE_HAVE_ZLIB)

TEST_CASE("gzipped files are known by their content") {
  const TemporaryFolder folder;
  const auto images = folder.write("images-by-no-particular-name", gzipped(three_images));
  const auto labels = folder.write("labels", three_labels);
  check_three(datasets::idx(images, labels));
  check_three(datasets::idx(folder.write("images", three_images), folder.write("labels.gz", gzipped(three_labels))));
}

TEST_CASE("a gzipped file may be of several members, as gzip -c a b makes it") {
  const TemporaryFolder folder;
  const auto labels = folder.write("labels", three_labels);
  for (std::size_t cut : {1u, 4u, 16u, 20u, 39u}) {
    const auto middle = three_images.begin() + static_cast<std::ptrdiff_t>(cut);
    const Bytes packed =
        joined(gzipped(Bytes(three_images.begin(), middle)), gzipped(Bytes(middle, three_images.end())));
    check_three(datasets::idx(folder.write("images", packed), labels));
  }
  const Bytes with_empty = joined(joined(gzipped({}), gzipped(three_images)), gzipped({}));
  check_three(datasets::idx(folder.write("images", with_empty), labels));
}

TEST_CASE("a large gzipped file is read in growing pieces") {
  const Bytes images = image_bytes(3, 1000, 1234);
  const TemporaryFolder folder;
  const Dataset data =
      datasets::idx(folder.write("images", gzipped(images)), folder.write("labels", gzipped(three_labels)));
  const std::uint8_t* pixels = data.features_column().stored<std::uint8_t>();
  REQUIRE(pixels != nullptr);
  CHECK(Bytes(pixels, pixels + 3 * 1000 * 1234) == Bytes(images.begin() + 16, images.end()));
}

TEST_CASE("a broken gzip stream says what is broken") {
  const Bytes packed = gzipped(three_images);
  const std::size_t size = packed.size();
  CHECK_THAT(image_error(Bytes(packed.begin(), packed.end() - 1)), ContainsSubstring("found one that is cut off"));
  CHECK_THAT(image_error({0x1f, 0x8b}), ContainsSubstring("found one that is cut off"));
  CHECK_THAT(image_error(changed(packed, 2, 1)), EndsWith("found a broken one: unknown compression method"));
  CHECK_THAT(image_error(changed(packed, size - 8, static_cast<std::uint8_t>(packed[size - 8] + 1))),
             EndsWith("found a broken one: incorrect data check"));
  CHECK_THAT(image_error(changed(packed, size - 1, 1)), EndsWith("incorrect length check"));
  for (const Bytes& more : {Bytes{0}, Bytes{0x1f}, Bytes{'t', 'r', 'a', 's', 'h'}}) {
    CHECK_THAT(image_error(joined(packed, more)),
               EndsWith("expected nothing after the gzip stream, found data that is no whole gzip stream"));
  }
}

TEST_CASE("the sizes in a gzipped file's header are not trusted either") {
  CHECK_THAT(image_error(gzipped(Bytes(three_images.begin(), three_images.end() - 1))),
             EndsWith("expected 24 bytes for sizes (3, 2, 4), found only 23"));
  CHECK_THAT(image_error(gzipped(joined(three_images, {0}))),
             EndsWith("expected 24 bytes for sizes (3, 2, 4), found more"));
  CHECK_THAT(image_error(gzipped({0, 0, 8})), EndsWith("found only 3 bytes"));
  CHECK_THAT(image_error(gzipped(idx_bytes({3, 10, 10}, {1, 2}))), EndsWith("found only 2"));
  // Four gigabytes announced, two bytes there: refused before any memory is taken, as no gzipped file is that dense.
  CHECK_THAT(image_error(gzipped(idx_bytes({3, 0xffff, 0x5555}, {1, 2})), {.max_bytes = std::int64_t{1} << 40}),
             EndsWith("bytes, which cannot hold as many"));
  CHECK_THAT(image_error(gzipped(idx_bytes({3, 0xffff, 0x5555}, {1, 2}))),
             EndsWith("raise max_bytes if this is meant"));
  // Ten bytes announced, 64 megabytes there.
  Bytes bomb = idx_bytes({3, 1, 4}, {});
  bomb.resize(std::size_t{64} << 20);
  CHECK_THAT(image_error(gzipped(bomb)), EndsWith("expected 12 bytes for sizes (3, 1, 4), found more"));
}

TEST_CASE("a broken gzipped file is a FormatError or another valid file, never more") {
  const TemporaryFolder folder;
  const auto labels = folder.write("labels", three_labels);
  const Bytes packed = gzipped(three_images);
  for (std::size_t length = 0; length < packed.size(); ++length) {
    const Bytes part(packed.begin(), packed.begin() + static_cast<std::ptrdiff_t>(length));
    CHECK_FALSE(reads(folder.write("images", part), labels));
  }
  const RandomStream random(1);
  for (std::uint64_t round = 0; round < 3000; ++round) {
    Bytes broken = packed;
    for (std::uint64_t flip = 0; flip <= round % 3; ++flip) {
      const std::uint64_t bit = random.below(8 * broken.size(), 4 * round + flip);
      broken[bit / 8] = static_cast<std::uint8_t>(broken[bit / 8] ^ (1u << bit % 8));
    }
    const auto images = folder.write("images", broken);
    // Some bits of the header (a time, a system) may be anything; whatever is read has to be what was packed.
    if (reads(images, labels)) check_three(datasets::idx(images, labels));
  }
}

#else

TEST_CASE("a gzipped file without zlib says how to read it") {
  CHECK_THAT(image_error({0x1f, 0x8b, 8}), ContainsSubstring("built without zlib; build with -DNACRE_WITH_ZLIB=ON"));
}

#endif
