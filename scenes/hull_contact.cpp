#include "scenes/hull_contact.hpp"

#include <BulletCollision/CollisionDispatch/btCollisionObjectWrapper.h>
#include <BulletCollision/NarrowPhaseCollision/btGjkEpaPenetrationDepthSolver.h>
#include <BulletCollision/NarrowPhaseCollision/btGjkPairDetector.h>
#include <BulletCollision/NarrowPhaseCollision/btPolyhedralContactClipping.h>
#include <BulletDynamics/Dynamics/btRigidBody.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

namespace orrery {
namespace {

constexpr double kSearch = 2 * kReach;  ///< both sides may move
constexpr double kSlack = 0.01;         ///< what stands still may be pushed so far in a step
constexpr double kSame = 0.03;          ///< contacts this near are one, from step to step
constexpr double kStill = 2e-3;         ///< smaller motion keeps the contacts
constexpr double kRolling = 0.01;       ///< lever of the load against rolling and spinning
constexpr double kTouching = 0.004;     ///< nearer is touching
constexpr double kLever =
    60;  ///< reach that makes up for a height: a bent card stands on its belly
constexpr double kFaceOn = 0.996;  ///< cosine: a face this square to the contact is touched
constexpr double kTilted = 0.7;    ///< cosine: by a face no more tilted than this

struct Touch {
  btVector3 normal;  ///< from b to a
  btVector3 on_b;
  double distance;
};

/// Four points of more: the deepest, and far from each other; height above the deepest counts
/// against a point by its lever.
std::vector<Touch> spread_out(const std::vector<Touch>& all) {
  if (all.size() <= 4) return all;
  const auto best = [&](const auto& score) {
    std::size_t found = 0;
    for (std::size_t i = 1; i < all.size(); ++i) {
      if (score(all[i]) > score(all[found]) + 1e-9) found = i;
    }
    return all[found];
  };
  const Touch a = best([](const Touch& t) { return -t.distance; });
  const auto height = [&](const Touch& t) { return kLever * (t.distance - a.distance); };
  const Touch b = best([&](const Touch& t) { return (t.on_b - a.on_b).length() - height(t); });
  btVector3 across = (b.on_b - a.on_b).cross(a.normal);
  if (across.length2() > 1e-20) across.normalize();
  const Touch c = best([&](const Touch& t) { return across.dot(t.on_b - a.on_b) - height(t); });
  const Touch d = best([&](const Touch& t) { return -across.dot(t.on_b - a.on_b) - height(t); });
  std::vector<Touch> kept{a, b};
  for (const Touch& t : {c, d}) {
    const bool known = std::any_of(kept.begin(), kept.end(), [&](const Touch& k) {
      return (k.on_b - t.on_b).length2() < 1e-12;
    });
    if (!known) kept.push_back(t);
  }
  return kept;
}

/// The points that hold best: those that touch, and where they are fewer than four, those that
/// may touch next.
std::vector<Touch> reduced(const std::vector<Touch>& all) {
  double deepest = kSearch;
  for (const Touch& t : all) deepest = std::min(deepest, t.distance);
  const double limit = std::max(deepest, 0.0) + kTouching;
  std::vector<Touch> touching;
  for (const Touch& t : all) {
    if (t.distance <= limit) touching.push_back(t);
  }
  return spread_out(touching.size() >= 3 ? touching : all);
}

/// Keeps a manifold and whether the two have moved since it was made.
class Contacts : public btCollisionAlgorithm {
 public:
  Contacts(const btCollisionAlgorithmConstructionInfo& info, const btCollisionObjectWrapper* a,
           const btCollisionObjectWrapper* b)
      : btCollisionAlgorithm(info),
        manifold_(m_dispatcher->getNewManifold(a->getCollisionObject(), b->getCollisionObject())) {
    manifold_->setContactBreakingThreshold(kSearch);
  }
  ~Contacts() override { m_dispatcher->releaseManifold(manifold_); }
  Contacts(const Contacts&) = delete;
  Contacts& operator=(const Contacts&) = delete;

  btScalar calculateTimeOfImpact(btCollisionObject*, btCollisionObject*, const btDispatcherInfo&,
                                 btManifoldResult*) override {
    return 1;
  }
  void getAllContactManifolds(btManifoldArray& all) override { all.push_back(manifold_); }

