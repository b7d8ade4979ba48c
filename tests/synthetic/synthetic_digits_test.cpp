#include <nacre/core/thread_pool.hpp>
#include <nacre/synthetic/digit_strokes.hpp>
#include <nacre/synthetic/synthetic_digits.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>

#if __has_include(<catch2/catch_test_macros.hpp>)
#include <catch2/catch_test_macros.hpp>
#else
#include <catch2/catch.hpp>
#endif

using namespace nacre;

namespace {

using nacre::datasets::DigitImages;
using nacre::datasets::draw_digits;

constexpr std::size_t side = 28;
constexpr std::size_t pixels = side * side;

std::span<const std::uint8_t> image_of(const DigitImages& digits, std::size_t image) {
  return std::span(digits.pixels).subspan(image * pixels, pixels);
}

/// How many threads compute while it lives; afterwards the default number again.
struct Threads {
  explicit Threads(int threads) { nacre::set_num_threads(threads); }
  ~Threads() { nacre::set_num_threads(0); }
  Threads(const Threads&) = delete;
  Threads& operator=(const Threads&) = delete;
};

}  // namespace

TEST_CASE("draw_digits draws the same digits for the same seed only", "[datasets]") {
  const DigitImages first = draw_digits(200, 7);
  const DigitImages again = draw_digits(200, 7);
  const DigitImages other = draw_digits(200, 8);
  CHECK(first.pixels == again.pixels);
  CHECK(first.labels == again.labels);
  CHECK(first.pixels != other.pixels);
  CHECK(first.labels != other.labels);
}

TEST_CASE("draw_digits draws the same digits on any number of threads", "[datasets]") {
  DigitImages expected;
  {
    const Threads one(1);
    expected = draw_digits(333, 3);
  }
  for (const int threads : {2, 3, 8}) {
    const Threads some(threads);
    const DigitImages digits = draw_digits(333, 3);
    CHECK(digits.pixels == expected.pixels);
    CHECK(digits.labels == expected.labels);
  }
}

TEST_CASE("a drawn digit does not depend on how many are drawn", "[datasets]") {
  const DigitImages many = draw_digits(125, 11);
  const DigitImages few = draw_digits(17, 11);
  CHECK(std::equal(few.pixels.begin(), few.pixels.end(), many.pixels.begin()));
  CHECK(std::equal(few.labels.begin(), few.labels.end(), many.labels.begin()));
}

TEST_CASE("every ten drawn digits hold each digit once, in random order", "[datasets]") {
  const DigitImages digits = draw_digits(1000, 1);
  REQUIRE(digits.labels.size() == 1000);
  std::array<int, 10> first_of_ten{};
  for (std::size_t ten = 0; ten < 100; ++ten) {
    std::array<int, 10> seen{};
    for (std::size_t image = ten * 10; image < ten * 10 + 10; ++image) {
      REQUIRE(digits.labels[image] < 10);
      ++seen[digits.labels[image]];
    }
    CHECK(std::all_of(seen.begin(), seen.end(), [](int count) { return count == 1; }));
    ++first_of_ten[digits.labels[ten * 10]];
  }
  CHECK(std::all_of(first_of_ten.begin(), first_of_ten.end(), [](int count) { return count > 0 && count < 30; }));
}

