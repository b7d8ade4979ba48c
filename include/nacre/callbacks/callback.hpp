#pragma once
// What a callback is, and the view of a training run that it is given.

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <nacre/callbacks/logs.hpp>
#include <nacre/core/compiled.hpp>

namespace nacre {

/// A training run as a callback sees it.
class TrainingRun {
 public:
  virtual ~TrainingRun() = default;

  std::int64_t epoch = 0;    ///< counted from 0
  std::int64_t epochs = 0;   ///< the epoch at which the run ends if nothing stops it
  std::int64_t step = 0;     ///< batch within the epoch, counted from 0
  std::int64_t steps = 0;    ///< batches an epoch
  std::int64_t samples = 0;  ///< training samples an epoch
  bool validates = true;     ///< whether this epoch ends with a validation; false where validation_freq skips it
  int verbose = 1;           ///< 0 silent, 1 a live bar, 2 a line an epoch

  /// Running means of the epoch so far; at the end of an epoch its results, validation's with the prefix "val_".
  Logs logs;

  /// Ends training after this batch or epoch.
  void stop() { stopped_ = true; }
  bool stopped() const { return stopped_; }

  /// All weights, as an opaque copy that `restore` takes back.
  using Weights = std::vector<char>;
  virtual Weights weights() const = 0;
  virtual void restore(const Weights& weights) = 0;

  virtual double learning_rate() const = 0;
  virtual void set_learning_rate(double rate) = 0;

 private:
  bool stopped_ = false;
};

namespace detail {

struct CallbackInterface {
  virtual ~CallbackInterface() = default;
  virtual std::unique_ptr<CallbackInterface> clone() const = 0;
  virtual void on_train_begin(TrainingRun& run) = 0;
  virtual void on_train_end(TrainingRun& run) = 0;
  virtual void on_epoch_begin(TrainingRun& run) = 0;
  virtual void on_epoch_end(TrainingRun& run) = 0;
  virtual void on_train_batch_begin(TrainingRun& run) = 0;
  virtual void on_train_batch_end(TrainingRun& run) = 0;
};

template <class C>
struct CallbackHolder final : CallbackInterface {
  explicit CallbackHolder(C held) : callback(std::move(held)) {}
  std::unique_ptr<CallbackInterface> clone() const override { return std::make_unique<CallbackHolder>(*this); }

  void on_train_begin(TrainingRun& run) override {
    if constexpr (requires { get().on_train_begin(run); }) get().on_train_begin(run);
  }
  void on_train_end(TrainingRun& run) override {
    if constexpr (requires { get().on_train_end(run); }) get().on_train_end(run);
  }
  void on_epoch_begin(TrainingRun& run) override {
    if constexpr (requires { get().on_epoch_begin(run); }) get().on_epoch_begin(run);
  }
  void on_epoch_end(TrainingRun& run) override {
    if constexpr (requires { get().on_epoch_end(run); }) get().on_epoch_end(run);
  }
  void on_train_batch_begin(TrainingRun& run) override {
    if constexpr (requires { get().on_train_batch_begin(run); }) get().on_train_batch_begin(run);
  }
  void on_train_batch_end(TrainingRun& run) override {
    if constexpr (requires { get().on_train_batch_end(run); }) get().on_train_batch_end(run);
  }

  auto& get() {
    if constexpr (requires { typename C::type; callback.get(); }) {
      return callback.get();
    } else {
      return callback;
    }
  }

  C callback;
};

template <class C>
concept ReactsToTraining = requires(C& callback, TrainingRun& run) { callback.on_train_begin(run); } ||
                           requires(C& callback, TrainingRun& run) { callback.on_train_end(run); } ||
                           requires(C& callback, TrainingRun& run) { callback.on_epoch_begin(run); } ||
                           requires(C& callback, TrainingRun& run) { callback.on_epoch_end(run); } ||
                           requires(C& callback, TrainingRun& run) { callback.on_train_batch_begin(run); } ||
                           requires(C& callback, TrainingRun& run) { callback.on_train_batch_end(run); };

template <class C>
std::unique_ptr<CallbackInterface> hold_callback(C callback) {
  return std::make_unique<CallbackHolder<C>>(std::move(callback));
}

}  // namespace detail

/// Any callback: a copyable class with one or more of `on_train_begin`, `on_train_end`, `on_epoch_begin`, `on_epoch_end`,
/// `on_train_batch_begin` and `on_train_batch_end`, each taking a `TrainingRun&`. `fit` works on a copy; pass
/// `std::ref(callback)` to look at one's own afterwards.
class AnyCallback {
 public:
  template <class C>
    requires detail::ReactsToTraining<C>
  AnyCallback(C callback) : held_(detail::hold_callback(std::move(callback))) {}

  template <class C>
    requires detail::ReactsToTraining<C>
  AnyCallback(std::reference_wrapper<C> callback) : held_(detail::hold_callback(callback)) {}

  AnyCallback(const AnyCallback& other) : held_(other.held_->clone()) {}
  AnyCallback(AnyCallback&&) noexcept = default;
  AnyCallback& operator=(AnyCallback other) noexcept {
    held_ = std::move(other.held_);
    return *this;
  }

  void on_train_begin(TrainingRun& run) { held_->on_train_begin(run); }
  void on_train_end(TrainingRun& run) { held_->on_train_end(run); }
  void on_epoch_begin(TrainingRun& run) { held_->on_epoch_begin(run); }
  void on_epoch_end(TrainingRun& run) { held_->on_epoch_end(run); }
  void on_train_batch_begin(TrainingRun& run) { held_->on_train_batch_begin(run); }
  void on_train_batch_end(TrainingRun& run) { held_->on_train_batch_end(run); }

 private:
  std::unique_ptr<detail::CallbackInterface> held_;
};

}  // namespace nacre
