#include "generator/sinks/coco_labels.hpp"

#include "renderer/labels/mask.hpp"

namespace orrery {
namespace {

Json xywh_of(const Rect& box) { return {box.x0, box.y0, box.width(), box.height()}; }

Json segmentation_of(const Rle& mask) {
  return {{"size", {mask.height, mask.width}}, {"counts", coco_counts(mask)}};
}

Json segmentation_of(const Label& label) {
  if (label.mask) return segmentation_of(*label.mask);
  Json lists = Json::array();
  for (const Polygon& polygon : label.outline) {
    Json list = Json::array();
    for (const glm::dvec2& corner : polygon) {
      list.push_back(corner.x);
      list.push_back(corner.y);
    }
    lists.push_back(std::move(list));
  }
  return lists;
}

/// COCO's keypoints count from the centre of the first pixel.
void add_keypoints(Json& annotation, const Label& label) {
  Json triples = Json::array();
  int counted = 0;
  for (const LabelPoint& point : label.keypoints) {
    const bool labelled = point.visibility > 0;
    triples.push_back(labelled ? point.position.x - 0.5 : 0.0);
    triples.push_back(labelled ? point.position.y - 0.5 : 0.0);
    triples.push_back(point.visibility);
    counted += labelled ? 1 : 0;
  }
  annotation["keypoints"] = triples;
  annotation["num_keypoints"] = counted;
}

Json annotation_of(const Label& label, std::uint64_t image_id) {
  Json out = {{"image_id", image_id},
              {"category_id", label.class_id + 1},
              {"segmentation", segmentation_of(label)},
              {"bbox", xywh_of(label.box)},
              {"area", label.area()},
              {"iscrowd", label.crowd ? 1 : 0},
              {"instance_id", label.id},
              {"hard", label.hard}};
  if (label.loose) out["loose"] = true;
  if (label.weight != 1) out["weight"] = label.weight;
  if (label.visible_fraction) out["visible_fraction"] = *label.visible_fraction;
  if (label.truncation) out["truncation"] = *label.truncation;
  if (label.occlusion) out["occlusion"] = *label.occlusion;
  if (label.amodal) out["amodal_segmentation"] = segmentation_of(*label.amodal);
  if (label.amodal_box) out["amodal_bbox"] = xywh_of(*label.amodal_box);
  if (label.oriented) {
    const OrientedBox& box = *label.oriented;
    out["oriented_bbox"] = {box.center.x, box.center.y, box.size.x, box.size.y, box.angle};
  }
  if (!label.keypoints.empty()) add_keypoints(out, label);
  return out;
}

}  // namespace

CocoImage coco_of(const LabelledImage& image, std::uint64_t index, const std::string& file_name) {
  const std::uint64_t id = index + 1;
  CocoImage out;
  out.image = {
      {"id", id}, {"width", image.width}, {"height", image.height}, {"file_name", file_name}};
  if (image.camera) {
    const Intrinsics& k = *image.camera;
    out.image["cam_K"] = {k.fx, 0.0, k.cx, 0.0, k.fy, k.cy, 0.0, 0.0, 1.0};
    if (k.lens.model != LensModel::pinhole) {
      out.image["cam_model"] = lens_model_name(k.lens);
      out.image["cam_dist"] = distortion_of(k.lens);
    }
  }
  for (const Label& label : image.labels) out.annotations.push_back(annotation_of(label, id));
  return out;
}

}  // namespace orrery
