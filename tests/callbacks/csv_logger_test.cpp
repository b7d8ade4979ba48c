// CSVLogger: what is in the file.

#include <nacre/callbacks/csv_logger.hpp>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include <csignal>

#include <sys/resource.h>
#include <unistd.h>

#include "callbacks/comma_locale.hpp"
#include "callbacks/fake_run.hpp"
#include "catch.hpp"
#include "child_process.hpp"

using namespace nacre;
using namespace nacre::testing;

namespace {

/// A file of this test's own, gone with it.
struct TemporaryFile {
  std::filesystem::path path = std::filesystem::temp_directory_path() /
                               ("nacre_csv_logger_" + std::to_string(reinterpret_cast<std::uintptr_t>(this)) + ".csv");
  TemporaryFile() { std::filesystem::remove(path); }
  ~TemporaryFile() { std::filesystem::remove(path); }
  std::string content() const {
    std::ostringstream text;
    text << std::ifstream(path).rdbuf();
    return text.str();
  }
};

/// Runs a logger over epochs, each with its logs.
void train(CSVLogger logger, const std::vector<Logs>& epochs, std::int64_t first_epoch = 0) {
  FakeRun run;
  logger.on_train_begin(run);
  for (std::size_t i = 0; i < epochs.size(); ++i) {
    run.epoch = first_epoch + static_cast<std::int64_t>(i);
    run.logs = epochs[i];
    logger.on_epoch_end(run);
  }
}

Logs logs(const std::vector<std::pair<std::string, double>>& entries) {
  Logs result;
  for (const auto& [name, value] : entries) result.set(name, value);
  return result;
}

}  // namespace

TEST_CASE("a line an epoch, with all digits") {
  const TemporaryFile file;
  train(CSVLogger(file.path), {logs({{"loss", 0.5}, {"accuracy", 1}}), logs({{"loss", 0.1}, {"accuracy", 2.0 / 3}})});
  CHECK(file.content() ==
        "epoch,loss,accuracy\n"
        "0,0.5,1\n"
        "1,0.10000000000000001,0.66666666666666663\n");
}

TEST_CASE("each line is in the file when its epoch has ended") {
  const TemporaryFile file;
  CSVLogger logger(file.path, {.separator = ';'});
  FakeRun run;
  logger.on_train_begin(run);
  CHECK(file.content().empty());
  run.logs = logs({{"loss", 2}, {"val_loss", 3}});
  logger.on_epoch_end(run);
  CHECK(file.content() == "epoch;loss;val_loss\n0;2;3\n");
}

TEST_CASE("numbers that some epochs lack leave their place empty") {
  const TemporaryFile file;
  const Logs some = logs({{"loss", 1}});
  const Logs all = logs({{"loss", 1}, {"val_loss", 2}});
  train(CSVLogger(file.path), {some, all, some, all});
  CHECK(file.content() ==
        "epoch,loss,val_loss\n"
        "0,1,\n"
        "1,1,2\n"
        "2,1,\n"
        "3,1,2\n");
}

TEST_CASE("a file is overwritten, or with append gone on with") {
  const TemporaryFile file;
  train(CSVLogger(file.path), {logs({{"loss", 9}, {"accuracy", 1}})});
  train(CSVLogger(file.path), {logs({{"loss", 1}, {"accuracy", 0}})});
  train(CSVLogger(file.path, {.append = true}), {logs({{"accuracy", 0.5}, {"loss", 2}})}, 1);
  CHECK(file.content() == "epoch,loss,accuracy\n0,1,0\n1,2,0.5\n");
  train(CSVLogger(file.path, {.append = true}), {logs({{"loss", 3}, {"accuracy", 1}, {"recall", 4}})}, 2);
  CHECK(file.content() == "epoch,loss,accuracy,recall\n0,1,0,\n1,2,0.5,\n2,3,1,4\n");

  const TemporaryFile fresh;
  train(CSVLogger(fresh.path, {.append = true}), {logs({{"loss", 1}})});
  CHECK(fresh.content() == "epoch,loss\n0,1\n");
}

