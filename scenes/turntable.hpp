#pragma once

#include <cstdint>
#include <vector>

#include "scenes/scene_sampler.hpp"
#include "scenes/streams.hpp"
#include "scenes/turntable_spec.hpp"

namespace orrery {

/// What the walk over models × elevations × azimuths × sides × rigs gives one index.
struct TurntableStep {
  std::uint32_t model = 0;
  std::uint32_t elevation = 0;  ///< into TurntableSpec::elevations
  std::uint32_t azimuth = 0;    ///< step of the sweep
  std::uint32_t side = 0;       ///< into TurntableSpec::rest_sides
  std::uint32_t rig = 0;
};

/// Any prefix of indices visits each value of every factor equally often (within 1), and each run
/// of models × elevations × azimuths × sides indices visits every combination exactly once; as long
/// as no factor is varied against the others.
TurntableStep turntable_step(const TurntableSpec& spec, std::uint32_t models,
                             const Streams& streams);

/// The shot that `streams` draw of a scene with a turntable, before its sensor. Every factor has
/// its own stream. Objects and lights stand still while the camera goes round: a model alone in the
/// image has bit-identical poses for the same side, and lights depend on the rig and the objects'
/// size only. Throws Error if the turntable has an empty list or does not fit the assets.
Shot turntable_shot(const BoundScene& scene, const Assets& assets, const Streams& streams);

/// The models of that shot, into Assets::models: the walk's first, then those beside it.
std::vector<std::uint32_t> turntable_models(const BoundScene& scene, const Streams& streams);

}  // namespace orrery
