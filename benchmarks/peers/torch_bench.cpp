// train_bench for libtorch: the same options, data, networks and work.
//
// Variants, of which scripts/compare takes the fastest for each row of its table:
//   plain          ordinary tensors
//   channels_last  ordinary tensors with channels last (C1 and R1)
//   opaque         oneDNN's own layout from one convolution to the next (C1)
//   frozen         a TorchScript module, frozen and optimized for inference (infer and latency)

#include <torch/script.h>
#include <torch/torch.h>

#include <algorithm>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "../whole_steps.hpp"

namespace {

using torch::Tensor;

/// A network up to its logits.
struct Network : torch::nn::Module {
  virtual Tensor logits(Tensor images) = 0;
};

/// M1, M2 and M3.
class DenseNetwork : public Network {
 public:
  DenseNetwork(const std::vector<std::int64_t>& units, bool regularized) : regularized_(regularized) {
    for (std::size_t i = 0; i + 1 < units.size(); ++i) {
      const std::string number = std::to_string(i);
      dense_.push_back(register_module("dense" + number, torch::nn::Linear(units[i], units[i + 1])));
      if (regularized && i + 2 < units.size()) {
        // Keras' momentum of 0.99 and epsilon of 1e-3.
        const auto options = torch::nn::BatchNorm1dOptions(units[i + 1]).momentum(0.01).eps(1e-3);
        normalization_.push_back(register_module("normalization" + number, torch::nn::BatchNorm1d(options)));
      }
    }
  }

  Tensor logits(Tensor x) override {
    x = x.flatten(1);
    for (std::size_t i = 0; i + 1 < dense_.size(); ++i) {
      x = dense_[i]->forward(x).relu_();
      if (regularized_) x = torch::dropout(normalization_[i]->forward(x), 0.5, is_training());
    }
    return dense_.back()->forward(x);
  }

  /// The same with its last activation, as TorchScript.
  torch::jit::Module script(bool has_softmax) const {
    torch::jit::Module module("network");
    module.register_attribute("training", torch::jit::BoolType::get(), false);
    std::string body = "def forward(self, x):\n  x = x.flatten(1)\n";
    for (std::size_t i = 0; i < dense_.size(); ++i) {
      const std::string number = std::to_string(i);
      module.register_parameter("kernel" + number, dense_[i]->weight.detach(), false);
      module.register_parameter("bias" + number, dense_[i]->bias.detach(), false);
      body += "  x = torch.linear(x, self.kernel" + number + ", self.bias" + number + ")\n";
      if (i + 1 == dense_.size()) break;
      body += "  x = torch.relu(x)\n";
      if (!regularized_) continue;
      const auto& normalization = normalization_[i];
      module.register_parameter("gamma" + number, normalization->weight.detach(), false);
      module.register_parameter("beta" + number, normalization->bias.detach(), false);
      module.register_buffer("mean" + number, normalization->running_mean);
      module.register_buffer("variance" + number, normalization->running_var);
      body += "  x = torch.batch_norm(x, self.gamma" + number + ", self.beta" + number + ", self.mean" + number +
              ", self.variance" + number + ", False, 0.01, 0.001, False)\n";
    }
    module.define(body + (has_softmax ? "  return torch.softmax(x, 1)\n" : "  return x\n"));
    return module;
  }

 private:
  bool regularized_;
  std::vector<torch::nn::Linear> dense_;
  std::vector<torch::nn::BatchNorm1d> normalization_;
};

/// C1.
class ConvolutionalNetwork : public Network {
 public:
  explicit ConvolutionalNetwork(bool opaque) : opaque_(opaque) {
    register_module("conv1", conv1_);
    register_module("conv2", conv2_);
    register_module("dense1", dense1_);
    register_module("dense2", dense2_);
  }

  Tensor logits(Tensor x) override {
    if (opaque_) x = x.to_mkldnn();
    x = block(x, conv1_, packed1_);
    x = block(x, conv2_, packed2_);
    if (opaque_) x = x.to_dense();
    x = dense1_->forward(x.flatten(1)).relu_();
    return dense2_->forward(torch::dropout(x, 0.5, is_training()));
  }

  /// For inference with opaque tensors: the kernels, too, in oneDNN's layout, once and for all.
  void pack() {
    packed1_ = torch::mkldnn_reorder_conv2d_weight(conv1_->weight.detach().to_mkldnn());
    packed2_ = torch::mkldnn_reorder_conv2d_weight(conv2_->weight.detach().to_mkldnn());
  }

