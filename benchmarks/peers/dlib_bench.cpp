// train_bench for dlib: the same options, data, networks and work. dlib computes on as many threads as its BLAS does.

#include <dlib/dnn.h>
#include <dlib/revision.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <numeric>
#include <random>
#include <stdexcept>
#include <string>
#include <vector>

#include <nacre/core/float_control.hpp>

#include "../whole_steps.hpp"

namespace {

using Input = dlib::input<dlib::matrix<unsigned char>>;

template <long filters, class Below>
using Convolution = dlib::add_layer<dlib::con_<filters, 3, 3, 1, 1, 0, 0>, Below>;

// dlib has no modes: to train and to predict are two networks, in which other layers stand in for these two.
template <template <class> class Normalization, template <class> class Dropout>
struct Networks {
  using M1 = dlib::fc<10, dlib::relu<dlib::fc<64, dlib::relu<dlib::fc<32, Input>>>>>;
  using M2 = dlib::fc<
      10, Dropout<Normalization<dlib::relu<dlib::fc<128, Dropout<Normalization<dlib::relu<dlib::fc<256, Input>>>>>>>>>;
  using M3 = dlib::fc<10, dlib::relu<dlib::fc<512, dlib::relu<dlib::fc<512, Input>>>>>;
  using C1 = dlib::fc<
      10, Dropout<dlib::relu<dlib::fc<
              128, dlib::max_pool<
                       2, 2, 2, 2,
                       dlib::relu<Convolution<64, dlib::max_pool<2, 2, 2, 2, dlib::relu<Convolution<32, Input>>>>>>>>>>;
};
using Training = Networks<dlib::bn_fc, dlib::dropout>;
using Inference = Networks<dlib::affine, dlib::multiply>;

/// RMSprop as Keras has it, since dlib has none: written as dlib's solvers are, in the plainest loop.
class RmsProp {
 public:
  template <class Layer>
  const dlib::tensor& operator()(float learning_rate, const Layer&, const dlib::tensor& gradient) {
    if (mean_square_.size() == 0) {
      mean_square_.copy_size(gradient);
      mean_square_ = 0;
      step_.copy_size(gradient);
    }
    const float* g = gradient.host();
    float* v = mean_square_.host();
    float* step = step_.host_write_only();
    for (std::size_t i = 0; i < gradient.size(); ++i) {
      v[i] = 0.9f * v[i] + 0.1f * g[i] * g[i];
      step[i] = -learning_rate * g[i] / std::sqrt(v[i] + 1e-7f);
    }
    return step_;
  }

