#pragma once

#include <glm/glm.hpp>

#include "scenes/model.hpp"

namespace orrery {

/// The mean base colour of a model's surface, linear: what a look-alike of it is painted in. Each
/// material counts by its area, each texture by its mean.
glm::vec3 mean_color(const Model& model);

}  // namespace orrery
