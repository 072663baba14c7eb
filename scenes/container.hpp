#pragma once

#include <glm/glm.hpp>

#include "scenes/collision_shape.hpp"

namespace orrery {

/// Whether walls of an upright container stand all around a point of its frame, as high as the
/// point is. Beside a mug's handle they do not, though that is within the mug's bounds.
bool walled_in(const CollisionShape& container, const glm::dvec3& at);

}  // namespace orrery
