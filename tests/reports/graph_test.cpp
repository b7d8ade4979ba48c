#include <nacre/reports/graph.hpp>

#include <nacre/layers/layers.hpp>
#include <nacre/models/sequential.hpp>

#include "catch.hpp"

using namespace nacre;

TEST_CASE("a graph is drawn with each layer once and a line for each tensor that is read") {
  const auto x = Input({6}, {.name = "x"});
  const auto h = Dense(6, {.activation = relu, .name = "first <&>"})(x);
  const auto y = Dense(2, {.name = "last"})(Add()({Dense(6, {.name = "second"})(h), h, x}));
  const std::string svg = reports::graph(Model(x, y)).bytes();
  const auto count = [&](std::string_view part) {
    std::size_t found = 0;
    for (std::size_t at = svg.find(part); at != std::string::npos; at = svg.find(part, at + 1)) ++found;
    return found;
  };
  CHECK(count("class=\"track\"") == 5);
  CHECK(count("first &lt;&amp;&gt;") == 1);
  CHECK(count("(None, 2)") == 1);
  // x to first, first to second, second to add, add to last; first to add past one row, x to add past two.
  CHECK(count("<polyline") == 4 + 2 + 3);
  CHECK(count("<line") == 1 + 2);
  CHECK_THROWS_AS(reports::graph(Sequential{Dense(2)}), StateError);
}
