#include "generator/plan.hpp"

#include <doctest/doctest.h>
#include <stdlib.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <map>

#include "generator/coverage.hpp"
#include "generator/load_assets.hpp"
#include "generator/make_sample.hpp"
#include "generator/report.hpp"
#include "generator/scene_options.hpp"
#include "renderer/renderer.hpp"
#include "tests/generator/program.hpp"
#include "tests/generator/random_sample.hpp"
#include "tests/generator/small_dataset.hpp"

using namespace orrery;
using namespace orrery::testing;
namespace fs = std::filesystem;

namespace {

/// Mugs and leaves that hide each other, some outside the image, under distractors.
Recipe heap(const fs::path& folder, std::uint64_t count) {
  const fs::path file = folder / "heap.yaml";
  std::ofstream(file) << "objects:\n"
                         "  - {name: things, models: [" ORRERY_ASSETS
                         "/models/mug.glb, " ORRERY_ASSETS
                         "/models/plant.glb],\n"
                         "     count: {uniform: [2, 7]}, size: 10 cm, placement: lie}\n"
                         "  - {name: clutter, shapes: box, label: false, count: 3, size: 8 cm,\n"
                         "     placement: stand}\n"
                         "surface: {materials: [paper, tiles], variants: 1, spread: 25 cm}\n"
                         "sky: {names: studio}\n"
                         "camera: {width: 160, height: 120, elevation: {uniform: [5, 60]}}\n";
  RawScene raw;
  raw.file = file.string();
  raw.common.count = count;
  raw.common.seed = 5;
  return recipe_from(raw);
}

/// Bytes of a dataset's files.
double bytes_below(const fs::path& folder) {
  double bytes = 0;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (entry.is_regular_file()) bytes += static_cast<double>(entry.file_size());
  }
  return bytes;
}

/// Labels of each class that the dataset's ledger counts.
std::vector<double> labelled(const fs::path& dataset) {
  const Json ledger = Json::parse(std::ifstream(dataset / "dataset.json")).at("ledger");
  std::vector<double> counts;
  for (const auto& item : ledger.items()) {
    counts.push_back(item.value().at("labelled").get<double>());
  }
  return counts;
}

Plan plan_of(const Recipe& recipe, std::uint64_t draws, std::uint64_t probe) {
  setenv("LP_NUM_THREADS", "0", 0);
  PlanCommand command{.recipe = recipe, .machine = {}};
  command.draws = draws;
  command.probe = probe;
  return planned(command, [](const std::string&) {});
}

}  // namespace

