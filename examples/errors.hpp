#pragma once
// What every program does with an error: one line, and a non-zero exit code.

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
    std::exit(app.exit(error));
  }
}

/// How many of something, for an option: a whole number from `least` on.
inline CLI::Range count_from(long long least) { return CLI::Range(least, 1'000'000'000LL); }

/// Calls `body` and turns an exception into one line and a non-zero exit code.
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
