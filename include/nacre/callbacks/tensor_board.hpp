#pragma once
// TensorBoard: writes what a training comes to into files that TensorBoard shows.

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

#include <nacre/callbacks/callback.hpp>
#include <nacre/callbacks/event_file.hpp>
#include <nacre/callbacks/update_frequency.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// Options of TensorBoard.
struct TensorBoardOptions {
  std::int64_t histogram_freq = 0;        ///< epochs from one histogram of each weight to the next; 0 for none
  bool write_steps_per_second = false;    ///< whether batches a second are written, too
  UpdateFrequency update_freq = "epoch";  ///< "batch", or a number of batches: the numbers of batches are written, too
};

/// Writes the numbers of each epoch into event files under `log_dir`: those of the training in "train", those of the
/// validation in "validation", both as "epoch_loss", "epoch_accuracy", ...; those of batches as "batch_loss", ..., and
/// the weights' distributions as "dense/kernel/histogram". `tensorboard --logdir logs` shows them, also while the model
/// trains. Each run makes files of new names. Keras' TensorBoard without graphs, pictures, profiles and embeddings.
class TensorBoard {
 public:
  static constexpr std::string_view type_name = "TensorBoard";
  static constexpr bool sets_logs = false;

  /// Throws ValueError for a histogram_freq below 0.
  explicit TensorBoard(std::filesystem::path log_dir = "logs", TensorBoardOptions options = {});

  std::filesystem::path log_dir;
  TensorBoardOptions options;

  /// Throws FileError where files cannot be made there.
  void on_train_begin(TrainingRun& run);
  void on_epoch_begin(TrainingRun& run);
  /// Throws FileError where an event cannot be written.
  void on_train_batch_end(TrainingRun& run);
  /// Throws FileError where an event cannot be written.
  void on_epoch_end(TrainingRun& run);

 private:
  std::int64_t batches_ = 0;  ///< of the training so far
  std::chrono::steady_clock::time_point epoch_begin_{};
  detail::EventFile train_;
  detail::EventFile validation_;
};

}  // namespace nacre

#if NACRE_HEADER_ONLY
#include <nacre/callbacks/tensor_board-inl.hpp>
#endif
