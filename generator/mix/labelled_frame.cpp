#include "generator/mix/labelled_frame.hpp"

#include <algorithm>

namespace orrery {
namespace {

/// In the order of the class's names; what this model lacks is not labelled.
std::vector<LabelPoint> points_of(const InstanceLabel& instance, const Keypoints& wanted) {
  std::vector<LabelPoint> points;
  for (const Keypoint& name : wanted.points) {
    LabelPoint& point = points.emplace_back();
    for (const KeypointLabel& found : instance.keypoints) {
      const bool seen = found.name == name.name && found.pixel;
      if (!seen || found.state == KeypointState::outside) continue;
      const bool visible = found.state == KeypointState::visible;
      point = {*found.pixel, static_cast<std::uint8_t>(visible ? 2 : 1)};
    }
  }
  return points;
}

}  // namespace

LabelledPixels labelled_frame(const Frame& frame, const Annotations& annotations,
                              const ImageView<Rgba8>& picture,
                              std::span<const std::uint32_t> class_ids,
                              std::span<const Keypoints> keypoints) {
  LabelledPixels out;
  out.color = Image<Rgba8>(picture.width, picture.height);
  std::copy(picture.pixels.begin(), picture.pixels.end(), out.color.pixels.begin());
  LabelledImage& labelled = out.labelled;
  labelled.width = picture.width;
  labelled.height = picture.height;
  labelled.camera = frame.shot->view.intrinsics;
  for (const InstanceLabel& instance : annotations.instances) {
    Label& label = labelled.labels.emplace_back();
    label.id = instance.id;
    label.class_id = class_ids[instance.class_id];
    label.box = rect_of(instance.visible_box);
    label.mask = instance.visible;
    label.amodal = instance.amodal;
    label.amodal_box = rect_of(instance.amodal_box);
    label.oriented = instance.oriented_box;
    label.visible_fraction = instance.visible_fraction;
    label.truncation = instance.truncation;
    label.occlusion = instance.occlusion;
    label.hard = instance.hard;
    if (label.class_id < keypoints.size()) {
      label.keypoints = points_of(instance, keypoints[label.class_id]);
    }
  }
  return out;
}

}  // namespace orrery
