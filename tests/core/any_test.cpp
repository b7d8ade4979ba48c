#include <nacre/core/any.hpp>
#include <nacre/core/registry.hpp>

#include <concepts>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "catch.hpp"

using namespace nacre;

namespace {

// A kind of value as floor 4 makes them: what its classes can do, and the holder that users see.
struct AnimalClass : HeldClass {
  int (*legs)(const void* animal) = nullptr;
  void (*lose_leg)(void* animal) = nullptr;
};

template <class V>
constexpr AnimalClass describe_animal() {
  AnimalClass table;
  detail::describe_class<V>(table);
  table.legs = [](const void* animal) { return static_cast<const V*>(animal)->legs; };
  table.lose_leg = [](void* animal) { --static_cast<V*>(animal)->legs; };
  return table;
}

template <class V>
inline constexpr AnimalClass animal_class = describe_animal<V>();

class AnyAnimal : public Any<AnimalClass> {
 public:
  template <class V>
  static constexpr const AnimalClass& class_of() {
    return animal_class<V>;
  }
  template <class V>
  requires(!std::derived_from<V, AnyValue>) AnyAnimal(V value) : Any(class_of<V>(), new V(std::move(value))) {}
  explicit AnyAnimal(AnyValue made) : Any(std::move(made)) {}
  int legs() const { return its_class().legs(held_); }
  void lose_leg() { its_class().lose_leg(held_); }
};

struct Dog {
  static constexpr std::string_view type_name = "Dog";
  int legs = 4;
  void fields(Fields& list) { list("legs", legs); }
};

struct Bird {
  static constexpr std::string_view type_name = "Bird";
  int legs = 2;
  void fields(Fields& list) { list("legs", legs); }
};

}  // namespace

TEST_CASE("a held value is reached through its class' table and by its type") {
  AnyAnimal animal = Dog();
  CHECK(animal.legs() == 4);
  CHECK(animal.class_name() == "Dog");
  CHECK(animal.to_string() == "Dog(legs=4)");
  REQUIRE(animal.get_if<Dog>() != nullptr);
  CHECK(animal.get_if<Bird>() == nullptr);
  animal.get_if<Dog>()->legs = 3;
  CHECK(animal.legs() == 3);
}

TEST_CASE("a held value is copied with its holder") {
  AnyAnimal first = Dog();
  AnyAnimal second = first;
  second.lose_leg();
  CHECK(first.legs() == 4);
  CHECK(second.legs() == 3);
  first = second;
  CHECK(first.legs() == 3);
  auto& same = first;
  first = same;
  CHECK(first.legs() == 3);
  const AnyAnimal third = std::move(second);
  CHECK(third.legs() == 3);
  first = Bird();
  CHECK(first.class_name() == "Bird");
}

TEST_CASE("held values are equal when class and fields are") {
  CHECK(AnyAnimal(Dog()) == AnyAnimal(Dog()));
  CHECK_FALSE(AnyAnimal(Dog()) == AnyAnimal(Dog{3}));
  CHECK_FALSE(AnyAnimal(Dog{2}) == AnyAnimal(Bird{2}));
}

TEST_CASE("the registry makes values by name") {
  using Animals = Registry<AnyAnimal>;
  Animals::add<Dog>();
  Animals::add<Dog>();
  const AnyAnimal dog = Animals::make(Config("Dog", {{"legs", std::int64_t{3}}}));
  CHECK(dog == AnyAnimal(Dog{3}));
  CHECK_THROWS_WITH(Animals::make(Config("Cat", {})), ContainsSubstring("no class \"Cat\" is registered"));
  CHECK_THROWS_AS(Animals::make(Config("Dog", {{"wings", std::int64_t{2}}})), ValueError);
}

TEST_CASE("several threads may register and make at once") {
  using Animals = Registry<AnyAnimal>;
  std::vector<int> legs(4);
  std::vector<std::thread> threads;
  for (std::size_t index = 0; index < legs.size(); ++index) {
    threads.emplace_back([&legs, index] {
      for (int round = 0; round < 100; ++round) {
        Animals::add<Dog>();
        Animals::add<Bird>();
        legs[index] += Animals::make(get_config(Bird())).legs();
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  CHECK(legs == std::vector<int>(4, 200));
}
