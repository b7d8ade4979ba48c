#pragma once
// What a callback is, and the view of a training run that it is given.

#include <concepts>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include <nacre/callbacks/logs.hpp>
#include <nacre/core/error.hpp>
#include <nacre/core/fields.hpp>
#include <nacre/core/list.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// What a callback has gathered, as places to read and to write: to store it with a checkpoint, and to give it back to
/// a callback of the same class once its `on_train_begin` has run. A callback lists its members in a function `state`:
///
///     void state(CallbackState& list) {
///       list("wait", wait_);
///       list.bytes("best_weights", best_weights_);
///     }
class CallbackState {
 public:
  /// Opaque memory, such as `TrainingRun::weights` gives.
  struct Bytes {
    std::string_view name;
    std::vector<char>* bytes;
  };

  /// A number, a text or another value that may be a field.
  template <class V>
  void operator()(std::string_view name, V& member) {
    values_(name, member);
  }
  [[gnu::cold]] void bytes(std::string_view name, std::vector<char>& memory) { bytes_.push_back({name, &memory}); }

  const Fields& values() const { return values_; }
  const List<Bytes>& bytes() const { return bytes_; }

 private:
  Fields values_;
  List<Bytes> bytes_;
};

/// A training run as a callback sees it.
class TrainingRun {
 public:
  virtual ~TrainingRun() = default;

  std::int64_t epoch = 0;    ///< counted from 0
  std::int64_t epochs = 0;   ///< the epoch at which the run ends if nothing stops it
  std::int64_t step = 0;     ///< batch within the epoch, counted from 0
  std::int64_t steps = 0;    ///< batches an epoch; 0 in the first epoch of a generator that does not say
  std::int64_t samples = 0;  ///< training samples an epoch; of generators and shards 0 until one has ended
  bool validates = true;     ///< whether this epoch ends with a validation; false where validation_freq skips it
  int verbose = 1;           ///< 0 silent, 1 a live bar, 2 a line an epoch

  /// Running means of the epoch so far; at the end of an epoch its results, validation's with the prefix "val_". What a
  /// callback sets here is seen by those after it, by the progress bar and in History.
  Logs logs;

  /// What `fit` will put into the logs of an epoch, validation's names too where there is a validation; known from
  /// on_train_begin on. Empty where it is not known.
  List<LogName> log_names;
  /// Whether there are callbacks which may set numbers of their own in the logs: any class but nacre's.
  bool callbacks_set_logs = false;

  /// Ends training after this batch or epoch.
  void stop() { stopped_ = true; }
  bool stopped() const { return stopped_; }

  /// All weights, as an opaque copy that `restore` takes back.
  using Weights = std::vector<char>;
  virtual Weights weights() const = 0;
  virtual void restore(const Weights& weights) = 0;

  /// The optimizer's, for the next step; by its schedule where it has one.
  virtual double learning_rate() const = 0;
  /// Throws ValueError for a rate below 0 or one that is no number, StateError where the optimizer follows a schedule.
  virtual void set_learning_rate(double rate) = 0;

  /// The trainable weights by name, each with its numbers: for histograms.
  using WeightValues = List<std::pair<std::string, std::vector<double>>>;
  virtual WeightValues weight_values() const { return {}; }

  /// Whether the optimizer keeps running averages of the weights (`use_ema`).
  virtual bool has_averages() const { return false; }
  /// Puts these averages in the weights' place, or the weights back; does nothing where that is so already. When
  /// training goes on or ends, weights are back by themselves.
  virtual void use_averages(bool) {}

 private:
  bool stopped_ = false;
};

