#pragma once
// What every program does with an error: one line, and an exit code: 1 where the run failed, 2 where the command line
// is wrong.

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <string>
#include <string_view>

#include <CLI/CLI.hpp>

namespace example {

/// A message of several lines in one.
inline std::string one_line(std::string_view message) {
  std::string line;
  for (const char letter : message) {
    if (letter != '\n' && letter != ' ') {
      line += letter;
    } else if (!line.empty() && line.back() != ' ') {
      line += ' ';
    }
  }
  while (!line.empty() && line.back() == ' ') line.pop_back();
  return line;
}

/// Parses the command line; ends the program where it asks for help or is wrong.
inline void parse(CLI::App& app, int argc, char** argv) {
  app.failure_message([](const CLI::App* failed, const CLI::Error& error) {
    return failed->get_name() + ": " + one_line(error.what()) + " (--help tells what there is)\n";
  });
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    std::exit(app.exit(error) == 0 ? 0 : 2);
  }
}

/// How many of something, for an option: a whole number from `least` to `most`.
inline CLI::Validator count_from(long long least, long long most = 1'000'000'000LL) {
  const std::string range = most == 1'000'000'000LL ? std::to_string(least) + " or more"
                                                    : std::to_string(least) + " to " + std::to_string(most);
  return CLI::Validator(
      [=](std::string& given) {
        char* end = nullptr;
        errno = 0;
        const long long value = std::strtoll(given.c_str(), &end, 10);
        const bool is_number = !given.empty() && *end == '\0' && errno == 0;
        return is_number && value >= least && value <= most ? std::string()
                                                            : "expected " + range + ", got \"" + given + "\"";
      },
      range);
}

/// Calls `body` and turns an exception into one line and exit code 1.
template <class Body>
int guarded(std::string_view program, Body body) {
  try {
    body();
    return 0;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s: %s\n", std::string(program).c_str(), one_line(error.what()).c_str());
    return 1;
  }
}

}  // namespace example
