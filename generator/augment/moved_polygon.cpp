#include "generator/augment/moved_polygon.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <opencv2/imgproc.hpp>

namespace orrery {
namespace {

/// The part of a polygon where `side`, which is linear, is at least 0.
/// Source: Sutherland and Hodgman, Reentrant Polygon Clipping, CACM 17(1), 1974.
template <class Side>
Polygon cut(const Polygon& polygon, Side&& side) {
  Polygon kept;
  for (std::size_t i = 0; i < polygon.size(); ++i) {
    const glm::dvec2& a = polygon[i];
    const glm::dvec2& b = polygon[(i + 1) % polygon.size()];
    const double at_a = side(a);
    const double at_b = side(b);
    if (at_a >= 0) kept.push_back(a);
    if ((at_a >= 0) != (at_b >= 0)) kept.push_back(a + (b - a) * (at_a / (at_a - at_b)));
  }
  return kept;
}

Polygon within(Polygon polygon, double width, double height, bool& whole) {
  whole = std::all_of(polygon.begin(), polygon.end(), [&](const glm::dvec2& p) {
    return p.x >= 0 && p.y >= 0 && p.x <= width && p.y <= height;
  });
  if (whole) return polygon;
  polygon = cut(polygon, [](const glm::dvec2& p) { return p.x; });
  polygon = cut(polygon, [&](const glm::dvec2& p) { return width - p.x; });
  polygon = cut(polygon, [](const glm::dvec2& p) { return p.y; });
  polygon = cut(polygon, [&](const glm::dvec2& p) { return height - p.y; });
  // Cuts are computed: they may end a rounding beyond the border.
  for (glm::dvec2& p : polygon) p = glm::clamp(p, glm::dvec2(0.0), glm::dvec2(width, height));
  return polygon;
}

Polygon split(const Polygon& polygon) {
  constexpr double kLongest = 4;
  Polygon fine;
  for (std::size_t i = 0; i < polygon.size(); ++i) {
    const glm::dvec2& a = polygon[i];
    const glm::dvec2& b = polygon[(i + 1) % polygon.size()];
    const int parts = std::max(1, static_cast<int>(std::ceil(glm::length(b - a) / kLongest)));
    for (int k = 0; k < parts; ++k) fine.push_back(a + (b - a) * (static_cast<double>(k) / parts));
  }
  return fine;
}

}  // namespace

double area_of(const std::vector<Polygon>& polygons) {
  double sum = 0;
  for (const Polygon& polygon : polygons) {
    double twice = 0;
    for (std::size_t i = 0; i < polygon.size(); ++i) {
      const glm::dvec2& a = polygon[i];
      const glm::dvec2& b = polygon[(i + 1) % polygon.size()];
      twice += a.x * b.y - b.x * a.y;
    }
    sum += std::abs(twice) / 2;
  }
  return sum;
}

std::vector<Polygon> moved(const std::vector<Polygon>& polygons, const Geometry& geometry,
                           double& left) {
  const std::optional<glm::dmat3> matrix = geometry.out_from_in();
  std::vector<Polygon> result;
  std::vector<Polygon> back;
  bool all_whole = true;
  for (const Polygon& polygon : polygons) {
    Polygon shape = matrix ? polygon : split(polygon);
    if (matrix && !keeps_axes(*matrix)) {
      // What lies behind the horizon is far outside the picture.
      const glm::dvec3 horizon((*matrix)[0].z, (*matrix)[1].z, (*matrix)[2].z);
      const std::size_t before = shape.size();
      shape = cut(
          shape, [&](const glm::dvec2& p) { return glm::dot(horizon, glm::dvec3(p, 1.0)) - 1e-6; });
      all_whole = all_whole && shape.size() == before;
    }
    Polygon out;
    for (const glm::dvec2& corner : shape) {
      const auto at = geometry.out_from_in(corner);
      if (at) out.push_back(*at);
    }
    bool whole = true;
    out = within(std::move(out), geometry.width(), geometry.height(), whole);
    all_whole = all_whole && whole;
    if (out.size() < 3 || area_of({out}) <= 0) {
      all_whole = false;
      continue;
    }
    Polygon& from = back.emplace_back();
    for (const glm::dvec2& corner : out) from.push_back(geometry.in_from_out(corner));
    result.push_back(std::move(out));
  }
  const double before = area_of(polygons);
  left = all_whole ? 1 : (before > 0 ? std::clamp(area_of(back) / before, 0.0, 1.0) : 0);
  return result;
}

Polygon corners_of(const Rect& box) {
  return {{box.x0, box.y0}, {box.x1, box.y0}, {box.x1, box.y1}, {box.x0, box.y1}};
}

Polygon ellipse_in(const Rect& box) {
  constexpr int kCorners = 256;  // within 1e-4 of the radius
  const glm::dvec2 middle((box.x0 + box.x1) / 2, (box.y0 + box.y1) / 2);
  const glm::dvec2 radius(box.width() / 2, box.height() / 2);
  Polygon ellipse;
  for (int i = 0; i < kCorners; ++i) {
    const double angle = 2 * std::acos(-1.0) * i / kCorners;
    ellipse.push_back(middle + radius * glm::dvec2(std::cos(angle), std::sin(angle)));
  }
  return ellipse;
}

OrientedBox rectangle_around(const std::vector<Polygon>& polygons) {
  constexpr double kHalfTurn = std::numbers::pi;
  OrientedBox box;
  double angle = 0;
  if (polygons.size() == 1 && polygons[0].size() == 4) {
    const Polygon& p = polygons[0];
    const glm::dvec2 along = p[1] - p[0];
    const glm::dvec2 across = p[3] - p[0];
    const bool rectangle = std::abs(glm::dot(along, across)) < 1e-9 * area_of(polygons) &&
                           glm::length(p[0] + p[2] - p[1] - p[3]) < 1e-6;
    if (rectangle) {
      box.center = (p[0] + p[2]) / 2.0;
      box.size = {glm::length(along), glm::length(across)};
      angle = std::atan2(along.y, along.x);
    }
  }
  if (box.size.x == 0) {
    std::vector<cv::Point2f> points;
    for (const Polygon& polygon : polygons) {
      for (const glm::dvec2& p : polygon) {
        points.emplace_back(static_cast<float>(p.x), static_cast<float>(p.y));
      }
    }
    const cv::RotatedRect found = cv::minAreaRect(points);
    box.center = {found.center.x, found.center.y};
    box.size = {found.size.width, found.size.height};
    angle = found.angle * kHalfTurn / 180;
  }
  while (angle < 0) angle += kHalfTurn;
  while (angle >= kHalfTurn) angle -= kHalfTurn;
  if (angle >= kHalfTurn / 2) {
    angle -= kHalfTurn / 2;
    std::swap(box.size.x, box.size.y);
  }
  box.angle = angle;
  return box;
}

}  // namespace orrery