namespace detail {

// clang-format off
template <class C>
concept ReactsToTraining =
    requires(C& callback, TrainingRun& run) { callback.on_train_begin(run); } ||
    requires(C& callback, TrainingRun& run) { callback.on_train_end(run); } ||
    requires(C& callback, TrainingRun& run) { callback.on_epoch_begin(run); } ||
    requires(C& callback, TrainingRun& run) { callback.on_epoch_end(run); } ||
    requires(C& callback, TrainingRun& run) { callback.on_train_batch_begin(run); } ||
    requires(C& callback, TrainingRun& run) { callback.on_train_batch_end(run); } ||
    requires(C& callback, TrainingRun& run) { callback.on_test_begin(run); } ||
    requires(C& callback, TrainingRun& run) { callback.on_test_end(run); } ||
    requires(C& callback, TrainingRun& run) { callback.on_gradients(run); };
// clang-format on

/// A function that is called at the end of each epoch.
template <class C>
concept TakesRun = !ReactsToTraining<C> && requires(C & callback, TrainingRun& run) {
  callback(run);
};

template <class C>
concept IsCallback = ReactsToTraining<C> || TakesRun<C>;

/// What a class of callbacks does, as functions; null for the events that it does not react to.
struct CallbackType {
  using Event = void (*)(void* callback, TrainingRun& run);
  Event on_train_begin = nullptr;
  Event on_train_end = nullptr;
  Event on_epoch_begin = nullptr;
  Event on_epoch_end = nullptr;
  Event on_train_batch_begin = nullptr;
  Event on_train_batch_end = nullptr;
  Event on_test_begin = nullptr;
  Event on_test_end = nullptr;
  Event on_gradients = nullptr;
  void (*state)(void* callback, CallbackState& list) = nullptr;
  std::string_view name{};                        ///< the class' `type_name`, if it has one
  void* (*copy)(const void* callback) = nullptr;  ///< null where it is somebody else's
  void (*destroy)(void* callback) = nullptr;      ///< null where it is somebody else's
  bool sets_logs = true;
};

template <class C>
constexpr CallbackType events_of() {
  CallbackType type;
  if constexpr (requires(C & c, TrainingRun & run) { c.on_train_begin(run); }) {
    type.on_train_begin = [](void* held, TrainingRun& run) { static_cast<C*>(held)->on_train_begin(run); };
  }
  if constexpr (requires(C & c, TrainingRun & run) { c.on_train_end(run); }) {
    type.on_train_end = [](void* held, TrainingRun& run) { static_cast<C*>(held)->on_train_end(run); };
  }
  if constexpr (requires(C & c, TrainingRun & run) { c.on_epoch_begin(run); }) {
    type.on_epoch_begin = [](void* held, TrainingRun& run) { static_cast<C*>(held)->on_epoch_begin(run); };
  }
  if constexpr (requires(C & c, TrainingRun & run) { c.on_epoch_end(run); }) {
    type.on_epoch_end = [](void* held, TrainingRun& run) { static_cast<C*>(held)->on_epoch_end(run); };
  } else if constexpr (TakesRun<C>) {
    type.on_epoch_end = [](void* held, TrainingRun& run) { (*static_cast<C*>(held))(run); };
  }
  if constexpr (requires(C & c, TrainingRun & run) { c.on_train_batch_begin(run); }) {
    type.on_train_batch_begin = [](void* held, TrainingRun& run) { static_cast<C*>(held)->on_train_batch_begin(run); };
  }
  if constexpr (requires(C & c, TrainingRun & run) { c.on_train_batch_end(run); }) {
    type.on_train_batch_end = [](void* held, TrainingRun& run) { static_cast<C*>(held)->on_train_batch_end(run); };
  }
  if constexpr (requires(C & c, TrainingRun & run) { c.on_test_begin(run); }) {
    type.on_test_begin = [](void* held, TrainingRun& run) { static_cast<C*>(held)->on_test_begin(run); };
  }
  if constexpr (requires(C & c, TrainingRun & run) { c.on_test_end(run); }) {
    type.on_test_end = [](void* held, TrainingRun& run) { static_cast<C*>(held)->on_test_end(run); };
  }
  if constexpr (requires(C & c, TrainingRun & run) { c.on_gradients(run); }) {
    type.on_gradients = [](void* held, TrainingRun& run) { static_cast<C*>(held)->on_gradients(run); };
  }
  if constexpr (requires(C & c, CallbackState & list) { c.state(list); }) {
    type.state = [](void* held, CallbackState& list) { static_cast<C*>(held)->state(list); };
  }
  if constexpr (requires { C::type_name; }) type.name = C::type_name;
  if constexpr (requires { C::sets_logs; }) type.sets_logs = C::sets_logs;
  return type;
}

template <class C>
constexpr CallbackType owned_callback() {
  CallbackType type = events_of<C>();
  type.copy = [](const void* held) -> void* { return new C(*static_cast<const C*>(held)); };
  type.destroy = [](void* held) { delete static_cast<C*>(held); };
  return type;
}

template <class C>
inline constexpr CallbackType owned_callback_type = owned_callback<C>();
template <class C>
inline constexpr CallbackType referred_callback_type = events_of<C>();

}  // namespace detail

