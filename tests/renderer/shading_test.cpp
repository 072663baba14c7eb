#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "tests/support/picture.hpp"
#include "tests/support/random_scene.hpp"
#include "tests/support/shapes.hpp"

using namespace orrery;

namespace {

constexpr double kSkyRadiance = 0.4;  // well inside the tone curve, where a level is under 1 %
constexpr double kLevel = 0.012;      // relative: what rounding to eight bits may add

Assets under_sky(Model model, double radiance) {
  Assets assets;
  assets.models.push_back(std::move(model));
  assets.skies.push_back(uniform_sky(glm::vec3(static_cast<float>(radiance))));
  return assets;
}

struct Spread {
  double low = 1e9, mean = 0, high = 0;
};

// Green radiance over the pixels of instance 1.
Spread radiance_on_instance(const Picture& shown) {
  Spread spread;
  double n = 0;
  for (int y = 0; y < shown.id.height; ++y) {
    for (int x = 0; x < shown.id.width; ++x) {
      if (shown.id.at(x, y) != 1) continue;
      const double radiance = radiance_of(shown.color.at(x, y)).g;
      spread.low = std::min(spread.low, radiance);
      spread.high = std::max(spread.high, radiance);
      spread.mean += radiance;
      ++n;
    }
  }
  REQUIRE(n > 0);
  spread.mean /= n;
  return spread;
}

Light sun_along(const glm::dvec3& direction, float irradiance) {
  Light sun;
  sun.color = glm::vec3(irradiance);
  sun.direction = glm::normalize(direction);
  return sun;
}

// A white rough card before a black sky, lit by a sun from behind the camera, turned about z.
double sunlit_card(double angle, float irradiance) {
  Assets assets = under_sky(card(0.5F, 0.5F), 0);
  assets.models[0].materials[0].roughness = 1;
  Object turned = object_at(0, {0, 2, 0});
  turned.world_from_object.rotation = glm::mat3_cast(glm::angleAxis(angle, glm::dvec3(0, 0, 1)));
  Shot shot = shot_of(view_along_y(64, 64, 100), {turned});
  shot.scene.lights = {sun_along({0, 1, 0}, irradiance)};
  return radiance_on_instance(picture(assets, shot, plain_settings())).mean;
}

// A sphere that floats above a ground, under a sun that travels towards +x and down.
Shot floating_sphere() {
  Shot shot = shot_of(view_along_y(200, 150, 150), {object_at(0, {0, 0, 0.6})});
  shot.view.camera_from_world = camera_from_world_looking_at({0, -3, 2.5}, {0, 0, 0});
  shot.scene.ground.kind = GroundKind::plane;
  shot.scene.lights = {sun_along({1, 0, -1}, 1.2F)};
  return shot;
}

double radiance_at(const Picture& shown, const View& view, const glm::dvec3& world) {
  const auto pixel = project(view.intrinsics, view.camera_from_world(world));
  REQUIRE(pixel.has_value());
  const int x = static_cast<int>(pixel->x);
  const int y = static_cast<int>(pixel->y);
  REQUIRE(shown.id.at(x, y) == 0);
  return radiance_of(shown.color.at(x, y)).g;
}

const glm::dvec3 kUnderShadow(0.6, 0, 0);
const glm::dvec3 kOpposite(-0.6, 0, 0);

RenderSettings shadows_only() {
  RenderSettings settings = plain_settings();
  settings.shadows = true;
  return settings;
}

}  // namespace

