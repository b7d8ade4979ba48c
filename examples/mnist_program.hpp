#pragma once
// What the four MNIST programs have in common: their options, the data, and the files they leave behind.

#include <chrono>
#include <cstdio>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

#include <nacre/nacre.hpp>
#include <nacre/reports/reports.hpp>
#include <nacre/synthetic/mnist_or_synthetic.hpp>

#include "program.hpp"

namespace example {

/// A number that the document reports, to compare with ours.
struct Documented {
  std::string_view what;
  double ours;
  std::string_view theirs;
};

/// One run of a program on MNIST: it has found the data; it times training and writes the results.
class Run : public Program {
 public:
  nacre::Dataset train;
  nacre::Dataset test;

  /// Parses the options and finds the data; ends the program for --help and for options that are wrong.
  Run(int argc, char** argv, const Defaults& defaults) : Program(argc, argv, defaults), start_(Clock::now()) {
    auto found = nacre::datasets::mnist_or_synthetic({.directory = data, .one_hot = defaults.one_hot});
    data_name_ = found.name;
    train = limited(found.train);
    test = limited(found.test);
    std::printf("%s: %lld training and %lld test images of %s\n\n", name().c_str(),
                static_cast<long long>(train.size()), static_cast<long long>(test.size()), described().c_str());
  }

  /// Steps of an epoch where that share of the training data validates.
  std::int64_t steps(double validation_split) const {
    return (train.validation_split(validation_split).first.size() + batch_size - 1) / batch_size;
  }

  /// Trains, times it, and writes history.csv as it goes.
  nacre::History fit(nacre::Sequential& model, const nacre::Dataset& samples, nacre::FitOptions options) {
    options.epochs = epochs;
    options.batch_size = batch_size;
    options.callbacks.push_back(nacre::CSVLogger(out / "history.csv"));
    // What a validation split takes away is not trained on, so that it does not count.
    options.callbacks.push_back(nacre::LambdaCallback(
        {.on_epoch_end = [this](nacre::TrainingRun& run) { seen_ += static_cast<double>(run.samples); }}));
    const auto begin = Clock::now();
    nacre::History history = model.fit(samples, std::move(options));
    train_seconds_ = seconds_since(begin);
    return history;
  }

  /// Prints our numbers next to the document's.
  void compare(const std::vector<Documented>& numbers) const {
    std::printf("\n%-22s %12s %12s\n", "", "here", "document");
    for (const Documented& number : numbers) {
      std::printf("%-22s %12.4f %12s\n", std::string(number.what).c_str(), number.ours,
                  std::string(number.theirs).c_str());
    }
    if (data_name_ != "mnist") std::printf("These are scores on %s, not on MNIST.\n", described().c_str());
  }

  /// Writes model.safetensors, metrics.json and report.html. `epoch` is the one whose weights the model ends with.
  void write(const nacre::Sequential& model, const nacre::History& history, const nacre::Evaluation& test_scores,
             std::size_t epoch) const {
    nacre::save(model, out / "model.safetensors");
    const nacre::Logs& logs = history.logs().at(epoch);
    nlohmann::ordered_json scores;
    for (const auto& [name, value] : test_scores) scores[name] = value;
    const nlohmann::ordered_json metrics{
        {"program", name()},
        {"data", data_name_},
        {"seed", seed},
        {"threads", nacre::num_threads()},
        {"epochs_run", history.size()},
        {"parameters", {{"total", model.count_params()}, {"trainable", model.count_params(true)}}},
        {"train", {{"loss", logs["loss"]}, {"accuracy", logs["accuracy"]}}},
        {"validation", {{"loss", logs["val_loss"]}, {"accuracy", logs["val_accuracy"]}}},
        {"test", scores},
        {"seconds", {{"train", train_seconds_}, {"total", seconds_since(start_)}}},
        {"samples_per_second", train_seconds_ > 0 ? seen_ / train_seconds_ : 0.0}};
    nacre::AtomicFile file(out / "metrics.json");
    file.write(metrics.dump(2) + '\n');
    file.commit();
    report(model, history);
    say_results("model.safetensors, history.csv, metrics.json, report.html");
  }

 private:
  using Clock = std::chrono::steady_clock;

  /// Writes the page about everything, with the images in the shape that the model takes.
  void report(const nacre::Sequential& model, const nacre::History& history) const {
    const bool real = data_name_ == "mnist";
    nacre::reports::html(model, history, train.reshaped(model.input_shape()), test.reshaped(model.input_shape()),
                         {.title = name(),
                          .data_name = real ? "MNIST" : "synthetic digits",
                          .synthetic = !real,
                          .train_seconds = train_seconds_,
                          .batch_size = batch_size})
        .save(out / "report.html");
  }

  static double seconds_since(Clock::time_point begin) {
    return std::chrono::duration<double>(Clock::now() - begin).count();
  }

  std::string described() const { return data_name_ == "mnist" ? "MNIST" : "SYNTHETIC digits (not MNIST)"; }

  std::string data_name_;
  Clock::time_point start_;
  double train_seconds_ = 0;
  double seen_ = 0;
};

}  // namespace example
