#include <doctest/doctest.h>

#include <set>

#include "scenes/error.hpp"
#include "tests/generator/program.hpp"
#include "tests/generator/random_sample.hpp"
#include "tests/generator/small_dataset.hpp"

using namespace orrery;
using namespace orrery::testing;

TEST_SUITE("validation") {
  TEST_CASE("the validation layers say nothing of any kind of image that a turntable makes") {
    const Scratch scratch;
    Recipe recipe = varied_recipe(scratch.path, 72);
    recipe.render.validate = true;
    const std::filesystem::path out = scratch.path / "dataset";
    CHECK(make(recipe, out, 2).samples == 72);  // a message would be an Error
    std::set<std::string> kinds;
    std::set<std::string> catchers;
    std::size_t several = 0;
    std::set<std::string> models;
    for (const Json& line : manifest_of(out)) {
      const Json& scene = line.at("scene");
      const std::string background = scene.at("background").at("kind");
      const Json& ground = scene.at("ground");
      kinds.insert(background + " " + ground.at("kind").get<std::string>());
      if (ground.value("shadow_only", false)) catchers.insert(background);
      several += line.at("objects").size() > 1 ? 1 : 0;
      for (const Json& object : line.at("objects")) models.insert(object.at("model"));
    }
    // The images above were of every kind.
    CHECK(kinds.size() == 12);
    CHECK(catchers == std::set<std::string>{"color", "photo", "transparent"});
    CHECK(several > 10);
    CHECK(models == std::set<std::string>{"mug", "pane", "plant"});

    recipe.count = 24;
    recipe.render.antialias = recipe.render.shadows = recipe.render.ambient_occlusion = false;
    recipe.render.amodal = recipe.render.normal = recipe.outputs.normal = false;
    CHECK(make(recipe, scratch.path / "plain", 1).samples == 24);
  }

  TEST_CASE("a message of the validation layers makes the run fail and is quoted") {
    const Scratch scratch;
    // Advice that nobody follows throughout stands in for a mistake of ours.
    const Ended ended =
        orrery_run({"turntable", ORRERY_ASSETS "/models/die.glb", "-n", "3", "--size", "64x48",
                    "--validate", "--quiet", "-o", (scratch.path / "dataset").string()},
                   {"VK_LAYER_ENABLES=VK_VALIDATION_FEATURE_ENABLE_BEST_PRACTICES_EXT"});
    CHECK_MESSAGE(ended.code == static_cast<int>(Exit::bug), ended.err);
    CHECK_MESSAGE(ended.err.find("messages of the validation layers, wanted none; the first: ") !=
                      std::string::npos,
                  ended.err);
    CHECK(!std::filesystem::exists(scratch.path / "dataset/dataset.json"));
  }
}
