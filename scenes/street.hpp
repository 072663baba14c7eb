#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "scenes/model.hpp"
#include "scenes/random.hpp"
#include "scenes/shape_draft.hpp"

namespace orrery {

/// The kinds of traffic signs there are, as of the Vienna Convention: stop, yield, no_entry…
std::vector<std::string> sign_kinds();

/// A sign's plate about the origin, facing -y with +z up, its back grey. The variant draws its
/// size, how faded and how dirty it is.
Model sign_plate(const std::string& kind, std::uint64_t variant);
/// The post that belongs to the plate, in the plate's frame: it stands at z = -(height of the
/// plate's middle).
Model sign_post(const std::string& kind, std::uint64_t variant);

/// What stands in streets, upright on z = 0, in metres.
Model traffic_cone(std::uint64_t variant);
Model bollard(std::uint64_t variant);
Model barrier(std::uint64_t variant);  ///< a red and white board on two feet
Model litter_bin(std::uint64_t variant);
Model bench_seat(std::uint64_t variant);  ///< facing -y
Model hydrant(std::uint64_t variant);
Model tree(std::uint64_t variant);
/// A house as part of something else, turned and shifted; returns how wide its front is, metres.
double add_house(ShapeDraft& draft, Rng& rng, const glm::dmat3& turn, const glm::dvec3& shift);
Model house(std::uint64_t variant);  ///< a front of windows and doors to -y

/// The ground of a street along y: a road with markings at x < 0, a kerb, a pavement and grass. All
/// of it lies in z = 0 about the origin. Two variants in three have houses along both sides, at
/// least 9 m from the origin.
Model street_ground(double width, double depth, std::uint64_t variant);

}  // namespace orrery
