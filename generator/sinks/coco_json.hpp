#pragma once

#include <glm/glm.hpp>

#include "generator/labelled_image.hpp"
#include "generator/sample.hpp"
#include "renderer/labels/annotation.hpp"
#include "scenes/camera.hpp"

namespace orrery {

// Values as our COCO files have them.

/// {"size": [h,w], "counts"}: compressed run lengths.
Json coco_json(const Rle& rle);
/// [x,y,w,h]
Json coco_json(const Box& box);
Json coco_json(const Rect& box);
/// [x,y,z]
Json coco_json(const glm::dvec3& v);
/// [cx,cy,w,h,angle]
Json coco_json(const OrientedBox& b);
/// Nine numbers in rows.
Json coco_rows(const glm::dmat3& m);

/// "cam_K", and of a lens "cam_model" and "cam_dist": see coco.hpp.
void add_camera(Json& to, const Intrinsics& camera);

}  // namespace orrery
