#include "generator/granted_cores.hpp"

#include <sched.h>

#include <algorithm>
#include <fstream>
#include <optional>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

namespace orrery {
namespace {

namespace fs = std::filesystem;

bool has_word(const std::string& words, const std::string& word) {
  return ("," + words + ",").find("," + word + ",") != std::string::npos;
}

/// A control group, and the folder of the mount that shows it.
struct CpuGroup {
  bool version_2 = false;
  fs::path mount;
  fs::path below;  ///< from the mount to the group
};

/// Where the group lies in a mount that shows the hierarchy from `shown` on; the mount itself where
/// the group is outside of what is shown, as in containers that keep the host's names.
fs::path below_mount(const fs::path& group, const fs::path& shown) {
  const fs::path below = group.lexically_relative(shown);
  if (below.empty() || below == "." || *below.begin() == "..") return {};
  return below;
}

/// Every mount of a hierarchy that limits CPUs, with this process's group in it.
std::vector<CpuGroup> cpu_groups(const fs::path& root) {
  std::optional<fs::path> group_1;
  std::optional<fs::path> group_2;
  std::ifstream groups(root / "proc/self/cgroup");
  for (std::string line; std::getline(groups, line);) {  // "4:cpu,cpuacct:/a/b", "0::/a/b"
    const std::size_t first = line.find(':');
    const std::size_t second = first == std::string::npos ? first : line.find(':', first + 1);
    if (second == std::string::npos) continue;
    const std::string controllers = line.substr(first + 1, second - first - 1);
    if (controllers.empty()) group_2 = line.substr(second + 1);
    if (has_word(controllers, "cpu")) group_1 = line.substr(second + 1);
  }
  std::vector<CpuGroup> found;
  std::ifstream mounts(root / "proc/self/mountinfo");
  for (std::string line; std::getline(mounts, line);) {
    // "33 31 0:29 SHOWN MOUNT OPTIONS… - TYPE SOURCE SUPER_OPTIONS"
    std::istringstream words(line);
    std::string skip;
    std::string shown;
    std::string mount;
    words >> skip >> skip >> skip >> shown >> mount;
    while (words >> skip && skip != "-") {
    }
    std::string type;
    std::string super;
    words >> type >> skip >> super;
    const fs::path folder = root / fs::path(mount).relative_path();
    if (type == "cgroup2" && group_2) {
      found.push_back({true, folder, below_mount(*group_2, shown)});
    } else if (type == "cgroup" && group_1 && has_word(super, "cpu")) {
      found.push_back({false, folder, below_mount(*group_1, shown)});
    }
  }
  return found;
}

/// Quota of one folder: "quota period" or "max period" in cpu.max; two files in version 1.
std::optional<double> quota_of(const fs::path& folder, bool version_2) {
  double quota = 0;
  double period = 0;
  if (version_2) {
    std::ifstream file(folder / "cpu.max");
    if (!(file >> quota >> period)) return std::nullopt;
  } else {
    std::ifstream quota_file(folder / "cpu.cfs_quota_us");
    std::ifstream period_file(folder / "cpu.cfs_period_us");
    if (!(quota_file >> quota) || !(period_file >> period)) return std::nullopt;
  }
  if (quota <= 0 || period <= 0) return std::nullopt;  // version 1 writes -1 for no quota
  return quota / period;
}

}  // namespace

double cgroup_cores(const fs::path& root) {
  double tightest = 0;
  const auto heed = [&](const fs::path& folder, bool version_2) {
    const std::optional<double> quota = quota_of(folder, version_2);
    if (quota && (tightest == 0 || *quota < tightest)) tightest = *quota;
  };
  for (const CpuGroup& group : cpu_groups(root)) {
    fs::path folder = group.mount;
    heed(folder, group.version_2);
    for (const fs::path& part : group.below) heed(folder /= part, group.version_2);
  }
  return tightest;
}

unsigned granted_cores() {
  cpu_set_t set;
  unsigned cores = std::thread::hardware_concurrency();
  if (sched_getaffinity(0, sizeof set, &set) == 0) cores = static_cast<unsigned>(CPU_COUNT(&set));
  const double quota = cgroup_cores("/");
  if (quota > 0 && quota < cores) cores = static_cast<unsigned>(quota + 0.5);
  return std::max(cores, 1U);
}

}  // namespace orrery
