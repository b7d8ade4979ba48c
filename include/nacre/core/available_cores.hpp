#pragma once
// How many threads can compute at once in this process: the cores that it may run on, and the share of their time that
// it is given.

#include <string>

#include <nacre/core/compiled.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE::detail {

/// CPU time per wall-clock time that a control group allows itself, from the files in its folder: cpu.max (version 2)
/// or cpu.cfs_quota_us and cpu.cfs_period_us (version 1). 0 where there is no limit, or no such file.
double cgroup_cpus(const std::string& folder);

/// The least that any of this process's control groups and those above them allows; 0 without a limit.
/// @param root  where the hierarchies are mounted: version 2 itself, version 1 in subfolders.
/// @param groups  the file with this process's groups, in the form of /proc/self/cgroup.
double cpu_quota(const std::string& root = "/sys/fs/cgroup", const std::string& groups = "/proc/self/cgroup");

/// Cores in this process's affinity mask, but no more than its control groups' quota, rounded up; 1 at least.
int available_cores();

}  // namespace nacre::detail

#if NACRE_HEADER_ONLY
#include <nacre/core/available_cores-inl.hpp>
#endif
