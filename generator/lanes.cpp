#include "generator/lanes.hpp"

#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>
#include <thread>
#include <utility>

#include "generator/core_clock.hpp"
#include "generator/drain_signals.hpp"
#include "generator/granted_cores.hpp"
#include "generator/placement.hpp"
#include "renderer/renderer.hpp"
#include "scenes/error.hpp"

namespace orrery {
namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

/// What all lanes of a run share.
struct Run {
  Dataset& dataset;
  const ChunkChoice& share;
  const std::uint64_t count;  ///< samples of the share
  const OnProgress& on_progress;
  const std::function<void(std::uint64_t)>& on_commit;
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

/// One lane: claims chunks until none is left; `chunk` is the one it is at.
void work(Run& run, Lane& lane, const DeviceInfo& device, std::uint64_t& chunk) {
  double write = 0;
  bool warm = false;
  Clock::time_point last = Clock::now();
  while (!run.stop) {
    chunk = run.next_chunk++;
    if (chunk >= run.dataset.chunks()) break;
    if (!run.share.holds(chunk) || run.dataset.has(chunk)) continue;
    const Clock::time_point began = Clock::now();
    const IndexRun indices = run.dataset.indices(chunk);
    const std::unique_ptr<Staging> sign = run.dataset.begin(chunk);
    if (!sign) break;
    std::vector<Sample> samples;
    lane.make(indices, [&](Sample sample) {
      if (run.stop) return false;
      samples.push_back(std::move(sample));
      const std::uint64_t done = ++run.done;
      const std::lock_guard lock(run.mutex);
      if (++run.report.samples == 1) run.report.first = mark(run);
      if (!std::exchange(warm, true)) run.report.warm = mark(run);
      run.report.intervals.push_back(seconds_since(last));
      last = Clock::now();
      run.on_progress(done, run.count);
      if (asked_to_stop()) run.stop = true;
      return !run.stop;
    });
    if (samples.size() < indices.last - indices.first) break;  // stopped: only whole chunks count
    const double before = thread_seconds();
    const double seconds = seconds_since(began);
    run.dataset.commit(chunk, samples, {device.name, device.driver, device.uuid, seconds});
    if (run.on_commit) run.on_commit(chunk);
    write += thread_seconds() - before;
  }
  const std::lock_guard lock(run.mutex);
  run.report.write += write;
}

/// A lane's life on its own thread.
void run_lane(Run& run, Lane& lane, const DeviceInfo& device) {
  std::uint64_t chunk = 0;
  try {
    work(run, lane, device, chunk);
  } catch (const std::exception& error) {
    run.dataset.note_failure(chunk, error.what());
    keep_failure(run);
  }
  const std::lock_guard lock(run.mutex);
  const std::vector<std::string> messages = lane.close(run.report);
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

void run_lanes(Run& run, const Machine& machine, const OpenLane& open_lane) {
  const std::vector<DeviceInfo> all = devices();
  const DeviceChoice placed = chosen_devices(machine.gpu, all, this_process());
  if (machine.on_placement) machine.on_placement(describe(placed, all));
  const std::vector<std::size_t>& chosen = placed.devices;
  const auto lanes = static_cast<unsigned>(std::min<std::uint64_t>(
      lanes_for(machine, all[chosen.front()].software), run.dataset.chunks()));
  std::vector<std::thread> threads;
  try {
    for (unsigned i = 0; i < lanes && !run.stop; ++i) {
      const std::size_t device = chosen[i % chosen.size()];
      threads.emplace_back(
          [&run, &info = all[device], lane = open_lane(device)] { run_lane(run, *lane, info); });
    }
  } catch (...) {
    keep_failure(run);  // lanes that run already must end before it is told
  }
  for (std::thread& thread : threads) thread.join();
  require_valid_use(run);
  if (run.failure) std::rethrow_exception(run.failure);
}

}  // namespace

unsigned lanes_for(const Machine& machine, bool software) {
  if (machine.lanes > 0) return machine.lanes;
  return software ? granted_cores() : std::min(granted_cores(), 8U);
}

RunReport fill(Dataset& dataset, const Machine& machine, const OpenLane& open_lane,
               const OnProgress& on_progress, std::chrono::steady_clock::time_point start) {
  if (machine.on_begin) machine.on_begin();
  std::uint64_t count = 0;
  std::uint64_t done = 0;
  for (std::uint64_t chunk = 0; chunk < dataset.chunks(); ++chunk) {
    if (!machine.share.holds(chunk)) continue;
    const IndexRun indices = dataset.indices(chunk);
    count += indices.last - indices.first;
    if (dataset.has(chunk)) done += indices.last - indices.first;
  }
  Run run{.dataset = dataset,
          .share = machine.share,
          .count = count,
          .on_progress = on_progress,
          .on_commit = machine.on_commit,
          .start = start};
  run.done = done;
  if (done < count) run_lanes(run, machine, open_lane);
  run.report.end = mark(run);
  if (run.stop) {
    throw Error(dataset.folder().string() + ": stopped on request, the same command continues it",
                Exit::drained);
  }
  return std::move(run.report);
}

}  // namespace orrery
