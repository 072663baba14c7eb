#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <sstream>
#include <string>

#include "renderer/labels/annotate.hpp"
#include "tests/support/picture.hpp"
#include "tests/support/random_scene.hpp"
#include "tests/support/ray_caster.hpp"
#include "tests/support/shapes.hpp"

using namespace orrery;

namespace {

constexpr std::uint64_t kSeed = 20;
constexpr std::uint64_t kScenes = 26;
constexpr double kDepthTolerance = 1e-5;  // relative, beyond what kSnap explains
constexpr double kHorizon = 1000;         // metres; an endless plane may end anywhere beyond

// How picture and rays compare; wrongs are mismatches that no silhouette explains.
struct Tally {
  std::uint64_t visible = 0;
  std::uint64_t silhouettes = 0;
  std::uint64_t explained = 0;  // ids that differ on silhouettes
  std::uint64_t wrong_ids = 0;
  std::uint64_t wrong_depths = 0;
  std::uint64_t wrong_amodal = 0;
  std::uint64_t wrong_ground_depths = 0;
  double depth_error = 0;         // greatest, relative, on instances
  double ground_depth_error = 0;  // and on the ground
  std::string first_wrong;

  void wrong(std::uint64_t& counter, const std::string& what, std::uint64_t scene, int x, int y,
             double found, double wanted) {
    if (++counter > 3) return;
    std::ostringstream text;
    text << "scene " << scene << " pixel (" << x << ", " << y << "): " << what << " is " << found
         << ", the ray says " << wanted << "\n";
    first_wrong += text.str();
  }
};

std::vector<std::size_t> lods_of(const Assets& assets, const Shot& shot, float error_px) {
  std::vector<std::size_t> lods;
  for (const Object& object : shot.scene.objects)
    lods.push_back(lod_of(assets.models[object.model], object, shot.view, error_px));
  for (const Prop& prop : shot.scene.props) {
    const Object as_object{prop.model, 0, prop.world_from_object};
    lods.push_back(lod_of(assets.models[prop.model], as_object, shot.view, error_px));
  }
  return lods;
}

// Amodal masks count at most one image to each side.
Canvas amodal_canvas(const Intrinsics& camera) {
  return {3 * camera.width, 3 * camera.height, camera.width, camera.height};
}

void compare_pixels(const Picture& picture, const CastScene& truth, std::uint64_t scene,
                    Tally& tally) {
  for (int y = 0; y < truth.id.height; ++y) {
    for (int x = 0; x < truth.id.width; ++x) {
      const std::uint16_t id = picture.id.at(x, y);
      const std::uint16_t wanted = truth.id.at(x, y);
      tally.visible += wanted != 0 ? 1 : 0;
      if (truth.silhouette.at(x, y) != 0) {
        ++tally.silhouettes;
        tally.explained += id != wanted ? 1 : 0;
        continue;
      }
      if (id != wanted) {
        tally.wrong(tally.wrong_ids, "id", scene, x, y, id, wanted);
        continue;
      }
      if (truth.depth_high.at(x, y) > kHorizon) continue;
      const double depth = static_cast<double>(picture.depth.at(x, y));
      const double outside =
          std::max({0.0, truth.depth_low.at(x, y) - depth, depth - truth.depth_high.at(x, y)});
      const double error = truth.depth.at(x, y) > 0 ? outside / truth.depth.at(x, y) : outside;
      double& greatest = wanted != 0 ? tally.depth_error : tally.ground_depth_error;
      greatest = std::max(greatest, error);
      if (error > kDepthTolerance)
        tally.wrong(wanted != 0 ? tally.wrong_depths : tally.wrong_ground_depths,
                    wanted != 0 ? "depth" : "depth of the ground", scene, x, y, depth,
                    truth.depth.at(x, y));
    }
  }
}

// Without bits the claim is that amodal and visible masks are equal.
bool has_surface(const Picture& picture, std::uint32_t id, int x, int y) {
  if (!picture.amodal_bits.empty()) return picture.amodal_at(id, x, y);
  return x >= 0 && y >= 0 && x < picture.id.width && y < picture.id.height &&
         picture.id.at(x, y) == id;
}

void compare_amodal(const Picture& picture, const CastScene& truth, std::uint64_t scene,
                    Tally& tally) {
  for (std::size_t i = 0; i < truth.instances.size(); ++i) {
    const CastInstance& instance = truth.instances[i];
    for (int row = 0; row < truth.canvas.height; ++row) {
      for (int column = 0; column < truth.canvas.width; ++column) {
        if (instance.edge.at(column, row) != 0) continue;
        const int x = column - truth.canvas.offset_x;
        const int y = row - truth.canvas.offset_y;
        const bool there = has_surface(picture, static_cast<std::uint32_t>(i + 1), x, y);
        const bool wanted = instance.there.at(column, row) != 0;
        if (there != wanted)
          tally.wrong(tally.wrong_amodal, "amodal bit of " + std::to_string(i + 1), scene, x, y,
                      there, wanted);
      }
    }
  }
}

// Area and box of the pixels that a mask surely has and of those that it may have.
struct Extent {
  std::uint64_t area = 0;
  Box box;

