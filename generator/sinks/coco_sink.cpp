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

#include "generator/label_json.hpp"
#include "generator/sinks/carried.hpp"
#include "generator/sinks/coco.hpp"
#include "generator/sinks/coco_json.hpp"
#include "generator/sinks/coco_labels.hpp"
#include "generator/sinks/dataset_files.hpp"
#include "generator/sinks/image_lists.hpp"
#include "generator/sinks/sink_factories.hpp"

namespace orrery {
namespace {

Json coco_image(const LabelledImage& image, std::uint64_t id) {
  Json out{{"id", id},
           {"width", image.width},
           {"height", image.height},
           {"file_name", picture_name(image)}};
  if (image.camera) add_camera(out, *image.camera);
  if (image.fold) out["fold"] = *image.fold;
  if (image.train_only) out["train_only"] = true;
  if (!image.track.empty()) out["track"] = image.track;
  for (const Ingredient& part : image.lineage) out["lineage"].push_back(json_from(part));
  add_missing(out, image.more);
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
    lists_.add(image, "default");
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
    std::vector<std::string> splits = lists_.splits();
    if (splits.empty()) splits.emplace_back("default");
    for (const std::string& split : splits) {
      write(folder_ / "annotations" / ("instances_" + split + ".json"), {.split = split});
    }
    for (int k = 0; k < lists_.folds(); ++k) {
      const std::filesystem::path fold = folder_ / "folds" / ("fold" + std::to_string(k));
      write(fold / "instances_train.json", {.fold = k, .val = false});
      write(fold / "instances_val.json", {.fold = k, .val = true});
    }
  }

 private:
  void write(const std::filesystem::path& path, const ImageList& part) {
    make_folder_of(path);
    WholeFile file(path);
    CocoWriter out(file, info_.classes, info_.keypoints, info_.description);
    images_.each([&](std::uint64_t image, std::string_view line) {
      if (lists_.has(part, image)) out.add_image(line);
    });
    std::uint64_t image = 0;
    std::uint64_t end = counts_.empty() ? 0 : counts_[0];  // the image's last annotation, and one
    annotations_.each([&](std::uint64_t annotation, std::string_view line) {
      while (annotation >= end) end += counts_[++image];
      if (lists_.has(part, image)) out.add_annotation(line);
    });
    out.finish();
    file.commit();
  }

  std::filesystem::path folder_;
  DatasetInfo info_;
  SinkOptions options_;
  ImageLists lists_;
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
