#pragma once
// Reads affinity masks and control groups.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdio>
#include <string>

#include <unistd.h>

#if defined(__linux__)
#include <sched.h>
#endif

#include <nacre/core/available_cores.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE::detail {

/// The first bytes of a file; empty where it cannot be read. The files of the kernel are short.
[[gnu::cold]] NACRE_INLINE std::string head_of(const std::string& file) {
  char bytes[4096];
  std::size_t size = 0;
  if (std::FILE* const opened = std::fopen(file.c_str(), "re")) {
    size = std::fread(bytes, 1, sizeof bytes, opened);
    std::fclose(opened);
  }
  return {bytes, size};
}

[[gnu::cold]] NACRE_INLINE double cgroup_cpus(const std::string& folder) {
  long long quota = 0;
  long long period = 0;
  // Version 2: "150000 100000", or "max 100000".
  if (std::sscanf(head_of(folder + "/cpu.max").c_str(), "%lld %lld", &quota, &period) != 2) {
    // Version 1: a quota of -1 is no limit.
    if (std::sscanf(head_of(folder + "/cpu.cfs_quota_us").c_str(), "%lld", &quota) != 1) return 0;
    if (std::sscanf(head_of(folder + "/cpu.cfs_period_us").c_str(), "%lld", &period) != 1) return 0;
  }
  return quota > 0 && period > 0 ? static_cast<double>(quota) / static_cast<double>(period) : 0;
}

[[gnu::cold]] NACRE_INLINE double cpu_quota(const std::string& root, const std::string& groups) {
  double least = 0;
  const auto consider = [&least](const std::string& folder) {
    const double cpus = cgroup_cpus(folder);
    if (cpus > 0 && (least == 0 || cpus < least)) least = cpus;
  };
  const std::string lines = head_of(groups);
  for (std::size_t begin = 0; begin < lines.size();) {
    const std::size_t end = std::min(lines.find('\n', begin), lines.size());
    const std::string line = lines.substr(begin, end - begin);
    begin = end + 1;
    // "4:cpu,cpuacct:/path" in version 1, "0::/path" in version 2.
    const std::size_t first = line.find(':');
    const std::size_t second = first == std::string::npos ? first : line.find(':', first + 1);
    if (second == std::string::npos) continue;
    const std::string controllers = "," + line.substr(first + 1, second - first - 1) + ",";
    const bool is_version_2 = controllers == ",,";
    if (!is_version_2 && controllers.find(",cpu,") == std::string::npos) continue;
    // In a container the path may be the host's, of which only the root is seen: folders that are missing do not count.
    std::string path = line.substr(second + 1);
    while (true) {
      if (is_version_2) {
        consider(root + path);
        consider(root + "/unified" + path);
      } else {
        consider(root + "/cpu" + path);
        consider(root + "/" + controllers.substr(1, controllers.size() - 2) + path);
      }
      if (path.find_first_not_of('/') == std::string::npos) break;
      path.erase(path.find_last_of('/'));
    }
  }
  return least;
}

[[gnu::cold]] NACRE_INLINE int available_cores() {
  long cores = 0;
#if defined(__linux__)
  cpu_set_t mask;
  if (sched_getaffinity(0, sizeof mask, &mask) == 0) cores = CPU_COUNT(&mask);
#endif
  if (cores < 1) cores = std::max(1L, ::sysconf(_SC_NPROCESSORS_ONLN));
  const double quota = cpu_quota();
  if (quota > 0 && quota < static_cast<double>(cores)) cores = static_cast<long>(std::ceil(quota));
  return static_cast<int>(cores);
}

}  // namespace nacre::detail
