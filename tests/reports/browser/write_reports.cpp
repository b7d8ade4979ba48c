// Writes pages for the browser test into a folder: write_reports <folder>. For each kind of model there is a
// <kind>.html, and where the page holds the model a <kind>.json with the first test samples, as the network takes them,
// and what the library makes of them.

#include <cstdio>
#include <exception>
#include <filesystem>
#include <fstream>
#include <limits>
#include <string>

#include <nlohmann/json.hpp>

#include <nacre/nacre.hpp>
#include <nacre/reports/classification.hpp>
#include <nacre/reports/html.hpp>
#include <nacre/synthetic/mnist_or_synthetic.hpp>

using namespace nacre;

namespace {

/// How a page was made.
struct Written {
  std::filesystem::path folder;
  std::string kind;
  std::string data_name;
  bool synthetic;
};

void write_page(const Written& page, const Sequential& model, const History& history, const Dataset& train,
                const Dataset& test) {
  reports::html(model, history, train, test,
                {.title = page.kind, .data_name = page.data_name, .synthetic = page.synthetic, .batch_size = 64})
      .save(page.folder / (page.kind + ".html"));
}

void write_expected(const Written& page, const Sequential& model, const Dataset& test) {
  const Dataset first = test.take(100);
  const reports::Classification found = reports::classify(model, first);
  nlohmann::json samples = nlohmann::json::array();
  for (std::int64_t i = 0; i < first.size(); ++i) {
    const xt::xarray<float> features = first.sample(i);
    std::vector<double> probabilities;
    for (std::int64_t label = 0; label < found.classes(); ++label) probabilities.push_back(found.probability(i, label));
    samples.push_back({{"features", std::vector<float>(features.begin(), features.end())},
                       {"label", first.label(i)},
                       {"probabilities", probabilities}});
  }
  std::ofstream(page.folder / (page.kind + ".json")) << samples;
}

/// Trains, and writes the page of a model that the page computes itself.
void write(const Written& page, Sequential& model, const Dataset& train, const Dataset& test, FitOptions options) {
  options.verbose = 0;
  const History history = model.fit(train, std::move(options));
  write_page(page, model, history, train, test);
  write_expected(page, model, test);
}

void write_convolutional(const Written& page, const Dataset& train, const Dataset& test) {
  Sequential model{Input({28, 28, 1}),
                   Conv2D(16, 3, {.activation = relu}),
                   MaxPooling2D(2),
                   Conv2D(32, 3, {.activation = relu}),
                   MaxPooling2D(2),
                   Flatten(),
                   Dense(64, {.activation = relu}),
                   Dropout(0.3),
                   Dense(10, {.activation = softmax})};
  model.compile({.optimizer = Adam(2e-3),
                 .loss = SparseCategoricalCrossentropy(),
                 .metrics = {Accuracy(), Recall(), Precision()}});
  write(page, model, train, test, {.epochs = 4, .batch_size = 64, .validation_split = 0.1});
}

/// Rows of 784 features, batch normalization and dropout, logits, no validation.
void write_dense(const Written& page, const Dataset& train, const Dataset& test) {
  Sequential model{Input({784}), Dense(48, {.activation = relu}), BatchNormalization(), Dropout(0.2), Dense(10)};
  model.compile({.optimizer = Adam(2e-3), .loss = SparseCategoricalCrossentropy({.from_logits = true})});
  write(page, model, train.reshaped({784}), test.reshaped({784}), {.epochs = 2, .batch_size = 64});
}

/// Every layer that the library has, with the options that the other models leave alone.
void write_every_layer(const Written& page, const Dataset& train, const Dataset& test) {
  Sequential model{Input({28, 28}),
                   Reshape({28, -1, 1}),
                   Rescaling(2, -1),
                   Conv2D(8, {3, 5}, {.strides = {2, 1}, .padding = "same", .activation = "tanh"}),
                   BatchNormalization({.axis = 1}),
                   Conv2D(8, 3, {.padding = "same", .dilation_rate = {2, 3}, .groups = 2, .activation = sigmoid}),
                   BatchNormalization({.center = false, .scale = false}),
                   ReLU({.max_value = 2, .negative_slope = 0.1, .threshold = 0.2}),
                   AveragePooling2D(3, {.strides = 2, .padding = "same"}),
                   Conv2D(16, 2, {.use_bias = false}),
                   sigmoid,
                   MaxPooling2D({2, 3}, {.strides = 1, .padding = "same"}),
                   Softmax({.axis = 2}),
                   Dense(12, {.activation = relu}),
                   GlobalMaxPooling2D({.keepdims = true}),
                   Dense(24, {.activation = softmax}),
                   GlobalAveragePooling2D(),
                   Dropout(0.1),
                   Flatten(),
                   Dense(10),
                   ReLU({.max_value = std::numeric_limits<double>::infinity()}),
                   softmax};
  model.compile({.optimizer = Adam(1e-2), .loss = SparseCategoricalCrossentropy(), .metrics = {Accuracy()}});
  // So many squashing layers would answer alike to everything.
  for (const std::string& name : model.weight_names()) {
    const float factor = name.find("dense") == 0 ? 40.0F : name.find("/kernel") != std::string::npos ? 6.0F : 1.0F;
    model.weight(name) = factor * xt::xarray<float>(model.weight(name));
  }
  write(page, model, train.reshaped({28, 28}), test.reshaped({28, 28}), {.epochs = 1, .batch_size = 64});
}

/// Pixels around 0, as many standardize MNIST's, and a page without pictures.
void write_standardized(const Written& page, const Dataset& train, const Dataset& test) {
  const auto standardized = [](const Dataset& data) { return data.with_scale(1 / 0.3081, -0.1307 / 0.3081); };
  Sequential model{Input({28, 28, 1}), Conv2D(8, 5, {.strides = 2, .activation = relu}), Flatten(),
                   Dense(64, {.activation = relu}), Dense(10, {.activation = softmax})};
  model.compile({.optimizer = Adam(2e-3), .loss = SparseCategoricalCrossentropy(), .metrics = {Accuracy()}});
  const History history =
      model.fit(standardized(train), {.epochs = 3, .batch_size = 64, .verbose = 0, .validation_split = 0.1});
  reports::html(model, history, standardized(train), standardized(test),
                {.title = page.kind, .data_name = page.data_name, .synthetic = page.synthetic, .picture_bytes = 0})
      .save(page.folder / (page.kind + ".html"));
  write_expected(page, model, standardized(test));
}

/// Points in four dimensions in three classes, or with a value.
Dataset points(std::int64_t count, std::uint64_t seed, bool classes) {
  const RandomStream random(seed, Purpose::data);
  auto x = xt::xarray<float>::from_shape({static_cast<std::size_t>(count), 4});
  auto y = xt::xarray<float>::from_shape({static_cast<std::size_t>(count)});
  for (std::size_t i = 0; i < y.size(); ++i) {
    for (std::size_t k = 0; k < 4; ++k) x(i, k) = static_cast<float>(random.uniform(4 * i + k)) * 2 - 1;
    const float sum = x(i, 0) + x(i, 1) * x(i, 2);
    y(i) = !classes ? sum : sum < -0.3F ? 0.0F : sum < 0.3F ? 1.0F : 2.0F;
  }
  return Dataset(std::move(x), std::move(y));
}

void write_tabular(const Written& page, bool classes) {
  const Dataset train = points(2000, 1, classes);
  const Dataset test = points(500, 2, classes);
  Sequential model{Input({4}), Dense(16, {.activation = relu})};
  if (classes) {
    model.add(Dense(3, {.activation = softmax}));
    model.compile({.optimizer = Adam(1e-2), .loss = SparseCategoricalCrossentropy(), .metrics = {Accuracy()}});
  } else {
    model.add(Dense(1));
    model.compile({.optimizer = Adam(1e-2), .loss = MeanSquaredError()});
  }
  const History history = model.fit(train, {.epochs = 3, .verbose = 0, .validation_split = 0.2});
  write_page(page, model, history, train, test);
}

void write_all(const std::filesystem::path& folder) {
  set_random_seed(1);
  auto data = datasets::mnist_or_synthetic();
  const Dataset train = data.train.take(10000);
  const Dataset test = data.test.take(2000);
  const bool synthetic = data.name != "mnist";
  const auto page = [&](const char* kind) { return Written{folder, kind, data.name, synthetic}; };
  write_convolutional(page("convolutional"), train, test);
  write_dense(page("dense"), train, test);
  write_standardized(page("standardized"), train, test);
  write_every_layer(page("every_layer"), train.take(1000), test.take(200));
  write_tabular({folder, "tabular", "points", true}, true);
  write_tabular({folder, "regression", "points", true}, false);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fprintf(stderr, "usage: write_reports FOLDER\n");
    return 2;
  }
  try {
    write_all(argv[1]);
    return 0;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "write_reports: %s\n", error.what());
    return 1;
  }
}