  void add(int x, int y) {
    if (area++ == 0) {
      box = {x, y, x + 1, y + 1};
      return;
    }
    box = {std::min(box.x0, x), std::min(box.y0, y), std::max(box.x1, x + 1),
           std::max(box.y1, y + 1)};
  }
};

bool holds(const Box& outer, const Box& inner) {
  return inner.empty() || (outer.x0 <= inner.x0 && outer.y0 <= inner.y0 && outer.x1 >= inner.x1 &&
                           outer.y1 >= inner.y1);
}

struct Mask {
  Extent sure, possible;

  bool allows(std::uint64_t area, const Box& box) const {
    return area >= sure.area && area <= possible.area && holds(box, sure.box) &&
           holds(possible.box, box);
  }
};

struct TrueLabel {
  Mask visible, amodal, inside;
};

TrueLabel true_label(const CastScene& truth, std::size_t i) {
  TrueLabel label;
  const Canvas& canvas = truth.canvas;
  const CastInstance& instance = truth.instances[i];
  for (int row = 0; row < canvas.height; ++row) {
    for (int column = 0; column < canvas.width; ++column) {
      const bool there = instance.there.at(column, row) != 0;
      const bool edge = instance.edge.at(column, row) != 0;
      if (!there && !edge) continue;
      const int x = column - canvas.offset_x;
      const int y = row - canvas.offset_y;
      if (!edge) label.amodal.sure.add(x, y);
      label.amodal.possible.add(x, y);
      if (x < 0 || y < 0 || x >= truth.id.width || y >= truth.id.height) continue;
      if (!edge) label.inside.sure.add(x, y);
      label.inside.possible.add(x, y);
      const bool seen = truth.id.at(x, y) == i + 1;
      const bool silhouette = truth.silhouette.at(x, y) != 0;
      if (seen && !silhouette) label.visible.sure.add(x, y);
      if (seen || silhouette) label.visible.possible.add(x, y);
    }
  }
  return label;
}

double ratio(std::uint64_t a, std::uint64_t b) {
  return b == 0 ? 0 : static_cast<double>(a) / static_cast<double>(b);
}

bool between(double x, double low, double high) { return x >= low - 1e-9 && x <= high + 1e-9; }

void check_labels(const Annotations& annotations, const CastScene& truth) {
  for (const InstanceLabel& label : annotations.instances) {
    INFO("instance ", label.id);
    const TrueLabel wanted = true_label(truth, label.id - 1);
    CHECK(wanted.visible.allows(label.visible_area, label.visible_box));
    CHECK(wanted.amodal.allows(label.amodal_area, label.amodal_box));
    CHECK(label.amodal_inside_area >= wanted.inside.sure.area);
    CHECK(label.amodal_inside_area <= wanted.inside.possible.area);
    CHECK(between(label.visible_fraction,
                  ratio(wanted.visible.sure.area, wanted.amodal.possible.area),
                  wanted.amodal.sure.area == 0
                      ? 1
                      : ratio(wanted.visible.possible.area, wanted.amodal.sure.area)));
    std::uint64_t hidden = 0;
    for (const Occluder& occluder : label.occluders) hidden += occluder.area;
    CHECK(hidden == label.amodal_inside_area - label.visible_area);
  }
  for (const Annotations::Dropped& dropped : annotations.dropped) {
    INFO("instance ", dropped.id, " dropped: ", dropped.rule);
    const TrueLabel wanted = true_label(truth, dropped.id - 1);
    CHECK(wanted.visible.sure.area == 0);
    if (wanted.inside.sure.area > 0) CHECK(dropped.rule == "hidden");
    if (wanted.inside.possible.area == 0) CHECK(dropped.rule != "hidden");
  }
}

/// The shots plain, antialiased and shaded by the device, each against its rays.
Tally compared(const Assets& assets, const std::vector<Shot>& shots) {
  RenderSettings settings = plain_settings();
  const std::vector<Picture> plain = pictures(assets, shots, settings);
  settings.antialias = true;
  const std::vector<Picture> smooth = pictures(assets, shots, settings);
  settings.native_shading = kDeviceShades;
  const std::vector<Picture> by_device = pictures(assets, shots, settings);
  REQUIRE(plain.size() == shots.size());
  REQUIRE(smooth.size() == shots.size());
  REQUIRE(by_device.size() == shots.size());
  Tally tally;
  for (std::uint64_t i = 0; i < shots.size(); ++i) {
    INFO("scene ", i);
    const CastScene truth = cast(assets, shots[i], lods_of(assets, shots[i], settings.lod_error_px),
                                 amodal_canvas(shots[i].view.intrinsics));
    for (const Picture* rendered : {&plain[i], &smooth[i], &by_device[i]}) {
      compare_pixels(*rendered, truth, i, tally);
      compare_amodal(*rendered, truth, i, tally);
      const Frame frame = rendered->frame(shots[i]);
      const Annotations annotations = annotate(frame, assets.models);
      CHECK_NOTHROW(check_invariants(frame, annotations));
      check_labels(annotations, truth);
    }
  }
  return tally;
}

}  // namespace

