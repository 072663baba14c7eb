#pragma once

#include <BulletCollision/BroadphaseCollision/btCollisionAlgorithm.h>
#include <BulletCollision/CollisionDispatch/btCollisionCreateFunc.h>

#include "scenes/hull_shape.hpp"

namespace orrery {

// How convex pieces touch; lengths in the world's unit, about one object. Bullet's own contacts
// between hulls come one point a step and either leave a gap of two margins or go through
// penetration at every rest. Ours find the direction between hulls that are shrunk by a margin
// (which seldom overlap: fast) and take whole contact faces and exact distances from the true
// ones, also ahead of the touch, so that thin things stop in time.

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
