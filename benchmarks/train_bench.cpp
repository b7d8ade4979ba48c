// Whole steps of a network: training, inference in batches, or the latency of one prediction.
// train_bench --network M1|M2|M3|C1|R1|L1|G1|T1|S1|D1 --batch N --threads N --mode train|infer|latency --seconds S
// --json FILE With --variant bar it trains under the progress bar, to see what that costs on a terminal.

#include <nacre/kernels/isa.hpp>
#include <nacre/nacre.hpp>

#include "convolutional_network.hpp"
#include "residual_network.hpp"
#include "sequence_networks.hpp"
#include "whole_steps.hpp"

namespace {

using namespace nacre;

Model layers_of(const bench::StepOptions& options) {
  if (options.network == "R1") return testing::residual_network();
  if (options.network == "L1") return bench::recurrent_network<LSTM>();
  if (options.network == "G1") return bench::recurrent_network<GRU>();
  if (options.network == "T1") return bench::transformer();
  if (options.network == "S1") return bench::separable_network();
  if (options.network == "D1") return bench::signal_network();
  if (options.network == "M1") {
    return Sequential{Flatten(), Dense(32, {.activation = relu}), Dense(64, {.activation = relu}), Dense(10)};
  }
  if (options.network == "M2") {
    return Sequential{Flatten(),    Dense(256, {.activation = relu}),  BatchNormalization(),
                      Dropout(0.5), Dense(128, {.activation = relu}),  BatchNormalization(),
                      Dropout(0.5), Dense(10, {.activation = softmax})};
  }
  if (options.network == "M3") {
    return Sequential{Flatten(), Dense(options.width, {.activation = relu}), Dense(options.width, {.activation = relu}),
                      Dense(10, {.activation = softmax})};
  }
  return testing::convolutional_network();
}

Model make(const bench::StepOptions& options) {
  Model model = layers_of(options);
  if (!model.built()) model.build({28, 28, 1});
  AnyOptimizer<float> optimizer = Adam();
  if (options.network == "M2") optimizer = RMSprop();
  model.compile(
      {.optimizer = optimizer, .loss = SparseCategoricalCrossentropy({.from_logits = options.network == "M1"})});
  return model;
}

std::vector<double> train(Model& model, const Dataset& data, const bench::StepOptions& options) {
  bench::StepCounter counter(options);
  const auto on_batch = [&](TrainingRun& run) {
    if (counter.step_ended(std::min(options.batch, run.samples - run.step * options.batch))) run.stop();
  };
  model.fit(data, {.epochs = 1 << 20,
                   .batch_size = options.batch,
                   .verbose = options.variant == "bar" ? 1 : 0,
                   .callbacks = {LambdaCallback({.on_train_batch_end = on_batch})}});
  return counter.rates();
}

std::vector<double> predict(const Model& model, const Dataset& data, const bench::StepOptions& options) {
  const PredictOptions settings{.batch_size = options.batch};
  if (options.network == "T1") {  // whose tokens stay integers
    const Dataset tokens = data.take(options.batch);
    return bench::time_calls(options, [&] { model.predict(tokens, settings); });
  }
  const auto x = data.take(options.batch).features<float>();
  return bench::time_calls(options, [&] { model.predict(x, settings); });
}

}  // namespace

int main(int argc, char** argv) {
  bench::StepOptions options;
  int status = 0;
  if (!bench::parse(argc, argv, "train_bench", {"default", "bar"}, options, status)) return status;
  try {
    set_num_threads(options.threads);
    const auto data = bench::read_data(options);
    Model model = make(options);
    const std::vector<double> repeats =
        options.trains() ? train(model, data.train, options) : predict(model, data.test, options);
    const std::string library = text("nacre ", version, " (", kernels::name(kernels::isa()), ")");
    bench::report(options, num_threads(), library, data.name, repeats);
    return 0;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "train_bench: %s\n", error.what());
    return 1;
  }
}
