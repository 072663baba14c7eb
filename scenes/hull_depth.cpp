#include "scenes/hull_depth.hpp"

#include <BulletCollision/NarrowPhaseCollision/btGjkEpa2.h>

#include <algorithm>

namespace orrery {
namespace {

double depth_of(const HullShape& p, const btTransform& world_from_p, const HullShape& q,
                const btTransform& world_from_q, const btVector3& guess) {
  btGjkEpaSolver2::sResults found;
  const double radii = p.ball_radius() + q.ball_radius();
  if (radii <= 0) {
    const bool deep = btGjkEpaSolver2::Penetration(&p.exact(), world_from_p, &q.exact(),
                                                   world_from_q, guess, found, false);
    return deep ? std::max(-static_cast<double>(found.distance), 0.0) : 0.0;
  }
  // Balls are their centres here, so that theirs is a distance and not a depth.
  btConvexHullShape center;
  center.addPoint(btVector3(0, 0, 0));
  center.setMargin(0);
  const btConvexShape& bare_p = p.ball_radius() > 0 ? center : p.exact();
  const btConvexShape& bare_q = q.ball_radius() > 0 ? center : q.exact();
  if (btGjkEpaSolver2::Distance(&bare_p, world_from_p, &bare_q, world_from_q, guess, found)) {
    return std::max(radii - static_cast<double>(found.distance), 0.0);
  }
  return radii;
}

}  // namespace

double depth_between(const Solid& a, const btTransform& world_from_a, const Solid& b,
                     const btTransform& world_from_b) {
  double deepest = 0;
  const btVector3 guess = world_from_b.getOrigin() - world_from_a.getOrigin();
  const double reach = a.radius + b.radius;
  if (guess.length2() > reach * reach) return 0;
  for (const auto& p : a.hulls) {
    btVector3 low_p, high_p;
    p->exact().getAabb(world_from_a, low_p, high_p);
    for (const auto& q : b.hulls) {
      btVector3 low_q, high_q;
      q->exact().getAabb(world_from_b, low_q, high_q);
      if (!TestAabbAgainstAabb2(low_p, high_p, low_q, high_q)) continue;
      deepest = std::max(deepest, depth_of(*p, world_from_a, *q, world_from_b, guess));
    }
  }
  return deepest;
}

}  // namespace orrery
