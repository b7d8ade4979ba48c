// train_bench for libtorch: the same options, data, networks and work.
//
// Variants, of which scripts/compare takes the fastest for each row of its table:
//   plain          ordinary tensors
//   channels_last  ordinary tensors with channels last (C1, R1 and S1)
//   opaque         oneDNN's own layout from one convolution to the next (C1)
//   frozen         a TorchScript module, frozen and optimized for inference (infer and latency; not L1 and G1)

#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "../whole_steps.hpp"
#include "torch_images.hpp"
#include "torch_sequences.hpp"

namespace {

using bench::Network;
using torch::Tensor;

std::shared_ptr<Network> make_network(const bench::StepOptions& options) {
  const std::string& name = options.network;
  if (name == "M1") return std::make_shared<bench::DenseNetwork>(std::vector<std::int64_t>{784, 32, 64, 10}, false);
  if (name == "M2") return std::make_shared<bench::DenseNetwork>(std::vector<std::int64_t>{784, 256, 128, 10}, true);
  if (name == "M3") {
    return std::make_shared<bench::DenseNetwork>(std::vector<std::int64_t>{784, options.width, options.width, 10},
                                                 false);
  }
  if (name == "R1") return std::make_shared<bench::ResidualNetwork>();
  if (name == "S1") return std::make_shared<bench::SeparableNetwork>();
  if (name == "L1") return std::make_shared<bench::LstmNetwork>();
  if (name == "G1") return std::make_shared<bench::GruNetwork>();
  if (name == "T1") return std::make_shared<bench::Transformer>();
  if (name == "D1") return std::make_shared<bench::SignalNetwork>();
  return std::make_shared<bench::ConvolutionalNetwork>(options.variant == "opaque");
}

std::shared_ptr<Network> make(const bench::StepOptions& options) {
  auto network = make_network(options);
  if (options.variant == "channels_last") {
    for (Tensor& parameter : network->parameters()) {
      if (parameter.dim() == 4) parameter.set_data(parameter.contiguous(torch::MemoryFormat::ChannelsLast));
    }
  }
  return network;
}

std::unique_ptr<torch::optim::Optimizer> make_optimizer(const bench::StepOptions& options, Network& network) {
  if (options.network == "M2") {
    return std::make_unique<torch::optim::RMSprop>(network.parameters(),
                                                   torch::optim::RMSpropOptions(1e-3).alpha(0.9).eps(1e-7));
  }
  return std::make_unique<torch::optim::Adam>(network.parameters(), torch::optim::AdamOptions(1e-3).eps(1e-7));
}

/// The features as they are stored: numbers of tokens (samples, 64), or bytes (samples, channels, ...), whose channels
/// lie last.
Tensor features_of(const nacre::Dataset& data) {
  // from_blob takes no pointer to const; nothing writes to it.
  const auto wrap = [&](const auto* numbers, torch::ScalarType type) {
    std::vector<std::int64_t> extents{data.size()};
    for (const std::int64_t extent : data.features_column().shape()) extents.push_back(extent);
    return torch::from_blob(const_cast<void*>(static_cast<const void*>(numbers)), extents, type);
  };
  if (data.features_column().stored<std::int32_t>() != nullptr) {
    return wrap(bench::numbers_of<std::int32_t>(data), torch::kInt);
  }
  return wrap(bench::numbers_of<std::uint8_t>(data), torch::kByte).movedim(-1, 1);
}

/// What the network takes: tokens as they are, of bytes numbers from 0 to 1.
Tensor input_of(const Tensor& features, const bench::StepOptions& options) {
  if (features.scalar_type() == torch::kInt) return features;
  const Tensor numbers = features.to(torch::kFloat).mul_(1.0f / 255);
  return options.variant == "channels_last" ? numbers.contiguous(torch::MemoryFormat::ChannelsLast)
                                            : numbers.contiguous();
}

Tensor labels_of(const nacre::Dataset& data) {
  Tensor labels = torch::empty({data.size()}, torch::kLong);
  for (std::int64_t sample = 0; sample < data.size(); ++sample) {
    labels.data_ptr<std::int64_t>()[sample] = data.label(sample);
  }
  return labels;
}

std::vector<double> train(Network& network, const nacre::Dataset& data, const bench::StepOptions& options) {
  const Tensor features = features_of(data), labels = labels_of(data);
  const auto optimizer = make_optimizer(options, network);
  std::vector<Tensor> parameters = network.parameters();
  network.train();
  bench::StepCounter counter(options);
  while (true) {
    const Tensor order = torch::randperm(data.size());
    for (std::int64_t first = 0; first < data.size(); first += options.batch) {
      const Tensor rows = order.slice(0, first, std::min(first + options.batch, data.size()));
      const Tensor x = input_of(features.index_select(0, rows), options);
      // Without gradients at first, those of the backward pass are taken as they are: faster than adding them to zeros.
      for (Tensor& parameter : parameters) parameter.mutable_grad().reset();
      torch::cross_entropy_loss(network.logits(x), labels.index_select(0, rows)).backward();
      optimizer->step();
      if (counter.step_ended(rows.size(0))) return counter.rates();
    }
  }
}

std::vector<double> predict(Network& network, const nacre::Dataset& data, const bench::StepOptions& options) {
  const c10::InferenceMode inference;
  network.eval();
  const bool has_softmax = options.network != "M1";
  const Tensor x = input_of(features_of(data).slice(0, 0, options.batch), options);
  if (options.variant == "frozen") {
    torch::jit::Module script = network.script(has_softmax);
    script = torch::jit::freeze(script);
    script = torch::jit::optimize_for_inference(script);
    return bench::time_calls(options, [&] { script.forward({x}); });
  }
  if (options.variant == "opaque") network.pack();
  return bench::time_calls(options, [&] {
    const Tensor logits = network.logits(x);
    if (has_softmax) torch::softmax(logits, 1);
  });
}

}  // namespace

int main(int argc, char** argv) {
  bench::StepOptions options;
  int status = 0;
  if (!bench::parse(argc, argv, "torch_bench", {"plain", "channels_last", "opaque", "frozen"}, options, status)) {
    return status;
  }
  try {
    const bool needs_convolution = options.variant == "channels_last" || options.variant == "opaque";
    if ((needs_convolution && !options.is_convolutional()) ||
        (options.variant == "opaque" && options.network != "C1") || (options.variant == "frozen" && options.trains())) {
      throw std::invalid_argument("there is no variant " + options.variant + " of " + options.network + " " +
                                  options.mode);
    }
    const int threads = bench::peer_threads(options);
    torch::set_num_threads(threads);
    bench::set_blas_threads(threads);
    at::globalContext().setFlushDenormal(true);  // as nacre does: decaying moments become denormal
    const auto data = bench::read_data(options);
    const std::shared_ptr<Network> network = make(options);
    const std::vector<double> repeats =
        options.trains() ? train(*network, data.train, options) : predict(*network, data.test, options);
    bench::report(options, threads, "libtorch " TORCH_VERSION, data.name, repeats);
    return 0;
  } catch (const c10::Error& error) {
    std::fprintf(stderr, "torch_bench: %s\n", error.what_without_backtrace());
    return 1;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "torch_bench: %s\n", error.what());
    return 1;
  }
}
