#pragma once
// LambdaCallback: functions of your own, without a class around them.

#include <functional>
#include <utility>

#include <nacre/callbacks/callback.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// Functions to be called in the course of training; those left out are not called.
struct LambdaCallbackOptions {
  using Function = std::function<void(TrainingRun&)>;
  Function on_epoch_begin{};
  Function on_epoch_end{};
  Function on_train_begin{};
  Function on_train_end{};
  Function on_train_batch_begin{};
  Function on_train_batch_end{};
};

/// `LambdaCallback({.on_train_begin = [](TrainingRun& run) { ... }})`. What is to be called at the end of each epoch
/// alone needs no LambdaCallback: the lambda itself is a callback.
class LambdaCallback {
 public:
  LambdaCallback(LambdaCallbackOptions options);

  LambdaCallbackOptions options;

  void on_epoch_begin(TrainingRun& run) { call(options.on_epoch_begin, run); }
  void on_epoch_end(TrainingRun& run) { call(options.on_epoch_end, run); }
  void on_train_begin(TrainingRun& run) { call(options.on_train_begin, run); }
  void on_train_end(TrainingRun& run) { call(options.on_train_end, run); }
  void on_train_batch_begin(TrainingRun& run) { call(options.on_train_batch_begin, run); }
  void on_train_batch_end(TrainingRun& run) { call(options.on_train_batch_end, run); }

 private:
  static void call(const LambdaCallbackOptions::Function& function, TrainingRun& run) {
    if (function) function(run);
  }
};

inline LambdaCallback::LambdaCallback(LambdaCallbackOptions chosen) : options(std::move(chosen)) {}

}  // namespace nacre