  /// The same with its last activation, as TorchScript.
  torch::jit::Module script() const {
    torch::jit::Module module("network");
    module.register_attribute("training", torch::jit::BoolType::get(), false);
    for (const auto& parameter : named_parameters()) {
      std::string name = parameter.key();
      std::replace(name.begin(), name.end(), '.', '_');
      module.register_parameter(name, parameter.value().detach(), false);
    }
    module.define(R"(
def forward(self, x):
  x = torch.max_pool2d(torch.relu(torch.conv2d(x, self.conv1_weight, self.conv1_bias)), [2, 2], [2, 2])
  x = torch.max_pool2d(torch.relu(torch.conv2d(x, self.conv2_weight, self.conv2_bias)), [2, 2], [2, 2])
  x = torch.relu(torch.linear(x.flatten(1), self.dense1_weight, self.dense1_bias))
  return torch.softmax(torch.linear(x, self.dense2_weight, self.dense2_bias), 1)
)");
    return module;
  }

 private:
  static Tensor block(const Tensor& x, torch::nn::Conv2d& convolution, const Tensor& packed) {
    const Tensor& kernel = packed.defined() ? packed : convolution->weight;
    // max and ReLU commute: pooling first gives the same numbers with a quarter of the work for ReLU. oneDNN's pooling
    // does not know that the stride is the window's size unless told.
    return torch::relu(torch::max_pool2d(torch::conv2d(x, kernel, convolution->bias), 2, 2));
  }

  bool opaque_;
  torch::nn::Conv2d conv1_{torch::nn::Conv2dOptions(1, 32, 3)};
  torch::nn::Conv2d conv2_{torch::nn::Conv2dOptions(32, 64, 3)};
  torch::nn::Linear dense1_{1600, 128};
  torch::nn::Linear dense2_{128, 10};
  Tensor packed1_, packed2_;
};

/// A convolution without bias, padded to keep the size, and its normalization.
class NormalizedConvolution : public torch::nn::Module {
 public:
  NormalizedConvolution(std::int64_t channels, std::int64_t filters, std::int64_t kernel)
      : convolution_(torch::nn::Conv2dOptions(channels, filters, kernel).padding(kernel / 2).bias(false)),
        // Keras' momentum of 0.99 and epsilon of 1e-3.
        normalization_(torch::nn::BatchNorm2dOptions(filters).momentum(0.01).eps(1e-3)) {
    register_module("convolution", convolution_);
    register_module("normalization", normalization_);
  }

  Tensor operator()(const Tensor& x) { return normalization_->forward(convolution_->forward(x)); }

  /// Source of TorchScript that computes `y` from `x`, whose parameters and buffers `module` gets under `name`.
  std::string script(torch::jit::Module& module, const std::string& name, const std::string& x,
                     const std::string& y) const {
    module.register_parameter(name + "_kernel", convolution_->weight.detach(), false);
    module.register_parameter(name + "_gamma", normalization_->weight.detach(), false);
    module.register_parameter(name + "_beta", normalization_->bias.detach(), false);
    module.register_buffer(name + "_mean", normalization_->running_mean);
    module.register_buffer(name + "_variance", normalization_->running_var);
    const std::string padding = std::to_string(convolution_->weight.size(2) / 2), self = "self." + name;
    return "  " + y + " = torch.conv2d(" + x + ", " + self + "_kernel, None, [1, 1], [" + padding + ", " + padding +
           "])\n  " + y + " = torch.batch_norm(" + y + ", " + self + "_gamma, " + self + "_beta, " + self + "_mean, " +
           self + "_variance, False, 0.01, 0.001, False)\n";
  }

 private:
  torch::nn::Conv2d convolution_;
  torch::nn::BatchNorm2d normalization_;
};

/// R1.
class ResidualNetwork : public Network {
 public:
  ResidualNetwork() {
    add(1, 32, 3);
    for (int i = 0; i < 4; ++i) add(32, 32, 3);
    add(32, 64, 3);
    add(64, 64, 3);
    add(32, 64, 1);
    add(64, 64, 3);
    add(64, 64, 3);
    register_module("dense", dense_);
  }

  Tensor logits(Tensor x) override {
    x = layer(0, x).relu_();
    x = layer(2, layer(1, x).relu_()).add_(x).relu_();
    x = layer(4, layer(3, x).relu_()).add_(x).relu_();
    x = torch::max_pool2d(x, 2, 2);
    x = layer(6, layer(5, x).relu_()).add_(layer(7, x)).relu_();
    x = layer(9, layer(8, x).relu_()).add_(x).relu_();
    return dense_->forward(x.mean({2, 3}));
  }

