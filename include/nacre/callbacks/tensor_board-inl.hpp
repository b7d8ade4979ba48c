#pragma once
// TensorBoard's bodies.

#include <string>
#include <string_view>
#include <utility>

#include <nacre/callbacks/tensor_board.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

NACRE_INLINE TensorBoard::TensorBoard(std::filesystem::path folder, TensorBoardOptions chosen)
    : log_dir(std::move(folder)), options(chosen) {
  require<ValueError>(options.histogram_freq >= 0, "TensorBoard: expected histogram_freq of 0 or more, got ",
                      options.histogram_freq);
}

[[gnu::cold]] NACRE_INLINE void TensorBoard::on_train_begin(TrainingRun&) {
  batches_ = 0;
  train_ = detail::EventFile(log_dir / "train");
  validation_ = detail::EventFile();
}

NACRE_INLINE void TensorBoard::on_epoch_begin(TrainingRun&) { epoch_begin_ = std::chrono::steady_clock::now(); }

NACRE_INLINE void TensorBoard::on_train_batch_end(TrainingRun& run) {
  ++batches_;
  if (options.update_freq.batches() == 0 || batches_ % options.update_freq.batches() != 0) return;
  detail::EventMessage event(detail::wall_time(), batches_ - 1);
  for (const auto& [name, value] : run.logs) event.scalar("batch_" + name, value);
  train_.add(event);
}

[[gnu::cold]] NACRE_INLINE void TensorBoard::on_epoch_end(TrainingRun& run) {
  constexpr std::string_view prefix = "val_";
  detail::EventMessage train(detail::wall_time(), run.epoch);
  detail::EventMessage validation(detail::wall_time(), run.epoch);
  for (const auto& [name, value] : run.logs) {
    const bool validates = name.compare(0, prefix.size(), prefix) == 0;
    (validates ? validation : train).scalar("epoch_" + name.substr(validates ? prefix.size() : 0), value);
  }
  if (run.logs.find("learning_rate") == nullptr) train.scalar("epoch_learning_rate", run.learning_rate());
  if (options.write_steps_per_second) {
    const std::chrono::duration<double> passed = std::chrono::steady_clock::now() - epoch_begin_;
    train.scalar("epoch_steps_per_second", static_cast<double>(run.step) / passed.count());
  }
  if (options.histogram_freq > 0 && run.epoch % options.histogram_freq == 0) {
    for (const auto& [name, values] : run.weight_values()) train.histogram(name + "/histogram", values);
  }
  train_.add(train);
  if (validation.empty()) return;
  if (validation_.path().empty()) validation_ = detail::EventFile(log_dir / "validation");
  validation_.add(validation);
}

}  // namespace nacre
