// Reads your own digits, photos or scans, with a model that was trained on MNIST; shows what the network saw.

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <numeric>
#include <string>
#include <system_error>
#include <vector>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include <nacre/nacre.hpp>
#include <nacre/pictures/image_file.hpp>
#include <nacre/pictures/prepare_digit.hpp>
#include <nacre/reports/classification.hpp>
#include <nacre/reports/figure.hpp>
#include <nacre/reports/png.hpp>

#include "digit_pictures.hpp"
#include "errors.hpp"

namespace fs = std::filesystem;
using namespace nacre;

namespace {

struct Options {
  std::string model;
  std::vector<std::string> files;
  std::string out;
  bool json = false;
  bool preview = true;
  datasets::PrepareDigitOptions prepare{};
  datasets::ReadImageOptions read{};
};

/// What became of a file.
struct Reading {
  std::string file;
  std::string error;  ///< empty where a digit was read
  Image picture;
  Image prepared;
  std::vector<double> probabilities;

  std::int64_t digit() const {
    return std::max_element(probabilities.begin(), probabilities.end()) - probabilities.begin();
  }
  double probability() const { return probabilities[static_cast<std::size_t>(digit())]; }
};

Options parsed(int argc, char** argv) {
  CLI::App app{"Reads digits in PNG and JPEG files with a model that was trained on MNIST", "predict_digit"};
  Options options;
  bool no_preview = false;
  bool keep_lines = false;
  app.add_option("model", options.model, "model.safetensors, as the mnist programs write it")->required();
  app.add_option("images", options.files, "PNG or JPEG files with one digit each, dark on light or light on dark")
      ->required();
  app.add_option("--out", options.out,
                 "folder for a PNG of each file: the picture, and next to it what the network saw");
  app.add_flag("--json", options.json, "write JSON alone");
  app.add_flag("--no-preview", no_preview, "do not show what the network saw");
  app.add_flag("--keep-lines", keep_lines,
               "the paper is not ruled: a digit that runs from edge to edge is no line of it");
  app.add_option("--max-pixels", options.read.max_pixels, "the largest picture that is read")
      ->capture_default_str()
      ->check(example::count_from(1));
  example::parse(app, argc, argv);
  options.preview = !no_preview;
  options.prepare.remove_lines = !keep_lines;
  return options;
}

Sequential loaded(const std::string& file) {
  Sequential model = load(file);
  const Shape in = model.input_shape();
  require<ShapeError>(
      in == Shape{28, 28, 1} || in == Shape{28, 28} || in == Shape{784}, file,
      ": expected a model that takes MNIST's images, (28, 28, 1), (28, 28) or (784), got one that takes ", in);
  require<ShapeError>(model.output_shape() == Shape{10}, file,
                      ": expected a model of ten classes, got output of shape ", model.output_shape());
  return model;
}

/// What the model makes of a prepared digit: the probabilities of 0 to 9.
std::vector<double> predicted(const Sequential& model, const Image& digit) {
  const Dataset pixels(Column(digit.pixels, 1, model.input_shape()));
  const auto rows = reports::probabilities(model, pixels.with_scale(1.0 / 255));  // as mnist() scales them
  std::vector<double> probabilities(rows.begin(), rows.end());
  const double sum = std::accumulate(probabilities.begin(), probabilities.end(), 0.0);
  const bool valid = std::all_of(probabilities.begin(), probabilities.end(), [](double p) { return p >= 0 && p <= 1; });
  require<ValueError>(valid && std::abs(sum - 1) < 1e-3,
                      "the model: expected ten probabilities, got numbers that add up to ", sum,
                      "; its last layer has to be a softmax, or its loss one of logits");
  return probabilities;
}

/// Reads one file. What is wrong with it is noted, so that the others are read all the same.
Reading read(const Sequential& model, const std::string& file, const Options& options) {
  Reading reading{file, "", {}, {}, {}};
  try {
    reading.picture = datasets::read_image(file, options.read);
    reading.prepared = datasets::prepare_digit(reading.picture, options.prepare);
  } catch (const Error& error) {
    const std::string message = error.what();
    reading.error = message.rfind(file, 0) == 0 ? message : file + ": " + message;
    return reading;
  }
  reading.probabilities = predicted(model, reading.prepared);
  return reading;
}

/// A digit's probability with a bar.
std::string probability_line(std::size_t digit, double probability) {
  char number[32];
  std::snprintf(number, sizeof number, "%zu %5.1f %% ", digit, 100 * probability);
  std::string line = number;
  for (int cell = 0; cell < static_cast<int>(20 * probability + 0.5); ++cell) line += "━";
  return line;
}

/// The prediction and the probability of each digit, next to a preview where it is wanted.
void show(const Reading& reading, bool with_preview) {
  constexpr std::size_t above = 2;  // lines of the preview above the first probability
  std::printf("%s: %lld (%.1f %%)\n", reading.file.c_str(), static_cast<long long>(reading.digit()),
              100 * reading.probability());
  const std::vector<std::string> picture =
      with_preview ? example::preview(reading.prepared) : std::vector<std::string>{};
  for (std::size_t line = with_preview ? 0 : above; line < std::max<std::size_t>(picture.size(), above + 10); ++line) {
    const bool beside = line >= above && line < above + 10;
    std::printf("  %s%s%s\n", with_preview ? picture[line].c_str() : "", with_preview && beside ? "  " : "",
                beside ? probability_line(line - above, reading.probabilities[line - above]).c_str() : "");
  }
}

nlohmann::ordered_json as_json(const Reading& reading) {
  if (!reading.error.empty()) return {{"file", reading.file}, {"error", reading.error}};
  return {{"file", reading.file},
          {"digit", reading.digit()},
          {"probability", reading.probability()},
          {"probabilities", reading.probabilities}};
}

/// Whether a result may not be written there: where one of this run's pictures or results is.
bool is_taken(const fs::path& path, const std::vector<fs::path>& taken) {
  std::error_code error;
  return std::any_of(taken.begin(), taken.end(),
                     [&](const fs::path& other) { return path == other || fs::equivalent(path, other, error); });
}

/// Writes the picture next to its digit as a PNG named after the file: seven.jpg becomes seven-seen.png, with a number
/// where that is `taken`.
void write(const fs::path& folder, const Reading& reading, std::vector<fs::path>& taken) {
  const std::string stem = fs::path(reading.file).stem().string() + "-seen";
  fs::path path = folder / (stem + ".png");
  for (int number = 2; is_taken(path, taken); ++number) path = folder / text(stem, "-", number, ".png");
  taken.push_back(path);
  reports::Figure(reports::Figure::Format::png,
                  reports::encode_png(example::side_by_side(reading.picture, reading.prepared)))
      .save(path);
}

}  // namespace

int main(int argc, char** argv) {
  const Options options = parsed(argc, argv);
  bool all_read = true;
  const int failed = example::guarded("predict_digit", [&] {
    const Sequential model = loaded(options.model);
    if (!options.out.empty()) fs::create_directories(options.out);
    nlohmann::ordered_json results = nlohmann::ordered_json::array();
    std::vector<fs::path> taken(options.files.begin(), options.files.end());
    for (const std::string& file : options.files) {
      const Reading reading = read(model, file, options);
      if (!reading.error.empty()) {
        std::fprintf(stderr, "predict_digit: %s\n", reading.error.c_str());
        all_read = false;
      } else if (!options.out.empty()) {
        write(options.out, reading, taken);
      }
      if (options.json) {
        results.push_back(as_json(reading));
      } else if (reading.error.empty()) {
        show(reading, options.preview);
      }
    }
    // Names of files need not be UTF-8.
    const auto replace = nlohmann::ordered_json::error_handler_t::replace;
    if (options.json) std::printf("%s\n", results.dump(2, ' ', false, replace).c_str());
  });
  return failed != 0 || !all_read;
}
