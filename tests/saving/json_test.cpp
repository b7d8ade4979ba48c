#include <nacre/saving/json.hpp>

#include <cmath>
#include <cstring>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "catch.hpp"

using namespace nacre;

namespace {

ConfigValue round_trip(const ConfigValue& value) { return from_json_text(to_json_text(value), "test"); }

double round_trip(double value) { return *round_trip(ConfigValue(value)).get_if<double>(); }

}  // namespace

TEST_CASE("a config is written as Keras writes it") {
  const Config config("Dense", {{"units", std::int64_t{10}},
                                {"activation", "softmax"},
                                {"use_bias", true},
                                {"limit", ConfigValue()},
                                {"kernel_initializer", Config("GlorotUniform", {})}});
  REQUIRE(to_json_text(config) ==
          R"({"class_name":"Dense","config":{"units":10,"activation":"softmax","use_bias":true,"limit":null,)"
          R"("kernel_initializer":{"class_name":"GlorotUniform","config":{}}}})");
}

TEST_CASE("every kind of value comes back from JSON as it was") {
  const Config inner("Inner", {{"text", "quotes \" and \\ and\nlines and \u00fc"}});
  const ConfigValue value = Config("Outer", {{"none", ConfigValue()},
                                             {"yes", true},
                                             {"least", std::numeric_limits<std::int64_t>::min()},
                                             {"most", std::numeric_limits<std::int64_t>::max()},
                                             {"whole", 2.0},
                                             {"empty", ConfigList()},
                                             {"list", ConfigList{std::int64_t{1}, 0.5, inner, ConfigList{false}}},
                                             {"object", Config("", {{"a", 0.1}, {"b", "c"}})}});
  REQUIRE(round_trip(value) == value);
}

TEST_CASE("doubles keep their bits in JSON") {
  for (double value :
       {0.1, 1.0 / 3, 1e-3, 1e300, -2.5e-310, 5e-324, 1.7976931348623157e308, 123456789012345680.0, -0.0, 1.0}) {
    const double again = round_trip(value);
    CAPTURE(value, again);
    REQUIRE(std::memcmp(&value, &again, sizeof value) == 0);
  }
  const double infinity = std::numeric_limits<double>::infinity();
  REQUIRE(round_trip(infinity) == infinity);
  REQUIRE(round_trip(-infinity) == -infinity);
  REQUIRE(std::isnan(round_trip(std::nan(""))));
}

TEST_CASE("JSON with members in another order is understood") {
  const ConfigValue value = from_json_text(R"( {"config": {"rate": 0.5}, "class_name": "Dropout"} )", "test");
  REQUIRE(value == ConfigValue(Config("Dropout", {{"rate", 0.5}})));
}

TEST_CASE("what is not JSON is a FormatError that names its source") {
  for (const char* wrong : {"", "{", "[1,]", "{\"a\":1,}", "nul", "1 2", "\"\xff\"", "{\"a\":1}x", "NaN", "'a'",
                            "{1:2}", "18446744073709551615", "1e999"}) {
    CAPTURE(wrong);
    REQUIRE_THROWS_AS(from_json_text(wrong, "model.safetensors"), FormatError);
    REQUIRE_THROWS_WITH(from_json_text(wrong, "model.safetensors"), StartsWith("model.safetensors: expected "));
  }
}

TEST_CASE("JSON may not name a member twice") {
  REQUIRE_THROWS_WITH(from_json_text(R"({"a":1,"b":2,"a":3})", "file"),
                      Equals("file: expected different names in an object, found \"a\" twice"));
  REQUIRE_NOTHROW(from_json_text(R"({"a":{"a":1},"b":{"a":1}})", "file"));
}

TEST_CASE("JSON may not nest without end") {
  const auto nested = [](std::size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); };
  REQUIRE_NOTHROW(from_json_text(nested(json_max_depth), "file"));
  REQUIRE_THROWS_AS(from_json_text(nested(json_max_depth + 1), "file"), FormatError);
  REQUIRE_THROWS_AS(from_json_text(std::string(1'000'000, '['), "file"), FormatError);
}