TEST_SUITE("oracle") {
  TEST_CASE("picture and rays see the same ids, depths and amodal masks off silhouettes") {
    const Assets assets = varied_assets();
    std::vector<Shot> shots;
    for (std::uint64_t i = 0; i < kScenes; ++i) shots.push_back(random_shot(assets, kSeed, i));
    const Tally tally = compared(assets, shots);
    MESSAGE(kScenes, " scenes three times, ", tally.visible, " visible pixels, ", tally.silhouettes,
            " on silhouettes, ", tally.explained, " ids differ there; greatest depth error ",
            tally.depth_error, ", of the ground ", tally.ground_depth_error);
    INFO(tally.first_wrong);
    CHECK(tally.wrong_ids == 0);
    CHECK(tally.wrong_depths == 0);
    CHECK(tally.wrong_ground_depths == 0);
    CHECK(tally.wrong_amodal == 0);
    CHECK(tally.explained * 100 <= tally.visible);
    CHECK(tally.visible > 100000);
  }

  TEST_CASE("through a lens picture and rays agree as exactly: nothing is bent afterwards") {
    const Assets assets = varied_assets();
    constexpr std::uint64_t kLensScenes = 10;
    std::vector<Shot> shots;
    for (std::uint64_t i = 0; i < kLensScenes; ++i)
      shots.push_back(random_shot(assets, kSeed + 2, i, true));
    const Tally tally = compared(assets, shots);
    MESSAGE(kLensScenes, " scenes three times, ", tally.visible, " visible pixels, ",
            tally.silhouettes, " on silhouettes, ", tally.explained,
            " ids differ there; greatest depth error ", tally.depth_error, ", of the ground ",
            tally.ground_depth_error);
    INFO(tally.first_wrong);
    CHECK(tally.wrong_ids == 0);
    CHECK(tally.wrong_depths == 0);
    CHECK(tally.wrong_ground_depths == 0);
    CHECK(tally.wrong_amodal == 0);
    CHECK(tally.explained * 100 <= tally.visible);
    CHECK(tally.visible > 10000);
  }

  TEST_CASE("props hide what is behind them and are no labels, as rays see it") {
    const Assets assets = varied_assets();
    std::vector<Shot> shots;
    for (std::uint64_t i = 0; i < 8; ++i) {
      shots.push_back(random_shot(assets, kSeed + 1, i));
      Scene& scene = shots.back().scene;
      while (scene.objects.size() > 1 && scene.props.size() < scene.objects.size()) {
        const Object& last = scene.objects.back();
        scene.props.push_back({last.model, last.world_from_object});
        scene.objects.pop_back();
      }
    }
    RenderSettings settings = plain_settings();
    settings.antialias = true;
    const std::vector<Picture> made = pictures(assets, shots, settings);
    REQUIRE(made.size() == shots.size());
    Tally tally;
    std::size_t props = 0;
    for (std::uint64_t i = 0; i < shots.size(); ++i) {
      INFO("scene ", i);
      props += shots[i].scene.props.size();
      const CastScene truth =
          cast(assets, shots[i], lods_of(assets, shots[i], settings.lod_error_px),
               amodal_canvas(shots[i].view.intrinsics));
      compare_pixels(made[i], truth, i, tally);
      compare_amodal(made[i], truth, i, tally);
      const Frame frame = made[i].frame(shots[i]);
      const Annotations annotations = annotate(frame, assets.models);
      CHECK_NOTHROW(check_invariants(frame, annotations));
      check_labels(annotations, truth);
    }
    INFO(tally.first_wrong);
    CHECK(props > 20);
    CHECK(tally.wrong_ids == 0);
    CHECK(tally.wrong_depths == 0);
    CHECK(tally.wrong_amodal == 0);
    CHECK(tally.explained * 100 <= tally.visible);
  }

  TEST_CASE("an instance's amodal label is the same whether the pass was skipped or needed") {
    Assets assets = varied_assets();
    const View view = view_along_y(160, 120, 150);
    const Object sphere = object_at(0, {-0.8, 4, 0.3});
    const Object cup = object_at(4, {0.8, 4, 0});
    const std::vector<Shot> shots = {
        shot_of(view, {sphere}),
        shot_of(view, {sphere, cup, object_at(2, {0.9, 5, 0})}),  // the cube stands behind the cup
    };
    const std::vector<Picture> both = pictures(assets, shots, plain_settings());
    REQUIRE(both.size() == 2);
    CHECK(both[0].amodal_bits.empty());
    REQUIRE_FALSE(both[1].amodal_bits.empty());
    const Annotations alone = annotate(both[0].frame(shots[0]), assets.models);
    const Annotations among = annotate(both[1].frame(shots[1]), assets.models);
    REQUIRE(alone.instances.size() == 1);
    REQUIRE(among.instances.size() == 3);
    CHECK(alone.instances[0].amodal == among.instances[0].amodal);
    CHECK(alone.instances[0].amodal_area == among.instances[0].amodal_area);
    CHECK(alone.instances[0].amodal_box == among.instances[0].amodal_box);
    CHECK(alone.instances[0].visible_fraction == among.instances[0].visible_fraction);
    CHECK(among.instances[2].visible_fraction < 1);
  }
}
