#pragma once

#include <BulletCollision/CollisionShapes/btConvexPolyhedron.h>
#include <btBulletCollisionCommon.h>

#include <array>
#include <glm/glm.hpp>
#include <memory>
#include <span>
#include <vector>

#include "scenes/collision_shape.hpp"

namespace orrery {

/// A body that moves no more than this in a step is met before it touches.
constexpr double kReach = 0.05;

/// The corners of a hull, searched four at a time; the same sums on every processor.
class Corners {
 public:
  void add(const btVector3& corner);
  /// The first of those that lie furthest along `direction`; there must be one.
  std::size_t furthest(const btVector3& direction) const;

 private:
  using Pair = double __attribute__((vector_size(16)));
  struct Block {
    std::array<Pair, 2> x, y, z;
  };
  std::vector<Block> blocks_;  // the last one is filled up with its last corner
  std::size_t count_ = 0;
};

/// Hulls of ours among Bullet's shapes: it asks them for their corners instead of searching itself.
constexpr int kHullShapeType = CUSTOM_POLYHEDRAL_SHAPE_TYPE;

/// A convex piece. As a Bullet shape it is shrunk by its margin.
class HullShape final : public btConvexHullShape {
 public:
  /// `corners` of a hull and its features, moved by -`center`, then scaled.
  HullShape(std::span<const glm::dvec3> corners, const HullFeatures& features,
            const glm::dvec3& center, double scale);
  /// A ball about the origin: without faces, its one corner is the centre.
  explicit HullShape(double radius);
  btVector3 localGetSupportingVertexWithoutMargin(const btVector3& direction) const override;
  const btConvexHullShape& exact() const { return exact_; }
  /// The corner of exact() that lies furthest along `direction`.
  const btVector3& exact_corner(const btVector3& direction) const;
  const btConvexPolyhedron& polyhedron() const { return polyhedron_; }
  const btVector3& middle() const { return middle_; }  ///< of its corners
  double ball_radius() const { return ball_radius_; }  ///< 0: no ball
  double radius() const { return radius_; }            ///< about the body's centre of mass
  /// Larger by kReach all around.
  void getAabb(const btTransform& t, btVector3& low, btVector3& high) const override;

 private:
  void add_exact(const btVector3& corner);
  void add_core(const btVector3& corner);

  Corners corners_;
  btConvexHullShape exact_;
  Corners exact_corners_;
  btConvexPolyhedron polyhedron_;
  btVector3 middle_{0, 0, 0};
  double ball_radius_ = 0;
  double radius_ = 0;
};

/// A collision shape at one scale in the world's unit, its centre of mass at the origin.
struct Solid {
  std::vector<std::unique_ptr<HullShape>> hulls;
  std::unique_ptr<btCompoundShape> compound;  ///< none for one hull
  double radius = 0;
  btCollisionShape* shape() const {
    return compound ? static_cast<btCollisionShape*>(compound.get()) : hulls[0].get();
  }
};

Solid solid_from(const CollisionShape& shape, double unit_from_object);

}  // namespace orrery
