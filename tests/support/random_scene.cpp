#include "tests/support/random_scene.hpp"

#include <array>
#include <string>

#include "scenes/error.hpp"
#include "scenes/random.hpp"
#include "tests/support/shapes.hpp"

namespace orrery {
namespace {

Model with_base_color(Model model, const Image<glm::vec4>& texture, Wrap wrap, AlphaMode mode,
                      bool double_sided) {
  model.materials[0].base_color_texture = add_texture(model, texture, wrap, true);
  model.materials[0].alpha_mode = mode;
  model.materials[0].double_sided = double_sided ? 1 : 0;
  return model;
}

// Alpha rises from 0 at the left to 1 at the right.
Image<glm::vec4> alpha_ramp(int side) {
  Image<glm::vec4> image(side, side);
  for (int y = 0; y < side; ++y)
    for (int x = 0; x < side; ++x)
      image.at(x, y) = {0.7F, 0.5F, 0.2F, static_cast<float>(x) / static_cast<float>(side - 1)};
  return image;
}

Model repeated(Model model, float times) {
  for (Vertex& vertex : model.vertices) vertex.uv = vertex.uv * times - glm::vec2(0.3F);
  return model;
}

Lens random_lens(Rng& rng, bool fisheye) {
  if (fisheye) {
    return lens_from(LensModel::fisheye,
                     {rng.uniform(-0.03, 0.05), rng.uniform(-0.01, 0.01), 0, 0, 0, 0, 0, 0});
  }
  const double k1 = rng.unit() < 0.6 ? rng.uniform(-0.3, -0.15) : rng.uniform(0.1, 0.4);
  return lens_from(LensModel::brown_conrady, {k1, k1 < 0 ? 0.08 : 0.0, rng.uniform(-0.01, 0.01),
                                              rng.uniform(-0.01, 0.01), 0.01, 0, 0, 0});
}

// Narrow enough that nothing folds inside the image.
Intrinsics random_lens_intrinsics(const glm::ivec2& size, Rng& rng, bool fisheye) {
  const Lens lens = random_lens(rng, fisheye);
  const double shift_x = rng.uniform(-0.1, 0.1);
  const double shift_y = rng.uniform(-0.1, 0.1);
  double fov = fisheye ? rng.uniform(1.6, 2.8) : rng.uniform(0.8, 1.6);
  for (;; fov *= 0.9) {
    try {
      Intrinsics camera = intrinsics_from_fov(size.x, size.y, fov, lens);
      camera.fy *= 1.1;
      camera.cx += shift_x * size.x;
      camera.cy += shift_y * size.y;
      check_lens(camera);
      return camera;
    } catch (const Error&) {
    }
  }
}

View random_view(std::uint64_t seed, std::uint64_t index, bool lens) {
  constexpr std::array<glm::ivec2, 6> sizes = {
      {{97, 61}, {160, 120}, {320, 240}, {64, 200}, {256, 256}, {201, 133}}};
  Rng rng(seed, index, "view");
  const auto turn = static_cast<std::size_t>(index);
  const glm::ivec2 size = turn % 12 == 7 ? glm::ivec2(640, 480) : sizes[turn % sizes.size()];
  View view;
  view.intrinsics = intrinsics_from_fov(size.x, size.y, rng.uniform(0.5, 1.6));
  view.intrinsics.fy *= rng.uniform(0.8, 1.25);
  view.intrinsics.cx += rng.uniform(-0.2, 0.2) * size.x;
  view.intrinsics.cy += rng.uniform(-0.2, 0.2) * size.y;
  if (lens) {
    view.intrinsics = random_lens_intrinsics(size, rng, index % 2 == 1);
  }
  glm::dvec3 eye = rng.direction() * rng.uniform(1.0, 4.0);
  if (rng.unit() < 0.7) eye.z = std::abs(eye.z);
  const glm::dvec3 target = 0.3 * rng.direction();
  view.camera_from_world = camera_from_world_looking_at(eye, target, rng.uniform(-3, 3));
  view.near_m = rng.unit() < 0.5 ? 0.01 : 0.2;
  return view;
}

// Where an object goes, in the camera's frame at its depth; most are in sight.
Pose random_pose(Rng& rng, const View& view) {
  const Pose world_from_camera = inverse(view.camera_from_world);
  const Intrinsics& camera = view.intrinsics;
  const double kind = rng.unit();
  double depth = rng.uniform(0.8, 6.0);
  double scale = depth * rng.uniform(0.05, 0.35);
  double margin = 0.1;  // how far beyond the image's border, in image sizes
  if (kind < 0.08) {
    depth = -depth;  // behind the camera
  } else if (kind < 0.16) {
    depth = view.near_m + rng.uniform(0.0, 0.2);  // across the near plane
    scale = 0.3;
  } else if (kind < 0.26) {
    scale = depth * rng.uniform(0.2, 2.0) / camera.fx;  // about a pixel
  } else if (kind < 0.4) {
    margin = 0.5;  // leaves the image
  }
  glm::dvec2 pixel(camera.width * rng.uniform(-margin, 1 + margin),
                   camera.height * rng.uniform(-margin, 1 + margin));
  while (!slope_at(camera, pixel)) pixel = 0.5 * (pixel + glm::dvec2(camera.cx, camera.cy));
  return {glm::mat3_cast(rng.rotation()), scale,
          world_from_camera(unproject(camera, pixel, depth))};
}

Light random_light(Rng& rng) {
  Light light;
  light.kind = static_cast<LightKind>(rng.below(3));
  light.color = glm::vec3(glm::dvec3(rng.uniform(0.5, 3), rng.uniform(0.5, 3), 1));
  light.direction = rng.direction();
  light.direction.z = -std::abs(light.direction.z) - 0.1;
  light.direction = glm::normalize(light.direction);
  light.position = light.direction * -3.0;
  light.radius = light.kind == LightKind::sun ? 0.02 : 0.1;
  return light;
}

PictureTexture texture_of(const Image<glm::vec4>& image, Wrap wrap, bool color) {
  Model model;
  add_texture(model, image, wrap, color);
  PictureTexture texture;
  texture.texture = model.textures.front();
  texture.texels = model.texels;
  return texture;
}

// Every kind of finish, alone and with others.
Look random_look(Rng& rng, const Assets& assets) {
  Look look;
  const std::uint32_t kinds = rng.below(16);
  if (kinds & 1U) look.hue_turn = static_cast<float>(rng.uniform(-1, 1));
  if (kinds & 2U) {
    LookWear wear;
    wear.wear = static_cast<float>(rng.uniform(0, 0.7));
    wear.dirt = static_cast<float>(rng.uniform(0, 0.7));
    wear.begin = glm::vec2(static_cast<float>(rng.unit()), 0.3F);
    wear.tiles = 2;
    look.wear = wear;
  }
  if (kinds & 4U) {
    LookPicture picture;
    picture.picture = rng.below(static_cast<std::uint32_t>(assets.pictures.size()));
    picture.projected = (kinds & 8U) != 0;
    picture.everywhere = true;
    picture.repeats = glm::vec2(1.7F, 2.3F);
    picture.begin = glm::vec2(0.2F, 0.6F);
    look.picture = picture;
  }
  return look;
}

}  // namespace

Assets varied_assets() {
  const glm::vec4 red(0.8F, 0.1F, 0.1F, 1);
  const glm::vec4 blue(0.1F, 0.2F, 0.7F, 1);
  const glm::vec4 nothing(0, 0, 0, 0);
  Assets assets;
  assets.models.push_back(sphere_with_lods(0.5F, 64, 4));
  assets.models.push_back(with_base_color(card(1.5F, 1), checker(64, 4, red, nothing), Wrap::clamp,
                                          AlphaMode::mask, true));
  assets.models.push_back(
      with_base_color(cube(1), checker(32, 8, red, blue), Wrap::repeat, AlphaMode::opaque, false));
  assets.models.push_back(with_base_color(repeated(torus(0.6F, 0.2F, 16), 3),
                                          checker(16, 2, blue, nothing), Wrap::repeat,
                                          AlphaMode::mask, false));
  assets.models.push_back(cup(0.4F, 1, 24));
  assets.models.push_back(with_base_color(repeated(card(1, 1.2F), 2), alpha_ramp(32), Wrap::mirror,
                                          AlphaMode::blend, false));
  assets.models.push_back(sphere(0.5F, 8));
  assets.models.back().materials[0].metallic = 1;
  assets.models.back().materials[0].roughness = 0.3F;
  for (std::size_t i = 0; i < assets.models.size(); ++i) {
    assets.models[i].name += std::to_string(i);
    assets.models[i].sha256 += std::to_string(i);  // equal hashes would say that they are the same
  }
  assets.skies.push_back(uniform_sky(glm::vec3(0.6F)));
  assets.skies.push_back(uniform_sky({0.2F, 0.3F, 0.8F}));
  assets.photos.emplace_back(32, 16, Rgba8(120, 80, 200, 255));
  assets.pictures = {texture_of(checker(64, 8, red, blue), Wrap::repeat, true),
                     texture_of(alpha_ramp(32), Wrap::mirror, true)};
  assets.wear_masks = {texture_of(alpha_ramp(64), Wrap::repeat, false)};
  return assets;
}

Shot random_shot(const Assets& assets, std::uint64_t seed, std::uint64_t index, bool lens) {
  Shot shot;
  shot.view = random_view(seed, index, lens);
  Rng placing(seed, index, "objects");
  constexpr std::array<std::uint32_t, 6> counts = {1, 3, 6, 12, 33, 40};
  const std::uint32_t count = counts[placing.below(counts.size())];
  for (std::uint32_t i = 0; i < count; ++i) {
    Object object;
    object.model = placing.below(static_cast<std::uint32_t>(assets.models.size()));
    object.class_id = object.model;
    object.world_from_object = random_pose(placing, shot.view);
    shot.scene.objects.push_back(object);
  }
  Rng look(seed, index, "look");
  for (Object& object : shot.scene.objects) {
    if (index % 3 == 1 && !assets.pictures.empty()) object.look = random_look(look, assets);
  }
  Rng light(seed, index, "light");
  const std::uint32_t lights = light.below(4);
  for (std::uint32_t i = 0; i < lights; ++i) shot.scene.lights.push_back(random_light(light));
  Rng gobos(seed, index, "gobo");
  for (Light& sun : shot.scene.lights) {
    if (sun.kind != LightKind::sun || gobos.unit() < 0.5) continue;
    const std::uint32_t model = gobos.below(static_cast<std::uint32_t>(assets.models.size()));
    sun.gobo = Gobo{model, {glm::mat3_cast(gobos.rotation()), 2.0, -4.0 * sun.direction}, 3.0};
  }
  shot.scene.sky = light.below(static_cast<std::uint32_t>(assets.skies.size()));
  shot.scene.sky_yaw = light.uniform(0, 6);
  shot.scene.sky_tilt = gobos.uniform(-0.5, 0.5);
  if (gobos.unit() < 0.3) shot.scene.background.sky = SkyView{0, 1.0, 0.2, 0.5F};
  Rng ground(seed, index, "ground");
  shot.scene.ground.kind = static_cast<GroundKind>(ground.below(3));
  shot.scene.ground.height = ground.uniform(-0.8, 0.2);
  shot.scene.ground.radius = ground.uniform(0.5, 2.5);
  shot.scene.ground.shadow_only = ground.unit() < 0.3;
  Rng background(seed, index, "background");
  const bool has_photo = !assets.photos.empty();
  shot.scene.background.kind = static_cast<BackgroundKind>(background.below(4));
  if (!has_photo && shot.scene.background.kind == BackgroundKind::photo)
    shot.scene.background.kind = BackgroundKind::color;
  return shot;
}

}  // namespace orrery
