#include "generator/verify/dataset_rules.hpp"

#include <algorithm>
#include <fstream>

#include "generator/verify/annotation_rules.hpp"
#include "generator/verify/json_lines.hpp"
#include "generator/verify/ledger_rules.hpp"
#include "generator/verify/lineage_rules.hpp"
#include "generator/verify/row_rules.hpp"
#include "generator/verify/sample_files.hpp"
#include "scenes/error.hpp"
#include "scenes/sha256.hpp"

namespace orrery {
namespace {

namespace fs = std::filesystem;

Json dataset_json_of(const fs::path& file, Findings& findings) {
  std::ifstream in(file, std::ios::binary);
  if (!in) {
    throw Error(file.string() + ": cannot be read, wanted a finished dataset of orrery", Exit::io);
  }
  Json json = Json::parse(in, nullptr, false);
  if (json.is_object()) return json;
  findings.add("dataset_json_unreadable", file.string(), "no JSON object", "what orrery writes");
  return Json::object();
}

/// The rows of the manifest in step with the images: row k belongs to image k.
class Rows {
 public:
  Rows(const fs::path& file, Findings& findings)
      : rows_(file, "manifest_row_unreadable", findings), file_(file), findings_(findings) {
    next();
  }

  /// The row of that index, if the manifest has it where it belongs.
  std::optional<JsonLine> take(std::uint64_t index) {
    while (row_ && index_ < index) {
      const bool twice = index_ < taken_.size() && taken_[index_];
      findings_.add(twice ? "manifest_row_duplicate" : "manifest_row_order", row_->where,
                    "index " + std::to_string(index_), std::to_string(index));
      next();
    }
    taken_.resize(index + 1);
    if (!row_ || index_ > index) {
      findings_.add("manifest_row_missing", file_.string(),
                    "no row of index " + std::to_string(index),
                    "one after that of " + (index == 0 ? "none" : std::to_string(index - 1)));
      return std::nullopt;
    }
    taken_[index] = true;
    std::optional<JsonLine> row = std::move(row_);
    next();
    return row;
  }

  /// What is left after the last image.
  void finish() {
    for (; row_; next()) {
      const bool twice = index_ < taken_.size() && taken_[index_];
      findings_.add(twice ? "manifest_row_duplicate" : "manifest_row_extra", row_->where,
                    "index " + std::to_string(index_), "the end, after the last image");
    }
  }

 private:
  void next() {
    while ((row_ = rows_.next())) {
      findings_.looked_at("rows");
      if (const auto index = whole_of(row_->json, "index")) {
        index_ = *index;
        return;
      }
      findings_.add("manifest_row_unreadable", row_->where,
                    "index " + row_->json.value("index", Json()).dump(), "a whole number");
    }
  }

  JsonRows rows_;
  fs::path file_;
  Findings& findings_;
  std::optional<JsonLine> row_;
  std::uint64_t index_ = 0;
  std::vector<bool> taken_;
};

class DatasetRules {
 public:
  DatasetRules(const fs::path& folder, Findings& findings)
      : folder_(folder),
        findings_(findings),
        dataset_(dataset_json_of(folder / "dataset.json", findings)),
        coco_(folder / "annotations/instances_default.json"),
        images_(coco_, "images", findings),
        annotations_(coco_, "annotations", findings),
        rows_(folder / "manifest.jsonl", findings),
        lineage_(folder, dataset_.value("recipe", Json()), findings),
        files_(folder, dataset_, findings) {}

  DatasetFacts run() {
    const Json names = dataset_.value("classes", Json());
    if (names.is_array()) {
      for (const Json& name : names) {
        facts_.classes.push_back(name.is_string() ? name.get<std::string>() : name.dump());
      }
    }
    classes_ = check_categories(categories_of(coco_, findings_), facts_.classes, coco_.string(),
                                findings_);
    check_hash();
    annotation_ = annotations_.next();
    std::uint64_t index = 0;
    for (std::optional<JsonLine> image; (image = images_.next()); ++index) check(*image, index);
    while (annotation_) take_stray("annotation_image_unknown", "an image of this file");
    rows_.finish();
    if (whole_of(dataset_, "count") != index) {
      findings_.add("image_count", coco_.string(), std::to_string(index) + " images",
                    dataset_.value("count", Json()).dump() + ", dataset.json's count");
    }
    check_ledger(dataset_, facts_.classes, labelled_, dropped_, rendered_ == index, findings_);
    lineage_.finish();
    files_.find_extra();
    return std::move(facts_);
  }

