#include "scenes/physics.hpp"

#include <btBulletDynamicsCommon.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <memory>

#include "scenes/hull_contact.hpp"
#include "scenes/hull_depth.hpp"
#include "scenes/physics_input.hpp"

namespace orrery {
namespace {

constexpr double kStep = 1.0 / 120;         ///< seconds
constexpr int kQuietSteps = 10;             ///< unmoved for so long is at rest
constexpr double kImpatience = 12;          ///< steps
constexpr double kMassRange = 30;           ///< from the median; solvers stall beyond
constexpr double kDeepest = 0.001;          ///< metres
constexpr double kTouching = 0.0005;        ///< metres
constexpr double kUpwards = 0.1;            ///< least z of a contact's direction that carries
constexpr double kInsideTolerance = 0.001;  ///< metres

btVector3 bullet(const glm::dvec3& v) { return {v.x, v.y, v.z}; }

/// One simulation. Everything lives here, so that simulations in other threads share nothing.
class World {
 public:
  World(std::span<const Body> bodies, const std::optional<Bin>& bin, const SettleLimits& limits)
      : bodies_(bodies),
        bin_(bin),
        limits_(limits),
        configuration_(pools()),
        dispatcher_(&configuration_),
        world_(&dispatcher_, &broadphase_, &solver_, &configuration_) {
    std::vector<double> sizes;
    std::vector<double> masses;
    for (const Body& b : bodies) {
      if (b.fixed) continue;
      sizes.push_back(size_of(b));
      masses.push_back(mass_of(b));
    }
    unit_from_world_ = 1.0 / median(sizes);
    const double typical_mass = median(masses);
    still_.assign(bodies.size(), false);
    set_up_solver();
    add_planes();
    for (const Body& b : bodies) add_body(b, mass_of(b) / typical_mass);
  }

  ~World() {
    // Bullet wants its objects out of the world before they go.
    for (const auto& o : objects_) world_.removeRigidBody(o.get());
    for (const auto& p : planes_) world_.removeRigidBody(p.get());
  }
  World(const World&) = delete;
  World& operator=(const World&) = delete;

  Settled run() {
    Settled result;
    std::vector<btTransform> before = transforms();
    while (!result.at_rest && result.steps < limits_.steps) {
      calm(result.steps);
      world_.stepSimulation(kStep, 0);
      ++result.steps;
      slow_down();
      if (result.steps % kQuietSteps != 0) continue;
      const std::vector<btTransform> now = transforms();
      note_still(before, now, result.steps);
      result.at_rest = std::find(still_.begin(), still_.end(), false) == still_.end();
      before = now;
    }
    for (std::size_t i = 0; i < bodies_.size(); ++i) result.poses.push_back(pose(i));
    result.still = still_;
    result.penetration = penetrations();
    for (std::size_t i = 0; i < bodies_.size(); ++i) result.inside.push_back(inside(i));
    std::vector<bool> may_hold;
    for (std::size_t i = 0; i < bodies_.size(); ++i) {
      may_hold.push_back(bodies_[i].fixed ||
                         (result.still[i] && result.inside[i] && result.penetration[i] < kDeepest));
    }
    result.supported = supported(may_hold);
    result.steady = steady(result);
    return result;
  }

 private:
  static btDefaultCollisionConstructionInfo pools() {
    btDefaultCollisionConstructionInfo info;
    info.m_defaultMaxPersistentManifoldPoolSize = 256;
    info.m_defaultMaxCollisionAlgorithmPoolSize = 256;
    info.m_customCollisionAlgorithmMaxElementSize = largest_contact_algorithm();
    return info;
  }

  void set_up_solver() {
    dispatcher_.registerCollisionCreateFunc(kHullShapeType, kHullShapeType, &hull_contacts_);
    for (const int shape : {kHullShapeType, static_cast<int>(COMPOUND_SHAPE_PROXYTYPE)}) {
      dispatcher_.registerCollisionCreateFunc(shape, STATIC_PLANE_PROXYTYPE, &plane_contacts_);
      dispatcher_.registerCollisionCreateFunc(STATIC_PLANE_PROXYTYPE, shape, &plane_contacts_);
    }
    world_.setGravity(btVector3(0, 0, -9.81 * unit_from_world_));
    world_.setForceUpdateAllAabbs(false);
    btContactSolverInfo& info = world_.getSolverInfo();
    info.m_numIterations = 20;
    info.m_erp2 = 0.4;
    // Two fixed directions of friction can be started from the last step's; one along the
    // velocity cannot, and piles creep.
    info.m_solverMode = SOLVER_USE_WARMSTARTING | SOLVER_USE_2_FRICTION_DIRECTIONS |
                        SOLVER_DISABLE_VELOCITY_DEPENDENT_FRICTION_DIRECTION;
    // Penetration is always pushed out apart from velocity: it must not make things jump.
    info.m_splitImpulsePenetrationThreshold = 1e30;
    // Bullet forgets 15 % of what held a stack a step ago; its bodies then never come to rest.
    info.m_warmstartingFactor = 1.0;
    info.m_restitutionVelocityThreshold = 3 * 9.81 * unit_from_world_ * kStep;
  }

