#pragma once
// ModelCheckpoint: saves the model while it trains.

#include <concepts>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

#include <nacre/callbacks/monitor.hpp>
#include <nacre/core/number_text.hpp>
#include <nacre/models/model_run.hpp>
#include <nacre/saving/file_template.hpp>
#include <nacre/saving/saving.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// When ModelCheckpoint saves: "epoch", at the end of each, or a number of batches.
class SaveFrequency {
 public:
  /// Throws ValueError for another word than "epoch".
  SaveFrequency(std::string_view word) {
    require<ValueError>(word == "epoch", "save_freq: expected \"epoch\" or a number of batches, got \"", word, "\"");
  }
  SaveFrequency(const std::string& word) : SaveFrequency(std::string_view(word)) {}
  SaveFrequency(const char* word) : SaveFrequency(std::string_view(word)) {}
  /// Throws ValueError for less than 1.
  template <std::integral Number>
  SaveFrequency(Number batches) : batches_(static_cast<std::int64_t>(batches)) {
    require<ValueError>(batches_ >= 1, "save_freq: expected \"epoch\" or 1 batch or more, got ", batches);
  }

  bool each_epoch() const { return batches_ == 0; }
  /// Batches from one time to the next; 0 for "epoch".
  std::int64_t batches() const { return batches_; }

 private:
  std::int64_t batches_ = 0;
};

/// Options of ModelCheckpoint.
struct ModelCheckpointOptions {
  std::string monitor = "val_loss";                 ///< what decides which model is the best
  int verbose = 0;                                  ///< 1: says when it saves
  bool save_best_only = false;                      ///< save only where `monitor` is better than ever before
  bool save_weights_only = false;                   ///< the weights alone, for `load_weights`
  std::string mode = "auto";                        ///< "min", "max", or "auto": as the loss or the metric has it
  SaveFrequency save_freq = "epoch";                ///< or a number of batches
  std::optional<double> initial_value_threshold{};  ///< a value to beat from the start
};

/// Saves the model at the end of each epoch, or after a number of batches, so that training can be resumed or the best
/// model be kept. The file's name may have places for `epoch`, `batch` (both counted from 1) and whatever is in the
/// logs:
///
///     ModelCheckpoint("runs/{epoch:02d}-{val_loss:.2f}.safetensors", {.save_best_only = true})
///
/// Folders that are missing are made. A file of that name is whole at any time.
///
/// What saves is a template, so that only programs that use this class compile it.
class ModelCheckpoint {
 public:
  static constexpr std::string_view type_name = "ModelCheckpoint";
  static constexpr bool sets_logs = false;

  /// @param filepath the file's name; "{{" stands for a brace in it.
  /// Throws ValueError for a name whose places are not well-formed and a mode that is not known.
  explicit ModelCheckpoint(std::string filepath, ModelCheckpointOptions options = {});

  ModelCheckpointOptions options;

  const std::string& filepath() const { return file_.pattern(); }
  /// The best value so far.
  double best() const { return monitor_.best(); }

  /// Throws ValueError where no epoch will have the monitored number or one that the file's name asks for, and where
  /// the mode "auto" cannot tell what is better.
  void on_train_begin(TrainingRun& run) {
    batches_ = 0;
    if (options.save_best_only) monitor_.begin(run);
    if (run.log_names.empty() || run.callbacks_set_logs) return;
    Logs numbers = counts(run);
    for (const LogName& log : run.log_names) numbers.set(log.name, 0);
    static_cast<void>(file_.fill(numbers));
  }

  /// Throws FileError where the model cannot be saved, ValueError where the logs lack a number that is needed.
  template <std::derived_from<TrainingRun> Run>
  void on_train_batch_end(Run& run) {
    if (options.save_freq.each_epoch() || ++batches_ < options.save_freq.batches()) return;
    batches_ = 0;
    consider(run);
  }

  /// Throws as `on_train_batch_end` does.
  template <std::derived_from<TrainingRun> Run>
  void on_epoch_end(Run& run) {
    if (options.save_freq.each_epoch()) consider(run);
  }

  /// What it has gathered, for a training that goes on later.
  void state(CallbackState& list) {
    monitor_.state(list);
    list("batches", batches_);
  }

 private:
  template <std::derived_from<TrainingRun> Run>
  void consider(Run& run) {
    const double before = monitor_.best();
    if (!options.save_best_only) {
      const std::filesystem::path path = path_now(run);
      say(run, text("saving model to ", path.string()));
      write(run, path);
    } else if (const std::optional<double> value = monitor_.read(run); !value) {
      say(run, text(monitor_.name(), " is not measured in this epoch"));
    } else if (monitor_.improves(*value)) {
      const std::filesystem::path path = path_now(run);
      say(run, text(monitor_.name(), " improved from ", shown(before), " to ", shown(*value), ", saving model to ",
                    path.string()));
      write(run, path);
    } else {
      say(run, text(monitor_.name(), " did not improve from ", shown(before)));
    }
  }

  Logs counts(const TrainingRun& run) const {
    Logs numbers;
    numbers.set("epoch", static_cast<double>(run.epoch + 1));
    if (!options.save_freq.each_epoch()) numbers.set("batch", static_cast<double>(run.step + 1));
    return numbers;
  }

  std::filesystem::path path_now(const TrainingRun& run) const {
    Logs numbers = counts(run);
    for (const auto& [name, value] : run.logs) numbers.set(name, value);
    return file_.fill(numbers);
  }

  template <std::derived_from<TrainingRun> Run>
  void write(Run& run, const std::filesystem::path& path) const {
    if (path.has_parent_path()) {
      std::error_code error;
      std::filesystem::create_directories(path.parent_path(), error);
      require<FileError>(!error, "ModelCheckpoint: cannot make the folder ", path.parent_path().string(), ": ",
                         error.message());
    }
    bool written = write_as<float>(run, path);
    if constexpr (detail::Scalars::contains<double>) written = written || write_as<double>(run, path);
    require<StateError>(written, "ModelCheckpoint: expected the training run of a model that nacre trains");
  }

  /// Writes the model if it computes in T, and says whether it does.
  template <class T>
  bool write_as(const TrainingRun& run, const std::filesystem::path& path) const {
    const auto* known = dynamic_cast<const ModelRun<T>*>(&run);
    if (known == nullptr) return false;
    if (options.save_weights_only) {
      save_weights(known->model, path);
    } else {
      save(known->model, path);
    }
    return true;
  }

  static std::string shown(double value) { return detail::number_text(value, 'g', 5); }

  void say(const TrainingRun& run, const std::string& what) const {
    if (options.verbose > 0) std::printf("\nEpoch %lld: %s\n", static_cast<long long>(run.epoch + 1), what.c_str());
  }

  FileTemplate file_;
  Monitor monitor_;
  std::int64_t batches_ = 0;
};

inline ModelCheckpoint::ModelCheckpoint(std::string file, ModelCheckpointOptions chosen)
    : options(std::move(chosen)), file_(std::move(file)), monitor_(options.monitor, options.mode, 0) {
  if (options.initial_value_threshold) monitor_.set_best(*options.initial_value_threshold);
}

}  // namespace nacre
