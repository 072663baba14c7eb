#include "generator/lanes.hpp"

#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>

#include "generator/core_clock.hpp"
#include "generator/drain_signals.hpp"
#include "generator/granted_cores.hpp"
#include "generator/placement.hpp"
#include "generator/steady_lane.hpp"
#include "generator/watchdog.hpp"
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
  const Machine& machine;
  const OnFailure on_failure;
  const std::uint64_t count;  ///< samples of the share
  const OpenLane& open_lane;
  const OnProgress& on_progress;
  const Clock::time_point start;
  std::atomic<std::uint64_t> next_chunk{0};
  std::atomic<bool> stop{false};
  std::mutex opening{};    // see OpenLane
  std::mutex mutex{};      // guards what follows, and calls of the callbacks
  std::uint64_t done = 0;  // samples that are there, or made and not lost since
  RunReport report{};
  std::exception_ptr failure{};           // the first that was given up on
  std::uint64_t lost = 0;                 // samples that failed for good
  std::vector<std::string> validation{};  // what the validation layers said to any lane
};

Mark mark(const Run& run) {
  return {seconds_since(run.start), process_seconds(), run.report.samples};
}

/// Keeps a failure, if it is the first.
void keep_failure(Run& run, const std::exception_ptr& failure, bool stop) {
  const std::lock_guard lock(run.mutex);
  if (!run.failure) run.failure = failure;
  if (stop) run.stop = true;
}

/// One of the threads that make chunks, with the lane that it makes them on.
class Worker {
 public:
  Worker(Run& run, Watchdog& watchdog, std::size_t number, std::size_t device,
         const DeviceInfo& info);

  /// Its first lane; later ones replace lanes that failed.
  void open_first();

  /// Claims chunks until none is left.
  void work();
  std::uint64_t chunk() const { return chunk_; }

 private:
  std::unique_ptr<Lane> open();
  void make_chunk();
  std::optional<std::vector<Sample>> samples_of_chunk();
  bool take(Sample sample, std::vector<Sample>& samples);
  void give_up(const LostSample& lost);
  bool others_can_be_made();
  bool count_lost();
  void tell(SampleFailure failure);
  void close(std::unique_ptr<Lane> lane);

  Run& run_;
  Watchdog& watchdog_;
  const std::size_t number_;
  const std::size_t device_;
  const DeviceInfo& info_;
  SteadyLane lane_;
  std::atomic<std::uint64_t> chunk_{0};  // that it is at; the watchdog asks
  double write_ = 0;
  bool warm_ = false;
  Clock::time_point last_ = Clock::now();
};

Worker::Worker(Run& run, Watchdog& watchdog, std::size_t number, std::size_t device,
               const DeviceInfo& info)
    : run_(run),
      watchdog_(watchdog),
      number_(number),
      device_(device),
      info_(info),
      lane_(run.machine.retries, run.on_failure,
            {.open = [this] { return open(); },
             .close = [this](std::unique_ptr<Lane> lane) { close(std::move(lane)); },
             .tell = [this](const SampleFailure& failure) { tell(failure); },
             .lost = [this] { return count_lost(); }}) {}

std::unique_ptr<Lane> Worker::open() {
  watchdog_.idle(number_);  // others may be opening theirs
  const std::lock_guard lock(run_.opening);
  watchdog_.alive(number_);
  return run_.open_lane(device_);
}

void Worker::open_first() {
  lane_.open();
  watchdog_.idle(number_);
}

void Worker::work() {
  try {
    while (!run_.stop) {
      chunk_ = run_.next_chunk++;
      if (chunk_ >= run_.dataset.chunks()) break;
      if (!run_.machine.share.holds(chunk_) || run_.dataset.has(chunk_)) continue;
      watchdog_.alive(number_);
      make_chunk();
    }
  } catch (const std::exception& error) {
    run_.dataset.note_failure(chunk_, error.what());
    keep_failure(run_, std::current_exception(), true);
  }
  watchdog_.alive(number_);
  lane_.close();
  watchdog_.idle(number_);
  const std::lock_guard lock(run_.mutex);
  run_.report.write += write_;
}

void Worker::make_chunk() {
  const Clock::time_point began = Clock::now();
  const std::unique_ptr<Staging> sign = run_.dataset.begin(chunk_);
  if (!sign) return;  // another process has finished the dataset
  const auto samples = samples_of_chunk();
  if (!samples) return;     // stopped or given up: only whole chunks count
  watchdog_.idle(number_);  // disks and networks may take their time
  const double before = thread_seconds();
  const double seconds = seconds_since(began);
  run_.dataset.commit(chunk_, *samples, {info_.name, info_.driver, info_.uuid, seconds});
  if (run_.machine.on_commit) run_.machine.on_commit(chunk_);
  write_ += thread_seconds() - before;
}

bool Worker::take(Sample sample, std::vector<Sample>& samples) {
  watchdog_.alive(number_);
  if (run_.stop) return false;
  samples.push_back(std::move(sample));
  const std::lock_guard lock(run_.mutex);
  ++run_.done;
  if (++run_.report.samples == 1) run_.report.first = mark(run_);
  if (!std::exchange(warm_, true)) run_.report.warm = mark(run_);
  run_.report.intervals.push_back(seconds_since(last_));
  last_ = Clock::now();
  run_.on_progress(run_.done, run_.count);
  if (asked_to_stop()) run_.stop = true;
  return !run_.stop;
}

