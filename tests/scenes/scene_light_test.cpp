#include "scenes/scene_light.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <glm/gtc/constants.hpp>

#include "scenes/backplate.hpp"
#include "scenes/gobo.hpp"
#include "scenes/made_model.hpp"
#include "scenes/room.hpp"
#include "scenes/scene_backplate.hpp"
#include "scenes/scene_camera.hpp"
#include "scenes/scene_file.hpp"
#include "scenes/scene_room.hpp"

using namespace orrery;

namespace {

/// A scene file's light without things, with gobos of every kind and one room.
struct Stage {
  Assets assets;
  BoundScene scene;

  explicit Stage(const std::string& yaml) {
    scene.spec = scene_from_text(yaml, "stage");
    for (std::size_t kind = 0; kind < kGoboNames.size(); ++kind) {
      scene.gobos[kind] = {static_cast<std::uint32_t>(10 + kind)};
    }
    assets.skies.push_back(procedural_sky("overcast"));
    for (const std::string& name : room_names(scene.spec.room, {1.2, 0.8})) {
      const RoomPlan plan = room_plan(name);
      scene.rooms.push_back(
          {plan, room_lighting(plan), 1, 2, static_cast<std::uint32_t>(assets.skies.size())});
      assets.skies.push_back(room_sky(name));
    }
  }
  Scene drawn(std::uint64_t index) const {
    const Streams streams{3, index, scene.spec.vary};
    Scene out;
    light_scene(out, scene, streams);
    enter_room(out, scene, assets, streams);
    return out;
  }
};

/// Rows brighter above `row` and busy below it.
Image<Rgba8> landscape(int row) {
  Image<Rgba8> photo(200, 150);
  Rng rng(1, 0, "landscape");
  for (int y = 0; y < photo.height; ++y) {
    for (int x = 0; x < photo.width; ++x) {
      const auto level = static_cast<std::uint8_t>(y < row ? 200 : 60 + rng.below(60));
      photo.at(x, y) = Rgba8(level, level, level, 255);
    }
  }
  return photo;
}

}  // namespace