  void add_plane(const glm::dvec3& normal, const glm::dvec3& point, double friction) {
    plane_shapes_.push_back(std::make_unique<btStaticPlaneShape>(
        bullet(normal), glm::dot(normal, point) * unit_from_world_));
    btRigidBody::btRigidBodyConstructionInfo info(0, nullptr, plane_shapes_.back().get());
    info.m_friction = friction;
    planes_.push_back(std::make_unique<btRigidBody>(info));
    world_.addRigidBody(planes_.back().get());
  }

  void add_planes() {
    if (!bin_) {
      add_plane({0, 0, 1}, {0, 0, 0}, 0.5);
      return;
    }
    const glm::dvec3 half(0.5 * bin_->size.x, 0.5 * bin_->size.y, 0);
    add_plane({0, 0, 1}, bin_->floor, bin_->friction);
    add_plane({1, 0, 0}, bin_->floor - half, bin_->friction);
    add_plane({-1, 0, 0}, bin_->floor + half, bin_->friction);
    add_plane({0, 1, 0}, bin_->floor - half, bin_->friction);
    add_plane({0, -1, 0}, bin_->floor + half, bin_->friction);
  }

  const Solid& solid_of(const Body& body) {
    const auto key = std::pair(index_of(body.shape), body.world_from_object.scale);
    if (const auto found = solids_.find(key); found != solids_.end()) return found->second;
    return solids_
        .emplace(key, solid_from(*body.shape, body.world_from_object.scale * unit_from_world_))
        .first->second;
  }

  /// Addresses differ from run to run; the order of first use does not.
  std::size_t index_of(const CollisionShape* shape) {
    const auto found = std::find(shapes_.begin(), shapes_.end(), shape);
    const auto index = static_cast<std::size_t>(found - shapes_.begin());
    if (found == shapes_.end()) shapes_.push_back(shape);
    return index;
  }

  void add_body(const Body& body, double relative_mass) {
    const Solid& solid = solid_of(body);
    const double mass = body.fixed ? 0 : std::clamp(relative_mass, 1.0 / kMassRange, kMassRange);
    const double unit_from_object = body.world_from_object.scale * unit_from_world_;
    const glm::dvec3 inertia = mass * unit_from_object * unit_from_object * body.shape->inertia;
    btRigidBody::btRigidBodyConstructionInfo info(mass, nullptr, solid.shape(), bullet(inertia));
    const glm::dmat3& r = body.world_from_object.rotation;
    info.m_startWorldTransform =
        btTransform(btMatrix3x3(r[0][0], r[1][0], r[2][0], r[0][1], r[1][1], r[2][1], r[0][2],
                                r[1][2], r[2][2]),
                    bullet(body.world_from_object(body.shape->center_of_mass) * unit_from_world_));
    info.m_friction = body.friction;
    info.m_restitution = body.restitution;
    info.m_linearDamping = 0.05;
    info.m_angularDamping = 0.3;  // what rolls must stop some time
    info.m_linearSleepingThreshold = limits_.rest_speed * unit_from_world_;
    info.m_angularSleepingThreshold = limits_.rest_speed * unit_from_world_ / solid.radius;
    objects_.push_back(std::make_unique<btRigidBody>(info));
    solid_of_.push_back(&solid);
    world_.addRigidBody(objects_.back().get());
  }

  /// What still moves after a while only trembles or rolls on and on; ever thicker air ends that.
  void calm(int steps) {
    const double thick =
        std::clamp((steps - limits_.calm_after) / (2.0 * limits_.calm_after), 0.0, 1.0);
    if (thick <= 0) return;
    for (const auto& o : objects_) o->setDamping(0.05 + 0.949 * thick, 0.3 + 0.699 * thick);
  }

