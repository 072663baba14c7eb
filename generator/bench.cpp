#include "generator/bench.hpp"

#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <ostream>

#include "generator/generate.hpp"
#include "generator/sample.hpp"
#include "renderer/renderer.hpp"

namespace orrery {
namespace {

double core_seconds() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& t) {
    return static_cast<double>(t.tv_sec) + 1e-6 * static_cast<double>(t.tv_usec);
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

double quantile(std::vector<double> values, double q) {
  if (values.empty()) return 0;
  const auto at = values.begin() +
                  static_cast<std::ptrdiff_t>(q * static_cast<double>(values.size() - 1) + 0.5);
  std::nth_element(values.begin(), at, values.end());
  return *at;
}

std::uint64_t bytes_below(const std::filesystem::path& folder) {
  std::uint64_t bytes = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    if (entry.is_regular_file()) bytes += entry.file_size();
  }
  return bytes;
}

}  // namespace

void bench(BenchCommand command, std::ostream& out) {
  const std::filesystem::path folder =
      std::filesystem::temp_directory_path() / ("orrery-bench-" + std::to_string(getpid()));
  double steady_from = 0;  // core seconds when the first sample was done
  const RunReport report = generate(
      command.recipe, folder, command.machine, [](const std::string&) {},
      [&](std::uint64_t done, std::uint64_t) {
        if (done == 1) steady_from = core_seconds();
      });
  const double cores = core_seconds() - steady_from;
  const std::uint64_t bytes = bytes_below(folder);
  std::filesystem::remove_all(folder);
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);

  const double n = static_cast<double>(report.samples);
  const double steady = report.wall - report.first_image_in_lanes;
  const auto ms = [&](double seconds) { return 1000 * seconds / n; };
  const Json result{
      {"images", report.samples},
      {"width", command.recipe.turntable.width},
      {"height", command.recipe.turntable.height},
      {"device", devices().at(command.machine.gpu.value_or(0)).name},
      {"lanes", lanes_for(command.machine, devices().at(command.machine.gpu.value_or(0)).software)},
      {"antialias", command.recipe.render.antialias},
      {"shadows", command.recipe.render.shadows},
      {"images_per_s", (n - 1) / steady},
      {"s_per_image", steady / (n - 1)},
      {"wall_over_half_core_time", steady / (cores / granted_cores())},
      {"core_ms_per_image", 1000 * cores / (n - 1)},
      {"label_core_ms", ms(report.label)},
      {"encode_core_ms", ms(report.encode)},
      {"write_core_ms", ms(report.write)},
      {"share_of_labels_encoding_writing",
       (report.label + report.encode + report.write) / std::max(cores, 1e-9)},
      {"lane_interval_ms_p50", 1000 * quantile(report.intervals, 0.5)},
      {"lane_interval_ms_p95", 1000 * quantile(report.intervals, 0.95)},
      {"first_image_s", report.first_image},
      {"bytes_per_image", static_cast<double>(bytes) / n},
      {"peak_memory_mib", static_cast<double>(usage.ru_maxrss) / 1024},
      {"dataset_hash", report.dataset_hash}};
  out << result.dump(2) << std::endl;
}

}  // namespace orrery
