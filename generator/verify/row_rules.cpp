#include "generator/verify/row_rules.hpp"

#include <cmath>

#include "generator/verify/annotation_rules.hpp"

namespace orrery {
namespace {

bool same(double a, double b) { return std::abs(a - b) <= 1e-6 * std::max(1.0, std::abs(a)); }

/// One object of the manifest and the annotation of the same instance.
struct Pair {
  const Json& object;
  const Json& annotation;
  const std::string& where;
  std::string who;
  Findings& findings;

  void differs(const char* what, const Json& found, const Json& wanted) const {
    findings.add("object_differs", where, who + ": " + what + " " + found.dump(),
                 wanted.dump() + ", as its annotation has it");
  }
  void same_number(const char* key, const char* of_annotation, const Json& otherwise) const {
    const Json found = object.value(key, otherwise);
    const Json wanted = annotation.value(of_annotation, otherwise);
    const bool equal = found.is_number() && wanted.is_number()
                           ? same(found.get<double>(), wanted.get<double>())
                           : found == wanted;
    if (!equal) differs(key, found, wanted);
  }
  void same_flag(const char* key) const {
    const Json found = object.value(key, Json(false));
    const Json wanted = annotation.value(key, Json(false));
    if (found != wanted) differs(key, found, wanted);
  }
  void same_box(const char* key, const char* of_annotation) const {
    const auto corners = numbers_of(object.value(key, Json()));
    const auto sizes = numbers_of(annotation.value(of_annotation, Json()));
    const bool equal = corners && sizes && corners->size() == 4 && sizes->size() == 4 &&
                       same((*corners)[0], (*sizes)[0]) && same((*corners)[1], (*sizes)[1]) &&
                       same((*corners)[2] - (*corners)[0], (*sizes)[2]) &&
                       same((*corners)[3] - (*corners)[1], (*sizes)[3]);
    if (equal) return;
    differs(key, object.value(key, Json()), annotation.value(of_annotation, Json()));
  }
};

void check_pair(const Pair& pair) {
  const auto class_id = whole_of(pair.object, "class");
  const auto category = whole_of(pair.annotation, "category_id");
  if (!class_id || !category || *class_id + 1 != *category) {
    pair.differs("class", pair.object.value("class", Json()),
                 Json(category ? Json(static_cast<std::int64_t>(*category) - 1) : Json()));
  }
  pair.same_flag("hard");
  pair.same_number("visible_fraction", "visible_fraction", Json());
  pair.same_number("truncation", "truncation", Json());
  if (pair.object.contains("visible_box")) {
    pair.same_box("visible_box", "bbox");
    pair.same_number("visible_area", "area", Json());
    pair.same_box("amodal_box", "amodal_bbox");
    pair.same_number("amodal_area", "amodal_area", Json());
    pair.same_number("occlusion", "occlusion", Json());
    return;
  }
  pair.same_box("box", "bbox");
  pair.same_number("area", "area", Json());
  pair.same_flag("loose");
  pair.same_number("weight", "weight", Json(1.0));
  const bool crowd = pair.annotation.value("iscrowd", Json(0)) == Json(1);
  if (pair.object.value("crowd", Json()) != Json(crowd)) {
    pair.differs("crowd", pair.object.value("crowd", Json()), Json(crowd));
  }
}

std::map<std::uint64_t, const JsonLine*> by_instance(const std::vector<JsonLine>& annotations,
                                                     Findings& findings) {
  std::map<std::uint64_t, const JsonLine*> by_id;
  for (const JsonLine& annotation : annotations) {
    const auto id = whole_of(annotation.json, "instance_id");
    if (!id || *id == 0) {
      findings.add("instance_id", annotation.where,
                   "instance_id " + annotation.json.value("instance_id", Json()).dump(),
                   "a whole number from 1");
    } else if (!by_id.try_emplace(*id, &annotation).second) {
      findings.add("instance_id_duplicate", annotation.where,
                   "instance_id " + std::to_string(*id) + " again", "an id once in its image");
    }
  }
  return by_id;
}

}  // namespace

void check_objects(const JsonLine& row, const std::vector<JsonLine>& annotations,
                   DroppedCount& dropped, Findings& findings) {
  std::map<std::uint64_t, const JsonLine*> left = by_instance(annotations, findings);
  const Json objects = row.json.value("objects", Json());
  if (!objects.is_array()) {
    findings.add("row_unreadable", row.where, "objects " + objects.dump(), "a list");
    return;
  }
  for (const Json& object : objects) {
    const auto id = whole_of(object, "id");
    if (!id) {
      findings.add("row_unreadable", row.where, "an object " + object.dump(), "one with an id");
      continue;
    }
    const std::string who = "object " + std::to_string(*id);
    const Json rule = object.value("dropped", Json());
    const auto annotation = left.find(*id);
    if (rule.is_string()) {
      ++dropped[whole_of(object, "class").value_or(0)][rule.get<std::string>()];
    } else if (annotation == left.end()) {
      findings.add("annotation_missing", row.where, "no annotation of " + who,
                   "one with instance_id " + std::to_string(*id));
    } else {
      check_pair({object, annotation->second->json, row.where, who, findings});
      left.erase(annotation);
    }
  }
  for (const auto& [id, annotation] : left) {
    findings.add("object_missing", annotation->where, "instance_id " + std::to_string(id),
                 "an object of the manifest's row that has a label");
  }
}

void check_image_row(const JsonLine& row, const JsonLine& image, Findings& findings) {
  // Mixed rows have the size themselves, rendered ones in their camera.
  const Json& sized = row.json.contains("camera") ? row.json.at("camera") : row.json;
  for (const char* key : {"width", "height"}) {
    const Json found = sized.is_object() ? sized.value(key, Json()) : Json();
    const Json wanted = image.json.value(key, Json());
    if (found == wanted) continue;
    findings.add("image_differs", row.where, std::string(key) + " " + found.dump(),
                 wanted.dump() + ", as " + image.where + " has it");
  }
  const Json name = image.json.value("file_name", Json());
  const Json files = row.json.value("files", Json());
  if (files.is_object() && name.is_string() && files.contains(name.get<std::string>())) return;
  findings.add("picture_not_in_manifest", row.where, "no file " + name.dump(),
               "the picture of " + image.where);
}

}  // namespace orrery
