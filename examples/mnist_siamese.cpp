// Siamese networks: one encoder for both pictures of a pair, trained so that pictures of one digit lie close together
// (Hadsell, Chopra and LeCun, "Dimensionality reduction by learning an invariant mapping", CVPR 2006).

#include "mnist_program.hpp"

using namespace nacre;

/// A pair for each sample: half of them with one of the same digit (1), half with another (0).
static Dataset pairs(const Dataset& data, std::uint64_t seed) {
  std::array<List<std::int64_t>, 10> of_digit;
  for (std::int64_t i = 0; i < data.size(); ++i) of_digit[static_cast<std::size_t>(data.label(i))].push_back(i);
  const RandomStream random(seed);
  List<std::int64_t> left, right;
  std::vector<float> same_digit;
  for (std::int64_t i = 0; i < data.size(); ++i) {
    const std::int64_t away =
        i % 2 == 0 ? 0 : 1 + static_cast<std::int64_t>(random.below(9, static_cast<std::uint64_t>(2 * i)));
    const auto& others = of_digit[static_cast<std::size_t>((data.label(i) + away) % 10)];
    if (others.empty()) continue;
    left.push_back(i);
    right.push_back(
        others[static_cast<std::size_t>(random.below(others.size(), static_cast<std::uint64_t>(2 * i + 1)))]);
    same_digit.push_back(away == 0 ? 1.0f : 0.0f);
  }
  const auto count = static_cast<std::int64_t>(left.size());
  return Dataset(Columns{{"left", data.select(left).compact().features_column()},
                         {"right", data.select(right).compact().features_column()}},
                 Columns{{"same", Column(std::move(same_digit), count, {1})}});
}

/// The share of the pairs of one kind that lie further apart than each of some distances.
static std::vector<double> further(const xt::xarray<float>& distances, const Dataset& data, double kind) {
  std::vector<double> shares(41);
  double count = 0;
  for (std::int64_t i = 0; i < data.size(); ++i) {
    if (data.targets_column().value(i, 0) != kind) continue;
    ++count;
    for (std::size_t at = 0; at < shares.size(); ++at)
      shares[at] += distances.data()[i] > 0.05 * static_cast<double>(at);
  }
  for (double& share : shares) share /= std::max(count, 1.0);
  return shares;
}

int main(int argc, char** argv) {
  const example::Defaults defaults{
      .name = "mnist_siamese", .about = "Learns whether two pictures show one digit", .epochs = 5, .batch_size = 128};
  return example::guarded(defaults.name, [&] {
    example::Run run(argc, argv, defaults);
    const Dataset train = pairs(run.train, 1), test = pairs(run.test, 2);
    const Sequential encoder{Input({28, 28, 1}), Conv2D(16, 3, {.activation = relu}),
                             MaxPooling2D(2),    Conv2D(32, 3, {.activation = relu}),
                             MaxPooling2D(2),    Flatten(),
                             Dense(32)};
    const auto tower = shared(encoder.as_layer());
    const Input left({28, 28, 1}, {.name = "left"}), right({28, 28, 1}, {.name = "right"});
    const auto distance = ops::sqrt(ops::sum(ops::square(tower(left) - tower(right)), -1, true) + 1e-9);
    Model model(SymbolicTensors{left, right}, distance);
    model.summary();
    // The contrastive loss: pairs of one digit are drawn together, others pushed at least 1 apart.
    model.compile({.optimizer = Adam(), .loss = [](const SymbolicTensor& same_digit, const SymbolicTensor& apart) {
                     return same_digit * ops::square(apart) + (1 - same_digit) * ops::square(ops::relu(1 - apart));
                   }});
    model.fit(train, {.epochs = run.epochs, .batch_size = run.batch_size, .validation_data = test});

    const auto distances = model.predict(test);
    const auto one = further(distances, test, 1), other = further(distances, test, 0);
    std::printf("\nAt a distance of 0.5, %.2f %% of the test pairs are told right\n", 50 * (1 - one[10] + other[10]));
    std::vector<double> at;
    for (std::size_t i = 0; i < one.size(); ++i) at.push_back(0.05 * static_cast<double>(i));
    run.draw("distances.svg", [&] {
      return reports::chart({{"pairs of one digit", one, at}, {"pairs of two digits", other, at}},
                            {.title = "Pairs that lie further apart", .x_label = "distance", .y_label = "share"});
    });
    run.say_results();
  });
}
