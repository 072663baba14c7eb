#include "generator/ingest/label_studio_task.hpp"

#include "generator/ingest/json_file.hpp"

namespace orrery {

std::string label_studio_shape(const Json& result) {
  std::string type = text_at(result, "type");
  if (type != "labels" && type.ends_with("labels")) type.resize(type.size() - 6);
  for (const char* known : {"rectangle", "polygon", "brush", "ellipse", "keypoint"}) {
    if (type == known) return type;
  }
  return {};
}

std::vector<std::string> label_names(const Json& result, const Json& results) {
  std::vector<std::string> names;
  const auto take = [&](const Json& value, const std::string& key) {
    for (const Json& name : list_at(value, key.c_str())) {
      if (name.is_string()) names.push_back(name.get<std::string>());
    }
  };
  take(object_at(result, "value"), text_at(result, "type"));
  if (names.empty()) take(object_at(result, "value"), "labels");
  if (names.empty()) take(object_at(result, "value"), label_studio_shape(result) + "labels");
  const std::string id = text_at(result, "id");
  for (const Json& other : results) {
    if (!names.empty() || id.empty()) break;
    if (text_at(other, "id") == id) take(object_at(other, "value"), "labels");
  }
  return names;
}

namespace {

/// Whether `a` is to be read rather than `b`, which comes before it.
bool supersedes(const Json& a, const Json& b) {
  const bool truth = flag_at(a, "ground_truth");
  if (truth != flag_at(b, "ground_truth")) return truth;
  const auto when = [](const Json& sheet) {
    const std::string updated = text_at(sheet, "updated_at");
    return updated.empty() ? text_at(sheet, "created_at") : updated;
  };
  return when(a) >= when(b);
}

}  // namespace

LabelStudioChoice choose_annotation(const Json& task) {
  LabelStudioChoice choice;
  for (const char* list : {"annotations", "completions", "predictions"}) {
    if (choice.sheet != nullptr || choice.skipped > 0) break;
    for (const Json& sheet : list_at(task, list)) {
      if (!sheet.is_object()) continue;  // a number of one that is elsewhere
      if (flag_at(sheet, "was_cancelled")) {
        ++choice.skipped;
        continue;
      }
      if (choice.sheet != nullptr) ++choice.others;
      if (choice.sheet == nullptr || supersedes(sheet, *choice.sheet)) choice.sheet = &sheet;
    }
    choice.predicted = std::string(list) == "predictions";
  }
  return choice;
}

std::string keypoint_name(const std::string& name, const std::string& class_name) {
  return name.starts_with(class_name + "/") ? name.substr(class_name.size() + 1) : name;
}

const Json* parent_of(const Json& result, const Json& results) {
  const std::string parent = text_at(result, "parentID");
  for (const Json& other : results) {
    const std::string shape = label_studio_shape(other);
    if (!parent.empty() && text_at(other, "id") == parent && !shape.empty() &&
        shape != "keypoint") {
      return &other;
    }
  }
  return nullptr;
}

}  // namespace orrery
