#pragma once
// The samples that a page shows, as pictures of 8 bits.

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include <nacre/data/dataset.hpp>
#include <nacre/reports/classification.hpp>
#include <nacre/reports/page/base64.hpp>
#include <nacre/reports/pictures.hpp>

namespace nacre::reports::page {

/// How samples of that shape look as a picture, (height, width, channels): grey or colour images as they are, and rows
/// of 784 as MNIST's digits. None for other features.
inline std::optional<Shape> picture_shape(const Shape& features) {
  if (features == Shape{784}) return Shape{28, 28, 1};
  if (features.rank() == 2 && features.size() > 0) return Shape{features[0], features[1], 1};
  const bool image = features.rank() == 3 && features.size() > 0 && (features[2] == 1 || features[2] == 3);
  return image ? std::optional<Shape>(features) : std::nullopt;
}

/// Which samples a page shows.
struct ChosenSamples {
  std::vector<std::int64_t> train;  ///< to show what the data is like
  std::vector<std::int64_t> wrong;  ///< test samples, worst first
  std::vector<std::int64_t> right;  ///< test samples, some of each class
};

/// How many samples of each kind a page shows at most.
struct SampleCounts {
  std::int64_t train;
  std::int64_t wrong;
  std::int64_t right;  ///< of each class
};

/// The first so many samples of each class among those that `is_wanted`.
template <class LabelOf, class IsWanted>
std::vector<std::int64_t> first_of_each_class(std::int64_t samples, std::int64_t classes, std::int64_t each,
                                              LabelOf label_of, IsWanted is_wanted) {
  std::vector<std::int64_t> chosen;
  std::vector<std::int64_t> found(static_cast<std::size_t>(classes), 0);
  std::int64_t open = each > 0 ? classes : 0;
  for (std::int64_t sample = 0; sample < samples && open > 0; ++sample) {
    const std::int64_t label = label_of(sample);
    if (label >= classes || !is_wanted(sample)) continue;
    std::int64_t& count = found[static_cast<std::size_t>(label)];
    if (count == each) continue;
    chosen.push_back(sample);
    if (++count == each) --open;
  }
  std::stable_sort(chosen.begin(), chosen.end(),
                   [&](std::int64_t a, std::int64_t b) { return label_of(a) < label_of(b); });
  return chosen;
}

/// The samples that a page shows: those that are wrong, worst first, and the first that are right of each class.
inline ChosenSamples choose_samples(const Classification& found, const Dataset& train, SampleCounts counts) {
  const auto always = [](std::int64_t) { return true; };
  const auto train_label = [&](std::int64_t sample) { return train.label(sample); };
  const std::int64_t each = (counts.train + found.classes() - 1) / found.classes();
  ChosenSamples chosen;
  if (train.has_targets()) {
    chosen.train = first_of_each_class(train.size(), found.classes(), each, train_label, always);
    if (static_cast<std::int64_t>(chosen.train.size()) > counts.train) {
      chosen.train.resize(static_cast<std::size_t>(counts.train));
    }
  }
  chosen.wrong = found.misclassified();
  if (static_cast<std::int64_t>(chosen.wrong.size()) > counts.wrong) {
    chosen.wrong.resize(static_cast<std::size_t>(counts.wrong));
  }
  const auto truth = [&](std::int64_t sample) { return found.truth(sample); };
  const auto correct = [&](std::int64_t sample) { return found.correct(sample); };
  chosen.right = first_of_each_class(found.size(), found.classes(), counts.right, truth, correct);
  return chosen;
}

/// Counts at which samples of `sample_bytes` bytes take at most `budget` bytes: all three are cut by the same factor.
inline SampleCounts within_budget(SampleCounts counts, std::int64_t classes, std::int64_t sample_bytes,
                                  std::int64_t budget) {
  const double wanted =
      static_cast<double>(counts.train + counts.wrong + classes * counts.right) * static_cast<double>(sample_bytes);
  if (wanted <= static_cast<double>(budget)) return counts;
  const double share = static_cast<double>(budget) / wanted;
  const auto cut = [&](std::int64_t count) { return static_cast<std::int64_t>(static_cast<double>(count) * share); };
  return {cut(counts.train), cut(counts.wrong), cut(counts.right)};
}

/// What the bytes 0 and 255 stand for: the usual range that holds all of these features.
inline reports::detail::Contrast contrast_of(const std::vector<float>& features) {
  double min = 0;
  double max = 0;
  for (float feature : features) {
    if (!std::isfinite(feature)) continue;
    min = std::min(min, static_cast<double>(feature));
    max = std::max(max, static_cast<double>(feature));
  }
  return reports::detail::contrast_of(min, max);
}

/// 0 to 255; what is not finite is black.
inline char byte_of(double feature, reports::detail::Contrast contrast) {
  const double level = (feature - contrast.black) / (contrast.white - contrast.black);
  return static_cast<char>(level > 0 ? std::lround(255 * std::min(level, 1.0)) : 0);
}

inline void append_features(std::vector<float>& features, const Dataset& data,
                            const std::vector<std::int64_t>& samples) {
  for (std::int64_t sample : samples) {
    const xt::xarray<float> values = data.sample(sample);
    features.insert(features.end(), values.begin(), values.end());
  }
}

/// A test sample with its true class and the three that the model finds most likely.
inline nlohmann::ordered_json test_sample(const Classification& found, std::int64_t sample) {
  nlohmann::ordered_json top = nlohmann::ordered_json::array();
  for (std::int64_t label : found.ranked(sample)) {
    if (top.size() < 3) top.push_back({label, found.probability(sample, label)});
  }
  return {{"index", sample}, {"truth", found.truth(sample)}, {"top", std::move(top)}};
}

/// What page/pictures.js makes Pictures of: samples of the training data have a "truth" alone, those of the test data
/// also a "top".
inline nlohmann::ordered_json embedded_pictures(const ChosenSamples& chosen, const Classification& found,
                                                const Dataset& train, const Dataset& test, const Shape& shape) {
  std::vector<float> features;
  nlohmann::ordered_json samples = nlohmann::ordered_json::array();
  append_features(features, train, chosen.train);
  for (std::int64_t sample : chosen.train) samples.push_back({{"index", sample}, {"truth", train.label(sample)}});
  for (const auto* list : {&chosen.wrong, &chosen.right}) {
    append_features(features, test, *list);
    for (std::int64_t sample : *list) samples.push_back(test_sample(found, sample));
  }
  const reports::detail::Contrast contrast = contrast_of(features);
  std::string pixels;
  for (float feature : features) pixels += byte_of(static_cast<double>(feature), contrast);
  return {{"shape", std::vector<std::int64_t>(shape.begin(), shape.end())},
          {"scale", (contrast.white - contrast.black) / 255},
          {"offset", contrast.black},
          {"pixels", base64(pixels)},
          {"samples", std::move(samples)}};
}

}  // namespace nacre::reports::page
