#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "scenes/collision_shape.hpp"
#include "scenes/scene.hpp"
#include "scenes/scene_spec.hpp"

namespace orrery {

/// A set of a scene file with what it draws from.
struct BoundSet {
  std::vector<std::uint32_t> models;         ///< into Assets::models; at least one
  std::vector<std::uint32_t> classes;        ///< class id of each; means nothing for distractors
  std::vector<std::uint32_t> class_by_side;  ///< class ids of the sides +x, -x … -z; or empty
};

/// A scene file together with the assets that its names stand for.
struct BoundScene {
  SceneSpec spec;
  std::vector<BoundSet> sets;           ///< of spec.objects, in order
  std::vector<std::uint32_t> surfaces;  ///< into Assets::models: patches of 1 m a side
  std::optional<std::uint32_t> bin;     ///< into Assets::models
  std::vector<std::uint32_t> shelves;   ///< into Assets::models: alike but for their looks
  /// What holds up each of Assets::models that does not stand by itself, in its frame; or empty.
  std::vector<std::optional<std::uint32_t>> mounts;
  std::uint32_t skies = 1;             ///< how many of Assets::skies to draw from
  std::vector<CollisionShape> shapes;  ///< of each of Assets::models that can fall
};

/// Sample `index` of the scene: a pure function of its arguments. Every factor has its own stream.
/// What cannot be placed soundly (at rest, not sunk in, supported, inside its area) is drawn anew,
/// a fixed number of times; then it is left out, and missing from the scene.
Shot scene_shot(const BoundScene& scene, const Assets& assets, std::uint64_t seed,
                std::uint64_t index);

}  // namespace orrery
