#include "generator/ingest/coco_label.hpp"

#include <cmath>

#include "renderer/labels/mask.hpp"
#include "scenes/error.hpp"

namespace orrery {
namespace {

/// Masks beyond this are broken numbers.
constexpr double kLargestMask = 1e9;
/// Folds beyond this are broken numbers.
constexpr std::int64_t kMostFolds = 1000;

std::vector<Polygon> polygons_from(const Json& json) {
  std::vector<Polygon> polygons;
  for (const Json& list : json) {
    const auto n = numbers_from(list);
    if (!n || n->size() % 2 != 0) {
      throw Error("a polygon is " + list.dump().substr(0, 60) +
                  ", wanted an even number of numbers");
    }
    Polygon polygon;
    for (std::size_t i = 0; i < n->size(); i += 2) polygon.emplace_back((*n)[i], (*n)[i + 1]);
    polygons.push_back(std::move(polygon));
  }
  return polygons;
}

void take_pose(const Json& json, Label& label) {
  const auto r = numbers_from(list_at(json, "cam_R_m2c"));
  const auto t = numbers_from(list_at(json, "cam_t_m2c"));
  if (!r || r->size() != 9 || !t || t->size() != 3) return;
  ObjectPose pose;
  for (int row = 0; row < 3; ++row) {
    for (int column = 0; column < 3; ++column) {
      pose.camera_from_object.rotation[column][row] =
          (*r)[static_cast<std::size_t>(3 * row + column)];
    }
  }
  pose.camera_from_object.translation = {(*t)[0], (*t)[1], (*t)[2]};
  const auto c = numbers_from(list_at(json, "bbox3d_center"));
  const auto s = numbers_from(list_at(json, "bbox3d_size"));
  if (c && c->size() == 3 && s && s->size() == 3) {
    const glm::dvec3 center((*c)[0], (*c)[1], (*c)[2]);
    const glm::dvec3 size((*s)[0], (*s)[1], (*s)[2]);
    pose.bounds = {glm::vec3(center - size / 2.0), glm::vec3(center + size / 2.0)};
  }
  label.pose = pose;
}

void take_keypoints(const Json& json, Label& label, DraftImage& draft, const std::string& at) {
  if (!json.contains("keypoints")) return;
  const auto n = numbers_from(json["keypoints"]);
  if (!n || n->size() % 3 != 0) {
    draft.problem(at, "keypoints_malformed", "keypoints are no list of numbers in threes");
    return;
  }
  for (std::size_t i = 0; i < n->size(); i += 3) {
    LabelPoint point;
    const double v = (*n)[i + 2];
    point.visibility = v == 0 || v == 1 || v == 2 ? static_cast<std::uint8_t>(v) : 255;
    if (point.visibility != 0) point.position = {(*n)[i] + 0.5, (*n)[i + 1] + 0.5};
    label.keypoints.push_back(point);
  }
}

/// What our own files say beyond COCO.
void take_ours(const Json& json, Label& label) {
  if (const auto id = whole_at(json, "instance_id"); id && *id > 0) {
    label.id = static_cast<std::uint64_t>(*id);
  }
  label.visible_fraction = number_at(json, "visible_fraction");
  label.truncation = number_at(json, "truncation");
  label.occlusion = number_at(json, "occlusion");
  label.hard = flag_at(json, "hard");
  label.loose = flag_at(json, "loose");
  if (const auto amodal = coco_rect(list_at(json, "amodal_bbox"))) label.amodal_box = amodal;
  if (json.contains("amodal_segmentation")) label.amodal = coco_rle(json["amodal_segmentation"]);
  const auto o = numbers_from(list_at(json, "oriented_bbox"));
  if (o && o->size() == 5) {
    label.oriented = oriented_box({(*o)[0], (*o)[1]}, {(*o)[2], (*o)[3]}, (*o)[4]);
  }
  if (const auto weight = number_at(json, "weight")) {
    if (!(*weight > 0 && *weight <= 1)) {
      throw Error("weight is " + std::to_string(*weight) + ", wanted above 0 and at most 1");
    }
    label.weight = *weight;
  }
  take_pose(json, label);
}

/// Equal masks are to have equal runs: those without pixels between others are taken out.
Rle joined(const Rle& rle) {
  Rle out{rle.width, rle.height, {}};
  bool inside = false;  // of the last run of `out`
  for (std::size_t i = 0; i < rle.counts.size(); ++i) {
    if (rle.counts[i] == 0) continue;
    const bool is = i % 2 == 1;
    if (out.counts.empty() && is) out.counts.push_back(0);
    if (out.counts.empty() || is != inside) {
      out.counts.push_back(rle.counts[i]);
    } else {
      out.counts.back() += rle.counts[i];
    }
    inside = is;
  }
  return out;
}

}  // namespace

Rle checked_rle(int width, int height, const std::vector<double>& counts) {
  Rle rle{width, height, {}};
  double sum = 0;
  for (const double count : counts) {
    if (!(count >= 0) || count != std::floor(count) || count > kLargestMask) {
      throw Error("a run of the mask is " + std::to_string(count) + ", wanted a whole number");
    }
    sum += count;
    rle.counts.push_back(static_cast<std::uint32_t>(count));
  }
  if (sum != static_cast<double>(width) * height) {
    throw Error("the mask's runs add up to " + std::to_string(sum) + " pixels, wanted " +
                std::to_string(width) + " x " + std::to_string(height));
  }
  return joined(rle);
}

std::optional<Rect> coco_rect(const Json& json) {
  const auto n = numbers_from(json);
  if (!n || n->size() != 4) return std::nullopt;
  return Rect{(*n)[0], (*n)[1], (*n)[0] + (*n)[2], (*n)[1] + (*n)[3]};
}

Rle coco_rle(const Json& json) {
  const auto size = numbers_from(list_at(json, "size"));
  if (!size || size->size() != 2 || !((*size)[0] > 0) || !((*size)[1] > 0) ||
      (*size)[0] * (*size)[1] > kLargestMask || (*size)[0] > 1e6 || (*size)[1] > 1e6) {
    throw Error("the mask has no size, wanted [height, width]");
  }
  const int height = static_cast<int>((*size)[0]);
  const int width = static_cast<int>((*size)[1]);
  const std::string text = text_at(json, "counts");
  if (!text.empty()) return joined(rle_from_coco(text, width, height));
  const auto counts = numbers_from(list_at(json, "counts"));
  if (!counts) throw Error("the mask has no counts, wanted a text or a list of numbers");
  return checked_rle(width, height, *counts);
}

Keypoints coco_keypoints(const Json& category) {
  Keypoints keypoints;
  std::vector<std::string> names;
  for (const Json& name : list_at(category, "keypoints")) {
    if (!name.is_string()) return {};
    names.push_back(name.get<std::string>());
    Keypoint point;
    point.name = names.back();
    keypoints.points.push_back(point);
  }
  const auto pairs = [&](const char* key) {
    std::vector<std::array<std::string, 2>> named;
    for (const Json& pair : list_at(category, key)) {
      const auto n = numbers_from(pair);
      if (!n || n->size() != 2) continue;
      const double count = static_cast<double>(names.size());
      if (!((*n)[0] >= 1 && (*n)[0] <= count && (*n)[1] >= 1 && (*n)[1] <= count)) continue;
      named.push_back({names[static_cast<std::size_t>((*n)[0]) - 1],
                       names[static_cast<std::size_t>((*n)[1]) - 1]});
    }
    return named;
  };
  keypoints.skeleton = pairs("skeleton");
  keypoints.swaps = pairs("keypoint_swaps");
  return keypoints;
}

void take_coco_image(const Json& json, DraftImage& draft, const std::string& licence) {
  LabelledImage& image = draft.image;
  for (const Json& part : list_at(json, "lineage")) {
    Ingredient ingredient{text_at(part, "kind"), text_at(part, "name"), text_at(part, "sha256"),
                          text_at(part, "licence")};
    if (!ingredient.kind.empty()) image.lineage.push_back(std::move(ingredient));
  }
  if (image.lineage.empty()) image.lineage.push_back({"photo", "", "", licence});
  const auto fold = whole_at(json, "fold");
  if (fold && *fold >= 0 && *fold < kMostFolds) image.fold = static_cast<int>(*fold);
  image.train_only = flag_at(json, "train_only");
  image.track = text_at(json, "track");
  const auto k = numbers_from(list_at(json, "cam_K"));
  if (k && k->size() == 9) {
    Intrinsics camera;
    camera.width = image.width;
    camera.height = image.height;
    camera.fx = (*k)[0];
    camera.cx = (*k)[2];
    camera.fy = (*k)[4];
    camera.cy = (*k)[5];
    const auto dist = numbers_from(list_at(json, "cam_dist"));
    const std::string model = text_at(json, "cam_model");
    if (dist && dist->size() <= 8 && !model.empty()) {
      std::array<double, 8> coefficients{};
      std::copy(dist->begin(), dist->end(), coefficients.begin());
      try {
        camera.lens = lens_from(model == "fisheye" ? LensModel::fisheye : LensModel::brown_conrady,
                                coefficients);
      } catch (const Error& error) {
        draft.problem("", "camera_malformed", error.what());
      }
    }
    image.camera = camera;
  }
  for (const char* key : {"group", "session"}) {
    if (const std::string session = text_at(json, key); !session.empty()) {
      image.lineage.push_back({"session", session});
    }
  }
  image.more =
      without(json, {"id", "file_name", "width", "height", "cam_K", "cam_model", "cam_dist",
                     "license", "group", "session", "lineage", "fold", "train_only", "track"});
}

void add_coco_label(const Json& json, const std::map<std::int64_t, std::uint32_t>& class_ids,
                    DraftImage& draft, const DatasetInfo& info, const std::string& at,
                    std::optional<Rle> mask) {
  const auto category = whole_at(json, "category_id");
  const auto class_id = category ? class_ids.find(*category) : class_ids.end();
  if (class_id == class_ids.end()) {
    draft.problem(at, category ? "class_unknown" : "class_missing",
                  category
                      ? "category_id " + std::to_string(*category) + " is none of the categories'"
                      : "the annotation has no category_id");
    return;
  }
  Label label;
  label.class_id = class_id->second;
  label.crowd = flag_at(json, "iscrowd");
  label.mask = std::move(mask);
  try {
    if (json.contains("bbox")) {
      const auto box = coco_rect(json["bbox"]);
      if (!box) throw Error("bbox is " + json["bbox"].dump().substr(0, 60) + ", wanted 4 numbers");
      label.box = *box;
    }
    const auto shape = json.find("segmentation");
    if (shape != json.end() && shape->is_array()) label.outline = polygons_from(*shape);
    if (shape != json.end() && shape->is_object()) label.mask = coco_rle(*shape);
    take_ours(json, label);
  } catch (const Error& error) {
    const std::string text = error.what();
    draft.problem(at,
                  text.starts_with("bbox")     ? "box_not_a_number"
                  : text.starts_with("weight") ? "weight_malformed"
                                               : "mask_malformed",
                  text);
    return;
  }
  if (!json.contains("bbox") && label.outline.empty() && !label.mask) {
    draft.problem(at, "shape_unsupported", "the annotation has neither a box nor a mask");
    return;
  }
  take_keypoints(json, label, draft, at);
  const std::size_t names =
      label.class_id < info.keypoints.size() ? info.keypoints[label.class_id].points.size() : 0;
  // Classes without keypoints have empty lists in some writers.
  if (names == 0 && number_at(json, "num_keypoints").value_or(1) == 0) label.keypoints.clear();
  label.more = without(json, {"id",
                              "image_id",
                              "category_id",
                              "bbox",
                              "segmentation",
                              "area",
                              "iscrowd",
                              "keypoints",
                              "num_keypoints",
                              "instance_id",
                              "visible_fraction",
                              "truncation",
                              "occlusion",
                              "hard",
                              "loose",
                              "weight",
                              "amodal_bbox",
                              "amodal_area",
                              "amodal_segmentation",
                              "oriented_bbox",
                              "cam_R_m2c",
                              "cam_t_m2c",
                              "bbox3d_center",
                              "bbox3d_size",
                              "ignore"});
  draft.add(std::move(label), at);
}

}  // namespace orrery
