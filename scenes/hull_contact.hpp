#pragma once

#include <BulletCollision/BroadphaseCollision/btCollisionAlgorithm.h>
#include <BulletCollision/CollisionDispatch/btCollisionCreateFunc.h>

#include <btBulletCollisionCommon.h>

#include <glm/glm.hpp>
#include <memory>
#include <span>
#include <vector>

#include "scenes/collision_shape.hpp"

namespace orrery {

// How convex pieces touch; lengths in the world's unit, about one object. Bullet's own contacts
// between hulls come one point a step and either leave a gap of two margins or go through
// penetration at every rest. Ours find the direction between hulls that are shrunk by a margin
// (which seldom overlap: fast) and take whole contact faces and exact distances from the true
// ones, also ahead of the touch, so that thin things stop in time.

/// A body that moves no more than this in a step is met before it touches.
constexpr double kReach = 0.05;

/// A convex piece. As a Bullet shape it is shrunk by its margin.
class HullShape final : public btConvexHullShape {
 public:
  explicit HullShape(std::span<const glm::dvec3> corners);
  const btConvexHullShape& exact() const { return exact_; }
  /// Larger by kReach all around.
  void getAabb(const btTransform& t, btVector3& low, btVector3& high) const override;

 private:
  btConvexHullShape exact_;
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

/// Makes the contacts of hull pairs.
class HullContacts final : public btCollisionAlgorithmCreateFunc {
 public:
  btCollisionAlgorithm* CreateCollisionAlgorithm(btCollisionAlgorithmConstructionInfo& info,
                                                 const btCollisionObjectWrapper* a,
                                                 const btCollisionObjectWrapper* b) override;
};

/// Makes the contacts of hulls with planes, in either order.
class PlaneContacts final : public btCollisionAlgorithmCreateFunc {
 public:
  btCollisionAlgorithm* CreateCollisionAlgorithm(btCollisionAlgorithmConstructionInfo& info,
                                                 const btCollisionObjectWrapper* a,
                                                 const btCollisionObjectWrapper* b) override;
};

/// Bytes of the largest of these algorithms, for Bullet's pool.
int largest_contact_algorithm();

}  // namespace orrery
