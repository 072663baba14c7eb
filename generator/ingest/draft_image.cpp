#include <algorithm>
#include <array>
#include <cmath>

#include "generator/ingest/picture_header.hpp"
#include "generator/ingest/read_source.hpp"
#include "renderer/labels/mask.hpp"
#include "scenes/nearest_name.hpp"

namespace orrery {
namespace {

/// Coordinates written with a few decimals, or as a share of the image's side with six, may leave
/// the image by this much without anything being wrong. Pixels.
constexpr double kRounding = 0.02;
/// A stated box and the extent of its mask may differ by this much: formats count pixels
/// differently.
constexpr double kBoxSlack = 1.0;

bool all_finite(const Polygon& polygon) {
  return std::all_of(polygon.begin(), polygon.end(),
                     [](const glm::dvec2& p) { return std::isfinite(p.x) && std::isfinite(p.y); });
}

/// What of a polygon lies where axis `axis` is at least `limit` (or, with side -1, at most).
/// Source: Sutherland and Hodgman, Reentrant Polygon Clipping, 1974.
Polygon cut(const Polygon& polygon, int axis, double limit, double side) {
  Polygon kept;
  for (std::size_t i = 0; i < polygon.size(); ++i) {
    const glm::dvec2& a = polygon[i];
    const glm::dvec2& b = polygon[(i + 1) % polygon.size()];
    const double from = side * (a[axis] - limit);
    const double to = side * (b[axis] - limit);
    if (from >= 0) kept.push_back(a);
    if ((from > 0 && to < 0) || (from < 0 && to > 0)) {
      glm::dvec2 between = a + (b - a) * (from / (from - to));
      between[axis] = limit;
      kept.push_back(between);
    }
  }
  return kept;
}

/// Where a point of a stored picture lies in the upright one. Source: EXIF 2.32, tag Orientation.
glm::dvec2 upright(const glm::dvec2& p, int orientation, double w, double h) {
  switch (orientation) {
    case 2:
      return {w - p.x, p.y};
    case 3:
      return {w - p.x, h - p.y};
    case 4:
      return {p.x, h - p.y};
    case 5:
      return {p.y, p.x};
    case 6:
      return {h - p.y, p.x};
    case 7:
      return {h - p.y, w - p.x};
    case 8:
      return {p.y, w - p.x};
    default:
      return p;
  }
}

Rle upright(const Rle& mask, int orientation) {
  const Image<std::uint8_t> from = mask_from_rle(mask);
  const bool side = orientation >= 5;
  Image<std::uint8_t> to(side ? from.height : from.width, side ? from.width : from.height, 0);
  for (int y = 0; y < from.height; ++y) {
    for (int x = 0; x < from.width; ++x) {
      const glm::dvec2 at =
          upright(glm::dvec2(x + 0.5, y + 0.5), orientation, from.width, from.height);
      to.at(static_cast<int>(at.x), static_cast<int>(at.y)) = from.at(x, y);
    }
  }
  return rle_from_mask(to);
}

Rect upright(const Rect& box, int orientation, double w, double h) {
  const glm::dvec2 a = upright(glm::dvec2(box.x0, box.y0), orientation, w, h);
  const glm::dvec2 b = upright(glm::dvec2(box.x1, box.y1), orientation, w, h);
  return {std::min(a.x, b.x), std::min(a.y, b.y), std::max(a.x, b.x), std::max(a.y, b.y)};
}

}  // namespace

bool DraftImage::open(const std::filesystem::path& picture) {
  PictureFault fault;
  const std::optional<PictureHeader> header = find_picture_header(picture, fault);
  if (!header) {
    problem("", fault.reason, fault.text, true);
    return false;
  }
  image.file = picture;
  image.width = header->upright_width();
  image.height = header->upright_height();
  stored_width_ = header->width;
  stored_height_ = header->height;
  orientation_ = header->orientation;
  return true;
}

bool DraftImage::check_size(double width, double height) {
  if (width == 0 && height == 0) return true;
  if (width == image.width && height == image.height) return true;
  if (width == stored_width_ && height == stored_height_) {
    turned_ = true;
    return true;
  }
  problem("", "size_differs",
          "the labels are for " + shown_box({0, 0, width, height}) + ", the picture " +
              image.file.string() + " has " + std::to_string(image.width) + " x " +
              std::to_string(image.height) + " pixels",
          true);
  return false;
}

std::optional<std::uint32_t> DraftImage::class_of(const std::string& name, const std::string& at) {
  const auto found = std::find(info_.classes.begin(), info_.classes.end(), name);
  if (found != info_.classes.end()) {
    return static_cast<std::uint32_t>(found - info_.classes.begin());
  }
  if (name.empty()) {
    problem(at, "class_missing", "the label has no class");
  } else {
    problem(at, "class_unknown",
            "the class \"" + name + "\" is none of the dataset's" +
                (info_.classes.empty()
                     ? std::string()
                     : ", wanted one such as \"" + nearest_name(name, info_.classes) + "\""));
  }
  return std::nullopt;
}

void DraftImage::problem(const std::string& at, const std::string& reason, const std::string& text,
                         bool whole_image) {
  problems_.push_back({at.empty() ? where_ : where_ + ": " + at, reason, text, whole_image});
}

bool DraftImage::check_outline(Label& label, const std::string& at) {
  if (label.outline.empty()) return true;
  const double w = width();
  const double h = height();
  std::vector<Polygon> kept;
  bool clipped = false;
  for (Polygon& polygon : label.outline) {
    if (polygon.size() < 3) {
      problem(at, "polygon_short",
              "a polygon has " + std::to_string(polygon.size()) + " points, wanted 3 or more");
      continue;
    }
    if (!all_finite(polygon)) {
      problem(at, "box_not_a_number", "a polygon has a point that is no number");
      continue;
    }
    const Rect extent = extent_of({polygon});
    if (extent.x0 >= 0 && extent.y0 >= 0 && extent.x1 <= w && extent.y1 <= h) {
      kept.push_back(std::move(polygon));
      continue;
    }
    clipped = clipped || extent.x0 < -kRounding || extent.y0 < -kRounding ||
              extent.x1 > w + kRounding || extent.y1 > h + kRounding;
    Polygon inside = cut(cut(cut(cut(polygon, 0, 0, 1), 0, w, -1), 1, 0, 1), 1, h, -1);
    if (inside.size() >= 3) kept.push_back(std::move(inside));
  }
  const bool any = !label.outline.empty();
  label.outline = std::move(kept);
  if (any && label.outline.empty()) {
    if (clipped) problem(at, "box_outside_image", "the polygons lie outside the image");
    return false;
  }
  if (clipped) problem(at, "box_clipped", "a polygon leaves the image and is clipped");
  const Rect extent = extent_of(label.outline);
  if (extent.empty()) {
    problem(at, "box_empty", "the polygons have no area: " + shown_box(extent));
    return false;
  }
  fit_box(label, extent, "polygons reach", at);
  return true;
}

void DraftImage::fit_box(Label& label, const Rect& tight, const std::string& shape,
                         const std::string& at) {
  const Rect said = label.box;
  if (said == Rect{}) label.box = tight;
  if (said == Rect{} || label.loose) return;
  const bool holds = said.x0 <= tight.x0 + kBoxSlack && said.y0 <= tight.y0 + kBoxSlack &&
                     said.x1 >= tight.x1 - kBoxSlack && said.y1 >= tight.y1 - kBoxSlack;
  const bool near = std::max(said.x0, 0.0) >= tight.x0 - kBoxSlack &&
                    std::max(said.y0, 0.0) >= tight.y0 - kBoxSlack &&
                    std::min(said.x1, double(width())) <= tight.x1 + kBoxSlack &&
                    std::min(said.y1, double(height())) <= tight.y1 + kBoxSlack;
  label.loose = holds && !near;
  // A mask's extent is exact; polygons need not be more so than the box beside them.
  if (label.loose || (holds && !label.mask)) return;
  if (!holds) {
    problem(at, "box_unlike_mask",
            "the box is " + shown_box(said) + ", its " + shape + " " + shown_box(tight) +
                ": that extent is taken");
  }
  label.box = tight;
}

bool DraftImage::check_mask(Label& label, const std::string& at) {
  if (!label.mask) return true;
  if (label.mask->width != width() || label.mask->height != height()) {
    problem(at, "mask_malformed",
            "the mask is " + std::to_string(label.mask->width) + " x " +
                std::to_string(label.mask->height) + " pixels, wanted the image's " +
                std::to_string(width()) + " x " + std::to_string(height()));
    return false;
  }
  const Box extent = bounding_box(*label.mask);
  if (extent.empty()) {
    problem(at, "mask_empty", "the mask has no pixel");
    return false;
  }
  fit_box(label, rect_of(extent), "mask reaches", at);
  return true;
}

bool DraftImage::check_box(Label& label, const std::string& at) {
  Rect& box = label.box;
  const double w = width();
  const double h = height();
  const auto refuse = [&](const char* reason, const char* what) {
    problem(at, reason, std::string("the box ") + shown_box(box) + " " + what);
    return false;
  };
  for (const double value : {box.x0, box.y0, box.x1, box.y1}) {
    if (!std::isfinite(value)) return refuse("box_not_a_number", "has a side that is no number");
  }
  if (box.width() < 0 || box.height() < 0) return refuse("box_negative", "has a negative size");
  if (box.empty()) return refuse("box_empty", "has no area");
  const Rect inside{std::max(box.x0, 0.0), std::max(box.y0, 0.0), std::min(box.x1, w),
                    std::min(box.y1, h)};
  if (inside.empty()) {
    return refuse("box_outside_image", ("lies outside the image of " + std::to_string(width()) +
                                        " x " + std::to_string(height()) + " pixels")
                                           .c_str());
  }
  if (box.x0 < -kRounding || box.y0 < -kRounding || box.x1 > w + kRounding ||
      box.y1 > h + kRounding) {
    problem(at, "box_clipped",
            "the box " + shown_box(box) + " leaves the image of " + std::to_string(width()) +
                " x " + std::to_string(height()) + " pixels and is clipped");
  }
  box = inside;
  return true;
}

bool DraftImage::check_keypoints(Label& label, const std::string& at) {
  if (label.keypoints.empty()) return true;
  const std::size_t wanted =
      label.class_id < info_.keypoints.size() ? info_.keypoints[label.class_id].points.size() : 0;
  bool sound = label.keypoints.size() == wanted;
  for (const LabelPoint& point : label.keypoints) {
    sound = sound && std::isfinite(point.position.x) && std::isfinite(point.position.y) &&
            point.visibility <= 2;
  }
  if (!sound) {
    problem(at, "keypoints_malformed",
            std::to_string(label.keypoints.size()) + " keypoints, wanted " +
                std::to_string(wanted) + " of the class, of numbers and visibility 0 to 2");
    label.keypoints.clear();
  }
  return true;
}

bool DraftImage::is_known(const Label& label) const {
  const auto [from, end] = by_corner_.equal_range({label.box.x0, label.box.y0});
  return std::any_of(from, end, [&](const auto& at) {
    const Label& other = image.labels[at.second];
    return other.class_id == label.class_id && other.box == label.box &&
           other.outline == label.outline && other.mask == label.mask &&
           other.keypoints == label.keypoints &&
           other.oriented.has_value() == label.oriented.has_value() &&
           (!label.oriented || (other.oriented->center == label.oriented->center &&
                                other.oriented->size == label.oriented->size &&
                                other.oriented->angle == label.oriented->angle));
  });
}

void DraftImage::turn(Label& label) const {
  const double w = stored_width_;
  const double h = stored_height_;
  label.box = upright(label.box, orientation_, w, h);
  if (label.amodal_box) *label.amodal_box = upright(*label.amodal_box, orientation_, w, h);
  for (Polygon& polygon : label.outline) {
    for (glm::dvec2& p : polygon) p = upright(p, orientation_, w, h);
  }
  for (LabelPoint& point : label.keypoints) {
    if (point.visibility > 0) point.position = upright(point.position, orientation_, w, h);
  }
  if (label.mask) label.mask = upright(*label.mask, orientation_);
  if (label.amodal) label.amodal = upright(*label.amodal, orientation_);
  if (label.oriented) {
    OrientedBox& box = *label.oriented;
    const glm::dvec2 ahead = box.center + glm::dvec2(std::cos(box.angle), std::sin(box.angle));
    box.center = upright(box.center, orientation_, w, h);
    const glm::dvec2 along = upright(ahead, orientation_, w, h) - box.center;
    box = oriented_box(box.center, box.size, std::atan2(along.y, along.x));
  }
}

void DraftImage::add(Label label, const std::string& at) {
  if (label.class_id >= info_.classes.size()) {
    problem(at, "class_unknown",
            "class " + std::to_string(label.class_id) + " is none of the dataset's " +
                std::to_string(info_.classes.size()));
    return;
  }
  if (!check_outline(label, at) || !check_mask(label, at) || !check_box(label, at) ||
      !check_keypoints(label, at)) {
    return;
  }
  if (turned_) turn(label);
  if (is_known(label)) {
    problem(at, "box_duplicate",
            "the box " + shown_box(label.box) + " of \"" + info_.classes[label.class_id] +
                "\" is there already");
    return;
  }
  by_corner_.emplace(std::pair(label.box.x0, label.box.y0), image.labels.size());
  image.labels.push_back(std::move(label));
}

LabelledImage DraftImage::take() {
  std::set<std::uint64_t> ids;
  for (const Label& label : image.labels) ids.insert(label.id);
  ids.erase(0);
  std::uint64_t fresh = 1;
  std::set<std::uint64_t> used;
  for (Label& label : image.labels) {
    if (label.id != 0 && used.insert(label.id).second) continue;
    if (label.id != 0) {
      problem("", "id_duplicate",
              "two labels have the id " + std::to_string(label.id) + ": the second gets another");
    }
    while (ids.count(fresh) != 0) ++fresh;
    label.id = fresh;
    ids.insert(fresh);
    used.insert(fresh);
  }
  std::stable_sort(image.labels.begin(), image.labels.end(),
                   [](const Label& a, const Label& b) { return a.id < b.id; });
  return std::move(image);
}

}  // namespace orrery