  /// The same with its last activation, as TorchScript.
  torch::jit::Module script() const {
    torch::jit::Module module("network");
    module.register_attribute("training", torch::jit::BoolType::get(), false);
    module.register_parameter("kernel", dense_->weight.detach(), false);
    module.register_parameter("bias", dense_->bias.detach(), false);
    std::string body = "def forward(self, x):\n";
    const auto compute = [&](std::size_t i, const std::string& from, const std::string& to) {
      body += layers_[i]->script(module, "layer" + std::to_string(i), from, to);
    };
    const auto block = [&](std::size_t i) {
      compute(i, "x", "y");
      body += "  y = torch.relu(y)\n";
      compute(i + 1, "y", "y");
    };
    compute(0, "x", "x");
    body += "  x = torch.relu(x)\n";
    for (const std::size_t i : {std::size_t{1}, std::size_t{3}}) {
      block(i);
      body += "  x = torch.relu(y + x)\n";
    }
    body += "  x = torch.max_pool2d(x, [2, 2], [2, 2])\n";
    block(5);
    compute(7, "x", "x");
    body += "  x = torch.relu(y + x)\n";
    block(8);
    body += "  x = torch.relu(y + x)\n";
    module.define(body + "  return torch.softmax(torch.linear(torch.mean(x, [2, 3]), self.kernel, self.bias), 1)\n");
    return module;
  }

 private:
  void add(std::int64_t channels, std::int64_t filters, std::int64_t kernel) {
    layers_.push_back(std::make_shared<NormalizedConvolution>(channels, filters, kernel));
    register_module("layer" + std::to_string(layers_.size()), layers_.back());
  }
  Tensor layer(std::size_t i, const Tensor& x) { return (*layers_[i])(x); }

  std::vector<std::shared_ptr<NormalizedConvolution>> layers_;
  torch::nn::Linear dense_{64, 10};
};

std::shared_ptr<Network> make_convolutional(const bench::StepOptions& options) {
  if (options.network == "R1") return std::make_shared<ResidualNetwork>();
  return std::make_shared<ConvolutionalNetwork>(options.variant == "opaque");
}

torch::jit::Module script_of(const Network& network, const bench::StepOptions& options, bool has_softmax) {
  if (options.network == "R1") return dynamic_cast<const ResidualNetwork&>(network).script();
  if (options.is_convolutional()) return dynamic_cast<const ConvolutionalNetwork&>(network).script();
  return dynamic_cast<const DenseNetwork&>(network).script(has_softmax);
}

std::shared_ptr<Network> make(const bench::StepOptions& options) {
  if (options.network == "M1") return std::make_shared<DenseNetwork>(std::vector<std::int64_t>{784, 32, 64, 10}, false);
  if (options.network == "M2") {
    return std::make_shared<DenseNetwork>(std::vector<std::int64_t>{784, 256, 128, 10}, true);
  }
  if (options.network == "M3") {
    return std::make_shared<DenseNetwork>(std::vector<std::int64_t>{784, options.width, options.width, 10}, false);
  }
  auto network = make_convolutional(options);
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

/// The images as bytes, where they lie: (samples, 1, 28, 28).
Tensor images_of(const nacre::Dataset& data) {
  // from_blob takes no pointer to const; nothing writes to it.
  return torch::from_blob(const_cast<std::uint8_t*>(bench::pixels_of(data)), {data.size(), 1, 28, 28}, torch::kByte);
}

Tensor labels_of(const nacre::Dataset& data) {
  Tensor labels = torch::empty({data.size()}, torch::kLong);
  for (std::int64_t sample = 0; sample < data.size(); ++sample) {
    labels.data_ptr<std::int64_t>()[sample] = data.label(sample);
  }
  return labels;
}

std::vector<double> train(Network& network, const nacre::Dataset& data, const bench::StepOptions& options) {
  const Tensor images = images_of(data), labels = labels_of(data);
  const auto optimizer = make_optimizer(options, network);
  std::vector<Tensor> parameters = network.parameters();
  network.train();
  bench::StepCounter counter(options);
  while (true) {
    const Tensor order = torch::randperm(data.size());
    for (std::int64_t first = 0; first < data.size(); first += options.batch) {
      const Tensor rows = order.slice(0, first, std::min(first + options.batch, data.size()));
      Tensor x = images.index_select(0, rows).to(torch::kFloat).mul_(1.0f / 255);
      if (options.variant == "channels_last") x = x.contiguous(torch::MemoryFormat::ChannelsLast);
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
  Tensor x = images_of(data).slice(0, 0, options.batch).to(torch::kFloat).mul_(1.0f / 255);
  if (options.variant == "channels_last") x = x.contiguous(torch::MemoryFormat::ChannelsLast);
  if (options.variant == "frozen") {
    torch::jit::Module script = script_of(network, options, has_softmax);
    script = torch::jit::freeze(script);
    script = torch::jit::optimize_for_inference(script);
    return bench::time_calls(options, [&] { script.forward({x}); });
  }
  if (options.variant == "opaque") dynamic_cast<ConvolutionalNetwork&>(network).pack();
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
        (options.variant == "opaque" && options.network == "R1") || (options.variant == "frozen" && options.trains())) {
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