/// Any callback: a copyable class with one or more of `on_train_begin`, `on_train_end`, `on_epoch_begin`,
/// `on_epoch_end`, `on_train_batch_begin`, `on_train_batch_end`, `on_test_begin` and `on_test_end`, between which an
/// epoch is validated, and `on_gradients`, each taking a `TrainingRun&`; or a function or lambda that takes a
/// `TrainingRun&`, which is called at the end of each epoch. `fit` works on a copy; pass `std::ref(callback)` to look
/// at your own afterwards. Callbacks run under the caller's floating-point control and number of BLAS threads.
///
/// `on_gradients` is called between the backward pass and the optimizer's update, with a `TrainingRun&` that is a
/// `ModelRun<T>&`; its `gradients` may be looked at and changed. A training with such a callback keeps all gradients of
/// a step before it updates the weights; the bits are the same.
///
/// A class that never sets numbers in the logs may say so, `static constexpr bool sets_logs = false;`: then names that
/// no epoch will have are found before training.
class AnyCallback {
 public:
  /// Throws ValueError for an empty std::function or a null pointer to a function.
  template <class C>
  requires(!std::same_as<C, List<AnyCallback>>) AnyCallback(C callback) : type_(&detail::owned_callback_type<C>) {
    constexpr bool accepted = detail::IsCallback<C>;  // by itself, so that compilers do not recite the concept
    static_assert(accepted,
                  "a callback is a function or lambda that takes a TrainingRun&, or a class with on_train_begin, "
                  "on_train_end, on_epoch_begin, on_epoch_end, on_train_batch_begin, on_train_batch_end, "
                  "on_test_begin, on_test_end or on_gradients, each taking a TrainingRun&");
    if constexpr (std::is_pointer_v<C> || std::is_same_v<C, std::function<void(TrainingRun&)>>) {
      require<ValueError>(static_cast<bool>(callback), "callbacks: expected a function, got an empty one");
    }
    held_ = new C(std::move(callback));
  }

  template <class C>
  requires detail::IsCallback<C> AnyCallback(std::reference_wrapper<C> callback)
      : type_(&detail::referred_callback_type<C>),
        held_(const_cast<void*>(static_cast<const void*>(&callback.get()))) {}

  AnyCallback(const AnyCallback& other)
      : type_(other.type_), held_(type_->copy != nullptr ? type_->copy(other.held_) : other.held_) {}
  AnyCallback(AnyCallback&& other) noexcept : type_(other.type_), held_(std::exchange(other.held_, nullptr)) {}
  AnyCallback& operator=(AnyCallback other) noexcept {
    std::swap(type_, other.type_);
    std::swap(held_, other.held_);
    return *this;
  }
  ~AnyCallback() {
    if (held_ != nullptr && type_->destroy != nullptr) type_->destroy(held_);
  }

  void on_train_begin(TrainingRun& run) { call(type_->on_train_begin, run); }
  void on_train_end(TrainingRun& run) { call(type_->on_train_end, run); }
  void on_epoch_begin(TrainingRun& run) { call(type_->on_epoch_begin, run); }
  void on_epoch_end(TrainingRun& run) { call(type_->on_epoch_end, run); }
  void on_train_batch_begin(TrainingRun& run) { call(type_->on_train_batch_begin, run); }
  void on_train_batch_end(TrainingRun& run) { call(type_->on_train_batch_end, run); }

  void on_test_begin(TrainingRun& run) { call(type_->on_test_begin, run); }
  void on_test_end(TrainingRun& run) { call(type_->on_test_end, run); }

  void on_gradients(TrainingRun& run) { call(type_->on_gradients, run); }

  /// Whether it looks at gradients before the weights are updated.
  bool takes_gradients() const { return type_->on_gradients != nullptr; }

  /// What it has gathered, as places in this callback; nothing where its class does not say.
  [[gnu::cold]] CallbackState state() {
    CallbackState list;
    if (type_->state != nullptr) type_->state(held_, list);
    return list;
  }
  /// What its class is called, `type_name`; empty where it does not say.
  std::string_view class_name() const { return type_->name; }

  /// Whether it may set numbers of its own in the logs.
  bool sets_logs() const { return type_->sets_logs; }

 private:
  void call(detail::CallbackType::Event event, TrainingRun& run) {
    if (event != nullptr) event(held_, run);
  }

  const detail::CallbackType* type_;
  void* held_;
};

}  // namespace nacre
