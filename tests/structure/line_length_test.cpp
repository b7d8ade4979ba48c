// No line of a source, script or build file is over 120 columns; .clang-format knows C++ only, and leaves long comments
// and texts alone.

#include <algorithm>
#include <cstddef>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <vector>

#include "catch.hpp"

namespace {

namespace fs = std::filesystem;

constexpr std::size_t most_columns = 120;

/// Characters of a text in UTF-8.
std::size_t columns_of(std::string_view line) {
  return static_cast<std::size_t>(std::count_if(line.begin(), line.end(), [](char c) { return (c & 0xC0) != 0x80; }));
}

/// Whether people write it, as opposed to data: pictures, reference vectors, texts.
bool is_source(const fs::path& path) {
  static const std::vector<std::string_view> endings{".hpp", ".cpp",   ".inc", ".py", ".js",
                                                     ".css", ".cmake", ".in",  ".sh"};
  if (path.filename() == "CMakeLists.txt") return true;
  if (!path.has_extension()) return path.parent_path().filename() == "scripts" || path.filename() == "run";
  return std::find(endings.begin(), endings.end(), path.extension().string()) != endings.end();
}

bool is_data(const fs::path& folder) {
  const std::string name = folder.filename().string();
  return name == "corpus" || name == "__pycache__";
}

}  // namespace

TEST_CASE("Columns are characters, not bytes") {
  CHECK(columns_of("") == 0);
  CHECK(columns_of("abc") == 3);
  CHECK(columns_of("Gr\xC3\xB6\xC3\x9F"
                   "e") == 5);
  CHECK(columns_of("\xE2\x94\x81\xE2\x94\x81") == 2);
}

TEST_CASE("No line of a source is over 120 columns") {
  const fs::path root = fs::path(NACRE_TESTS_FOLDER).parent_path();
  std::size_t files = 0;
  std::string too_long;
  for (const char* folder : {"include", "src", "tests", "examples", "benchmarks", "cmake", "scripts", ".ci"}) {
    for (auto entry = fs::recursive_directory_iterator(root / folder); entry != fs::end(entry); ++entry) {
      if (entry->is_directory() && is_data(entry->path())) entry.disable_recursion_pending();
      if (!entry->is_regular_file() || !is_source(entry->path())) continue;
      ++files;
      std::ifstream file(entry->path());
      std::string line;
      for (int number = 1; std::getline(file, line); ++number) {
        if (columns_of(line) <= most_columns) continue;
        too_long += fs::relative(entry->path(), root).string() + ":" + std::to_string(number) + ": " +
                    std::to_string(columns_of(line)) + " columns\n";
      }
    }
  }
  CHECK(files > 100);
  CHECK(too_long == "");
}
