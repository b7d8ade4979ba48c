// A program of someone who uses one header of nacre's.

#include <cstdlib>
#include <iostream>

#include <nacre/layers/dense.hpp>

int main() {
  const nacre::Dense dense(3);
  nacre::LayerBuilder builder;
  const nacre::Shape output = dense.build({4}, builder);
  std::cout << nacre::get_config(dense).to_string() << " makes " << output.to_string() << " of (4)\n";
  return output == nacre::Shape{3} && builder.weights().size() == 2 ? EXIT_SUCCESS : EXIT_FAILURE;
}
