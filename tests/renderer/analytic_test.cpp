#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "renderer/labels/annotate.hpp"
#include "tests/support/picture.hpp"
#include "tests/support/shapes.hpp"

using namespace orrery;

namespace {

struct Labelled {
  Picture picture;
  Annotations annotations;
};

Labelled labelled(const Assets& assets, const Shot& shot) {
  RenderSettings settings = plain_settings();
  settings.normal = true;
  Picture made = picture(assets, shot, settings);
  Annotations annotations = annotate(made.frame(shot), assets.models);
  return {std::move(made), std::move(annotations)};
}

Assets one(Model model) {
  Assets assets;
  assets.models.push_back(std::move(model));
  assets.skies.push_back(uniform_sky(glm::vec3(1)));
  return assets;
}

// Mean image position of an id's pixels.
glm::dvec2 centroid(const Image<std::uint16_t>& ids, std::uint16_t id) {
  glm::dvec2 sum(0);
  double n = 0;
  for (int y = 0; y < ids.height; ++y) {
    for (int x = 0; x < ids.width; ++x) {
      if (ids.at(x, y) != id) continue;
      sum += glm::dvec2(x + 0.5, y + 0.5);
      ++n;
    }
  }
  return sum / n;
}

}  // namespace

TEST_SUITE("analytic") {
  TEST_CASE("a sphere has the outline, box and depth of the tangent cone") {
    const Assets assets = one(sphere(0.5F, 512));
    const Labelled made =
        labelled(assets, shot_of(view_along_y(320, 240, 400), {object_at(0, {0, 2.5, 0})}));
    const double radius_px = 400 * 0.5 / std::sqrt(2.5 * 2.5 - 0.25);
    REQUIRE(made.annotations.instances.size() == 1);
    const InstanceLabel& label = made.annotations.instances[0];
    const double area_px = std::numbers::pi * radius_px * radius_px;
    CHECK(std::abs(static_cast<double>(label.visible_area) - area_px) < 0.002 * area_px);
    CHECK(label.visible_fraction == 1);
    // A pixel is in the box when its centre is inside the outline.
    CHECK(label.visible_box.x0 == std::lround(160 - radius_px));
    CHECK(label.visible_box.x1 == std::lround(160 + radius_px));
    CHECK(label.visible_box.y0 == std::lround(120 - radius_px));
    CHECK(label.visible_box.y1 == std::lround(120 + radius_px));
    // Nearest at the centre, half a pixel away from which the surface recedes by 2e-6 m or so.
    CHECK(std::abs(static_cast<double>(made.picture.depth.at(160, 120)) - 2.0) < 1e-4);
  }

  TEST_CASE("a sphere half outside the image keeps its whole amodal area") {
    const Assets assets = one(sphere(0.5F, 256));
    View view = view_along_y(200, 160, 200);
    view.intrinsics.cx = 0;  // the sphere's middle lies on the left border
    const Labelled made = labelled(assets, shot_of(view, {object_at(0, {0, 2.5, 0})}));
    const double radius_px = 200 * 0.5 / std::sqrt(2.5 * 2.5 - 0.25);
    REQUIRE(made.annotations.instances.size() == 1);
    const InstanceLabel& label = made.annotations.instances[0];
    const double area_px = std::numbers::pi * radius_px * radius_px;
    CHECK(std::abs(static_cast<double>(label.amodal_area) - area_px) < 0.01 * area_px);
    CHECK(label.truncation == doctest::Approx(0.5).epsilon(0.01));
    CHECK(label.visible_fraction == doctest::Approx(0.5).epsilon(0.01));
    CHECK(label.occlusion == 0);
    CHECK(label.visible_box.x0 == 0);
    CHECK(label.amodal_box.x0 == std::lround(-radius_px));
  }

  TEST_CASE("a card that faces the camera is a rectangle with no pixel amiss") {
    const Assets assets = one(card(0.4F, 0.2F));
    // Edges at 100 ± 20.2 and 80 ± 10.1 pixels.
    const Labelled made =
        labelled(assets, shot_of(view_along_y(200, 160, 202), {object_at(0, {0, 2, 0})}));
    const Picture& shown = made.picture;
    for (int y = 0; y < 160; ++y) {
      for (int x = 0; x < 200; ++x) {
        const bool inside = std::abs(x + 0.5 - 100) < 20.2 && std::abs(y + 0.5 - 80) < 10.1;
        REQUIRE((shown.id.at(x, y) == 1) == inside);
        REQUIRE(static_cast<double>(shown.depth.at(x, y)) ==
                doctest::Approx(inside ? 2 : 0).epsilon(1e-6));
      }
    }
    CHECK(glm::length(unpacked_normal(shown.normal.at(100, 80)) - glm::vec3(0, 0, -1)) < 1e-3F);
    CHECK(shown.normal.at(0, 0) == 0);
    REQUIRE(made.annotations.instances.size() == 1);
    CHECK(made.annotations.instances[0].visible_box == Box{80, 70, 120, 90});
    CHECK(made.annotations.instances[0].amodal_box == Box{80, 70, 120, 90});
  }

  TEST_CASE("normals of a sphere point from its centre, in the camera's frame") {
    const Assets assets = one(sphere(0.5F, 256));
    const Labelled made =
        labelled(assets, shot_of(view_along_y(128, 128, 200), {object_at(0, {0, 2, 0})}));
    const Intrinsics camera = view_along_y(128, 128, 200).intrinsics;
    for (const glm::ivec2 p : {glm::ivec2(64, 64), {90, 64}, {64, 90}, {40, 50}}) {
      const double depth = static_cast<double>(made.picture.depth.at(p.x, p.y));
      REQUIRE(depth > 0);
      const glm::dvec3 point = unproject(camera, {p.x + 0.5, p.y + 0.5}, depth);
      const glm::dvec3 wanted = glm::normalize(point - glm::dvec3(0, 0, 2));
      CHECK(glm::length(glm::dvec3(unpacked_normal(made.picture.normal.at(p.x, p.y))) - wanted) <
            0.01);
    }
  }

  TEST_CASE("the projected corners of a cube's 3D box span its amodal box") {
    const Assets assets = one(cube(1));
    Shot shot = shot_of(view_along_y(320, 240, 300), {object_at(0, {0, 0, 0})});
    shot.view.camera_from_world = camera_from_world_looking_at({2, -3, 1.5}, {0.2, 0, 0.1}, 0.3);
    shot.scene.objects[0].world_from_object.scale = 0.7;
    const Labelled made = labelled(assets, shot);
    REQUIRE(made.annotations.instances.size() == 1);
    const InstanceLabel& label = made.annotations.instances[0];
    glm::dvec2 low(1e9);
    glm::dvec2 high(-1e9);
    for (unsigned corner = 0; corner < 8; ++corner) {
      const glm::dvec3 p((corner & 1U) != 0 ? label.bounds.high.x : label.bounds.low.x,
                         (corner & 2U) != 0 ? label.bounds.high.y : label.bounds.low.y,
                         (corner & 4U) != 0 ? label.bounds.high.z : label.bounds.low.z);
      const auto pixel = project(shot.view.intrinsics, label.camera_from_object(p));
      REQUIRE(pixel.has_value());
      low = glm::min(low, *pixel);
      high = glm::max(high, *pixel);
    }
    // A corner may fall between pixel centres: less than one pixel is lost at each side.
    CHECK(label.amodal_box.x0 >= std::floor(low.x));
    CHECK(label.amodal_box.x0 <= low.x + 1);
    CHECK(label.amodal_box.y0 >= std::floor(low.y));
    CHECK(label.amodal_box.y0 <= low.y + 1);
    CHECK(label.amodal_box.x1 <= std::ceil(high.x));
    CHECK(label.amodal_box.x1 >= high.x - 1);
    CHECK(label.amodal_box.y1 <= std::ceil(high.y));
    CHECK(label.amodal_box.y1 >= high.y - 1);
  }

  TEST_CASE("world x shows to the right, world z upwards, and nearer hides farther") {
    const Assets assets = one(card(0.5F, 0.5F));
    const View view = view_along_y(200, 200, 200);
    const Labelled right = labelled(assets, shot_of(view, {object_at(0, {0.5, 2, 0})}));
    CHECK(glm::length(centroid(right.picture.id, 1) - glm::dvec2(150, 100)) < 1e-9);
    const Labelled up = labelled(assets, shot_of(view, {object_at(0, {0, 2, 0.5})}));
    CHECK(glm::length(centroid(up.picture.id, 1) - glm::dvec2(100, 50)) < 1e-9);
    for (const bool first_is_nearer : {true, false}) {
      const Labelled two =
          labelled(assets, shot_of(view, {object_at(0, {0, first_is_nearer ? 2 : 2.1, 0}),
                                          object_at(0, {0, first_is_nearer ? 2.1 : 2, 0})}));
      CHECK(two.picture.id.at(100, 100) == (first_is_nearer ? 1 : 2));
      const std::size_t labels = two.annotations.instances.size();
      CHECK(labels == 1);  // the other is wholly hidden
      REQUIRE(two.annotations.dropped.size() == 1);
      CHECK(two.annotations.dropped[0].rule == "hidden");
    }
  }

  TEST_CASE("a texture's top left is the card's top left") {
    Assets assets = one(card(1, 1));
    Image<glm::vec4> image(2, 2, glm::vec4(0, 0, 0, 1));
    image.at(0, 0) = {1, 0, 0, 1};
    image.at(1, 1) = {0, 1, 0, 1};
    assets.models[0].materials[0].base_color_texture =
        add_texture(assets.models[0], image, Wrap::clamp, true);
    const Picture shown = picture(
        assets, shot_of(view_along_y(100, 100, 160), {object_at(0, {0, 2, 0})}), plain_settings());
    const Rgba8 top_left = shown.color.at(20, 20);
    const Rgba8 bottom_right = shown.color.at(80, 80);
    CHECK(top_left.r > 2 * top_left.g);
    CHECK(bottom_right.g > 2 * bottom_right.r);
    CHECK(top_left.a == 255);
  }
}