TEST_SUITE("plan") {
  TEST_CASE("the processor's ids and amodal areas are the renderer's, silhouettes apart") {
    const Scratch scratch;
    for (const bool turns : {false, true}) {
      Recipe recipe = turns ? varied_recipe(scratch.path, 24) : heap(scratch.path, 24);
      recipe.render.amodal = true;
      const Assets assets = load_assets(recipe, [](const std::string&) {});
      const DrawShot draw = draw_shot_of(recipe, assets);
      std::vector<Shot> shots;
      for (std::uint64_t i = 0; i < 24; ++i) shots.push_back(draw(i));
      setenv("LP_NUM_THREADS", "0", 0);
      Renderer renderer(0, assets, recipe.render);
      Coverage coverage;
      double pixels = 0;
      double different = 0;
      std::size_t compared = 0;
      renderer.render(shots, [&](std::size_t i, const Frame& frame) {
        const Frame mine = coverage.of(shots[i], assets.models, recipe.render.lod_error_px);
        for (std::size_t p = 0; p < frame.id.pixels.size(); ++p) {
          different += frame.id.pixels[p] != mine.id.pixels[p] ? 1 : 0;
        }
        pixels += static_cast<double>(frame.id.pixels.size());
        const Annotations theirs = labels_of(frame, recipe, assets, i);
        const Annotations ours = labels_of(mine, recipe, assets, i);
        std::map<std::uint32_t, const InstanceLabel*> by_id;
        for (const InstanceLabel& label : ours.instances) by_id[label.id] = &label;
        for (const InstanceLabel& label : theirs.instances) {
          if (label.visible_area < 200) continue;
          CAPTURE(i);
          CAPTURE(label.id);
          REQUIRE(by_id.count(label.id) == 1);
          const InstanceLabel& same = *by_id[label.id];
          CHECK(std::abs(same.visible_fraction - label.visible_fraction) < 0.05);
          CHECK(static_cast<double>(same.amodal_area) ==
                doctest::Approx(static_cast<double>(label.amodal_area)).epsilon(0.02));
          ++compared;
        }
      });
      CAPTURE(turns);
      CHECK(different < 0.003 * pixels);
      CHECK(compared > 20);
    }
  }

  TEST_CASE("a dataset holds what its plan said, within a tenth") {
    const Scratch scratch;
    for (const bool turns : {false, true}) {
      CAPTURE(turns);
      Recipe recipe = turns ? varied_recipe(scratch.path, 96) : heap(scratch.path, 96);
      recipe.scene.labels.min_visible = 0.3;
      const Plan some = plan_of(recipe, 48, 24);
      const Plan all = plan_of(recipe, 1000, 2);
      const fs::path out = scratch.path / (turns ? "turntable" : "heap");
      make(recipe, out, 2);
      write_report(out);
      const std::vector<double> truth = labelled(out);
      REQUIRE(truth.size() == all.labels.classes.size());
      double sum = 0;
      for (std::size_t c = 0; c < truth.size(); ++c) {
        sum += truth[c];
        CHECK(all.labels.classes[c].labelled.value == doctest::Approx(truth[c]).epsilon(0.02));
        CHECK(all.labels.classes[c].labelled.error == 0);
        // Of a class that half of the samples show a few dozen times, a tenth may be chance.
        const Estimate& e = some.labels.classes[c].labelled;
        CHECK(e.error < 0.12 * truth[c]);
        CHECK(std::abs(e.value - truth[c]) < std::max(0.1 * truth[c], 3 * e.error));
      }
      CHECK(some.labels.labels.value == doctest::Approx(sum).epsilon(0.1));
      CHECK(some.bytes.value == doctest::Approx(bytes_below(out)).epsilon(0.1));
      CHECK(some.drawn == 48);
      CHECK(some.probed == 24);
    }
  }

  TEST_CASE("the program prints a plan for people and for programs, and leaves nothing behind") {
    const Scratch scratch;
    const fs::path file = scratch.path / "balls.yaml";
    std::ofstream(file) << "objects: [{name: balls, shapes: ball, count: 2, size: 6 cm}]\n"
                           "surface: {materials: paper, variants: 1}\n"
                           "camera: {width: 64, height: 48}\nsky: {names: studio}\n";
    const std::vector<std::string> words{"plan", file.string(), "-n", "9", "--probe", "3"};
    fs::create_directory(scratch.path / "tmp");
    const std::vector<std::string> places{"TMPDIR=" + (scratch.path / "tmp").string()};
    const Ended people = orrery_run(words, places);
    REQUIRE_MESSAGE(people.code == 0, people.err);
    for (const char* part : {"9 images", "Disk", "Memory", "Time", "ball", "Rarest", "####"}) {
      CHECK_MESSAGE(people.out.find(part) != std::string::npos, part);
    }
    std::vector<std::string> more = words;
    more.emplace_back("--json");
    const Ended program = orrery_run(more, places);
    REQUIRE_MESSAGE(program.code == 0, program.err);
    const Json json = Json::parse(program.out);
    CHECK(json.at("images") == 9);
    CHECK(json.at("drawn") == 9);
    CHECK(json.at("probed") == 3);
    CHECK(json.at("seconds").at("value").get<double>() > 0);
    CHECK(json.at("memory_bytes").get<double>() > 1e7);
    CHECK(fs::is_empty(scratch.path / "tmp"));
  }
}
