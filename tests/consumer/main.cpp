// A program of someone who uses nacre: trains a small network on the exclusive or.

#include <cstdlib>
#include <iostream>

#include <nacre/nacre.hpp>

using namespace nacre;

int main() {
  const xt::xarray<float> x = {{0, 0}, {0, 1}, {1, 0}, {1, 1}};
  const xt::xarray<float> y = {{1, 0}, {0, 1}, {0, 1}, {1, 0}};  // false or true

  Sequential model{
      Dense(16, {.activation = activations::tanh}),
      Dense(2, {.activation = softmax}),
  };
  model.compile({.optimizer = Adam(0.05), .loss = CategoricalCrossentropy()});
  model.fit(x, y, {.epochs = 200, .batch_size = 4, .verbose = 0});

  const xt::xarray<float> predicted = model.predict(x);
  for (std::size_t sample = 0; sample < 4; ++sample) {
    const bool is_true = predicted(sample, 1) > 0.5f;
    std::cout << x(sample, 0) << " xor " << x(sample, 1) << " = " << is_true << '\n';
    if (is_true != (x(sample, 0) != x(sample, 1))) return EXIT_FAILURE;
  }
}