 protected:
  /// True, and the contacts refreshed, where the two stand as they did.
  bool unmoved(const btTransform& world_from_a, const btTransform& world_from_b) {
    const btTransform now = world_from_a.inverseTimes(world_from_b);
    double moved = (now.getOrigin() - a_from_b_.getOrigin()).length();
    for (int k = 0; k < 3; ++k) {
      moved = std::max(moved, (now.getBasis()[k] - a_from_b_.getBasis()[k]).length());
    }
    if (made_ && moved < kStill) {
      manifold_->refreshContactPoints(world_from_a, world_from_b);
      return true;
    }
    made_ = true;
    a_from_b_ = now;
    return false;
  }

  /// What a manifold holds, aside.
  struct Points {
    std::array<btManifoldPoint, MANIFOLD_CACHE_SIZE> all;
    int count = 0;
    const btManifoldPoint* begin() const { return all.data(); }
    const btManifoldPoint* end() const { return all.data() + count; }
  };

  /// `rolls`: it touches so little that it could roll or spin on and on.
  void add(const Touch& touch, const Points& before, bool rolls) {
    const btCollisionObject* const a = manifold_->getBody0();
    const btCollisionObject* const b = manifold_->getBody1();
    const btVector3 on_a = touch.on_b + touch.normal * touch.distance;
    btManifoldPoint point(a->getWorldTransform().invXform(on_a),
                          b->getWorldTransform().invXform(touch.on_b), touch.normal,
                          touch.distance);
    point.m_positionWorldOnA = on_a;
    point.m_positionWorldOnB = touch.on_b;
    point.m_combinedFriction = std::sqrt(a->getFriction() * b->getFriction());
    point.m_combinedRollingFriction = rolls ? kRolling : 0;
    point.m_combinedSpinningFriction = rolls ? kRolling : 0;
    point.m_combinedRestitution = std::max(a->getRestitution(), b->getRestitution());
    btPlaneSpace1(point.m_normalWorldOnB, point.m_lateralFrictionDir1, point.m_lateralFrictionDir2);
    double nearest = kSame * kSame;
    for (const btManifoldPoint& old : before) {
      const double apart = (old.m_localPointA - point.m_localPointA).length2();
      if (apart >= nearest) continue;
      nearest = apart;
      point.m_appliedImpulse = old.m_appliedImpulse;
      point.m_appliedImpulseLateral1 = old.m_appliedImpulseLateral1;
      point.m_appliedImpulseLateral2 = old.m_appliedImpulseLateral2;
    }
    manifold_->addManifoldPoint(point);
  }

  void replace(const std::vector<Touch>& touches) {
    const Points before = taken_points();
    const std::vector<Touch> kept = reduced(touches);
    for (const Touch& t : kept) add(t, before, kept.size() < 3);
  }

  /// Leaves the manifold empty.
  Points taken_points() {
    Points points;
    points.count = manifold_->getNumContacts();
    for (int i = 0; i < points.count; ++i) {
      points.all[static_cast<std::size_t>(i)] = manifold_->getContactPoint(i);
    }
    manifold_->clearManifold();
    return points;
  }

  btPersistentManifold* manifold() { return manifold_; }

 private:
  btPersistentManifold* manifold_;
  btTransform a_from_b_;
  bool made_ = false;
};

/// What Bullet's detectors report.
struct Touches final : btDiscreteCollisionDetectorInterface::Result {
  std::vector<Touch> all;
  void setShapeIdentifiersA(int, int) override {}
  void setShapeIdentifiersB(int, int) override {}
  void addContactPoint(const btVector3& normal, const btVector3& on_b, btScalar distance) override {
    all.push_back({normal, on_b, distance});
  }
};

/// How parallel the hull's nearest face is to `direction`, a cosine.
double facing(const btConvexPolyhedron& hull, const btVector3& direction) {
  double best = -1;
  for (int i = 0; i < hull.m_faces.size(); ++i) {
    const btScalar* const plane = hull.m_faces[i].m_plane;
    best = std::max(best, direction.dot(btVector3(plane[0], plane[1], plane[2])));
  }
  return best;
}

class HullHull final : public Contacts {
 public:
  using Contacts::Contacts;

