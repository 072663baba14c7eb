#include "generator/compose/working_label.hpp"

#include <algorithm>
#include <cmath>

#include "renderer/labels/mask.hpp"
#include "renderer/labels/oriented_box.hpp"

namespace orrery {
namespace {

/// How much of a pixel's side [at, at+1) lies in [low, high).
double overlap(int at, double low, double high) {
  return std::max(0.0, std::min(high, at + 1.0) - std::max(low, static_cast<double>(at)));
}

/// What is left of a box: its extent, and as a share of its area.
struct Rest {
  Rect box;
  double share = 1;
};

Rest rest_of(const Rect& box, const Image<std::uint8_t>& cover) {
  const int x0 = std::max(0, static_cast<int>(std::floor(box.x0)));
  const int y0 = std::max(0, static_cast<int>(std::floor(box.y0)));
  const int x1 = std::min(cover.width, static_cast<int>(std::ceil(box.x1)));
  const int y1 = std::min(cover.height, static_cast<int>(std::ceil(box.y1)));
  Box seen{x1, y1, x0, y0};
  double covered = 0;
  for (int y = y0; y < y1; ++y) {
    for (int x = x0; x < x1; ++x) {
      if (cover.at(x, y) != 0) {
        covered += overlap(x, box.x0, box.x1) * overlap(y, box.y0, box.y1);
        continue;
      }
      seen = {std::min(seen.x0, x), std::min(seen.y0, y), std::max(seen.x1, x + 1),
              std::max(seen.y1, y + 1)};
    }
  }
  if (covered <= 0) return {box, 1};
  if (seen.empty()) return {{}, 0};
  const Rect rest = rect_of(seen);
  return {{std::max(box.x0, rest.x0), std::max(box.y0, rest.y0), std::min(box.x1, rest.x1),
           std::min(box.y1, rest.y1)},
          1 - covered / box.area()};
}

/// Sets how much is seen, by the share that is left of what was seen before.
void lose(Label& label, double left) {
  label.visible_fraction = label.visible_fraction.value_or(1) * left;
  label.occlusion = 1 - (1 - label.occlusion.value_or(0)) * left;
}

}  // namespace

OrientedBox oriented_box_of(const Rle& mask) {
  std::vector<ColumnSpan> spans;
  const Image<std::uint8_t> pixels = mask_from_rle(mask);
  for (const auto& run : column_runs<std::uint8_t>(pixels).runs) {
    if (run.value != 0) spans.push_back(run.span);
  }
  return oriented_box(spans);
}

void set_mask(Label& label, Rle mask) {
  const bool some = area(mask) > 0;
  label.box = rect_of(bounding_box(mask));
  if (label.oriented && some) label.oriented = oriented_box_of(mask);
  label.mask = std::move(mask);
  label.outline.clear();
  label.loose = false;
}

std::vector<WorkingLabel> working_labels(const LabelledImage& image, ComposeReport& report) {
  std::vector<WorkingLabel> labels;
  for (const Label& label : image.labels) {
    labels.push_back({label});
    ++report.ledger[label.class_id].placed;
  }
  return labels;
}

void hide(WorkingLabel& working, const Image<std::uint8_t>& cover, const Box& extent) {
  Label& label = working.label;
  for (LabelPoint& point : label.keypoints) {
    const int x = static_cast<int>(std::floor(point.position.x));
    const int y = static_cast<int>(std::floor(point.position.y));
    const bool inside = x >= 0 && y >= 0 && x < cover.width && y < cover.height;
    if (point.visibility == 2 && inside && cover.at(x, y) != 0) point.visibility = 1;
  }
  const Rect& box = label.box;
  if (box.x1 <= extent.x0 || box.y1 <= extent.y0 || box.x0 >= extent.x1 || box.y0 >= extent.y1) {
    return;
  }
  if (const std::optional<Rle> mask = mask_of(label, cover.width, cover.height)) {
    Image<std::uint8_t> seen = mask_from_rle(*mask);
    const std::uint64_t before = area(*mask);
    for (std::size_t i = 0; i < seen.pixels.size(); ++i) {
      if (cover.pixels[i] != 0) seen.pixels[i] = 0;
    }
    Rle rest = rle_from_mask(seen);
    const std::uint64_t after = area(rest);
    if (after == before) return;
    set_mask(label, std::move(rest));
    lose(label, static_cast<double>(after) / static_cast<double>(before));
  } else {
    const Rest rest = rest_of(box, cover);
    if (rest.share >= 1) return;
    label.box = rest.box;
    label.loose = true;
    if (label.oriented) label.oriented.reset();
    lose(label, rest.share);
  }
  working.changed = true;
  working.gone = "hidden";
}

std::vector<Label> settled(std::vector<WorkingLabel>&& labels, const LabelRules& rules,
                           ComposeReport& report) {
  std::vector<Label> out;
  for (WorkingLabel& working : labels) {
    Label& label = working.label;
    Tally& tally = report.ledger[label.class_id];
    if (working.changed && !(label.area() > 0)) {
      ++tally.dropped[working.gone];
      continue;
    }
    const double seen = label.visible_fraction.value_or(1);
    if (working.changed && !label.crowd) {
      const double side = std::min(label.box.width(), label.box.height());
      if (seen < rules.min_visible || side < rules.min_side || label.area() < rules.min_area) {
        label.crowd = true;
        label.keypoints.clear();
        ++report.changed["crowd"];
      } else if (seen < rules.hard_below && !label.hard) {
        label.hard = true;
        ++report.changed["hard"];
      }
    }
    ++tally.labelled;
    label.id = out.size() + 1;
    out.push_back(std::move(label));
  }
  return out;
}

}  // namespace orrery
