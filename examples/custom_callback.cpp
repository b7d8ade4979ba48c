// Your own callback: a plain struct with the events that it wants to hear of.

#include <cstdio>
#include <functional>

#include <nacre/nacre.hpp>

using namespace nacre;

/// Halves the learning rate after an epoch that did not lower the loss, and ends training when it has become too small.
struct HalveOnPlateau {
  double smallest_rate = 1e-3;
  double best = 1e300;
  int times = 0;

  void on_epoch_end(TrainingRun& run) {
    const double loss = run.logs["loss"];
    if (loss < best) {
      best = loss;
      return;
    }
    ++times;
    run.set_learning_rate(run.learning_rate() / 2);
    std::printf("epoch %lld: loss %.5f is no better than %.5f, learning rate is now %g\n",
                static_cast<long long>(run.epoch + 1), loss, best, run.learning_rate());
    if (run.learning_rate() < smallest_rate) run.stop();
  }
};

int main() {
  // Learn the sum of four noisy numbers, at a rate that is too high at first.
  const RandomStream random(7);
  auto x = xt::xarray<float>::from_shape({200, 4});
  for (std::size_t i = 0; i < x.size(); ++i) x.data()[i] = static_cast<float>(random.normal(i));
  auto y = xt::xarray<float>::from_shape({200, 1});
  for (std::size_t i = 0; i < 200; ++i) {
    y(i, 0) = x(i, 0) + x(i, 1) + x(i, 2) + x(i, 3) + 0.1f * static_cast<float>(random.normal(1000 + i));
  }
  Sequential model{Input({4}), Dense(1)};
  model.compile({.optimizer = SGD(0.3), .loss = MeanSquaredError()});

  // fit works on copies of callbacks; by reference you can ask your own afterwards.
  HalveOnPlateau halve;
  const History history =
      model.fit(x, y, {.epochs = 200, .batch_size = 10, .verbose = 0, .callbacks = {std::ref(halve)}});
  std::printf("stopped after %zu epochs and %d halvings with a loss of %.5f\n", history.size(), halve.times,
              halve.best);
  return 0;
}