TEST_CASE("a file that cannot be written is an error") {
  CHECK_THROWS_AS(train(CSVLogger("/nonexistent/folder/history.csv"), {logs({{"loss", 1}})}), FileError);
  CHECK_THROWS_WITH(
      train(CSVLogger("/nonexistent/folder/history.csv"), {}),
      "CSVLogger: cannot write /nonexistent/folder/history.csv; does its folder exist, may this program write there, "
      "and is the disk full?");
  CHECK_THROWS_AS(train(CSVLogger("/dev/full"), {logs({{"loss", 1}})}), FileError);
}

TEST_CASE("numbers have a point, whatever the locale") {
  const CommaLocale locale;
  if (!locale.for_c_functions()) WARN("no locale with a decimal comma is installed; only C++ streams have one here");
  const TemporaryFile file;
  train(CSVLogger(file.path), {logs({{"loss", 0.35}})}, 1234567);
  CHECK(file.content() == "epoch,loss\n1234567,0.34999999999999998\n");
}

TEST_CASE("a last line that was cut is ended before others are appended") {
  const TemporaryFile file;
  std::ofstream(file.path) << "epoch,loss,accuracy\n0,1,0.5\n1,0.";
  train(CSVLogger(file.path, {.append = true}), {logs({{"loss", 3}, {"accuracy", 1}})}, 2);
  CHECK(file.content() == "epoch,loss,accuracy\n0,1,0.5\n1,0.\n2,3,1\n");
  // And gets all its places with a new column.
  train(CSVLogger(file.path, {.append = true}), {logs({{"recall", 4}})}, 3);
  CHECK(file.content() == "epoch,loss,accuracy,recall\n0,1,0.5,\n1,0.,,\n2,3,1,\n3,,,4\n");
}

TEST_CASE("on a full disk no line is lost, also while a column is added") {
  const TemporaryFile file;
  train(CSVLogger(file.path), {logs({{"loss", 1}}), logs({{"loss", 2}})});
  const std::string before = file.content();
  const auto fails = [&](const Logs& epoch) {
    return child([&] {
      std::signal(SIGXFSZ, SIG_IGN);
      const ::rlimit limit{before.size() + 2, before.size() + 2};
      ::setrlimit(RLIMIT_FSIZE, &limit);
      try {
        train(CSVLogger(file.path, {.append = true}), {epoch}, 2);
      } catch (const FileError&) {
        ::_exit(7);
      }
      return 0;
    });
  };
  CHECK(fails(logs({{"loss", 3}})) == "exit 7");
  CHECK(file.content() == before);
  CHECK(fails(logs({{"loss", 3}, {"accuracy", 1}})) == "exit 7");
  CHECK(file.content() == before);
}

TEST_CASE("no line is lost by a program that is killed while it adds columns") {
  const TemporaryFile file;
  std::string first = "epoch,loss\n";
  for (int epoch = 0; epoch < 2000; ++epoch) first += std::to_string(epoch) + ",1\n";
  for (int round = 0; round < 30; ++round) {
    std::ofstream(file.path) << first;
    const ::pid_t writer = start_child([&] {
      for (int column = 0;; ++column) {
        const std::string name = "metric_" + std::to_string(column);
        train(CSVLogger(file.path, {.append = true}), {logs({{name, 1}})}, 2000 + column);
      }
      return 0;
    });
    while (file.content().size() == first.size()) ::usleep(500);
    ::usleep(static_cast<::useconds_t>(round * 137));
    ::kill(writer, SIGKILL);
    CHECK(wait_for_child(writer) == "signal 9");
    const std::string content = file.content();
    REQUIRE(std::count(content.begin(), content.end(), '\n') > 2001);
    REQUIRE(content.back() == '\n');
  }
}
