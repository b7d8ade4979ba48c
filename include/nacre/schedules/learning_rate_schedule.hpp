#pragma once
// What a learning rate schedule is, and LearningRateSchedule, which holds one.

#include <concepts>
#include <cstdint>
#include <type_traits>
#include <utility>

#include <nacre/core/any.hpp>
#include <nacre/core/registry.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

namespace detail {

struct ScheduleInterface : Held {
  virtual double at(std::int64_t step) const = 0;
};

template <class S>
struct ScheduleHolder final : HoldValue<ScheduleInterface, ScheduleHolder<S>, S> {
  using HoldValue<ScheduleInterface, ScheduleHolder<S>, S>::HoldValue;
  double at(std::int64_t step) const override { return this->value(step); }
};

/// A class whose objects say the learning rate of a step.
template <class S>
concept IsSchedule = HasTypeName<S> && is_listed<S> && requires(const S& schedule) {
  { schedule(std::int64_t{0}) } -> std::convertible_to<double>;
};

}  // namespace detail

/// Any schedule: a copyable class with a `type_name`, `fields`, and `double operator()(std::int64_t step) const`, the
/// learning rate of step number `step`, counted from 0. Steps of the optimizer are meant: batches that were trained on,
/// over all calls of `fit`.
class LearningRateSchedule : public Any<detail::ScheduleInterface> {
 public:
  template <class S>
  using Holder = detail::ScheduleHolder<S>;

  /// Throws what the schedule's `validate` throws, if it has one.
  template <detail::IsSchedule S>
  LearningRateSchedule(S schedule) : Any(new Holder<S>(std::move(schedule))) {
    self().validate();
  }

  /// The learning rate of step number `step`, counted from 0.
  double operator()(std::int64_t step) const { return self().at(step); }

 private:
  friend class Registry<LearningRateSchedule>;
  friend class LearningRate;
  explicit LearningRateSchedule(Held* held) : Any(held) {}  // nullptr: none
};

/// Makes a schedule of your own known to `load`.
template <HasTypeName S>
void register_schedule() {
  Registry<LearningRateSchedule>::add<S>();
}

}  // namespace nacre
