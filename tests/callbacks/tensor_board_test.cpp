// TensorBoard: what is in its files, read again as TensorBoard reads them.

#include <bit>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include <nacre/callbacks/tensor_board.hpp>

#include "callbacks/fake_run.hpp"
#include "catch.hpp"

using namespace nacre;
using namespace nacre::testing;

namespace {

struct TemporaryFolder {
  std::filesystem::path path = std::filesystem::temp_directory_path() /
                               ("nacre_tensor_board_" + std::to_string(reinterpret_cast<std::uintptr_t>(this)));
  TemporaryFolder() { std::filesystem::remove_all(path); }
  ~TemporaryFolder() { std::filesystem::remove_all(path); }
};

std::uint64_t number_of(std::string_view bytes) {
  std::uint64_t number = 0;
  for (std::size_t i = bytes.size(); i-- > 0;) number = number << 8 | static_cast<unsigned char>(bytes[i]);
  return number;
}

/// The fields of a message, by number: integers as they are, others as their bytes.
struct Message {
  std::multimap<std::uint64_t, std::string> bytes;
  std::multimap<std::uint64_t, std::uint64_t> integers;

  explicit Message(std::string_view text) {
    const auto varint = [&text] {
      std::uint64_t number = 0;
      for (int shift = 0;; shift += 7) {
        const auto byte = static_cast<unsigned char>(text.at(0));
        text.remove_prefix(1);
        number |= static_cast<std::uint64_t>(byte & 0x7f) << shift;
        if (byte < 0x80) return number;
      }
    };
    while (!text.empty()) {
      const std::uint64_t key = varint();
      if (key % 8 == 0) {
        integers.emplace(key / 8, varint());
        continue;
      }
      const std::size_t size = key % 8 == 1 ? 8 : key % 8 == 5 ? 4 : static_cast<std::size_t>(varint());
      bytes.emplace(key / 8, std::string(text.substr(0, size)));
      text.remove_prefix(size);
    }
  }
  const std::string& operator[](std::uint64_t field) const {
    REQUIRE(bytes.count(field) == 1);
    return bytes.find(field)->second;
  }
  double number(std::uint64_t field) const {
    return (*this)[field].size() == 4
               ? static_cast<double>(std::bit_cast<float>(static_cast<std::uint32_t>(number_of((*this)[field]))))
               : std::bit_cast<double>(number_of((*this)[field]));
  }
};

/// The records of the only file in a folder, with their checksums checked.
std::vector<Message> events_in(const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> files(std::filesystem::directory_iterator{folder}, {});
  REQUIRE(files.size() == 1);
  CHECK(files[0].filename().string().find("events.out.tfevents.") == 0);
  std::ostringstream content;
  content << std::ifstream(files[0], std::ios::binary).rdbuf();
  const std::string all = content.str();
  std::vector<Message> events;
  for (std::string_view rest = all; !rest.empty();) {
    REQUIRE(rest.size() >= 16);
    const auto size = static_cast<std::size_t>(number_of(rest.substr(0, 8)));
    REQUIRE(rest.size() >= size + 16);
    const auto masked = [](std::string_view bytes) {
      const std::uint32_t crc = detail::crc32c(bytes);
      return static_cast<std::uint32_t>(((crc >> 15) | (crc << 17)) + 0xa282ead8u);
    };
    CHECK(number_of(rest.substr(8, 4)) == masked(rest.substr(0, 8)));
    CHECK(number_of(rest.substr(12 + size, 4)) == masked(rest.substr(12, size)));
    events.emplace_back(rest.substr(12, size));
    rest.remove_prefix(size + 16);
  }
  return events;
}

/// The numbers of an event by their tags.
std::map<std::string, double> scalars(const Message& event) {
  std::map<std::string, double> numbers;
  const Message summary(event[5]);
  for (const auto& [field, text] : summary.bytes) {
    const Message value(text);
    if (value.bytes.count(2) == 1) numbers[value[1]] = value.number(2);
  }
  return numbers;
}

struct WeighedRun : FakeRun {
  WeightValues weight_values() const override { return {{"dense/kernel", {0, 1, 1, 3}}, {"dense/bias", {2}}}; }
};

}  // namespace

TEST_CASE("checksums are those of CRC-32C") {
  CHECK(detail::crc32c("123456789") == 0xe3069283u);
  CHECK(detail::crc32c(std::string(32, '\0')) == 0x8a9136aau);
}

