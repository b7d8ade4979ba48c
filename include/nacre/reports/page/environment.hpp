#pragma once
// What a program runs on and was built with, as reports say it.

#include <ctime>
#include <fstream>
#include <string>

#include <nacre/core/version.hpp>
#include <nacre/kernels/isa.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE::reports::page {

/// The processor's name as the system gives it, or "unknown".
inline std::string processor_name() {
  std::ifstream info("/proc/cpuinfo");
  for (std::string line; std::getline(info, line);) {
    const std::size_t value = line.find(": ");
    if (line.rfind("model name", 0) == 0 && value != std::string::npos) return line.substr(value + 2);
  }
  return "unknown";
}

/// "g++ 12.2.0" or "clang 14.0.6".
inline std::string compiler_name() {
#if defined(__clang__)
  return std::string("clang ") + __clang_version__;
#elif defined(__GNUC__)
  return std::string("g++ ") + __VERSION__;
#else
  return "unknown";
#endif
}

/// The present time, "2026-03-01 12:34 UTC".
inline std::string present_time() {
  const std::time_t now = std::time(nullptr);
  std::tm parts{};
  gmtime_r(&now, &parts);
  char text[32];
  return std::strftime(text, sizeof text, "%Y-%m-%d %H:%M UTC", &parts) > 0 ? text : "unknown";
}

}  // namespace nacre::reports::page
