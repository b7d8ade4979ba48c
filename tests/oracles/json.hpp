#pragma once
// Reading reference cases, and comparing with them.

#include <cmath>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <limits>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include <nacre/core/registry.hpp>
#include <nacre/core/buffer.hpp>
#include <nacre/core/config.hpp>
#include <nacre/core/error.hpp>
#include <nacre/core/tensor.hpp>

namespace oracles {

using Json = nlohmann::json;

/// A case asks for something that nacre does not have.
class Unsupported : public nacre::Error {
 public:
  using nacre::Error::Error;
};

/// nacre computes something else than the case says.
class Mismatch : public nacre::Error {
 public:
  using nacre::Error::Error;
};

inline Json read_case(const std::filesystem::path& path) {
  std::ifstream file(path);
  nacre::require<nacre::FileError>(file.good(), path.string(), ": cannot be opened");
  Json json = Json::parse(file);
  nacre::require<nacre::FormatError>(json.value("format", "") == "oracle-case/1", path.string(),
                                     ": expected format oracle-case/1");
  return json;
}

inline nacre::Shape to_shape(const Json& json) {
  const auto extents = json.get<std::vector<std::int64_t>>();
  return nacre::Shape(extents.begin(), extents.end());
}

/// A tensor with the memory it lies in. Values that are not stored are NaN.
template <class T>
struct Values {
  nacre::Shape shape;
  nacre::Buffer<T> data;

  explicit Values(const nacre::Shape& extents) : shape(extents), data(static_cast<std::size_t>(extents.size())) {}
  explicit Values(const Json& json) : Values(to_shape(json.at("shape"))) {
    const Json& list = json.at("data");
    nacre::require<nacre::FormatError>(list.size() == data.size(), "expected ", data.size(), " values, got ",
                                       list.size());
    for (std::size_t i = 0; i < data.size(); ++i) {
      data[i] = list[i].is_null() ? std::numeric_limits<T>::quiet_NaN() : list[i].get<T>();
    }
  }

  std::int64_t size() const { return static_cast<std::int64_t>(data.size()); }
  nacre::TensorView<T> view() { return {data.data(), shape}; }
  nacre::TensorView<const T> view() const { return {data.data(), shape}; }

  /// The same values as (rows, features): all axes but the last are rows, and a single axis holds rows.
  nacre::TensorView<const T> rows() const {
    const std::int64_t features = shape.rank() < 2 ? 1 : shape.back();
    return {data.data(), nacre::Shape{size() / features, features}};
  }

  /// The same values as `rows` rows.
  nacre::TensorView<const T> rows(std::int64_t count) const {
    return {data.data(), nacre::Shape{count, size() / count}};
  }
};

/// How near a value must come to its reference.
struct Tolerance {
  double relative;
  double absolute;

  explicit Tolerance(const Json& json)
      : relative(json.at("rtol").get<double>()), absolute(json.at("atol").get<double>()) {}

  bool accepts(double found, double expected) const {
    return std::abs(found - expected) <= absolute + relative * std::abs(expected);
  }
};

/// Throws Mismatch naming the first element that differs, unless `count` values are what `expected` holds.
template <class T>
void compare(const std::string& what, const T* found, std::int64_t count, const Json& expected,
             const Tolerance& tolerance) {
  const Values<double> reference(expected);
  nacre::require<Mismatch>(count == reference.size(), what, ": expected shape ", reference.shape, ", got ", count,
                           " elements");
  for (std::int64_t i = 0; i < count; ++i) {
    const double value = reference.data[static_cast<std::size_t>(i)];
    if (std::isnan(value)) continue;
    nacre::require<Mismatch>(tolerance.accepts(static_cast<double>(found[i]), value), what, "[", i, "]: expected ",
                             value, ", got ", found[i]);
  }
}

template <class T>
void compare(const std::string& what, const nacre::TensorView<T>& found, const Json& expected,
             const Tolerance& tolerance) {
  const nacre::Shape shape = to_shape(expected.at("shape"));
  nacre::require<Mismatch>(found.extents() == shape, what, ": expected shape ", shape, ", got ", found.extents());
  compare(what, found.elements(), shape.size(), expected, tolerance);
}

inline void compare(const std::string& what, double found, const Json& expected, const Tolerance& tolerance) {
  const double value = expected.is_object() ? expected.at("data").at(0).get<double>() : expected.get<double>();
  nacre::require<Mismatch>(tolerance.accepts(found, value), what, ": expected ", value, ", got ", found);
}

nacre::Config to_config(const Json& json);

inline nacre::ConfigValue to_config_value(const Json& json) {
  if (json.is_null()) return {};
  if (json.is_boolean()) return json.get<bool>();
  if (json.is_number_integer()) return json.get<std::int64_t>();
  if (json.is_number()) return json.get<double>();
  if (json.is_string()) return json.get<std::string>();
  if (json.is_object()) return to_config(json);
  nacre::ConfigList list;
  for (const Json& element : json) list.push_back(to_config_value(element));
  return list;
}

/// `{class_name, config}` as nacre's own type.
inline nacre::Config to_config(const Json& json) {
  nacre::Config config(json.at("class_name").get<std::string>(), {});
  for (const auto& [name, value] : json.at("config").items()) config.entries.push_back({name, to_config_value(value)});
  return config;
}

/// The object that a case names. Throws Unsupported where nacre has no such class, field or value.
template <class Anything>
Anything make(const Json& json) {
  try {
    return nacre::Registry<Anything>::make(to_config(json));
  } catch (const nacre::ValueError& error) {
    throw Unsupported(error.what());
  }
}

}  // namespace oracles