TEST_SUITE("scene light") {
  TEST_CASE("gobos stand before suns alone, towards them, and change nothing else of the light") {
    const std::string base = "lights: {count: 12, sun: 0.5";
    const Stage plain(base + "}");
    const Stage shaded(base + ", gobo: {none: 1, window: 1, blinds: 1, leaves: 1}}");
    int suns = 0;
    int gobos = 0;
    for (std::uint64_t index = 0; index < 20; ++index) {
      const Scene a = plain.drawn(index);
      const Scene b = shaded.drawn(index);
      REQUIRE(a.lights.size() == 12);
      REQUIRE(b.lights.size() == 12);
      for (std::size_t i = 0; i < 12; ++i) {
        CHECK(a.lights[i].color == b.lights[i].color);
        CHECK(a.lights[i].direction == b.lights[i].direction);
        CHECK(a.lights[i].position == b.lights[i].position);
        CHECK_FALSE(a.lights[i].gobo);
        suns += b.lights[i].kind == LightKind::sun ? 1 : 0;
        if (!b.lights[i].gobo) continue;
        ++gobos;
        CHECK(b.lights[i].kind == LightKind::sun);
        const Gobo& gobo = *b.lights[i].gobo;
        const double along = -glm::dot(gobo.world_from_object.translation, b.lights[i].direction);
        CHECK(along > 1.9);
        CHECK(along < 7.1);
      }
    }
    CHECK(gobos > suns * 6 / 10);
    CHECK(gobos < suns * 9 / 10);
  }

  TEST_CASE("spots are lamps, as many as the share says, and keep their strength") {
    const Stage areas("lights: {count: 6, sun: 0.3}");
    const Stage mixed("lights: {count: 6, sun: 0.3, spot: 0.5, cone: 30 deg}");
    int lamps = 0;
    int spots = 0;
    for (std::uint64_t index = 0; index < 60; ++index) {
      const Scene a = areas.drawn(index);
      const Scene b = mixed.drawn(index);
      for (std::size_t i = 0; i < a.lights.size(); ++i) {
        CHECK(a.lights[i].color == b.lights[i].color);
        if (b.lights[i].kind == LightKind::sun) continue;
        ++lamps;
        if (b.lights[i].kind != LightKind::spot) continue;
        ++spots;
        CHECK(b.lights[i].outer_angle == doctest::Approx(glm::radians(30.0)));
      }
    }
    CHECK(spots > lamps * 4 / 10);
    CHECK(spots < lamps * 6 / 10);
  }

  TEST_CASE("a sky's tilt leans its zenith by that angle, whatever its yaw") {
    for (const double yaw : {0.0, 1.0, 4.0}) {
      const glm::dmat3 world_from_sky = glm::transpose(sky_from_world(yaw, 0.4));
      CHECK((world_from_sky * glm::dvec3(0, 0, 1)).z == doctest::Approx(std::cos(0.4)));
      const glm::dvec3 ahead = glm::transpose(sky_from_world(yaw, 0)) * glm::dvec3(1, 0, 0);
      CHECK(ahead.x == doctest::Approx(std::cos(yaw)));
      CHECK(ahead.y == doctest::Approx(std::sin(yaw)));
    }
  }

  TEST_CASE("a room's panorama and its patches light the table alike") {
    // Two routes: harmonics of what is seen from the table, against form factors of the walls.
    RoomSpec spec;
    spec.share = 1;
    spec.variants = 6;
    for (const std::string& name : room_names(spec, {1.2, 0.8})) {
      const RoomPlan plan = room_plan(name);
      const RoomLighting lighting = room_lighting(plan);
      Scene scene;
      for (const RoomLight& light : lighting.lights) {
        scene.lights.push_back({LightKind::area, glm::vec3(light.color), light.direction,
                                light.position, light.radius});
      }
      const Sky sky = room_sky(name);
      CHECK(luminance_of(flat_radiance(scene, sky)) == doctest::Approx(1).epsilon(0.08));
      // Some of it by way of the walls, and less than all.
      scene.lights.clear();
      const double bounced = luminance_of(flat_radiance(scene, sky));
      CHECK(bounced > 0.1);
      CHECK(bounced < 0.98);
    }
  }

  TEST_CASE("what lights a room is inside it, but for a sun, which comes through a window") {
    const Stage stage(
        "lights: {count: 5, sun: 0.5, distance: 9, elevation: {uniform: [-20, 80]}}\n"
        "room: {share: 1, variants: 4}");
    int suns = 0;
    for (std::uint64_t index = 0; index < 40; ++index) {
      const Scene scene = stage.drawn(index);
      const auto room = std::find_if(stage.scene.rooms.begin(), stage.scene.rooms.end(),
                                     [&](const BoundRoom& r) { return r.sky == scene.sky; });
      REQUIRE(room != stage.scene.rooms.end());
      REQUIRE(scene.props.size() == 1);
      REQUIRE(scene.background.sky);
      CHECK(scene.background.sky->sky == 0);
      const Pose room_from_world = inverse(scene.props[0].world_from_object);
      for (const Light& light : scene.lights) {
        if (light.kind == LightKind::sun) {
          ++suns;
          CHECK(room->plan.day);
          REQUIRE(light.gobo);
          CHECK(light.gobo->model == room->shade);
          // Back along the sun from near the table's middle there is the wall with the windows.
          const glm::dvec3 way = room_from_world.rotation * -light.direction;
          CHECK(way.y > 0);
          CHECK(way.z > 0);
          continue;
        }
        const glm::dvec3 at = room_from_world(light.position);
        for (int axis = 0; axis < 3; ++axis) {
          CHECK(at[axis] > room->plan.low[axis]);
          CHECK(at[axis] < room->plan.high[axis] + 1e-9);
        }
      }
    }
    CHECK(suns > 5);
  }

  TEST_CASE("the table's top turns with the room, other props stay") {
    Stage stage("room: {share: 1, variants: 2}");
    Scene scene;
    scene.props = {{7, {}, {}, false, Stuff::surface}, {8, {}, {}, true, Stuff::distractor}};
    enter_room(scene, stage.scene, stage.assets, Streams{3, 1, {}});
    REQUIRE(scene.props.size() == 3);
    CHECK(scene.props[0].world_from_object.rotation == scene.props[2].world_from_object.rotation);
    CHECK(scene.props[1].world_from_object.rotation == glm::dmat3(1.0));
    CHECK_FALSE(scene.props[0].world_from_object.rotation == glm::dmat3(1.0));
  }

  TEST_CASE("the room is a factor of its own") {
    const std::string yaml = "lights: {count: 4, sun: 0}\nroom: {share: 0.5, variants: 3}\n";
    const Stage before(yaml);
    const Stage other(yaml + "vary: room");
    int moved = 0;
    for (std::uint64_t index = 0; index < 12; ++index) {
      const Scene a = before.drawn(index);
      const Scene b = other.drawn(index);
      moved += a.sky != b.sky || a.sky_yaw != b.sky_yaw ? 1 : 0;
      CHECK(a.sky_intensity == b.sky_intensity);
    }
    CHECK(moved > 6);
  }

  TEST_CASE("a horizon is found where it is, and none where there is none") {
    for (const int row : {30, 60, 80}) {
      const std::optional<double> horizon = seen_horizon(landscape(row));
      REQUIRE(horizon);
      CHECK(*horizon == doctest::Approx(row / 150.0).epsilon(0.05));
    }
    CHECK_FALSE(seen_horizon(landscape(0)));
    CHECK_FALSE(seen_horizon(Image<Rgba8>(200, 150, Rgba8(90, 90, 90, 255))));
  }

  TEST_CASE("things stand on a photo's ground: its horizon is the image's") {
    BackplateSpec spec;
    const Image<Rgba8> photo = landscape(45);
    PhotoView beside;
    beside.fov = 50;
    const Backplate view = fitted_backplate("a.jpg", photo, beside, spec);
    CHECK(view.fov == 50);
    Scene scene;
    Stage stage("camera: {width: 400, height: 300, distance: 1, offset: 0}");
    const BoundPlate plate{view, 0, {photo.width, photo.height}, ground_color(photo)};
    const View camera =
        placed_camera(scene, {}, stage.scene.spec.camera, &plate, Streams{1, 0, {}}).view;
    // A point of the plane very far ahead, in the image's middle column.
    const glm::dvec3 ahead = inverse(camera.camera_from_world).rotation * glm::dvec3(0, 0, 1);
    const auto far =
        project(camera.intrinsics, camera.camera_from_world(1e7 * glm::dvec3(ahead.x, ahead.y, 0)));
    REQUIRE(far);
    CHECK(far->y / 300 == doctest::Approx(45.0 / 150).epsilon(0.03));
    const auto middle = project(camera.intrinsics, camera.camera_from_world(glm::dvec3(0)));
    REQUIRE(middle);
    CHECK(middle->y > 149);
    CHECK(middle->y < 226);
    // What the file beside says goes before what the photo shows.
    beside.elevation = 33;
    CHECK(fitted_backplate("a.jpg", photo, beside, spec).elevation == 33);
    beside.elevation = 0;
    beside.horizon = 0.5;
    CHECK(fitted_backplate("a.jpg", photo, beside, spec).elevation == 4);  // the least
    CHECK(
        fitted_backplate("a.jpg", Image<Rgba8>(64, 48, Rgba8(9, 9, 9, 255)), {}, spec).elevation ==
        spec.elevation);
  }

  TEST_CASE("the backplate is a factor of its own, and as frequent as its share says") {
    const std::string yaml = "backplate: {share: 0.4}\n";
    Stage before(yaml);
    Stage other(yaml + "vary: backplate");
    for (std::uint32_t i = 0; i < 5; ++i) {
      before.scene.plates.push_back({{}, i, {4, 4}, glm::dvec3(0.2)});
      other.scene.plates.push_back(before.scene.plates.back());
    }
    int photos = 0;
    int moved = 0;
    for (std::uint64_t index = 0; index < 200; ++index) {
      const BoundPlate* a = drawn_backplate(before.scene, Streams{3, index, {}});
      const BoundPlate* b = drawn_backplate(other.scene, Streams{3, index, other.scene.spec.vary});
      photos += a ? 1 : 0;
      moved += (a ? a->photo + 1 : 0) != (b ? b->photo + 1 : 0) ? 1 : 0;
      CHECK(before.drawn(index).sky_yaw == other.drawn(index).sky_yaw);
    }
    CHECK(photos > 60);
    CHECK(photos < 100);
    CHECK(moved > 60);
  }

  TEST_CASE("a dark photo makes things dark, a light one bright") {
    const Stage stage("lights: {count: 2}");
    double last = 0;
    for (const double level : {0.01, 0.08, 0.3}) {
      Scene scene = stage.drawn(0);
      const Sky& sky = stage.assets.skies[scene.sky];
      stand_on_photo(scene, {{}, 0, {4, 4}, glm::dvec3(level)}, sky);
      const double white =
          static_cast<double>(scene.exposure) * luminance_of(flat_radiance(scene, sky));
      CHECK(white > last);
      if (level > 0.05) CHECK(white * kGroundAlbedo == doctest::Approx(level));
      last = white;
      CHECK(scene.ground.shadow_only);
    }
  }

  TEST_CASE("gobos differ, let light through at their middle and stop some") {
    for (const char* kind : kGoboNames) {
      const Model a = gobo(kind, 0);
      CHECK(a.sha256 != gobo(kind, 1).sha256);
      CHECK(a.sha256 == made_model(made_gobo(kind, 0)).sha256);
      CHECK(a.bounds.high.x >= static_cast<float>(kGoboReach));
      CHECK(a.bounds.low.y <= static_cast<float>(-kGoboReach));
    }
  }
}
