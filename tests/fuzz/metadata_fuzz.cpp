// The description of a model in a file's metadata: everything behind the JSON text that names layers and options.

#include <cstddef>
#include <cstdint>
#include <string>

#include <nacre/core/version.hpp>
#include <nacre/saving/saving.hpp>

#include "fuzz/fuzzing.hpp"

using namespace nacre;

namespace {

std::string quoted(std::string_view text) {
  std::string out = "\"";
  for (const char letter : text) {
    if (letter == '"' || letter == '\\') out += '\\';
    out += letter;
  }
  return out + '"';
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static testing::FuzzFile file("metadata");
  // Two texts: the layers, and after a zero byte how the model learns.
  const std::string_view text = testing::text_of(data, size);
  const std::size_t cut = text.find('\0');
  std::string header =
      R"({"__metadata__":{"nacre_version":)" + quoted(version) + R"(,"model_config":)" + quoted(text.substr(0, cut));
  if (cut != std::string_view::npos) header += R"(,"compile_config":)" + quoted(text.substr(cut + 1));
  header += "}}";
  std::string content;
  for (int byte = 0; byte < 8; ++byte) content += static_cast<char>(header.size() >> 8 * byte & 255);
  testing::expect_errors_only([&] { static_cast<void>(load(file.write(content + header))); });
  return 0;
}
