#include <doctest/doctest.h>

#include <algorithm>
#include <memory>
#include <thread>

#include "renderer/lens_rays.hpp"
#include "scenes/error.hpp"
#include "tests/support/picture.hpp"
#include "tests/support/random_scene.hpp"

using namespace orrery;

namespace {

std::vector<Shot> varied_shots(const Assets& assets, std::uint64_t count) {
  std::vector<Shot> shots;
  for (std::uint64_t i = 0; i < count; ++i) shots.push_back(random_shot(assets, 5, i));
  return shots;
}

RenderSettings everything() {
  RenderSettings settings;
  settings.normal = true;
  return settings;
}

std::vector<Picture> all_at_once(Renderer& renderer, const std::vector<Shot>& shots) {
  std::vector<Picture> made;
  renderer.render(shots, [&](std::size_t, const Frame& frame) { made.emplace_back(frame); });
  return made;
}

void check_same_bytes(const std::vector<Picture>& a, const std::vector<Picture>& b) {
  REQUIRE(a.size() == b.size());
  for (std::size_t i = 0; i < a.size(); ++i) {
    INFO("shot ", i);
    CHECK((a[i].color.pixels == b[i].color.pixels));
    CHECK((a[i].id.pixels == b[i].id.pixels));
    CHECK((a[i].depth.pixels == b[i].depth.pixels));
    CHECK((a[i].normal.pixels == b[i].normal.pixels));
    CHECK((a[i].amodal_bits == b[i].amodal_bits));
  }
}

}  // namespace

TEST_SUITE("pipeline") {
  TEST_CASE("the bytes of a shot do not depend on what it is rendered together with") {
    const Assets assets = varied_assets();
    const std::vector<Shot> shots = varied_shots(assets, 10);
    Renderer renderer(0, assets, everything());
    const std::vector<Picture> together = all_at_once(renderer, shots);
    std::vector<Picture> single;
    for (std::size_t i = shots.size(); i-- > 0;)  // and not on what came before
      single.push_back(std::move(all_at_once(renderer, {shots[i]}).at(0)));
    std::reverse(single.begin(), single.end());
    check_same_bytes(together, single);
  }

  TEST_CASE("two renderers in two threads make the same bytes") {
    const Assets assets = varied_assets();
    const std::vector<Shot> shots = varied_shots(assets, 6);
    std::vector<std::unique_ptr<Renderer>> renderers;
    for (int i = 0; i < 2; ++i)  // one after the other, as renderer.hpp asks
      renderers.push_back(std::make_unique<Renderer>(0, assets, everything()));
    std::vector<std::vector<Picture>> made(2);
    std::vector<std::thread> threads;
    for (std::size_t i = 0; i < 2; ++i)
      threads.emplace_back([&, i] { made[i] = all_at_once(*renderers[i], shots); });
    for (std::thread& thread : threads) thread.join();
    REQUIRE(made[0].size() == shots.size());
    check_same_bytes(made[0], made[1]);
  }

  TEST_CASE("frames arrive in order, each with its own shot and size, and none for no shots") {
    const Assets assets = varied_assets();
    const std::vector<Shot> shots = varied_shots(assets, 8);
    Renderer renderer(0, assets, plain_settings());
    std::size_t next = 0;
    renderer.render(shots, [&](std::size_t i, const Frame& frame) {
      CHECK(i == next++);
      CHECK(frame.shot == &shots[i]);
      CHECK(frame.color.width == shots[i].view.intrinsics.width);
      CHECK(frame.id.height == shots[i].view.intrinsics.height);
      CHECK(frame.depth.pixels.size() == frame.color.pixels.size());
      CHECK(frame.normal.pixels.empty());  // not asked for
    });
    CHECK(next == shots.size());
    renderer.render({}, [&](std::size_t, const Frame&) { ++next; });
    CHECK(next == shots.size());
  }

  TEST_CASE("a scene without objects is background") {
    const Assets assets = varied_assets();
    Shot shot;
    shot.view.intrinsics = intrinsics_from_fov(40, 30, 1);
    for (const BackgroundKind kind : {BackgroundKind::sky, BackgroundKind::color,
                                      BackgroundKind::photo, BackgroundKind::transparent}) {
      shot.scene.background.kind = kind;
      const Picture shown = picture(assets, shot, everything());
      CHECK(std::all_of(shown.id.pixels.begin(), shown.id.pixels.end(),
                        [](std::uint16_t id) { return id == 0; }));
      CHECK(std::all_of(shown.depth.pixels.begin(), shown.depth.pixels.end(),
                        [](float depth) { return depth == 0; }));
      const std::uint8_t alpha = kind == BackgroundKind::transparent ? 0 : 255;
      CHECK(std::all_of(shown.color.pixels.begin(), shown.color.pixels.end(),
                        [&](const Rgba8& color) { return color.a == alpha; }));
    }
  }

  TEST_CASE("shadows and occlusion change no label") {
    const Assets assets = varied_assets();
    const std::vector<Shot> shots = varied_shots(assets, 6);
    RenderSettings lit = everything();
    lit.shadows = lit.ambient_occlusion = false;
    const std::vector<Picture> plain = pictures(assets, shots, lit);
    const std::vector<Picture> pretty = pictures(assets, shots, everything());
    for (std::size_t i = 0; i < shots.size(); ++i) {
      INFO("shot ", i);
      CHECK((plain[i].id.pixels == pretty[i].id.pixels));
      CHECK((plain[i].depth.pixels == pretty[i].depth.pixels));
      CHECK((plain[i].normal.pixels == pretty[i].normal.pixels));
      CHECK((plain[i].amodal_bits == pretty[i].amodal_bits));
    }
  }

  TEST_CASE("the validation layers have nothing to say about any kind of scene") {
    const Assets assets = varied_assets();
    for (const bool all : {false, true}) {
      for (const std::size_t shading : {std::size_t{0}, kDeviceShades}) {
        RenderSettings settings = all ? everything() : plain_settings();
        settings.native_shading = shading;
        settings.validate = true;
        Renderer renderer(0, assets, settings);
        all_at_once(renderer, varied_shots(assets, 12));
        for (const std::string& message : renderer.validation_messages()) FAIL_CHECK(message);
      }
    }
  }

  TEST_CASE("a device that is not there is an error that says so") {
    try {
      const Renderer renderer(devices().size(), varied_assets(), plain_settings());
      FAIL("no error");
    } catch (const Error& error) {
      CHECK(error.exit() == Exit::unavailable);
    }
  }

  TEST_CASE("rays that no shader can be shown at once are refused, and the setting is named") {
    SampleGrid grid{3841, 2161};  // of a full HD image, antialiased
    CHECK_NOTHROW(require_bindable(grid, 128U << 20U, "an image", "less"));
    grid = {7681, 4321};
    CHECK_THROWS_WITH_AS(require_bindable(grid, 128U << 20U, "an image", "ask for less"),
                         doctest::Contains("7681 x 4321 take 254 MiB, wanted at most the 128 MiB"),
                         Error);

    const Assets assets = varied_assets();
    Shot shot = random_shot(assets, 9, 0, true);
    Intrinsics& camera = shot.view.intrinsics;
    camera.width *= 200;
    camera.height *= 200;
    camera.fx *= 200;
    camera.fy *= 200;
    camera.cx *= 200;
    camera.cy *= 200;
    CHECK_THROWS_WITH_AS(picture(assets, shot, RenderSettings{}),
                         doctest::Contains("turn antialias off"), Error);
  }
}
