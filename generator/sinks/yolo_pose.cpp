// YOLO poses, see yolo.hpp. Numbers of a label: the box as in detection, then x y v of each
// keypoint.
//
// All classes have as many keypoints as the one with most: the others' lines are filled with 0 0 0.
// v is COCO's; what is not labelled, or lies outside the image (counted), is 0 0 0. flip_idx is
// made of the pairs that change places in a mirror, and is not there without pairs: readers then do
// not mirror. It is one for all classes, so classes whose pairs differ are an error.

#include <algorithm>
#include <numeric>

#include "generator/sinks/sink_factories.hpp"
#include "generator/sinks/yolo.hpp"
#include "scenes/error.hpp"

namespace orrery {
namespace {

std::size_t place_of(const Keypoints& keypoints, const std::string& name) {
  const auto found = std::find_if(keypoints.points.begin(), keypoints.points.end(),
                                  [&](const Keypoint& point) { return point.name == name; });
  if (found == keypoints.points.end())
    throw Error("keypoint \"" + name + "\" is no point of its class");
  return static_cast<std::size_t>(found - keypoints.points.begin());
}

std::vector<std::size_t> flip_of(const Keypoints& keypoints) {
  std::vector<std::size_t> flip(keypoints.points.size());
  std::iota(flip.begin(), flip.end(), 0);
  for (const auto& pair : keypoints.swaps) {
    const std::size_t a = place_of(keypoints, pair[0]);
    const std::size_t b = place_of(keypoints, pair[1]);
    std::swap(flip[a], flip[b]);
  }
  return flip;
}

/// kpt_shape and flip_idx.
std::string keypoint_yaml(const DatasetInfo& info, std::size_t& most) {
  std::vector<std::size_t> all;
  std::vector<std::string> by;  // the class that a place of `all` is from
  bool swaps = false;
  for (std::size_t c = 0; c < std::min(info.keypoints.size(), info.classes.size()); ++c) {
    const std::vector<std::size_t> flip = flip_of(info.keypoints[c]);
    swaps = swaps || !info.keypoints[c].swaps.empty();
    for (std::size_t i = 0; i < flip.size(); ++i) {
      if (i == all.size()) {
        all.push_back(flip[i]);
        by.push_back(info.classes[c]);
      }
      if (all[i] == flip[i]) continue;
      throw Error("yolo_pose: keypoint " + std::to_string(i + 1) + " of class \"" +
                  info.classes[c] + "\" changes places in a mirror otherwise than that of \"" +
                  by[i] + "\"; wanted classes with the same pairs, or one class");
    }
  }
  most = all.size();
  if (most == 0) throw Error("yolo_pose: no class has keypoints, wanted one at least");
  std::string yaml = "kpt_shape: [" + std::to_string(most) + ", 3]\n";
  if (!swaps) return yaml;
  yaml += "flip_idx: [";
  for (std::size_t i = 0; i < all.size(); ++i) yaml += (i > 0 ? ", " : "") + std::to_string(all[i]);
  return yaml + "]\n";
}

std::optional<std::string> pose_numbers(const LabelledImage& image, const Label& label,
                                        std::size_t names,
                                        std::map<std::string, std::uint64_t>& left_out) {
  std::optional<std::string> text = yolo_box(image, label.box, left_out);
  for (std::size_t i = 0; text && i < names; ++i) {
    const LabelPoint point = i < label.keypoints.size() ? label.keypoints[i] : LabelPoint{};
    const glm::dvec2& p = point.position;
    const bool inside = p.x >= 0 && p.y >= 0 && p.x <= image.width && p.y <= image.height;
    if (point.visibility > 0 && !inside) ++left_out["keypoints outside the image"];
    if (point.visibility == 0 || !inside) {
      *text += " 0 0 0";
      continue;
    }
    *text += " " + yolo_fraction(p.x, image.width) + " " + yolo_fraction(p.y, image.height) + " " +
             std::to_string(point.visibility);
  }
  return text;
}

}  // namespace

std::unique_ptr<Sink> make_yolo_pose(const std::filesystem::path& folder, const DatasetInfo& info,
                                     const SinkOptions& options) {
  YoloTask task;
  std::size_t names = 0;
  task.yaml = keypoint_yaml(info, names);
  task.carries.keypoints = true;
  task.numbers = [names](const LabelledImage& image, const Label& label, auto& left_out) {
    return pose_numbers(image, label, names, left_out);
  };
  return std::make_unique<YoloSink>(folder, info, options, std::move(task));
}

}  // namespace orrery
