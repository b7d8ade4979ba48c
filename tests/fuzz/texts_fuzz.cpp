// Other texts that nacre reads: a CSV file that is continued, and file names with places for numbers.

#include <cstddef>
#include <cstdint>
#include <string>

#include <nacre/callbacks/csv_logger.hpp>
#include <nacre/saving/file_template.hpp>

#include "callbacks/fake_run.hpp"
#include "fuzz/fuzzing.hpp"

using namespace nacre;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = testing::text_of(data, size);
  testing::expect_errors_only([&] {
    Logs logs;
    logs.set("epoch", 3);
    logs.set("val_loss", 0.25);
    static_cast<void>(FileTemplate(std::string(text)).fill(logs));
  });
  testing::expect_errors_only([&] {
    static testing::FuzzFile file("csv");
    CSVLogger logger(file.write(text), {.append = true});
    testing::FakeRun run;
    run.train(logger, "loss", {0.5, 0.25});
  });
  return 0;
}
