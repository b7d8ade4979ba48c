// The summaries of the documents' networks, to the character.

#include <nacre/layers/batch_normalization.hpp>
#include <nacre/layers/dropout.hpp>
#include <nacre/layers/flatten.hpp>
#include <nacre/layers/input.hpp>
#include <nacre/optimizers/adam.hpp>
#include <nacre/optimizers/rmsprop.hpp>

#include <unistd.h>

#include <cstdio>

#include "convolutional_network.hpp"
#include "models/model_testing.hpp"

using namespace nacre;

TEST_CASE("the summary of the multilayer perceptron") {
  Sequential model{Input({784}), Dense(32, {.activation = relu, .name = "L1"}),
                   Dense(64, {.activation = relu, .name = "L2"}), Dense(10, {.activation = linear, .name = "L3"})};
  const std::string table =
      "Model: \"sequential\"\n"
      "┏━━━━━━━━━━━━━━┳━━━━━━━━━━━━━━┳━━━━━━━━━┓\n"
      "┃ Layer (type) ┃ Output Shape ┃ Param # ┃\n"
      "┡━━━━━━━━━━━━━━╇━━━━━━━━━━━━━━╇━━━━━━━━━┩\n"
      "│ L1 (Dense)   │ (None, 32)   │  25,120 │\n"
      "├──────────────┼──────────────┼─────────┤\n"
      "│ L2 (Dense)   │ (None, 64)   │   2,112 │\n"
      "├──────────────┼──────────────┼─────────┤\n"
      "│ L3 (Dense)   │ (None, 10)   │     650 │\n"
      "└──────────────┴──────────────┴─────────┘\n";
  CHECK(model.summary_text() == table +
                                    " Total params: 27,882 (108.91 KB)\n"
                                    " Trainable params: 27,882 (108.91 KB)\n"
                                    " Non-trainable params: 0 (0.00 B)\n");
  CHECK(model.count_params() == 27882);

  // Once compiled, the optimizer's memory counts too: two numbers a parameter for Adam.
  model.compile({.optimizer = Adam(), .loss = SparseCategoricalCrossentropy({.from_logits = true})});
  CHECK(model.summary_text() == table +
                                    " Total params: 83,646 (326.74 KB)\n"
                                    " Trainable params: 27,882 (108.91 KB)\n"
                                    " Non-trainable params: 0 (0.00 B)\n"
                                    " Optimizer params: 55,764 (217.83 KB)\n");
}

TEST_CASE("the summary of the perceptron with normalization and dropout") {
  Sequential model;
  model.add(Input({28, 28, 1}));
  model.add(Flatten());
  for (const std::int64_t units : {256, 128}) {
    model.add(Dense(units, {.activation = relu}));
    model.add(BatchNormalization());
    model.add(Dropout(0.5));
  }
  model.add(Dense(10, {.activation = softmax}));
  CHECK(model.count_params() == 236682);
  CHECK(model.count_params(true) == 235914);
  CHECK(model.summary_text() ==
        "Model: \"sequential\"\n"
        "┏━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━┳━━━━━━━━━━━━━━┳━━━━━━━━━┓\n"
        "┃ Layer (type)                               ┃ Output Shape ┃ Param # ┃\n"
        "┡━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━╇━━━━━━━━━━━━━━╇━━━━━━━━━┩\n"
        "│ flatten (Flatten)                          │ (None, 784)  │       0 │\n"
        "├────────────────────────────────────────────┼──────────────┼─────────┤\n"
        "│ dense (Dense)                              │ (None, 256)  │ 200,960 │\n"
        "├────────────────────────────────────────────┼──────────────┼─────────┤\n"
        "│ batch_normalization (BatchNormalization)   │ (None, 256)  │   1,024 │\n"
        "├────────────────────────────────────────────┼──────────────┼─────────┤\n"
        "│ dropout (Dropout)                          │ (None, 256)  │       0 │\n"
        "├────────────────────────────────────────────┼──────────────┼─────────┤\n"
        "│ dense_1 (Dense)                            │ (None, 128)  │  32,896 │\n"
        "├────────────────────────────────────────────┼──────────────┼─────────┤\n"
        "│ batch_normalization_1 (BatchNormalization) │ (None, 128)  │     512 │\n"
        "├────────────────────────────────────────────┼──────────────┼─────────┤\n"
        "│ dropout_1 (Dropout)                        │ (None, 128)  │       0 │\n"
        "├────────────────────────────────────────────┼──────────────┼─────────┤\n"
        "│ dense_2 (Dense)                            │ (None, 10)   │   1,290 │\n"
        "└────────────────────────────────────────────┴──────────────┴─────────┘\n"
        " Total params: 236,682 (924.54 KB)\n"
        " Trainable params: 235,914 (921.54 KB)\n"
        " Non-trainable params: 768 (3.00 KB)\n");
}

