#pragma once

#include <cstdint>
#include <iosfwd>
#include <vector>

#include "generator/options.hpp"

namespace orrery {

/// Merges the chunks of a dataset, splits and writes what its recipe wants, and says the hash; runs
/// again without harm. If chunks are missing or damaged it says "missing: 3,7,9-12", as --chunks
/// and schedulers' array options take them, and returns 1. Throws Error if nothing was begun there,
/// or if chunks are of another recipe, seed or version, naming the first.
int finish(const FinishCommand& command, std::ostream& out);

/// Says which chunks of how many are missing, and how many of those were there and not whole;
/// returns 1.
int say_missing(std::ostream& out, const std::vector<std::uint64_t>& missing, std::uint64_t damaged,
                std::uint64_t chunks);

}  // namespace orrery
