// The report page: its parts, what it leaves out, and that nothing in it breaks out of where it stands. What it does in
// a browser is tested in browser/.

#include "catch.hpp"

#include <limits>

#include <nlohmann/json.hpp>

#include <nacre/nacre.hpp>
#include <nacre/reports/html.hpp>
#include <nacre/reports/page/document.hpp>
#include <nacre/reports/page/gather.hpp>

using namespace nacre;
using reports::HtmlOptions;

namespace {

/// A layer that the page's script does not know.
struct Halve {
  static constexpr std::string_view type_name = "Halve";
  Shape build(const Shape& input, LayerBuilder&) const { return input; }
  template <class T>
  void forward(const Forward<T>& step) const {
    step.output = T(0.5) * step.input;
  }
  template <class T>
  void backward(const Backward<T>& step) const {
    step.input_gradient = T(0.5) * step.output_gradient;
  }
};

struct Trained {
  Sequential<> model;
  History history;
  Dataset train;
  Dataset test;

  std::string page(const HtmlOptions& options = {.time = "now", .timed_steps = 0}) const {
    return reports::html(model, history, train, test, options).bytes();
  }
};

Trained trained(std::initializer_list<AnyLayer<float>> layers) {
  set_random_seed(5);
  Trained run{
      Sequential<>(layers, "tester"), {}, datasets::synthetic_digits(200, 1), datasets::synthetic_digits(100, 2)};
  run.train = run.train.reshaped(run.model.input_shape());
  run.test = run.test.reshaped(run.model.input_shape());
  run.model.compile({.optimizer = Adam(1e-2), .loss = SparseCategoricalCrossentropy(), .metrics = {Accuracy()}});
  run.history = run.model.fit(run.train, {.verbose = 0, .validation_split = 0.2});
  return run;
}

Trained trained_network() {
  return trained(
      {Input({28, 28, 1}), Conv2D(4, 3, {.activation = relu}), Flatten(), Dense(10, {.activation = softmax})});
}

bool contains(const std::string& page, std::string_view part) { return page.find(part) != std::string::npos; }

std::size_t count(const std::string& page, std::string_view part) {
  std::size_t found = 0;
  for (std::size_t at = page.find(part); at != std::string::npos; at = page.find(part, at + 1)) ++found;
  return found;
}

/// What the page's scripts read.
nlohmann::json data_of(const std::string& page) {
  const std::string_view begin = "id=\"report-data\">";
  const std::size_t first = page.find(begin) + begin.size();
  return nlohmann::json::parse(page.substr(first, page.find("</script>", first) - first));
}

}  // namespace

TEST_CASE("A report is one page that has every section and opens nothing else") {
  const std::string page = trained_network().page({.timed_steps = 2});
  CHECK(page.rfind("<!DOCTYPE html>", 0) == 0);
  for (const char* id : {"scores", "curves", "confusions", "classes", "samples", "misclassified", "filters", "time",
                         "model", "run", "try"}) {
    INFO(id);
    CHECK(count(page, text("<section id=\"", id, "\"")) == 1);
    CHECK(contains(page, text("href=\"#", id, "\"")));
  }
  for (const char* tag : {"section", "table", "script", "style", "svg", "main", "ol", "dl"}) {
    INFO(tag);
    CHECK(count(page, text("<", tag, ">")) + count(page, text("<", tag, " ")) == count(page, text("</", tag, ">")));
  }
  CHECK(!contains(page, "src=\"http"));
  CHECK(!contains(page, "@import"));
  CHECK(contains(page, "default-src 'none'"));
  CHECK(page.size() < 3'000'000);
}

TEST_CASE("A report holds the model and the pictures that its sections show") {
  const Trained run = trained_network();
  const nlohmann::json data = data_of(run.page());
  CHECK(data["classes"].size() == 10);
  CHECK(data["model"]["architecture"]["config"]["layers"].size() == run.model.layers().size());
  CHECK(data["model"]["weights"].size() == run.model.weight_names().size());
  const std::size_t bytes = 4 * static_cast<std::size_t>(run.model.count_params());
  CHECK(data["model"]["bytes"].get<std::string>().size() == (bytes + 2) / 3 * 4);
  CHECK(data["model"]["logits"] == false);
  const auto found = reports::classify(run.model, run.test);
  std::size_t wrong = 0;
  for (const auto& sample : data["pictures"]["samples"]) {
    if (sample.contains("top")) wrong += sample["top"][0][0] != sample["truth"];
  }
  CHECK(wrong == found.misclassified().size());
  CHECK(data["pictures"]["scale"].get<double>() == Approx(1.0 / 255));
}

