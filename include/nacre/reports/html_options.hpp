#pragma once
// What one may say about a report.

#include <cstdint>
#include <string>

#include <nacre/reports/class_names.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE::reports {

/// What a report cannot know by itself, and how much it holds.
struct HtmlOptions {
  std::string title{};            ///< of the page; by default the model's name
  std::string data_name{};        ///< what the data is called: "MNIST"
  bool synthetic = false;         ///< whether the data was made up: a banner at the top then says so
  ClassNames class_names{};       ///< by default the classes' numbers
  double train_seconds = 0;       ///< how long training took; 0: the page does not say
  std::string time{};             ///< when; by default the present time
  std::int64_t batch_size = 32;   ///< samples in the training steps that are timed
  std::int64_t timed_steps = 20;  ///< whose median is taken; 0: the page does not say where the time goes

  std::int64_t samples = 40;             ///< pictures of training samples
  std::int64_t misclassified = 300;      ///< pictures of test samples that are wrong, the worst
  std::int64_t correct_per_class = 12;   ///< pictures of test samples that are right, of each class
  std::int64_t picture_bytes = 1 << 20;  ///< of all pictures together; fewer, or none, are shown where they are large
  std::int64_t weight_bytes = 8 << 20;   ///< of float32 weights; larger models are not in the page
};

}  // namespace nacre::reports
