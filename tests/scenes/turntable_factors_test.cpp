#include <doctest/doctest.h>

#include <algorithm>
#include <string>

#include "tests/scenes/turntable_shots.hpp"

using namespace orrery;
using namespace orrery::testing;

TEST_SUITE("turntable") {
  TEST_CASE("each factor that is varied moves its own things and nothing else") {
    const auto varied = [](const char* factor, std::uint64_t index) {
      BoundScene bound = bound_to(spec(), assets());
      bound.spec.turntable->models_per_image = {2, 3};
      bound.spec.sensor = default_sensor();
      if (*factor != 0) bound.spec.vary = {factor};
      return scene_shot(bound, assets(), 3, index);
    };
    const auto models = [](const Shot& shot) {
      std::vector<std::uint32_t> of;
      for (const Object& object : shot.scene.objects) of.push_back(object.model);
      return of;
    };
    // What differs in at least one of many shots: models, places, stage, lights, sky, view, sensor.
    const auto moved = [&](const char* factor) {
      std::string names;
      const auto note = [&](bool same, const char* name) {
        if (!same && names.find(name) == std::string::npos) names += name;
      };
      for (std::uint64_t i = 0; i < 40; ++i) {
        const Shot a = varied("", i);
        const Shot b = varied(factor, i);
        note(models(a) == models(b), "m");
        note(same_objects(a, b), "p");
        note(a.scene.background.kind == b.scene.background.kind &&
                 a.scene.ground.color == b.scene.ground.color &&
                 a.scene.ground.kind == b.scene.ground.kind,
             "g");
        note(a.scene.lights.size() == b.scene.lights.size() &&
                 a.scene.lights[0].color == b.scene.lights[0].color &&
                 a.scene.lights[0].direction == b.scene.lights[0].direction,
             "l");
        note(a.scene.sky == b.scene.sky, "s");
        note(same_view(a, b), "v");
        note(a.sensor == b.sensor, "x");
      }
      std::sort(names.begin(), names.end());
      return names;
    };
    CHECK(moved("").empty());
    // The camera frames what is there, and an aperture focuses on it.
    CHECK(moved("objects") == "mpvx");
    CHECK(moved("placement") == "pvx");
    CHECK(moved("surface") == "g");
    CHECK(moved("lights") == "l");
    CHECK(moved("sky") == "s");
    CHECK(moved("camera") == "vx");
    CHECK(moved("sensor") == "x");
  }
}
