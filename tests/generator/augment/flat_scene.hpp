#pragma once

#include <array>
#include <cmath>

#include "generator/augment/augment.hpp"
#include "generator/augment/mask_layers.hpp"
#include "renderer/labels/mask.hpp"
#include "renderer/labels/oriented_box.hpp"
#include "scenes/random.hpp"

namespace orrery::testing {

inline const Rgba8 kGround(30, 30, 30, 255);

/// A colour of its own for each instance, far from all others and from the ground and the fill.
inline Rgba8 flat_color(std::size_t index) {
  static constexpr std::array<std::array<std::uint8_t, 3>, 12> kColors{{{250, 20, 20},
                                                                        {20, 250, 20},
                                                                        {40, 40, 250},
                                                                        {250, 250, 20},
                                                                        {250, 20, 250},
                                                                        {20, 250, 250},
                                                                        {250, 140, 20},
                                                                        {140, 20, 250},
                                                                        {20, 130, 20},
                                                                        {130, 20, 20},
                                                                        {20, 110, 210},
                                                                        {240, 240, 240}}};
  const auto& c = kColors[index % kColors.size()];
  return {c[0], c[1], c[2], 255};
}

/// A shape on a plane; half of them are discs, others turned rectangles.
struct FlatShape {
  glm::dvec2 middle{0.0};
  glm::dvec2 half{0.0};
  double angle = 0;
  bool disc = false;