TEST_SUITE("shading") {
  TEST_CASE("in a white furnace no material shines brighter than the sky, and little is lost") {
    std::vector<Shot> shots;
    Assets assets = under_sky(sphere(0.5F, 64), kSkyRadiance);
    const Model white = assets.models[0];
    assets.models.clear();
    for (const float metallic : {0.0F, 1.0F}) {
      for (const float roughness : {0.1F, 0.25F, 0.5F, 0.75F, 1.0F}) {
        assets.models.push_back(white);
        assets.models.back().materials[0].metallic = metallic;
        assets.models.back().materials[0].roughness = roughness;
        shots.push_back(shot_of(view_along_y(64, 64, 100),
                                {object_at(static_cast<std::uint32_t>(shots.size()), {0, 2, 0})}));
      }
    }
    const std::vector<Picture> shown = pictures(assets, shots, plain_settings());
    for (std::size_t i = 0; i < shots.size(); ++i) {
      const Material& material = assets.models[i].materials[0];
      const Spread spread = radiance_on_instance(shown[i]);
      INFO("metallic ", material.metallic, " roughness ", material.roughness, ": radiance ",
           spread.low, " to ", spread.high, ", mean ", spread.mean, " under ", kSkyRadiance);
      CHECK(spread.high <= kSkyRadiance * (1 + kLevel));
      CHECK(spread.mean >= kSkyRadiance * 0.9);
    }
  }

  TEST_CASE("a uniform sky lights a sphere the same wherever it stands and however it is turned") {
    const Assets assets = under_sky(sphere(0.5F, 64), kSkyRadiance);
    const View view = view_along_y(200, 150, 150);
    std::vector<Shot> shots;
    for (const glm::dvec3 place : {glm::dvec3(0, 3, 0), {-1, 3, 0.4}, {1, 5, -0.6}}) {
      shots.push_back(shot_of(view, {object_at(0, place)}));
      shots.back().scene.objects[0].world_from_object.rotation =
          glm::mat3_cast(glm::angleAxis(place.x, glm::normalize(glm::dvec3(1, 2, 3))));
      shots.back().scene.sky_yaw = place.x;
    }
    const std::vector<Picture> shown = pictures(assets, shots, plain_settings());
    const double first = radiance_on_instance(shown[0]).mean;
    for (const Picture& other : shown)
      CHECK(radiance_on_instance(other).mean == doctest::Approx(first).epsilon(kLevel));
  }

  TEST_CASE("the sky in the background shows its own radiance") {
    const Assets assets = under_sky(sphere(0.5F, 16), kSkyRadiance);
    Shot shot = shot_of(view_along_y(64, 64, 100), {object_at(0, {0, -5, 0})});
    shot.scene.background.kind = BackgroundKind::sky;
    shot.scene.exposure = 0.5F;
    const Picture shown = picture(assets, shot, plain_settings());
    CHECK(radiance_of(shown.color.at(10, 20)).g ==
          doctest::Approx(0.5 * kSkyRadiance).epsilon(kLevel));
  }

  TEST_CASE("a sun of irradiance E on a facing white card gives E/pi") {
    const float irradiance = 1.2F;
    CHECK(sunlit_card(0, irradiance) ==
          doctest::Approx(static_cast<double>(irradiance) / std::numbers::pi).epsilon(0.05));
  }

  TEST_CASE("turning the card by 60 degrees halves what the sun gives it") {
    CHECK(sunlit_card(std::numbers::pi / 3, 1.2F) / sunlit_card(0, 1.2F) ==
          doctest::Approx(0.5).epsilon(0.06));
  }

  TEST_CASE("a card turned away from the sun is black") {
    Assets assets = under_sky(card(0.5F, 0.5F), 0);
    Shot shot = shot_of(view_along_y(64, 64, 100), {object_at(0, {0, 2, 0})});
    shot.scene.lights = {sun_along({0, -1, 0}, 1)};
    CHECK(radiance_on_instance(picture(assets, shot, plain_settings())).high == 0);
  }

  TEST_CASE("a shadow lies on the far side from the sun, and only there") {
    const Assets assets = under_sky(sphere(0.3F, 64), 0.1);
    const Shot shot = floating_sphere();
    const Picture dark = picture(assets, shot, shadows_only());
    const Picture lit = picture(assets, shot, plain_settings());
    CHECK(radiance_at(dark, shot.view, kUnderShadow) <
          0.5 * radiance_at(lit, shot.view, kUnderShadow));
    CHECK(radiance_at(dark, shot.view, kOpposite) ==
          doctest::Approx(radiance_at(lit, shot.view, kOpposite)).epsilon(kLevel));
  }

  TEST_CASE("what a mask cuts away casts no shadow") {
    Assets assets = under_sky(sphere(0.3F, 64), 0.1);
    assets.models[0].materials[0].alpha_mode = AlphaMode::mask;
    assets.models[0].materials[0].base_color.a = 0.2F;  // all of it is below the cut-off
    const Shot shot = floating_sphere();
    const Picture shown = picture(assets, shot, shadows_only());
    CHECK(std::count(shown.id.pixels.begin(), shown.id.pixels.end(), 1) == 0);
    CHECK(radiance_at(shown, shot.view, kUnderShadow) ==
          doctest::Approx(radiance_at(shown, shot.view, kOpposite)).epsilon(kLevel));
  }

  TEST_CASE("a light without shadow casts none") {
    const Assets assets = under_sky(sphere(0.3F, 64), 0.1);
    Shot shot = floating_sphere();
    shot.scene.lights[0].shadow = false;
    const Picture shown = picture(assets, shot, shadows_only());
    const Picture lit = picture(assets, shot, plain_settings());
    CHECK(radiance_at(shown, shot.view, kUnderShadow) ==
          doctest::Approx(radiance_at(lit, shot.view, kUnderShadow)).epsilon(kLevel));
  }

  TEST_CASE("a ground that only catches shadow leaves the background as it is elsewhere") {
    const Assets assets = under_sky(sphere(0.3F, 64), 0.1);
    Shot shot = floating_sphere();
    shot.scene.ground.shadow_only = true;
    shot.scene.background.color = glm::vec3(0.3F);
    Shot bare = shot;
    bare.scene.ground.kind = GroundKind::none;
    const Picture caught = picture(assets, shot, shadows_only());
    const Picture plain = picture(assets, bare, shadows_only());
    CHECK(radiance_at(caught, shot.view, kUnderShadow) <
          0.7 * radiance_at(plain, shot.view, kUnderShadow));
    CHECK(radiance_at(caught, shot.view, kOpposite) ==
          doctest::Approx(radiance_at(plain, shot.view, kOpposite)).epsilon(2 * kLevel));
  }

  TEST_CASE("ambient occlusion never brightens, and darkens where things meet") {
    const Assets assets = varied_assets();
    std::vector<Shot> shots;
    for (std::uint64_t i = 0; i < 6; ++i) {
      shots.push_back(random_shot(assets, 3, i));
      shots.back().scene.exposure = 0.1F;  // where the tone curve keeps channels apart
    }
    RenderSettings occluded = plain_settings();
    occluded.ambient_occlusion = true;
    const std::vector<Picture> with = pictures(assets, shots, occluded);
    const std::vector<Picture> without = pictures(assets, shots, plain_settings());
    std::uint64_t darker = 0;
    for (std::size_t i = 0; i < shots.size(); ++i) {
      INFO("scene ", i);
      int greatest_gain = 0;
      for (std::size_t p = 0; p < with[i].color.pixels.size(); ++p) {
        for (int channel = 0; channel < 3; ++channel) {
          const int gain = with[i].color.pixels[p][channel] - without[i].color.pixels[p][channel];
          greatest_gain = std::max(greatest_gain, gain);
          darker += gain < -4 ? 1U : 0U;
        }
      }
      CHECK(greatest_gain <= 1);
    }
    CHECK(darker > 0);
  }
}
