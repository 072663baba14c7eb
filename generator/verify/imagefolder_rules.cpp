// What load_dataset("imagefolder") asks for. Broken, beside the rules of pictures:
// metadata_missing, metadata_kinds, metadata_unreadable, metadata_keys, metadata_null,
// objects_lengths, class_range, box_outside_image, picture_extra, picture_twice.

#include <set>

#include "generator/verify/annotation_rules.hpp"
#include "generator/verify/consumer.hpp"
#include "generator/verify/json_lines.hpp"
#include "generator/verify/picture_rules.hpp"

namespace orrery {
namespace {

namespace fs = std::filesystem;

/// Keys and types of a row, as its features are told: numbers and texts, structs with their keys.
std::string features_of(const Json& value) {
  if (value.is_object()) {
    std::string text = "{";
    for (const auto& [key, inner] : value.items()) text += key + ":" + features_of(inner) + " ";
    return text + "}";
  }
  return value.is_number() ? "number" : value.type_name();
}

class SplitRows {
 public:
  SplitRows(const FormatFolder& at, fs::path folder, Findings& findings)
      : at_(at), folder_(std::move(folder)), findings_(findings) {}

  void run() {
    JsonRows rows(folder_ / "metadata.jsonl", "metadata_unreadable", findings_);
    std::string features;
    while (const std::optional<JsonLine> row = rows.next()) {
      findings_.looked_at("rows");
      const std::string own = features_of(row->json);
      if (features.empty()) features = own;
      if (own != features) {
        findings_.add("metadata_keys", row->where, own, features + ", as in the first row");
      }
      if (own.find("null") != std::string::npos) {
        findings_.add("metadata_null", row->where, "a null in " + own, "values in all rows");
      }
      check(*row);
    }
    for (const fs::path& file : paths_below(folder_)) {
      if (file == "metadata.jsonl" || names_.contains(file.generic_string())) continue;
      const bool other = file.stem() == "metadata";
      findings_.add(other ? "metadata_kinds" : "picture_extra", (folder_ / file).string(),
                    other ? "another kind of metadata" : "a file that no row names",
                    "metadata.jsonl and the pictures of its rows alone");
    }
  }

 private:
  void check(const JsonLine& row) {
    const Json name = row.json.value("file_name", Json());
    if (!name.is_string()) {
      findings_.add("metadata_unreadable", row.where, "file_name " + name.dump(), "a text");
      return;
    }
    if (!names_.insert(name.get<std::string>()).second) {
      findings_.add("picture_twice", row.where, name.dump() + " again", "a row a picture");
    }
    const int width = static_cast<int>(whole_of(row.json, "width").value_or(0));
    const int height = static_cast<int>(whole_of(row.json, "height").value_or(0));
    check_picture(folder_ / name.get<std::string>(), width, height, !at_.dataset.empty(),
                  findings_);
    const Json objects = row.json.value("objects", Json());
    if (!objects.is_object()) return;
    const std::size_t count = objects.value("id", Json::array()).size();
    for (const auto& [key, list] : objects.items()) {
      if (list.is_array() && list.size() == count) continue;
      findings_.add("objects_lengths", row.where, key + " of " + std::to_string(list.size()),
                    std::to_string(count) + " elements, as id has");
    }
    for (const Json& class_id : objects.value("category", Json::array())) {
      if (at_.facts.classes.empty()) break;
      if (class_id.is_number_unsigned() && class_id < at_.facts.classes.size()) continue;
      findings_.add("class_range", row.where, "category " + class_id.dump(),
                    "0 to " + std::to_string(at_.facts.classes.size()) + ", without the last");
    }
    for (const Json& box : objects.value("bbox", Json::array())) {
      const auto b = numbers_of(box);
      const bool right = b && b->size() == 4 && (*b)[0] >= -1e-6 && (*b)[1] >= -1e-6 &&
                         (*b)[0] + (*b)[2] <= width + 1e-6 && (*b)[1] + (*b)[3] <= height + 1e-6;
      if (right) continue;
      findings_.add("box_outside_image", row.where, "bbox " + box.dump(),
                    "[x,y,width,height] inside the image");
    }
  }

  const FormatFolder& at_;
  fs::path folder_;
  Findings& findings_;
  std::set<std::string> names_;
};

}  // namespace

void check_imagefolder(const FormatFolder& at, Findings& findings) {
  bool any = false;
  std::set<fs::path> splits;
  for (const fs::directory_entry& entry : fs::directory_iterator(at.folder)) {
    if (entry.is_directory()) splits.insert(entry.path());
  }
  for (const fs::path& split : splits) {
    any = true;
    if (fs::exists(split / "metadata.jsonl")) {
      SplitRows(at, split, findings).run();
    } else {
      findings.add("metadata_missing", split.string(), "no metadata.jsonl", "one a split");
    }
  }
  if (any) return;
  findings.add("metadata_missing", at.folder.string(), "no folder of a split", "one at least");
}

}  // namespace orrery
