#pragma once

#include <array>
#include <cstdint>
#include <string>

#include "scenes/model.hpp"

namespace orrery {

/// What the light of a sun may come through: see Gobo.
inline constexpr std::array kGoboNames{"window", "blinds", "leaves"};
constexpr std::uint32_t kGoboVariants = 3;  ///< different ones of each kind

/// A gobo in the plane z = 0 about the origin, y up, metres: a wall with a window, a wall with
/// blinds before its window, or the leaves of a tree, about kGoboReach to each side. A pure
/// function; `kind` is one of kGoboNames.
Model gobo(const std::string& kind, std::uint32_t variant);
constexpr double kGoboReach = 2.5;

/// The opening that light comes through lies within this distance of the origin.
constexpr double kGoboOpening = 0.5;

}  // namespace orrery
