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
  std::vector<std::uint32_t> images;         ///< into Assets::pictures: for the faces of shapes
  std::vector<bool> takes_image;             ///< of each model, where there are images
  std::vector<std::uint32_t> textures;       ///< into Assets::pictures: instead of models' textures
  std::vector<glm::vec3> colors;             ///< of the look-alikes' originals, linear; or empty
};

/// A scene file together with the assets that its names stand for.
struct BoundScene {
  SceneSpec spec;
  std::vector<BoundSet> sets;                  ///< of spec.objects, in order
  std::vector<std::uint32_t> surfaces;         ///< into Assets::models: patches of 1 m a side
  std::vector<std::uint32_t> surface_images;   ///< into Assets::pictures
  std::optional<std::uint32_t> plain_surface;  ///< into Assets::models: what shows them
  std::optional<std::uint32_t> bin;            ///< into Assets::models
  std::uint32_t skies = 1;                     ///< how many of Assets::skies to draw from
  std::vector<CollisionShape> shapes;          ///< of each of Assets::models that can fall
};

/// Sample `index` of the scene: a pure function of its arguments. Every factor has its own stream.
/// What cannot be placed soundly (at rest, not sunk in, supported, inside its area) is drawn anew,
/// a fixed number of times; then it is left out, and missing from the scene.
Shot scene_shot(const BoundScene& scene, const Assets& assets, std::uint64_t seed,
                std::uint64_t index);

}  // namespace orrery
