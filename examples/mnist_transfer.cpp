// Transfer: a network that has learned the digits 0 to 4 learns 5 to 9 from a few images, on top of what its
// convolutions know; beside it one that starts from nothing.

#include "mnist_program.hpp"

using namespace nacre;

namespace {

/// The samples whose digit is from `first` to `first` + 4, at most so many, with labels that begin at 0.
Dataset digits(const Dataset& data, std::int64_t first, std::int64_t most) {
  List<std::int64_t> chosen;
  std::vector<std::int32_t> labels;
  for (std::int64_t i = 0; i < data.size() && static_cast<std::int64_t>(chosen.size()) < most; ++i) {
    const std::int64_t label = data.label(i) - first;
    if (label < 0 || label > 4) continue;
    chosen.push_back(i);
    labels.push_back(static_cast<std::int32_t>(label));
  }
  const Column images = data.select(chosen).compact().features_column();
  return {images, Column(std::move(labels), static_cast<std::int64_t>(chosen.size()), {})};
}

Sequential classifier() {
  return Sequential{Input({28, 28, 1}),
                    Conv2D(32, 3, {.activation = relu}),
                    MaxPooling2D(2),
                    Conv2D(64, 3, {.activation = relu}),
                    MaxPooling2D(2),
                    Flatten({.name = "features"}),
                    Dense(128, {.activation = relu}),
                    Dense(5, {.activation = softmax})};
}

}  // namespace

int main(int argc, char** argv) {
  const example::Defaults defaults{.name = "mnist_transfer",
                                   .about = "Learns the digits 5 to 9 on top of a network that knows 0 to 4",
                                   .epochs = 10,
                                   .batch_size = 32};
  return example::guarded(defaults.name, [&] {
    example::Run run(argc, argv, defaults);
    const CompileOptions<float> options{
        .optimizer = Adam(), .loss = SparseCategoricalCrossentropy(), .metrics = {Accuracy()}};
    Sequential base = classifier();
    base.compile(options);
    base.fit(digits(run.train, 0, run.train.size()), {.epochs = 2, .batch_size = 64});

    const Dataset few = digits(run.train, 5, 200);
    const Dataset test = digits(run.test, 5, run.test.size());
    base.set_trainable(false);
    const Sequential head{Dense(128, {.activation = relu}), Dense(5, {.activation = softmax})};
    Model transferred(base.inputs(), head(base.output_of("features")));
    Sequential fresh = classifier();
    List<reports::Series> curves;
    for (Model* model : {&transferred, static_cast<Model*>(&fresh)}) {
      model->compile(options);
      const bool is_fresh = model == &fresh;
      std::printf("\n%s\n", is_fresh ? "From nothing:" : "With the convolutions of 0 to 4, frozen:");
      const FitOptions fit{.epochs = run.epochs, .batch_size = run.batch_size, .verbose = 2, .validation_data = test};
      curves.push_back({is_fresh ? "from nothing" : "transferred", model->fit(few, fit)["val_accuracy"]});
    }
    run.draw("transfer.svg", [&] {
      return reports::chart(curves, {.title = "200 images of 5 to 9", .x_label = "epoch", .y_label = "test accuracy"});
    });
    run.say_results();
  });
}
