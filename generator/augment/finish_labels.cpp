#include <algorithm>
#include <cmath>

#include "generator/augment/labels_at_work.hpp"
#include "generator/augment/moved_polygon.hpp"
#include "renderer/labels/mask.hpp"
#include "renderer/labels/oriented_box.hpp"

namespace orrery {
namespace {

using Form = LabelAtWork::Form;

Rect grown(const Rect& box, double share, double width, double height) {
  const double x = box.width() * share / 2;
  const double y = box.height() * share / 2;
  return {std::max(0.0, box.x0 - x), std::max(0.0, box.y0 - y), std::min(width, box.x1 + x),
          std::min(height, box.y1 + y)};
}

/// Nothing but what a region that nobody labelled has.
void make_crowd(Label& label) {
  label.crowd = true;
  label.hard = false;
  label.oriented.reset();
  label.keypoints.clear();
  label.amodal.reset();
  label.amodal_box.reset();
  label.visible_fraction.reset();
  label.truncation.reset();
  label.occlusion.reset();
  label.pose.reset();
}

/// Of about a thousand pixels of a label, evenly spread. White is 1.
double mean_luminance(const Label& label, const Image<Rgba8>& color) {
  constexpr double kSamples = 1024;
  double sum = 0;
  std::uint64_t count = 0;
  const auto take = [&](int x, int y) {
    const Rgba8& p = color.at(x, y);
    sum += 0.2126 * p.r + 0.7152 * p.g + 0.0722 * p.b;
    ++count;
  };
  if (label.mask) {
    const auto step = static_cast<std::uint64_t>(
        std::max(1.0, std::floor(static_cast<double>(area(*label.mask)) / kSamples)));
    const auto height = static_cast<std::uint64_t>(label.mask->height);
    std::uint64_t at = 0;
    std::uint64_t next = 0;  // pixels of the mask until the next sample
    for (std::size_t i = 0; i < label.mask->counts.size(); ++i) {
      const std::uint64_t run = label.mask->counts[i];
      if (i % 2 == 1) {
        std::uint64_t k = next;
        for (; k < run; k += step) {
          take(static_cast<int>((at + k) / height), static_cast<int>((at + k) % height));
        }
        next = k - run;
      }
      at += run;
    }
  } else {
    const Rect& box = label.box;
    const double step = std::max(1.0, std::sqrt(box.area() / kSamples));
    for (double y = box.y0 + 0.5; y < std::min(box.y1, color.height + 0.0); y += step) {
      for (double x = box.x0 + 0.5; x < std::min(box.x1, color.width + 0.0); x += step) {
        take(std::max(0, static_cast<int>(x)), std::max(0, static_cast<int>(y)));
      }
    }
  }
  return count > 0 ? sum / (255 * static_cast<double>(count)) : 1;
}

}  // namespace

void LabelsAtWork::finish(const Image<Rgba8>& color, bool repainted, AugmentReport& report) {
  std::vector<std::vector<ColumnSpan>> visible(labels_.size() + 1);
  std::vector<std::vector<ColumnSpan>> amodal(labels_.size() + 1);
  if (changed_) {
    visible = visible_.spans(labels_.size());
    amodal = amodal_.spans(labels_.size());
  }
  std::uint64_t last_id = 0;
  for (const LabelAtWork& work : labels_) last_id = std::max(last_id, work.label.id);
  for (std::size_t i = 0; i < labels_.size(); ++i) {
    LabelAtWork& work = labels_[i];
    if (!work.mirrored) ++report.labels_in;
    if (changed_) derive(work, visible[i + 1], amodal[i + 1]);
    if (changed_ && !keep(work, report)) continue;
    demote(work, color, repainted, report);
    if (work.mirrored) {
      work.label.id = ++last_id;
      ++report.mirrored;
    }
    image_.labels.push_back(std::move(work.label));
  }
  image_.width = width_;
  image_.height = height_;
  report.labels_out = image_.labels.size();
  report.cleared = std::move(cleared_);
}

void LabelsAtWork::derive(LabelAtWork& work, const std::vector<ColumnSpan>& visible,
                          const std::vector<ColumnSpan>& amodal) const {
  Label& label = work.label;
  label.box = {};
  label.outline.clear();
  if (work.form == Form::mask) {
    label.mask.reset();
    if (!visible.empty()) {
      label.mask = rle_from_spans(visible, width_, height_);
      label.box = rect_of(bounding_box(*label.mask));
      if (label.oriented) label.oriented = oriented_box(visible);
    }
  } else if (!work.polygons.empty()) {
    label.box = extent_of(work.polygons);
    if (label.oriented) label.oriented = rectangle_around(work.polygons);
    if (work.form == Form::outline) label.outline = work.polygons;
    if (work.form == Form::box) label.loose = label.loose || !work.upright;
  }
  if (work.around && !label.box.empty()) {
    label.box = work.upright ? *work.around : grown(label.box, work.looseness, width_, height_);
  }
  if (label.amodal) label.amodal = rle_from_spans(amodal, width_, height_);
  derive_shares(work);
}

void LabelsAtWork::derive_shares(LabelAtWork& work) const {
  Label& label = work.label;
  const double in_frame = work.in_frame;
  if (label.visible_fraction) *label.visible_fraction *= work.left;
  if (label.truncation) *label.truncation = 1 - (1 - *label.truncation) * in_frame;
  if (!label.occlusion) return;
  if (label.visible_fraction && label.truncation && *label.truncation < 1) {
    label.occlusion = 1 - *label.visible_fraction / (1 - *label.truncation);
  } else if (in_frame > 0) {
    label.occlusion = 1 - (1 - *label.occlusion) * work.left / in_frame;
  }
  label.occlusion = std::clamp(*label.occlusion, 0.0, 1.0);
}

bool LabelsAtWork::keep(LabelAtWork& work, AugmentReport& report) const {
  Label& label = work.label;
  if (label.box.empty()) {
    if (work.mirrored) return false;
    const bool too_small = work.form == Form::mask && work.in_frame == 1;
    const char* const rule = work.hidden ? "hidden" : (too_small ? "subpixel" : "outside");
    report.dropped.push_back({label.id, label.class_id, rule});
    return false;
  }
  if (label.crowd) return true;
  const double side = std::min(label.box.width(), label.box.height());
  const double area = label.area();
  std::string rule;
  if (work.left < spec_.min_visible) {
    rule = "min_visible";
  } else if (side < spec_.min_side && side < work.first_side) {
    rule = "min_side";
  } else if (area < spec_.min_area && area < work.first_area) {
    rule = "min_area";
  }
  if (rule.empty()) return true;
  make_crowd(label);
  report.made_crowd.push_back({label.id, label.class_id, rule});
  return true;
}

void LabelsAtWork::demote(LabelAtWork& work, const Image<Rgba8>& color, bool repainted,
                          AugmentReport& report) const {
  Label& label = work.label;
  if (label.crowd || label.hard) return;
  std::string rule;
  if (work.left < spec_.hard_visible) {
    rule = "hard_visible";
  } else if (blur_px_ > spec_.hard_blur * std::min(label.box.width(), label.box.height())) {
    rule = "hard_blur";
  } else if (repainted && mean_luminance(label, color) < spec_.hard_luminance) {
    rule = "hard_luminance";
  }
  if (rule.empty()) return;
  label.hard = true;
  report.made_hard.push_back({label.id, label.class_id, rule});
}

}  // namespace orrery
