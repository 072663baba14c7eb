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
  constexpr double kLowest = std::numeric_limits<double>::lowest();
  std::array<Pair, 2> best{Pair{kLowest, kLowest}, Pair{kLowest, kLowest}};
  std::array<Pair, 2> block_of{};
  Pair block{0, 0};
  for (const Block& b : blocks_) {
    for (std::size_t k = 0; k < 2; ++k) {
      const Pair here = direction.x() * b.x[k] + direction.y() * b.y[k] + direction.z() * b.z[k];
      block_of[k] = here > best[k] ? block : block_of[k];
      best[k] = here > best[k] ? here : best[k];
    }
    block += 1.0;
  }
  double highest = kLowest;
  double first = 0;
  for (std::size_t lane = 0; lane < 4; ++lane) {
    const double here = best[lane / 2][lane % 2];
    const double corner = 4 * block_of[lane / 2][lane % 2] + static_cast<double>(lane);
    if (here < highest || (here == highest && corner > first)) continue;
    highest = here;
    first = corner;
  }
  return static_cast<std::size_t>(first);
}

HullShape::HullShape(std::span<const glm::dvec3> corners, const HullFeatures& features,
                     const glm::dvec3& center, double scale) {
  m_shapeType = kHullShapeType;
  const auto scaled = [&](const glm::dvec3& p) {
    const glm::dvec3 q = scale * (p - center);
    return btVector3(q.x, q.y, q.z);
  };
  polyhedron_.m_vertices.reserve(static_cast<int>(corners.size()));
  for (const glm::dvec3& p : corners) {
    const btVector3 corner = scaled(p);
    add_exact(corner);
    polyhedron_.m_vertices.push_back(corner);
    radius_ = std::max(radius_, static_cast<double>(corner.length()));
    middle_ += corner / static_cast<double>(corners.size());
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
  for (const glm::dvec3& p : features.core) add_core(scaled(p));
  setMargin(scale * features.margin);
  recalcLocalAabb();
}

HullShape::HullShape(double radius) : ball_radius_(radius), radius_(radius) {
  m_shapeType = kHullShapeType;
  add_exact(btVector3(0, 0, 0));
  exact_.setMargin(radius);
  exact_.recalcLocalAabb();
  add_core(btVector3(0, 0, 0));
  setMargin(radius);
  recalcLocalAabb();
}

void HullShape::add_exact(const btVector3& corner) {
  exact_.addPoint(corner, false);
  exact_corners_.add(corner);
}

void HullShape::add_core(const btVector3& corner) {
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
