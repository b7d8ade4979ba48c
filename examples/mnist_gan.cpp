// A generative adversarial network: a generator draws digits, a discriminator tells them from real ones, and each
// learns from the other (Goodfellow et al., "Generative adversarial nets", NeurIPS 2014).

#include "mnist_program.hpp"

using namespace nacre;

namespace {

constexpr std::int64_t latent = 32;

/// Normal random numbers, (count, latent).
xt::xarray<float> noise(std::int64_t count, std::uint64_t step) {
  const RandomStream random(1, Purpose::user, 0, step);
  xt::xarray<float> values = xt::zeros<float>({count, latent});
  std::uint64_t element = 0;
  for (float& value : values) value = static_cast<float>(random.normal(element++));
  return values;
}

}  // namespace

int main(int argc, char** argv) {
  const example::Defaults defaults{
      .name = "mnist_gan", .about = "Trains a network that draws digits", .epochs = 20, .batch_size = 64};
  return example::guarded(defaults.name, [&] {
    example::Run run(argc, argv, defaults);
    Sequential generator{Input({latent}),      Dense(256, {.activation = activations::LeakyRelu{}}),
                         BatchNormalization(), Dense(512, {.activation = activations::LeakyRelu{}}),
                         BatchNormalization(), Dense(784, {.activation = "sigmoid"})};
    Sequential discriminator{Input({784}), Dense(256, {.activation = activations::LeakyRelu{}}),
                             Dropout(0.3), Dense(128, {.activation = activations::LeakyRelu{}}),
                             Dropout(0.3), Dense(1)};
    const Adam adam(2e-4, {.beta_1 = 0.5});
    discriminator.compile({.optimizer = adam, .loss = BinaryCrossentropy({.from_logits = true})});
    // The generator's targets are the discriminator's gradients by its drawings: their product has these gradients.
    generator.compile({.optimizer = adam, .loss = [](const SymbolicTensor& gradient, const SymbolicTensor& drawn) {
                         return ops::sum(gradient * drawn, -1);
                       }});

    const std::int64_t batch = run.batch_size, steps = run.train.size() / batch;
    const xt::xarray<float> fake = xt::zeros<float>({batch, std::int64_t{1}}),
                            real = xt::ones<float>({batch, std::int64_t{1}});
    for (std::int64_t epoch = 0; epoch < run.epochs; ++epoch) {
      const Dataset shuffled = run.train.shuffled(static_cast<std::uint64_t>(epoch));
      double sees = 0, draws = 0;
      for (std::int64_t step = 0; step < steps; ++step) {
        const xt::xarray<float> z = noise(batch, static_cast<std::uint64_t>(epoch * steps + step));
        const xt::xarray<float> drawn = generator.predict(z);
        const auto pictures = shuffled.slice(step * batch, (step + 1) * batch).reshaped({784}).features<float>();
        sees +=
            discriminator.train_on_batch(pictures, real)["loss"] + discriminator.train_on_batch(drawn, fake)["loss"];
        auto wish = discriminator.gradients(drawn, real, {.by_input = true});  // that drawings are taken for real
        draws += wish.loss;
        generator.train_on_batch(z, xt::xarray<float>(wish.input * static_cast<float>(batch)));
      }
      const auto count = static_cast<double>(steps);
      std::printf("Epoch %lld/%lld - discriminator: %.4f - generator: %.4f\n", static_cast<long long>(epoch + 1),
                  static_cast<long long>(run.epochs), sees / count, draws / count);
    }
    const Dataset drawn(generator.predict(noise(40, 1)));
    run.draw("drawn.png", [&] { return reports::samples(drawn, {.count = 40, .columns = 8, .scale = 3}); });
    run.say_results();
  });
}
