#pragma once
// Reference cases of regularizers and constraints.

#include "json.hpp"

#include <nacre/constraints/constraints.hpp>
#include <nacre/regularizers/regularizers.hpp>

namespace oracles {

/// The penalty and its gradient.
template <class T>
void run_regularizer(const Json& json) {
  const auto regularizer = make<nacre::AnyRegularizer>(json.at("regularizer"));
  const Tolerance tolerance(json.at("tolerance"));
  const Values<T> weight(json.at("weight"));
  Values<T> gradient(weight.shape);
  compare("value", regularizer.penalty(weight.data.data(), weight.size()), json.at("value"), tolerance);
  regularizer.add_gradient(weight.data.data(), gradient.data.data(), weight.size());
  compare("dWeight", gradient.data.data(), gradient.size(), json.at("dWeight"), tolerance);
}

/// The weight afterwards.
template <class T>
void run_constraint(const Json& json) {
  const auto constraint = make<nacre::AnyConstraint>(json.at("constraint"));
  Values<T> weight(json.at("weight"));
  constraint.apply(weight.data.data(), weight.shape);
  compare("output", weight.data.data(), weight.size(), json.at("output"), Tolerance(json.at("tolerance")));
}

}  // namespace oracles
