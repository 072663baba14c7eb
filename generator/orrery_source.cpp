#include <algorithm>
#include <cmath>
#include <fstream>
#include <map>
#include <set>
#include <utility>

#include "generator/dataset_folder.hpp"
#include "generator/ingest/coco_label.hpp"
#include "generator/label_json.hpp"
#include "generator/sinks/coco_lines.hpp"
#include "generator/source.hpp"
#include "scenes/error.hpp"

namespace orrery {
namespace {

namespace fs = std::filesystem;

glm::dvec3 vec3_from(const Json& json) {
  return {json.at(0).get<double>(), json.at(1).get<double>(), json.at(2).get<double>()};
}

glm::dmat3 rotation_from(const Json& rows) {
  glm::dmat3 m(1.0);
  for (int row = 0; row < 3; ++row) {
    for (int column = 0; column < 3; ++column) {
      m[column][row] = rows.at(static_cast<std::size_t>(3 * row + column)).get<double>();
    }
  }
  return m;
}

Rect box_from(const Json& json) {
  if (const std::optional<Rect> box = coco_rect(json)) return *box;
  throw Error("a box is " + json.dump().substr(0, 60) + ", wanted 4 numbers");
}

std::vector<Polygon> outline_from(const Json& lists) {
  std::vector<Polygon> outline;
  for (const Json& list : lists) {
    Polygon& polygon = outline.emplace_back();
    for (std::size_t i = 0; i + 1 < list.size(); i += 2) {
      polygon.emplace_back(list[i].get<double>(), list[i + 1].get<double>());
    }
  }
  return outline;
}

/// COCO counts keypoints from the centre of the first pixel.
std::vector<LabelPoint> points_from(const Json& triples) {
  std::vector<LabelPoint> points;
  for (std::size_t i = 0; i + 2 < triples.size(); i += 3) {
    const auto visibility = triples[i + 2].get<std::uint8_t>();
    const glm::dvec2 position(triples[i].get<double>(), triples[i + 1].get<double>());
    points.push_back(visibility == 0 ? LabelPoint{} : LabelPoint{position + 0.5, visibility});
  }
  return points;
}

template <class T>
void read_optional(const Json& json, const char* key, std::optional<T>& value) {
  const auto found = json.find(key);
  if (found != json.end() && !found->is_null()) value = found->get<T>();
}

Label label_from(const Json& annotation, const std::vector<std::string>& classes) {
  Label label;
  label.id = annotation.at("instance_id").get<std::uint64_t>();
  const auto category = annotation.at("category_id").get<std::uint64_t>();
  if (category < 1 || category > classes.size()) {
    throw Error("category_id is " + std::to_string(category) + ", wanted 1 to " +
                std::to_string(classes.size()));
  }
  label.class_id = static_cast<std::uint32_t>(category - 1);
  label.box = box_from(annotation.at("bbox"));
  const Json& segmentation = annotation.value("segmentation", Json());
  if (segmentation.is_object()) label.mask = coco_rle(segmentation);
  if (segmentation.is_array()) label.outline = outline_from(segmentation);
  if (annotation.contains("oriented_bbox")) {
    const Json& b = annotation.at("oriented_bbox");
    const auto at = [&b](std::size_t i) { return b.at(i).get<double>(); };
    label.oriented = OrientedBox{{at(0), at(1)}, {at(2), at(3)}, at(4)};
  }
  if (annotation.contains("keypoints")) label.keypoints = points_from(annotation.at("keypoints"));
  if (annotation.contains("amodal_segmentation")) {
    label.amodal = coco_rle(annotation.at("amodal_segmentation"));
  }
  if (annotation.contains("amodal_bbox")) label.amodal_box = box_from(annotation.at("amodal_bbox"));
  read_optional(annotation, "visible_fraction", label.visible_fraction);
  read_optional(annotation, "truncation", label.truncation);
  read_optional(annotation, "occlusion", label.occlusion);
  label.crowd = annotation.value("iscrowd", 0) != 0;
  label.hard = annotation.value("hard", false);
  label.loose = annotation.value("loose", false);
  label.weight = annotation.value("weight", 1.0);
  return label;
}

/// The manifest knows the model and its scale, the annotation the box in metres after scale.
void add_pose(Label& label, const Json& annotation, const Json& objects) {
  if (!annotation.contains("bbox3d_center")) return;
  const auto object = std::find_if(objects.begin(), objects.end(), [&label](const Json& o) {
    return o.at("id").get<std::uint64_t>() == label.id;
  });
  if (object == objects.end() || !object->contains("camera_from_object")) return;
  const Json& pose = object->at("camera_from_object");
  ObjectPose& out = label.pose.emplace();
  out.camera_from_object = {rotation_from(pose.at("rotation")), pose.at("scale").get<double>(),
                            vec3_from(pose.at("translation"))};
  out.model = object->at("model").get<std::string>();
  const double unscaled = 1 / out.camera_from_object.scale;
  const glm::dvec3 center = vec3_from(annotation.at("bbox3d_center")) * unscaled;
  const glm::dvec3 half = vec3_from(annotation.at("bbox3d_size")) * (0.5 * unscaled);
  out.bounds.low = decltype(out.bounds.low)(center - half);
  out.bounds.high = decltype(out.bounds.high)(center + half);
}

std::optional<Intrinsics> camera_from(const Json& image) {
  if (!image.contains("cam_K")) return std::nullopt;
  const Json& k = image.at("cam_K");
  Intrinsics camera;
  camera.width = image.at("width").get<int>();
  camera.height = image.at("height").get<int>();
  camera.fx = k.at(0).get<double>();
  camera.fy = k.at(4).get<double>();
  camera.cx = k.at(2).get<double>();
  camera.cy = k.at(5).get<double>();
  if (!image.contains("cam_model")) return camera;
  std::array<double, 8> coefficients{};
  const Json& list = image.at("cam_dist");
  for (std::size_t i = 0; i < std::min<std::size_t>(8, list.size()); ++i) {
    coefficients[i] = list[i].get<double>();
  }
  camera.lens =
      lens_from(image.at("cam_model") == "fisheye" ? LensModel::fisheye : LensModel::brown_conrady,
                coefficients);
  return camera;
}

/// Where the recipe found the models of a dataset that was rendered; none that share a name.
std::map<std::string, PosedModel> models_of(const fs::path& folder) {
  std::ifstream in(folder / "dataset.json", std::ios::binary);
  const Json dataset = Json::parse(in, nullptr, false);
  std::map<std::string, PosedModel> models;
  if (!dataset.is_object() || !dataset.contains("recipe")) return models;
  std::set<std::string> ambiguous;
  for (const Json& entry : dataset.at("recipe").value("models", Json::array())) {
    PosedModel model;
    model.file = entry.at("path").get<std::string>();
    const Json import = entry.value("import", Json::object());
    read_optional(import, "unit", model.import.unit);
    std::optional<std::string> up;
    read_optional(import, "up", up);
    if (up) model.import.up = *up == "y" ? UpAxis::y : UpAxis::z;
    model.import.allow_missing = true;  // it is the shape that is asked for
    const std::string name = model.file.stem().string();
    if (!models.try_emplace(name, std::move(model)).second) ambiguous.insert(name);
  }
  for (const std::string& name : ambiguous) models.erase(name);
  return models;
}

/// Who is in which fold, as folds.json beside the dataset says, if it is there.
class Places {
 public:
  explicit Places(const fs::path& file) {
    std::ifstream in(file, std::ios::binary);
    if (!in) return;
    const Json folds = Json::parse(in, nullptr, false);
    if (!folds.is_object()) throw Error(file.string() + ": is no JSON object", Exit::io);
    for (const Json& part : folds.at("folds")) names_.push_back(part.at("name"));
    for (const auto& [image, part] : folds.at("images").items()) {
      parts_[image] = part;
      if (parts_[image] < names_.size()) continue;
      throw Error(file.string() + ": image \"" + image + "\"'s fold is " + part.dump() +
                  ", wanted one below " + std::to_string(names_.size()));
    }
    folds_ =
        std::any_of(names_.begin(), names_.end(), [](const std::string& n) { return n == "0"; });
  }

