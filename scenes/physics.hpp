#pragma once

#include <optional>
#include <span>
#include <vector>

#include "scenes/camera.hpp"
#include "scenes/collision_shape.hpp"

namespace orrery {

/// Something that falls, or that others fall on.
struct Body {
  const CollisionShape* shape = nullptr;
  Pose world_from_object;    ///< at the start; its scale is kept
  double density = 500;      ///< kg/m³, above 0
  double friction = 0.5;     ///< Coulomb; that of a contact is the product of both sides' roots
  double restitution = 0.1;  ///< 0 to 1; that of a contact is the greater of both sides'
  bool fixed = false;        ///< stays where it is and holds others
};

/// An upright box without a lid. Its walls hold things at any height, so that nothing gets past
/// them; `Settled::inside` says what rests below the rim.
struct Bin {
  glm::dvec3 floor{0.0};  ///< middle of the floor, metres
  glm::dvec3 size{1.0};   ///< inside: x, y and height, metres
  double friction = 0.5;
};

/// When to stop.
struct SettleLimits {
  int steps = 720;            ///< at most, of 1/120 s each
  int calm_after = 48;        ///< steps after which what still moves is slowed down
  double rest_speed = 0.005;  ///< m/s on average over 0.13 s; slower everywhere is at rest
};

/// Where everything ended. All vectors have one entry for each body.
struct Settled {
  std::vector<Pose> poses;          ///< world_from_object
  bool at_rest = false;             ///< all bodies came to rest within the steps
  int steps = 0;                    ///< taken
  std::vector<bool> still;          ///< came to rest
  std::vector<double> penetration;  ///< deepest, metres: of its pieces in others, floor and walls
  std::vector<bool> supported;      ///< rests on something fixed, maybe through others that do
  std::vector<bool> inside;         ///< in the bin and below its rim; no bin: above the ground
  std::vector<bool> steady;         ///< sound, and touches nothing that is not

  /// At rest, less than 1 mm in anything, held and inside.
  bool sound(std::size_t body) const;
};

/// Lets bodies fall and slide until they rest on the ground z = 0, in the bin and on each other.
/// A pure function: the same bytes for the same input in any thread. Speeds stay below what thin
/// bodies could tunnel at, so long falls take more steps than in nature.
Settled settle(std::span<const Body> bodies, const std::optional<Bin>& bin = {},
               const SettleLimits& limits = {});

}  // namespace orrery
