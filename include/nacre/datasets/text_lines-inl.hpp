#pragma once
// The bodies of text_lines.hpp.

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include <nacre/datasets/file.hpp>
#include <nacre/datasets/text_lines.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE::datasets {

NACRE_SETUP std::vector<std::string> text_lines(const std::filesystem::path& path, const TextLinesOptions& options) {
  const std::vector<std::uint8_t> bytes = detail::read_bytes(path, options.max_bytes);
  std::string_view rest(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  if (rest.substr(0, 3) == "\xEF\xBB\xBF") rest.remove_prefix(3);
  std::vector<std::string> lines;
  while (!rest.empty()) {
    const std::size_t end = rest.find('\n');
    std::string_view line = rest.substr(0, end);
    if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
    if (!line.empty() || !options.skip_empty) lines.emplace_back(line);
    rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
  }
  return lines;
}

}  // namespace nacre::datasets
