#pragma once

#include <iosfwd>

namespace orrery {

/// Prints every Vulkan device with its driver, renders a scene with known answers on each, and says
/// what is missing and how to get it. True if at least one device passes.
bool doctor(std::ostream& out);

}  // namespace orrery
