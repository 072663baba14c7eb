#include "generator/granted_cores.hpp"

#include <doctest/doctest.h>

#include <fstream>
#include <map>
#include <string>
#include <thread>

#include "scenes/temporary_folder.hpp"

namespace orrery {
namespace {

namespace fs = std::filesystem;

constexpr const char* kMount2 =
    "31 23 0:28 / /sys/fs/cgroup rw,nosuid shared:9 - cgroup2 cgroup2 rw,nsdelegate\n";
constexpr const char* kMount1 =
    "24 23 8:1 / / rw - ext4 /dev/sda1 rw\n"
    "32 31 0:29 / /sys/fs/cgroup/cpuset rw,relatime - cgroup cgroup rw,cpuset\n"
    "33 31 0:30 / /sys/fs/cgroup/cpu,cpuacct rw shared:1 master:2 - cgroup cgroup rw,cpu,cpuacct\n";

/// Quota of a planted tree.
double planted(const std::map<std::string, std::string>& files) {
  const TemporaryFolder root;
  for (const auto& [name, text] : files) {
    fs::create_directories((root.path / name).parent_path());
    std::ofstream(root.path / name) << text;
  }
  return cgroup_cores(root.path);
}

TEST_SUITE("granted cores") {
  TEST_CASE("version 2: the tightest quota from the mount down to the process's group counts") {
    const std::string job = "sys/fs/cgroup/system.slice/slurmstepd.scope/job_7";
    std::map<std::string, std::string> files = {
        {"proc/self/cgroup", "0::/system.slice/slurmstepd.scope/job_7/step_0/user/task_0\n"},
        {"proc/self/mountinfo", kMount2},
        {"sys/fs/cgroup/system.slice/cpu.max", "800000 100000\n"},
        {job + "/cpu.max", "250000 100000\n"},
        {job + "/step_0/cpu.max", "400000 100000\n"},
        {job + "/step_0/user/task_0/cpu.max", "max 100000\n"},
        {"sys/fs/cgroup/other/cpu.max", "50000 100000\n"}};
    CHECK(planted(files) == doctest::Approx(2.5));
    files[job + "/step_0/user/task_0/cpu.max"] = "30000 20000\n";
    CHECK(planted(files) == doctest::Approx(1.5));
    files["sys/fs/cgroup/cpu.max"] = "100000 100000\n";  // as in a container's own namespace
    CHECK(planted(files) == doctest::Approx(1));
  }

  TEST_CASE("version 2 without a quota, and without control groups at all, is no quota") {
    CHECK(planted({{"proc/self/cgroup", "0::/a\n"},
                   {"proc/self/mountinfo", kMount2},
                   {"sys/fs/cgroup/a/cpu.max", "max 100000\n"}}) == 0);
    CHECK(planted({}) == 0);
    CHECK(planted({{"proc/self/cgroup", "garbage\n0::\n"}, {"proc/self/mountinfo", "1 2\n"}}) == 0);
  }

  TEST_CASE("version 1: the hierarchy that limits CPUs counts, and -1 is no quota") {
    const std::string cpu = "sys/fs/cgroup/cpu,cpuacct/";
    std::map<std::string, std::string> files = {
        {"proc/self/cgroup",
         "11:cpuset:/x\n4:cpu,cpuacct:/slurm/uid_1000/job_7\n1:name=systemd:/\n"
         "0::/\n"},
        {"proc/self/mountinfo", kMount1},
        {cpu + "slurm/uid_1000/cpu.cfs_quota_us", "-1\n"},
        {cpu + "slurm/uid_1000/cpu.cfs_period_us", "100000\n"},
        {cpu + "slurm/uid_1000/job_7/cpu.cfs_quota_us", "300000\n"},
        {cpu + "slurm/uid_1000/job_7/cpu.cfs_period_us", "100000\n"},
        {"sys/fs/cgroup/cpuset/x/cpu.cfs_quota_us", "100000\n"},
        {"sys/fs/cgroup/cpuset/x/cpu.cfs_period_us", "100000\n"}};
    CHECK(planted(files) == doctest::Approx(3));
    files[cpu + "slurm/cpu.cfs_quota_us"] = "50000\n";
    files[cpu + "slurm/cpu.cfs_period_us"] = "100000\n";
    CHECK(planted(files) == doctest::Approx(0.5));
  }

  TEST_CASE("both versions at once: the tighter one counts") {
    CHECK(planted({{"proc/self/cgroup", "4:cpu,cpuacct:/a\n0::/b\n"},
                   {"proc/self/mountinfo",
                    std::string(kMount1) +
                        "41 31 0:38 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw\n"},
                   {"sys/fs/cgroup/cpu,cpuacct/a/cpu.cfs_quota_us", "600000\n"},
                   {"sys/fs/cgroup/cpu,cpuacct/a/cpu.cfs_period_us", "100000\n"},
                   {"sys/fs/cgroup/unified/b/cpu.max", "200000 100000\n"}}) == doctest::Approx(2));
  }

  TEST_CASE("in a container that keeps the host's names, the mount shows the container's group") {
    const char* mount = "33 31 0:30 /docker/abc /sys/fs/cgroup/cpu ro - cgroup cgroup rw,cpu\n";
    std::map<std::string, std::string> files = {
        {"proc/self/cgroup", "4:cpu:/docker/abc\n"},
        {"proc/self/mountinfo", mount},
        {"sys/fs/cgroup/cpu/cpu.cfs_quota_us", "150000\n"},
        {"sys/fs/cgroup/cpu/cpu.cfs_period_us", "100000\n"}};
    CHECK(planted(files) == doctest::Approx(1.5));
    files["proc/self/cgroup"] = "4:cpu:/docker/abc/inner\n";
    files["sys/fs/cgroup/cpu/inner/cpu.cfs_quota_us"] = "100000\n";
    files["sys/fs/cgroup/cpu/inner/cpu.cfs_period_us"] = "100000\n";
    CHECK(planted(files) == doctest::Approx(1));
    files["proc/self/cgroup"] = "4:cpu:/kubepods/elsewhere\n";
    CHECK(planted(files) == doctest::Approx(1.5));
    files["proc/self/cgroup"] = "4:cpu:/../up\n";  // outside of the process's namespace
    CHECK(planted(files) == doctest::Approx(1.5));
  }

  TEST_CASE("this process has at least one core and no more than the machine") {
    CHECK(granted_cores() >= 1);
    CHECK(granted_cores() <= std::thread::hardware_concurrency());
  }
}

}  // namespace
}  // namespace orrery
