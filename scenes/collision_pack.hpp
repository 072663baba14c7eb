#pragma once

// A model's collision shape in the cache, little-endian:
//
//   8 bytes    "ORRHULL1"
//   f64 …      all numbers of the shape in the order of CollisionShape, lists after their lengths
//   64 bytes   SHA-256 of all before, hexadecimal

#include <filesystem>

#include "scenes/collision_shape.hpp"

namespace orrery {

/// $XDG_CACHE_HOME/orrery/shapes, or the same below ~/.cache.
std::filesystem::path default_shape_cache();

/// Changes whenever the layout does, or what is made of a model.
inline constexpr int kCollisionPackVersion = 2;

/// collision_shape_from(), made once for a model's geometry and then read from `cache`: the same
/// bits either way. A pack that is missing, damaged or cannot be written costs only the time to
/// make the shape anew. Throws Error as collision_shape_from() does.
CollisionShape cached_collision_shape(const Model& model, const CollisionDetail& detail = {},
                                      const std::filesystem::path& cache = default_shape_cache());

}  // namespace orrery