TEST_CASE("The page's weights are those of the model, in little-endian float32") {
  CHECK(reports::page::base64("") == "");
  CHECK(reports::page::base64("M") == "TQ==");
  CHECK(reports::page::base64("Ma") == "TWE=");
  CHECK(reports::page::base64("Man") == "TWFu");
  std::string bytes;
  reports::page::append_float(bytes, -2.0F);
  CHECK(bytes == std::string("\x00\x00\x00\xC0", 4));
}

TEST_CASE("The page's script computes the layers that it is said to compute") {
  const std::string_view script = reports::page::inference_script;
  const std::string_view functions = script.substr(script.find("const layerFunctions"));
  for (const std::string_view layer : reports::page::page_layers) {
    INFO(layer);
    CHECK(functions.find(text("\n  ", layer, ":")) != std::string_view::npos);
  }
}

TEST_CASE("Nothing that a user names breaks out of the page") {
  const std::string evil = "</script><script>alert(1)</script>";
  HtmlOptions options{
      .title = evil, .data_name = "a & b \"c\" <d>", .class_names = {evil, "<b>", "\xFF"}, .time = evil};
  options.timed_steps = 0;
  const Trained run = trained_network();
  const std::string page = run.page(options);
  CHECK(!contains(page, "alert(1)</script>"));
  CHECK(!contains(page, "<b></b>"));
  CHECK(contains(page, "&lt;/script&gt;&lt;script&gt;alert(1)&lt;/script&gt;"));
  CHECK(contains(page, "a &amp; b &quot;c&quot; &lt;d&gt;"));
  CHECK(data_of(page)["classes"][0] == evil);
  CHECK(data_of(page)["classes"][2] == "\xEF\xBF\xBD");
}

TEST_CASE("Synthetic data is announced at the top, other data is not") {
  const Trained run = trained_network();
  HtmlOptions options{.synthetic = true, .timed_steps = 0};
  const std::string page = run.page(options);
  REQUIRE(contains(page, "class=\"banner\""));
  CHECK(page.find("class=\"banner\"") < page.find("<section"));
  options.synthetic = false;
  CHECK(!contains(run.page(options), "class=\"banner\""));
}

TEST_CASE("The same input gives the same page") {
  const Trained run = trained_network();
  CHECK(run.page() == run.page());
}

TEST_CASE("Scores come with their intervals") {
  const Trained run = trained_network();
  const auto found = reports::classify(run.model, run.test);
  const auto scores = reports::page::scores_of(run.model, run.test, found);
  REQUIRE(scores.size() == 2);
  CHECK(scores[0].name == "accuracy");
  const reports::Interval wilson = reports::wilson_interval(100 * reports::share_correct(found), 100);
  CHECK(scores[0].interval->low == Approx(wilson.low));
  CHECK(scores[1].name == "loss");
  CHECK((scores[1].interval->low + scores[1].interval->high) / 2 == Approx(scores[1].value).epsilon(1e-5));
}

TEST_CASE("Precision and recall are proportions of what they count") {
  const reports::Classification found({0, 1, 1}, xt::xarray<float>{{0.9F, 0.1F}, {0.6F, 0.4F}, {0.5F, 0.5F}});
  const auto trials = [&](const auto& metric) { return reports::page::trials_of(get_config(metric), found, 3, false); };
  CHECK(trials(Accuracy()) == 3);
  CHECK(trials(Recall()) == 3);
  CHECK(trials(Recall({.class_id = 1})) == 2);
  CHECK(trials(Precision()) == 2);
  CHECK(trials(Precision({.threshold = 0.3})) == 5);
  CHECK(trials(Precision({.class_id = 0})) == 2);
  CHECK(trials(Recall({.average = "macro"})) == 0);
}

TEST_CASE("A layer that the page cannot compute leaves the canvas out, and says so") {
  const std::string page =
      trained({Input({28, 28, 1}), Conv2D(2, 3), Halve(), Flatten(), Dense(10, {.activation = softmax})}).page();
  CHECK(!contains(page, "id=\"drawing\""));
  CHECK(contains(page, "its layer &quot;halve&quot; is a Halve"));
  CHECK(data_of(page)["model"].is_null());
  CHECK(contains(page, "id=\"misclassified-pictures\""));
}

TEST_CASE("A model too large for a page leaves the canvas out, and says so") {
  const std::string page = trained_network().page({.timed_steps = 0, .weight_bytes = 1000});
  CHECK(!contains(page, "id=\"drawing\""));
  CHECK(contains(page, "more than the 1000.00 B that a page may hold"));
}

