// The quickest start: 784-128-64-10 with softmax, sparse labels, Adam; then it predicts digits it has not seen.

#include "mnist_program.hpp"

using namespace nacre;

int main(int argc, char** argv) {
  const example::Defaults defaults{.name = "mnist_quickstart",
                                   .about = "Trains a 784-128-64-10 network on MNIST and predicts new digits",
                                   .epochs = 20,
                                   .batch_size = 128};
  return example::guarded(defaults.name, [&] {
    example::Run run(argc, argv, defaults);

    Sequential model{
        Input({28, 28, 1}),
        Flatten(),
        Dense(128, {.activation = relu}),
        Dense(64, {.activation = relu}),
        Dense(10, {.activation = softmax}),
    };
    model.summary();
    model.compile({.optimizer = Adam(), .loss = SparseCategoricalCrossentropy(), .metrics = {Accuracy()}});

    EarlyStopping stopping({.monitor = "val_accuracy", .patience = 5, .restore_best_weights = true});
    const History history = run.fit(model, run.train, {.validation_split = 0.1, .callbacks = {std::ref(stopping)}});
    const Evaluation score = model.evaluate(run.test);
    run.compare({{"test accuracy", score["accuracy"], "about 0.98"}, {"test loss", score["loss"], "-"}});

    std::printf("\nPredictions for new digits:\n");
    const Dataset unseen = run.test.take(10);
    const auto probabilities = model.predict(unseen);
    for (std::int64_t i = 0; i < unseen.size(); ++i) {
      const float* row = probabilities.data() + 10 * i;
      const auto digit = std::max_element(row, row + 10) - row;
      std::printf("  image %lld: predicted %lld (%.1f %%), truth %lld\n", static_cast<long long>(i),
                  static_cast<long long>(digit), 100 * static_cast<double>(row[digit]),
                  static_cast<long long>(unseen.label(i)));
    }
    run.draw("samples.png", [&] { return reports::samples(run.train); });
    run.draw("predictions.png", [&] { return reports::predictions(unseen, reports::classify(model, unseen)); });
    run.write(model, history, score, static_cast<std::size_t>(stopping.best_epoch()));
  });
}
