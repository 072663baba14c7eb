#include "tests/support/ray_caster.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "tests/support/random_scene.hpp"
#include "tests/support/shapes.hpp"

using namespace orrery;

namespace {

CastScene cast_level_0(const Assets& assets, const Shot& shot) {
  const std::vector<std::size_t> lods(shot.scene.objects.size(), 0);
  const Intrinsics& camera = shot.view.intrinsics;
  const int margin_x = camera.width / 4;
  const int margin_y = camera.height / 4;
  return cast(assets, shot, lods,
              {camera.width + 2 * margin_x, camera.height + 2 * margin_y, margin_x, margin_y});
}

std::size_t count(const Image<std::uint8_t>& mask) {
  return static_cast<std::size_t>(std::count(mask.pixels.begin(), mask.pixels.end(), 1));
}

}  // namespace

TEST_SUITE("the oracle itself") {
  TEST_CASE("a sphere covers the disc that geometry gives it, at the right depth") {
    Assets assets;
    assets.models.push_back(sphere(0.5F, 256));
    const Shot shot = shot_of(view_along_y(200, 160, 300), {object_at(0, {0, 3, 0})});
    const CastScene truth = cast_level_0(assets, shot);
    // The tangent cone: tan = r / sqrt(d² - r²).
    const double radius_px = 300 * 0.5 / std::sqrt(9 - 0.25);
    const double area_px = std::numbers::pi * radius_px * radius_px;
    CHECK(std::abs(static_cast<double>(count(truth.instances[0].there)) - area_px) <
          0.005 * area_px);
    CHECK(std::abs(truth.depth.at(100, 80) - 2.5) < 1e-3);
    CHECK(truth.depth.at(0, 0) == 0);
    CHECK(truth.silhouette.at(100, 80) == 0);
  }

  TEST_CASE("a card covers exactly the pixels whose centres it covers, and no others") {
    Assets assets;
    assets.models.push_back(card(0.4F, 0.2F));
    // Edges at 100 ± 20.2 and 80 ± 10.1 pixels, away from every pixel centre.
    const Shot shot = shot_of(view_along_y(200, 160, 202), {object_at(0, {0, 2, 0})});
    const CastScene truth = cast_level_0(assets, shot);
    for (int y = 0; y < 160; ++y) {
      for (int x = 0; x < 200; ++x) {
        const bool inside = std::abs(x + 0.5 - 100) < 20.2 && std::abs(y + 0.5 - 80) < 10.1;
        REQUIRE((truth.id.at(x, y) == 1) == inside);
        REQUIRE(truth.silhouette.at(x, y) == 0);
        REQUIRE(std::abs(truth.depth.at(x, y) - (inside ? 2 : 0)) < 1e-12);
      }
    }
  }

  TEST_CASE("a single-sided card is not there from behind, a double-sided one is") {
    Assets assets;
    assets.models.push_back(card(0.4F, 0.2F));
    assets.models.push_back(card(0.4F, 0.2F));
    assets.models[1].materials[0].double_sided = 1;
    Object one = object_at(0, {0, 2, 0});
    one.world_from_object.rotation = glm::dmat3(-1, 0, 0, 0, -1, 0, 0, 0, 1);
    Object two = one;
    two.model = 1;
    const View view = view_along_y(64, 64, 100);
    CHECK(count(cast_level_0(assets, shot_of(view, {one})).instances[0].there) == 0);
    CHECK(count(cast_level_0(assets, shot_of(view, {two})).instances[0].there) > 0);
  }

  TEST_CASE("a masked checker is there in half of its pixels, with its top left where uv is 0") {
    Assets assets;
    assets.models.push_back(card(1, 1));
    Model& model = assets.models[0];
    model.materials[0].base_color_texture =
        add_texture(model, checker(256, 2, glm::vec4(1), glm::vec4(0)), Wrap::clamp, true);
    model.materials[0].alpha_mode = AlphaMode::mask;
    const CastScene truth =
        cast_level_0(assets, shot_of(view_along_y(100, 100, 160), {object_at(0, {0, 2, 0})}));
    CHECK(count(truth.instances[0].there) == 80 * 80 / 2);
    CHECK(truth.id.at(20, 20) == 1);
    CHECK(truth.id.at(60, 20) == 0);
  }

  TEST_CASE("textures wrap as their modes say") {
    Model model = card(1, 1);
    Image<glm::vec4> two(2, 1);
    two.at(0, 0).a = 0;
    two.at(1, 0).a = 1;
    Material material;
    const auto alpha = [&](Wrap wrap, float u) {
      material.base_color_texture = add_texture(model, two, wrap, true);
      return alpha_at(model, material, 1, {u, 0.5F});
    };
    CHECK(alpha(Wrap::repeat, 1.25F) == 0);
    CHECK(alpha(Wrap::repeat, 0) == 0.5F);
    CHECK(alpha(Wrap::mirror, 1.25F) == 1);
    CHECK(alpha(Wrap::mirror, 0) == 0);
    CHECK(alpha(Wrap::clamp, -7) == 0);
    CHECK(alpha(Wrap::clamp, 7) == 1);
  }

  TEST_CASE("what the near plane cuts away is not there, and what is behind it comes into sight") {
    Assets assets;
    assets.models.push_back(cube(1));
    Shot shot = shot_of(view_along_y(64, 64, 60), {object_at(0, {0, 1, 0})});
    CHECK(std::abs(cast_level_0(assets, shot).depth.at(32, 32) - 0.5) < 1e-12);
    shot.view.near_m = 0.7;  // inside: single-sided walls are not seen
    CHECK(cast_level_0(assets, shot).id.at(32, 32) == 0);
    assets.models[0].materials[0].double_sided = 1;
    CHECK(std::abs(cast_level_0(assets, shot).depth.at(32, 32) - 1.5) < 1e-12);
  }

  TEST_CASE("the ground hides what is below it from above, and nothing beyond a disc's rim") {
    Assets assets;
    assets.models.push_back(sphere(0.3F, 32));
    Shot shot =
        shot_of(view_along_y(100, 100, 100), {object_at(0, {0, 0, -1}), object_at(0, {5, 0, -1})});
    shot.view.camera_from_world = camera_from_world_looking_at({2.5, -6, 4}, {2.5, 0, -1});
    shot.scene.ground = {GroundKind::disc, 0, 2, glm::vec3(0.5F), 1, true};
    const CastScene truth = cast_level_0(assets, shot);
    CHECK(std::count(truth.id.pixels.begin(), truth.id.pixels.end(), 1) == 0);
    CHECK(std::count(truth.id.pixels.begin(), truth.id.pixels.end(), 2) > 0);
    CHECK(count(truth.instances[0].there) > 0);  // alone, the ground away
  }

  TEST_CASE("two cards in one place are a tie, and said to be") {
    Assets assets;
    assets.models.push_back(card(1, 1));
    const View view = view_along_y(64, 64, 60);
    const auto middle = [&](double second) {
      const CastScene truth = cast_level_0(
          assets, shot_of(view, {object_at(0, {0, 2, 0}), object_at(0, {0, second, 0})}));
      return truth.silhouette.at(32, 32) != 0;
    };
    CHECK(middle(2));
    CHECK(middle(2.00001));
    CHECK_FALSE(middle(2.001));
  }

  TEST_CASE("random scenes are varied: every kind of difficulty occurs") {
    const Assets assets = varied_assets();
    bool hidden = false, outside = false, crossing = false, many = false, subpixel = false;
    for (std::uint64_t i = 0; i < 12; ++i) {
      const Shot shot = random_shot(assets, 1, i);
      const CastScene truth = cast_level_0(assets, shot);
      many = many || shot.scene.objects.size() > 32;
      for (std::size_t k = 0; k < truth.instances.size(); ++k) {
        const std::size_t alone = count(truth.instances[k].there);
        const auto seen = static_cast<std::size_t>(
            std::count(truth.id.pixels.begin(), truth.id.pixels.end(), k + 1));
        hidden = hidden || (alone > 0 && seen == 0);
        outside = outside || alone == 0;
        crossing = crossing || (alone > seen && seen > 0);
        subpixel = subpixel || (alone > 0 && alone < 4);
      }
    }
    CHECK(hidden);
    CHECK(outside);
    CHECK(crossing);
    CHECK(many);
    CHECK(subpixel);
  }
}
