#include "generator/sinks/coco_labels.hpp"

#include "generator/sinks/coco_json.hpp"

namespace orrery {
namespace {

Json segmentation_of(const LabelledImage& image, const Label& label) {
  if (label.mask) return coco_json(*label.mask);
  if (label.crowd && !label.outline.empty()) {
    return coco_json(mask_of(label.outline, image.width, image.height));
  }
  Json polygons = Json::array();
  for (const Polygon& polygon : label.outline) {
    Json numbers = Json::array();
    for (const glm::dvec2& corner : polygon) {
      numbers.push_back(corner.x);
      numbers.push_back(corner.y);
    }
    polygons.push_back(std::move(numbers));
  }
  return polygons;
}

void add_keypoints(Json& out, const Label& label, std::size_t names) {
  Json numbers = Json::array();
  int counted = 0;
  for (std::size_t i = 0; i < names; ++i) {
    const LabelPoint point = i < label.keypoints.size() ? label.keypoints[i] : LabelPoint{};
    const bool labelled = point.visibility > 0;
    // COCO counts from the centre of the first pixel.
    numbers.push_back(labelled ? Json(point.position.x - 0.5) : Json(0));
    numbers.push_back(labelled ? Json(point.position.y - 0.5) : Json(0));
    numbers.push_back(point.visibility);
    if (labelled) ++counted;
  }
  out["keypoints"] = std::move(numbers);
  out["num_keypoints"] = counted;
}

void add_pose(Json& out, const ObjectPose& pose) {
  const glm::dvec3 low(pose.bounds.low);
  const glm::dvec3 high(pose.bounds.high);
  const double scale = pose.camera_from_object.scale;
  out["cam_R_m2c"] = coco_rows(pose.camera_from_object.rotation);
  out["cam_t_m2c"] = coco_json(pose.camera_from_object.translation);
  out["bbox3d_center"] = coco_json((low + high) * (0.5 * scale));
  out["bbox3d_size"] = coco_json((high - low) * scale);
  if (!pose.model.empty()) out["model"] = pose.model;
}

}  // namespace

void add_missing(Json& to, const Json& more) {
  for (const auto& [key, value] : more.items()) {
    if (key != "id" && !to.contains(key)) to[key] = value;
  }
}

Json coco_annotation(const LabelledImage& image, const Label& label, std::uint64_t image_id,
                     std::size_t keypoint_names) {
  Json out{{"image_id", image_id},
           {"category_id", label.class_id + 1},
           {"segmentation", segmentation_of(image, label)},
           {"bbox", coco_json(label.box)},
           {"area", label.area()},
           {"iscrowd", label.crowd ? 1 : 0}};
  if (keypoint_names > 0) add_keypoints(out, label, keypoint_names);
  if (label.id > 0) out["instance_id"] = label.id;
  if (label.hard) out["hard"] = true;
  if (label.loose) out["loose"] = true;
  if (label.weight < 1) out["weight"] = label.weight;
  if (label.visible_fraction) out["visible_fraction"] = *label.visible_fraction;
  if (label.truncation) out["truncation"] = *label.truncation;
  if (label.occlusion) out["occlusion"] = *label.occlusion;
  if (label.amodal) out["amodal_segmentation"] = coco_json(*label.amodal);
  if (label.amodal_box) out["amodal_bbox"] = coco_json(*label.amodal_box);
  if (label.oriented) out["oriented_bbox"] = coco_json(*label.oriented);
  if (label.pose) add_pose(out, *label.pose);
  add_missing(out, label.more);
  return out;
}

CocoImage coco_of(const LabelledImage& image, const DatasetInfo& info, std::uint64_t index,
                  const std::string& file_name) {
  const std::uint64_t id = index + 1;
  CocoImage out;
  out.image = {
      {"id", id}, {"width", image.width}, {"height", image.height}, {"file_name", file_name}};
  if (image.camera) add_camera(out.image, *image.camera);
  for (const Label& label : image.labels) {
    const bool known = label.class_id < info.keypoints.size();
    const std::size_t names = known ? info.keypoints[label.class_id].points.size() : 0;
    out.annotations.push_back(coco_annotation(image, label, id, names));
  }
  return out;
}

}  // namespace orrery
