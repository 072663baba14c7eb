#pragma once

#include <cstdint>
#include <glm/glm.hpp>
#include <optional>
#include <string>
#include <vector>

#include "scenes/camera.hpp"
#include "scenes/model.hpp"
#include "scenes/picture.hpp"
#include "scenes/sensor.hpp"
#include "scenes/sky.hpp"

namespace orrery {

/// What scenes refer to by index; resident for a whole run.
struct Assets {
  std::vector<Model> models;
  std::vector<Sky> skies;
  std::vector<Image<Rgba8>> photos;        ///< backgrounds
  std::vector<PictureTexture> pictures;    ///< what may stand in for base colour textures
  std::vector<PictureTexture> wear_masks;  ///< made by wear_masks(), or none
};

/// A picture instead of the base colour texture.
struct LookPicture {
  std::uint32_t picture = 0;  ///< into Assets::pictures
  bool projected = false;     ///< from three sides of the object, whatever its uv; else by its uv
  bool everywhere = false;    ///< on all materials without alpha; else on the first alone
  glm::vec2 repeats{1.0F};    ///< across and down: a unit of uv, or a metre where projected
  glm::vec2 begin{0.0F};      ///< is added to the picture's coordinates
  bool operator==(const LookPicture&) const = default;
};

/// Scratches, scuffs and dirt.
struct LookWear {
  std::uint32_t mask = 0;      ///< into Assets::wear_masks
  float wear = 0;              ///< share of the surface that is worn
  float dirt = 0;              ///< share that is dirty
  glm::vec3 dirt_color{0.2F};  ///< linear
  glm::vec2 begin{0.0F};       ///< is added to the mask's coordinates
  float tiles = 8;             ///< repeats of the mask a metre
  bool operator==(const LookWear&) const = default;
};

/// How one object differs from its model's materials.
struct Look {
  glm::vec3 tint{1.0F};    ///< multiplies the base colour, linear
  float roughness = 1.0F;  ///< multiplies the roughness
  float metallic = 0.0F;   ///< raises the metalness towards 1 by this share
  float glow = 1.0F;       ///< multiplies what it emits
  float hue_turn = 0.0F;   ///< of the base colour, radians about the axis of greys
  std::optional<LookPicture> picture{};
  std::optional<LookWear> wear{};
  bool operator==(const Look&) const = default;
};

/// One placed model: one label instance. Its id in the image is its position in Scene::objects
/// plus 1.
struct Object {
  std::uint32_t model = 0;     ///< into Assets::models
  std::uint32_t class_id = 0;  ///< into the dataset's class list
  Pose world_from_object;
  Look look{};
};

/// What a prop is to those who segment everything: countable things that nobody asked for, or the
/// surroundings.
enum class Stuff : std::uint32_t { distractor, surface, bin, room, shelf };

/// A placed model that is no label instance: tables, walls, distractors. In the id image it is 0,
/// but it hides what is behind it.
struct Prop {
  std::uint32_t model = 0;  ///< into Assets::models
  Pose world_from_object;
  Look look{};
  bool casts_shadow = true;
  Stuff stuff = Stuff::distractor;
};

/// A thing between a sun and the scene that only its shadow shows: a window's frame, blinds,
/// leaves. No camera sees it and nothing else is shaded by it. Far away compared with the scene, it
/// has a shadow that is equally soft everywhere.
struct Gobo {
  std::uint32_t model = 0;  ///< into Assets::models
  Pose world_from_object;
  double reach = 1;  ///< metres about its middle that are drawn; beyond, it is as at their edge
};

enum class LightKind : std::uint32_t { sun, spot, area };

/// A direct light. All have soft-edged shadows.
struct Light {
  LightKind kind = LightKind::sun;
  /// Linear RGB. Sun: irradiance on a surface that faces it. Spot and area: irradiance on such a
  /// surface at 1 m.
  glm::vec3 color{1.0F};
  glm::dvec3 direction{0, 0, -1};  ///< unit, the way the light travels; sun, spot and area
  glm::dvec3 position{0.0};        ///< metres; spot and area
  double radius = 0.01;  ///< sun: angular radius, radians; spot and area: of the emitter, metres
  double inner_angle = 0.3;  ///< spot: full brightness within this half angle, radians
  double outer_angle = 0.5;  ///< spot: dark outside this half angle, radians
  bool shadow = true;
  std::optional<Gobo> gobo{};  ///< sun
};

enum class GroundKind : std::uint32_t { none, disc, plane };

/// The surface z = height: a turntable disc, an endless plane, or nothing. It is background for
/// every label (id 0), but it hides what is below it.
struct Ground {
  GroundKind kind = GroundKind::none;
  double height = 0;      ///< metres
  double radius = 1;      ///< disc: metres
  glm::vec3 color{0.5F};  ///< linear albedo
  float roughness = 0.8F;
  /// The ground itself is not seen, only the shadow it catches, over the background.
  bool shadow_only = false;
};

/// A sky, and how it stands in the world: turned by `yaw` about z, then by `tilt` about x.
struct SkyView {
  std::uint32_t sky = 0;  ///< into Assets::skies
  double yaw = 0;         ///< radians
  double tilt = 0;        ///< radians
  float intensity = 1.0F;
};

/// Takes directions of the world to those of a sky.
glm::dmat3 sky_from_world(double yaw, double tilt);

enum class BackgroundKind : std::uint32_t { sky, color, photo, transparent };

/// What is seen where no surface is.
struct Background {
  BackgroundKind kind = BackgroundKind::sky;
  glm::vec3 color{0.5F};    ///< linear; color
  std::uint32_t photo = 0;  ///< into Assets::photos, scaled to cover the image
  /// The sky that is seen; without it the one that lights the scene.
  std::optional<SkyView> sky{};
};

/// What became of the things that a scene was to hold.
struct PlacementCount {
  std::uint64_t wanted = 0;    ///< drawn, distractors included
  std::uint64_t redrawn = 0;   ///< placed anew because they came to no sound rest
  std::uint64_t left_out = 0;  ///< found no sound place
  bool operator==(const PlacementCount&) const = default;
};

/// Everything that one image shows.
struct Scene {
  std::vector<Object> objects;
  std::vector<Prop> props;
  std::vector<Light> lights;
  std::uint32_t sky = 0;  ///< into Assets::skies
  double sky_yaw = 0;     ///< radians about the world's z axis
  double sky_tilt = 0;    ///< radians about the world's x axis, after the yaw
  float sky_intensity = 1.0F;
  glm::vec3 sky_tint{1.0F};  ///< multiplies the sky's light, not the sky that is seen
  Ground ground;
  Background background;
  float exposure = 1.0F;          ///< multiplies radiance before the tone curve
  glm::vec3 white_balance{1.0F};  ///< as exposure, for red, green and blue
  PlacementCount placement;
};

/// One picture to make.
struct Shot {
  Scene scene;
  View view;
  Sensor sensor;
  std::optional<View> next_view{};  ///< of the same scene a moment later, for optical flow
};

}  // namespace orrery
