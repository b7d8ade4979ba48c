#include <nacre/core/available_cores.hpp>

#include <filesystem>
#include <fstream>
#include <string>

#include <unistd.h>

#include "catch.hpp"

using namespace nacre::detail;

namespace {

/// A folder with files as the kernel has them, gone with it.
struct Groups {
  const std::string root =
      (std::filesystem::temp_directory_path() / ("nacre_cores_" + std::to_string(::getpid()))).string();
  Groups() { std::filesystem::create_directories(root); }
  ~Groups() { std::filesystem::remove_all(root); }

  void write(const std::string& file, const std::string& content) const {
    const std::filesystem::path path = root + "/" + file;
    std::filesystem::create_directories(path.parent_path());
    std::ofstream(path) << content;
  }
  double quota() const { return cpu_quota(root, root + "/groups"); }
};

}  // namespace

TEST_CASE("a control group's quota, version 2") {
  const Groups groups;
  groups.write("cpu.max", "150000 100000\n");
  CHECK(cgroup_cpus(groups.root) == 1.5);
  groups.write("cpu.max", "max 100000\n");
  CHECK(cgroup_cpus(groups.root) == 0);
  groups.write("cpu.max", "50000 0\n");
  CHECK(cgroup_cpus(groups.root) == 0);
}

TEST_CASE("a control group's quota, version 1") {
  const Groups groups;
  groups.write("cpu.cfs_quota_us", "250000\n");
  CHECK(cgroup_cpus(groups.root) == 0);
  groups.write("cpu.cfs_period_us", "100000\n");
  CHECK(cgroup_cpus(groups.root) == 2.5);
  groups.write("cpu.cfs_quota_us", "-1\n");
  CHECK(cgroup_cpus(groups.root) == 0);
}

TEST_CASE("a folder without quota files has no limit") {
  const Groups groups;
  CHECK(cgroup_cpus(groups.root) == 0);
  CHECK(cgroup_cpus(groups.root + "/missing") == 0);
  CHECK(groups.quota() == 0);
}

TEST_CASE("of a process's group and those above it the least counts, version 2") {
  const Groups groups;
  groups.write("groups", "0::/a/b/c\n");
  groups.write("a/b/c/cpu.max", "max 100000\n");
  groups.write("a/b/cpu.max", "300000 100000\n");
  CHECK(groups.quota() == 3);
  groups.write("a/cpu.max", "200000 100000\n");
  CHECK(groups.quota() == 2);
  groups.write("a/b/c/cpu.max", "20000 100000\n");
  CHECK(groups.quota() == 0.2);
  groups.write("other/cpu.max", "1000 100000\n");
  CHECK(groups.quota() == 0.2);
}

TEST_CASE("of a process's group and those above it the least counts, version 1") {
  const Groups groups;
  groups.write("groups", "5:cpuset:/x\n4:cpu,cpuacct:/a\n0::/\n");
  groups.write("cpu,cpuacct/a/cpu.cfs_quota_us", "400000\n");
  groups.write("cpu,cpuacct/a/cpu.cfs_period_us", "100000\n");
  groups.write("cpuset/x/cpu.cfs_quota_us", "1000\n");
  groups.write("cpuset/x/cpu.cfs_period_us", "100000\n");
  CHECK(groups.quota() == 4);
  groups.write("unified/cpu.max", "100000 100000\n");
  CHECK(groups.quota() == 1);
}

TEST_CASE("a container sees its own group as the root, whatever the host calls it") {
  const Groups groups;
  groups.write("groups", "3:cpu:/docker/123\n");
  groups.write("cpu/cpu.cfs_quota_us", "50000\n");
  groups.write("cpu/cpu.cfs_period_us", "100000\n");
  CHECK(groups.quota() == 0.5);
}

TEST_CASE("there is a core at least") { CHECK(available_cores() >= 1); }
