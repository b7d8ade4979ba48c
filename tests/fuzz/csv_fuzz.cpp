// Tables, lines and words of texts.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

#include <nacre/data/text_vectorization.hpp>
#include <nacre/datasets/csv.hpp>
#include <nacre/datasets/text_lines.hpp>

#include "fuzz/fuzzing.hpp"

using namespace nacre;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = testing::text_of(data, size);
  for (const bool header : {false, true}) {
    testing::expect_errors_only([&] {
      const datasets::Table table = datasets::csv_from_text(text, {.header = header});
      const std::vector<std::string> names = table.names();
      const Column all = table.features(names);
      if (all.count() != table.rows()) std::abort();
      if (table.drop_missing().rows() > table.rows()) std::abort();
      static_cast<void>(table.dataset(names, names.front()));
    });
  }
  static testing::FuzzFile file("lines");
  testing::expect_errors_only([&] {
    const std::vector<std::string> lines = datasets::text_lines(file.write(text), {.max_bytes = std::int64_t{1} << 20});
    for (const char* split : {"whitespace", "character"}) {
      TextVectorization vectorize({.split = split, .ngrams = {2}, .output_mode = "count"});
      vectorize.adapt(lines);
      if (lines.size() * static_cast<std::size_t>(vectorize.vocabulary_size()) < 100'000) {
        static_cast<void>(vectorize(lines));
      }
    }
  });
  return 0;
}
