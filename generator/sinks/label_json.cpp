#include "generator/sinks/label_json.hpp"

#include "renderer/labels/mask.hpp"
#include "scenes/error.hpp"

namespace orrery {
namespace {

Json json_of(const Rect& rect) { return {rect.x0, rect.y0, rect.width(), rect.height()}; }

template <class Vector>
Json numbers_of(const Vector& v) {
  return {static_cast<double>(v.x), static_cast<double>(v.y), static_cast<double>(v.z)};
}

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
          {"rotation", rows_of(placed.rotation)},
          {"scale", placed.scale},
          {"translation", numbers_of(placed.translation)},
          {"low", numbers_of(pose.bounds.low)},
          {"high", numbers_of(pose.bounds.high)}};
}

Json json_of(const Label& label, const std::string& class_name) {
  Json out = {{"id", label.id},        {"class_id", label.class_id},
              {"class", class_name},   {"bbox", json_of(label.box)},
              {"area", label.area()},  {"iscrowd", label.crowd ? 1 : 0},
              {"hard", label.hard},    {"loose", label.loose},
              {"weight", label.weight}};
  if (label.mask) out["segmentation"] = orrery::json_of(*label.mask);
  if (!label.outline.empty()) out["polygons"] = json_of(label.outline);
  if (label.oriented) {
    const OrientedBox& box = *label.oriented;
    out["oriented_bbox"] = {box.center.x, box.center.y, box.size.x, box.size.y, box.angle};
  }
  if (!label.keypoints.empty()) out["keypoints"] = json_of(label.keypoints);
  if (label.amodal) out["amodal_segmentation"] = orrery::json_of(*label.amodal);
  if (label.amodal_box) out["amodal_bbox"] = json_of(*label.amodal_box);
  if (label.visible_fraction) out["visible_fraction"] = *label.visible_fraction;
  if (label.truncation) out["truncation"] = *label.truncation;
  if (label.occlusion) out["occlusion"] = *label.occlusion;
  if (label.pose) out["pose"] = json_of(*label.pose);
  if (!label.more.empty()) out["more"] = label.more;
  return out;
}

Json json_of(const Intrinsics& k) {
  Json out = {{"cam_K", {k.fx, 0.0, k.cx, 0.0, k.fy, k.cy, 0.0, 0.0, 1.0}}};
  if (k.lens.model != LensModel::pinhole) {
    out["cam_model"] = lens_model_name(k.lens);
    out["cam_dist"] = distortion_of(k.lens);
  }
  return out;
}

}  // namespace

Json json_of(const Rle& rle) {
  return {{"size", {rle.height, rle.width}}, {"counts", coco_counts(rle)}};
}

Json rows_of(const glm::dmat3& matrix) {
  Json rows = Json::array();
  for (int row = 0; row < 3; ++row) {
    for (int column = 0; column < 3; ++column) rows.push_back(matrix[column][row]);
  }
  return rows;
}

const std::string& class_of(const Label& label, const LabelledImage& image,
                            const DatasetInfo& info) {
  if (label.class_id < info.classes.size()) return info.classes[label.class_id];
  throw Error("image \"" + image.name + "\", label " + std::to_string(label.id) +
              ": its class is " + std::to_string(label.class_id) + ", wanted one of " +
              std::to_string(info.classes.size()));
}

Json json_of(const LabelledImage& image, const DatasetInfo& info) {
  Json lineage = Json::array();
  for (const Ingredient& part : image.lineage) {
    lineage.push_back({{"kind", part.kind},
                       {"name", part.name},
                       {"sha256", part.sha256},
                       {"licence", part.licence}});
  }
  Json out = {{"name", image.name},
              {"width", image.width},
              {"height", image.height},
              {"split", image.split},
              {"fold", image.fold ? Json(*image.fold) : Json()},
              {"track", image.track},
              {"train_only", image.train_only},
              {"lineage", lineage}};
  if (image.camera) out["camera"] = json_of(*image.camera);
  if (!image.more.empty()) out["more"] = image.more;
  Json& labels = out["labels"] = Json::array();
  for (const Label& label : image.labels) {
    labels.push_back(json_of(label, class_of(label, image, info)));
  }
  return out;
}

}  // namespace orrery
