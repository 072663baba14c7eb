#pragma once

#include "scenes/random.hpp"

namespace orrery {

/// Gamma of a shape above 0 and scale 1. Source: Marsaglia and Tsang, A Simple Method for
/// Generating Gamma Variables, ACM TOMS 26, 2000.
double gamma_drawn(double shape, Rng& rng);
/// Beta; both shapes above 0.
double beta_drawn(double a, double b, Rng& rng);

}  // namespace orrery
