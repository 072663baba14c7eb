#include "scenes/collision_shape.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <optional>
#include <string>
#include <tuple>

#include "scenes/convex_hull.hpp"
#include "scenes/error.hpp"
#include "scenes/solid_cells.hpp"

namespace orrery {
namespace {

using Polygon = std::vector<glm::dvec3>;

/// Of the whole model's diagonal: what a coarser level of detail may be off by, and how far a
/// hull's corners may be from the surface. Flat things allow less: a bent card whose bend is
/// simplified away sinks into what it lies on.
constexpr double kLodError = 0.003;
constexpr double kCornerError = 0.001;
constexpr double kShallow = 0.002;   ///< how deep a hollow may be that is none
constexpr double kFlatError = 0.02;  ///< of the shortest side of the model's box
constexpr double kMargin = 0.003;
constexpr double kBallError = 0.006;        ///< of the radius
constexpr double kLeastThickness = 0.0003;  ///< metres; sheets are given that much
constexpr int kGridSide = 48;

double diagonal(const Model& model) {
  return glm::distance(glm::dvec3(model.bounds.low), glm::dvec3(model.bounds.high));
}

/// `part` of the diagonal, metres, but less for flat things.
double error_within(const Model& model, double part) {
  const glm::dvec3 sides(model.bounds.high - model.bounds.low);
  const double shortest = std::min({sides.x, sides.y, sides.z});
  return shortest > 0 ? std::min(part * diagonal(model), kFlatError * shortest)
                      : part * diagonal(model);
}

std::vector<Triangle> coarse_surface(const Model& model) {
  if (model.lods.empty()) throw Error(model.name + ": has no triangles, wanted some to collide");
  std::size_t level = 0;
  for (std::size_t i = 1; i < model.lods.size(); ++i) {
    if (model.lods[i].error <= error_within(model, kLodError)) level = i;
  }
  std::vector<Triangle> surface;
  for (const IndexRange& part : model.lods[level].parts) {
    for (std::uint32_t i = part.first; i + 2 < part.first + part.count; i += 3) {
      Triangle triangle;
      for (std::uint32_t k = 0; k < 3; ++k) {
        triangle[k] = glm::dvec3(model.vertices[model.indices[i + k]].position);
      }
      surface.push_back(triangle);
    }
  }
  if (surface.empty()) throw Error(model.name + ": has no triangles, wanted some to collide");
  return surface;
}

/// Every edge is run through as often one way as the other.
bool is_closed(const std::vector<Triangle>& surface) {
  using Point = std::tuple<double, double, double>;
  const auto key = [](const glm::dvec3& p) { return Point(p.x, p.y, p.z); };
  std::map<std::pair<Point, Point>, int> balance;
  for (const Triangle& t : surface) {
    for (std::size_t k = 0; k < 3; ++k) {
      const Point a = key(t[k]);
      const Point b = key(t[(k + 1) % 3]);
      if (a < b) ++balance[{a, b}];
      if (b < a) --balance[{b, a}];
    }
  }
  return std::all_of(balance.begin(), balance.end(), [](const auto& e) { return e.second == 0; });
}

/// A part of the model between planes.
struct Part {
  std::vector<Polygon> surface;
  std::vector<glm::dvec3> solid;  ///< middles of the cells in it
  double hull_volume = 0;
  double hollow = 0;  ///< hull volume that is not solid
};

std::vector<glm::dvec3> points_of(const Part& part) {
  std::vector<glm::dvec3> points;
  for (const Polygon& p : part.surface) points.insert(points.end(), p.begin(), p.end());
  return points;
}

/// What is too little to count.
struct Grain {
  double cell_volume;  ///< m³ that a cell stands for
  /// Metres: a hollow that is less deep on average is none. A sheet thinner than a cell is all
  /// hollow.
  double depth;
};

/// Area of a hull's shadow, roughly: half of its surface.
double shadow_of(const ConvexHull& hull) {
  double twice = 0;
  for (const auto& face : hull.faces) {
    const glm::dvec3& a = hull.points[face[0]];
    glm::dvec3 normal(0.0);
    for (std::size_t i = 1; i + 1 < face.size(); ++i) {
      normal += glm::cross(hull.points[face[i]] - a, hull.points[face[i + 1]] - a);
    }
    twice += glm::length(normal);
  }
  return 0.25 * twice;
}

void measure(Part& part, const Grain& grain) {
  const std::vector<glm::dvec3> points = points_of(part);
  const ConvexHull hull = convex_hull(points);
  part.hull_volume = std::max(0.0, moments_of(hull).volume);
  part.hollow =
      std::max(0.0, part.hull_volume - grain.cell_volume * static_cast<double>(part.solid.size()));
  // Cutting a bent sheet up until it is filled would never end.
  if (part.hollow < grain.depth * shadow_of(hull)) part.hollow = 0;
}

struct Cut {
  glm::dvec3 normal{0.0};
  double offset = 0;
};

/// What of a polygon is behind the plane, and what is in front.
void cut_polygon(const Polygon& polygon, const Cut& cut, Polygon& behind, Polygon& before) {
  behind.clear();
  before.clear();
  for (std::size_t i = 0; i < polygon.size(); ++i) {
    const glm::dvec3& a = polygon[i];
    const glm::dvec3& b = polygon[(i + 1) % polygon.size()];
    const double da = glm::dot(cut.normal, a) - cut.offset;
    const double db = glm::dot(cut.normal, b) - cut.offset;
    if (da <= 0) behind.push_back(a);
    if (da >= 0) before.push_back(a);
    if ((da < 0 && db > 0) || (da > 0 && db < 0)) {
      const glm::dvec3 between = a + (da / (da - db)) * (b - a);
      behind.push_back(between);
      before.push_back(between);
    }
  }
  if (behind.size() < 3) behind.clear();
  if (before.size() < 3) before.clear();
}

std::pair<Part, Part> halves(const Part& part, const Cut& cut, const Grain& grain) {
  std::pair<Part, Part> two;
  Polygon behind;
  Polygon before;
  for (const Polygon& polygon : part.surface) {
    cut_polygon(polygon, cut, behind, before);
    if (!behind.empty()) two.first.surface.push_back(behind);
    if (!before.empty()) two.second.surface.push_back(before);
  }
  for (const glm::dvec3& cell : part.solid) {
    (glm::dot(cut.normal, cell) <= cut.offset ? two.first : two.second).solid.push_back(cell);
  }
  measure(two.first, grain);
  measure(two.second, grain);
  return two;
}

/// Hull volume after a cut, with a preference for even halves: a ring's hull does not shrink by
/// its first cut wherever that is, but only the middle one prepares for the next.
/// Source of the balance: Mamou, Volumetric hierarchical approximate convex decomposition, 2016.
double cost_of(const Part& part, const Cut& cut) {
  std::vector<glm::dvec3> behind;
  std::vector<glm::dvec3> before;
  Polygon a;
  Polygon b;
  for (const Polygon& polygon : part.surface) {
    cut_polygon(polygon, cut, a, b);
    behind.insert(behind.end(), a.begin(), a.end());
    before.insert(before.end(), b.begin(), b.end());
  }
  const double first = std::max(0.0, moments_of(convex_hull(behind)).volume);
  const double second = std::max(0.0, moments_of(convex_hull(before)).volume);
  return first + second + 0.03 * std::abs(first - second);
}

std::optional<Cut> best_cut(const Part& part) {
  static constexpr std::array<std::array<double, 3>, 9> kDirections = {{{1, 0, 0},
                                                                        {0, 1, 0},
                                                                        {0, 0, 1},
                                                                        {1, 1, 0},
                                                                        {1, -1, 0},
                                                                        {1, 0, 1},
                                                                        {1, 0, -1},
                                                                        {0, 1, 1},
                                                                        {0, 1, -1}}};
  const std::vector<glm::dvec3> points = points_of(part);
  std::optional<Cut> best;
  double least = 0;
  double span = 0;
  const auto consider = [&](const Cut& cut, double extent) {
    const double cost = cost_of(part, cut);
    // A cut must be better by more than rounding, so that equals are taken in a fixed order.
    if (best && cost >= least - 1e-9 * part.hull_volume) return;
    best = cut;
    least = cost;
    span = extent;
  };
  for (const auto& d : kDirections) {
    const glm::dvec3 normal = glm::normalize(glm::dvec3(d[0], d[1], d[2]));
    double low = glm::dot(normal, points[0]);
    double high = low;
    for (const glm::dvec3& p : points) {
      low = std::min(low, glm::dot(normal, p));
      high = std::max(high, glm::dot(normal, p));
    }
    if (high - low <= 0) continue;
    for (const int eighth : {4, 2, 6, 1, 7}) {
      consider({normal, low + (high - low) * eighth / 8.0}, high - low);
    }
  }
  for (double step = 1.0 / 16; best && step > 1.0 / 200; step /= 2) {
    const Cut middle = *best;
    consider({middle.normal, middle.offset - step * span}, span);
    consider({middle.normal, middle.offset + step * span}, span);
  }
  return best;
}

std::vector<Part> decomposed(Part whole, const Grain& grain, const CollisionDetail& detail) {
  const double enough = detail.hollow * whole.hull_volume;
  std::vector<Part> parts{std::move(whole)};
  while (parts.size() < detail.pieces) {
    const auto worst =
        std::max_element(parts.begin(), parts.end(),
                         [](const Part& a, const Part& b) { return a.hollow < b.hollow; });
    if (worst->hollow <= enough) break;
    const std::optional<Cut> cut = best_cut(*worst);
    if (!cut) break;
    auto [behind, before] = halves(*worst, *cut, grain);
    if (behind.surface.empty() || before.surface.empty()) {
      worst->hollow = 0;  // cannot be cut any further
      continue;
    }
    *worst = std::move(behind);
    parts.push_back(std::move(before));
  }
  return parts;
}

/// Sheets get a thickness, so that there is an inside for things to be kept out of.
std::vector<glm::dvec3> thickened(std::vector<glm::dvec3> points) {
  const ConvexHull hull = convex_hull(points);
  double thinnest = 1e30;
  glm::dvec3 across(0, 0, 1);
  for (const auto& face : hull.faces) {
    if (face.size() < 3) continue;
    const glm::dvec3 normal = glm::cross(hull.points[face[1]] - hull.points[face[0]],
                                         hull.points[face[2]] - hull.points[face[0]]);
    if (glm::length(normal) < 1e-14) continue;
    const glm::dvec3 unit = glm::normalize(normal);
    double low = glm::dot(unit, hull.points[0]);
    double high = low;
    for (const glm::dvec3& p : hull.points) {
      low = std::min(low, glm::dot(unit, p));
      high = std::max(high, glm::dot(unit, p));
    }
    if (high - low < thinnest) {
      thinnest = high - low;
      across = unit;
    }
  }
  if (thinnest >= 0.5 * kLeastThickness) return points;
  std::vector<glm::dvec3> thick;
  for (const glm::dvec3& p : points) {
    thick.push_back(p - 0.5 * kLeastThickness * across);
    thick.push_back(p + 0.5 * kLeastThickness * across);
  }
  return thick;
}

/// 0 unless all of the surface, also the middles of its triangles, is as far from `center`.
double radius_of_ball(const std::vector<Triangle>& surface, const glm::dvec3& center) {
  double least = 1e30;
  double most = 0;
  for (const Triangle& t : surface) {
    for (const glm::dvec3& p : t) {
      least = std::min(least, glm::distance(p, center));
      most = std::max(most, glm::distance(p, center));
    }
    least = std::min(least, glm::distance((t[0] + t[1] + t[2]) / 3.0, center));
  }
  return most - least <= 2 * kBallError * most ? most : 0.0;
}

SolidMoments solid_moments(const std::vector<Triangle>& surface, const SolidCells& cells,
                           const std::vector<std::vector<glm::dvec3>>& hulls) {
  SolidMoments sum;
  if (is_closed(surface)) {
    for (const Triangle& t : surface) add_tetrahedron(sum, t[0], t[1], t[2]);
    if (sum.volume > 0) return sum;
  }
  sum = {};
  for (const glm::dvec3& cell : cells.middles) {
    sum.volume += cells.cell_volume;
    sum.first += cells.cell_volume * cell;
    sum.second += cells.cell_volume * glm::outerProduct(cell, cell);
  }
  if (cells.middles.size() >= 64) return sum;
  sum = {};
  for (const auto& corners : hulls) {
    const SolidMoments piece = moments_of(convex_hull(corners));
    sum.volume += piece.volume;
    sum.first += piece.first;
    sum.second += piece.second;
  }
  return sum;
}

}  // namespace

CollisionShape collision_shape_from(const Model& model, const CollisionDetail& detail) {
  const std::vector<Triangle> surface = coarse_surface(model);
  const SolidCells cells = solid_cells(surface, kGridSide);
  Part whole;
  for (const Triangle& t : surface) whole.surface.emplace_back(t.begin(), t.end());
  whole.solid = cells.middles;
  const Grain grain{cells.cell_volume, kShallow * diagonal(model) + kLeastThickness};
  measure(whole, grain);
  if (is_closed(surface)) {
    // Exact where the cells are only close: a cube of a few cells must not look hollow.
    SolidMoments exact;
    for (const Triangle& t : surface) add_tetrahedron(exact, t[0], t[1], t[2]);
    whole.hollow = whole.hull_volume - exact.volume;
  }
  CollisionShape shape;
  std::vector<Part> parts;
  if (whole.hollow <= detail.convex * whole.hull_volume) {
    parts.push_back(std::move(whole));
  } else {
    parts = decomposed(std::move(whole), grain, detail);
  }
  const std::size_t most = parts.size() == 1 ? detail.corners : detail.piece_corners;
  for (const Part& part : parts) {
    const std::vector<glm::dvec3> points = thickened(points_of(part));
    std::vector<glm::dvec3> corners = hull_corners(points, most, error_within(model, kCornerError));
    if (corners.size() < 4) continue;
    shape.features.push_back(features_of(corners, kMargin * diagonal(model)));
    shape.hulls.push_back(std::move(corners));
  }
  const SolidMoments moments = solid_moments(surface, cells, shape.hulls);
  if (!(moments.volume > 0)) {
    throw Error(model.name + ": encloses no volume, wanted something that can lie on a table");
  }
  shape.volume = moments.volume;
  shape.center_of_mass = moments.center();
  glm::dvec3 spread;
  for (int k = 0; k < 3; ++k) {
    spread[k] = std::max(0.0, moments.second[k][k] / moments.volume -
                                  shape.center_of_mass[k] * shape.center_of_mass[k]);
  }
  shape.inertia = {spread.y + spread.z, spread.x + spread.z, spread.x + spread.y};
  if (shape.hulls.size() == 1) shape.ball_radius = radius_of_ball(surface, shape.center_of_mass);
  shape.resting = resting_poses(shape);
  return shape;
}

}  // namespace orrery
