#pragma once
// libtorch's twins of the networks for sequences: L1, G1, T1 and D1.

#include <memory>
#include <string>
#include <vector>

#include "torch_network.hpp"

namespace bench {

/// L1 (Recurrent: torch::nn::LSTM) and G1 (torch::nn::GRU). The rows of an image are the steps.
template <class Recurrent, class RecurrentOptions>
class RecurrentNetwork : public Network {
 public:
  RecurrentNetwork() {
    register_module("recurrent", recurrent_);
    register_module("dense", dense_);
  }

  Tensor logits(Tensor images) override {
    // The steps first, as its loop over them reads them.
    const Tensor steps = images.flatten(0, 1).transpose(0, 1).contiguous();
    const Tensor outputs = std::get<0>(recurrent_->forward(steps));
    return dense_->forward(outputs[outputs.size(0) - 1]);
  }

 private:
  Recurrent recurrent_{RecurrentOptions(28, 128)};
  torch::nn::Linear dense_{128, 10};
};

using LstmNetwork = RecurrentNetwork<torch::nn::LSTM, torch::nn::LSTMOptions>;
using GruNetwork = RecurrentNetwork<torch::nn::GRU, torch::nn::GRUOptions>;

/// D1.
class SignalNetwork : public Network {
 public:
  SignalNetwork() {
    register_module("conv1", conv1_);
    register_module("conv2", conv2_);
    register_module("conv3", conv3_);
    register_module("dense", dense_);
  }

  Tensor logits(Tensor x) override {
    for (torch::nn::Conv1d* convolution : {&conv1_, &conv2_, &conv3_}) x = (*convolution)->forward(x).relu_();
    return dense_->forward(x.mean(2));
  }

  torch::jit::Module script(bool) const override {
    torch::jit::Module module = script_parts(*this);
    module.define(R"(
def forward(self, x):
  x = torch.relu(torch.conv1d(x, self.conv1_weight, self.conv1_bias, [2], [4]))
  x = torch.relu(torch.conv1d(x, self.conv2_weight, self.conv2_bias, [2], [4]))
  x = torch.relu(torch.conv1d(x, self.conv3_weight, self.conv3_bias, [2], [4]))
  return torch.softmax(torch.linear(torch.mean(x, [2]), self.dense_weight, self.dense_bias), 1)
)");
    return module;
  }

 private:
  static torch::nn::Conv1d convolution(std::int64_t channels, std::int64_t filters) {
    return torch::nn::Conv1d(torch::nn::Conv1dOptions(channels, filters, 9).stride(2).padding(4));
  }

  torch::nn::Conv1d conv1_ = convolution(1, 32);
  torch::nn::Conv1d conv2_ = convolution(32, 64);
  torch::nn::Conv1d conv3_ = convolution(64, 128);
  torch::nn::Linear dense_{128, 10};
};

/// A block of T1: attention and a network for each token, each behind a normalization and with its input added.
class TransformerBlock : public torch::nn::Module {
 public:
  TransformerBlock() {
    register_module("normalization1", normalization1_);
    register_module("projections", projections_);
    register_module("output", output_);
    register_module("normalization2", normalization2_);
    register_module("dense1", dense1_);
    register_module("dense2", dense2_);
  }

  Tensor operator()(const Tensor& x) {
    const std::int64_t samples = x.size(0), tokens = x.size(1);
    // Queries, keys and values from one product: (3, samples, heads, tokens, 32).
    const Tensor parts =
        projections_->forward(normalization1_->forward(x)).view({samples, tokens, 3, 4, 32}).permute({2, 0, 3, 1, 4});
    const Tensor scores = torch::matmul(parts[0] * scale_, parts[1].transpose(2, 3)).softmax(3);
    const Tensor heads = torch::matmul(scores, parts[2]).transpose(1, 2).reshape({samples, tokens, 128});
    const Tensor y = output_->forward(heads).add_(x);
    return dense2_->forward(torch::gelu(dense1_->forward(normalization2_->forward(y)))).add_(y);
  }

 private:
  static torch::nn::LayerNorm normalization() {
    return torch::nn::LayerNorm(torch::nn::LayerNormOptions({128}).eps(1e-3));  // Keras' epsilon
  }

  double scale_ = 0.17677669529663687;  // of keys of 32: 1 / sqrt(32)
  torch::nn::LayerNorm normalization1_ = normalization(), normalization2_ = normalization();
  torch::nn::Linear projections_{128, 384}, output_{128, 128}, dense1_{128, 512}, dense2_{512, 128};
};

/// T1.
class Transformer : public Network {
 public:
  Transformer() {
    register_module("tokens", tokens_);
    register_module("positions", positions_);
    for (std::size_t i = 0; i < blocks_.size(); ++i) {
      blocks_[i] = std::make_shared<TransformerBlock>();
      register_module("block" + std::to_string(i), blocks_[i]);
    }
    register_module("dense", dense_);
  }

  Tensor logits(Tensor tokens) override {
    Tensor x = tokens_->forward(tokens).add_(positions_->weight);
    for (const auto& block : blocks_) x = (*block)(x);
    return dense_->forward(x.mean(1));
  }

  torch::jit::Module script(bool) const override {
    torch::jit::Module module = script_parts(*this);
    std::string body = "def forward(self, x):\n  x = torch.embedding(self.tokens_weight, x) + self.positions_weight\n";
    for (std::size_t i = 0; i < blocks_.size(); ++i) body += block_script("self.block" + std::to_string(i) + "_");
    module.define(body +
                  "  return torch.softmax(torch.linear(torch.mean(x, [1]), self.dense_weight, self.dense_bias), 1)\n");
    return module;
  }

 private:
  static std::string block_script(const std::string& name) {
    const auto parameters = [&](const std::string& layer) {
      return name + layer + "_weight, " + name + layer + "_bias";
    };
    const auto normalized = [&](const std::string& x, const std::string& layer) {
      return "torch.layer_norm(" + x + ", [128], " + parameters(layer) + ", 0.001)";
    };
    const auto dense = [&](const std::string& x, const std::string& layer) {
      return "torch.linear(" + x + ", " + parameters(layer) + ")";
    };
    return "  p = " + dense(normalized("x", "normalization1"), "projections") +
           ".view([x.size(0), x.size(1), 3, 4, 32]).permute([2, 0, 3, 1, 4])\n"
           "  s = torch.softmax(torch.matmul(p[0] * 0.17677669529663687, p[1].transpose(2, 3)), 3)\n"
           "  h = torch.matmul(s, p[2]).transpose(1, 2).reshape([x.size(0), x.size(1), 128])\n"
           "  x = x + " +
           dense("h", "output") +
           "\n"
           "  x = x + " +
           dense("torch.gelu(" + dense(normalized("x", "normalization2"), "dense1") + ")", "dense2") + "\n";
  }

  torch::nn::Embedding tokens_{1000, 128};
  torch::nn::Embedding positions_{64, 128};
  std::array<std::shared_ptr<TransformerBlock>, 4> blocks_;
  torch::nn::Linear dense_{128, 10};
};

}  // namespace bench
