#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "scenes/collision_shape.hpp"
#include "scenes/gobo.hpp"
#include "scenes/room.hpp"
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

/// A room with what it is made of.
struct BoundRoom {
  RoomPlan plan;
  RoomLighting lighting;
  std::uint32_t shell = 0;  ///< into Assets::models
  std::uint32_t shade = 0;  ///< into Assets::models
  std::uint32_t sky = 0;    ///< into Assets::skies
};

/// A photo that scenes may stand on.
struct BoundPlate {
  Backplate view;
  std::uint32_t photo = 0;  ///< into Assets::photos
  glm::ivec2 size{0};       ///< pixels
  glm::dvec3 ground{0.2};   ///< mean of the lower half, linear
};

/// A scene file together with the assets that its names stand for.
struct BoundScene {
  SceneSpec spec;
  std::vector<BoundSet> sets;                  ///< of spec.objects, in order
  std::vector<std::uint32_t> surfaces;         ///< into Assets::models: patches of 1 m a side
  std::vector<std::uint32_t> surface_images;   ///< into Assets::pictures
  std::optional<std::uint32_t> plain_surface;  ///< into Assets::models: what shows them
  std::optional<std::uint32_t> bin;            ///< into Assets::models
  std::vector<std::uint32_t> shelves;          ///< into Assets::models: alike but for their looks
  /// What holds up each of Assets::models that does not stand by itself, in its frame; or empty.
  std::vector<std::optional<std::uint32_t>> mounts;
  std::array<std::vector<std::uint32_t>, kGoboNames.size()> gobos;  ///< of each kind
  std::uint32_t skies = 1;  ///< how many of Assets::skies to draw from; rooms' follow
  std::vector<BoundRoom> rooms;
  std::vector<BoundPlate> plates;
  std::uint32_t photos = 0;            ///< how many of Assets::photos turntables draw from
  std::vector<CollisionShape> shapes;  ///< of each of Assets::models that can fall
  std::vector<CollisionShape> hulls;   ///< the same as one convex piece each; or empty
};

/// Sample `index` of the scene: a pure function of its arguments. Every factor has its own stream.
/// What cannot be placed soundly (at rest, not sunk in, supported, inside its area) is drawn anew,
/// a fixed number of times; then it is left out, and missing from the scene.
Shot scene_shot(const BoundScene& scene, const Assets& assets, std::uint64_t seed,
                std::uint64_t index);

/// The models, into Assets::models, of the things that sample `index` of the scene is to hold,
/// those without a label too. Cheap: nothing is placed, so what finds no place is among them.
std::vector<std::uint32_t> scene_models(const BoundScene& scene, std::uint64_t seed,
                                        std::uint64_t index);

}  // namespace orrery
