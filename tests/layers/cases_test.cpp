// What is asked of every layer, over the table of cases.

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <set>
#include <string>
#include <vector>

#include <nacre/core/thread_pool.hpp>
#include <nacre/layers/check_gradients.hpp>
#include <nacre/saving/saving.hpp>

#include "layer_testing.hpp"
#include "layers/cases.hpp"
#include "saving/saving_testing.hpp"

using namespace nacre;
using namespace nacre::testing;

namespace {

struct RestoreThreads {
  ~RestoreThreads() { set_num_threads(0); }
};

std::string describe(const LayerCase& the) {
  return the.layer.to_string() + " on " + the.input.to_string() + ": " + the.about;
}

/// Features for a layer: normal random numbers, or integers. Where it has masks, all features of a step in three are 0,
/// or 1.
template <class T>
xt::xarray<T> features_for(const LayerCase& the, std::int64_t samples) {
  auto x = normal_array<T>(the.input.with_batch(samples), 1);
  const RandomStream random(3);
  for (std::size_t i = 0; the.integers > 0 && i < x.size(); ++i) {
    x.data()[i] = static_cast<T>(std::floor(random.uniform(i) * static_cast<double>(the.integers)));
  }
  const auto features = static_cast<std::size_t>(the.input.back());
  for (std::size_t step = 0; the.masked && step < x.size() / features; ++step) {
    const double drawn = random.uniform(step);
    if (drawn < 0.33) std::fill_n(x.data() + step * features, features, drawn < 0.17 ? T(0) : T(1));
  }
  return x;
}

template <class T = float>
Dataset data_for(const LayerCase& the, std::int64_t samples) {
  return Dataset(features_for<T>(the, samples), normal_array<T>({samples, 2}, 2));
}

/// What training leaves behind: all weights, the optimizer's memory, and what the model predicts then.
std::vector<float> traces(const Model& model, const Dataset& data) {
  std::vector<float> all;
  const auto append = [&all](const auto& values) { all.insert(all.end(), values.begin(), values.end()); };
  append(model.state().parameters.trainable());
  append(model.state().parameters.non_trainable());
  for (const std::string& slot : model.state().updater->slot_names()) append(model.state().updater->slot(slot));
  append(model.predict(data));
  return all;
}

bool same_bits(const std::vector<float>& a, const std::vector<float>& b) {
  return a.size() == b.size() && std::memcmp(a.data(), b.data(), a.size() * sizeof(float)) == 0;
}

std::vector<double> flat(const Gradients<double>& gradients) {
  return {gradients.values().begin(), gradients.values().end()};
}

/// How many derivatives a check of all gradients compares.
std::int64_t derivatives(const LayerCase& the, std::int64_t batch) {
  LayerBuilder builder(batch);
  the.layer.build(the.inputs(), builder);
  std::int64_t count = 0;
  for (const Shape& input : the.inputs()) count += batch * input.size();
  if (the.integers > 0) count -= batch * the.input.size();
  for (const WeightSpec& weight : builder.weights()) count += weight.trainable ? weight.shape.size() : 0;
  return count;
}

/// The largest relative error of a model's gradients, by its weights and its input, against central differences.
double worst_gradient(BasicModel<double>& model, xt::xarray<double> x, const xt::xarray<double>& y, bool training) {
  const auto found = model.gradients(x, y, {.training = training, .by_input = true});
  const auto loss = [&] { return model.gradients(x, y, {.training = training}).loss; };
  double worst = 0;
  const auto compare = [&](double& element, double gradient) {
    const double kept = element;
    element = kept + 1e-5;
    const double above = loss();
    element = kept - 1e-5;
    const double measured = (above - loss()) / 2e-5;
    element = kept;
    worst = std::max(worst, std::abs(measured - gradient) / std::max({std::abs(measured), std::abs(gradient), 1e-2}));
  };
  for (std::size_t i = 0; i < x.size(); ++i) {
    if (x.data()[i] != 0 && x.data()[i] != 1) compare(x.data()[i], found.input.data()[i]);  // a mask would change there
  }
  for (const auto& place : found.places()) {
    auto weight = model.weight(place.name);
    for (std::size_t i = 0; i < weight.size(); ++i) compare(weight.elements()[i], found[place.name].elements()[i]);
  }
  return worst;
}

/// Elements of a sample of all inputs.
std::int64_t elements_of(const LayerCase& the) {
  std::int64_t elements = 0;
  for (const Shape& input : the.inputs()) elements += input.size();
  return elements;
}

}  // namespace

