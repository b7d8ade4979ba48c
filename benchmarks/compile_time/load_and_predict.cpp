// What a deployment compiles, for scripts/compile_time: loads a model and predicts. It is compiled there and never run.

#include <nacre/saving/saving.hpp>

#include <iostream>

using namespace nacre;

int main() {
  const Sequential model = load("mnist_cnn.safetensors", inference);
  const xt::xarray<float> image = xt::zeros<float>({1, 28, 28, 1});
  const xt::xarray<float> probabilities = model.predict(image);
  for (float probability : probabilities) std::cout << probability << '\n';
}
