// ProgressBar: what it prints where standard output is no terminal.

#include <nacre/callbacks/progress_bar.hpp>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <regex>
#include <sstream>
#include <string>

#include <unistd.h>

#include "callbacks/fake_run.hpp"
#include "catch.hpp"

using namespace nacre;
using namespace nacre::testing;

namespace {

/// What `act` prints on standard output, which is a file meanwhile.
template <class Act>
std::string printed(Act act) {
  const std::filesystem::path path =
      std::filesystem::temp_directory_path() / ("nacre_progress_bar_" + std::to_string(getpid()) + ".txt");
  std::fflush(stdout);
  const int kept = dup(STDOUT_FILENO);
  std::FILE* file = std::fopen(path.c_str(), "w");
  dup2(fileno(file), STDOUT_FILENO);
  act();
  std::fflush(stdout);
  dup2(kept, STDOUT_FILENO);
  close(kept);
  std::fclose(file);
  std::ostringstream text;
  text << std::ifstream(path).rdbuf();
  std::filesystem::remove(path);
  return text.str();
}

std::string one_epoch(int verbose) {
  return printed([verbose] {
    FakeRun run;
    run.verbose = verbose;
    run.epoch = 2;
    run.epochs = 5;
    run.steps = 1875;
    ProgressBar bar;
    bar.on_epoch_begin(run);
    for (run.step = 0; run.step < 3; ++run.step) {
      run.logs.set("loss", 1);
      bar.on_train_batch_end(run);
    }
    run.logs.set("loss", 0.12345);
    run.logs.set("accuracy", 1);
    run.logs.set("val_loss", 0.000012345);
    run.logs.set("val_accuracy", 0);
    bar.on_epoch_end(run);
  });
}

}  // namespace

TEST_CASE("without a terminal an epoch is its number and one finished line") {
  const std::regex expected(
      "Epoch 3/5\n"
      "1875/1875 ━━━━━━━━━━━━━━━━━━━━ [0-9]+s [0-9]+us/step - loss: 0\\.1235 - accuracy: 1\\.0000 - val_loss: "
      "1\\.2345e-05 - "
      "val_accuracy: 0\\.0000\n");
  for (const int verbose : {1, 2}) {
    const std::string text = one_epoch(verbose);
    INFO(text);
    CHECK(std::regex_match(text, expected));
  }
}
