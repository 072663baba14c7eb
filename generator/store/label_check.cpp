#include "generator/store/label_check.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "generator/store/store_index.hpp"
#include "scenes/error.hpp"

namespace orrery {
namespace {

struct Fault {
  std::string rule;
  std::string text;
};

std::string text_of(const Rect& box) {
  return "[" + std::to_string(box.x0) + ", " + std::to_string(box.y0) + ", " +
         std::to_string(box.x1) + ", " + std::to_string(box.y1) + ")";
}

bool fits(const Rle& mask, const LabelledImage& image) {
  const std::uint64_t pixels =
      std::accumulate(mask.counts.begin(), mask.counts.end(), std::uint64_t{0});
  return mask.width == image.width && mask.height == image.height &&
         pixels ==
             static_cast<std::uint64_t>(image.width) * static_cast<std::uint64_t>(image.height);
}

std::optional<Fault> box_fault(const Label& label, const LabelledImage& image) {
  const Rect& box = label.box;
  if (!std::isfinite(box.x0 + box.y0 + box.x1 + box.y1) || box.empty()) {
    return Fault{"box_empty", "has the box " + text_of(box) + ", wanted one with an area"};
  }
  if (box.x1 <= 0 || box.y1 <= 0 || box.x0 >= image.width || box.y0 >= image.height) {
    return Fault{"box_outside_image",
                 "has the box " + text_of(box) + ", wanted one inside the picture of " +
                     std::to_string(image.width) + " x " + std::to_string(image.height)};
  }
  return std::nullopt;
}

bool same_names(const Keypoints& a, const Keypoints& b) {
  return std::equal(a.points.begin(), a.points.end(), b.points.begin(), b.points.end(),
                    [](const Keypoint& p, const Keypoint& q) { return p.name == q.name; });
}

std::optional<Fault> keypoint_fault(const Label& label, const StoreLabelRules& rules) {
  if (label.keypoints.empty()) return std::nullopt;
  static const Keypoints none;
  const Keypoints& own = label.class_id < rules.own->size() ? (*rules.own)[label.class_id] : none;
  if (own.points.size() != label.keypoints.size()) {
    return Fault{"keypoints_count", "has " + std::to_string(label.keypoints.size()) +
                                        " keypoints, wanted the class's " +
                                        std::to_string(own.points.size())};
  }
  const std::uint32_t place = (*rules.place)[label.class_id];
  const Keypoints& stored = place < rules.stored->size() ? (*rules.stored)[place] : none;
  if (same_names(own, stored)) return std::nullopt;
  return Fault{"keypoints_differ", "has keypoints that the store's class names otherwise"};
}

std::optional<Fault> fault_of(const Label& label, const LabelledImage& image,
                              const StoreLabelRules& rules) {
  if (label.class_id >= rules.classes) {
    return Fault{"class_unknown", "is of class " + std::to_string(label.class_id) +
                                      ", wanted one below " + std::to_string(rules.classes)};
  }
  if (std::optional<Fault> fault = box_fault(label, image)) return fault;
  if ((label.mask && !fits(*label.mask, image)) || (label.amodal && !fits(*label.amodal, image))) {
    return Fault{"mask_size", "has a mask of another size, wanted " + std::to_string(image.width) +
                                  " x " + std::to_string(image.height)};
  }
  if (std::optional<Fault> fault = keypoint_fault(label, rules)) return fault;
  try {
    label_text(label);
  } catch (const Error& error) {
    return Fault{"label_unwritable", error.what()};
  } catch (const nlohmann::json::exception& error) {
    return Fault{"label_unwritable", error.what()};
  }
  return std::nullopt;
}

}  // namespace

std::vector<Problem> take_out_bad_labels(LabelledImage& image, const StoreLabelRules& rules,
                                         const std::string& where) {
  std::vector<Problem> problems;
  std::vector<Label> good;
  std::uint64_t last = 0;
  bool rising = true;
  for (std::size_t i = 0; i < image.labels.size(); ++i) {
    Label& label = image.labels[i];
    rising = rising && label.id > last;
    last = label.id;
    if (std::optional<Fault> fault = fault_of(label, image, rules)) {
      const std::string place = where + ": label " + std::to_string(i + 1);
      problems.push_back({place, fault->rule, place + " " + fault->text, false});
      continue;
    }
    label.class_id = (*rules.place)[label.class_id];
    good.push_back(std::move(label));
  }
  image.labels = std::move(good);
  if (!rising && !image.ids) {
    std::uint64_t id = 0;
    for (Label& label : image.labels) label.id = ++id;
  }
  return problems;
}

}  // namespace orrery
