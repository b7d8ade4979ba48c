#include <nacre/core/fields.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "catch.hpp"

using namespace nacre;

namespace {

struct Options {
  double rate = 0.5;
  std::optional<int> seed;
  void fields(Fields& list) {
    list("rate", rate);
    list("seed", seed);
  }
};

struct Thing {
  static constexpr std::string_view type_name = "Thing";
  int units = 3;
  std::string label = "a";
  bool on = true;
  Shape shape{2, 3};
  std::vector<double> weights{0.5, 1};
  Options options;
  void fields(Fields& list) {
    list("units", units);
    list("label", label);
    list("on", on);
    list("shape", shape);
    list("weights", weights);
    options.fields(list);
  }
};

struct Plain {
  static constexpr std::string_view type_name = "Plain";
};

struct Checked {
  static constexpr std::string_view type_name = "Checked";
  int size = 1;
  void fields(Fields& list) { list("size", size); }
  void validate() const { require<ValueError>(size > 0, "Checked: expected size > 0, got ", size); }
};

Config thing(std::vector<ConfigEntry> entries) { return {"Thing", std::move(entries)}; }

}  // namespace

TEST_CASE("a config holds name and fields, those of nested options next to its own") {
  const Config config = get_config(Thing());
  CHECK(config.class_name == "Thing");
  CHECK(config.to_string() ==
        "Thing(units=3, label=\"a\", on=true, shape=(2, 3), weights=(0.5, 1), rate=0.5, seed=none)");
  REQUIRE(config.find("units") != nullptr);
  CHECK(*config.find("units") == ConfigValue(std::int64_t{3}));
  CHECK(config.find("unit") == nullptr);
}

TEST_CASE("a class without fields has a config of its name alone") {
  CHECK(get_config(Plain()).to_string() == "Plain()");
  CHECK_NOTHROW(from_config<Plain>(Config("Plain", {})));
  CHECK_THROWS_WITH(from_config<Plain>(Config("Plain", {{"x", true}})), ContainsSubstring("no field \"x\""));
}

TEST_CASE("from_config gives back what get_config took") {
  Thing original;
  original.units = -4;
  original.label = "with \"quotes\"";
  original.on = false;
  original.shape = Shape{};
  original.weights = {};
  original.options = {.rate = 1e-7, .seed = 9};
  const Thing copy = from_config<Thing>(get_config(original));
  CHECK(get_config(copy) == get_config(original));
  CHECK(copy.options.seed == 9);
}

TEST_CASE("fields that a config does not name keep their values") {
  const Thing partly = from_config<Thing>(thing({{"units", std::int64_t{8}}}));
  CHECK(partly.units == 8);
  CHECK(partly.label == "a");
  CHECK(from_config<Thing>(thing({{"seed", std::int64_t{5}}})).options.seed == 5);
  CHECK(from_config<Thing>(thing({{"seed", ConfigValue()}})).options.seed == std::nullopt);
}

TEST_CASE("a whole number serves as a real one, not the other way round") {
  CHECK(from_config<Thing>(thing({{"rate", std::int64_t{2}}})).options.rate == 2.0);
  CHECK_THROWS_AS(from_config<Thing>(thing({{"units", 2.0}})), ValueError);
}

TEST_CASE("values that do not fit are refused by name") {
  CHECK_THROWS_WITH(from_config<Thing>(thing({{"units", "three"}})),
                    ContainsSubstring("Thing: units") && ContainsSubstring("a whole number"));
  CHECK_THROWS_WITH(from_config<Thing>(thing({{"units", std::int64_t{1} << 40}})), ContainsSubstring("in range"));
  CHECK_THROWS_WITH(from_config<Thing>(thing({{"on", std::int64_t{1}}})), ContainsSubstring("true or false"));
  CHECK_THROWS_WITH(from_config<Thing>(thing({{"label", true}})), ContainsSubstring("a text"));
  CHECK_THROWS_AS(from_config<Thing>(thing({{"shape", std::int64_t{3}}})), ValueError);
  CHECK_THROWS_AS(from_config<Thing>(thing({{"shape", ConfigList{std::int64_t{-3}}}})), ValueError);
  CHECK_THROWS_AS(from_config<Thing>(thing({{"weights", ConfigList{true}}})), ValueError);
  CHECK_THROWS_AS(from_config<Thing>(thing({{"seed", "x"}})), ValueError);
  CHECK_THROWS_WITH(from_config<Thing>(thing({{"colour", true}})), ContainsSubstring("no field \"colour\""));
}

TEST_CASE("an object that can check itself does so when it is made") {
  CHECK(from_config<Checked>(Config("Checked", {{"size", std::int64_t{2}}})).size == 2);
  CHECK_THROWS_AS(from_config<Checked>(Config("Checked", {{"size", std::int64_t{0}}})), ValueError);
}

TEST_CASE("configs are compared and copied deeply") {
  const Config inner("Inner", {{"x", 0.5}});
  const Config outer("Outer", {{"inner", inner}, {"list", ConfigList{inner, std::int64_t{1}, "text"}}});
  Config copy = outer;
  CHECK(copy == outer);
  CHECK(copy.to_string() == "Outer(inner=Inner(x=0.5), list=(Inner(x=0.5), 1, \"text\"))");
  copy.entries[0].value = std::int64_t{1};
  CHECK_FALSE(copy == outer);
  CHECK_FALSE(Config("A", {}) == Config("B", {}));
}

TEST_CASE("a text stays a text and does not become a truth value") {
  const ConfigValue value = "true";
  CHECK(value.get_if<std::string>() != nullptr);
}