  /// Limits speeds to what the contacts foresee.
  void slow_down() {
    const double fastest = kReach / kStep;
    for (std::size_t i = 0; i < objects_.size(); ++i) {
      btRigidBody& o = *objects_[i];
      if (o.isStaticObject() || !o.isActive()) continue;
      const double speed = o.getLinearVelocity().length();
      const double turn = o.getAngularVelocity().length() * solid_of_[i]->radius;
      if (speed > fastest) o.setLinearVelocity(o.getLinearVelocity() * (fastest / speed));
      if (turn > fastest) o.setAngularVelocity(o.getAngularVelocity() * (fastest / turn));
      // Bullet lets things sleep after two seconds, for all worlds at once; ours sooner.
      if (o.getDeactivationTime() > 2 * kQuietSteps * kStep) o.setDeactivationTime(10);
    }
  }

  std::vector<btTransform> transforms() const {
    std::vector<btTransform> all;
    for (const auto& o : objects_) all.push_back(o->getWorldTransform());
    return all;
  }

  /// By where things are, not by their speeds: a tower trembles but stays. What rolls out ever more
  /// slowly is at rest the sooner the longer it takes: a picture does not tell.
  void note_still(const std::vector<btTransform>& before, const std::vector<btTransform>& now,
                  int steps) {
    const double patience = 1 + std::max(steps - limits_.calm_after, 0) / kImpatience;
    const double most = patience * limits_.rest_speed * unit_from_world_ * kQuietSteps * kStep;
    for (std::size_t i = 0; i < now.size(); ++i) {
      double moved = (now[i].getOrigin() - before[i].getOrigin()).length();
      for (int k = 0; k < 3; ++k) {
        const double turned = (now[i].getBasis()[k] - before[i].getBasis()[k]).length();
        moved = std::max(moved, turned * solid_of_[i]->radius);
      }
      still_[i] = moved <= most;
    }
  }

  Pose pose(std::size_t i) const {
    const Body& body = bodies_[i];
    if (body.fixed) return body.world_from_object;
    const btTransform& t = objects_[i]->getWorldTransform();
    Pose pose;
    pose.scale = body.world_from_object.scale;
    for (int row = 0; row < 3; ++row) {
      for (int column = 0; column < 3; ++column) {
        pose.rotation[column][row] = t.getBasis()[row][column];
      }
    }
    const glm::dvec3 center(t.getOrigin().x(), t.getOrigin().y(), t.getOrigin().z());
    pose.translation =
        center / unit_from_world_ - pose.rotation * (pose.scale * body.shape->center_of_mass);
    return pose;
  }

  double depth_in_planes(std::size_t i) const {
    double deepest = 0;
    for_each_corner(i, [&](const btVector3& corner, double radius) {
      for (const auto& plane : plane_shapes_) {
        const double height = plane->getPlaneNormal().dot(corner) - plane->getPlaneConstant();
        deepest = std::max(deepest, radius - height);
      }
    });
    return deepest;
  }

  /// Of each body, in metres.
  std::vector<double> penetrations() const {
    std::vector<double> deepest(objects_.size(), 0.0);
    for (std::size_t b = 0; b < objects_.size(); ++b) {
      if (!bodies_[b].fixed) deepest[b] = std::max(deepest[b], depth_in_planes(b));
      for (std::size_t a = 0; a < b; ++a) {
        if (bodies_[a].fixed && bodies_[b].fixed) continue;
        const double depth = depth_between(*solid_of_[a], objects_[a]->getWorldTransform(),
                                           *solid_of_[b], objects_[b]->getWorldTransform());
        deepest[a] = std::max(deepest[a], depth);
        deepest[b] = std::max(deepest[b], depth);
      }
    }
    for (double& depth : deepest) depth /= unit_from_world_;
    return deepest;
  }

  /// Calls take(corner in the world, radius of the ball about it).
  template <class Take>
  void for_each_corner(std::size_t i, const Take& take) const {
    const btTransform& world_from_body = objects_[i]->getWorldTransform();
    for (const auto& hull : solid_of_[i]->hulls) {
      for (int k = 0; k < hull->exact().getNumPoints(); ++k) {
        take(world_from_body * hull->exact().getUnscaledPoints()[k], hull->ball_radius());
      }
    }
  }

