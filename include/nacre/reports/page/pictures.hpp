#pragma once
// The samples that a page shows, as pictures of 8 bits.

#include <algorithm>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include <nacre/core/list.hpp>
#include <nacre/data/dataset.hpp>
#include <nacre/reports/classification.hpp>
#include <nacre/reports/page/base64.hpp>
#include <nacre/reports/page/facts.hpp>
#include <nacre/reports/pictures.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE::reports::page {

/// How many samples of each kind a page shows at most.
struct SampleCounts {
  std::int64_t train = 0;
  std::int64_t wrong = 0;
  std::int64_t right = 0;
};

/// The first samples of each class among those that `is_wanted`, at most `each` of a class, in rounds: the first of
/// each class, then the second, and so on, so that wherever one stops the classes have equally many.
template <class LabelOf, class IsWanted>
List<std::int64_t> in_rounds(std::int64_t samples, std::int64_t classes, std::int64_t each, LabelOf label_of,
                             IsWanted is_wanted) {
  List<std::int64_t> of_class(static_cast<std::size_t>(classes), 0);
  List<std::pair<std::int64_t, std::int64_t>> rounds;  // the round, and the sample
  for (std::int64_t sample = 0; sample < samples; ++sample) {
    const std::int64_t label = label_of(sample);
    if (label >= classes || !is_wanted(sample)) continue;
    const std::int64_t round = of_class[static_cast<std::size_t>(label)]++;
    if (round < each) rounds.emplace_back(round, sample);
  }
  std::sort(rounds.begin(), rounds.end());
  List<std::int64_t> chosen;
  for (const auto& [round, sample] : rounds) chosen.push_back(sample);
  return chosen;
}

/// `wanted` cut to `room` samples in all. One of each kind comes first, then one that is right of each class as far as
/// a third of the room goes; the rest is shared out as it was wanted.
inline SampleCounts within(std::int64_t room, SampleCounts wanted, std::int64_t classes) {
  SampleCounts kept;
  const std::int64_t each_class = std::clamp<std::int64_t>(room / 3, 1, classes);
  const auto keep = [&](std::int64_t& count, std::int64_t most) {
    const std::int64_t more = std::clamp<std::int64_t>(most - count, 0, room);
    count += more;
    room -= more;
  };
  keep(kept.wrong, std::min<std::int64_t>(wanted.wrong, 1));
  keep(kept.train, std::min<std::int64_t>(wanted.train, 1));
  keep(kept.right, std::min(wanted.right, each_class));
  const SampleCounts open{wanted.train - kept.train, wanted.wrong - kept.wrong, wanted.right - kept.right};
  const auto all = static_cast<double>(open.train + open.wrong + open.right);
  const double share = all > 0 ? std::min(static_cast<double>(room) / all, 1.0) : 0.0;
  keep(kept.train, kept.train + static_cast<std::int64_t>(share * static_cast<double>(open.train)));
  keep(kept.wrong, kept.wrong + static_cast<std::int64_t>(share * static_cast<double>(open.wrong)));
  keep(kept.right, kept.right + static_cast<std::int64_t>(share * static_cast<double>(open.right)));
  return kept;
}

/// The first `count`, or all where there are fewer.
inline void cut(List<std::int64_t>& samples, std::int64_t count) {
  samples.resize(std::min(samples.size(), static_cast<std::size_t>(count)));
}

/// The samples that a page shows: some to learn from and some that are right, by class, and those that are wrong, worst
/// first.
/// @param most  of each kind; right ones: of each class.
/// @param room  for so many samples in all.
/// Throws ValueError for training targets that are no classes, unless no training samples are wanted.
inline ChosenSamples choose_samples(const Classification& found, const Dataset& train, const SampleCounts& most,
                                    std::int64_t room) {
  const auto train_label = [&](std::int64_t sample) { return train.label(sample); };
  const auto truth = [&](std::int64_t sample) { return found.truth(sample); };
  const auto correct = [&](std::int64_t sample) { return found.correct(sample); };
  ChosenSamples chosen;
  if (train.has_targets() && most.train > 0) {
    chosen.train = in_rounds(train.size(), found.classes(), most.train, train_label, [](std::int64_t) { return true; });
  }
  cut(chosen.train, most.train);
  chosen.wrong = found.misclassified();
  cut(chosen.wrong, most.wrong);
  chosen.right = in_rounds(found.size(), found.classes(), most.right, truth, correct);
  const auto size = [](const List<std::int64_t>& samples) { return static_cast<std::int64_t>(samples.size()); };
  const SampleCounts kept = within(room, {size(chosen.train), size(chosen.wrong), size(chosen.right)}, found.classes());
  cut(chosen.train, kept.train);
  cut(chosen.wrong, kept.wrong);
  cut(chosen.right, kept.right);
  const auto sort_by = [](List<std::int64_t>& samples, const auto& label_of) {
    std::stable_sort(samples.begin(), samples.end(),
                     [&](std::int64_t a, std::int64_t b) { return label_of(a) < label_of(b); });
  };
  sort_by(chosen.train, train_label);
  sort_by(chosen.right, truth);
  return chosen;
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
  using reports::detail::append_features;
  std::vector<float> features;
  nlohmann::ordered_json samples = nlohmann::ordered_json::array();
  append_features(features, train, chosen.train);
  for (std::int64_t sample : chosen.train) samples.push_back({{"index", sample}, {"truth", train.label(sample)}});
  for (const auto* list : {&chosen.wrong, &chosen.right}) {
    append_features(features, test, *list);
    for (std::int64_t sample : *list) samples.push_back(test_sample(found, sample));
  }
  const reports::detail::Contrast contrast = reports::detail::contrast_of(features);
  std::string pixels;
  for (float feature : features) pixels += static_cast<char>(reports::detail::level_of(feature, contrast));
  return {{"shape", List<std::int64_t>(shape.begin(), shape.end())},
          {"scale", (contrast.white - contrast.black) / 255},
          {"offset", contrast.black},
          {"pixels", base64(pixels)},
          {"samples", std::move(samples)}};
}

/// The features that paper and ink have in the data, for page/digit_canvas.js: what the first samples have most of is
/// paper.
inline nlohmann::ordered_json paper_and_ink(const Dataset& data) {
  List<std::int64_t> first;
  for (std::int64_t sample = 0; sample < std::min<std::int64_t>(data.size(), 100); ++sample) first.push_back(sample);
  std::vector<float> features;
  reports::detail::append_features(features, data, first);
  const auto [black, white] = reports::detail::contrast_of(features);
  double sum = 0;
  for (float feature : features) sum += reports::detail::level_of(feature, {black, white});
  const bool dark_on_light = sum > 127.5 * static_cast<double>(features.size());
  return {{"paper", dark_on_light ? white : black}, {"ink", dark_on_light ? black : white}};
}

}  // namespace nacre::reports::page
