#pragma once

#include <LinearMath/btTransform.h>

#include "scenes/hull_shape.hpp"

namespace orrery {

/// How deep the pieces of one solid are in those of another, in the world's unit; 0: not at all.
double depth_between(const Solid& a, const btTransform& world_from_a, const Solid& b,
                     const btTransform& world_from_b);

}  // namespace orrery
