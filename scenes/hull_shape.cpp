#include "scenes/hull_shape.hpp"

#include <algorithm>
#include <array>
#include <limits>

namespace orrery {

void Corners::add(const btVector3& corner) {
  if (count_ % 4 == 0) blocks_.emplace_back();
  Block& block = blocks_.back();
  for (std::size_t lane = count_ % 4; lane < 4; ++lane) {
    block.x[lane / 2][lane % 2] = corner.x();
    block.y[lane / 2][lane % 2] = corner.y();
    block.z[lane / 2][lane % 2] = corner.z();
  }
  ++count_;
}

std::size_t Corners::furthest(const btVector3& direction) const {
  const Pair x{direction.x(), direction.x()};
  const Pair y{direction.y(), direction.y()};
  const Pair z{direction.z(), direction.z()};
  constexpr double kLowest = std::numeric_limits<double>::lowest();
  Pair best_a{kLowest, kLowest};
  Pair best_b = best_a;
  Pair block_a{0, 0};
  Pair block_b{0, 0};
  Pair index{0, 0};
  for (const Block& b : blocks_) {
    const Pair here_a = x * b.x[0] + y * b.y[0] + z * b.z[0];
    const Pair here_b = x * b.x[1] + y * b.y[1] + z * b.z[1];
    block_a = here_a > best_a ? index : block_a;
    block_b = here_b > best_b ? index : block_b;
    best_a = here_a > best_a ? here_a : best_a;
    best_b = here_b > best_b ? here_b : best_b;
    index += 1.0;
  }
  const std::array<double, 4> best{best_a[0], best_a[1], best_b[0], best_b[1]};
  const std::array<double, 4> block{block_a[0], block_a[1], block_b[0], block_b[1]};
  std::size_t lane = 0;
  for (std::size_t k = 1; k < 4; ++k) {
    const bool first = best[k] == best[lane] && block[k] < block[lane];
    if (best[k] > best[lane] || first) lane = k;
  }
  return 4 * static_cast<std::size_t>(block[lane]) + lane;
}

HullShape::HullShape(std::span<const glm::dvec3> corners, const HullFeatures& features,
                     const glm::dvec3& center, double scale) {
  const auto scaled = [&](const glm::dvec3& p) {
    const glm::dvec3 q = scale * (p - center);
    return btVector3(q.x, q.y, q.z);
  };
  polyhedron_.m_vertices.reserve(static_cast<int>(corners.size()));
  for (const glm::dvec3& p : corners) {
    exact_.addPoint(scaled(p), false);
    exact_corners_.add(scaled(p));
    radius_ = std::max(radius_, static_cast<double>(scaled(p).length()));
    polyhedron_.m_vertices.push_back(scaled(p));
  }
  exact_.setMargin(0);
  exact_.recalcLocalAabb();
  polyhedron_.m_faces.resize(static_cast<int>(features.faces.size()));
  for (std::size_t f = 0; f < features.faces.size(); ++f) {
    const std::vector<std::uint32_t>& indices = features.faces[f];
    btFace& face = polyhedron_.m_faces[static_cast<int>(f)];
    face.m_indices.reserve(static_cast<int>(indices.size()));
    btVector3 normal(0, 0, 0);
    const btVector3& first = exact_.getUnscaledPoints()[indices[0]];
    for (std::size_t i = 0; i < indices.size(); ++i) {
      face.m_indices.push_back(static_cast<int>(indices[i]));
      const btVector3 here = exact_.getUnscaledPoints()[indices[i]] - first;
      normal += here.cross(exact_.getUnscaledPoints()[indices[(i + 1) % indices.size()]] - first);
    }
    normal.safeNormalize();
    for (int k = 0; k < 3; ++k) face.m_plane[k] = normal[k];
    face.m_plane[3] = -normal.dot(first);
  }
  for (const glm::dvec3& p : corners) middle_ += scaled(p) / static_cast<double>(corners.size());
  for (const glm::dvec3& p : features.core) add_core(scaled(p));
  setMargin(scale * features.margin);
  recalcLocalAabb();
}

HullShape::HullShape(double radius) : ball_radius_(radius), radius_(radius) {
  exact_.addPoint(btVector3(0, 0, 0), false);
  exact_corners_.add(btVector3(0, 0, 0));
  exact_.setMargin(radius);
  exact_.recalcLocalAabb();
  add_core(btVector3(0, 0, 0));
  setMargin(radius);
  recalcLocalAabb();
}

void HullShape::add_core(const btVector3& corner) {
  m_shapeType = kHullShapeType;
  addPoint(corner, false);
  corners_.add(corner);
}

btVector3 HullShape::localGetSupportingVertexWithoutMargin(const btVector3& direction) const {
  return getUnscaledPoints()[corners_.furthest(direction)];
}

const btVector3& HullShape::exact_corner(const btVector3& direction) const {
  return exact_.getUnscaledPoints()[exact_corners_.furthest(direction)];
}

void HullShape::getAabb(const btTransform& t, btVector3& low, btVector3& high) const {
  btConvexHullShape::getAabb(t, low, high);
  const btVector3 reach(kReach, kReach, kReach);
  low -= reach;
  high += reach;
}

Solid solid_from(const CollisionShape& shape, double unit_from_object) {
  Solid solid;
  if (shape.ball_radius > 0) {
    solid.radius = shape.ball_radius * unit_from_object;
    solid.hulls.push_back(std::make_unique<HullShape>(solid.radius));
    return solid;
  }
  for (std::size_t i = 0; i < shape.hulls.size(); ++i) {
    for (const glm::dvec3& p : shape.hulls[i]) {
      solid.radius =
          std::max(solid.radius, unit_from_object * glm::distance(p, shape.center_of_mass));
    }
    solid.hulls.push_back(std::make_unique<HullShape>(shape.hulls[i], shape.features[i],
                                                      shape.center_of_mass, unit_from_object));
  }
  if (solid.hulls.size() > 1) {
    solid.compound = std::make_unique<btCompoundShape>(true, static_cast<int>(solid.hulls.size()));
    for (const auto& hull : solid.hulls) {
      solid.compound->addChildShape(btTransform::getIdentity(), hull.get());
    }
  }
  return solid;
}

}  // namespace orrery
