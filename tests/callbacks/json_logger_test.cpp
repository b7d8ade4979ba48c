// JSONLogger: what is in the file.

#include <cmath>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

#include <nacre/callbacks/json_logger.hpp>

#include "callbacks/fake_run.hpp"
#include "catch.hpp"

using namespace nacre;
using namespace nacre::testing;

namespace {

struct TemporaryFile {
  std::filesystem::path path = std::filesystem::temp_directory_path() /
                               ("nacre_json_logger_" + std::to_string(reinterpret_cast<std::uintptr_t>(this)));
  TemporaryFile() { std::filesystem::remove(path); }
  ~TemporaryFile() { std::filesystem::remove(path); }
  std::string content() const {
    std::ostringstream text;
    text << std::ifstream(path).rdbuf();
    return text.str();
  }
};

}  // namespace

TEST_CASE("an object an epoch, a line each") {
  const TemporaryFile file;
  JSONLogger logger(file.path);
  FakeRun run;
  logger.on_train_begin(run);
  CHECK(file.content().empty());
  run.logs.set("loss", 0.1);
  run.logs.set("a \"name\"\n", 2);
  logger.on_epoch_end(run);
  CHECK(file.content() == "{\"epoch\": 0, \"loss\": 0.10000000000000001, \"a \\\"name\\\"\\u000a\": 2}\n");
  run.epoch = 1;
  run.logs = Logs();
  run.logs.set("loss", std::nan(""));
  run.logs.set("val_loss", -INFINITY);
  logger.on_epoch_end(run);
  CHECK(file.content().substr(file.content().find('\n') + 1) == "{\"epoch\": 1, \"loss\": null, \"val_loss\": null}\n");
}

TEST_CASE("a file that is there is replaced, or gone on with") {
  const TemporaryFile file;
  std::ofstream(file.path) << "{\"epoch\": 0}\n{\"epo";
  FakeRun run;
  run.epoch = 1;
  JSONLogger more(file.path, {.append = true});
  more.on_train_begin(run);
  more.on_epoch_end(run);
  CHECK(file.content() == "{\"epoch\": 0}\n{\"epo\n{\"epoch\": 1}\n");
  JSONLogger anew(file.path);
  anew.on_train_begin(run);
  CHECK(file.content().empty());
  CHECK_THROWS_WITH(JSONLogger("/no/such/folder/log").on_train_begin(run),
                    ContainsSubstring("JSONLogger: cannot write /no/such/folder/log"));
}
