#include "generator/sinks/carried.hpp"

#include "generator/sinks/dataset_files.hpp"
#include "scenes/error.hpp"

namespace orrery {
namespace {

using LeftOut = std::map<std::string, std::uint64_t>;

/// Whether the label goes in whole; says why not.
bool goes_in(const LabelledImage& image, const Label& label, const Carries& carries,
             const SinkOptions& options, LeftOut& left_out) {
  if (label.crowd && !carries.crowds) {
    ++left_out["crowd regions"];
    return false;
  }
  if (label.weight >= 1 || carries.weights) return true;
  if (options.weights == WeightRule::refuse) {
    throw Error("image \"" + image.name + "\", label " + std::to_string(label.id) +
                ": its weight " + decimal(label.weight, 3) +
                " has no place in this format; choose one with weights, such as coco, or have the "
                "lighter ones dropped");
  }
  if (label.weight < options.min_weight) {
    ++left_out["weight_below_min"];
    return false;
  }
  ++left_out["weights"];
  return true;
}

void count_lost(const Label& label, const Carries& carries, LeftOut& left_out) {
  const auto count = [&](bool there, bool carried, const char* what) {
    if (there && !carried) ++left_out[what];
  };
  count(label.mask || !label.outline.empty(), carries.masks, "masks");
  count(!label.keypoints.empty(), carries.keypoints, "keypoints");
  count(label.oriented.has_value(), carries.oriented_boxes, "oriented boxes");
  count(label.hard, carries.hard, "hard flags");
  count(label.loose, carries.loose, "loose flags");
  count(label.amodal || label.amodal_box, carries.amodal, "amodal labels");
  count(label.visible_fraction || label.truncation || label.occlusion, carries.fractions,
        "visible fractions");
  count(label.pose.has_value(), carries.poses, "poses");
  count(!label.more.empty(), carries.more, "attributes");
}

}  // namespace

std::vector<const Label*> carried(const LabelledImage& image, const Carries& carries,
                                  const SinkOptions& options, LeftOut& left_out) {
  const auto count = [&](bool there, bool carried, const char* what) {
    if (there && !carried) ++left_out[what];
  };
  count(image.camera.has_value(), carries.cameras, "cameras");
  count(image.depth.has_value(), carries.depth, "depth images");
  count(image.ids.has_value(), carries.ids, "id images");
  count(!image.split.empty(), carries.splits, "splits");
  count(image.fold.has_value(), carries.folds, "folds");
  count(!image.lineage.empty() || !image.track.empty(), carries.lineage, "lineage");
  count(!image.more.empty(), carries.more, "attributes of images");
  std::vector<const Label*> in;
  for (const Label& label : image.labels) {
    if (!goes_in(image, label, carries, options, left_out)) continue;
    count_lost(label, carries, left_out);
    in.push_back(&label);
  }
  return in;
}

}  // namespace orrery
