#include "generator/augment/geometry_of.hpp"

#include <algorithm>
#include <cmath>

namespace orrery {
namespace {

/// A window of whole pixels.
Projection window(int x, int y, int width, int height) { return {moved(-x, -y), width, height}; }

/// First pixel of a window that lies at `place` (0 to 1) of the room there is.
int placed(double place, int room) {
  return std::clamp(static_cast<int>(std::floor(place * (room + 1))), 0, room);
}

glm::dmat3 flipped(bool x, bool y, int width, int height) {
  return about_middle(stretched(x ? -1 : 1, y ? -1 : 1), width, height);
}

/// By whole quarter turns clockwise; edges stay whole.
Projection quarter_turned(int turns, int width, int height) {
  glm::dmat3 m(1.0);
  const bool swaps = turns % 2 != 0;
  const int new_width = swaps ? height : width;
  const int new_height = swaps ? width : height;
  if (turns == 1) {
    m = glm::dmat3(glm::dvec3(0, 1, 0), glm::dvec3(-1, 0, 0), glm::dvec3(height, 0, 1));
  } else if (turns == 2) {
    m = glm::dmat3(glm::dvec3(-1, 0, 0), glm::dvec3(0, -1, 0), glm::dvec3(width, height, 1));
  } else if (turns == 3) {
    m = glm::dmat3(glm::dvec3(0, -1, 0), glm::dvec3(1, 0, 0), glm::dvec3(0, width, 1));
  }
  return {m, new_width, new_height};
}

glm::dmat3 sheared(double x_degrees, double y_degrees) {
  glm::dmat3 m(1.0);
  m[1].x = std::tan(glm::radians(x_degrees));
  glm::dmat3 level(1.0);
  level[0].y = std::tan(glm::radians(y_degrees));
  return m * level;
}

glm::dmat3 seen_aslant(double strength, int width, int height, Rng& rng) {
  std::array<glm::dvec2, 4> corners{glm::dvec2(0, 0), glm::dvec2(width, 0),
                                    glm::dvec2(width, height), glm::dvec2(0, height)};
  for (glm::dvec2& corner : corners) {
    const double x = rng.uniform(-strength, strength);
    const double y = rng.uniform(-strength, strength);
    corner += glm::dvec2(x * width, y * height);
  }
  return to_corners(width, height, corners);
}

Projection sized_window(const std::vector<double>& v, int width, int height) {
  const double area = v[0] * width * height;
  const int w = std::clamp(static_cast<int>(std::lround(std::sqrt(area * v[1]))), 1, width);
  const int h = std::clamp(static_cast<int>(std::lround(std::sqrt(area / v[1]))), 1, height);
  return window(placed(v[2], width - w), placed(v[3], height - h), w, h);
}

Projection window_around(const Rect& box, double margin, int width, int height) {
  const double by = margin * std::max(box.width(), box.height());
  const int x0 = std::clamp(static_cast<int>(std::floor(box.x0 - by)), 0, width - 1);
  const int y0 = std::clamp(static_cast<int>(std::floor(box.y0 - by)), 0, height - 1);
  const int x1 = std::clamp(static_cast<int>(std::ceil(box.x1 + by)), x0 + 1, width);
  const int y1 = std::clamp(static_cast<int>(std::ceil(box.y1 + by)), y0 + 1, height);
  return window(x0, y0, x1 - x0, y1 - y0);
}

Projection fitted(int to_width, int to_height, int width, int height) {
  const double factor =
      std::min(static_cast<double>(to_width) / width, static_cast<double>(to_height) / height);
  const int w = std::clamp(static_cast<int>(std::lround(width * factor)), 1, to_width);
  const int h = std::clamp(static_cast<int>(std::lround(height * factor)), 1, to_height);
  const int x = (to_width - w) / 2;
  const int y = (to_height - h) / 2;
  return {moved(x, y) * stretched(static_cast<double>(w) / width, static_cast<double>(h) / height),
          to_width, to_height};
}

/// Operations that keep the picture's size.
std::optional<glm::dmat3> matrix_of(AugmentOp op, const std::vector<double>& v, int width,
                                    int height, Rng& rng) {
  const auto about = [&](const glm::dmat3& m) { return about_middle(m, width, height); };
  switch (op) {
    case AugmentOp::flip_horizontal:
      return flipped(true, false, width, height);
    case AugmentOp::flip_vertical:
      return flipped(false, true, width, height);
    case AugmentOp::rotate:
      return about(turned(glm::radians(v[0])));
    case AugmentOp::scale:
      return about(stretched(v[0] * std::sqrt(v[1]), v[0] / std::sqrt(v[1])));
    case AugmentOp::shift:  // whole pixels stay sharp
      return moved(std::round(v[0] * width), std::round(v[1] * height));
    case AugmentOp::shear:
      return about(sheared(v[0], v[1]));
    case AugmentOp::perspective:
      return seen_aslant(v[0], width, height, rng);
    default:
      return std::nullopt;
  }
}

}  // namespace

bool is_geometry(AugmentOp op) { return op <= AugmentOp::letterbox; }

std::string add_operation(AugmentOp op, const std::vector<double>& v,
                          const std::vector<Rect>& boxes, Rng& rng, Geometry& geometry,
                          std::optional<Projection>& projection) {
  const int width = geometry.width();
  const int height = geometry.height();
  const auto whole = [&](std::size_t i) { return static_cast<int>(v[i]); };
  projection.reset();
  if (op == AugmentOp::elastic) {
    const double cell = std::max(2.0, v[1] * std::min(width, height));
    const double amplitude = std::min(v[0] * std::min(width, height), 0.2 * cell);
    geometry.add(draw_elastic(width, height, amplitude, cell, rng));
    return {};
  }
  if (op == AugmentOp::grid_distortion) {
    geometry.add(draw_grid_bend(width, height, whole(0), v[1], rng));
    return {};
  }
  if (op == AugmentOp::rotate90) {
    projection = quarter_turned(whole(0), width, height);
  } else if (op == AugmentOp::crop) {
    if (whole(0) > width || whole(1) > height) return "picture_too_small";
    projection =
        window(placed(v[2], width - whole(0)), placed(v[3], height - whole(1)), whole(0), whole(1));
  } else if (op == AugmentOp::random_crop) {
    projection = sized_window(v, width, height);
  } else if (op == AugmentOp::crop_instance) {
    if (boxes.empty()) return "no_label";
    const Rect& box = boxes[rng.below(static_cast<std::uint32_t>(boxes.size()))];
    projection = window_around(box, v[0], width, height);
  } else if (op == AugmentOp::resize) {
    projection = Projection{stretched(v[0] / width, v[1] / height), whole(0), whole(1)};
  } else if (op == AugmentOp::letterbox) {
    projection = fitted(whole(0), whole(1), width, height);
  } else {
    projection = Projection{*matrix_of(op, v, width, height, rng), width, height};
  }
  geometry.add(projection->matrix, projection->width, projection->height);
  return {};
}

}  // namespace orrery