  void processCollision(const btCollisionObjectWrapper* a, const btCollisionObjectWrapper* b,
                        const btDispatcherInfo& info, btManifoldResult*) override {
    const btTransform& world_from_a = a->getWorldTransform();
    const btTransform& world_from_b = b->getWorldTransform();
    if (unmoved(world_from_a, world_from_b)) return;
    const auto* const hull_a = static_cast<const HullShape*>(a->getCollisionShape());
    const auto* const hull_b = static_cast<const HullShape*>(b->getCollisionShape());
    const double search =
        search_after(info.m_timeStep * (speed_of(a, *hull_a) + speed_of(b, *hull_b)));
    if (is_apart(*hull_a, world_from_a, *hull_b, world_from_b, search)) {
      return manifold()->clearManifold();
    }

    btVoronoiSimplexSolver simplex;
    btGjkEpaPenetrationDepthSolver depth;
    btGjkPairDetector detector(hull_a, hull_b, &simplex, &depth);
    detector.setCachedSeparatingAxis(axis_);
    btGjkPairDetector::ClosestPointInput input;
    input.m_transformA = world_from_a;
    input.m_transformB = world_from_b;
    const double furthest = search + hull_a->getMargin() + hull_b->getMargin();
    input.m_maximumDistanceSquared = furthest * furthest;
    Touches found;
    detector.getClosestPoints(input, found, nullptr);
    if (detector.getCachedSeparatingAxis().length2() > SIMD_EPSILON) {
      axis_ = detector.getCachedSeparatingAxis().normalized();
    }
    if (found.all.empty()) {
      manifold()->clearManifold();
      return;
    }
    const Touch nearest = found.all.front();
    const btConvexPolyhedron& faces_a = hull_a->polyhedron();
    const btConvexPolyhedron& faces_b = hull_b->polyhedron();
    const btVector3& n = nearest.normal;
    const double on_face_a = facing(faces_a, world_from_a.getBasis().transpose() * -n);
    const double on_face_b = facing(faces_b, world_from_b.getBasis().transpose() * n);
    if (std::max(on_face_a, on_face_b) > kFaceOn && std::min(on_face_a, on_face_b) > kTilted) {
      // What of the one's face stands over the other's, near or not: a thin thing that tips over
      // must be met along its whole length.
      const bool a_lies = on_face_a >= on_face_b;
      Touches over;
      btVertexArray corners;
      btVertexArray scratch;
      btPolyhedralContactClipping::clipHullAgainstHull(
          a_lies ? n : -n, a_lies ? faces_a : faces_b, a_lies ? faces_b : faces_a,
          a_lies ? world_from_a : world_from_b, a_lies ? world_from_b : world_from_a,
          nearest.distance - kReach, search, corners, scratch, over);
      std::vector<Touch> touches;
      for (const Touch& t : over.all) {
        touches.push_back({n, a_lies ? t.on_b : t.on_b - n * t.distance, t.distance});
      }
      if (!touches.empty()) {
        replace(touches);
        return;
      }
    }
    // An edge or a corner: the nearest point, and those of the steps before that still hold.
    manifold()->setContactBreakingThreshold(kSame);
    manifold()->refreshContactPoints(world_from_a, world_from_b);
    manifold()->setContactBreakingThreshold(kSearch);
    const Points before = taken_points();
    add(nearest, before, true);
    const btVector3 here = world_from_a.invXform(nearest.on_b + n * nearest.distance);
    for (const btManifoldPoint& old : before) {
      if ((old.m_localPointA - here).length2() < kSame * kSame) continue;
      if (old.m_normalWorldOnB.dot(n) < kFaceOn) continue;
      manifold()->addManifoldPoint(old);
    }
  }

 private:
  /// Further than any contact along the line of centres or along what parted them last: much
  /// cheaper to see than where they are nearest, and true of most pieces of two bodies.
  bool is_apart(const HullShape& a, const btTransform& world_from_a, const HullShape& b,
                const btTransform& world_from_b, double search) {
    const auto apart_along = [&](const btVector3& n) {
      const double low =
          n.dot(world_from_a.getOrigin()) + least_along(a, world_from_a.getBasis().transpose() * n);
      const double high = n.dot(world_from_b.getOrigin()) -
                          least_along(b, world_from_b.getBasis().transpose() * -n);
      return low - high > search;
    };
    if (apart_along(axis_)) return true;
    const btVector3 between = world_from_a * a.middle() - world_from_b * b.middle();
    if (between.length2() < SIMD_EPSILON || !apart_along(between.normalized())) return false;
    axis_ = between.normalized();
    return true;
  }

  /// How far to look for contacts of two that come so near in a step. Twice that, since both may
  /// gain speed; what cannot touch only slows the solver down.
  static double search_after(double motion) { return std::min(kSlack + 2 * motion, kSearch); }