TEST_CASE("every layer has a line in the table of cases") {
  std::set<std::string> listed, tested;
  detail::Layers::visit([&]<class... L>() { (listed.insert(std::string(L::type_name)), ...); });
  for (const LayerCase& the : layer_cases()) tested.insert(the.layer.class_name());
  CHECK(tested == listed);
}

TEST_CASE("every layer's backward is the derivative of its forward") {
  for (const LayerCase& the : layer_cases()) {
    if (the.layer.is_composite()) continue;
    INFO(describe(the));
    for (const bool training : {false, true}) {
      for (const std::int64_t batch : {1, 3, 9, 19}) {
        INFO("training " << training << ", batch " << batch);
        // Each element takes a forward pass of all: of large samples small batches say as much.
        if (batch > 1 && batch * elements_of(the) > 2000) continue;
        GradientCheck check;
        CHECK_NOTHROW(
            check = check_gradients(the.layer, the.inputs(),
                                    {.batch = batch, .training = training, .vary = false, .integers = the.integers}));
        CHECK(check.elements == derivatives(the, batch));
        if (!the.masked) continue;
        CHECK_NOTHROW(check = check_gradients(the.layer, the.inputs(),
                                              {.batch = batch, .training = training, .vary = false, .masked = true}));
        CHECK(check.elements == derivatives(the, batch));
      }
    }
  }
}

TEST_CASE("layers made of others have the derivatives of what they compute") {
  for (const LayerCase& the : layer_cases()) {
    if (!the.layer.is_composite()) continue;
    INFO(describe(the));
    for (const bool training : {false, true}) {
      auto model = model_around<double>(the);
      CHECK(worst_gradient(model, features_for<double>(the, 3), normal_array<double>({3, 2}, 2), training) < 1e-6);
    }
  }
}

TEST_CASE("every layer trains to the same bits on any number of threads") {
  const RestoreThreads restore;
  const std::vector<LayerCase> cases = layer_cases();
  std::vector<std::vector<float>> expected;
  for (const int threads : {1, 2, 3, 8}) {
    set_num_threads(threads);
    for (std::size_t i = 0; i < cases.size(); ++i) {
      const Dataset data = data_for(cases[i], 70);
      Model model = model_around<float>(cases[i]);
      model.fit(data, {.epochs = 2, .batch_size = 64, .verbose = 0});
      const std::vector<float> found = traces(model, data);
      if (threads == 1) expected.push_back(found);
      INFO(describe(cases[i]) << ", " << threads << " threads");
      CHECK(same_bits(found, expected[i]));
    }
  }
}

TEST_CASE("every layer gives the same bits in memory that was laid out for a larger batch") {
  for (const LayerCase& the : layer_cases()) {
    INFO(describe(the));
    for (const std::int64_t rest : {1, 6}) {
      const Dataset data = data_for(the, 64 + rest);
      Model together = model_around<float>(the);
      together.fit(data, {.batch_size = 64, .verbose = 0, .shuffle = false});
      Model apart = model_around<float>(the);
      apart.train_on_batch(data.take(64));
      apart.train_on_batch(data.skip(64));
      INFO(rest << " samples after a batch of 64");
      CHECK(same_bits(traces(together, data), traces(apart, data)));

      const Model fresh = together;  // whose first network is a small one
      together.predict(data, {.batch_size = 64});
      CHECK(same_values(together.predict(data.take(rest)), fresh.predict(data.take(rest))));
    }
  }
}

