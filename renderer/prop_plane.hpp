#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace orrery {

// Where props are asked for, the device numbers them after the objects, in one plane of ids; the
// host then takes them apart.

/// What the device calls prop `i`, the ground being the last; 0, as if it were nothing, where props
/// are not asked for.
inline std::uint32_t prop_id(bool asked_for, std::size_t objects, std::size_t i) {
  return asked_for ? static_cast<std::uint32_t>(objects + 1 + i) : 0U;
}

/// Throws Error (Exit::data) if the plane cannot tell so many apart.
void require_countable(std::size_t objects, std::size_t props);

/// Moves the numbers of props from `ids` to a plane of their own, where the first is 1.
void take_props(std::span<std::uint16_t> ids, std::size_t objects,
                std::vector<std::uint16_t>& props);

}  // namespace orrery