  /// Of the fastest point, at most.
  static double speed_of(const btCollisionObjectWrapper* object, const HullShape& hull) {
    const btRigidBody& body = *btRigidBody::upcast(object->getCollisionObject());
    return body.getLinearVelocity().length() + body.getAngularVelocity().length() * hull.radius();
  }

  /// How low the true hull reaches along a unit vector of its frame.
  static double least_along(const HullShape& hull, const btVector3& n) {
    return n.dot(hull.exact_corner(-n)) - hull.ball_radius();
  }

  btVector3 axis_{0, 0, 1};
};

class HullPlane final : public Contacts {
 public:
  HullPlane(const btCollisionAlgorithmConstructionInfo& info, const btCollisionObjectWrapper* a,
            const btCollisionObjectWrapper* b)
      : Contacts(info, a, b),
        plane_first_(a->getCollisionShape()->getShapeType() == STATIC_PLANE_PROXYTYPE) {}

  void processCollision(const btCollisionObjectWrapper* a, const btCollisionObjectWrapper* b,
                        const btDispatcherInfo&, btManifoldResult*) override {
    if (unmoved(a->getWorldTransform(), b->getWorldTransform())) return;
    const btCollisionObjectWrapper* const with_hull = plane_first_ ? b : a;
    const btCollisionObjectWrapper* const with_plane = plane_first_ ? a : b;
    const auto* const plane =
        static_cast<const btStaticPlaneShape*>(with_plane->getCollisionShape());
    std::vector<Touch> touches;
    const btCollisionShape* const shape = with_hull->getCollisionShape();
    if (shape->isCompound()) {
      // All pieces in one: many small contacts in one plane only slow the solver down.
      const auto* const compound = static_cast<const btCompoundShape*>(shape);
      for (int i = 0; i < compound->getNumChildShapes(); ++i) {
        add_touches(*static_cast<const HullShape*>(compound->getChildShape(i)),
                    with_hull->getWorldTransform(), *plane, touches);
      }
    } else {
      add_touches(*static_cast<const HullShape*>(shape), with_hull->getWorldTransform(), *plane,
                  touches);
    }
    replace(touches);
  }

 private:
  void add_touches(const HullShape& shape, const btTransform& world_from_hull,
                   const btStaticPlaneShape& plane, std::vector<Touch>& touches) const {
    const btConvexHullShape& hull = shape.exact();
    const btVector3& n = plane.getPlaneNormal();  // planes stand unturned at the origin
    const btVector3 n_in_hull = world_from_hull.getBasis().transpose() * n;
    const double height = n.dot(world_from_hull.getOrigin()) - plane.getPlaneConstant();
    for (int i = 0; i < hull.getNumPoints(); ++i) {
      const double distance =
          height + n_in_hull.dot(hull.getUnscaledPoints()[i]) - shape.ball_radius();
      if (distance > kSearch) continue;
      const btVector3 corner =
          world_from_hull * hull.getUnscaledPoints()[i] - shape.ball_radius() * n;
      const btVector3 on_plane = corner - distance * n;
      touches.push_back(plane_first_ ? Touch{-n, corner, distance} : Touch{n, on_plane, distance});
    }
  }

  bool plane_first_;
};

template <class Algorithm>
btCollisionAlgorithm* made(btCollisionAlgorithmConstructionInfo& info,
                           const btCollisionObjectWrapper* a, const btCollisionObjectWrapper* b) {
  void* const memory = info.m_dispatcher1->allocateCollisionAlgorithm(sizeof(Algorithm));
  return new (memory) Algorithm(info, a, b);
}

}  // namespace

btCollisionAlgorithm* HullContacts::CreateCollisionAlgorithm(
    btCollisionAlgorithmConstructionInfo& info, const btCollisionObjectWrapper* a,
    const btCollisionObjectWrapper* b) {
  return made<HullHull>(info, a, b);
}

btCollisionAlgorithm* PlaneContacts::CreateCollisionAlgorithm(
    btCollisionAlgorithmConstructionInfo& info, const btCollisionObjectWrapper* a,
    const btCollisionObjectWrapper* b) {
  return made<HullPlane>(info, a, b);
}

int largest_contact_algorithm() {
  return static_cast<int>(std::max(sizeof(HullHull), sizeof(HullPlane)));
}

}  // namespace orrery
