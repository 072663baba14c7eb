#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <glm/gtc/constants.hpp>

#include "renderer/host/shading.hpp"
#include "scenes/error.hpp"
#include "tests/support/picture.hpp"
#include "tests/support/shapes.hpp"

using namespace orrery;

namespace {

/// A white card that fills most of the image, in even light.
struct Scenery {
  Assets assets;
  Shot shot;

  Scenery() {
    assets.models.push_back(card(1, 1));
    assets.models[0].materials[0].roughness = 1;
    assets.skies.push_back(uniform_sky(glm::vec3(0.5F)));
    shot = shot_of(view_along_y(64, 64, 120), {object_at(0, {0, 2, 0})});
  }
  Look& look() { return shot.scene.objects[0].look; }
  glm::dvec3 seen(int x, int y, std::size_t native = 0) const {
    RenderSettings settings = plain_settings();
    settings.native_shading = native;
    return radiance_of(picture(assets, shot, settings).color.at(x, y));
  }
};

PictureTexture texture_from(const Image<glm::vec4>& image, Wrap wrap, bool color) {
  Model model;
  add_texture(model, image, wrap, color);
  PictureTexture texture;
  texture.texture = model.textures.front();
  texture.texels = model.texels;
  return texture;
}

/// Left half of one colour, right half of another.
Image<glm::vec4> halves(const glm::vec4& left, const glm::vec4& right) {
  Image<glm::vec4> image(32, 32);
  for (int y = 0; y < 32; ++y) {
    for (int x = 0; x < 32; ++x) image.at(x, y) = x < 16 ? left : right;
  }
  return image;
}

const glm::vec4 kRed(0.8F, 0.05F, 0.05F, 1);
const glm::vec4 kBlue(0.05F, 0.05F, 0.8F, 1);

}  // namespace

TEST_SUITE("finishes") {
  TEST_CASE("a third of a turn makes red green, and grey stays grey") {
    Scenery s;
    s.look().tint = {0.8F, 0.1F, 0.1F};
    const glm::dvec3 red = s.seen(32, 32);
    s.look().hue_turn = glm::two_pi<float>() / 3;
    for (const std::size_t native : {std::size_t{0}, kDeviceShades}) {
      const glm::dvec3 green = s.seen(32, 32, native);
      CHECK(green.g == doctest::Approx(red.r).epsilon(0.03));
      CHECK(green.r == doctest::Approx(red.g).epsilon(0.03));
    }
    s.look().tint = glm::vec3(0.5F);
    const glm::dvec3 grey = s.seen(32, 32);
    CHECK(grey.r == doctest::Approx(grey.b).epsilon(0.01));
  }

  TEST_CASE("a picture stands in for the texture, moved and repeated as it is told") {
    Scenery s;
    s.assets.pictures = {texture_from(halves(kRed, kBlue), Wrap::repeat, true)};
    s.look().picture = LookPicture{};
    CHECK(s.seen(20, 32).r > 5 * s.seen(20, 32).b);
    CHECK(s.seen(44, 32).b > 5 * s.seen(44, 32).r);
    s.look().picture->begin = {0.5F, 0};
    for (const std::size_t native : {std::size_t{0}, kDeviceShades}) {
      CHECK(s.seen(20, 32, native).b > 5 * s.seen(20, 32, native).r);
      CHECK(s.seen(44, 32, native).r > 5 * s.seen(44, 32, native).b);
    }
  }

  TEST_CASE("a projected picture has its size in metres, however large the object is scaled") {
    for (const double scale : {1.0, 2.0}) {
      Scenery s;
      s.assets.pictures = {texture_from(halves(kRed, kBlue), Wrap::repeat, true)};
      s.shot.scene.objects[0].world_from_object.scale = scale;
      s.look().picture = LookPicture{.projected = true, .everywhere = true, .repeats = {2, 2}};
      // From the object's middle on, red and blue change every 25 cm, which are 15 pixels.
      CHECK(s.seen(36, 32).r > 5 * s.seen(36, 32).b);
      CHECK(s.seen(43, 32).r > 5 * s.seen(43, 32).b);
      CHECK(s.seen(51, 32).b > 5 * s.seen(51, 32).r);
      CHECK(s.seen(28, 32).b > 5 * s.seen(28, 32).r);
    }
  }

  TEST_CASE("dirt and wear show where the mask says, and not at strength 0") {
    Scenery s;
    s.look().tint = glm::vec3(0.2F);
    const glm::dvec3 clean = s.seen(32, 32);
    // Scratched on the left, dirty on the right.
    s.assets.wear_masks = {texture_from(halves({1, 0, 0, 1}, {0, 0, 1, 1}), Wrap::repeat, false)};
    LookWear wear{.wear = 0, .dirt = 0, .dirt_color = {0.9F, 0.1F, 0.1F}, .tiles = 1};
    s.look().wear = wear;
    CHECK(s.seen(50, 32).g == doctest::Approx(clean.g).epsilon(0.02));
    wear.wear = 0.5F;
    wear.dirt = 0.5F;
    s.look().wear = wear;
    // The mask's left half lies right of the object's middle.
    CHECK(s.seen(45, 32).g > 1.3 * clean.g);
    CHECK(s.seen(45, 32).r == doctest::Approx(s.seen(45, 32).g).epsilon(0.02));
    CHECK(s.seen(20, 32).r > 2 * clean.r);
    CHECK(s.seen(20, 32).g < clean.g);
  }

  TEST_CASE("natively shaded pictures may be larger than what the device can bind") {
    if (host::native_shadings().empty()) return;
    Scenery s;
    s.assets.pictures = {texture_from(halves(kRed, kBlue), Wrap::repeat, true)};
    PictureTexture large;  // twice 128 MiB
    large.texture = {4096, 8192, 1, Wrap::repeat, Wrap::repeat, 0};
    large.texels.assign(std::size_t{4096} * 8192, Rgba8(255));
    s.assets.pictures.insert(s.assets.pictures.begin(), {large, large});
    s.look().picture = LookPicture{.picture = 2};
    CHECK(s.seen(20, 32).r > 5 * s.seen(20, 32).b);
    CHECK_THROWS_AS(s.seen(20, 32, kDeviceShades), Error);
  }
}
