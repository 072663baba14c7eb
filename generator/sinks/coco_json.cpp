#include "generator/sinks/coco_json.hpp"

#include "renderer/labels/mask.hpp"

namespace orrery {

Json coco_json(const Rle& rle) {
  return {{"size", {rle.height, rle.width}}, {"counts", coco_counts(rle)}};
}

Json coco_json(const Box& box) { return {box.x0, box.y0, box.x1 - box.x0, box.y1 - box.y0}; }

Json coco_json(const Rect& box) { return {box.x0, box.y0, box.width(), box.height()}; }

Json coco_json(const glm::dvec3& v) { return {v.x, v.y, v.z}; }

Json coco_json(const OrientedBox& b) {
  return {b.center.x, b.center.y, b.size.x, b.size.y, b.angle};
}

Json coco_rows(const glm::dmat3& m) {
  Json rows = Json::array();
  for (int row = 0; row < 3; ++row) {
    for (int column = 0; column < 3; ++column) rows.push_back(m[column][row]);
  }
  return rows;
}

void add_camera(Json& to, const Intrinsics& k) {
  to["cam_K"] = {k.fx, 0.0, k.cx, 0.0, k.fy, k.cy, 0.0, 0.0, 1.0};
  if (k.lens.model == LensModel::pinhole) return;
  to["cam_model"] = lens_model_name(k.lens);
  to["cam_dist"] = distortion_of(k.lens);
}

}  // namespace orrery
