// A denoising autoencoder: a network that takes pictures with noise and is trained to give them back without
// (Vincent et al., "Extracting and composing robust features with denoising autoencoders", ICML 2008).

#include "mnist_program.hpp"

using namespace nacre;

namespace {

/// The pictures with normal noise of that deviation, within 0 and 1.
xt::xarray<float> noisy(const xt::xarray<float>& pictures, double deviation, std::uint64_t stream) {
  const RandomStream random(1, Purpose::user, stream);
  xt::xarray<float> result = pictures;
  std::uint64_t element = 0;
  for (float& pixel : result) {
    const double value = static_cast<double>(pixel) + deviation * random.normal(element++);
    pixel = static_cast<float>(std::clamp(value, 0.0, 1.0));
  }
  return result;
}

}  // namespace

int main(int argc, char** argv) {
  const example::Defaults defaults{
      .name = "mnist_denoising", .about = "Trains a denoising autoencoder on MNIST", .epochs = 5, .batch_size = 64};
  return example::guarded(defaults.name, [&] {
    example::Run run(argc, argv, defaults);
    const xt::xarray<float> clean = run.train.features<float>(), clean_test = run.test.features<float>();
    const xt::xarray<float> test = noisy(clean_test, 0.5, 2);

    Sequential model{
        Input({28, 28, 1}),
        Conv2D(32, 3, {.padding = same, .activation = relu}),
        MaxPooling2D(2),
        Conv2D(32, 3, {.padding = same, .activation = relu}),
        UpSampling2D(2),
        Conv2D(32, 3, {.padding = same, .activation = relu}),
        Conv2D(1, 3, {.padding = same, .activation = "sigmoid"}),
    };
    model.summary();
    model.compile({.optimizer = Adam(), .loss = BinaryCrossentropy(), .metrics = {"mse"}});
    model.fit(noisy(clean, 0.5, 1), clean,
              {.epochs = run.epochs, .batch_size = run.batch_size, .validation_data = Dataset(test, clean_test)});

    // Three rows of eight: what goes in, what comes out, and what was there before the noise.
    const auto first = [](const xt::xarray<float>& pictures) { return Dataset(pictures).take(8); };
    const Dataset noisy_and_found = Dataset::concatenate(first(test), first(model.predict(test)));
    const Dataset rows = Dataset::concatenate(noisy_and_found, first(clean_test));
    run.draw("denoised.png", [&] { return reports::samples(rows, {.count = 24, .columns = 8, .scale = 3}); });
    run.say_results();
  });
}
