#include "generator/probe.hpp"

#include <stdlib.h>
#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <fstream>
#include <system_error>

#include "generator/core_clock.hpp"
#include "generator/generate.hpp"
#include "generator/report.hpp"
#include "generator/sample.hpp"
#include "scenes/temporary_folder.hpp"

namespace orrery {
namespace {

namespace fs = std::filesystem;

/// Bytes that each sample adds to a dataset: its files, its line and its share of COCO. Counts the
/// files of all.
std::vector<double> bytes_of_samples(const fs::path& dataset, std::size_t& files) {
  std::vector<double> bytes;
  std::ifstream manifest(dataset / "manifest.jsonl");
  for (std::string line; std::getline(manifest, line);) {
    double sum = static_cast<double>(line.size() + 1);
    const Json sample = Json::parse(line);
    files += sample.at("files").size();
    for (const auto& file : sample.at("files").items()) {
      sum += static_cast<double>(fs::file_size(dataset / file.key()));
    }
    bytes.push_back(sum);
  }
  const Json coco = Json::parse(std::ifstream(dataset / "annotations/instances_default.json"));
  for (const Json& image : coco.at("images")) {
    bytes.at(image.at("id").get<std::size_t>() - 1) += static_cast<double>(image.dump().size() + 2);
  }
  for (const Json& label : coco.at("annotations")) {
    bytes.at(label.at("image_id").get<std::size_t>() - 1) +=
        static_cast<double>(label.dump().size() + 2);
  }
  return bytes;
}

/// Standard deviation by mean.
double relative_spread(const std::vector<double>& values) {
  double mean = 0;
  double variance = 0;
  const double n = static_cast<double>(values.size());
  for (const double v : values) mean += v / n;
  for (const double v : values) variance += (v - mean) * (v - mean) / n;
  return mean > 0 ? std::sqrt(variance) / mean : 0;
}

}  // namespace

Probe probed(Recipe recipe, const Assets& assets, const Machine& machine, std::uint64_t images) {
  using Clock = std::chrono::steady_clock;
  const DeviceInfo device = devices().at(chosen_device(machine.gpu));
  const std::uint64_t chunk = recipe.chunk;
  Probe probe;
  probe.device = device.name;
  probe.lanes = lanes_for(machine, device.software);
  recipe.count = std::min(recipe.count, images);
  recipe.pack = Pack::files;  // each is looked at
  recipe.chunk = std::clamp<std::uint64_t>(recipe.count / (4 * probe.lanes), 1, recipe.chunk);
  const TemporaryFolder folder;
  const Clock::time_point start = Clock::now();
  const RunReport run = generate(
      *maker_of(recipe, assets), folder.path, machine, [](std::uint64_t, std::uint64_t) {}, start);
  const double all = std::chrono::duration<double>(Clock::now() - start).count();
  const double n = static_cast<double>(run.samples);
  probe.images = run.samples;
  std::size_t files = 0;
  probe.bytes = bytes_of_samples(folder.path, files);
  probe.files = static_cast<double>(files) / n;
  const double warm = static_cast<double>(run.end.samples - run.warm.samples);
  if (warm > 0) {
    probe.start = run.warm.wall;
    probe.wall = (run.end.wall - run.warm.wall) / warm;
    probe.core = (run.end.core - run.warm.core) / warm;
  } else {  // too few to tell the start from the rest
    probe.wall = run.end.wall / n;
    probe.core = run.end.core / n;
  }
  probe.core_error = probe.core * relative_spread(run.intervals);
  probe.draw = run.cost.draw / n;
  probe.finish = (all - run.end.wall) / n;
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const double bytes_each =
      static_cast<double>(std::max<std::uint64_t>(chunk, recipe.chunk) - recipe.chunk);
  double mean = 0;
  for (const double b : probe.bytes) mean += b / n;
  probe.peak_bytes =
      1024.0 * static_cast<double>(usage.ru_maxrss) + bytes_each * mean * probe.lanes;
  write_report(folder.path);
  probe.report_bytes = static_cast<double>(fs::file_size(folder.path / "report.html")) / n;
  probe.fixed_bytes = static_cast<double>(fs::file_size(folder.path / "dataset.json"));
  return probe;
}

}  // namespace orrery
