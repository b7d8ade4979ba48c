// Options from texts: layers, activations, optimizers, losses, metrics and initializers from their configs.

#include <cstddef>
#include <cstdint>

#include <nacre/nacre.hpp>
#include <nacre/saving/json.hpp>

#include "fuzz/fuzzing.hpp"

using namespace nacre;

namespace {

template <class... Classes>
void make_one_of(const Config& config) {
  const auto make = [&]<class Class>() {
    if (config.class_name == Class::type_name) static_cast<void>(get_config(from_config<Class>(config)).to_string());
  };
  (make.template operator()<Classes>(), ...);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  testing::expect_errors_only([&] {
    const ConfigValue value = from_json_text(testing::text_of(data, size), "fuzz");
    const auto* config = value.get_if<Config>();
    if (config == nullptr) return;
    make_one_of<Adam, AdamW, RMSprop, SGD, Adadelta, Adafactor, Adagrad, Adamax, Ftrl, Lamb, Lion, Muon, Nadam,
                ScheduleFreeAdamW, CosineDecay, CosineDecayRestarts, ExponentialDecay, InverseTimeDecay,
                PiecewiseConstantDecay, PolynomialDecay, Dense, Conv2D, MaxPooling2D, AveragePooling2D,
                BatchNormalization, Dropout, Rescaling, Reshape, ReLU, Softmax, ActivationLayer, Input,
                BinaryCrossentropy, CategoricalCrossentropy, Recall, Precision, Accuracy, VarianceScaling, Constant>(
        *config);
  });
  return 0;
}
