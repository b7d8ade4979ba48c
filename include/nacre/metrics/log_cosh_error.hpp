#pragma once
// LogCoshError: the loss LogCosh under the name that Keras' metric has.

#include <string_view>

#include <nacre/losses/log_cosh.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// Options of LogCoshError.
using LogCoshErrorOptions = LogCoshOptions;

/// The mean of log(cosh(prediction - target)), see LogCosh. Its result appears as "logcosh".
class LogCoshError : public LogCosh {
 public:
  static constexpr std::string_view type_name = "LogCoshError";
  static constexpr std::string_view metric_name = "logcosh";
  using LogCosh::LogCosh;
};

}  // namespace nacre