TEST_CASE("JSON may not have values without end") {
  std::string many = "[0";
  for (std::size_t i = 0; i < json_max_values; ++i) many += ",0";
  REQUIRE_THROWS_AS(from_json_text(many + "]", "file"), FormatError);
}

TEST_CASE("a message about JSON stays short, however long the text") {
  const std::string long_text(1'000'000, 'x');
  try {
    from_json_text("\"" + long_text, "file");
    FAIL("expected an error");
  } catch (const FormatError& error) {
    REQUIRE(std::string_view(error.what()).size() < 300);
  }
}

TEST_CASE("a text that is not UTF-8 cannot be written as JSON") {
  REQUIRE_THROWS_AS(to_json_text(ConfigValue("\xff")), ValueError);
}

TEST_CASE("a caller may set the limits of JSON") {
  REQUIRE_THROWS_AS(from_json_text("[[]]", "file", {.depth = 1}), FormatError);
  REQUIRE_NOTHROW(from_json_text("[[]]", "file", {.depth = 2}));
  REQUIRE_THROWS_WITH(from_json_text("[1,2,3]", "file", {.values = 3}), "file: expected at most 3 values, found more");
  REQUIRE_NOTHROW(from_json_text("[1,2,3]", "file", {.values = 4}));
}

TEST_CASE("texts are written as JSON has them") {
  REQUIRE(to_json_text(ConfigValue(std::string("\"\\/\b\f\n\r\t\x1b\x7f\0", 11))) ==
          "\"\\\"\\\\/\\b\\f\\n\\r\\t\\u001b\x7f\\u0000\"");
  for (const char* good : {"\u00fc", "\u20ac", "\U0001F600", "\xed\x9f\xbf", "\xf4\x8f\xbf\xbf", "\xc2\x80"}) {
    REQUIRE(to_json_text(ConfigValue(good)) == "\"" + std::string(good) + "\"");
    REQUIRE(round_trip(ConfigValue(good)) == ConfigValue(good));
  }
  // A byte that begins nothing, half a character, forms longer than needed, half a surrogate pair, beyond U+10FFFF.
  for (const char* bad : {"\x80", "\xc3", "\xc3(", "\xc0\x80", "\xe0\x80\x80", "\xf0\x80\x80\x80", "\xed\xa0\x80",
                          "\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\xe2\x82"}) {
    REQUIRE_THROWS_AS(to_json_text(ConfigValue(bad)), ValueError);
  }
}

TEST_CASE("doubles are written in few digits and stay doubles") {
  REQUIRE(to_json_text(ConfigValue(0.1)) == "0.1");
  REQUIRE(to_json_text(ConfigValue(2.0)) == "2.0");
  REQUIRE(to_json_text(ConfigValue(-0.0)) == "-0.0");
  REQUIRE(to_json_text(ConfigValue(1e-7)) == "1e-07");
  REQUIRE(to_json_text(ConfigValue(1e300)) == "1e+300");
}

TEST_CASE("members of an object are handed over one by one") {
  struct Names final : detail::JsonMembers {
    std::string names;
    std::vector<ConfigValue> values;
    void member(std::string name, ConfigValue value) override {
      names += name + ",";
      values.push_back(std::move(value));
    }
  };
  Names taken;
  detail::read_json_members(R"({"a":1,"b":{"c":[2,3]},"a":"d"})", "file", taken, {.values = 4});
  REQUIRE(taken.names == "a,b,a,");
  REQUIRE(taken.values[0] == ConfigValue(1));
  REQUIRE(taken.values[1] == ConfigValue(Config("", {{"c", ConfigList{2, 3}}})));
  REQUIRE(taken.values[2] == ConfigValue("d"));
  REQUIRE_THROWS_WITH(detail::read_json_members("[1]", "file", taken), "file: expected an object, found an array");
  REQUIRE_THROWS_AS(detail::read_json_members(R"({"a":[1,2,3,4]})", "file", taken, {.values = 4}), FormatError);
}
