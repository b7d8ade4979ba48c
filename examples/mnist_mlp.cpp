// A small network on MNIST: 784-32-64-10, logits, sparse categorical cross-entropy, Adam, 10 epochs.

#include "mnist_program.hpp"

using namespace nacre;

int main(int argc, char** argv) {
  const example::Defaults defaults{
      .name = "mnist_mlp", .about = "Trains a 784-32-64-10 network on MNIST", .epochs = 10, .batch_size = 128};
  return example::guarded(defaults.name, [&] {
    example::Run run(argc, argv, defaults);

    // Pixels as one row of 784 features; a random tenth of the training images validates.
    auto [train, validation] = run.train.reshaped({784}).shuffled(run.seed).split(0.9);
    const Dataset test = run.test.reshaped({784});

    Sequential model{
        Input({784}),
        Dense(32, {.activation = relu, .name = "L1"}),
        Dense(64, {.activation = relu, .name = "L2"}),
        Dense(10, {.activation = linear, .name = "L3"}),
    };
    model.summary();
    model.compile({.optimizer = Adam(1e-3),
                   .loss = SparseCategoricalCrossentropy({.from_logits = true}),
                   .metrics = {Accuracy()}});

    const History history = run.fit(model, train, {.validation_data = validation});
    const Evaluation score = model.evaluate(test);

    const Logs& last = history.logs().back();
    run.compare({{"train accuracy", last["accuracy"], "0.9732"},
                 {"validation accuracy", last["val_accuracy"], "0.9668"},
                 {"train loss", last["loss"], "0.0889"},
                 {"validation loss", last["val_loss"], "0.1052"},
                 {"test accuracy", score["accuracy"], "-"},
                 {"test loss", score["loss"], "-"}});
    run.draw("samples.png", [&] { return reports::samples(run.train); });
    run.draw("learning_curves.svg", [&] { return reports::learning_curves(history); });
    run.write(model, history, score, history.size() - 1);
  });
}