TEST_CASE("Pictures keep within their budget") {
  const Trained run = trained_network();
  const nlohmann::json all = data_of(run.page());
  const nlohmann::json few = data_of(run.page({.timed_steps = 0, .picture_bytes = 784 * 50}));
  CHECK(all["pictures"]["samples"].size() > 50);
  CHECK(few["pictures"]["samples"].size() <= 50);
  CHECK(few["pictures"]["samples"].size() > 10);
  CHECK(contains(run.page({.timed_steps = 0, .misclassified = 2}), "The page holds the worst 2."));
}

TEST_CASE("Flat digits and digits without a channel are pictures, too; other rows are none") {
  CHECK(reports::page::picture_shape({784}) == Shape{28, 28, 1});
  CHECK(reports::page::picture_shape({28, 28}) == Shape{28, 28, 1});
  CHECK(reports::page::picture_shape({32, 32, 3}) == Shape{32, 32, 3});
  CHECK(!reports::page::picture_shape({4}));
  CHECK(!reports::page::picture_shape({8, 8, 2}));
  const std::string page = trained({Input({784}), Dense(10, {.activation = softmax})}).page();
  CHECK(contains(page, "id=\"drawing\""));
  CHECK(!contains(page, "<section id=\"filters\""));
}

TEST_CASE("More classes than anyone reads leave the matrix out") {
  reports::page::PageFacts facts;
  facts.found.emplace(std::vector<std::int64_t>{64, 0}, xt::xarray<float>(xt::ones<float>({2, 65}) / 65));
  for (int label = 0; label < 65; ++label) facts.class_names.push_back("class " + std::to_string(label));
  CHECK(reports::page::confusion_section(facts).empty());
  CHECK(contains(reports::page::classes_section(facts), "class 64"));
}

TEST_CASE("Regression and a history without epochs leave sections out") {
  Sequential model{Input({2}), Dense(1)};
  model.compile({.optimizer = SGD(0.1), .loss = MeanSquaredError()});
  const Dataset data(xt::xarray<float>{{0, 1}, {1, 0}, {1, 1}}, xt::xarray<float>{1, 2, 3});
  const std::string page = reports::html(model, History(), data, data, {.timed_steps = 0}).bytes();
  CHECK(contains(page, "<section id=\"scores\""));
  CHECK(contains(page, "<section id=\"model\""));
  for (const char* id : {"curves", "confusions", "classes", "samples", "misclassified", "filters", "time"}) {
    CHECK(!contains(page, text("<section id=\"", id, "\"")));
  }
  CHECK(contains(page, "the model takes samples of shape (2,)"));
}

TEST_CASE("Logits become probabilities") {
  Trained run = trained_network();
  Sequential model{Input({28, 28, 1}), Flatten(), Dense(10)};
  model.compile({.optimizer = Adam(), .loss = SparseCategoricalCrossentropy({.from_logits = true})});
  const auto found = reports::classify(model, run.test);
  double sum = 0;
  for (std::int64_t label = 0; label < 10; ++label) sum += found.probability(0, label);
  CHECK(sum == Approx(1).epsilon(1e-5));
  run.model = model;
  CHECK(data_of(run.page())["model"]["logits"] == true);
}

TEST_CASE("A model of doubles has a report, too") {
  Sequential<double> model{Input({28, 28, 1}), Flatten(), Dense(10, {.activation = softmax})};
  model.compile({.optimizer = Adam(), .loss = SparseCategoricalCrossentropy()});
  const Dataset data = datasets::synthetic_digits(20, 1);
  const std::string page = reports::html(model, History(), data, data, {.timed_steps = 1}).bytes();
  CHECK(data_of(page)["model"]["weights"][0]["name"] == "dense/kernel");
  CHECK(contains(page, "<section id=\"time\""));
}

TEST_CASE("A model that has come to nothing has a report") {
  Trained run = trained_network();
  run.model.weight("dense/kernel") = xt::xarray<float>::from_shape({26 * 26 * 4, 10}) * 0;
  run.model.weight("dense/bias") = xt::zeros<float>({10}) + std::numeric_limits<float>::quiet_NaN();
  Logs logs;
  logs.set("loss", std::numeric_limits<double>::quiet_NaN());
  run.history.add(1, logs);
  const std::string page = run.page();
  CHECK(contains(page, "<section id=\"misclassified\""));
  CHECK(contains(page, "nan"));
}

TEST_CASE("html refuses what it cannot report") {
  Trained run = trained_network();
  CHECK_THROWS_AS(run.page({.batch_size = 0}), ValueError);
  CHECK_THROWS_AS(run.page({.misclassified = -1}), ValueError);
  run.test = run.test.take(0);
  CHECK_THROWS_AS(run.page(), ValueError);
  CHECK_THROWS_AS(reports::html(Sequential{Dense(2)}, History(), run.train, run.train), StateError);
}
