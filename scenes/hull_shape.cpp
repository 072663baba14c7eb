#include "scenes/hull_shape.hpp"

#include <algorithm>

namespace orrery {

HullShape::HullShape(std::span<const glm::dvec3> corners, const HullFeatures& features,
                     const glm::dvec3& center, double scale) {
  const auto scaled = [&](const glm::dvec3& p) {
    const glm::dvec3 q = scale * (p - center);
    return btVector3(q.x, q.y, q.z);
  };
  for (const glm::dvec3& p : corners) {
    exact_.addPoint(scaled(p), false);
    polyhedron_.m_vertices.push_back(scaled(p));
  }
  exact_.setMargin(0);
  exact_.recalcLocalAabb();
  for (const std::vector<std::uint32_t>& indices : features.faces) {
    btFace face;
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
    polyhedron_.m_faces.push_back(face);
  }
  for (const glm::dvec3& p : corners) middle_ += scaled(p) / static_cast<double>(corners.size());
  for (const glm::dvec3& p : features.core) addPoint(scaled(p), false);
  setMargin(scale * features.margin);
  recalcLocalAabb();
}

HullShape::HullShape(double radius) : ball_radius_(radius) {
  exact_.addPoint(btVector3(0, 0, 0), false);
  exact_.setMargin(radius);
  exact_.recalcLocalAabb();
  addPoint(btVector3(0, 0, 0), false);
  setMargin(radius);
  recalcLocalAabb();
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
