#include <nacre/core/list.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <random>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

#include "catch.hpp"

using namespace nacre;

namespace {

/// Counts how many there are, and throws when it is copied for the last time that is allowed.
struct Counted {
  static inline int alive = 0;
  static inline int copies_left = -1;
  int value;

  explicit Counted(int number) : value(number) { ++alive; }
  Counted(const Counted& other) : value(other.value) {
    if (copies_left == 0) throw std::runtime_error("no more copies");
    --copies_left;
    ++alive;
  }
  Counted(Counted&& other) noexcept : value(other.value) { ++alive; }
  Counted& operator=(const Counted&) = default;
  ~Counted() { --alive; }
};

template <class V>
V element(std::uint32_t number) {
  if constexpr (std::is_same_v<V, std::string>) {
    return std::string(number % 40, 'a') + std::to_string(number);
  } else {
    return static_cast<V>(number);
  }
}

}  // namespace

TEMPLATE_TEST_CASE("a list does what a vector does", "", int, std::string) {
  std::mt19937 random(7);
  List<TestType> list;
  std::vector<TestType> vector;
  for (int i = 0; i < 5000; ++i) {
    const auto value = element<TestType>(static_cast<std::uint32_t>(random() % 1000));
    const std::size_t at = vector.empty() ? 0 : random() % vector.size();
    const auto place = static_cast<std::ptrdiff_t>(at);
    switch (random() % 9) {
      case 0:
        list.push_back(value);
        vector.push_back(value);
        break;
      case 1:
        list.emplace_back(value);
        vector.emplace_back(value);
        break;
      case 2:
        list.insert(list.begin() + place, value);
        vector.insert(vector.begin() + place, value);
        break;
      case 3: {
        const std::vector<TestType> some{value, value, element<TestType>(3)};
        list.insert(list.begin() + place, some.begin(), some.end());
        vector.insert(vector.begin() + place, some.begin(), some.end());
        break;
      }
      case 4:
        list.resize(at + 2, value);
        vector.resize(at + 2, value);
        break;
      case 5:
        if (vector.empty()) break;
        CHECK(*list.erase(list.begin(), list.begin() + place) == vector[at]);
        vector.erase(vector.begin(), vector.begin() + place);
        break;
      case 6:
        if (vector.empty()) break;
        list.push_back(list[at]);
        vector.push_back(vector[at]);
        break;
      case 7:
        if (vector.empty()) break;
        list.pop_back();
        vector.pop_back();
        break;
      default:
        list = List<TestType>(list);
    }
    REQUIRE(std::vector<TestType>(list) == vector);
  }
  CHECK(list == List<TestType>(vector));
  CHECK_FALSE(list == List<TestType>{});
  CHECK(std::span<const TestType>(list).size() == list.size());
  CHECK_THROWS_AS(list.at(list.size()), std::out_of_range);
}

TEST_CASE("a list holds what can only be moved") {
  List<std::unique_ptr<int>> list;
  for (int i = 0; i < 10; ++i) list.push_back(std::make_unique<int>(i));
  list.erase(list.begin() + 3);
  List<std::unique_ptr<int>> moved = std::move(list);
  REQUIRE(moved.size() == 9);
  CHECK(*moved[3] == 4);
  CHECK(list.empty());
}

TEST_CASE("a list loses no element where a copy fails") {
  REQUIRE(Counted::alive == 0);
  {
    List<Counted> list;
    for (int i = 0; i < 20; ++i) list.emplace_back(i);
    for (int allowed = 0; allowed < 20; ++allowed) {
      Counted::copies_left = allowed;
      CHECK_THROWS_AS(List<Counted>(list), std::runtime_error);
      CHECK(Counted::alive == 20);
    }
    Counted::copies_left = 5;
    List<Counted> other;
    CHECK_THROWS_AS(other = list, std::runtime_error);
    CHECK(other.empty());
    CHECK(Counted::alive == 20);
    Counted::copies_left = -1;
    other = list;
    CHECK(Counted::alive == 40);
    CHECK(other.back().value == 19);
    other.clear();
    CHECK(Counted::alive == 20);
  }
  CHECK(Counted::alive == 0);
}