  /// Says of an image where it belongs, as sinks understand it.
  void place(LabelledImage& image) const {
    if (names_.empty()) return;
    if (image.track == "out_of_scope") {
      image.split = image.track;
      image.train_only = false;  // tested on, and nowhere trained on
      return;
    }
    const auto found = parts_.find(image.name);
    if (found == parts_.end()) {
      if (!folds_) image.split = "train";
      return;
    }
    const std::string& name = names_.at(found->second);
    if (folds_ && name != "test") {
      image.fold = std::stoi(name);
      return;
    }
    // What was mixed is never tested on; it shares photos with what is, so nobody trains on it.
    image.split = image.train_only && name != "train" ? "unused" : name;
  }

 private:
  std::vector<std::string> names_;
  std::map<std::string, std::size_t> parts_;
  bool folds_ = false;
};

class OrrerySource : public Source {
 public:
  explicit OrrerySource(const fs::path& folder)
      : folder_(folder),
        files_(folder),
        coco_(folder / "annotations/instances_default.json"),
        images_(coco_, "images"),
        annotations_(coco_, "annotations"),
        places_(folder / "folds.json") {
    manifest_.open(folder / "manifest.jsonl", std::ios::binary);
    for (const Json& category : coco_categories(coco_)) {
      info_.classes.push_back(category.at("name").get<std::string>());
      info_.keypoints.push_back(coco_keypoints(category));
    }
    info_.name = fs::absolute(folder).lexically_normal().filename().string();
    info_.models = models_of(folder);
    annotation_ = annotations_.next();
  }