TEST_CASE("drawn digits are laid out as those of MNIST", "[datasets]") {
  constexpr std::size_t count = 2000;
  const DigitImages digits = draw_digits(count, 5);
  REQUIRE(digits.pixels.size() == count * pixels);
  double total = 0;
  std::size_t off_centre = 0;
  for (std::size_t image = 0; image < count; ++image) {
    const auto drawn = image_of(digits, image);
    double ink = 0;
    double sum_x = 0;
    double sum_y = 0;
    std::size_t left = side, right = 0, top = side, bottom = 0;
    for (std::size_t row = 0; row < side; ++row) {
      for (std::size_t column = 0; column < side; ++column) {
        const double value = drawn[row * side + column];
        ink += value;
        sum_x += value * (static_cast<double>(column) + 0.5);
        sum_y += value * (static_cast<double>(row) + 0.5);
        if (value > 0) {
          left = std::min(left, column);
          right = std::max(right, column);
          top = std::min(top, row);
          bottom = std::max(bottom, row);
        }
      }
    }
    REQUIRE(ink > 10 * 255);   // a thin, short stroke at the least ...
    REQUIRE(ink < 300 * 255);  // ... and never most of the box.
    REQUIRE(right - left + 1 <= 20);
    REQUIRE(bottom - top + 1 <= 20);
    REQUIRE(std::max(right - left, bottom - top) + 1 >= 17);
    REQUIRE(std::abs(sum_x / ink - 14) < 3);
    REQUIRE(std::abs(sum_y / ink - 14) < 3);
    off_centre += std::max(std::abs(sum_x / ink - 14), std::abs(sum_y / ink - 14)) > 0.52;
    REQUIRE(*std::max_element(drawn.begin(), drawn.end()) > 120);
    total += ink;
  }
  CHECK(off_centre < count / 50);  // Only a box that would leave the image stops short of the centre.
  const double mean = total / static_cast<double>(count * pixels);
  CHECK(mean > 28);  // MNIST has 33.3.
  CHECK(mean < 40);
}

TEST_CASE("two drawings of the same digit differ", "[datasets]") {
  const DigitImages digits = draw_digits(40, 2);
  for (std::size_t one = 0; one < 40; ++one) {
    for (std::size_t other = 0; other < one; ++other) {
      CHECK_FALSE(std::ranges::equal(image_of(digits, one), image_of(digits, other)));
    }
  }
}

TEST_CASE("each digit has a form, and each form begins by putting the pen down", "[datasets]") {
  using namespace nacre::datasets::detail;
  REQUIRE(std::size(digit_forms) == 10);
  for (const auto& forms : digit_forms) {
    CHECK_FALSE(forms.empty());
    for (const Form& form : forms) {
      CHECK(form.share > 0);
      REQUIRE(form.size() >= 3);
      for (std::size_t example = 0; example < form.examples; ++example) {
        for (std::size_t knot = 0; knot < form.size(); ++knot) {
          CHECK(form.knots[example * form.size() + knot].pen == form.knots[knot].pen);
        }
      }
      CHECK(form.knots.front().pen == Pen::down);
      CHECK(form.knots.back().pen == Pen::glide);
    }
  }
}

TEST_CASE("draw_digits takes no image and refuses fewer", "[datasets]") {
  const DigitImages none = draw_digits(0, 1);
  CHECK(none.pixels.empty());
  CHECK(none.labels.empty());
  CHECK_THROWS_AS(draw_digits(-1, 1), nacre::ValueError);
}

TEST_CASE("synthetic digits are a data set like MNIST") {
  const Dataset data = datasets::synthetic_digits(40, 3);
  CHECK(data.size() == 40);
  CHECK(data.feature_shape() == Shape{28, 28, 1});
  CHECK(data.target_shape() == Shape{});
  CHECK(data.features_column().stored_type() == "uint8");
  const datasets::DigitImages images = datasets::draw_digits(40, 3);
  for (std::int64_t i = 0; i < 40; ++i) CHECK(data.label(i) == images.labels[static_cast<std::size_t>(i)]);
  const std::uint8_t* stored = data.features_column().stored<std::uint8_t>();
  REQUIRE(stored != nullptr);
  CHECK(std::vector<std::uint8_t>(stored, stored + 40 * 784) == images.pixels);
  CHECK(datasets::synthetic_digits(10, 3, {.one_hot = true}).target_shape() == Shape{10});
  CHECK(datasets::synthetic_digits(0, 3).empty());
  CHECK_THROWS_AS(datasets::synthetic_digits(-1, 3), ValueError);
}
