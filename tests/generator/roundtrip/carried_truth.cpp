#include "tests/generator/roundtrip/carried_truth.hpp"

#include <algorithm>
#include <cmath>
#include <deque>
#include <fstream>
#include <set>
#include <sstream>

#include "renderer/labels/mask.hpp"
#include "renderer/labels/oriented_box.hpp"

namespace orrery::testing {
namespace {

using Keep = std::function<std::optional<TrueLabel>(const TrueImage&, TrueLabel)>;

Truth each(Truth truth, const Keep& keep) {
  for (auto& [bytes, image] : truth.images) {
    std::vector<TrueLabel> labels;
    for (const TrueLabel& label : image.labels) {
      if (auto kept = keep(image, label)) labels.push_back(std::move(*kept));
    }
    image.labels = std::move(labels);
  }
  return truth;
}

Truth without_folds(Truth truth) {
  for (auto& [bytes, image] : truth.images) {
    image.fold.reset();
    image.train_only = false;
  }
  return truth;
}

/// The class and the box; nothing else.
TrueLabel bare(const TrueLabel& label) {
  return {.class_name = label.class_name, .box = label.box};
}

Rect inside(const Rect& box, const TrueImage& image) {
  return {std::max(box.x0, 0.0), std::max(box.y0, 0.0),
          std::min(box.x1, static_cast<double>(image.width)),
          std::min(box.y1, static_cast<double>(image.height))};
}

/// Background that cannot be walked to from the border, eight ways, is a hole and filled.
Rle filled(const Rle& rle) {
  Image<std::uint8_t> mask = mask_from_rle(rle);
  Image<std::uint8_t> outside(mask.width + 2, mask.height + 2, 0);
  std::deque<glm::ivec2> open{{0, 0}};
  outside.at(0, 0) = 1;
  while (!open.empty()) {
    const glm::ivec2 at = open.front();
    open.pop_front();
    for (int y = std::max(0, at.y - 1); y <= std::min(mask.height + 1, at.y + 1); ++y) {
      for (int x = std::max(0, at.x - 1); x <= std::min(mask.width + 1, at.x + 1); ++x) {
        const bool pixel = x > 0 && y > 0 && x <= mask.width && y <= mask.height;
        if (outside.at(x, y) != 0 || (pixel && mask.at(x - 1, y - 1) != 0)) continue;
        open.emplace_back(x, y);
        outside.at(x, y) = 1;
      }
    }
  }
  for (int y = 0; y < mask.height; ++y) {
    for (int x = 0; x < mask.width; ++x) {
      mask.at(x, y) = outside.at(x + 1, y + 1) == 0 ? 1 : 0;
    }
  }
  return rle_from_mask(mask);
}

/// Pixels whose centre is in the box.
Rle pixels_of(const Rect& box, const TrueImage& image) {
  Image<std::uint8_t> mask(image.width, image.height, 0);
  for (int y = 0; y < image.height; ++y) {
    for (int x = 0; x < image.width; ++x) {
      const bool in =
          x + 0.5 >= box.x0 && x + 0.5 < box.x1 && y + 0.5 >= box.y0 && y + 0.5 < box.y1;
      mask.at(x, y) = in ? 1 : 0;
    }
  }
  return rle_from_mask(mask);
}

Polygon corners_of(const OrientedBox& o) {
  const glm::dvec2 u = glm::dvec2(std::cos(o.angle), std::sin(o.angle)) * o.size.x * 0.5;
  const glm::dvec2 v = glm::dvec2(-std::sin(o.angle), std::cos(o.angle)) * o.size.y * 0.5;
  return {o.center - u - v, o.center + u - v, o.center + u + v, o.center - u + v};
}

OrientedBox around(const Rle& pixels) {
  const Image<std::uint8_t> mask = mask_from_rle(pixels);
  std::vector<ColumnSpan> spans;
  for (int x = 0; x < mask.width; ++x) {
    for (int y = 0; y < mask.height; ++y) {
      if (mask.at(x, y) == 0) continue;
      const int from = y;
      while (y < mask.height && mask.at(x, y) != 0) ++y;
      spans.push_back({x, from, y});
    }
  }
  return oriented_box(spans);
}

Truth through_coco(Truth truth) {
  const auto points = truth.points;
  return each(std::move(truth), [&](const TrueImage&, TrueLabel label) {
    const auto found = points.find(label.class_name);
    label.keypoints.resize(found == points.end() ? 0 : found->second);
    if (label.crowd && label.shape != Shape::box && label.shape != Shape::mask) {
      label.shape = Shape::mask;
      label.box = rect_of(bounding_box(label.pixels));
    }
    return std::optional(label);
  });
}

std::optional<TrueLabel> as_yolo(const TrueImage& image, const TrueLabel& label) {
  TrueLabel kept = bare(label);
  kept.box = inside(label.box, image);
  if (label.crowd || kept.box.empty()) return std::nullopt;
  return kept;
}

bool lie_apart(const std::vector<Polygon>& parts) {
  for (std::size_t i = 0; i < parts.size(); ++i) {
    for (std::size_t k = 0; k < i; ++k) {
      const Rect a = extent_of({parts[i]});
      const Rect b = extent_of({parts[k]});
      if (a.x0 < b.x1 && b.x0 < a.x1 && a.y0 < b.y1 && b.y0 < a.y1) return false;
    }
  }
  return true;
}

std::optional<TrueLabel> as_yolo_seg(const TrueImage& image, const TrueLabel& label) {
  if (label.crowd) return std::nullopt;
  TrueLabel kept = bare(label);
  kept.shape = Shape::polygon;
  kept.pixels = label.pixels;
  if (label.shape == Shape::box) kept.pixels = pixels_of(label.box, image);
  if (label.shape == Shape::mask) kept.pixels = filled(label.pixels);
  if (label.shape == Shape::polygons && !lie_apart(label.parts)) {
    kept.pixels = filled(label.pixels);
    kept.box = rect_of(bounding_box(kept.pixels));
  }
  return kept;
}

std::optional<TrueLabel> as_yolo_obb(const TrueImage& image, const TrueLabel& label) {
  if (label.crowd) return std::nullopt;
  OrientedBox o{{(label.box.x0 + label.box.x1) / 2, (label.box.y0 + label.box.y1) / 2},
                {label.box.width(), label.box.height()},
                0};
  if (label.shape != Shape::box && area(label.pixels) > 0) o = around(label.pixels);
  if (label.oriented) o = *label.oriented;
  // Corners outside are moved to the border; what is read is the rectangle of their means.
  Polygon c = corners_of(o);
  for (glm::dvec2& p : c) p = glm::clamp(p, glm::dvec2(0), glm::dvec2(image.width, image.height));
  TrueLabel kept = bare(label);
  kept.box = extent_of({c});
  if (kept.box.empty()) return std::nullopt;
  const glm::dvec2 along = (c[1] - c[0] + c[2] - c[3]) / 2.0;
  const glm::dvec2 across = (c[3] - c[0] + c[2] - c[1]) / 2.0;
  kept.oriented = OrientedBox{(c[0] + c[1] + c[2] + c[3]) / 4.0,
                              {glm::length(along), glm::length(across)},
                              std::atan2(along.y, along.x)};
  return kept;
}

Truth through_yolo_pose(Truth truth) {
  std::size_t most = 0;
  for (const auto& [name, count] : truth.points) most = std::max(most, count);
  for (const std::string& name : truth.classes) truth.points[name] = most;
  return each(std::move(truth), [&](const TrueImage& image, const TrueLabel& label) {
    std::optional<TrueLabel> kept = as_yolo(image, label);
    if (!kept) return kept;
    kept->keypoints = label.keypoints;
    kept->keypoints.resize(most);
    for (LabelPoint& point : kept->keypoints) {
      const glm::dvec2& p = point.position;
      if (p.x < 0 || p.y < 0 || p.x > image.width || p.y > image.height) point = {};
    }
    return kept;
  });
}

std::string kitti_name(std::string name) {
  for (char& c : name) {
    if (c == ' ' || c == '"' || c == '\'') c = '_';
  }
  return name;
}

std::optional<TrueLabel> as_kitti(const TrueImage&, const TrueLabel& label) {
  TrueLabel kept = bare(label);
  kept.class_name = label.crowd ? "DontCare" : kitti_name(label.class_name);
  kept.crowd = label.crowd;
  if (!label.crowd) kept.truncation = label.truncation;
  return kept;
}

/// KITTI has no list of classes: those that labels have, in alphabetical order.
Truth through_kitti(Truth truth) {
  truth = each(std::move(truth), as_kitti);
  std::set<std::string> names;
  for (const auto& [bytes, image] : truth.images) {
    for (const TrueLabel& label : image.labels) names.insert(label.class_name);
  }
  truth.classes.assign(names.begin(), names.end());
  return truth;
}

std::optional<TrueLabel> as_voc(const TrueImage& image, const TrueLabel& label) {
  const Rect& b = label.box;
  if (label.crowd || inside(b, image).empty()) return std::nullopt;
  const auto nearest = [](double x, double size) {
    return std::floor(std::clamp(x, 0.0, size) + 0.5);
  };
  TrueLabel kept = bare(label);
  kept.hard = label.hard;
  kept.box.x0 = std::min(nearest(b.x0, image.width), image.width - 1.0);
  kept.box.y0 = std::min(nearest(b.y0, image.height), image.height - 1.0);
  kept.box.x1 = std::max(nearest(b.x1, image.width), kept.box.x0 + 1);
  kept.box.y1 = std::max(nearest(b.y1, image.height), kept.box.y0 + 1);
  return kept;
}

std::optional<TrueLabel> as_cvat(const TrueImage& image, const TrueLabel& label) {
  if (label.crowd) return std::nullopt;
  TrueLabel kept = bare(label);
  kept.hard = label.hard;
  kept.shape = label.shape;
  if (label.shape == Shape::box) {
    kept.oriented = label.oriented;
    if (kept.oriented) kept.box = inside(extent_of({corners_of(*kept.oriented)}), image);
    return kept;
  }
  kept.pixels = label.pixels;
  if (label.shape == Shape::polygon) return kept;
  if (area(label.pixels) == 0) return std::nullopt;
  kept.shape = Shape::mask;
  kept.box = rect_of(bounding_box(label.pixels));
  return kept;
}

Carrier plain(const char* sink, const Keep& keep) {
  return {sink, [keep](Truth truth) {
            truth.points.clear();
            return each(without_folds(std::move(truth)), keep);
          }};
}

/// Says in `found` where `truth` and `label` differ.
void compare(const TrueLabel& truth, const Label& label, const DatasetInfo& info,
             const LabelledImage& image, std::vector<std::string>& found) {
  const auto check = [&](bool holds, const std::string& what) {
    if (!holds) {
      found.push_back(image.name + ", label " + std::to_string(label.id) + " of " +
                      truth.class_name + ": " + what);
    }
  };
  constexpr double kNear = 1e-4;
  check(info.classes.at(label.class_id) == truth.class_name,
        "is a " + info.classes.at(label.class_id));
  const Rect &a = truth.box, &b = label.box;
  check(std::abs(a.x0 - b.x0) < kNear && std::abs(a.y0 - b.y0) < kNear &&
            std::abs(a.x1 - b.x1) < kNear && std::abs(a.y1 - b.y1) < kNear,
        "box " + std::to_string(b.x0) + " " + std::to_string(b.y0) + " " + std::to_string(b.x1) +
            " " + std::to_string(b.y1) + ", wanted " + std::to_string(a.x0) + " " +
            std::to_string(a.y0) + " " + std::to_string(a.x1) + " " + std::to_string(a.y1));
  const std::optional<Rle> pixels = mask_of(label, image.width, image.height);
  check(pixels.has_value() == (truth.shape != Shape::box), "has a shape, or lacks it");
  if (pixels && truth.shape != Shape::box) check(*pixels == truth.pixels, "other pixels");
  check(label.mask.has_value() == (truth.shape == Shape::mask), "is a mask, or is none");
  check(label.crowd == truth.crowd, "crowd");
  check(label.hard == truth.hard, "hard");
  check(label.loose == truth.loose, "loose");
  const auto same = [](const std::optional<double>& x, const std::optional<double>& y) {
    return x.has_value() == y.has_value() && (!x || std::abs(*x - *y) < 1e-6);
  };
  check(same(label.truncation, truth.truncation), "truncation");
  check(same(label.occlusion, truth.occlusion), "occlusion");
  check(label.oriented.has_value() == truth.oriented.has_value(), "has an angle, or lacks it");
  if (label.oriented && truth.oriented) {
    const Polygon is = corners_of(*label.oriented);
    for (const glm::dvec2& corner : corners_of(*truth.oriented)) {
      check(std::any_of(is.begin(), is.end(),
                        [&](const glm::dvec2& p) { return glm::distance(p, corner) < kNear; }),
            "oriented corners");
    }
  }
  check(label.keypoints.size() == truth.keypoints.size(),
        std::to_string(label.keypoints.size()) + " keypoints");
  for (std::size_t i = 0; i < std::min(label.keypoints.size(), truth.keypoints.size()); ++i) {
    const LabelPoint& is = label.keypoints[i];
    const LabelPoint& wanted = truth.keypoints[i];
    check(is.visibility == wanted.visibility, "visibility of a keypoint");
    check(glm::distance(is.position, wanted.position) < kNear, "place of a keypoint");
  }
}

}  // namespace

std::string bytes_of(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  std::ostringstream bytes;
  bytes << in.rdbuf();
  return bytes.str();
}

Truth truth_of(const DatasetInfo& info, const std::vector<LabelledImage>& images) {
  Truth truth{info.classes, {}, {}};
  for (std::size_t c = 0; c < info.keypoints.size(); ++c) {
    if (!info.keypoints[c].points.empty()) {
      truth.points[info.classes[c]] = info.keypoints[c].points.size();
    }
  }
  for (const LabelledImage& image : images) {
    TrueImage out{image.width, image.height, image.split, image.fold, image.train_only, {}};
    for (const Label& label : image.labels) {
      TrueLabel one = bare({.class_name = info.classes.at(label.class_id), .box = label.box});
      if (label.mask) one.shape = Shape::mask;
      if (!label.outline.empty()) {
        one.shape = label.outline.size() == 1 ? Shape::polygon : Shape::polygons;
        one.parts = label.outline;
      }
      if (const auto pixels = mask_of(label, image.width, image.height)) one.pixels = *pixels;
      one.oriented = label.oriented;
      one.keypoints = label.keypoints;
      one.truncation = label.truncation;
      one.occlusion = label.occlusion;
      one.crowd = label.crowd;
      one.hard = label.hard;
      one.loose = label.loose;
      out.labels.push_back(std::move(one));
    }
    truth.images.emplace(bytes_of(image.file.path), std::move(out));
  }
  return truth;
}

const std::vector<Carrier>& carriers() {
  static const std::vector<Carrier> all = [] {
    std::vector<Carrier> list;
    list.push_back({"coco", through_coco});
    list.push_back(plain("yolo", as_yolo));
    list.push_back(plain("yolo_seg", as_yolo_seg));
    list.push_back(plain("yolo_obb", as_yolo_obb));
    list.push_back({"yolo_pose", [](Truth truth) {
                      return through_yolo_pose(without_folds(std::move(truth)));
                    }});
    list.push_back({"kitti", [](Truth truth) {
                      truth.points.clear();
                      return through_kitti(without_folds(std::move(truth)));
                    }});
    list.push_back(plain("voc", as_voc));
    list.push_back(plain("cvat", as_cvat));
    return list;
  }();
  return all;
}

std::vector<std::string> differences(const Truth& truth, const DatasetInfo& info,
                                     const std::vector<LabelledImage>& images) {
  std::vector<std::string> found;
  if (images.size() != truth.images.size()) {
    found.push_back(std::to_string(images.size()) + " images, wanted " +
                    std::to_string(truth.images.size()));
  }
  if (info.classes != truth.classes) found.emplace_back("other classes");
  for (const LabelledImage& image : images) {
    const auto wanted = truth.images.find(bytes_of(image.file.path));
    if (wanted == truth.images.end()) {
      found.push_back(image.name + ": another picture");
      continue;
    }
    const TrueImage& one = wanted->second;
    if (image.width != one.width || image.height != one.height) found.emplace_back("other size");
    if (image.split != one.split) {
      found.push_back(image.name + ": split " + image.split + ", wanted " + one.split);
    }
    if (image.fold != one.fold) found.push_back(image.name + ": fold");
    if (image.train_only != one.train_only) found.push_back(image.name + ": train_only");
    if (image.labels.size() != one.labels.size()) {
      found.push_back(image.name + ": " + std::to_string(image.labels.size()) + " labels, wanted " +
                      std::to_string(one.labels.size()));
      continue;
    }
    for (std::size_t i = 0; i < one.labels.size(); ++i) {
      compare(one.labels[i], image.labels[i], info, image, found);
    }
  }
  return found;
}

}  // namespace orrery::testing
