#include "generator/generate.hpp"

#include <sched.h>
#include <signal.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <exception>
#include <fstream>
#include <mutex>
#include <thread>
#include <utility>

#include "generator/class_keypoints.hpp"
#include "generator/core_clock.hpp"
#include "generator/dataset.hpp"
#include "generator/draw_shot.hpp"
#include "generator/load_assets.hpp"
#include "generator/make_sample.hpp"
#include "renderer/renderer.hpp"
#include "scenes/error.hpp"

namespace orrery {
namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

/// A signal that asks to stop is waiting. It stays blocked, so no handler and no global is needed.
bool asked_to_stop() {
  sigset_t pending;
  sigpending(&pending);
  return sigismember(&pending, SIGINT) == 1 || sigismember(&pending, SIGTERM) == 1;
}

/// What all lanes of a run share.
struct Run {
  const Recipe& recipe;
  const Assets& assets;
  const DrawShot draw;
  const Provenance provenance;
  Dataset& dataset;
  const OnProgress& on_progress;
  const Clock::time_point start;
  std::atomic<std::uint64_t> next_chunk{0};
  std::atomic<std::uint64_t> done{0};
  std::atomic<bool> stop{false};
  std::mutex mutex{};  // guards what follows, and calls of on_progress
  RunReport report{};
  std::exception_ptr failure{};
  std::vector<std::string> validation{};  // what the validation layers said to any lane
};

Mark mark(const Run& run) {
  return {seconds_since(run.start), process_seconds(), run.report.samples};
}

/// Keeps the exception that is being handled, if it is the first, and stops the other lanes.
void keep_failure(Run& run) {
  const std::lock_guard lock(run.mutex);
  if (!run.failure) run.failure = std::current_exception();
  run.stop = true;
}

/// One lane: claims chunks until none is left.
void work(Run& run, Renderer& renderer) {
  SampleCost cost;
  Exposer exposer;
  double draw = 0;
  double write = 0;
  bool warm = false;
  Clock::time_point last = Clock::now();
  while (!run.stop) {
    const std::uint64_t chunk = run.next_chunk++;
    if (chunk >= run.dataset.chunks()) break;
    if (run.dataset.has(chunk)) continue;
    const IndexRun indices = run.dataset.indices(chunk);
    const double before_drawing = thread_seconds();
    std::vector<Shot> shots;
    for (std::uint64_t i = indices.first; i < indices.last; ++i) {
      shots.push_back(run.draw(i));
    }
    draw += thread_seconds() - before_drawing;
    std::vector<Sample> samples;
    render_with_second_views(
        renderer, shots, [&](std::size_t i, const Frame& frame, const SecondView* second) {
          if (run.stop) return;
          samples.push_back(make_sample(frame, run.recipe, run.assets, run.provenance,
                                        indices.first + i, exposer, cost, second));
          const std::uint64_t done = ++run.done;
          const std::lock_guard lock(run.mutex);
          if (++run.report.samples == 1) run.report.first = mark(run);
          if (!std::exchange(warm, true)) run.report.warm = mark(run);
          run.report.intervals.push_back(seconds_since(last));
          last = Clock::now();
          run.on_progress(done, run.recipe.count);
          if (asked_to_stop()) run.stop = true;
        });
    if (samples.size() < shots.size()) break;  // stopped: only whole chunks count
    const double before = thread_seconds();
    run.dataset.commit(chunk, samples);
    write += thread_seconds() - before;
  }
  const std::lock_guard lock(run.mutex);
  run.report.draw += draw;
  run.report.label += cost.label;
  run.report.encode += cost.encode;
  run.report.sensor += cost.sensor;
  run.report.write += write;
}

/// A lane's life on its own thread.
void run_lane(Run& run, Renderer& renderer) {
  try {
    work(run, renderer);
  } catch (...) {
    keep_failure(run);
  }
  const std::vector<std::string>& messages = renderer.validation_messages();
  const std::lock_guard lock(run.mutex);
  run.validation.insert(run.validation.end(), messages.begin(), messages.end());
}

/// Whatever the layers complain of makes the pictures doubtful, and explains other failures.
void require_valid_use(const Run& run) {
  if (run.validation.empty()) return;
  throw Error(
      "Vulkan: " + std::to_string(run.validation.size()) +
          " messages of the validation layers, wanted none; the first: " + run.validation.front(),
      Exit::bug);
}

/// Devices that the lanes take turns on: the one asked for, every GPU, or else the best there is.
std::vector<std::size_t> chosen_devices(const Machine& machine,
                                        const std::vector<DeviceInfo>& all) {
  if (machine.gpu) {
    if (*machine.gpu >= all.size()) {
      throw Error("--gpu: device " + std::to_string(*machine.gpu) + " asked for, found " +
                      std::to_string(all.size()),
                  Exit::unavailable);
    }
    return {*machine.gpu};
  }
  std::vector<std::size_t> chosen;
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (!all[i].software) chosen.push_back(i);
  }
  if (chosen.empty()) chosen.push_back(0);
  return chosen;
}

