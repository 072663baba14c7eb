#include "generator/label_json.hpp"

#include <algorithm>
#include <cmath>

#include "renderer/labels/mask.hpp"
#include "scenes/error.hpp"
#include "scenes/lens.hpp"

namespace orrery {
namespace {

double finite(double value, const char* what) {
  if (!std::isfinite(value)) {
    throw Error(std::string(what) + ": is " + std::to_string(value) + ", wanted a finite number");
  }
  return value;
}

Json json_of(const Rect& rect) {
  return {finite(rect.x0, "box"), finite(rect.y0, "box"), finite(rect.x1, "box"),
          finite(rect.y1, "box")};
}

Json json_of(const glm::dvec2& at, const char* what) {
  return {finite(at.x, what), finite(at.y, what)};
}

template <int N, class T>
Json json_of(const glm::vec<N, T>& vector, const char* what) {
  Json list = Json::array();
  for (int i = 0; i < N; ++i) list.push_back(finite(static_cast<double>(vector[i]), what));
  return list;
}

Json json_of(const Rle& mask) {
  return {{"size", {mask.height, mask.width}}, {"counts", coco_counts(mask)}};
}

Json json_of(const ObjectPose& pose) {
  Json rotation = Json::array();
  for (int row = 0; row < 3; ++row) {
    for (int column = 0; column < 3; ++column) {
      rotation.push_back(finite(pose.camera_from_object.rotation[column][row], "pose"));
    }
  }
  return {{"rotation", rotation},
          {"scale", finite(pose.camera_from_object.scale, "pose")},
          {"translation", json_of(pose.camera_from_object.translation, "pose")},
          {"low", json_of(pose.bounds.low, "pose")},
          {"high", json_of(pose.bounds.high, "pose")},
          {"model", pose.model}};
}

Rect rect_from(const Json& json) {
  return {json.at(0).get<double>(), json.at(1).get<double>(), json.at(2).get<double>(),
          json.at(3).get<double>()};
}

template <class Vector>
Vector vector_from(const Json& json) {
  Vector vector(0);
  for (int i = 0; i < Vector::length(); ++i) {
    vector[i] = json.at(static_cast<std::size_t>(i)).get<typename Vector::value_type>();
  }
  return vector;
}

Rle rle_from(const Json& json) {
  const Json& size = json.at("size");
  return rle_from_coco(json.at("counts").get<std::string>(), size.at(1).get<int>(),
                       size.at(0).get<int>());
}

ObjectPose pose_from(const Json& json) {
  ObjectPose pose;
  const Json& rotation = json.at("rotation");
  for (int row = 0; row < 3; ++row) {
    for (int column = 0; column < 3; ++column) {
      pose.camera_from_object.rotation[column][row] =
          rotation.at(static_cast<std::size_t>(3 * row + column)).get<double>();
    }
  }
  pose.camera_from_object.scale = json.at("scale").get<double>();
  pose.camera_from_object.translation = vector_from<glm::dvec3>(json.at("translation"));
  pose.bounds.low = vector_from<glm::vec3>(json.at("low"));
  pose.bounds.high = vector_from<glm::vec3>(json.at("high"));
  pose.model = json.at("model").get<std::string>();
  return pose;
}

/// Runs `read`, which may fail at any field.
template <class Read>
auto reading(const std::string& where, Read read) {
  try {
    return read();
  } catch (const nlohmann::json::exception& error) {
    throw Error(where + ": " + error.what());
  } catch (const Error& error) {
    throw Error(where + ": " + error.what());
  }
}

template <class T, class Convert>
void read_optional(const Json& json, const char* name, std::optional<T>& value, Convert convert) {
  if (const auto found = json.find(name); found != json.end()) value = convert(*found);
}

double number_from(const Json& json) { return json.get<double>(); }

void read_shapes(const Json& json, Label& label) {
  read_optional(json, "mask", label.mask, rle_from);
  read_optional(json, "amodal", label.amodal, rle_from);
  read_optional(json, "amodal_box", label.amodal_box, rect_from);
  for (const Json& corners : json.value("outline", Json::array())) {
    Polygon& polygon = label.outline.emplace_back();
    for (const Json& corner : corners) polygon.push_back(vector_from<glm::dvec2>(corner));
  }
  read_optional(json, "oriented", label.oriented, [](const Json& box) {
    return OrientedBox{vector_from<glm::dvec2>(box.at("center")),
                       vector_from<glm::dvec2>(box.at("size")), box.at("angle").get<double>()};
  });
  for (const Json& point : json.value("keypoints", Json::array())) {
    label.keypoints.push_back({vector_from<glm::dvec2>(point), point.at(2).get<std::uint8_t>()});
  }
  read_optional(json, "pose", label.pose, pose_from);
}

void write_shapes(const Label& label, Json& json) {
  if (label.mask) json["mask"] = json_of(*label.mask);
  for (const Polygon& polygon : label.outline) {
    Json corners = Json::array();
    for (const glm::dvec2& corner : polygon) corners.push_back(json_of(corner, "outline"));
    json["outline"].push_back(std::move(corners));
  }
  if (label.oriented) {
    json["oriented"] = {{"center", json_of(label.oriented->center, "oriented")},
                        {"size", json_of(label.oriented->size, "oriented")},
                        {"angle", finite(label.oriented->angle, "oriented")}};
  }
  for (const LabelPoint& point : label.keypoints) {
    Json triple = json_of(point.position, "keypoints");
    triple.push_back(point.visibility);
    json["keypoints"].push_back(std::move(triple));
  }
  if (label.amodal) json["amodal"] = json_of(*label.amodal);
  if (label.amodal_box) json["amodal_box"] = json_of(*label.amodal_box);
  if (label.pose) json["pose"] = json_of(*label.pose);
}

}  // namespace

Json json_from(const Label& label) {
  Json json{{"id", label.id}, {"class_id", label.class_id}, {"box", json_of(label.box)}};
  write_shapes(label, json);
  const auto fraction = [&json](const char* name, const std::optional<double>& value) {
    if (value) json[name] = finite(*value, name);
  };
  fraction("visible_fraction", label.visible_fraction);
  fraction("truncation", label.truncation);
  fraction("occlusion", label.occlusion);
  if (label.crowd) json["crowd"] = true;
  if (label.hard) json["hard"] = true;
  if (label.loose) json["loose"] = true;
  if (label.weight != 1) json["weight"] = finite(label.weight, "weight");
  if (label.more != Json::object()) json["more"] = label.more;
  return json;
}

Label label_from_json(const Json& json, const std::string& where) {
  return reading(where, [&json] {
    Label label;
    label.id = json.at("id").get<std::uint64_t>();
    label.class_id = json.at("class_id").get<std::uint32_t>();
    label.box = rect_from(json.at("box"));
    read_shapes(json, label);
    read_optional(json, "visible_fraction", label.visible_fraction, number_from);
    read_optional(json, "truncation", label.truncation, number_from);
    read_optional(json, "occlusion", label.occlusion, number_from);
    label.crowd = json.value("crowd", false);
    label.hard = json.value("hard", false);
    label.loose = json.value("loose", false);
    label.weight = json.value("weight", 1.0);
    label.more = json.value("more", Json::object());
    return label;
  });
}

Json json_from(const Ingredient& ingredient) {
  Json json{{"kind", ingredient.kind}, {"name", ingredient.name}};
  if (!ingredient.sha256.empty()) json["sha256"] = ingredient.sha256;
  if (!ingredient.licence.empty()) json["licence"] = ingredient.licence;
  return json;
}

Ingredient ingredient_from_json(const Json& json, const std::string& where) {
  return reading(where, [&json] {
    return Ingredient{json.at("kind").get<std::string>(), json.at("name").get<std::string>(),
                      json.value("sha256", std::string()), json.value("licence", std::string())};
  });
}

std::vector<Ingredient> lineage_from_json(const Json& json, const std::string& where) {
  std::vector<Ingredient> lineage;
  for (const Json& part : json) lineage.push_back(ingredient_from_json(part, where));
  std::sort(lineage.begin(), lineage.end());
  return lineage;
}

Json json_from(const Keypoints& keypoints) {
  Json points = Json::array();
  for (const Keypoint& point : keypoints.points) {
    Json json{{"name", point.name}, {"position", json_of(point.position, "keypoint")}};
    if (point.inside) json["inside"] = true;
    points.push_back(std::move(json));
  }
  return {{"points", points}, {"skeleton", keypoints.skeleton}, {"swaps", keypoints.swaps}};
}

Keypoints keypoints_from_json(const Json& json, const std::string& where) {
  return reading(where, [&json] {
    Keypoints keypoints;
    for (const Json& point : json.at("points")) {
      keypoints.points.push_back({point.at("name").get<std::string>(),
                                  vector_from<glm::dvec3>(point.at("position")),
                                  point.value("inside", false)});
    }
    using Pairs = std::vector<std::array<std::string, 2>>;
    keypoints.skeleton = json.at("skeleton").get<Pairs>();
    keypoints.swaps = json.at("swaps").get<Pairs>();
    return keypoints;
  });
}

Json json_from(const Intrinsics& camera) {
  Json json{{"width", camera.width},         {"height", camera.height},
            {"fx", finite(camera.fx, "fx")}, {"fy", finite(camera.fy, "fy")},
            {"cx", finite(camera.cx, "cx")}, {"cy", finite(camera.cy, "cy")}};
  if (camera.lens.model != LensModel::pinhole) {
    json["lens"] = lens_model_name(camera.lens);
    for (const double k : camera.lens.k) json["k"].push_back(finite(k, "lens"));
  }
  return json;
}

Intrinsics intrinsics_from_json(const Json& json, const std::string& where) {
  return reading(where, [&json] {
    Intrinsics camera{json.at("width").get<int>(), json.at("height").get<int>(),
                      json.at("fx").get<double>(), json.at("fy").get<double>(),
                      json.at("cx").get<double>(), json.at("cy").get<double>()};
    if (const auto lens = json.find("lens"); lens != json.end()) {
      const LensModel model = *lens == "fisheye" ? LensModel::fisheye : LensModel::brown_conrady;
      camera.lens = lens_from(model, json.at("k").get<std::array<double, 8>>());
    }
    return camera;
  });
}

}  // namespace orrery
