// Folders of pictures.

#include <nacre/pictures/image_folder.hpp>

#include <string>
#include <vector>

#include "catch.hpp"
#include "pictures/picture_files.hpp"

using namespace nacre;
using namespace nacre::testing;

#if defined(NACRE_HAVE_PNG)

namespace {

/// A grey picture that is `value` everywhere, but for its first column, which is 0.
Bytes grey(std::uint32_t height, std::uint32_t width, std::uint8_t value) {
  Bytes rows;
  for (std::uint32_t y = 0; y < height; ++y) {
    for (std::uint32_t x = 0; x < width; ++x) rows.push_back(x == 0 ? std::uint8_t{0} : value);
  }
  return png_bytes(height, width, rows);
}

}  // namespace

TEST_CASE("a folder of pictures has a class a folder, sorted, and pictures of one size") {
  const TemporaryFolder folder;
  folder.write("dogs/b.png", grey(4, 4, 100));
  folder.write("dogs/a.PNG", grey(2, 2, 50));
  folder.write("cats/deep/c.png", grey(2, 2, 200));
  folder.write("cats/notes.txt", Bytes{1, 2, 3});
  folder.write("cats/.hidden.png", Bytes{1, 2, 3});
  const auto [data, names, files] =
      datasets::image_folder(folder.path(), {.color_mode = "grayscale", .image_size = 2, .interpolation = "nearest"});
  CHECK(names == std::vector<std::string>{"cats", "dogs"});
  REQUIRE(data.size() == 3);
  CHECK(files[1].filename() == "a.PNG");
  CHECK(data.feature_shape() == Shape{2, 2, 1});
  CHECK(data.label(0) == 0);
  CHECK(data.label(2) == 1);
  CHECK(data.sample(0)(0, 0, 0) == 0);
  CHECK(data.sample(0)(1, 1, 0) == 200);
  CHECK(data.sample(1)(0, 1, 0) == 50);
  CHECK(data.sample(2)(1, 0, 0) == 100);  // the second column of four

  const Dataset coloured =
      datasets::image_folder(folder.path(), {.label_mode = "categorical", .image_size = {3, 2}}).data;
  CHECK(coloured.feature_shape() == Shape{3, 2, 3});
  CHECK(coloured.target(1)(1) == 1);
  CHECK(coloured.sample(0)(0, 1, 2) == 200);
  const Dataset some = datasets::image_folder(folder.path(), {.class_names = {"dogs"}, .image_size = 2}).data;
  CHECK(some.size() == 2);
  CHECK(some.label(0) == 0);
  CHECK_FALSE(datasets::image_folder(folder.path(), {.label_mode = "none", .image_size = 2}).data.has_targets());
}

TEST_CASE("pictures of a folder keep their aspect ratio where it is asked for, and transparent ones lie on black") {
  const TemporaryFolder folder;
  folder.write("a/wide.png", grey(2, 6, 90));
  const auto read = [&](datasets::ImageFolderOptions options) {
    options.color_mode = "grayscale";
    options.image_size = 2;
    return datasets::image_folder(folder.path(), options).data.sample(0);
  };
  CHECK(read({.crop_to_aspect_ratio = true})(0, 0, 0) == 90);  // the black column is cut off
  const auto padded = read({.interpolation = "nearest", .pad_to_aspect_ratio = true});
  CHECK(padded(0, 0, 0) == 0);  // above the picture
  folder.write("a/wide.png", png_bytes(1, 1, {200, 100, 50, 51}, {.colour_type = PNG_COLOR_TYPE_RGB_ALPHA}));
  const auto laid = datasets::image_folder(folder.path(), {.image_size = 1}).data.sample(0);
  CHECK(laid(0, 0, 0) == 40);
  CHECK(laid(0, 0, 2) == 10);
  const auto kept = datasets::image_folder(folder.path(), {.color_mode = "rgba", .image_size = 1}).data.sample(0);
  CHECK(kept(0, 0, 0) == 200);
  CHECK(kept(0, 0, 3) == 51);
}

TEST_CASE("folders without pictures, with broken ones or too many are refused") {
  const TemporaryFolder folder;
  CHECK_THROWS_WITH(datasets::image_folder(folder.path()),
                    folder.path().string() + ": expected PNG or JPEG files in a folder for each class, found none");
  CHECK_THROWS_AS(datasets::image_folder(folder.path() / "none"), FileError);
  folder.write("a/x.png", grey(2, 2, 1));
  CHECK_THROWS_AS(datasets::image_folder(folder.path(), {.class_names = {"b"}}), ValueError);
  CHECK_THROWS_AS(datasets::image_folder(folder.path(), {.color_mode = "cmyk"}), ValueError);
  CHECK_THROWS_AS(datasets::image_folder(folder.path(), {.image_size = 0}), ValueError);
  CHECK_THROWS_AS(datasets::image_folder(folder.path(), {.max_bytes = 1000}), FileError);
  CHECK_THROWS_AS(datasets::image_folder(folder.path(), {.read = {.max_pixels = 3}}), ValueError);
  folder.write("a/y.png", Bytes{1, 2, 3});
  CHECK_THROWS_AS(datasets::image_folder(folder.path()), FormatError);
}

#endif
