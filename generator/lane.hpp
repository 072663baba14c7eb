#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "generator/dataset_plan.hpp"
#include "generator/sample.hpp"

namespace orrery {

/// Core seconds that lanes spent, by what for.
struct LaneCost {
  double draw = 0;  ///< scenes and their physics
  double label = 0;
  double encode = 0;
  double sensor = 0;
};

/// Receives samples in order; false: no more are wanted.
using TakeSample = std::function<bool(Sample)>;

/// One of several workers that make samples, each on a thread of its own.
class Lane {
 public:
  virtual ~Lane() = default;
  /// Makes the samples of these indices, in order, until `take` wants no more. Each is drawn as
  /// drawn_index() says. After an exception the lane is of no use but to be closed.
  virtual void make(const IndexRun& indices, std::uint32_t substitute, const TakeSample& take) = 0;
  /// Called last: adds what the lane spent and returns what validation layers said.
  virtual std::vector<std::string> close(LaneCost& cost) const = 0;
};

/// The index that a sample is drawn with: its own, or for its k-th substitute one that no dataset
/// reaches.
constexpr std::uint64_t drawn_index(std::uint64_t index, std::uint32_t substitute) {
  return index + (std::uint64_t{substitute} << 40);
}

/// Opens a lane on a device, an index into devices(). Lanes are opened one after the other, since
/// software Vulkan compiles shaders unsafely from two threads: each must draw once here.
using OpenLane = std::function<std::unique_ptr<Lane>(std::size_t device)>;

}  // namespace orrery
