#include "generator/bench.hpp"

#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <ostream>

#include "generator/generate.hpp"
#include "generator/granted_cores.hpp"
#include "generator/sample.hpp"
#include "renderer/renderer.hpp"

namespace orrery {
namespace {

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

/// What the dataset's labels say of its content.
struct Labels {
  double count = 0;
  double share = 0;  ///< of the dataset's pixels that show an object
};

Labels labels_in(const std::filesystem::path& folder, double pixels) {
  std::ifstream file(folder / "annotations" / "instances_default.json");
  const Json labels = Json::parse(file);
  Labels found;
  for (const Json& label : labels.at("annotations")) {
    ++found.count;
    found.share += label.at("area").get<double>() / pixels;
  }
  return found;
}

}  // namespace

void bench(BenchCommand command, std::ostream& out) {
  const std::filesystem::path folder =
      std::filesystem::temp_directory_path() / ("orrery-bench-" + std::to_string(getpid()));
  const RunReport report = generate(
      command.recipe, folder, command.machine, [](const std::string&) {},
      [](std::uint64_t, std::uint64_t) {});
  const std::uint64_t bytes = bytes_below(folder);
  const SceneSpec& scene = command.recipe.scene;
  const int width = scene.turntable ? scene.turntable->width : scene.camera.width;
  const int height = scene.turntable ? scene.turntable->height : scene.camera.height;
  const Labels labels = labels_in(folder, static_cast<double>(report.samples) * width * height);
  std::filesystem::remove_all(folder);
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);

  // Speed is that of all lanes together, start-up apart.
  const double n = static_cast<double>(report.samples);
  const double made = static_cast<double>(report.end.samples - report.warm.samples);
  const double wall = report.end.wall - report.warm.wall;
  const double cores = report.end.core - report.warm.core;
  const double draw = report.cost.draw / n;
  const double sensor = report.cost.sensor / n;
  const double label = report.cost.label / n;
  const double encode = report.cost.encode / n;
  const double write = report.write / n;
  const double core = cores / made;
  const DeviceInfo device = devices().at(chosen_device(command.machine.gpu));
  const Json result{{"images", report.samples},
                    {"width", width},
                    {"height", height},
                    {"object_share", labels.share},
                    {"labels_per_image", labels.count / n},
                    {"device", device.name},
                    {"lanes", lanes_for(command.machine, device.software)},
                    {"antialias", command.recipe.render.antialias},
                    {"shadows", command.recipe.render.shadows},
                    {"images_per_s", made / wall},
                    {"s_per_image", wall / made},
                    {"wall_over_core_time_per_core", wall / (cores / granted_cores())},
                    {"core_ms_per_image", 1000 * core},
                    {"draw_core_ms", 1000 * draw},
                    {"render_core_ms", 1000 * (core - draw - sensor - label - encode - write)},
                    {"sensor_core_ms", 1000 * sensor},
                    {"label_core_ms", 1000 * label},
                    {"encode_core_ms", 1000 * encode},
                    {"write_core_ms", 1000 * write},
                    {"share_of_drawing", draw / core},
                    {"share_of_sensor", sensor / core},
                    {"share_of_labels", label / core},
                    {"share_of_encoding", encode / core},
                    {"share_of_labels_encoding_writing", (label + encode + write) / core},
                    {"lane_interval_ms_p50", 1000 * quantile(report.intervals, 0.5)},
                    {"lane_interval_ms_p95", 1000 * quantile(report.intervals, 0.95)},
                    {"first_image_s", report.first.wall},
                    {"bytes_per_image", static_cast<double>(bytes) / n},
                    {"peak_memory_mib", static_cast<double>(usage.ru_maxrss) / 1024},
                    {"dataset_hash", report.dataset_hash}};
  out << result.dump(2) << std::endl;
}

}  // namespace orrery
