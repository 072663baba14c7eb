#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "generator/dataset.hpp"
#include "generator/lane.hpp"
#include "generator/options.hpp"

namespace orrery {

/// How far a run had come at some moment.
struct Mark {
  double wall = 0;  ///< seconds since the run began
  double core = 0;  ///< core seconds of this process
  std::uint64_t samples = 0;
};

/// Where the time of a run went.
struct RunReport {
  std::string dataset_hash;       ///< empty: only a share was made
  std::uint64_t samples = 0;      ///< made by this run; 0 when all was done before
  bool was_finished = false;      ///< nothing was looked at: the dataset was finished before
  Mark first;                     ///< after the first sample
  Mark warm;                      ///< after the first sample of the last lane: full speed
  Mark end;                       ///< after the last chunk
  LaneCost cost;                  ///< of all lanes
  double write = 0;               ///< core seconds, all lanes
  std::vector<double> intervals;  ///< seconds between samples of a lane
};

/// Told after every sample; calls come from one thread at a time.
using OnProgress = std::function<void(std::uint64_t done, std::uint64_t count)>;

/// Makes what `dataset` still lacks of the machine's share, on as many lanes as `machine` says.
/// Chunks are claimed in order and committed in any; the result does not depend on lanes. Marks
/// count from `start`. Signals of DrainSignals, which the caller must have blocked, drain the run:
/// throws Error (Exit::drained) after what is whole has been kept. A sample that fails is tried
/// again on a lane of its own, then `on_failure` decides; what failed for good is thrown at the
/// end, after the other chunks were made, or at once if the machine's max_failures are exceeded,
/// nothing could be made at all, or it is the device that failed.
RunReport fill(Dataset& dataset, const Machine& machine, OnFailure on_failure,
               const OpenLane& open_lane, const OnProgress& on_progress,
               std::chrono::steady_clock::time_point start);

/// Lanes for a machine: its cores (as far as affinity and control groups grant them) on software
/// devices; on GPUs enough to keep the encoders busy, at most 8.
unsigned lanes_for(const Machine& machine, bool software);

}  // namespace orrery
