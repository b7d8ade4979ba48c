#pragma once
// Everything that a page says, gathered from a model and its data: plain values, so that the page itself is written
// without templates.

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include <nacre/core/list.hpp>
#include <nacre/models/history.hpp>
#include <nacre/models/step_times.hpp>
#include <nacre/reports/classification.hpp>
#include <nacre/reports/confidence.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE::reports::page {

/// A score on the test data.
struct ScoreFacts {
  std::string name;
  std::string kind;  ///< "loss", or the metric's class
  double value = 0;
  std::optional<Interval> interval{};  ///< none where nobody knows how to estimate it
  bool is_share = false;               ///< whether it is a proportion, to be shown in percent
};

struct LayerFacts {
  std::string name;
  std::string type;
  std::string output_shape;
  std::int64_t parameters = 0;
};

/// The first convolution, whose filters the page shows.
struct ConvolutionFacts {
  std::string name;
  std::int64_t filters = 0;
};

/// The samples whose pictures a page holds.
struct ChosenSamples {
  List<std::int64_t> train;  ///< to show what the data is like
  List<std::int64_t> wrong;  ///< test samples, worst first
  List<std::int64_t> right;  ///< test samples, some of each class

  bool empty() const { return train.empty() && wrong.empty() && right.empty(); }
};

struct PageFacts {
  std::string title{};
  bool synthetic = false;
  std::vector<std::pair<std::string, std::string>> run{};  ///< what, and how it was
  double train_seconds = 0;
  std::int64_t epochs = 0;

  std::string data_name{};
  std::int64_t train_samples = 0;
  std::int64_t test_samples = 0;
  std::optional<Shape> picture_shape{};

  List<LayerFacts> layers{};
  std::int64_t parameters = 0;
  std::int64_t trainable = 0;

  History history{};
  List<ScoreFacts> scores{};
  std::vector<std::string> class_names{};
  std::optional<Classification> found{};
  ChosenSamples chosen{};

  std::optional<StepTimes> step_times{};
  std::optional<ConvolutionFacts> convolution{};
  std::string why_no_model{};         ///< a sentence where the page cannot compute the model
  std::string why_no_canvas{};        ///< a sentence where there is none to draw on
  nlohmann::ordered_json model{};     ///< null where nothing on the page computes it
  nlohmann::ordered_json pictures{};  ///< null where no samples are chosen
  nlohmann::ordered_json drawing{};   ///< the features of paper and ink; null where there is no canvas
};

}  // namespace nacre::reports::page
