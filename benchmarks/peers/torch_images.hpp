#pragma once
// libtorch's twins of the networks for images: M1, M2, M3, C1, R1 and S1.

#include <memory>
#include <string>
#include <vector>

#include "torch_network.hpp"

namespace bench {

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

  torch::jit::Module script(bool has_softmax) const override {
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

  void pack() override {
    packed1_ = torch::mkldnn_reorder_conv2d_weight(conv1_->weight.detach().to_mkldnn());
    packed2_ = torch::mkldnn_reorder_conv2d_weight(conv2_->weight.detach().to_mkldnn());
  }

  torch::jit::Module script(bool) const override {
    torch::jit::Module module = script_parts(*this);
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
  NormalizedConvolution(std::int64_t channels, std::int64_t filters, std::int64_t kernel, std::int64_t stride = 1,
                        std::int64_t groups = 1)
      : stride_(stride),
        groups_(groups),
        convolution_(torch::nn::Conv2dOptions(channels, filters, kernel)
                         .padding(kernel / 2)
                         .stride(stride)
                         .groups(groups)
                         .bias(false)),
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
    const std::string stride = std::to_string(stride_);
    return "  " + y + " = torch.conv2d(" + x + ", " + self + "_kernel, None, [" + stride + ", " + stride + "], [" +
           padding + ", " + padding + "], [1, 1], " + std::to_string(groups_) + ")\n  " + y + " = torch.batch_norm(" +
           y + ", " + self + "_gamma, " + self + "_beta, " + self + "_mean, " + self +
           "_variance, False, 0.01, 0.001, False)\n";
  }

 private:
  std::int64_t stride_;
  std::int64_t groups_;
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

  torch::jit::Module script(bool) const override {
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

/// S1. With a stride libtorch pads both sides alike, where Keras pads behind: the work is the same.
class SeparableNetwork : public Network {
 public:
  SeparableNetwork() {
    add(3, 32, 3, 1, 1);
    std::int64_t channels = 32;
    for (const auto& [filters, stride] : {std::pair{64, 1}, {128, 2}, {128, 1}, {256, 2}, {256, 1}}) {
      add(channels, channels, 3, stride, channels);
      add(channels, filters, 1, 1, 1);
      channels = filters;
    }
    register_module("dense", dense_);
  }

  Tensor logits(Tensor x) override {
    for (const auto& layer : layers_) x = (*layer)(x).relu_();
    return dense_->forward(x.mean({2, 3}));
  }

  torch::jit::Module script(bool) const override {
    torch::jit::Module module("network");
    module.register_attribute("training", torch::jit::BoolType::get(), false);
    module.register_parameter("kernel", dense_->weight.detach(), false);
    module.register_parameter("bias", dense_->bias.detach(), false);
    std::string body = "def forward(self, x):\n";
    for (std::size_t i = 0; i < layers_.size(); ++i) {
      body += layers_[i]->script(module, "layer" + std::to_string(i), "x", "x") + "  x = torch.relu(x)\n";
    }
    module.define(body + "  return torch.softmax(torch.linear(torch.mean(x, [2, 3]), self.kernel, self.bias), 1)\n");
    return module;
  }

 private:
  void add(std::int64_t channels, std::int64_t filters, std::int64_t kernel, std::int64_t stride, std::int64_t groups) {
    layers_.push_back(std::make_shared<NormalizedConvolution>(channels, filters, kernel, stride, groups));
    register_module("layer" + std::to_string(layers_.size()), layers_.back());
  }

  std::vector<std::shared_ptr<NormalizedConvolution>> layers_;
  torch::nn::Linear dense_{256, 10};
};

}  // namespace bench