/// Nothing, if the run was stopped or a sample of the chunk given up.
std::optional<std::vector<Sample>> Worker::samples_of_chunk() {
  std::vector<Sample> samples;
  const auto lost = lane_.make(run_.dataset.indices(chunk_),
                               [&](Sample sample) { return take(std::move(sample), samples); });
  if (lost) {
    const std::lock_guard lock(run_.mutex);
    run_.done -= samples.size();
  }
  if (lost) give_up(*lost);
  if (lost || run_.stop) return std::nullopt;
  return samples;
}

/// Throws if the run is to end.
void Worker::give_up(const LostSample& lost) {
  // A recipe that makes other samples is no wrong one: schedulers need not end its other tasks.
  const bool poison = lost.of_sample && others_can_be_made();
  const std::string number = std::to_string(lost.sample);
  const std::string hint = "; to see it: orrery replay " + run_.dataset.folder().string() + " ";
  const Error error("sample " + number + ": " + lost.why + " (tried " + std::to_string(lost.tries) +
                        " times" + (run_.machine.share.elsewhere ? "" : hint + number) + ")",
                    poison ? Exit::bug : lost.exit);
  if (lost.too_many || !poison) throw error;
  run_.dataset.note_failure(chunk_, lost.why);
  keep_failure(run_, std::make_exception_ptr(error), false);
}

bool Worker::others_can_be_made() {
  if (run_.dataset.any_chunk() || run_.machine.share.elsewhere) return true;
  const std::lock_guard lock(run_.mutex);
  return run_.report.samples > 0;
}

/// Of samples that failed for good; true: there are more than may be.
bool Worker::count_lost() {
  const std::lock_guard lock(run_.mutex);
  return ++run_.lost > run_.machine.max_failures;
}

void Worker::tell(SampleFailure failure) {
  failure.chunk = chunk_;
  const std::lock_guard lock(run_.mutex);
  if (run_.machine.on_failure) run_.machine.on_failure(failure);
}

void Worker::close(std::unique_ptr<Lane> lane) {
  const std::lock_guard lock(run_.mutex);
  const std::vector<std::string> messages = lane->close(run_.report.cost);
  run_.validation.insert(run_.validation.end(), messages.begin(), messages.end());
}

/// Whatever the layers complain of makes the pictures doubtful, and explains other failures.
void require_valid_use(const Run& run) {
  if (run.validation.empty()) return;
  throw Error(
      "Vulkan: " + std::to_string(run.validation.size()) +
          " messages of the validation layers, wanted none; the first: " + run.validation.front(),
      Exit::bug);
}

/// What was given up on is told when all else is made.
[[noreturn]] void rethrow_failure(const Run& run) {
  if (run.lost < 2) std::rethrow_exception(run.failure);
  try {
    std::rethrow_exception(run.failure);
  } catch (const Error& error) {
    throw Error(std::string(error.what()) + "; " + std::to_string(run.lost) + " samples failed",
                error.exit());
  }
}

/// The last words before the process ends: without locks, since whoever holds them may hang.
void say_hung(const Run& run, std::uint64_t chunk) {
  const std::string why = "no answer from the device for more than " +
                          Json(run.machine.patience).dump() + " s, wanted one (--patience)";
  run.dataset.note_failure(chunk, why);
  remove_own_staging(run.dataset.folder() / ".chunks");
  const std::string said = "orrery: chunk " + std::to_string(chunk) + ": " + why + "\n";
  [[maybe_unused]] const ssize_t written = ::write(STDERR_FILENO, said.data(), said.size());
}

void run_lanes(Run& run) {
  const std::vector<DeviceInfo> all = devices();
  const DeviceChoice placed = chosen_devices(run.machine.gpu, all, this_process());
  if (run.machine.on_placement) run.machine.on_placement(describe(placed, all));
  const std::vector<std::size_t>& chosen = placed.devices;
  const auto lanes = static_cast<unsigned>(std::min<std::uint64_t>(
      lanes_for(run.machine, all[chosen.front()].software), run.dataset.chunks()));
  std::vector<std::unique_ptr<Worker>> workers;
  Watchdog watchdog(std::chrono::duration<double>(run.machine.patience), lanes,
                    [&](std::size_t number) { say_hung(run, workers.at(number)->chunk()); });
  for (unsigned i = 0; i < lanes; ++i) {
    const std::size_t device = chosen[i % chosen.size()];
    workers.push_back(std::make_unique<Worker>(run, watchdog, i, device, all[device]));
  }
  std::vector<std::thread> threads;
  try {
    for (unsigned i = 0; i < lanes && !run.stop; ++i) {
      workers[i]->open_first();
      threads.emplace_back([&worker = *workers[i]] { worker.work(); });
    }
  } catch (...) {
    keep_failure(run, std::current_exception(),
                 true);  // lanes that run already must end before it is told
  }
  for (std::thread& thread : threads) thread.join();
  require_valid_use(run);
  if (run.failure) rethrow_failure(run);
}

}  // namespace

unsigned lanes_for(const Machine& machine, bool software) {
  if (machine.lanes > 0) return machine.lanes;
  return software ? granted_cores() : std::min(granted_cores(), 8U);
}

RunReport fill(Dataset& dataset, const Machine& machine, OnFailure on_failure,
               const OpenLane& open_lane, const OnProgress& on_progress,
               std::chrono::steady_clock::time_point start) {
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
          .machine = machine,
          .on_failure = on_failure,
          .count = count,
          .open_lane = open_lane,
          .on_progress = on_progress,
          .start = start};
  run.done = done;
  if (done < count) run_lanes(run);
  run.report.end = mark(run);
  if (run.stop) {
    throw Error(dataset.folder().string() + ": stopped on request, the same command continues it",
                Exit::drained);
  }
  return std::move(run.report);
}

}  // namespace orrery
