#pragma once

#include <functional>
#include <memory>
#include <optional>

#include "generator/lane.hpp"
#include "generator/sample_failure.hpp"
#include "scenes/error.hpp"
#include "scenes/scene_spec.hpp"

namespace orrery {

/// A sample that was given up on.
struct LostSample {
  std::uint64_t sample = 0;
  std::uint32_t tries = 0;  ///< of its last draw
  std::string why{};
  Exit exit = Exit::bug;
  bool of_sample = false;  ///< another sample may do better: neither device nor disk is at fault
  bool too_many = false;   ///< OnSteadyLane::lost said so
};

/// What a SteadyLane needs and tells. Called by the thread that makes.
struct OnSteadyLane {
  std::function<std::unique_ptr<Lane>()> open;
  /// Each lane's end: it is closed, and then gone.
  std::function<void(std::unique_ptr<Lane>)> close;
  std::function<void(const SampleFailure&)> tell;  ///< without its chunk
  /// A sample failed for good as drawn; true: there are too many, none takes its place.
  std::function<bool()> lost;
};

/// A lane that is opened anew when a sample fails on it. What fails is tried again alone, then
/// replaced by other draws where `on_failure` says so.
class SteadyLane {
 public:
  SteadyLane(std::uint32_t retries, OnFailure on_failure, OnSteadyLane on);
  ~SteadyLane();
  SteadyLane(const SteadyLane&) = delete;
  SteadyLane& operator=(const SteadyLane&) = delete;

  /// Opens the lane now; else it is opened when it is needed. Devices may be busy: tries again.
  void open();
  /// Makes the samples of these indices, in order, until `take` wants no more; Sample::substitute
  /// says which draw it is. Says which one was given up on; those after it are not made.
  std::optional<LostSample> make(const IndexRun& indices, const TakeSample& take);
  void close();

 private:
  struct Trial {
    std::uint32_t tries = 0;
    std::uint32_t substitute = 0;
  };
  std::optional<LostSample> lost_or_again(std::uint64_t sample, Trial& trial);

  const std::uint32_t retries_;
  const OnFailure on_failure_;
  const OnSteadyLane on_;
  std::unique_ptr<Lane> lane_;
};

}  // namespace orrery
