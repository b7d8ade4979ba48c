// The convolutional network: two convolutions with pooling, a dense layer with dropout, Adam, accuracy and recall; the
// best epoch's weights are kept.

#include "mnist_program.hpp"

using namespace nacre;

int main(int argc, char** argv) {
  const example::Defaults defaults{.name = "mnist_cnn",
                                   .about = "Trains a convolutional network on MNIST",
                                   .epochs = 50,
                                   .batch_size = 128,
                                   .one_hot = true};
  return example::guarded(defaults.name, [&] {
    example::Run run(argc, argv, defaults);

    Sequential model{
        Input({28, 28, 1}),
        Conv2D(32, 3, {.activation = relu}),
        MaxPooling2D(2),
        Conv2D(64, 3, {.activation = relu}),
        MaxPooling2D(2),
        Flatten(),
        Dense(128, {.activation = relu}),
        Dropout(0.5),
        Dense(10, {.activation = softmax}),
    };
    model.summary();
    // Once an epoch the weights become their running averages, so that what is validated and kept is smoother than the
    // last step. Batch size, split, patience and these averages were chosen by the validation loss.
    model.compile(
        {.optimizer = Adam(1e-3, {.use_ema = true, .ema_momentum = 0.998, .ema_overwrite_frequency = run.steps(0.1)}),
         .loss = CategoricalCrossentropy(),
         .metrics = {Accuracy(), Recall()}});

    EarlyStopping stopping({.monitor = "val_loss", .patience = 5, .verbose = 1, .restore_best_weights = true});
    const History history = run.fit(model, run.train, {.validation_split = 0.1, .callbacks = {std::ref(stopping)}});
    const Evaluation score = model.evaluate(run.test);

    run.compare({{"test accuracy", score["accuracy"], "0.9915"},
                 {"test recall", score["recall"], "0.9911"},
                 {"test loss", score["loss"], "0.0262"}});

    const auto found = reports::classify(model, run.test);
    run.draw("samples.png", [&] { return reports::samples(run.train); });
    run.draw("learning_curves.svg", [&] { return reports::learning_curves(history); });
    run.draw("confusion_matrix.svg", [&] { return reports::confusion_matrix(found); });
    run.draw("confusion_matrix_normalized.svg", [&] { return reports::confusion_matrix(found, {.normalize = true}); });
    run.draw("predictions.png", [&] { return reports::predictions(run.test, found); });
    run.draw("misclassified.png", [&] { return reports::misclassified(run.test, found); });
    run.draw("class_scores.svg", [&] { return reports::class_scores(found); });
    run.write(model, history, score, static_cast<std::size_t>(stopping.best_epoch()));
  });
}