TEST_CASE("training and validation have files of their own") {
  const TemporaryFolder folder;
  TensorBoard board(folder.path);
  FakeRun run;
  AnyCallback callback = std::ref(board);
  callback.on_train_begin(run);
  for (run.epoch = 0; run.epoch < 2; ++run.epoch) {
    run.logs = Logs();
    run.logs.set("loss", 0.5 / static_cast<double>(run.epoch + 1));
    run.logs.set("val_loss", 0.75);
    callback.on_epoch_begin(run);
    callback.on_train_batch_end(run);
    callback.on_epoch_end(run);
  }
  const auto train = events_in(folder.path / "train");
  REQUIRE(train.size() == 3);
  CHECK(train[0][3] == "brain.Event:2");
  CHECK(train[0].number(1) > 1.6e9);  // seconds since 1970
  CHECK(train[2].integers.find(2)->second == 1);
  CHECK(scalars(train[1]) == std::map<std::string, double>{{"epoch_learning_rate", 0.1f}, {"epoch_loss", 0.5}});
  CHECK(scalars(train[2]) == std::map<std::string, double>{{"epoch_learning_rate", 0.1f}, {"epoch_loss", 0.25}});
  const auto validation = events_in(folder.path / "validation");
  REQUIRE(validation.size() == 3);
  CHECK(scalars(validation[2]) == std::map<std::string, double>{{"epoch_loss", 0.75}});
}

TEST_CASE("batches and histograms are written where that is asked for") {
  const TemporaryFolder folder;
  TensorBoard board(folder.path, {.histogram_freq = 2, .write_steps_per_second = true, .update_freq = 2});
  WeighedRun run;
  AnyCallback callback = std::ref(board);
  callback.on_train_begin(run);
  run.logs.set("loss", 4);
  callback.on_epoch_begin(run);
  for (run.step = 0; run.step < 4; ++run.step) callback.on_train_batch_end(run);
  callback.on_epoch_end(run);
  run.epoch = 1;
  callback.on_epoch_end(run);
  const auto events = events_in(folder.path / "train");
  REQUIRE(events.size() == 5);
  CHECK(scalars(events[1]) == std::map<std::string, double>{{"batch_loss", 4}});
  CHECK(events[1].integers.find(2)->second == 1);
  CHECK(events[2].integers.find(2)->second == 3);
  CHECK(scalars(events[3]).count("epoch_steps_per_second") == 1);

  std::vector<std::string> tags;
  const Message summary(events[3][5]);
  for (const auto& [field, text] : summary.bytes) {
    const Message value(text);
    if (value.bytes.count(5) == 0) continue;
    tags.push_back(value[1]);
    if (tags.back() != "dense/kernel/histogram") continue;
    const Message histogram(value[5]);
    CHECK(histogram.number(1) == 0);
    CHECK(histogram.number(2) == 3);
    CHECK(histogram.number(3) == 4);
    CHECK(histogram.number(4) == 5);
    CHECK(histogram.number(5) == 11);
    CHECK(histogram[6].size() == 30 * 8);
    double counted = 0;
    for (std::size_t i = 0; i < 30; ++i) counted += std::bit_cast<double>(number_of(histogram[7].substr(8 * i, 8)));
    CHECK(counted == 4);
    CHECK(std::bit_cast<double>(number_of(histogram[7].substr(8 * 10, 8))) == 2);
    CHECK(std::bit_cast<double>(number_of(histogram[6].substr(8 * 29, 8))) == 3);
  }
  CHECK(tags == std::vector<std::string>{"dense/kernel/histogram", "dense/bias/histogram"});
  CHECK(scalars(events[4]).count("epoch_loss") == 1);
  CHECK(Message(events[4][5]).bytes.size() == 3);  // no histograms in the second epoch
}

TEST_CASE("TensorBoard refuses what it cannot do") {
  CHECK_THROWS_AS(TensorBoard("logs", {.histogram_freq = -1}), ValueError);
  CHECK_THROWS_AS(TensorBoard("logs", {.update_freq = "step"}), ValueError);
  CHECK_THROWS_AS(TensorBoard("logs", {.update_freq = 0}), ValueError);
  FakeRun run;
  CHECK_THROWS_AS(TensorBoard("/dev/null/logs").on_train_begin(run), FileError);
}
