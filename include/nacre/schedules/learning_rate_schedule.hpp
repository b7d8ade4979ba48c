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

struct ScheduleClass : HeldClass {
  double (*at)(const void* schedule, std::int64_t step) = nullptr;
};

/// A class whose objects say the learning rate of a step.
template <class S>
concept IsSchedule = HasTypeName<S> && is_listed<S> && requires(const S& schedule) {
  { schedule(std::int64_t{0}) } -> std::convertible_to<double>;
};

template <class S>
constexpr ScheduleClass describe_schedule() {
  ScheduleClass table;
  describe_class<S>(table);
  table.at = [](const void* schedule, std::int64_t step) -> double { return (*static_cast<const S*>(schedule))(step); };
  return table;
}

template <class S>
inline constexpr ScheduleClass schedule_class = describe_schedule<S>();

}  // namespace detail

/// Any schedule: a copyable class with a `type_name`, `fields`, and `double operator()(std::int64_t step) const`, the
/// learning rate of step number `step`, counted from 0. Steps of the optimizer are meant: batches that were trained on,
/// over all calls of `fit`.
class LearningRateSchedule : public Any<detail::ScheduleClass> {
 public:
  template <class S>
  static constexpr const detail::ScheduleClass& class_of() {
    return detail::schedule_class<S>;
  }

  /// Throws what the schedule's `validate` throws, if it has one.
  template <detail::IsSchedule S>
  LearningRateSchedule(S schedule) : Any(class_of<S>(), new S(std::move(schedule))) {
    validate();
  }

  /// The learning rate of step number `step`, counted from 0.
  double operator()(std::int64_t step) const { return its_class().at(held_, step); }

 private:
  friend class Registry<LearningRateSchedule>;
  friend class LearningRate;
  LearningRateSchedule() = default;  // none
  explicit LearningRateSchedule(AnyValue made) : Any(std::move(made)) {}
};

/// Makes a schedule of your own known to `load`.
template <HasTypeName S>
void register_schedule() {
  Registry<LearningRateSchedule>::add<S>();
}

}  // namespace nacre
