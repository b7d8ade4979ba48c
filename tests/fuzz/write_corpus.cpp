// write_corpus <folder>: writes the files that the corpus begins with: small valid inputs of the targets that read
// models. Those of the other targets were made by hand, and by fuzzing.

#include <filesystem>
#include <fstream>
#include <string>

#include <nacre/nacre.hpp>
#include <nacre/saving/json.hpp>

using namespace nacre;

namespace {

void write(const std::filesystem::path& path, const std::string& content) {
  std::filesystem::create_directories(path.parent_path());
  std::ofstream(path, std::ios::binary) << content;
}

template <class... Objects>
void write_configs(const std::filesystem::path& folder, const Objects&... objects) {
  const auto write_one = [&](const auto& object) {
    const Config config = get_config(object);
    write(folder / config.class_name, to_json_text(config));
  };
  (write_one(objects), ...);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) return 1;
  const std::filesystem::path folder = argv[1];
  std::filesystem::create_directories(folder / "model_fuzz");

  Sequential dense{Input({3}), Dense(2, {.activation = relu}), Dropout(0.5), Dense(1)};
  save(dense, folder / "model_fuzz" / "dense");
  dense.compile({.optimizer = SGD(), .loss = MeanSquaredError()});
  save(dense, folder / "model_fuzz" / "compiled");
  const Sequential convolutional{
      Input({4, 4, 1}), Conv2D(1, 3, {.padding = same}), BatchNormalization(), MaxPooling2D(2), Flatten(), Softmax()};
  save(convolutional, folder / "model_fuzz" / "convolutional");

  write_configs(folder / "options_fuzz", Adam(), AdamW(), RMSprop(), SGD(0.01, {.momentum = 0.9, .clipnorm = 1.0}),
                Dense(2, {.activation = softmax}), Conv2D(2, 3, {.strides = 2, .padding = same}), MaxPooling2D(2),
                BatchNormalization(), Dropout(0.5), Reshape({2, 2}), Recall(), BinaryCrossentropy());
}