  bool holds(const glm::dvec2& p) const {
    const glm::dvec2 d = p - middle;
    const double x = (d.x * std::cos(angle) + d.y * std::sin(angle)) / half.x;
    const double y = (d.y * std::cos(angle) - d.x * std::sin(angle)) / half.y;
    return disc ? x * x + y * y <= 1 : std::abs(x) <= 1 && std::abs(y) <= 1;
  }
};

inline Rle mask_of_plane(const IdPlane& plane, std::uint16_t id) {
  Image<std::uint8_t> mask(plane.width, plane.height, 0);
  for (std::size_t i = 0; i < mask.pixels.size(); ++i) mask.pixels[i] = plane.pixels[i] == id;
  return rle_from_mask(mask);
}

enum class Labelled { masks, outlines, boxes, mixed };

inline DatasetInfo flat_info() {
  DatasetInfo info;
  info.classes = {"disc", "bar"};
  Keypoints points;
  points.points = {{"middle"}, {"left"}, {"right"}};
  points.swaps = {{"left", "right"}};
  info.keypoints = {points, Keypoints{}};
  return info;
}

/// Flat shapes over each other on a dark ground; labels from the shapes, later shapes on top.
inline LabelledPixels flat_scene(std::uint64_t index, int width, int height, std::size_t count,
                                 Labelled labelled = Labelled::masks) {
  Rng rng(3, index, "test/flat_scene");
  LabelledPixels picture;
  picture.color = Image<Rgba8>(width, height, kGround);
  picture.labelled.name = "flat" + std::to_string(index);
  picture.labelled.width = width;
  picture.labelled.height = height;
  IdPlane plane(width, height, 0);
  std::vector<FlatShape> shapes;
  std::vector<Rle> alone;
  for (std::size_t i = 0; i < count; ++i) {
    FlatShape shape;
    const double x = rng.unit() * width;
    const double y = rng.unit() * height;
    shape.middle = {x, y};
    const double a = rng.uniform(6, 0.25 * height);
    const double b = rng.uniform(6, 0.25 * height);
    shape.disc = i % 2 == 0;
    shape.half = shape.disc ? glm::dvec2(a, a) : glm::dvec2(a, b);
    shape.angle = rng.uniform(0, 3);
    Image<std::uint8_t> own(width, height, 0);
    for (int row = 0; row < height; ++row) {
      for (int column = 0; column < width; ++column) {
        if (!shape.holds({column + 0.5, row + 0.5})) continue;
        plane.at(column, row) = static_cast<std::uint16_t>(i + 1);
        picture.color.at(column, row) = flat_color(i);
        own.at(column, row) = 1;
      }
    }
    shapes.push_back(shape);
    alone.push_back(rle_from_mask(own));
  }
  for (std::size_t i = 0; i < count; ++i) {
    const Rle mask = mask_of_plane(plane, static_cast<std::uint16_t>(i + 1));
    if (area(mask) == 0) continue;
    Label label;
    label.id = i + 1;
    label.class_id = shapes[i].disc ? 0 : 1;
    label.box = rect_of(bounding_box(mask));
    const bool box_only =
        labelled == Labelled::boxes || (labelled == Labelled::mixed && i % 3 == 1);
    const bool outline =
        labelled == Labelled::outlines || (labelled == Labelled::mixed && i % 3 == 2);
    if (outline) {
      std::size_t holes = 0;
      label.outline = polygons_of(mask, holes);
    } else if (!box_only) {
      label.mask = mask;
      label.amodal = alone[i];
      label.amodal_box = rect_of(bounding_box(alone[i]));
      label.visible_fraction =
          static_cast<double>(area(mask)) / static_cast<double>(area(alone[i]));
      label.truncation = 0;
      label.occlusion = 1 - *label.visible_fraction;
      label.oriented = OrientedBox{};
    }
    if (shapes[i].disc) {
      const glm::dvec2 c = glm::clamp(shapes[i].middle, glm::dvec2(0.0), glm::dvec2(width, height));
      const glm::dvec2 left = glm::max(c - glm::dvec2(3, 0), glm::dvec2(0.0));
      label.keypoints = {{c, 2}, {left, 2}, {c, 1}};
    }
    picture.labelled.labels.push_back(std::move(label));
  }
  return picture;
}

/// A spec of one operation that always runs, with fixed or ranged values.
inline AugmentStep always(AugmentOp op, const std::vector<Range>& values = {}) {
  AugmentStep step;
  step.op = op;
  for (const OperationParameter& parameter : operation_info(op).parameters) {
    step.values.push_back(parameter.usual);
  }
  std::copy(values.begin(), values.end(), step.values.begin());
  return step;
}

inline AugmentSpec spec_of(std::vector<AugmentStep> steps) {
  AugmentSpec spec;
  spec.steps = std::move(steps);
  return spec;
}

inline AugmentReport augmented(LabelledPixels& picture, const AugmentSpec& spec,
                               std::uint64_t index = 0, std::uint64_t seed = 1) {
  AugmentReport report;
  augment(picture, spec, flat_info(), seed, index, report);
  return report;
}

/// All that is told of a picture, for comparing.
inline std::string told(const LabelledPixels& picture) {
  std::string text(reinterpret_cast<const char*>(picture.color.pixels.data()),
                   picture.color.pixels.size() * sizeof(Rgba8));
  text += std::to_string(picture.labelled.width) + " " + std::to_string(picture.labelled.height);
  const auto add = [&](double value) { text += " " + std::to_string(std::llround(value * 1e9)); };
  for (const Label& label : picture.labelled.labels) {
    text += "\n" + std::to_string(label.id) + " " + std::to_string(label.class_id);
    for (const double v : {label.box.x0, label.box.y0, label.box.x1, label.box.y1}) add(v);
    if (label.mask) text += coco_counts(*label.mask);
    if (label.amodal) text += coco_counts(*label.amodal);
    if (label.amodal_box) {
      for (const double v : {label.amodal_box->x0, label.amodal_box->y1}) add(v);
    }
    for (const Polygon& polygon : label.outline) {
      for (const glm::dvec2& p : polygon) add(p.x), add(p.y);
    }
    for (const LabelPoint& p : label.keypoints)
      add(p.position.x), add(p.position.y), add(p.visibility);
    for (const auto& share : {label.visible_fraction, label.truncation, label.occlusion}) {
      add(share.value_or(-1));
    }
    text += label.crowd ? "c" : "";
    text += label.hard ? "h" : "";
    text += label.loose ? "l" : "";
  }
  return text;
}

}  // namespace orrery::testing