TEST_CASE("the summary of the convolutional network") {
  Sequential model = testing::convolutional_network();
  model.build({28, 28, 1});
  CHECK(model.summary_text() ==
        "Model: \"sequential\"\n"
        "┏━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━┳━━━━━━━━━━━━━━━━━━━━┳━━━━━━━━━┓\n"
        "┃ Layer (type)                   ┃ Output Shape       ┃ Param # ┃\n"
        "┡━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━╇━━━━━━━━━━━━━━━━━━━━╇━━━━━━━━━┩\n"
        "│ conv2d (Conv2D)                │ (None, 26, 26, 32) │     320 │\n"
        "├────────────────────────────────┼────────────────────┼─────────┤\n"
        "│ max_pooling2d (MaxPooling2D)   │ (None, 13, 13, 32) │       0 │\n"
        "├────────────────────────────────┼────────────────────┼─────────┤\n"
        "│ conv2d_1 (Conv2D)              │ (None, 11, 11, 64) │  18,496 │\n"
        "├────────────────────────────────┼────────────────────┼─────────┤\n"
        "│ max_pooling2d_1 (MaxPooling2D) │ (None, 5, 5, 64)   │       0 │\n"
        "├────────────────────────────────┼────────────────────┼─────────┤\n"
        "│ flatten (Flatten)              │ (None, 1600)       │       0 │\n"
        "├────────────────────────────────┼────────────────────┼─────────┤\n"
        "│ dense (Dense)                  │ (None, 128)        │ 204,928 │\n"
        "├────────────────────────────────┼────────────────────┼─────────┤\n"
        "│ dropout (Dropout)              │ (None, 128)        │       0 │\n"
        "├────────────────────────────────┼────────────────────┼─────────┤\n"
        "│ dense_1 (Dense)                │ (None, 10)         │   1,290 │\n"
        "└────────────────────────────────┴────────────────────┴─────────┘\n"
        " Total params: 225,034 (879.04 KB)\n"
        " Trainable params: 225,034 (879.04 KB)\n"
        " Non-trainable params: 0 (0.00 B)\n");
}

TEST_CASE("the summary of a model that is not built says so") {
  const Sequential model{Dense(3)};
  CHECK_THAT(model.summary_text(), ContainsSubstring("│ dense (Dense) │ ?            │ 0 (unbuilt) │"));
}

TEST_CASE("a name with control characters, as a file may have, neither cuts the printed summary nor moves the cursor") {
  const std::string name("a\0\x1b[2J", 6);
  const Sequential model{Input({3}), Dense(2, {.name = name})};
  std::FILE* const printed = std::tmpfile();
  REQUIRE(printed != nullptr);
  std::fflush(stdout);
  const int before = ::dup(STDOUT_FILENO);
  ::dup2(::fileno(printed), STDOUT_FILENO);
  model.summary();
  ::dup2(before, STDOUT_FILENO);
  ::close(before);
  std::rewind(printed);
  std::string text;
  for (int byte = std::fgetc(printed); byte != EOF; byte = std::fgetc(printed)) text += static_cast<char>(byte);
  std::fclose(printed);
  CHECK_THAT(text, ContainsSubstring("a\\x00\\x1b[2J (Dense)"));
  CHECK_THAT(text, ContainsSubstring("Non-trainable params"));
  CHECK(text.find('\0') == std::string::npos);
}
