#pragma once
// A locale in which numbers have a decimal comma.

#include <clocale>
#include <cstdio>
#include <locale>
#include <string>

namespace nacre::testing {

/// While one lives, C++ streams write 1234.5 as "1.234,5", and printf "1234,5" where such a locale is installed.
class CommaLocale {
 public:
  CommaLocale() : streams_(std::locale::global(std::locale(std::locale::classic(), new Commas))) {
    for (const char* name : {"de_DE.UTF-8", "de_DE.utf8", "de_DE", "fr_FR.UTF-8", "fr_FR.utf8", "es_ES.UTF-8"}) {
      if (std::setlocale(LC_ALL, name) != nullptr) break;
    }
  }
  ~CommaLocale() {
    std::setlocale(LC_ALL, c_.c_str());
    std::locale::global(streams_);
  }
  CommaLocale(const CommaLocale&) = delete;
  CommaLocale& operator=(const CommaLocale&) = delete;

  /// Whether printf writes a comma.
  bool for_c_functions() const {
    char digits[8];
    std::snprintf(digits, sizeof digits, "%.1f", 0.5);
    return std::string(digits) == "0,5";
  }

 private:
  struct Commas : std::numpunct<char> {
    char do_decimal_point() const override { return ','; }
    char do_thousands_sep() const override { return '.'; }
    std::string do_grouping() const override { return "\3"; }
  };

  std::string c_ = std::setlocale(LC_ALL, nullptr);
  std::locale streams_;
};

}  // namespace nacre::testing