  const DatasetInfo& info() const override { return info_; }
  const std::vector<Problem>& problems() const override { return problems_; }

  std::optional<LabelledImage> next() override {
    const std::optional<Json> image = images_.next();
    if (!image) return std::nullopt;
    std::string line;
    if (!std::getline(manifest_, line)) {
      throw Error(
          (folder_ / "manifest.jsonl").string() + ": ends before sample " + std::to_string(index_),
          Exit::io);
    }
    try {
      return read(*image, Json::parse(line));
    } catch (const Json::exception& e) {
      throw Error(folder_.string() + ": sample " + std::to_string(index_) + ": " + e.what(),
                  Exit::io);
    } catch (const Error& e) {
      throw Error(folder_.string() + ": sample " + std::to_string(index_) + ": " + e.what(),
                  e.exit());
    }
  }

 private:
  LabelledImage read(const Json& image, const Json& row) {
    LabelledImage out;
    const fs::path path = image.at("file_name").get<std::string>();
    out.name = path.stem().string();
    out.file = files_.find(index_, path.string());
    out.width = image.at("width").get<int>();
    out.height = image.at("height").get<int>();
    out.camera = camera_from(image);
    out.lineage = lineage_from_json(row.at("lineage"), "lineage");
    out.train_only = row.value("train_only", false);
    out.track = row.value("track", "");
    out.split = row.value("split", "");
    places_.place(out);
    for (const auto& [file, hash] : row.at("files").items()) {
      if (file.starts_with("depth/")) out.depth = files_.find(index_, file);
      if (file.starts_with("id/")) out.ids = files_.find(index_, file);
    }
    const auto id = image.at("id").get<std::uint64_t>();
    const Json objects = row.value("objects", Json::array());
    for (; annotation_ && annotation_->at("image_id").get<std::uint64_t>() == id;
         annotation_ = annotations_.next()) {
      Label label = label_from(*annotation_, info_.classes);
      add_pose(label, *annotation_, objects);
      out.labels.push_back(std::move(label));
    }
    ++index_;
    return out;
  }

  fs::path folder_;
  DatasetFolder files_;
  fs::path coco_;
  CocoLines images_;
  CocoLines annotations_;
  Places places_;
  std::ifstream manifest_;
  DatasetInfo info_;
  std::vector<Problem> problems_;
  std::optional<Json> annotation_;
  std::uint64_t index_ = 0;
};

}  // namespace

std::unique_ptr<Source> open_orrery_dataset(const fs::path& folder) {
  if (!fs::exists(folder / "dataset.json")) {
    throw Error(folder.string() + ": holds no dataset.json, wanted a finished dataset of orrery");
  }
  return std::make_unique<OrrerySource>(folder);
}

}  // namespace orrery
