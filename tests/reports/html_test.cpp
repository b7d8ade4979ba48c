// The report page: its parts, what it leaves out, and that nothing in it breaks out of where it stands. What it does in
// a browser is tested in browser/.

#include "catch.hpp"

#include <algorithm>
#include <array>
#include <limits>

#include <nlohmann/json.hpp>

#include <nacre/nacre.hpp>
#include <nacre/reports/html.hpp>
#include <nacre/reports/page/document.hpp>
#include <nacre/reports/page/gather.hpp>
#include <nacre/synthetic/synthetic_digits.hpp>

using namespace nacre;
using reports::HtmlOptions;

namespace {

/// An activation of one's own.
struct Halving {
  static constexpr std::string_view type_name = "halving";
  double forward(double x) const { return x / 2; }
  double derivative_from_output(double) const { return 0.5; }
};

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
  Sequential model;
  History history;
  Dataset train;
  Dataset test;

  std::string page(const HtmlOptions& options = {.time = "now", .timed_steps = 0}) const {
    return reports::html(model, history, train, test, options).bytes();
  }
};

Trained trained(std::initializer_list<Layer> layers) {
  set_random_seed(5);
  Trained run{Sequential(layers, "tester"), {}, datasets::synthetic_digits(200, 1), datasets::synthetic_digits(100, 2)};
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

TEST_CASE("Weighted metrics have an interval only where all samples count alike") {
  Trained run = trained_network();
  run.model.compile({.optimizer = Adam(),
                     .loss = SparseCategoricalCrossentropy(),
                     .metrics = {Accuracy()},
                     .weighted_metrics = {Accuracy({.name = "weighted_accuracy"})}});
  const auto found = reports::classify(run.model, run.test);
  const auto interval_of = [&](const Dataset& test, std::string_view name) {
    for (const auto& score : reports::page::scores_of(run.model, test, found)) {
      if (score.name == name) return score.interval.has_value();
    }
    FAIL("no such score");
    return false;
  };
  CHECK(interval_of(run.test, "weighted_accuracy"));
  const Dataset weighted = run.test.with_class_weights({{1, 5.0}});
  CHECK(!interval_of(weighted, "weighted_accuracy"));
  CHECK(interval_of(weighted, "accuracy"));
}

TEST_CASE("What the page says of its data is true of any data") {
  Trained run = trained_network();
  CHECK(contains(run.page(), "A model that was given 200 training samples and evaluated on 100 test samples.</p>"));
  run.test = run.test.take(1);
  run.train = run.train.take(0);
  const std::string page = run.page({.data_name = "digits", .timed_steps = 0});
  CHECK(contains(page, "A model that was evaluated on 1 test sample of digits.</p>"));
  CHECK(!contains(page, "Dataset(0 samples"));
  CHECK(!contains(page, "never seen"));
}

TEST_CASE("Precision and recall are proportions of what they count") {
  const reports::Classification found({0, 1, 1}, xt::xarray<float>{{0.9F, 0.1F}, {0.6F, 0.4F}, {0.5F, 0.5F}});
  const auto trials = [&](const auto& metric) { return reports::page::trials_of(get_config(metric), found, 3, false); };
  CHECK(trials(Accuracy()) == 3);
  CHECK(trials(Recall()) == 3);
  CHECK(trials(Recall({.class_id = 1})) == 2);
  CHECK(trials(Precision()) == 2);
  CHECK(trials(Precision({.thresholds = 0.3})) == 5);
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

TEST_CASE("An activation that the page cannot compute leaves the canvas out, and says so") {
  const std::string page =
      trained({Input({28, 28, 1}), Flatten(), Dense(8, Halving()), Dense(10, {.activation = softmax})}).page();
  CHECK(!contains(page, "id=\"drawing\""));
  CHECK(contains(page, "its layer &quot;dense&quot; has the activation halving"));
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
  CHECK(contains(run.page({.timed_steps = 0, .misclassified = 1}), "The page holds the worst one."));
}

TEST_CASE("Where there is room for few pictures, each kind has one") {
  using reports::page::SampleCounts;
  const auto within = [](std::int64_t room, SampleCounts wanted) {
    const SampleCounts kept = reports::page::within(room, wanted, 10);
    CHECK(kept.train + kept.wrong + kept.right <= room);
    return std::array{kept.train, kept.wrong, kept.right};
  };
  CHECK(within(1000, {40, 300, 120}) == std::array<std::int64_t, 3>{40, 300, 120});
  CHECK(within(0, {40, 300, 120}) == std::array<std::int64_t, 3>{0, 0, 0});
  CHECK(within(1, {40, 300, 120}) == std::array<std::int64_t, 3>{0, 1, 0});
  CHECK(within(3, {40, 300, 120}) == std::array<std::int64_t, 3>{1, 1, 1});
  CHECK(within(30, {40, 300, 120})[2] >= 10);
  CHECK(within(30, {0, 0, 120}) == std::array<std::int64_t, 3>{0, 0, 30});
  CHECK(within(30, {0, 0, 0}) == std::array<std::int64_t, 3>{0, 0, 0});
  for (std::int64_t room = 3; room < 500; ++room) {
    const auto kept = within(room, {40, 300, 120});
    CHECK(*std::min_element(kept.begin(), kept.end()) >= 1);
  }

  const Trained run = trained_network();
  const nlohmann::json data = data_of(run.page({.timed_steps = 0, .picture_bytes = 784 * 6}));
  std::array<int, 3> kinds{};
  for (const auto& sample : data["pictures"]["samples"]) {
    ++kinds[!sample.contains("top") ? 0 : sample["top"][0][0] == sample["truth"] ? 1 : 2];
  }
  CHECK(*std::min_element(kinds.begin(), kinds.end()) >= 1);
}

TEST_CASE("Without pictures a page has tables, filters and the canvas, and no empty gallery") {
  const Trained run = trained_network();
  for (const HtmlOptions& options :
       {HtmlOptions{.timed_steps = 0, .picture_bytes = 783},
        HtmlOptions{.timed_steps = 0, .samples = 0, .misclassified = 0, .correct_per_class = 0}}) {
    const std::string page = run.page(options);
    CHECK(data_of(page)["pictures"].is_null());
    CHECK(!contains(page, "<section id=\"samples\""));
    CHECK(!contains(page, "id=\"misclassified-pictures\""));
    CHECK(contains(page, "aria-label=\"Misclassified samples\""));
    CHECK(!contains(page, "The page holds the worst 0"));
    CHECK(!contains(page, "click it to see the pictures"));
    CHECK(contains(page, "id=\"filter-tiles\""));
    CHECK(!contains(page, "id=\"feature-maps\""));
    CHECK(contains(page, "id=\"drawing\""));
  }
  const std::string page = run.page({.timed_steps = 0, .samples = 0});
  CHECK(!contains(page, "<section id=\"samples\""));
  CHECK(contains(page, "id=\"misclassified-pictures\""));
}

TEST_CASE("Samples are chosen in rounds over the classes") {
  const auto label_of = [](std::int64_t sample) { return sample / 10; };  // 0 ten times, then 1, ...
  const auto any = [](std::int64_t) { return true; };
  const std::vector<std::int64_t> found = reports::page::in_rounds(300, 30, 2, label_of, any);
  REQUIRE(found.size() == 60);
  for (std::int64_t label = 0; label < 30; ++label) {
    CHECK(found[static_cast<std::size_t>(label)] == 10 * label);
    CHECK(found[static_cast<std::size_t>(30 + label)] == 10 * label + 1);
  }

  std::vector<std::int64_t> truth;
  xt::xarray<float> labels = xt::zeros<float>({300});
  for (std::int64_t sample = 0; sample < 300; ++sample) {
    truth.push_back(sample / 10);
    labels(static_cast<std::size_t>(sample)) = static_cast<float>(sample / 10);
  }
  const reports::Classification classified(truth, xt::xarray<float>(xt::ones<float>({300, 30})));  // all taken for 0
  const Dataset train(xt::xarray<float>(xt::zeros<float>({300, 64})), labels);
  const auto chosen = reports::page::choose_samples(classified, train, {40, 50, 3}, 1000);
  std::vector<std::int64_t> of_class(30, 0);
  for (std::int64_t sample : chosen.train) ++of_class[static_cast<std::size_t>(train.label(sample))];
  CHECK(chosen.train.size() == 40);
  CHECK(*std::min_element(of_class.begin(), of_class.end()) == 1);
  CHECK(*std::max_element(of_class.begin(), of_class.end()) == 2);
  CHECK(std::is_sorted(chosen.train.begin(), chosen.train.end()));
  CHECK(chosen.wrong.size() == 50);
  CHECK(chosen.right == std::vector<std::int64_t>{0, 1, 2});
}

TEST_CASE("A drawing's ink is in the range of the model's data") {
  const Dataset bytes = datasets::synthetic_digits(20, 1);
  CHECK(reports::page::paper_and_ink(bytes) == nlohmann::ordered_json{{"paper", 0.0}, {"ink", 1.0}});
  CHECK(reports::page::paper_and_ink(bytes.with_scale(16)) == nlohmann::ordered_json{{"paper", 0.0}, {"ink", 16.0}});
  CHECK(reports::page::paper_and_ink(bytes.with_scale(255)) == nlohmann::ordered_json{{"paper", 0.0}, {"ink", 255.0}});
  CHECK(reports::page::paper_and_ink(bytes.with_scale(-1, 1)) == nlohmann::ordered_json{{"paper", 1.0}, {"ink", 0.0}});
  const auto standardized = reports::page::paper_and_ink(bytes.with_scale(1 / 0.3081, -0.1307 / 0.3081));
  CHECK(standardized["paper"].get<double>() == Approx(-0.4242).epsilon(1e-3));
  CHECK(standardized["ink"].get<double>() == Approx(2.8215).epsilon(1e-3));
}

TEST_CASE("Flat digits and digits without a channel are pictures, too; other rows are none") {
  using reports::detail::picture_shape;
  CHECK(picture_shape({784}) == Shape{28, 28, 1});
  CHECK(picture_shape({64}) == Shape{8, 8, 1});
  CHECK(picture_shape({28, 28}) == Shape{28, 28, 1});
  CHECK(picture_shape({32, 32, 3}) == Shape{32, 32, 3});
  CHECK(!picture_shape({4}));
  CHECK(!picture_shape({65}));
  CHECK(!picture_shape({8, 8, 2}));
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
  CHECK(contains(reports::page::classes_section(facts), "a table of more than 64 classes"));
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
  BasicSequential<double> model{Input({28, 28, 1}), Flatten(), Dense(10, {.activation = softmax})};
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
  const Dataset train = run.train;
  run.train = Dataset(xt::xarray<float>(xt::zeros<float>({20, 14, 14})), xt::xarray<float>(xt::zeros<float>({20})));
  CHECK_THROWS_AS(run.page(), ShapeError);
  run.train = Dataset(train.features(), xt::xarray<float>(xt::zeros<float>({200}) + 0.5F));
  CHECK_THROWS_AS(run.page(), ValueError);
  CHECK_NOTHROW(run.page({.timed_steps = 0, .samples = 0}));
  run.train = train;
  run.test = run.test.take(0);
  CHECK_THROWS_AS(run.page(), ValueError);
  CHECK_THROWS_AS(reports::html(Sequential{Dense(2)}, History(), run.train, run.train), StateError);
}
