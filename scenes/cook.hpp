#pragma once

#include "scenes/model.hpp"

namespace orrery {

/// Makes a model ready to render: equal vertices welded, triangles and vertices in an order that
/// suits caches, coarser levels of detail and the bounds added. Each level has about half of the
/// triangles of the one before; the borders of parts and the seams of their attributes stay where
/// they are, so that no level has cracks. Parts with more than one vertex colour stay as they are.
/// Expects exactly one level of detail.
void cook(Model& model);

/// The two halves of cook(): welding, order and bounds, which are quick, and the coarser levels.
void arrange(Model& model);
void add_levels(Model& model);

}  // namespace orrery