  /// What is held through those that may hold.
  std::vector<bool> supported(const std::vector<bool>& may_hold) {
    std::map<const btCollisionObject*, std::size_t> index;
    for (std::size_t i = 0; i < objects_.size(); ++i) index[objects_[i].get()] = i;
    std::vector<bool> held;
    for (const Body& b : bodies_) held.push_back(b.fixed);
    const auto holds = [&](const btCollisionObject* o) {
      if (o->isStaticObject()) return true;
      const std::size_t i = index.at(o);
      return held[i] && may_hold[i];
    };
    for (bool more = true; more;) {
      more = false;
      for (int m = 0; m < dispatcher_.getNumManifolds(); ++m) {
        const btPersistentManifold& manifold = *dispatcher_.getManifoldByIndexInternal(m);
        for (int k = 0; k < manifold.getNumContacts(); ++k) {
          const btManifoldPoint& p = manifold.getContactPoint(k);
          const double up = p.m_normalWorldOnB.z();
          if (p.getDistance() > kTouching * unit_from_world_ || std::abs(up) < kUpwards) continue;
          const btCollisionObject* upper = up > 0 ? manifold.getBody0() : manifold.getBody1();
          const btCollisionObject* lower = up > 0 ? manifold.getBody1() : manifold.getBody0();
          if (upper->isStaticObject() || held[index.at(upper)] || !holds(lower)) continue;
          held[index.at(upper)] = true;
          more = true;
        }
      }
    }
    return held;
  }

  /// Sound ones that touch nothing unsound.
  std::vector<bool> steady(const Settled& settled) {
    std::map<const btCollisionObject*, std::size_t> index;
    for (std::size_t i = 0; i < objects_.size(); ++i) index[objects_[i].get()] = i;
    std::vector<bool> sound;
    for (std::size_t i = 0; i < objects_.size(); ++i) sound.push_back(settled.sound(i));
    std::vector<bool> steady = sound;
    for (int m = 0; m < dispatcher_.getNumManifolds(); ++m) {
      const btPersistentManifold& manifold = *dispatcher_.getManifoldByIndexInternal(m);
      const auto a = index.find(manifold.getBody0());
      const auto b = index.find(manifold.getBody1());
      if (a == index.end() || b == index.end()) continue;
      for (int k = 0; k < manifold.getNumContacts(); ++k) {
        if (manifold.getContactPoint(k).getDistance() > kTouching * unit_from_world_) continue;
        if (!sound[a->second]) steady[b->second] = false;
        if (!sound[b->second]) steady[a->second] = false;
      }
    }
    return steady;
  }

  bool inside(std::size_t i) const {
    const Pose p = pose(i);
    const glm::dvec3 floor = bin_ ? bin_->floor : glm::dvec3(0.0);
    for (const auto& hull : bodies_[i].shape->hulls) {
      for (const glm::dvec3& corner : hull) {
        const glm::dvec3 at = p(corner) - floor;
        if (at.z < -kInsideTolerance) return false;
        if (!bin_) continue;
        if (at.z > bin_->size.z + kInsideTolerance) return false;
        if (std::abs(at.x) > 0.5 * bin_->size.x + kInsideTolerance) return false;
        if (std::abs(at.y) > 0.5 * bin_->size.y + kInsideTolerance) return false;
      }
    }
    return true;
  }

  std::span<const Body> bodies_;
  const std::optional<Bin>& bin_;
  const SettleLimits& limits_;
  double unit_from_world_ = 1;
  HullContacts hull_contacts_;
  PlaneContacts plane_contacts_;
  btDefaultCollisionConfiguration configuration_;
  btCollisionDispatcher dispatcher_;
  btDbvtBroadphase broadphase_;
  btSequentialImpulseConstraintSolver solver_;
  std::vector<const CollisionShape*> shapes_;
  std::map<std::pair<std::size_t, double>, Solid> solids_;
  std::vector<std::unique_ptr<btStaticPlaneShape>> plane_shapes_;
  std::vector<std::unique_ptr<btRigidBody>> planes_;
  std::vector<std::unique_ptr<btRigidBody>> objects_;
  std::vector<const Solid*> solid_of_;
  std::vector<bool> still_;
  btDiscreteDynamicsWorld world_;
};

}  // namespace

bool Settled::sound(std::size_t body) const {
  return still[body] && penetration[body] < kDeepest && supported[body] && inside[body];
}

Settled settle(std::span<const Body> bodies, const std::optional<Bin>& bin,
               const SettleLimits& limits) {
  require_sound(bodies);
  return World(bodies, bin, limits).run();
}

}  // namespace orrery
