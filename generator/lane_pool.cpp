#include "generator/lane_pool.hpp"

#include <utility>

#include "generator/lanes.hpp"
#include "generator/placement.hpp"
#include "renderer/renderer.hpp"
#include "scenes/error.hpp"

namespace orrery {

LanePool::LanePool(const SampleMaker& maker, Machine machine)
    : maker_(maker), machine_(std::move(machine)) {
  const std::vector<DeviceInfo> all = orrery::devices();
  const DeviceChoice placed = chosen_devices(machine_.gpu, all, this_process());
  if (machine_.on_placement) machine_.on_placement(describe(placed, all));
  devices_ = placed.devices;
  lanes_ = lanes_for(machine_, all[devices_.front()].software);
}

LanePool::~LanePool() {
  {
    const std::lock_guard lock(mutex_);
    stop_ = true;
  }
  for_lanes_.notify_all();
  for (std::thread& thread : threads_) thread.join();
}

LanePool::Job LanePool::submit(const IndexRun& indices) {
  const std::lock_guard lock(mutex_);
  const Job job = ++last_;
  jobs_[job] = {.left = indices, .ended = indices.first >= indices.last};
  waiting_.push_back(job);
  if (idle_ < waiting_.size() && threads_.size() < lanes_) {
    const std::size_t device = devices_[threads_.size() % devices_.size()];
    threads_.emplace_back([this, device] { work(device); });
  }
  for_lanes_.notify_one();
  return job;
}

bool LanePool::ready(Job job) const {
  const auto found = jobs_.find(job);
  return found == jobs_.end() || !found->second.made.empty() || found->second.ended;
}

bool LanePool::wait(Job job, std::chrono::milliseconds longest) {
  std::unique_lock lock(mutex_);
  return for_takers_.wait_for(lock, longest, [&] { return ready(job); });
}

std::optional<Sample> LanePool::next(Job job) {
  std::unique_lock lock(mutex_);
  for_takers_.wait(lock, [&] { return ready(job); });
  const auto found = jobs_.find(job);
  if (found == jobs_.end()) return std::nullopt;
  Work& work = found->second;
  if (work.made.empty()) {
    jobs_.erase(found);
    return std::nullopt;
  }
  Made made = std::move(work.made.front());
  work.made.pop_front();
  if (made.failure) std::rethrow_exception(made.failure);
  return std::move(made.sample);
}

void LanePool::forget(Job job) {
  const std::lock_guard lock(mutex_);
  jobs_.erase(job);
}

std::vector<std::string> LanePool::validation_messages() {
  const std::lock_guard lock(mutex_);
  return validation_;
}

/// False: nobody wants more of the job.
bool LanePool::take(Job job, Made made) {
  const std::lock_guard lock(mutex_);
  const auto found = jobs_.find(job);
  if (stop_ || found == jobs_.end()) return false;
  found->second.made.push_back(std::move(made));
  for_takers_.notify_all();
  return true;
}

void LanePool::make(SteadyLane& lane, Job job, IndexRun indices) {
  bool wanted = true;
  while (wanted && indices.first < indices.last) {
    const auto lost = lane.make(indices, [&](Sample sample) {
      indices.first = sample.index + 1;
      wanted = take(job, {.sample = std::move(sample)});
      return wanted;
    });
    if (!lost) break;
    indices.first = lost->sample + 1;
    wanted = take(job, {.failure = std::make_exception_ptr(
                            Error("sample " + std::to_string(lost->sample) + ": " + lost->why +
                                      " (tried " + std::to_string(lost->tries) + " times)",
                                  lost->exit))});
  }
}

void LanePool::work(std::size_t device) {
  SteadyLane lane(machine_.retries, maker_.on_failure(),
                  {.open =
                       [&] {
                         const std::lock_guard lock(opening_);
                         return maker_.open_lane(device);
                       },
                   .close =
                       [&](std::unique_ptr<Lane> closed) {
                         LaneCost cost;
                         const std::vector<std::string> said = closed->close(cost);
                         const std::lock_guard lock(mutex_);
                         validation_.insert(validation_.end(), said.begin(), said.end());
                       },
                   .tell =
                       [&](const SampleFailure& failure) {
                         if (!machine_.on_failure) return;
                         const std::lock_guard lock(opening_);
                         machine_.on_failure(failure);
                       },
                   .lost = [] { return false; }});
  std::unique_lock lock(mutex_);
  while (!stop_) {
    if (waiting_.empty()) {
      ++idle_;
      for_lanes_.wait(lock, [&] { return stop_ || !waiting_.empty(); });
      --idle_;
      continue;
    }
    const Job job = waiting_.front();
    waiting_.pop_front();
    const auto found = jobs_.find(job);
    if (found == jobs_.end()) continue;
    const IndexRun indices = found->second.left;
    lock.unlock();
    make(lane, job, indices);
    lock.lock();
    const auto ended = jobs_.find(job);
    if (ended != jobs_.end()) ended->second.ended = true;
    for_takers_.notify_all();
  }
  lock.unlock();
  lane.close();
}

}  // namespace orrery