TEST_CASE("every layer's gradients for a batch are the mean of those for its samples") {
  for (const LayerCase& the : layer_cases()) {
    const std::int64_t samples = 7;
    const Dataset data = data_for<double>(the, samples);
    auto model = model_around<double>(the);
    const auto gradients = [&](const Dataset& part) { return flat(model.gradients(part, {.training = false})); };
    const std::vector<double> whole = gradients(data);
    std::vector<double> mean(whole.size());
    for (std::int64_t sample = 0; sample < samples; ++sample) {
      const std::vector<double> own = gradients(data.slice(sample, sample + 1));
      for (std::size_t i = 0; i < own.size(); ++i) mean[i] += own[i] / static_cast<double>(samples);
    }
    double worst = 0;
    for (std::size_t i = 0; i < whole.size(); ++i) worst = std::max(worst, std::abs(whole[i] - mean[i]));
    INFO(describe(the));
    CHECK(worst < 1e-12);
    CHECK(*std::max_element(whole.begin(), whole.end()) > 1e-4);
  }
}

TEST_CASE("every layer predicts the same for few samples as among many") {
  for (const LayerCase& the : layer_cases()) {
    INFO(describe(the));
    const Dataset data = data_for(the, 40);
    const Model model = model_around<float>(the);
    const auto together = model.predict(data, {.batch_size = 40});
    for (const std::int64_t samples : {1, 2, 3, 7}) {
      const auto few = model.predict(data.take(samples));
      const TensorView<const float> same_samples(together.data(), {samples, 2});
      CHECK(xt::allclose(few, same_samples, 1e-5, 1e-6));
    }
  }
}

TEST_CASE("every layer computes in float what it computes in double") {
  for (const LayerCase& the : layer_cases()) {
    INFO(describe(the));
    Model narrow = model_around<float>(the);
    auto wide = model_around<double>(the);
    for (const std::string& name : narrow.weight_names()) wide.weight(name) = xt::cast<double>(narrow.weight(name));
    const Dataset data = data_for(the, 12);
    CHECK(xt::allclose(narrow.predict(data), wide.predict(data), 1e-4, 1e-5));

    const auto narrow_gradients = narrow.gradients(data, {.by_input = the.integers == 0});
    const auto wide_gradients = wide.gradients(data, {.by_input = the.integers == 0});
    CHECK(narrow_gradients.loss == Approx(wide_gradients.loss).epsilon(1e-4));
    CHECK(xt::allclose(narrow_gradients.input, wide_gradients.input, 1e-3, 1e-5));
    for (const auto& place : narrow_gradients.places()) {
      CAPTURE(place.name);
      CHECK(xt::allclose(narrow_gradients[place.name], wide_gradients[place.name], 1e-3, 1e-5));
    }
  }
}

TEST_CASE("every layer comes back from a file and trains on with the same bits") {
  const TemporaryFolder folder;
  for (const LayerCase& the : layer_cases()) {
    INFO(describe(the));
    const Dataset data = data_for(the, 20);
    Model model = model_around<float>(the);
    model.fit(data, {.epochs = 1, .batch_size = 8, .verbose = 0});
    save(model, folder / "model");
    Model loaded = load(folder / "model");
    CHECK(loaded.layers() == model.layers());
    CHECK(same_values(load(folder / "model", inference).predict(data), model.predict(data)));

    model.fit(data, {.epochs = 2, .batch_size = 8, .verbose = 0, .initial_epoch = 1});
    loaded.fit(data, {.epochs = 2, .batch_size = 8, .verbose = 0, .initial_epoch = 1});
    CHECK(same_bits(traces(loaded, data), traces(model, data)));
  }
}
