#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "renderer/labels/flow.hpp"
#include "renderer/labels/panoptic.hpp"
#include "scenes/camera_move.hpp"
#include "tests/support/picture.hpp"
#include "tests/support/shapes.hpp"

using namespace orrery;

namespace {

struct Stage {
  Assets assets;
  Shot shot;

  /// Things before a wall, seen from the front.
  Stage() {
    assets.models = {sphere(0.3F, 64), cube(0.4F), card(8, 6)};
    assets.skies.push_back(uniform_sky(glm::vec3(1)));
    shot = shot_of(view_along_y(200, 160, 180),
                   {object_at(0, {-0.4, 2.2, 0.1}), object_at(1, {0.35, 2, -0.2}),
                    object_at(0, {0.1, 3, 0.4})});
    shot.scene.background.kind = BackgroundKind::sky;
    Prop wall;
    wall.model = 2;
    wall.world_from_object.translation = {2, 4, 0};
    wall.stuff = Stuff::room;
    Prop ball;
    ball.world_from_object.translation = {-0.9, 2.5, -0.4};
    shot.scene.props = {wall, ball};
  }
};

}  // namespace

TEST_SUITE("second view") {
  TEST_CASE("flow leads to the pixel of the second picture that shows the same thing") {
    const Stage stage;
    MotionSpec motion;
    motion.translation = Distribution::fixed(0.08);
    motion.rotation = Distribution::fixed(1);
    RenderSettings settings = plain_settings();
    settings.prop = true;
    for (std::uint64_t index = 0; index < 4; ++index) {
      CAPTURE(index);
      Shot next = stage.shot;
      next.view = moved_view(stage.shot.view, motion, Streams{7, index, {}});
      const std::vector<Picture> both = pictures(stage.assets, {stage.shot, next}, settings);
      const Flow flow = flow_to(both[0].frame(stage.shot), next.view, both[1].depth);
      std::size_t seen = 0;
      std::size_t other = 0;
      std::size_t hidden = 0;
      std::size_t hidden_same = 0;
      for (int y = 0; y < 160; ++y) {
        for (int x = 0; x < 200; ++x) {
          REQUIRE(flow.known.at(x, y) == 1);
          const glm::dvec2 at = glm::dvec2(x + 0.5, y + 0.5) + glm::dvec2(flow.pixels.at(x, y));
          const bool inside = at.x >= 0 && at.y >= 0 && at.x < 200 && at.y < 160;
          const bool same = inside && both[1].id.at(static_cast<int>(at.x),
                                                    static_cast<int>(at.y)) == both[0].id.at(x, y);
          if (!inside) CHECK(flow.hidden.at(x, y) == 1);
          if (flow.hidden.at(x, y) == 0) {
            ++seen;
            other += same ? 0U : 1U;
          } else if (inside && both[1].id.at(static_cast<int>(at.x), static_cast<int>(at.y)) != 0) {
            ++hidden;
            hidden_same += same ? 1U : 0U;
          }
        }
      }
      // At outlines a pixel's centre may fall to either side.
      CHECK(seen > 25000);
      CHECK(other * 100 < seen);
      CHECK(hidden > 20);
      CHECK(hidden_same * 4 < hidden);
    }
  }

  TEST_CASE("which prop is seen is told alike by native code and by the device, ids untouched") {
    const Stage stage;
    RenderSettings settings = plain_settings();
    const Picture without = picture(stage.assets, stage.shot, settings);
    settings.prop = true;
    std::vector<Image<std::uint16_t>> planes;
    for (const std::size_t shading : {std::size_t{0}, kDeviceShades}) {
      settings.native_shading = shading;
      Renderer renderer(0, stage.assets, settings);
      renderer.render({&stage.shot, 1}, [&](std::size_t, const Frame& frame) {
        CHECK(
            std::equal(frame.id.pixels.begin(), frame.id.pixels.end(), without.id.pixels.begin()));
        Image<std::uint16_t> plane(frame.prop.width, frame.prop.height);
        std::copy(frame.prop.pixels.begin(), frame.prop.pixels.end(), plane.pixels.begin());
        planes.push_back(plane);
      });
    }
    REQUIRE(planes.size() == 2);
    CHECK(planes[0].pixels == planes[1].pixels);
    // The wall begins at x = -2 m, 4 m away; the ball is at (-0.9, 2.5, -0.4).
    CHECK(planes[0].at(180, 80) == 1);
    CHECK(planes[0].at(100 - 65, 80 + 29) == 2);
    CHECK(planes[0].at(2, 10) == 0);
    for (std::size_t i = 0; i < planes[0].pixels.size(); ++i) {
      const bool nothing = planes[0].pixels[i] == 0 && without.id.pixels[i] == 0;
      REQUIRE(nothing == (without.depth.pixels[i] == 0));
      REQUIRE((planes[0].pixels[i] == 0 || without.id.pixels[i] == 0));
    }
  }
}
