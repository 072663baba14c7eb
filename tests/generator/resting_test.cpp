#include <doctest/doctest.h>
#include <tbb/parallel_for.h>

#include <algorithm>
#include <memory>
#include <string>

#include "generator/draw_shot.hpp"
#include "generator/load_assets.hpp"
#include "generator/scene_options.hpp"
#include "scenes/made_model.hpp"
#include "tests/support/resting.hpp"

using namespace orrery;

namespace {

constexpr std::size_t kScenes = 56;  ///< of each file
constexpr double kSlack = 0.0015;    ///< metres between things
/// …and straight down from what leans in a vessel: walls hold it from the sides.
constexpr double kHeld = 0.003;
constexpr double kPress = 0.0018;  ///< metres that things may be in each other
/// …and this part of the diagonal of models from files and of hands: what is round and in many
/// pieces has few corners a piece in physics, and so much of it is outside of them.
constexpr double kShapeError = 0.02;

/// Some scenes of a file of the library, as `orrery generate` draws them.
struct Drawn {
  Recipe recipe;
  Assets assets;
  std::vector<Shot> shots{kScenes};
  std::vector<std::unique_ptr<ProbedMesh>> own;
  std::vector<const ProbedMesh*> meshes;

  explicit Drawn(const std::string& name) {
    RawScene raw;
    raw.file = std::string(ORRERY_LIBRARY) + "/" + name + ".yaml";
    recipe = recipe_from(raw);
    assets = load_assets(recipe, [](const std::string&) {});
    const DrawShot draw = draw_shot_of(recipe, assets);
    tbb::parallel_for(std::size_t{0}, kScenes, [&](std::size_t i) { shots[i] = draw(i); });
    std::vector<bool> used(assets.models.size());
    for (const Shot& shot : shots) {
      for (const Object& object : shot.scene.objects) used[object.model] = true;
      for (const Prop& prop : shot.scene.props) used[prop.model] = true;
    }
    own.resize(used.size());
    tbb::parallel_for(std::size_t{0}, own.size(), [&](std::size_t i) {
      if (used[i]) own[i] = std::make_unique<ProbedMesh>(assets.models[i]);
    });
    for (const auto& mesh : own) meshes.push_back(mesh.get());
  }
};

/// A thing as a prop: objects come first, then props.
Prop prop_of(const Scene& scene, std::size_t thing) {
  const std::size_t objects = scene.objects.size();
  if (thing >= objects) return scene.props[thing - objects];
  return {scene.objects[thing].model, scene.objects[thing].world_from_object, {}};
}

std::string named(const Drawn& drawn, const Scene& scene, std::size_t thing) {
  if (thing == Rest::kGround) return "the ground";
  return drawn.recipe.models[prop_of(scene, thing).model].path.string();
}

/// Metres.
double shape_error(const Drawn& drawn, const Scene& scene, std::size_t thing) {
  const std::string name = named(drawn, scene, thing);
  const bool made = is_made(name) && name.rfind("made:hand/", 0) != 0;
  if (thing == Rest::kGround || made) return 0;
  const Prop prop = prop_of(scene, thing);
  const Box3& box = drawn.assets.models[prop.model].bounds;
  return kShapeError * prop.world_from_object.scale * glm::distance(box.low, box.high);
}

/// Whether what a set holds is dropped into things of another.
bool is_held(const Drawn& drawn, const Scene& scene, std::size_t thing) {
  const auto& set = drawn.recipe.models[prop_of(scene, thing).model].set;
  return set && !drawn.recipe.scene.objects[*set].container.empty();
}

bool floats(const Drawn& drawn, const Scene& scene, const Rest& rest) {
  return rest.gap > (is_held(drawn, scene, rest.thing) ? kHeld : kSlack);
}

bool sinks(const Drawn& drawn, const Scene& scene, const Rest& rest) {
  return rest.depth > kPress + shape_error(drawn, scene, rest.thing) +
                          shape_error(drawn, scene, rest.deepest_in);
}

/// Whether object `thing` counts as floating or sunk after it is moved up by `up`, metres.
bool caught_after(const Drawn& drawn, Scene scene, std::size_t thing, double up) {
  scene.objects[thing].world_from_object.translation.z += up;
  const std::vector<Rest> rests = rests_of(scene, drawn.meshes);
  return floats(drawn, scene, rests.at(thing)) || sinks(drawn, scene, rests.at(thing));
}

}  // namespace

TEST_SUITE("resting") {
  TEST_CASE("no thing floats or sinks in 500 scenes of the library") {
    std::size_t things = 0;
    for (const std::string name :
         {"bin_picking", "cards", "desk", "dice", "floor", "room", "shelf", "street", "tabletop"}) {
      const Drawn drawn(name);
      std::vector<std::vector<Rest>> rests(kScenes);
      tbb::parallel_for(std::size_t{0}, kScenes, [&](std::size_t i) {
        rests[i] = rests_of(drawn.shots[i].scene, drawn.meshes);
      });
      double widest = 0;
      double deepest = 0;
      for (std::size_t i = 0; i < kScenes; ++i) {
        const Scene& scene = drawn.shots[i].scene;
        for (const Rest& rest : rests[i]) {
          ++things;
          widest = std::max(widest, rest.gap);
          deepest = std::max(deepest, rest.depth);
          CHECK_MESSAGE(!floats(drawn, scene, rest), name, " ", i, ": ",
                        named(drawn, scene, rest.thing), " is ", rest.gap,
                        " m above what carries it");
          CHECK_MESSAGE(!sinks(drawn, scene, rest), name, " ", i, ": ",
                        named(drawn, scene, rest.thing), " is ", rest.depth, " m deep in ",
                        named(drawn, scene, rest.deepest_in));
        }
      }
      MESSAGE(name, ": gaps up to ", 1e3 * widest, " mm, depths up to ", 1e3 * deepest, " mm");
    }
    CHECK(things > 5000);
  }

  TEST_CASE("dice pressed down by 5 mm are caught, and nearly all that are lifted by as much") {
    const Drawn drawn("dice");
    std::size_t dice = 0;
    std::size_t lifted = 0;
    for (const Shot& shot : drawn.shots) {
      for (std::size_t die = 0; die < shot.scene.objects.size(); ++die) {
        CHECK_FALSE(caught_after(drawn, shot.scene, die, 0));
        CHECK(caught_after(drawn, shot.scene, die, -0.005));
        lifted += caught_after(drawn, shot.scene, die, 0.005) ? 1U : 0U;
        ++dice;
      }
    }
    MESSAGE(lifted, " of ", dice, " lifted ones are caught");
    CHECK(dice > 200);
    CHECK(lifted * 100 > dice * 85);  // others come to lie on the edge of one beside them
  }
}
