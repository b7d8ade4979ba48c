// What scripts/compile_time takes as its measure: a CNN as README's, written with libtorch as its users write it, with
// MNIST's data set, training, evaluation and saving. It is compiled there and never run.

#include <torch/torch.h>

#include <cstddef>
#include <cstdint>
#include <iostream>

struct Net : torch::nn::Module {
  Net() {
    register_module("conv1", conv1);
    register_module("conv2", conv2);
    register_module("dropout", dropout);
    register_module("dense1", dense1);
    register_module("dense2", dense2);
  }

  torch::Tensor forward(torch::Tensor x) {
    x = torch::max_pool2d(torch::relu(conv1->forward(x)), 2);
    x = torch::max_pool2d(torch::relu(conv2->forward(x)), 2);
    x = torch::relu(dense1->forward(x.view({-1, 1600})));
    x = dropout->forward(x);
    return torch::log_softmax(dense2->forward(x), /*dim=*/1);
  }

  torch::nn::Conv2d conv1{torch::nn::Conv2dOptions(1, 32, 3)};
  torch::nn::Conv2d conv2{torch::nn::Conv2dOptions(32, 64, 3)};
  torch::nn::Dropout dropout{0.5};
  torch::nn::Linear dense1{1600, 128};
  torch::nn::Linear dense2{128, 10};
};

template <class Loader>
void train(int epoch, Net& model, torch::Device device, Loader& loader, torch::optim::Optimizer& optimizer,
           std::size_t samples) {
  model.train();
  std::size_t batches = 0;
  for (auto& batch : loader) {
    torch::Tensor data = batch.data.to(device);
    torch::Tensor targets = batch.target.to(device);
    optimizer.zero_grad();
    torch::Tensor loss = torch::nll_loss(model.forward(data), targets);
    loss.backward();
    optimizer.step();
    if (++batches % 100 == 0) {
      std::cout << "epoch " << epoch << ": " << batches * 128 << " of " << samples << ", loss "
                << loss.template item<float>() << '\n';
    }
  }
}

template <class Loader>
void evaluate(Net& model, torch::Device device, Loader& loader, std::size_t samples) {
  torch::NoGradGuard no_gradients;
  model.eval();
  double loss = 0;
  std::int64_t correct = 0;
  for (const auto& batch : loader) {
    torch::Tensor data = batch.data.to(device);
    torch::Tensor targets = batch.target.to(device);
    torch::Tensor output = model.forward(data);
    loss += torch::nll_loss(output, targets, /*weight=*/{}, torch::Reduction::Sum).template item<float>();
    correct += output.argmax(1).eq(targets).sum().template item<std::int64_t>();
  }
  std::cout << "test: loss " << loss / static_cast<double>(samples) << ", accuracy "
            << static_cast<double>(correct) / static_cast<double>(samples) << '\n';
}

int main() {
  torch::manual_seed(1);
  torch::Device device(torch::kCPU);
  Net model;
  model.to(device);

  auto train_data = torch::data::datasets::MNIST("data/mnist")
                        .map(torch::data::transforms::Normalize<>(0.1307, 0.3081))
                        .map(torch::data::transforms::Stack<>());
  const std::size_t train_size = train_data.size().value();
  auto train_loader = torch::data::make_data_loader<torch::data::samplers::RandomSampler>(std::move(train_data), 128);

  auto test_data = torch::data::datasets::MNIST("data/mnist", torch::data::datasets::MNIST::Mode::kTest)
                       .map(torch::data::transforms::Normalize<>(0.1307, 0.3081))
                       .map(torch::data::transforms::Stack<>());
  const std::size_t test_size = test_data.size().value();
  auto test_loader = torch::data::make_data_loader(std::move(test_data), 1000);

  torch::optim::Adam optimizer(model.parameters(), torch::optim::AdamOptions(1e-3));
  for (int epoch = 1; epoch <= 50; ++epoch) {
    train(epoch, model, device, *train_loader, optimizer, train_size);
    evaluate(model, device, *test_loader, test_size);
  }

  torch::serialize::OutputArchive archive;
  model.save(archive);
  archive.save_to("mnist_cnn.pt");
}
