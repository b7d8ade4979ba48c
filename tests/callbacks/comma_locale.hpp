#pragma once
// A locale in which numbers have a decimal comma.

#include <clocale>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <locale>
#include <string>
#include <system_error>

#include <stdlib.h>

namespace nacre::testing {

/// While one lives, C++ streams write 1234.5 as "1.234,5", and printf "1234,5" where such a locale is installed or can
/// be made.
class CommaLocale {
 public:
  CommaLocale() : streams_(std::locale::global(std::locale(std::locale::classic(), new Commas))) {
    if (!set_c()) {
      make_c();
      set_c();
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

  static bool set_c() {
    for (const char* name : {"de_DE.UTF-8", "de_DE.utf8", "de_DE", "fr_FR.UTF-8", "fr_FR.utf8", "es_ES.UTF-8"}) {
      if (std::setlocale(LC_ALL, name) != nullptr) return true;
    }
    return false;
  }

  /// Makes de_DE.UTF-8 in a temporary folder, which the program keeps, where the system has what that takes.
  static void make_c() {
    static const std::string folder = [] {
      std::string name = (std::filesystem::temp_directory_path() / "nacre_locales_XXXXXX").string();
      if (::mkdtemp(name.data()) == nullptr) return std::string();
      const std::string command = "localedef -c -i de_DE -f UTF-8 '" + name + "/de_DE.UTF-8' > /dev/null 2>&1";
      if (std::system(command.c_str()) == 0) ::setenv("LOCPATH", name.c_str(), 1);
      return name;
    }();
    static const struct Remove {
      ~Remove() {
        std::error_code ignored;
        std::filesystem::remove_all(folder, ignored);
      }
    } remove;
    static_cast<void>(remove);
  }

  std::string c_ = std::setlocale(LC_ALL, nullptr);
  std::locale streams_;
};

}  // namespace nacre::testing
