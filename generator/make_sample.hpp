#pragma once

#include "generator/manifest.hpp"
#include "generator/recipe.hpp"
#include "renderer/frame.hpp"

namespace orrery {

/// Seconds of one core that the stages after rendering took.
struct SampleCost {
  double label = 0;
  double encode = 0;
};

/// Labels a frame, checks what must hold of every sample, and encodes the files that the recipe
/// asks for. Throws Error (Exit::bug) naming the sample if a check fails.
Sample make_sample(const Frame& frame, const Recipe& recipe, const Assets& assets,
                   const Provenance& provenance, std::uint64_t index, SampleCost& cost);

}  // namespace orrery
