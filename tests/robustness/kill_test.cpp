// Saving while the process is killed: the file is the old one or the new one, whole.

#include <chrono>
#include <csignal>
#include <cstdint>
#include <filesystem>
#include <string>
#include <thread>

#include <sys/wait.h>
#include <unistd.h>

#include <nacre/core/random.hpp>
#include <nacre/layers/dense.hpp>
#include <nacre/layers/input.hpp>
#include <nacre/models/sequential.hpp>
#include <nacre/saving/saving.hpp>

#include "catch.hpp"
#include "robustness/processes.hpp"

using namespace nacre;

namespace {

constexpr int kills = 60;

/// A model of half a megabyte, so that a kill may meet a file that is half written.
auto model_with(float bias) {
  Sequential model{Input({256}), Dense(512)};
  model.weight("dense/bias") = bias * xt::ones<float>({512});
  return model;
}

/// Kills a child that saves two models in turn, again and again, after a time from 0 to 12 ms.
template <class Save>
void kill_while(std::uint64_t number, Save save_both) {
  const ::pid_t child = ::fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    while (true) save_both();
  }
  const RandomStream random(7);
  std::this_thread::sleep_for(std::chrono::microseconds(random.below(12000, number)));
  ::kill(child, SIGKILL);
  const ChildEnd end = wait_for(child);
  REQUIRE(WIFSIGNALED(end.status));
}

bool is_temporary(const std::filesystem::path& path) { return path.extension() == ".tmp"; }

}  // namespace

TEST_CASE("A killed save leaves the old file or the new one") {
  const TemporaryFolder folder;
  const auto first = model_with(1);
  const auto second = model_with(2);
  save(first, folder / "first");
  save(second, folder / "second");
  const std::string first_bytes = read_file(folder / "first");
  const std::string second_bytes = read_file(folder / "second");
  REQUIRE(first_bytes != second_bytes);

  const std::filesystem::path file = folder / "model.safetensors";
  save(first, file);
  for (std::uint64_t number = 0; number < kills; ++number) {
    kill_while(number, [&] {
      save(second, file);
      save(first, file);
    });
    const std::string found = read_file(file);
    INFO("kill " << number << ", " << found.size() << " bytes");
    REQUIRE((found == first_bytes || found == second_bytes));
  }
  CHECK(load(file).layers().size() == 1);
}

TEST_CASE("The next save removes what killed ones left behind") {
  const TemporaryFolder folder;
  const auto model = model_with(1);
  const std::filesystem::path file = folder / "model.safetensors";
  for (std::uint64_t number = 0; number < kills; ++number) {
    kill_while(number, [&] { save(model, file); });
  }
  save(model, file);
  int left = 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder.path())) left += is_temporary(entry.path());
  CHECK(left == 0);
}