 private:
  dlib::resizable_tensor mean_square_, step_;
};

/// Gathers samples `rows` from bytes as numbers from 0 to 1.
void gather(const std::uint8_t* pixels, const std::int64_t* rows, std::int64_t samples, dlib::resizable_tensor& x) {
  x.set_size(samples, 1, 28, 28);
  float* out = x.host_write_only();
  for (std::int64_t sample = 0; sample < samples; ++sample) {
    const std::uint8_t* image = pixels + rows[sample] * 784;
    for (std::int64_t i = 0; i < 784; ++i) *out++ = static_cast<float>(image[i]) * (1.0f / 255);
  }
}

/// A network takes tensors only after its input layer has once made one.
template <class Network>
void wake(Network& network) {
  const dlib::matrix<unsigned char> image = dlib::zeros_matrix<unsigned char>(28, 28);
  dlib::resizable_tensor unused;
  network.to_tensor(&image, &image + 1, unused);
}

template <class Solver, class Layers>
std::vector<double> train(const nacre::Dataset& data, const bench::StepOptions& options, Solver solver) {
  const auto network = std::make_unique<dlib::loss_multiclass_log<Layers>>();
  wake(*network);
  std::vector<Solver> solvers(Layers::num_computational_layers, solver);
  std::vector<std::int64_t> order(static_cast<std::size_t>(data.size()));
  std::iota(order.begin(), order.end(), std::int64_t{0});
  std::vector<unsigned long> all_labels, labels;
  for (std::int64_t sample = 0; sample < data.size(); ++sample) {
    all_labels.push_back(static_cast<unsigned long>(data.label(sample)));
  }
  std::mt19937 random(1);
  dlib::resizable_tensor x;
  bench::StepCounter counter(options);
  while (true) {
    std::shuffle(order.begin(), order.end(), random);
    for (std::int64_t first = 0; first < data.size(); first += options.batch) {
      const std::int64_t samples = std::min(options.batch, data.size() - first);
      const std::int64_t* rows = order.data() + first;
      gather(bench::numbers_of<std::uint8_t>(data), rows, samples, x);
      labels.clear();
      for (std::int64_t i = 0; i < samples; ++i) labels.push_back(all_labels[static_cast<std::size_t>(rows[i])]);
      network->compute_parameter_gradients(x, labels.begin());
      network->update_parameters(solvers, 1e-3);
      if (counter.step_ended(samples)) return counter.rates();
    }
  }
}

template <class TrainingLayers, class InferenceLayers>
std::vector<double> predict(const nacre::Dataset& data, const bench::StepOptions& options) {
  std::vector<std::int64_t> rows(static_cast<std::size_t>(options.batch));
  std::iota(rows.begin(), rows.end(), std::int64_t{0});
  dlib::resizable_tensor x, probabilities;
  gather(bench::numbers_of<std::uint8_t>(data), rows.data(), options.batch, x);
  const auto trained = std::make_unique<TrainingLayers>();
  wake(*trained);
  trained->forward(x);  // draws the weights
  const auto network = std::make_unique<InferenceLayers>(*trained);
  wake(*network);
  const bool has_softmax = options.network != "M1";
  return bench::time_calls(options, [&] {
    const dlib::tensor& logits = network->forward(x);
    if (!has_softmax) return;
    probabilities.copy_size(logits);
    dlib::tt::softmax(probabilities, logits);
  });
}

template <class Solver, class TrainingLayers, class InferenceLayers>
std::vector<double> run(const nacre::datasets::MnistOrSynthetic& data, const bench::StepOptions& options,
                        Solver solver) {
  if (options.trains()) return train<Solver, TrainingLayers>(data.train, options, solver);
  return predict<TrainingLayers, InferenceLayers>(data.test, options);
}

}  // namespace

int main(int argc, char** argv) {
  bench::StepOptions options;
  int status = 0;
  if (!bench::parse(argc, argv, "dlib_bench", {"default"}, options, status)) return status;
  try {
    if (options.width != 512) throw std::invalid_argument("dlib's layers have fixed widths");
    if (options.network.front() != 'M' && options.network != "C1") {
      throw std::invalid_argument("there is no " + options.network + " of dlib's layers");
    }
    const int threads = bench::peer_threads(options);
    bench::set_blas_threads(threads);
    const nacre::FlushDenormals flush;  // as nacre does: decaying moments become denormal
    const auto data = bench::read_data(options);
    const dlib::adam adam(0, 0.9f, 0.999f);
    std::vector<double> repeats;
    if (options.network == "M1") {
      repeats = run<dlib::adam, Training::M1, Inference::M1>(data, options, adam);
    } else if (options.network == "M2") {
      repeats = run<RmsProp, Training::M2, Inference::M2>(data, options, RmsProp());
    } else if (options.network == "M3") {
      repeats = run<dlib::adam, Training::M3, Inference::M3>(data, options, adam);
    } else {
      repeats = run<dlib::adam, Training::C1, Inference::C1>(data, options, adam);
    }
    const std::string version = std::to_string(DLIB_MAJOR_VERSION) + "." + std::to_string(DLIB_MINOR_VERSION);
    bench::report(options, threads, "dlib " + version, data.name, repeats);
    return 0;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "dlib_bench: %s\n", error.what());
    return 1;
  }
}
