#pragma once

#include <filesystem>

namespace orrery {

/// Cores that this process may use: its affinity, and the quotas of its control groups.
unsigned granted_cores();

/// The tightest CPU quota, in cores, of the control groups that a process belongs to and of all
/// above them, version 1 and 2, as the kernel shows it below `root` ("/") in proc/self/cgroup,
/// proc/self/mountinfo and the mounts that it names; 0 without one.
double cgroup_cores(const std::filesystem::path& root);

}  // namespace orrery
