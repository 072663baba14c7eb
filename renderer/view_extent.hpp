#pragma once

#include <vector>

#include "renderer/resident.hpp"

namespace orrery {

/// Where an object appears: half-open bounds in pixels, or `anywhere` when part of it is not in
/// front of the camera.
struct Extent {
  double x0 = 1e30, y0 = 1e30, x1 = -1e30, y1 = -1e30;
  bool anywhere = false;
  bool nowhere = false;                 ///< wholly behind the camera
  double low_z = 1e30, high_z = -1e30;  ///< world heights of the lowest and the highest corner
};

/// The part of the plane that the amodal pass covers, in pixels of the image.
struct AmodalCanvas {
  int x = 0, y = 0, width = 0, height = 0;
  bool needed = false;
};

/// Of every object and every prop of a scene, in order.
struct Extents {
  std::vector<Extent> objects;
  std::vector<Extent> props;
};
Extents extents_of(const Scene& scene, const View& view, const Resident& resident);

/// Pixels [x0,x1) × [y0,y1) outside of which no surface can touch a pixel or its neighbours.
glm::uvec4 surface_bounds(const Extents& extents, const Scene& scene, const View& view);

/// The canvas around the image and all objects, at most one image to each side, as the BOP
/// benchmark counts. It is needed unless every amodal mask must equal its visible mask: nothing
/// overlaps, leaves the image or is hidden by the ground or a prop.
AmodalCanvas amodal_canvas(const Extents& extents, const Scene& scene, const View& view);

}  // namespace orrery
