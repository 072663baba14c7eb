#include "generator/augment/labels_at_work.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "generator/augment/moved_polygon.hpp"
#include "renderer/labels/mask.hpp"
#include "scenes/error.hpp"

namespace orrery {
namespace {

using Form = LabelAtWork::Form;

/// A part of mean size between the sides of a box that is around `inner`.
double looseness_of(const Rect& box, const Rect& inner) {
  const double around = box.width() - inner.width() + box.height() - inner.height();
  const double sides = inner.width() + inner.height();
  return sides > 0 ? std::max(0.0, around / sides) : 0;
}

LabelAtWork taken_up(Label label) {
  LabelAtWork work;
  work.first_side = std::min(label.box.width(), label.box.height());
  work.first_area = label.area();
  if (label.mask) {
    work.form = Form::mask;
  } else if (!label.outline.empty()) {
    work.form = Form::outline;
    work.polygons = label.outline;
  } else if (label.oriented) {
    work.form = Form::oriented;
    const OrientedBox& box = *label.oriented;
    const glm::dvec2 x = glm::dvec2(std::cos(box.angle), std::sin(box.angle)) * box.size.x / 2.0;
    const glm::dvec2 y = glm::dvec2(-std::sin(box.angle), std::cos(box.angle)) * box.size.y / 2.0;
    const glm::dvec2 c = box.center;
    work.polygons = {{c - x - y, c + x - y, c + x + y, c - x + y}};
  } else {
    work.polygons = {corners_of(label.box)};
  }
  if (label.loose && work.form != Form::box) {
    work.around = label.box;
    work.looseness = looseness_of(
        label.box, label.mask ? rect_of(bounding_box(*label.mask)) : extent_of(work.polygons));
  }
  work.label = std::move(label);
  return work;
}

/// The picture keeps its axes and directions: a camera sees it, with other intrinsics.
bool only_stretches(const glm::dmat3& m) {
  return keeps_axes(m) && m[0].x > 0 && m[1].y > 0 && m[0].y == 0;
}

bool inside(const glm::dvec2& p, const Geometry& geometry) {
  return p.x >= 0 && p.y >= 0 && p.x <= geometry.width() && p.y <= geometry.height();
}

}  // namespace

LabelsAtWork::LabelsAtWork(LabelledImage& image, const DatasetInfo& info, const AugmentSpec& spec)
    : image_(image),
      info_(info),
      spec_(spec),
      width_(image.width),
      height_(image.height),
      visible_(image.width, image.height),
      amodal_(image.width, image.height) {
  constexpr std::size_t kMost = std::numeric_limits<std::uint16_t>::max() / 2;
  if (image.labels.size() > kMost) {
    throw Error("augment: \"" + image.name + "\" has " + std::to_string(image.labels.size()) +
                " labels, wanted at most " + std::to_string(kMost));
  }
  for (const Label& label : image.labels) {
    if (label.class_id >= info.classes.size()) {
      throw Error("augment: label " + std::to_string(label.id) + " of \"" + image.name +
                  "\" is of class " + std::to_string(label.class_id) + ", wanted one below " +
                  std::to_string(info.classes.size()));
    }
  }
  for (Label& label : image.labels) labels_.push_back(taken_up(std::move(label)));
  image.labels.clear();
}

bool LabelsAtWork::any_box_only() const {
  return std::any_of(labels_.begin(), labels_.end(), [](const LabelAtWork& work) {
    return work.form == Form::box && !work.label.crowd;
  });
}

std::vector<Rect> LabelsAtWork::boxes() const {
  const std::vector<MaskLayers::Extent> extents = visible_.extents(labels_.size());
  std::vector<Rect> boxes;
  for (std::size_t i = 0; i < labels_.size(); ++i) {
    const LabelAtWork& work = labels_[i];
    Rect box = work.label.box;
    if (changed_ && work.form == Form::mask) box = rect_of(extents[i + 1].box);
    if (changed_ && work.form != Form::mask) box = extent_of(work.polygons);
    if (!work.label.crowd && !box.empty()) boxes.push_back(box);
  }
  return boxes;
}

void LabelsAtWork::lay_masks() {
  if (laid_) return;
  laid_ = true;
  for (std::size_t i = 0; i < labels_.size(); ++i) {
    const auto id = static_cast<std::uint16_t>(i + 1);
    if (labels_[i].form == Form::mask) visible_.add(id, *labels_[i].label.mask);
    if (labels_[i].label.amodal) amodal_.add(id, *labels_[i].label.amodal);
  }
}

void LabelsAtWork::move(const Geometry& geometry, const Warp& warp) {
  lay_masks();
  changed_ = true;
  move_camera(geometry);
  for (std::size_t i = 0; i < labels_.size(); ++i) move_amodal_box(i, geometry);
  std::vector<LabelAtWork> mirrored;
  if (spec_.border == AugmentBorder::reflect) mirrored = mirrored_things(geometry, warp);
  const std::vector<double> visible = moved_masks(visible_, labels_.size(), geometry, warp);
  const std::vector<double> amodal = moved_masks(amodal_, labels_.size(), geometry, warp);
  for (std::size_t i = 0; i < labels_.size(); ++i) {
    LabelAtWork& work = labels_[i];
    double part = visible[i + 1];
    if (work.form != Form::mask) part = move_polygons(work, geometry);
    work.left *= part;
    work.in_frame *= work.label.amodal ? amodal[i + 1] : part;
    move_around(work, geometry);
    move_keypoints(work, geometry);
  }
  for (LabelAtWork& work : mirrored) {
    visible_.add(static_cast<std::uint16_t>(labels_.size() + 1), *work.label.mask);
    labels_.push_back(std::move(work));
  }
  width_ = geometry.width();
  height_ = geometry.height();
  blur_px_ /= std::sqrt(warp.area_in(width_ / 2, height_ / 2));
}

/// Moves masks; by id, the share of pixels that stays in the picture, exactly 1 if all do.
std::vector<double> LabelsAtWork::moved_masks(MaskLayers& layers, std::size_t most,
                                              const Geometry& geometry, const Warp& warp) {
  const std::vector<MaskLayers::Extent> before = layers.extents(most);
  std::vector<double> left(most + 1);
  layers.warp(warp, left);
  const std::optional<glm::dmat3> matrix = geometry.out_from_in();
  for (std::size_t id = 1; id <= most; ++id) {
    const MaskLayers::Extent& extent = before[id];
    if (extent.pixels == 0) continue;
    bool whole = matrix.has_value();
    for (const glm::dvec2& corner : corners_of(rect_of(extent.box))) {
      const auto at = geometry.out_from_in(corner);
      whole = whole && at && inside(*at, geometry);
    }
    left[id] = whole ? 1 : std::min(1.0, left[id] / static_cast<double>(extent.pixels));
  }
  return left;
}

double LabelsAtWork::move_polygons(LabelAtWork& work, const Geometry& geometry) const {
  const std::optional<glm::dmat3> matrix = geometry.out_from_in();
  if (work.form == Form::box && work.upright && !(matrix && keeps_axes(*matrix))) {
    work.upright = false;
    if (spec_.box_rotation == BoxRotation::ellipse) {
      for (Polygon& box : work.polygons) box = ellipse_in(extent_of({box}));
    }
  }
  double left = 1;
  work.polygons = moved(work.polygons, geometry, left);
  return left;
}

void LabelsAtWork::move_around(LabelAtWork& work, const Geometry& geometry) {
  if (!work.around) return;
  const std::optional<glm::dmat3> matrix = geometry.out_from_in();
  work.upright = work.upright && matrix && keeps_axes(*matrix);
  if (!work.upright) return;
  double left = 1;
  const std::vector<Polygon> box = moved({corners_of(*work.around)}, geometry, left);
  work.around = box.empty() ? Rect{} : extent_of(box);
}

void LabelsAtWork::move_keypoints(LabelAtWork& work, const Geometry& geometry) const {
  std::vector<LabelPoint>& points = work.label.keypoints;
  if (points.empty()) return;
  for (LabelPoint& point : points) {
    if (point.visibility == 0) continue;
    const auto at = geometry.out_from_in(point.position);
    point = at && inside(*at, geometry) ? LabelPoint{*at, point.visibility} : LabelPoint{};
  }
  if (!geometry.mirrors() || work.label.class_id >= info_.keypoints.size()) return;
  const Keypoints& names = info_.keypoints[work.label.class_id];
  const auto index_of = [&](const std::string& name) {
    const auto found = std::find_if(names.points.begin(), names.points.end(),
                                    [&](const Keypoint& point) { return point.name == name; });
    return static_cast<std::size_t>(found - names.points.begin());
  };
  for (const auto& [left, right] : names.swaps) {
    const std::size_t a = index_of(left);
    const std::size_t b = index_of(right);
    if (a < points.size() && b < points.size()) std::swap(points[a], points[b]);
  }
}

void LabelsAtWork::move_amodal_box(std::size_t index, const Geometry& geometry) {
  Label& label = labels_[index].label;
  if (!label.amodal_box) return;
  const Rect box = *label.amodal_box;
  const std::optional<glm::dmat3> matrix = geometry.out_from_in();
  std::vector<glm::dvec2> points;
  if (matrix && keeps_axes(*matrix)) {
    points = corners_of(box);
  } else if (label.amodal && box.x0 >= 0 && box.y0 >= 0 && box.x1 <= width_ && box.y1 <= height_) {
    points = amodal_.row_ends(static_cast<std::uint16_t>(index + 1),
                              {0, static_cast<int>(box.y0), width_, static_cast<int>(box.y1) + 1});
  }
  Polygon there;
  for (const glm::dvec2& point : points) {
    const auto at = geometry.out_from_in(point);
    if (at) there.push_back(*at);
  }
  if (there.empty() || there.size() < points.size()) {
    label.amodal_box.reset();
    ++cleared_["amodal_box"];
  } else {
    label.amodal_box = extent_of({there});
  }
}

void LabelsAtWork::move_camera(const Geometry& geometry) {
  const std::optional<glm::dmat3> matrix = geometry.out_from_in();
  const bool same_view = matrix && only_stretches(*matrix);
  if (image_.camera && same_view) {
    const glm::dmat3& m = *matrix;
    Intrinsics& camera = *image_.camera;
    camera.fx *= m[0].x;
    camera.fy *= m[1].y;
    camera.cx = camera.cx * m[0].x + m[2].x;
    camera.cy = camera.cy * m[1].y + m[2].y;
    camera.width = geometry.width();
    camera.height = geometry.height();
  } else if (image_.camera) {
    image_.camera.reset();
    ++cleared_["camera"];
  }
  clear_files();
  for (LabelAtWork& work : labels_) {
    if (same_view || !work.label.pose) continue;
    work.label.pose.reset();
    ++cleared_["pose"];
  }
}

void LabelsAtWork::clear_files() {
  if (image_.depth) ++cleared_["depth"];
  if (image_.ids) ++cleared_["ids"];
  image_.depth.reset();
  image_.ids.reset();
}

std::vector<LabelAtWork> LabelsAtWork::mirrored_things(const Geometry& geometry,
                                                       const Warp& warp) const {
  IdPlane plane(width_, height_, 0);
  visible_.paint(plane);
  for (std::size_t i = 0; i < labels_.size(); ++i) {
    if (labels_[i].form == Form::mask) continue;
    const Image<std::uint8_t> mask = mask_from_rle(mask_of(labels_[i].polygons, width_, height_));
    for (std::size_t k = 0; k < mask.pixels.size(); ++k) {
      if (mask.pixels[k] != 0) plane.pixels[k] = static_cast<std::uint16_t>(i + 1);
    }
  }
  std::vector<std::vector<ColumnSpan>> spans(labels_.size() + 1);
  append_spans(warp.mirrored_ids(plane), spans);
  std::vector<LabelAtWork> things;
  for (std::size_t i = 0; i < labels_.size(); ++i) {
    if (spans[i + 1].empty()) continue;
    LabelAtWork& work = things.emplace_back();
    work.form = Form::mask;
    work.mirrored = true;
    work.label.class_id = labels_[i].label.class_id;
    work.label.crowd = true;
    work.label.mask = rle_from_spans(spans[i + 1], geometry.width(), geometry.height());
  }
  return things;
}

void LabelsAtWork::hide(std::span<const Box> boxes) {
  lay_masks();
  changed_ = true;
  clear_files();
  for (std::size_t i = 0; i < labels_.size(); ++i) hide_polygons(i, boxes);
  const std::vector<MaskLayers::Extent> before = visible_.extents(labels_.size());
  for (const Box& box : boxes) visible_.clear(box);
  const std::vector<MaskLayers::Extent> after = visible_.extents(labels_.size());
  for (std::size_t i = 0; i < labels_.size(); ++i) {
    LabelAtWork& work = labels_[i];
    if (work.form == Form::mask && before[i + 1].pixels > 0) {
      work.left *=
          static_cast<double>(after[i + 1].pixels) / static_cast<double>(before[i + 1].pixels);
      work.hidden = after[i + 1].pixels == 0;
    }
    for (LabelPoint& point : work.label.keypoints) {
      for (const Box& box : boxes) {
        const bool under = point.position.x >= box.x0 && point.position.x < box.x1 &&
                           point.position.y >= box.y0 && point.position.y < box.y1;
        if (under && point.visibility == 2) point.visibility = 1;
      }
    }
  }
}

/// An outline that a box meets becomes a mask, from which its pixels can be taken. A label that is
/// a box keeps it, as nobody knows where in it the thing is; it has less left and may be loose.
void LabelsAtWork::hide_polygons(std::size_t index, std::span<const Box> boxes) {
  LabelAtWork& work = labels_[index];
  if (work.form == Form::mask || work.polygons.empty()) return;
  const Rect extent = extent_of(work.polygons);
  const Box pixels{static_cast<int>(std::floor(extent.x0)), static_cast<int>(std::floor(extent.y0)),
                   static_cast<int>(std::ceil(extent.x1)), static_cast<int>(std::ceil(extent.y1))};
  Image<std::uint8_t> under(pixels.x1 - pixels.x0, pixels.y1 - pixels.y0, 0);
  std::size_t hidden = 0;
  for (const Box& box : boxes) {
    for (int y = std::max(box.y0, pixels.y0); y < std::min(box.y1, pixels.y1); ++y) {
      for (int x = std::max(box.x0, pixels.x0); x < std::min(box.x1, pixels.x1); ++x) {
        std::uint8_t& pixel = under.at(x - pixels.x0, y - pixels.y0);
        hidden += pixel == 0 ? 1U : 0U;
        pixel = 1;
      }
    }
  }
  if (hidden == 0) return;
  if (work.form == Form::box) {
    work.left *= 1 - static_cast<double>(hidden) / static_cast<double>(under.pixels.size());
    work.hidden = hidden == under.pixels.size();
    work.label.loose = true;
    if (work.hidden) work.polygons.clear();
    return;
  }
  visible_.add(static_cast<std::uint16_t>(index + 1), mask_of(work.polygons, width_, height_));
  work.form = Form::mask;
  work.polygons.clear();
}

void LabelsAtWork::smear(double px) { blur_px_ = std::hypot(blur_px_, px); }

}  // namespace orrery
