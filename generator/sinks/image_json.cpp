#include "generator/sinks/image_json.hpp"

#include "generator/sinks/coco_json.hpp"
#include "scenes/error.hpp"

namespace orrery {
namespace {

Json json_of(const std::vector<Polygon>& outline) {
  Json out = Json::array();
  for (const Polygon& polygon : outline) {
    Json& corners = out.emplace_back(Json::array());
    for (const glm::dvec2& corner : polygon) {
      corners.push_back(corner.x);
      corners.push_back(corner.y);
    }
  }
  return out;
}

Json json_of(const std::vector<LabelPoint>& keypoints) {
  Json out = Json::array();
  for (const LabelPoint& point : keypoints) {
    out.push_back(point.position.x);
    out.push_back(point.position.y);
    out.push_back(point.visibility);
  }
  return out;
}

Json json_of(const ObjectPose& pose) {
  const Pose& placed = pose.camera_from_object;
  return {{"model", pose.model},
          {"rotation", coco_rows(placed.rotation)},
          {"scale", placed.scale},
          {"translation", coco_json(placed.translation)},
          {"low", coco_json(glm::dvec3(pose.bounds.low))},
          {"high", coco_json(glm::dvec3(pose.bounds.high))}};
}

Json json_of(const Label& label, const std::string& class_name) {
  Json out = {{"id", label.id},        {"class_id", label.class_id},
              {"class", class_name},   {"bbox", coco_json(label.box)},
              {"area", label.area()},  {"iscrowd", label.crowd ? 1 : 0},
              {"hard", label.hard},    {"loose", label.loose},
              {"weight", label.weight}};
  if (label.mask) out["segmentation"] = coco_json(*label.mask);
  if (!label.outline.empty()) out["polygons"] = json_of(label.outline);
  if (label.oriented) out["oriented_bbox"] = coco_json(*label.oriented);
  if (!label.keypoints.empty()) out["keypoints"] = json_of(label.keypoints);
  if (label.amodal) out["amodal_segmentation"] = coco_json(*label.amodal);
  if (label.amodal_box) out["amodal_bbox"] = coco_json(*label.amodal_box);
  if (label.visible_fraction) out["visible_fraction"] = *label.visible_fraction;
  if (label.truncation) out["truncation"] = *label.truncation;
  if (label.occlusion) out["occlusion"] = *label.occlusion;
  if (label.pose) out["pose"] = json_of(*label.pose);
  if (!label.more.empty()) out["more"] = label.more;
  return out;
}

}  // namespace

const std::string& class_of(const Label& label, const LabelledImage& image,
                            const DatasetInfo& info) {
  if (label.class_id < info.classes.size()) return info.classes[label.class_id];
  throw Error("image \"" + image.name + "\", label " + std::to_string(label.id) +
              ": its class is " + std::to_string(label.class_id) + ", wanted one of " +
              std::to_string(info.classes.size()));
}

Json lineage_json(const LabelledImage& image) {
  Json lineage = Json::array();
  for (const Ingredient& part : image.lineage) {
    lineage.push_back({{"kind", part.kind},
                       {"name", part.name},
                       {"sha256", part.sha256},
                       {"licence", part.licence}});
  }
  return lineage;
}

Json json_of(const LabelledImage& image, const DatasetInfo& info) {
  Json out = {{"name", image.name},
              {"width", image.width},
              {"height", image.height},
              {"split", image.split},
              {"fold", image.fold ? Json(*image.fold) : Json()},
              {"track", image.track},
              {"train_only", image.train_only},
              {"lineage", lineage_json(image)}};
  if (image.camera) add_camera(out["camera"], *image.camera);
  if (!image.more.empty()) out["more"] = image.more;
  Json& labels = out["labels"] = Json::array();
  for (const Label& label : image.labels) {
    labels.push_back(json_of(label, class_of(label, image, info)));
  }
  return out;
}

}  // namespace orrery
