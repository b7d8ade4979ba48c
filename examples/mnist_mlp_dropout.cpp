// A wider network with batch normalization and dropout: one-hot labels, RMSprop, stopped when validation no longer
// improves.

#include "mnist_program.hpp"

using namespace nacre;

int main(int argc, char** argv) {
  const example::Defaults defaults{.name = "mnist_mlp_dropout",
                                   .about = "Trains an MLP with batch normalization and dropout on MNIST",
                                   .epochs = 50,
                                   .batch_size = 32,
                                   .one_hot = true};
  return example::guarded(defaults.name, [&] {
    example::Run run(argc, argv, defaults);

    Sequential model{
        Input({28, 28, 1}),   Flatten(),    Dense(256, {.activation = relu}),
        BatchNormalization(), Dropout(0.5), Dense(128, {.activation = relu}),
        BatchNormalization(), Dropout(0.5), Dense(10, {.activation = softmax}),
    };
    model.summary();
    // Once an epoch the weights become their running averages; chosen by the validation loss.
    model.compile(
        {.optimizer = RMSprop(1e-3, {.use_ema = true, .ema_momentum = 0.99, .ema_overwrite_frequency = run.steps(0.2)}),
         .loss = CategoricalCrossentropy(),
         .metrics = {Accuracy()}});

    const History history = run.fit(
        model, run.train,
        {.validation_split = 0.2, .callbacks = {EarlyStopping({.monitor = "val_loss", .patience = 3, .verbose = 1})}});
    const Evaluation score = model.evaluate(run.test);

    run.compare({{"test accuracy", score["accuracy"], "printed"}, {"test loss", score["loss"], "-"}});
    const auto sample = model.predict(run.test.take(1));
    std::printf("\nThe first test image is a %lld; probabilities:", static_cast<long long>(run.test.label(0)));
    for (std::size_t digit = 0; digit < 10; ++digit)
      std::printf(" %zu: %.3f", digit, static_cast<double>(sample(0, digit)));
    std::printf("\n");

    const Dataset shown = run.test.take(15);
    run.draw("samples.png", [&] { return reports::samples(run.train); });
    run.draw("learning_curves.svg", [&] { return reports::learning_curves(history); });
    run.draw("predictions.png", [&] { return reports::predictions(shown, reports::classify(model, shown)); });
    run.write(model, history, score, history.size() - 1);
  });
}
