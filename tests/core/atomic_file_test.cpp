#include <nacre/core/atomic_file.hpp>

#include <csignal>
#include <filesystem>
#include <string>
#include <vector>

#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "catch.hpp"
#include "child_process.hpp"
#include "saving/saving_testing.hpp"

using namespace nacre;

namespace {

/// While one lives, no file can grow beyond `bytes`: what a full disk is like.
class FullDisk {
 public:
  explicit FullDisk(::rlim_t bytes) : handler_(std::signal(SIGXFSZ, SIG_IGN)) {
    ::getrlimit(RLIMIT_FSIZE, &old_);
    const ::rlimit limit{bytes, old_.rlim_max};
    ::setrlimit(RLIMIT_FSIZE, &limit);
  }
  ~FullDisk() {
    ::setrlimit(RLIMIT_FSIZE, &old_);
    std::signal(SIGXFSZ, handler_);
  }
  FullDisk(const FullDisk&) = delete;
  FullDisk& operator=(const FullDisk&) = delete;

 private:
  void (*handler_)(int);
  ::rlimit old_{};
};

void write_whole(const std::filesystem::path& path, std::string_view content) {
  AtomicFile file(path);
  file.write(content);
  file.commit();
}

}  // namespace

TEST_CASE("an atomic file is there once it is committed, and nothing else") {
  const TemporaryFolder folder;
  {
    AtomicFile file(folder / "a");
    file.write("one ");
    file.write("two");
    REQUIRE_FALSE(std::filesystem::exists(folder / "a"));
    file.commit();
  }
  REQUIRE(read_file(folder / "a") == "one two");
  REQUIRE(folder.size() == 1);
}

TEST_CASE("an atomic file that is not committed changes nothing") {
  const TemporaryFolder folder;
  write_file(folder / "a", "old");
  {
    AtomicFile file(folder / "a");
    file.write("new");
  }
  REQUIRE(read_file(folder / "a") == "old");
  REQUIRE(folder.size() == 1);
}

TEST_CASE("an atomic file replaces another and keeps its permissions") {
  const TemporaryFolder folder;
  write_file(folder / "a", "old");
  std::filesystem::permissions(folder / "a", std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
  write_whole(folder / "a", "new");
  REQUIRE(read_file(folder / "a") == "new");
  struct ::stat status {};
  REQUIRE(::stat((folder / "a").c_str(), &status) == 0);
  REQUIRE((status.st_mode & 0777) == 0600);
}

TEST_CASE("an atomic file goes where a symbolic link points") {
  const TemporaryFolder folder;
  std::filesystem::create_directory(folder / "elsewhere");
  write_file(folder / "elsewhere/a", "old");
  std::filesystem::create_symlink("elsewhere/a", folder / "link");
  write_whole(folder / "link", "new");
  REQUIRE(std::filesystem::is_symlink(folder / "link"));
  REQUIRE(read_file(folder / "elsewhere/a") == "new");
}

TEST_CASE("an atomic file goes where a link points that leads nowhere yet") {
  const TemporaryFolder folder;
  std::filesystem::create_directory(folder / "elsewhere");
  std::filesystem::create_symlink("second", folder / "link");
  std::filesystem::create_symlink(folder / "elsewhere/a", folder / "second");
  write_whole(folder / "link", "new");
  REQUIRE(std::filesystem::is_symlink(folder / "link"));
  REQUIRE(std::filesystem::is_symlink(folder / "second"));
  REQUIRE(read_file(folder / "elsewhere/a") == "new");

  std::filesystem::create_symlink("missing/a", folder / "broken");
  REQUIRE_THROWS_WITH(AtomicFile(folder / "broken"), EndsWith("create its folder first"));
  std::filesystem::create_symlink("loop", folder / "loop");
  REQUIRE_THROWS_WITH(AtomicFile(folder / "loop"), EndsWith("expected a file or links that lead to one"));
  REQUIRE(std::filesystem::is_symlink(folder / "loop"));
}

TEST_CASE("what killed writers left is removed by the next, and what others are writing is not") {
  const TemporaryFolder folder;
  write_whole(folder / "other", "other");
  AtomicFile at_work(folder / "at work");
  at_work.write("being ");
  int left = 0;
  for (int round = 0; round < 30; ++round) {
    const ::pid_t writer = start_child([&] {
      while (true) write_whole(folder / text("a", round), std::string(100000, 'x'));
      return 0;
    });
    while (!std::filesystem::exists(folder / text("a", round))) ::usleep(200);
    ::usleep(static_cast<::useconds_t>(round * 97));
    ::kill(writer, SIGKILL);
    REQUIRE(wait_for_child(writer) == "signal 9");
    REQUIRE(read_file(folder / text("a", round)) == std::string(100000, 'x'));
    left += folder.size() > round + 3;
  }
  CAPTURE(left);
  write_whole(folder / "last", "last");
  REQUIRE(folder.size() == 33);  // other, last, a0 to a29 and the one at work
  at_work.write("written");
  at_work.commit();
  REQUIRE(read_file(folder / "at work") == "being written");
  REQUIRE(folder.size() == 33);
}

TEST_CASE("writers in one folder at once do not take each other's temporary files for abandoned") {
  const TemporaryFolder folder;
  std::vector<::pid_t> writers;
  for (int writer = 0; writer < 4; ++writer) {
    writers.push_back(start_child([&, writer] {
      for (int round = 0; round < 100; ++round) write_whole(folder / text(writer), text(writer, ": ", round));
      return 0;
    }));
  }
  for (const ::pid_t writer : writers) REQUIRE(wait_for_child(writer) == "exit 0");
  REQUIRE(folder.size() == 4);
  for (int writer = 0; writer < 4; ++writer) REQUIRE(read_file(folder / text(writer)) == text(writer, ": 99"));
}

TEST_CASE("an atomic file may have the longest name that the system takes") {
  const TemporaryFolder folder;
  write_whole(folder / std::string(255, 'n'), "content");
  REQUIRE(read_file(folder / std::string(255, 'n')) == "content");
}

TEST_CASE("on a full disk the old file stays and the temporary one goes") {
  const TemporaryFolder folder;
  write_file(folder / "a", "old");
  {
    const FullDisk full(1000);
    REQUIRE_THROWS_AS(write_whole(folder / "a", std::string(5000, 'x')), FileError);
    REQUIRE_THROWS_WITH(write_whole(folder / "a", std::string(5000, 'x')),
                        StartsWith((folder / "a").string() + ": cannot be written: "));
  }
  REQUIRE(read_file(folder / "a") == "old");
  REQUIRE(folder.size() == 1);
}

TEST_CASE("where no file can be written a FileError says why") {
  const TemporaryFolder folder;
  write_file(folder / "file", "old");
  REQUIRE_THROWS_WITH(AtomicFile(folder / "missing/a"), EndsWith("No such file or directory; create its folder first"));
  REQUIRE_THROWS_WITH(AtomicFile(folder / "file/a"), ContainsSubstring("Not a directory"));
  REQUIRE_THROWS_WITH(AtomicFile(folder.path()), EndsWith("expected a file, found a folder"));
  REQUIRE_THROWS_WITH(AtomicFile("/dev/null"), EndsWith("expected a file, found a device"));
  REQUIRE_THROWS_AS(AtomicFile(""), FileError);
  REQUIRE_THROWS_AS(AtomicFile("/proc/nacre"), FileError);
  REQUIRE(folder.size() == 1);
}
