#pragma once

#include <glm/glm.hpp>
#include <span>
#include <vector>

#include "scenes/camera.hpp"
#include "scenes/convex_hull.hpp"
#include "scenes/model.hpp"

namespace orrery {

/// One way to lie on a plane.
struct RestingPose {
  Pose plane_from_object;  ///< lowest point at z = 0, centre of mass above the origin
  double probability = 0;  ///< of ending so after a fall from any direction
};

/// What physics knows of a model, in the model's frame.
struct CollisionShape {
  std::vector<std::vector<glm::dvec3>> hulls;  ///< corners of convex pieces, metres
  std::vector<HullFeatures> features;          ///< of each hull
  /// Above 0: a ball of this radius about the centre of mass, metres; its hull is only near it.
  double ball_radius = 0;
  double volume = 0;                 ///< of the solid, m³; above 0
  glm::dvec3 center_of_mass{0.0};    ///< metres
  glm::dvec3 inertia{0.0};           ///< about x, y, z through the centre of mass, per mass, m²
  std::vector<RestingPose> resting;  ///< as resting_poses() finds them
};

/// How closely the pieces follow the model.
struct CollisionDetail {
  std::size_t pieces = 16;         ///< at most
  std::size_t corners = 48;        ///< of a model that is one piece, at most
  std::size_t piece_corners = 20;  ///< of one of several pieces, at most
  /// Hull volume that is not the model's, as a part of the whole hull: a model with less than
  /// `convex` is one piece, a piece with less than `hollow` is cut no further.
  double convex = 0.12;
  double hollow = 0.012;
};

/// One convex piece where that fills the model well, else an approximate convex decomposition by
/// planes. Surfaces need not be closed: then pieces follow the surface. Takes milliseconds for a
/// convex model and up to about a second for others. The same bytes for the same model.
CollisionShape collision_shape_from(const Model& model, const CollisionDetail& detail = {});

/// Every stable way to lie on z = 0, likeliest first; probabilities add up to 1. Faces within
/// about a degree count as one. Probability: the solid angle of the face seen from the centre of
/// mass, with that of faces which it rolls off from.
/// Source: Goldberg, Mirtich, Zhuang, Craig, Carlisle, Canny: Part pose statistics, 1999.
std::vector<RestingPose> resting_poses(const CollisionShape& shape);

}  // namespace orrery
