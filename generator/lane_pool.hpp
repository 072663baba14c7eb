#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <exception>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "generator/options.hpp"
#include "generator/sample_maker.hpp"
#include "generator/steady_lane.hpp"

namespace orrery {

/// Lanes that make samples as they are asked for, without a disk between. Jobs begin in the order
/// in which they were given; whoever gives no more of them than it takes back keeps memory bounded.
/// Safe to call from any thread.
class LanePool {
 public:
  using Job = std::uint64_t;

  /// Opens nothing yet: lanes, at most as many as suit the machine, are opened as jobs come.
  /// `maker` must outlive it. Of `machine` share, patience and max_failures mean nothing here.
  LanePool(const SampleMaker& maker, Machine machine);
  /// Waits for the samples that are being made.
  ~LanePool();
  LanePool(const LanePool&) = delete;
  LanePool& operator=(const LanePool&) = delete;

  /// Asks for the samples of these indices, which one lane makes.
  Job submit(const IndexRun& indices);
  /// Whether next() has something to say within this time.
  bool wait(Job job, std::chrono::milliseconds longest);
  /// The job's next sample, in order; nothing: there are no more, and the job is forgotten. Throws
  /// Error for a sample that was given up on, in its place.
  std::optional<Sample> next(Job job);
  /// What is not made yet is not made.
  void forget(Job job);
  /// Lanes that there may be. Throws Error (Exit::unavailable) if there is no device.
  unsigned lanes() const { return lanes_; }
  /// What validation layers said to lanes that are closed.
  std::vector<std::string> validation_messages();

 private:
  struct Made {
    std::optional<Sample> sample{};
    std::exception_ptr failure{};
  };
  struct Work {
    IndexRun left;
    std::deque<Made> made{};
    bool ended = false;
  };
  void work(std::size_t device);
  void make(SteadyLane& lane, Job job, IndexRun indices);
  bool take(Job job, Made made);
  bool ready(Job job) const;

  const SampleMaker& maker_;
  const Machine machine_;
  std::vector<std::size_t> devices_;
  unsigned lanes_ = 0;
  std::mutex opening_;  // see OpenLane
  std::mutex mutex_;    // guards what follows
  std::condition_variable for_lanes_;
  std::condition_variable for_takers_;
  std::map<Job, Work> jobs_;
  std::deque<Job> waiting_;
  Job last_ = 0;
  unsigned idle_ = 0;
  bool stop_ = false;
  std::vector<std::string> validation_;
  std::vector<std::thread> threads_;
};

}  // namespace orrery