 private:
  void check_hash() {
    const fs::path manifest = folder_ / "manifest.jsonl";
    if (!fs::exists(manifest)) return;  // found already
    const std::string hash = sha256_of_file(manifest);
    const Json said = dataset_.value("dataset_hash", Json());
    if (said == Json(hash)) return;
    findings_.add("dataset_hash", (folder_ / "dataset.json").string(),
                  "dataset_hash " + said.dump(), hash + ", the SHA-256 of manifest.jsonl");
  }

  /// An annotation that belongs to no image that could have it here.
  void take_stray(const char* rule, const std::string& wanted) {
    findings_.add(rule, annotation_->where,
                  "image_id " + annotation_->json.value("image_id", Json()).dump(), wanted);
    ids_.check(annotation_->json, annotation_->where, findings_);
    annotation_ = annotations_.next();
  }

  std::vector<JsonLine> annotations_of(const JsonLine& image, std::uint64_t id) {
    std::vector<JsonLine> all;
    const int width = static_cast<int>(whole_of(image.json, "width").value_or(0));
    const int height = static_cast<int>(whole_of(image.json, "height").value_or(0));
    while (annotation_) {
      const auto of = whole_of(annotation_->json, "image_id");
      if (of && *of > id) break;
      if (!of || *of < id) {
        take_stray(of && *of > 0 ? "annotation_order" : "annotation_image_unknown",
                   "one of an image from " + std::to_string(id) + " on");
        continue;
      }
      findings_.looked_at("annotations");
      ids_.check(annotation_->json, annotation_->where, findings_);
      check_annotation(annotation_->json, width, height, classes_, annotation_->where, findings_);
      if (const auto category = whole_of(annotation_->json, "category_id")) ++labelled_[*category];
      all.push_back(std::move(*annotation_));
      annotation_ = annotations_.next();
    }
    return all;
  }

  void check(const JsonLine& image, std::uint64_t index) {
    findings_.looked_at("images");
    const auto id = whole_of(image.json, "id");
    if (id != index + 1) {
      findings_.add("image_id", image.where, "id " + image.json.value("id", Json()).dump(),
                    std::to_string(index + 1));
    }
    const std::vector<JsonLine> annotations = annotations_of(image, id.value_or(index + 1));
    const Json file = image.json.value("file_name", Json());
    if (!file.is_string()) {
      findings_.add("file_name", image.where, "file_name " + file.dump(), "the path of a picture");
      return;
    }
    files_.add_picture(index, file.get<std::string>(), image.json);
    const std::optional<JsonLine> row = rows_.take(index);
    if (!row) return;
    for (const char* key : {"seed", "recipe_hash"}) {
      if (row->json.value(key, Json()) == dataset_.value(key, Json())) continue;
      findings_.add("row_of_another_recipe", row->where,
                    std::string(key) + " " + row->json.value(key, Json()).dump(),
                    dataset_.value(key, Json()).dump() + ", as dataset.json has it");
    }
    check_image_row(*row, image, findings_);
    check_objects(*row, annotations, dropped_, findings_);
    if (row->json.contains("camera")) ++rendered_;
    files_.add_row(index, row->json, row->where);
    const std::string name = fs::path(file.get<std::string>()).stem().string();
    lineage_.add(row->json, name, row->where);
    if (lineage_.is_train_only(name)) facts_.train_only.insert(name);
  }

  fs::path folder_;
  Findings& findings_;
  Json dataset_;
  fs::path coco_;
  CocoElements images_;
  CocoElements annotations_;
  Rows rows_;
  LineageRules lineage_;
  SampleFiles files_;
  AnnotationIds ids_{true};
  ClassRules classes_;
  DatasetFacts facts_;
  std::optional<JsonLine> annotation_;
  std::map<std::uint64_t, std::uint64_t> labelled_;  ///< by category id
  DroppedCount dropped_;
  std::uint64_t rendered_ = 0;  ///< rows that list every placed object
};

}  // namespace

DatasetFacts check_dataset(const fs::path& folder, Findings& findings) {
  return DatasetRules(folder, findings).run();
}

}  // namespace orrery
