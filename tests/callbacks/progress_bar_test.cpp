// ProgressBar: what it prints on a terminal, and where standard output is none.

#include <nacre/callbacks/progress_bar.hpp>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <regex>
#include <sstream>
#include <string>
#include <thread>

#include <fcntl.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "callbacks/comma_locale.hpp"
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
    run.steps = 3;
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
      "3/3 ━━━━━━━━━━━━━━━━━━━━ [0-9]+s [0-9]+us/step - loss: 0\\.1235 - accuracy: 1\\.0000 - val_loss: "
      "1\\.2345e-05 - "
      "val_accuracy: 0\\.0000\n");
  for (const int verbose : {1, 2}) {
    const std::string text = one_epoch(verbose);
    INFO(text);
    CHECK(std::regex_match(text, expected));
  }
}

TEST_CASE("the line has decimal points, whatever the locale") {
  const CommaLocale locale;
  if (!locale.for_c_functions()) WARN("no locale with a decimal comma is installed; only C++ streams have one here");
  CHECK(one_epoch(2).find("loss: 0.1235 - accuracy: 1.0000 - val_loss: 1.2345e-05") != std::string::npos);
}

TEST_CASE("an epoch that was ended early shows the steps that were made") {
  const std::string text = printed([] {
    FakeRun run;
    run.steps = 100;
    ProgressBar bar;
    bar.on_epoch_begin(run);
    run.step = 0;
    bar.on_train_batch_end(run);
    bar.on_epoch_end(run);
  });
  INFO(text);
  CHECK(text.find("\n1/100                      ") != std::string::npos);
}

TEST_CASE("where it is not known how many steps there are, the line says so") {
  const std::string text = printed([] {
    FakeRun run;
    run.steps = 0;
    ProgressBar bar;
    bar.on_epoch_begin(run);
    run.step = 11;
    bar.on_train_batch_end(run);
    bar.on_epoch_end(run);
  });
  INFO(text);
  CHECK(text.find("\n12/Unknown ━━━━━━━━━━━━━━━━━━━━ ") != std::string::npos);
}

namespace {

/// What `act` prints on a terminal of so many columns.
template <class Act>
std::string printed_on_terminal(unsigned short columns, Act act) {
  const int terminal = posix_openpt(O_RDWR | O_NOCTTY);
  REQUIRE((terminal >= 0 && grantpt(terminal) == 0 && unlockpt(terminal) == 0));
  const int other_end = open(ptsname(terminal), O_RDWR | O_NOCTTY);
  REQUIRE(other_end >= 0);
  winsize size{};
  size.ws_col = columns;
  size.ws_row = 24;
  REQUIRE(ioctl(other_end, TIOCSWINSZ, &size) == 0);
  std::fflush(stdout);
  const int kept = dup(STDOUT_FILENO);
  dup2(other_end, STDOUT_FILENO);
  act();
  std::fflush(stdout);
  dup2(kept, STDOUT_FILENO);
  close(kept);
  close(other_end);
  std::string text;
  char part[1024];
  for (ssize_t length; (length = read(terminal, part, sizeof part)) > 0;) {
    text.append(part, static_cast<std::size_t>(length));
  }
  close(terminal);
  return text;
}

/// One step of 100, long enough for the bar to be drawn, and the epoch's end.
void one_long_step() {
  FakeRun run;
  run.verbose = 1;
  run.epochs = 1;
  run.steps = 100;
  ProgressBar bar;
  bar.on_epoch_begin(run);
  std::this_thread::sleep_for(std::chrono::milliseconds(110));
  run.step = 24;
  run.logs.set("loss", 0.5);
  run.logs.set("accuracy", 0.75);
  bar.on_train_batch_end(run);
  run.step = 99;
  bar.on_train_batch_end(run);
  run.logs.set("val_loss", 0.25);
  bar.on_epoch_end(run);
}

}  // namespace

TEST_CASE("on a terminal the line shows steps, bar, time elapsed and left, and is drawn over") {
  const std::string text = printed_on_terminal(100, one_long_step);
  INFO(text);
  const std::regex expected(
      "Epoch 1/1\r\n"
      "\r\x1b\\[K25/100 ━━━━━                [0-9]+s, [0-9]+s left, [0-9]+ms/step - loss: 0\\.5000 - accuracy: 0\\.7500"
      "\r\x1b\\[K100/100 ━━━━━━━━━━━━━━━━━━━━ [0-9]+s [0-9]+ms/step - loss: 0\\.5000 - accuracy: 0\\.7500 - val_loss: "
      "0\\.2500\r\n");
  CHECK(std::regex_match(text, expected));
}

TEST_CASE("on a narrow terminal the live line ends at the edge") {
  const std::string text = printed_on_terminal(30, one_long_step);
  INFO(text);
  const std::regex expected("Epoch 1/1\r\n\r\x1b\\[K25/100 ━━━━━                [0-9]s\r\x1b[^\r]*\r\n");
  CHECK(std::regex_match(text, expected));
}
