#pragma once

#include <glm/glm.hpp>
#include <vector>

#include "generator/augment/operation.hpp"
#include "scenes/image.hpp"
#include "scenes/random.hpp"

namespace orrery {

/// Changes what a picture looks like and moves nothing: blur, noise, storage, weather. `values` are
/// the operation's parameters as drawn; what else is drawn comes from `rng`.
void filter(AugmentOp op, const std::vector<double>& values, Rng& rng, Image<Rgba8>& color);

/// How wide, in pixels, an operation smears a point; 0 if it does not.
double blur_of(AugmentOp op, const std::vector<double>& values);

// weather.cpp
void add_fog(double amount, Rng& rng, Image<Rgba8>& color);
void add_rain(double amount, double length, double slant, Rng& rng, Image<Rgba8>& color);
void add_sun_flare(double strength, double radius, Rng& rng, Image<Rgba8>& color);
void add_shadow(double darkness, double softness, Rng& rng, Image<Rgba8>& color);

// noise.cpp
/// `sigma`: standard deviation by value of the channel, in steps of the picture.
void add_noise(const std::array<float, 256>& sigma, Rng& rng, Image<Rgba8>& color);

}  // namespace orrery
