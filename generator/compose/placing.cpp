#include "generator/compose/placing.hpp"

#include <algorithm>
#include <cmath>

#include "renderer/labels/mask.hpp"

namespace orrery {
namespace {

constexpr double kRadians = 0.017453292519943295;  // in a degree

Box clipped(const Box& box, int width, int height) {
  return {std::max(box.x0, 0), std::max(box.y0, 0), std::min(box.x1, width),
          std::min(box.y1, height)};
}

Box shifted(const Box& box, const glm::ivec2& by) {
  return {box.x0 + by.x, box.y0 + by.y, box.x1 + by.x, box.y1 + by.y};
}

}  // namespace

Placing::Placing(LabelledPixels& photo, const DatasetInfo& info, const PlaceSpec& place,
                 const FusionSpec& fusion, const LabelRules& rules, const Draws& draws,
                 ComposeReport& report)
    : photo_(photo),
      info_(info),
      place_(place),
      rules_(rules),
      draws_(draws),
      report_(report),
      fusion_(photo.color, fusion, draws),
      margin_(Fusion::margin(fusion)),
      real_(working_labels(photo.labelled, report)),
      cover_(photo.color.width, photo.color.height, 0),
      cover_extent_{photo.color.width, photo.color.height, 0, 0} {
  const int width = photo.color.width;
  const int height = photo.color.height;
  for (const WorkingLabel& real : real_) {
    if (real.label.crowd) continue;
    const Rect& r = real.label.box;
    const Box box = clipped({static_cast<int>(std::floor(r.x0)), static_cast<int>(std::floor(r.y0)),
                             static_cast<int>(std::ceil(r.x1)), static_cast<int>(std::ceil(r.y1))},
                            width, height);
    if (box.empty()) continue;
    Image<std::uint8_t> seen(box.x1 - box.x0, box.y1 - box.y0, 1);
    if (const std::optional<Rle> mask = mask_of(real.label, width, height)) {
      const Image<std::uint8_t> pixels = mask_from_rle(*mask);
      for (int y = box.y0; y < box.y1; ++y) {
        for (int x = box.x0; x < box.x1; ++x) {
          seen.at(x - box.x0, y - box.y0) = pixels.at(x, y);
        }
      }
    }
    add_region(std::move(seen), box, place.max_hidden_real);
  }
}

void Placing::add_region(Image<std::uint8_t> seen, const Box& box, double limit) {
  Region region{box, std::move(seen), 0, 0, limit};
  for (const std::uint8_t pixel : region.seen.pixels) region.total += pixel;
  region.left = region.total;
  regions_.push_back(std::move(region));
}

Placing::Turn Placing::drawn_turn(const CutThing& thing) const {
  const std::string at = std::to_string(number_);
  Rng rotation = draws_.rng("rotation/" + at);
  Rng flip = draws_.rng("flip/" + at);
  Turn turn;
  turn.angle = drawn(place_.rotation, rotation) * kRadians;
  turn.mirror = flip.unit() < place_.flip;
  if (thing.label && thing.label->class_id < info_.classes.size()) {
    const std::string& name = info_.classes[thing.label->class_id];
    if (std::find(place_.chiral.begin(), place_.chiral.end(), name) != place_.chiral.end()) {
      turn.mirror = false;
    }
  }
  return turn;
}

std::uint64_t Placing::overlap(const Region& region, const Layer& layer,
                               const glm::ivec2& at) const {
  const Box there = shifted(layer.extent, at);
  std::uint64_t count = 0;
  for (int y = std::max(region.box.y0, there.y0); y < std::min(region.box.y1, there.y1); ++y) {
    for (int x = std::max(region.box.x0, there.x0); x < std::min(region.box.x1, there.x1); ++x) {
      const bool seen = region.seen.at(x - region.box.x0, y - region.box.y0) != 0;
      if (seen && layer.mask.at(x - at.x, y - at.y) != 0) ++count;
    }
  }
  return count;
}

bool Placing::fits(const Layer& layer, const glm::ivec2& at) const {
  return std::all_of(regions_.begin(), regions_.end(), [&](const Region& region) {
    const std::uint64_t hidden = overlap(region, layer, at);
    if (hidden == 0) return true;
    return static_cast<double>(region.total - region.left + hidden) <=
           region.limit * static_cast<double>(region.total);
  });
}

std::optional<glm::ivec2> Placing::drawn_place(const Layer& layer) const {
  const std::string number = std::to_string(number_);
  Rng leaving = draws_.rng("truncated/" + number);
  Rng rng = draws_.rng("place/" + number);
  const bool may_leave = leaving.unit() < place_.truncated;
  const int width = photo_.color.width;
  const int height = photo_.color.height;
  const Box& e = layer.extent;
  const glm::ivec2 size(e.x1 - e.x0, e.y1 - e.y0);
  if (!may_leave && (size.x > width || size.y > height)) return std::nullopt;
  const glm::dvec2 half = may_leave ? glm::dvec2(0) : glm::dvec2(size) / 2.0;
  const bool lower = place_.where == PastePlace::lower_half;
  const double top = std::max(half.y, lower ? height / 2.0 : 0.0);
  if (top > height - half.y) return std::nullopt;
  for (int attempt = 0; attempt < place_.attempts; ++attempt) {
    const double x = rng.uniform(half.x, width - half.x);
    const double y = rng.uniform(top, height - half.y);
    const glm::ivec2 corner(std::lround(x - size.x / 2.0), std::lround(y - size.y / 2.0));
    const glm::ivec2 at = corner - glm::ivec2(e.x0, e.y0);
    const Box inside = clipped(shifted(e, at), width, height);
    std::uint64_t seen = 0;
    for (int v = inside.y0; v < inside.y1; ++v) {
      for (int u = inside.x0; u < inside.x1; ++u) seen += layer.mask.at(u - at.x, v - at.y);
    }
    const double outside = 1 - static_cast<double>(seen) / static_cast<double>(layer.area);
    if (outside > (may_leave ? place_.max_truncation : 0)) continue;
    if (fits(layer, at)) return at;
  }
  return std::nullopt;
}

void Placing::swap_points(Label& label) const {
  if (label.class_id >= info_.keypoints.size()) return;
  const Keypoints& names = info_.keypoints[label.class_id];
  const auto find = [&](const std::string& name) {
    return static_cast<std::size_t>(
        std::find_if(names.points.begin(), names.points.end(),
                     [&](const Keypoint& point) { return point.name == name; }) -
        names.points.begin());
  };
  for (const auto& pair : names.swaps) {
    const std::size_t a = find(pair[0]);
    const std::size_t b = find(pair[1]);
    if (std::max(a, b) < label.keypoints.size()) std::swap(label.keypoints[a], label.keypoints[b]);
  }
}

Label Placing::label_of(const CutThing& thing, const Layer& layer, const glm::ivec2& at,
                        bool mirror) const {
  const Label& from = *thing.label;
  const int width = photo_.color.width;
  const int height = photo_.color.height;
  Label label;
  label.class_id = from.class_id;
  label.weight = from.weight;
  label.hard = from.hard;
  label.more = from.more;
  if (from.oriented) label.oriented = OrientedBox{};
  Image<std::uint8_t> pixels(width, height, 0);
  std::uint64_t inside = 0;
  const Box there = clipped(shifted(layer.extent, at), width, height);
  for (int y = there.y0; y < there.y1; ++y) {
    for (int x = there.x0; x < there.x1; ++x) {
      pixels.at(x, y) = layer.mask.at(x - at.x, y - at.y);
      inside += pixels.at(x, y);
    }
  }
  set_mask(label, rle_from_mask(pixels));
  const double share = static_cast<double>(inside) / static_cast<double>(layer.area);
  const double whole = from.visible_fraction.value_or(1);
  label.visible_fraction = whole * share;
  label.truncation = 1 - (1 - from.truncation.value_or(0)) * share;
  label.occlusion = from.occlusion.value_or(0);
  if (whole > 0.999) {  // what was seen of it is all of it
    label.amodal = label.mask;
    label.amodal_box = rect_of(shifted(layer.extent, at));
  }
  for (LabelPoint point : from.keypoints) {
    point.position = layer.turn * point.position + layer.shift + glm::dvec2(at);
    const bool outside = point.position.x < 0 || point.position.y < 0 ||
                         point.position.x >= width || point.position.y >= height;
    if (point.visibility == 0 || outside) point = {};
    label.keypoints.push_back(point);
  }
  if (mirror) swap_points(label);
  return label;
}

void Placing::cover(const Layer& layer, const glm::ivec2& at) {
  const Box there = clipped(shifted(layer.extent, at), photo_.color.width, photo_.color.height);
  for (Region& region : regions_) {
    for (int y = std::max(region.box.y0, there.y0); y < std::min(region.box.y1, there.y1); ++y) {
      for (int x = std::max(region.box.x0, there.x0); x < std::min(region.box.x1, there.x1); ++x) {
        std::uint8_t& seen = region.seen.at(x - region.box.x0, y - region.box.y0);
        if (seen == 0 || layer.mask.at(x - at.x, y - at.y) == 0) continue;
        seen = 0;
        --region.left;
      }
    }
  }
  Image<std::uint8_t> alone(photo_.color.width, photo_.color.height, 0);
  Image<std::uint8_t> cut(there.x1 - there.x0, there.y1 - there.y0, 0);
  for (int y = there.y0; y < there.y1; ++y) {
    for (int x = there.x0; x < there.x1; ++x) {
      const std::uint8_t pixel = layer.mask.at(x - at.x, y - at.y);
      alone.at(x, y) = pixel;
      cut.at(x - there.x0, y - there.y0) = pixel;
      cover_.at(x, y) |= pixel;
    }
  }
  for (WorkingLabel& earlier : pasted_) hide(earlier, alone, there);
  cover_extent_ = {std::min(cover_extent_.x0, there.x0), std::min(cover_extent_.y0, there.y0),
                   std::max(cover_extent_.x1, there.x1), std::max(cover_extent_.y1, there.y1)};
  add_region(std::move(cut), there, place_.max_hidden);
}

bool Placing::lay(const CutThing& thing, const Turn& turn, double scale) {
  const std::size_t number = number_;
  if (thing.label) ++report_.ledger[thing.label->class_id].placed;
  const auto drop = [&](const char* rule) {
    if (thing.label) ++report_.ledger[thing.label->class_id].dropped[rule];
    ++number_;
    return false;
  };
  Layer layer = layer_of(thing, scale, turn.angle, turn.mirror, margin_);
  // Corners of pixels stand out of a small thing's outline; once more, to the size that was meant.
  const glm::dvec2 meant = turned_size(thing, turn.angle, turn.mirror) * scale;
  const Box& first = layer.extent;
  const double got = static_cast<double>(first.x1 - first.x0) * (first.y1 - first.y0);
  const double off = layer.area > 0 ? std::sqrt(meant.x * meant.y / got) : 1;
  if (scale != 1 && std::abs(off - 1) > 0.02 && off < 1.5) {
    scale *= off;
    layer = layer_of(thing, scale, turn.angle, turn.mirror, margin_);
  }
  const Box& e = layer.extent;
  if (layer.area == 0 || static_cast<double>(layer.area) < rules_.min_area ||
      std::min(e.x1 - e.x0, e.y1 - e.y0) < rules_.min_side) {
    return drop("too_small");
  }
  const std::optional<glm::ivec2> at = drawn_place(layer);
  if (!at) return drop("no_room");
  cover(layer, *at);
  if (thing.label) {
    pasted_.push_back({label_of(thing, layer, *at, turn.mirror), true, "hidden"});
  } else {
    ++report_.changed["distractor"];
  }
  Json said = fusion_.lay(layer, *at, number);
  said["at"] = {at->x + e.x0, at->y + e.y0};
  said["scale"] = scale;
  said["rotation"] = turn.angle / kRadians;
  if (turn.mirror) said["mirrored"] = true;
  said_.push_back(std::move(said));
  ++number_;
  return true;
}

Json Placing::finish() {
  std::vector<WorkingLabel> all;
  for (WorkingLabel& real : real_) {
    if (!cover_extent_.empty()) hide(real, cover_, cover_extent_);
    if (real.changed && real.label.loose) ++report_.changed["loose"];
    all.push_back(std::move(real));
  }
  for (WorkingLabel& pasted : pasted_) all.push_back(std::move(pasted));
  photo_.labelled.labels = settled(std::move(all), rules_, report_);
  Json said = fusion_.finish();
  said["things"] = std::move(said_);
  return said;
}

}  // namespace orrery
