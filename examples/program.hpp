#pragma once
// What the example programs have in common: their options, and the folder that they write figures to.

#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <string>
#include <string_view>

#include <CLI/CLI.hpp>

#include <nacre/nacre.hpp>
#include <nacre/reports/reports.hpp>

#include "errors.hpp"

namespace example {

/// What a program does if it is not told otherwise.
struct Defaults {
  std::string_view name;    ///< of the program
  std::string_view about;   ///< one line for --help
  std::int64_t epochs;      ///< at most
  std::int64_t batch_size;  ///<
  bool one_hot = false;     ///< labels as rows of ten numbers
};

/// A program that has parsed its options.
class Program {
 public:
  std::int64_t epochs = 0;
  std::int64_t batch_size = 0;
  std::int64_t limit = 0;  ///< samples to use; 0: all
  std::uint64_t seed = 1;
  std::filesystem::path out;
  std::string data;  ///< folder; empty: the usual places

  /// Parses the options; ends the program for --help and for options that are wrong.
  Program(int argc, char** argv, const Defaults& defaults)
      : epochs(defaults.epochs),
        batch_size(defaults.batch_size),
        out(std::filesystem::path("results") / defaults.name),
        name_(defaults.name) {
    CLI::App app{std::string(defaults.about), name_};
    int threads = 0;
    app.set_version_flag("--version", std::string(nacre::version));
    app.add_option("--data", data, "folder with the data (default: the usual places)");
    app.add_option("--epochs", epochs, "train for at most so many epochs")->capture_default_str()->check(count_from(1));
    app.add_option("--batch-size", batch_size, "samples a step")->capture_default_str()->check(count_from(1));
    app.add_option("--seed", seed, "what all random numbers are drawn from")
        ->capture_default_str()
        ->check(count_from(0));
    app.add_option("--threads", threads, "threads to compute on; 0: one a core. No result depends on it")
        ->capture_default_str()
        ->check(count_from(0, 1024));
    app.add_option("--out", out, "folder for the results")->capture_default_str();
    app.add_option("--limit", limit, "use only the first so many samples; 0: all")
        ->capture_default_str()
        ->check(count_from(0));
    parse(app, argc, argv);
    nacre::set_num_threads(threads);
    nacre::set_random_seed(seed);
    std::filesystem::create_directories(out);
  }

  const std::string& name() const { return name_; }

  /// The first `limit` samples, or all.
  nacre::Dataset limited(const nacre::Dataset& whole) const { return limit > 0 ? whole.take(limit) : whole; }

  /// Draws a figure into the folder of results: `file` is its name there. Pictures are left out where there is no
  /// libpng to write them.
  template <class Draw>
  void draw(const std::string& file, Draw figure) {
    const bool picture = file.ends_with(".png");
    if (!picture || nacre::reports::has_png) figure().save(out / file);
    std::string& names = picture && !nacre::reports::has_png ? left_out_ : figures_;
    names += (names.empty() ? "" : ", ") + file;
  }

  /// Says which files there are: those of `others` ("model.safetensors, history.csv"), and the figures.
  void say_results(const std::string& others = "") const {
    if (!left_out_.empty()) {
      std::printf("\nLeft out, as this program was built without libpng: %s\n", left_out_.c_str());
    }
    const char* comma = others.empty() || figures_.empty() ? "" : ", ";
    std::printf("\nResults are in %s: %s%s%s\n", out.string().c_str(), others.c_str(), comma, figures_.c_str());
  }

 private:
  std::string name_;
  std::string figures_;   ///< files that were drawn
  std::string left_out_;  ///< files that could not be drawn
};

}  // namespace example
