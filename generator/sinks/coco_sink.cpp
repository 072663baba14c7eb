// COCO for datasets from anywhere. Byte layout:
//
//   images/<name>.<ext>                     the pictures
//   annotations/instances_<split>.json      as coco.hpp has it; "default" holds images without a
//   split folds/fold<k>/instances_{train,val}.json  where images have folds
//
// Differences to coco.hpp: "description" is the dataset's; ids of images count through all files,
// ids of annotations in each file from 1; file_name counts from images/. Of images, only what is
// known: cam_K and the lens, "fold", "train_only", "track", "lineage", and what the source said
// beyond. Of annotations, only what is known:
//   segmentation   run lengths where there is a mask, else polygons along pixel edges, else [].
//   Crowds
//                  have run lengths.
//   iscrowd        1: neither hit nor miss
//   weight         below 1; "loose": true; and coco.hpp's further keys with "model" beside the pose
// and what the source said beyond, under its own keys.

#include "generator/sinks/carried.hpp"
#include "generator/sinks/coco.hpp"
#include "generator/sinks/coco_json.hpp"
#include "generator/sinks/dataset_files.hpp"
#include "generator/sinks/partition.hpp"
#include "generator/sinks/sink_factories.hpp"

namespace orrery {
namespace {

void add_missing(Json& to, const Json& more) {
  for (const auto& [key, value] : more.items()) {
    if (key != "id" && !to.contains(key)) to[key] = value;
  }
}

Json coco_image(const LabelledImage& image, std::uint64_t id) {
  Json out{{"id", id},
           {"width", image.width},
           {"height", image.height},
           {"file_name", picture_name(image)}};
  if (image.camera) {
    const Intrinsics& k = *image.camera;
    out["cam_K"] = {k.fx, 0.0, k.cx, 0.0, k.fy, k.cy, 0.0, 0.0, 1.0};
    if (k.lens.model != LensModel::pinhole) {
      out["cam_model"] = lens_model_name(k.lens);
      out["cam_dist"] = distortion_of(k.lens);
    }
  }
  if (image.fold) out["fold"] = *image.fold;
  if (image.train_only) out["train_only"] = true;
  if (!image.track.empty()) out["track"] = image.track;
  for (const Ingredient& i : image.lineage) {
    Json ingredient{{"kind", i.kind}, {"name", i.name}};
    if (!i.sha256.empty()) ingredient["sha256"] = i.sha256;
    if (!i.licence.empty()) ingredient["licence"] = i.licence;
    out["lineage"].push_back(std::move(ingredient));
  }
  add_missing(out, image.more);
  return out;
}

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

class CocoSink : public Sink {
 public:
  CocoSink(const std::filesystem::path& folder, DatasetInfo info, const SinkOptions& options)
      : folder_(folder),
        info_(std::move(info)),
        options_(options),
        images_(folder),
        annotations_(folder) {}

  void add(const LabelledImage& image) override {
    static constexpr Carries kCarries{.masks = true,
                                      .keypoints = true,
                                      .oriented_boxes = true,
                                      .crowds = true,
                                      .hard = true,
                                      .loose = true,
                                      .weights = true,
                                      .amodal = true,
                                      .fractions = true,
                                      .poses = true,
                                      .more = true,
                                      .cameras = true,
                                      .splits = true,
                                      .folds = true,
                                      .lineage = true};
    partition_.add(image, "default");
    place_picture_of(image, folder_ / "images");
    const std::uint64_t id = counts_.size() + 1;
    images_.add(coco_image(image, id).dump());
    std::uint32_t count = 0;
    for (const Label* label : carried(image, kCarries, options_, left_out_)) {
      const std::size_t names = label->class_id < info_.keypoints.size()
                                    ? info_.keypoints[label->class_id].points.size()
                                    : 0;
      annotations_.add(coco_annotation(image, *label, id, names).dump());
      ++count;
    }
    counts_.push_back(count);
  }

  void finish() override {
    std::vector<std::string> splits = partition_.splits();
    if (splits.empty()) splits.emplace_back("default");
    for (const std::string& split : splits) {
      write(folder_ / "annotations" / ("instances_" + split + ".json"), {.split = split});
    }
    for (int k = 0; k < partition_.folds(); ++k) {
      const std::filesystem::path fold = folder_ / "folds" / ("fold" + std::to_string(k));
      write(fold / "instances_train.json", {.fold = k, .val = false});
      write(fold / "instances_val.json", {.fold = k, .val = true});
    }
  }

 private:
  void write(const std::filesystem::path& path, const Part& part) {
    make_folder_of(path);
    WholeFile file(path);
    CocoWriter out(file, info_.classes, info_.keypoints, info_.description);
    images_.each([&](std::uint64_t image, std::string_view line) {
      if (partition_.has(part, image)) out.add_image(line);
    });
    std::uint64_t image = 0;
    std::uint64_t end = counts_.empty() ? 0 : counts_[0];  // the image's last annotation, and one
    annotations_.each([&](std::uint64_t annotation, std::string_view line) {
      while (annotation >= end) end += counts_[++image];
      if (partition_.has(part, image)) out.add_annotation(line);
    });
    out.finish();
    file.commit();
  }

  std::filesystem::path folder_;
  DatasetInfo info_;
  SinkOptions options_;
  Partition partition_;
  Spool images_;
  Spool annotations_;
  std::vector<std::uint32_t> counts_;  ///< annotations of each image
};

}  // namespace

std::unique_ptr<Sink> make_coco(const std::filesystem::path& folder, const DatasetInfo& info,
                                const SinkOptions& options) {
  return std::make_unique<CocoSink>(folder, info, options);
}

}  // namespace orrery
