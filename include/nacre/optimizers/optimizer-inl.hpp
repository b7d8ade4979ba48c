#pragma once
// Bodies of optimizers/optimizer.hpp.

#include <algorithm>
#include <cmath>

#include <nacre/core/list.hpp>
#include <nacre/optimizers/optimizer.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

NACRE_SETUP List<Slot> OptimizerBase::slots() const {
  List<Slot> slots;
  if (use_ema) slots.emplace_back("average");
  if (gradient_accumulation_steps) slots.emplace_back("gradient_accumulator");
  return slots;
}

NACRE_SETUP void OptimizerBase::validate(std::string_view optimizer) const {
  require<ValueError>(clipnorm.has_value() + clipvalue.has_value() + global_clipnorm.has_value() <= 1, optimizer,
                      ": expected at most one of clipnorm, clipvalue and global_clipnorm");
  for (const auto& limit : {clipnorm, clipvalue, global_clipnorm}) {
    require<ValueError>(!limit || *limit > 0, optimizer, ": expected a clipping limit above 0, got ",
                        limit.value_or(0));
  }
  require<ValueError>(!weight_decay || *weight_decay >= 0, optimizer, ": expected weight_decay of 0 or more, got ",
                      weight_decay.value_or(0));
  require<ValueError>(ema_momentum >= 0 && ema_momentum <= 1, optimizer, ": expected ema_momentum from 0 to 1, got ",
                      ema_momentum);
  require<ValueError>(ema_overwrite_frequency.value_or(1) >= 1, optimizer,
                      ": expected ema_overwrite_frequency of 1 or more, got ", ema_overwrite_frequency.value_or(1));
  require<ValueError>(gradient_accumulation_steps.value_or(2) >= 2, optimizer,
                      ": expected gradient_accumulation_steps of 2 or more, got ",
                      gradient_accumulation_steps.value_or(2));
}

namespace detail {

NACRE_SETUP void require_share(std::string_view optimizer, std::string_view option, double value) {
  require<ValueError>(value >= 0 && value < 1, optimizer, ": expected ", option, " from 0 to below 1, got ", value);
}

NACRE_SETUP void require_at_least_zero(std::string_view optimizer, std::string_view option, double value) {
  require<ValueError>(value >= 0 && std::isfinite(value), optimizer, ": expected ", option, " of 0 or more, got ",
                      value);
}

NACRE_SETUP void require_root_epsilon(std::string_view optimizer, double epsilon) {
  require<ValueError>(epsilon >= 1e-37, optimizer,
                      ": expected epsilon of 1e-37 or more, as smaller numbers are 0 in float, got ", epsilon);
}

NACRE_SETUP void require_parts(std::string_view optimizer, std::string_view option,
                               const std::vector<std::string>& parts) {
  for (const std::string& part : parts) {
    require<ValueError>(!part.empty() && part.find_first_of("^$.|*+?()[]{}\\") == part.npos, optimizer,
                        ": expected parts of weights' names in ", option, ", such as \"bias\", got \"", part,
                        "\"; patterns are not known");
  }
}

NACRE_SETUP bool has_part(std::string_view name, const std::vector<std::string>& parts) {
  bool found = false;
  for (const std::string& part : parts) found |= name.find(part) != name.npos;
  return found;
}

NACRE_SETUP bool decays(const AnyValue& optimizer, std::string_view weight) {
  const std::string_view own = weight.substr(weight.rfind('/') + 1);
  Fields list;
  optimizer.fields(list);
  bool excluded = false;
  for (const Field& field : list.all()) {
    if (field.name != "exclude_from_weight_decay" || field.type != &field_type<std::vector<std::string>>) continue;
    const auto& parts = *static_cast<const std::vector<std::string>*>(field.member);
    require_parts(optimizer.class_name(), field.name, parts);
    excluded |= has_part(own, parts);
  }
  return !excluded;
}

NACRE_SETUP void check_slots(std::string_view optimizer, const List<Slot>& slots, std::size_t most,
                             bool whole_tensors) {
  require<ValueError>(slots.size() <= most, optimizer, ": expected at most ", most, " slots");
  for (const Slot& slot : slots) {
    require<ValueError>(slot.extents == nullptr || whole_tensors, optimizer, ": expected slot \"", slot.name,
                        "\" shaped as the weights, since its rule does not take whole tensors");
  }
}

}  // namespace detail
}  // namespace nacre
