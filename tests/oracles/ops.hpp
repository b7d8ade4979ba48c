#pragma once
// Operations of reference cases: `ops.F` with its arguments by name.

#include "json.hpp"

#include <optional>
#include <string>
#include <vector>

#include <nacre/layers/ops.hpp>

namespace oracles {

inline std::vector<std::int64_t> integers(const Json& json) {
  return json.is_array() ? json.get<std::vector<std::int64_t>>() : std::vector{json.get<std::int64_t>()};
}

inline nacre::Index to_index(const Json& json) {
  if (json.is_null()) return nacre::ops::new_axis;
  if (json.is_string()) return nacre::ops::ellipsis;
  if (json.is_number()) return json.get<std::int64_t>();
  const auto bound = [&](std::size_t which) -> std::optional<std::int64_t> {
    const Json& bounds = json.at("slice");
    if (which >= bounds.size() || bounds[which].is_null()) return {};
    return bounds[which].get<std::int64_t>();
  };
  return nacre::ops::slice(bound(0), bound(1), bound(2));
}

/// What `keras.ops.NAME` makes of these tensors.
inline nacre::SymbolicTensor call_op(const std::string& name, const Json& config, const nacre::SymbolicTensors& x) {
  namespace ops = nacre::ops;
  const nacre::SymbolicTensor& first = x.at(0);
  const auto axes = [&] { return config.contains("axis") ? nacre::Axes(integers(config.at("axis"))) : nacre::Axes(); };
  const bool keepdims = config.value("keepdims", false);

#define NACRE_ORACLE_UNARY(NAME) \
  if (name == #NAME) return ops::NAME(first)
#define NACRE_ORACLE_BINARY(NAME) \
  if (name == #NAME) return x.size() > 1 ? ops::NAME(first, x[1]) : ops::NAME(first, config.at("x2").get<double>())
#define NACRE_ORACLE_REDUCTION(NAME) \
  if (name == #NAME) return ops::NAME(first, axes(), keepdims)

  NACRE_ORACLE_UNARY(exp);
  NACRE_ORACLE_UNARY(log);
  NACRE_ORACLE_UNARY(sqrt);
  NACRE_ORACLE_UNARY(square);
  NACRE_ORACLE_UNARY(abs);
  NACRE_ORACLE_UNARY(tanh);
  NACRE_ORACLE_UNARY(sigmoid);
  NACRE_ORACLE_UNARY(relu);
  NACRE_ORACLE_UNARY(erf);
  NACRE_ORACLE_BINARY(add);
  NACRE_ORACLE_BINARY(subtract);
  NACRE_ORACLE_BINARY(multiply);
  NACRE_ORACLE_BINARY(divide);
  NACRE_ORACLE_BINARY(power);
  NACRE_ORACLE_BINARY(maximum);
  NACRE_ORACLE_BINARY(minimum);
  NACRE_ORACLE_BINARY(greater);
  NACRE_ORACLE_BINARY(less);
  NACRE_ORACLE_REDUCTION(sum);
  NACRE_ORACLE_REDUCTION(mean);
  NACRE_ORACLE_REDUCTION(max);
  NACRE_ORACLE_REDUCTION(min);
  NACRE_ORACLE_REDUCTION(var);

#undef NACRE_ORACLE_UNARY
#undef NACRE_ORACLE_BINARY
#undef NACRE_ORACLE_REDUCTION

  if (name == "clip") return ops::clip(first, config.at("x_min").get<double>(), config.at("x_max").get<double>());
  if (name == "where") {
    return x.size() > 2 ? ops::where(first, x[1], x[2]) : ops::where(first, x.at(1), config.at("x2").get<double>());
  }
  if (name == "matmul") return ops::matmul(first, x.at(1));
  if (name == "softmax") return ops::softmax(first, config.value("axis", -1));
  if (name == "log_softmax") return ops::log_softmax(first, config.value("axis", -1));
  if (name == "reshape") return ops::reshape(first, integers(config.at("newshape")));
  if (name == "transpose") return ops::transpose(first, integers(config.at("axes")));
  if (name == "concatenate") return ops::concatenate(x, config.at("axis").get<std::int64_t>());
  if (name == "stack") return ops::stack(x, config.at("axis").get<std::int64_t>());
  if (name == "getitem") {
    std::vector<nacre::Index> index;
    for (const Json& entry : config.at("index")) index.push_back(to_index(entry));
    return ops::getitem(first, index);
  }
  throw Unsupported("nacre has no ops." + name);
}

}  // namespace oracles
