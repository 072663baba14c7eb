#pragma once

#include <span>
#include <vector>

#include "scenes/physics.hpp"

namespace orrery {

/// Throws Error naming the first body that cannot fall, and why.
void require_sound(std::span<const Body> bodies);

double size_of(const Body& body);           ///< the diagonal of its pieces' box, metres
double mass_of(const Body& body);           ///< kg
double median(std::vector<double> values);  ///< 1 of none

}  // namespace orrery
