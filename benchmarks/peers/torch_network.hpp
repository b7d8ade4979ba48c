#pragma once
// A network of libtorch's twin of train_bench, and what its TorchScript is made with.

#include <torch/script.h>
#include <torch/torch.h>

#include <algorithm>
#include <stdexcept>
#include <string>

namespace bench {

using torch::Tensor;

/// A network up to its logits.
struct Network : torch::nn::Module {
  virtual Tensor logits(Tensor x) = 0;

  /// The same with softmax behind it where `has_softmax`, as TorchScript.
  virtual torch::jit::Module script(bool /*has_softmax*/) const {
    throw std::invalid_argument("there is no TorchScript of this network");
  }

  /// For inference with opaque tensors: kernels in oneDNN's layout, once and for all.
  virtual void pack() {}
};

/// A TorchScript module with the parameters and buffers of a network, whose names have "_" for "."; still without code.
inline torch::jit::Module script_parts(const Network& network) {
  torch::jit::Module module("network");
  module.register_attribute("training", torch::jit::BoolType::get(), false);
  const auto plain = [](std::string name) {
    std::replace(name.begin(), name.end(), '.', '_');
    return name;
  };
  for (const auto& parameter : network.named_parameters()) {
    module.register_parameter(plain(parameter.key()), parameter.value().detach(), false);
  }
  for (const auto& buffer : network.named_buffers()) module.register_buffer(plain(buffer.key()), buffer.value());
  return module;
}

}  // namespace bench