void run_lanes(Run& run, const Machine& machine) {
  const std::vector<DeviceInfo> all = devices();
  const std::vector<std::size_t> chosen = chosen_devices(machine, all);
  const std::uint64_t left = run.dataset.chunks();
  const auto lanes = static_cast<unsigned>(
      std::min<std::uint64_t>(lanes_for(machine, all[chosen.front()].software), left));
  std::vector<std::thread> threads;
  try {
    for (unsigned lane = 0; lane < lanes && !run.stop; ++lane) {
      // Renderers are made one after the other: software Vulkan compiles shaders unsafely from two
      // threads, so each also draws once here, before its lane starts.
      auto renderer =
          std::make_unique<Renderer>(chosen[lane % chosen.size()], run.assets, run.recipe.render);
      const Shot first = run.draw(0);
      renderer->render(std::span(&first, 1), [](std::size_t, const Frame&) {});
      threads.emplace_back([&run, renderer = std::move(renderer)] { run_lane(run, *renderer); });
    }
  } catch (...) {
    keep_failure(run);  // lanes that run already must end before it is told
  }
  for (std::thread& thread : threads) thread.join();
  require_valid_use(run);
  if (run.failure) std::rethrow_exception(run.failure);
}

/// Quota of the control group in cores, as "max" or "quota period" in cpu.max; 0 without one.
double cgroup_cores() {
  std::ifstream file("/sys/fs/cgroup/cpu.max");
  double quota = 0;
  double period = 0;
  return file >> quota >> period && period > 0 ? quota / period : 0;
}

}  // namespace

unsigned granted_cores() {
  cpu_set_t set;
  unsigned cores = std::thread::hardware_concurrency();
  if (sched_getaffinity(0, sizeof set, &set) == 0) cores = static_cast<unsigned>(CPU_COUNT(&set));
  const double quota = cgroup_cores();
  if (quota > 0) cores = std::min(cores, static_cast<unsigned>(quota + 0.5));
  return std::max(cores, 1U);
}

unsigned lanes_for(const Machine& machine, bool software) {
  if (machine.lanes > 0) return machine.lanes;
  return software ? granted_cores() : std::min(granted_cores(), 8U);
}

RunReport generate(Recipe& recipe, const std::filesystem::path& out, const Machine& machine,
                   const std::function<void(const std::string&)>& warn,
                   const OnProgress& on_progress) {
  const Clock::time_point start = Clock::now();
  const Assets assets = load_assets(recipe, warn);
  const double loaded = seconds_since(start);
  RunReport report = generate(std::as_const(recipe), assets, out, machine, on_progress);
  for (Mark* reached : {&report.first, &report.warm, &report.end}) reached->wall += loaded;
  return report;
}

RunReport generate(const Recipe& recipe, const Assets& assets, const std::filesystem::path& out,
                   const Machine& machine, const OnProgress& on_progress) {
  const Clock::time_point start = Clock::now();
  const std::string hash = recipe_hash(recipe);
  const std::vector<Keypoints> keypoints = class_keypoints(recipe, assets);
  Dataset dataset(out, {.recipe = json_from(recipe),
                        .recipe_hash = hash,
                        .seed = recipe.seed,
                        .count = recipe.count,
                        .chunk_size = recipe.chunk,
                        .classes = recipe.classes,
                        .keypoints = keypoints,
                        .panoptic = recipe.render.prop});
  RunReport report;
  if (dataset.finished()) {
    report.dataset_hash = *dataset.finished();
    return report;
  }

  std::vector<NamedAsset> photos;
  for (const FileEntry& photo : recipe.photos) photos.push_back({photo.name, photo.sha256});
  Run run{.recipe = recipe,
          .assets = assets,
          .draw = draw_shot_of(recipe, assets),
          .provenance = {recipe.seed, hash, photos, keypoints},
          .dataset = dataset,
          .on_progress = on_progress,
          .start = start};
  for (std::uint64_t chunk = 0; chunk < dataset.chunks(); ++chunk) {
    const IndexRun indices = dataset.indices(chunk);
    if (dataset.has(chunk)) run.done += indices.last - indices.first;
  }
  run_lanes(run, machine);
  run.report.end = mark(run);
  if (run.stop) {
    throw Error(out.string() + ": stopped on request, the same command continues it",
                Exit::drained);
  }
  run.report.dataset_hash = dataset.finish();
  return std::move(run.report);
}

}  // namespace orrery
