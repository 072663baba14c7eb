#pragma once

#include <span>
#include <string>
#include <string_view>

namespace orrery {

/// The candidate with the smallest edit distance to `wrong`, the first among equals: what an error
/// offers instead of a name that does not exist. `candidates` must not be empty.
std::string nearest_name(std::string_view wrong, std::span<const std::string> candidates);

}  // namespace orrery
