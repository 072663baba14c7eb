#include <doctest/doctest.h>

#include <algorithm>
#include <fstream>
#include <nlohmann/json.hpp>

#include "scenes/error.hpp"
#include "tests/generator/program.hpp"
#include "tests/generator/random_sample.hpp"
#include "tests/generator/small_dataset.hpp"

using namespace orrery;
using namespace orrery::testing;
namespace fs = std::filesystem;

namespace {

/// Quick to load, and with all that can differ between runs: physics, distractors, a sensor.
fs::path dice_on_a_table(const fs::path& folder) {
  fs::path file = folder / "dice.yaml";
  std::ofstream(file) << "classes: [one, two, three, four, five, six]\n"
                         "objects:\n"
                         "  - {name: dice, shapes: die, count: {uniform: [2, 9]}, size: 16 mm,\n"
                         "     class_by_side: [two, five, three, four, one, six]}\n"
                         "  - {name: clutter, shapes: box, label: false, count: 2, size: 3 cm}\n"
                         "surface: {materials: paper, variants: 1, spread: 7 cm}\n"
                         "sky: {names: studio}\n"
                         "camera: {width: 160, height: 120, distance: 0.3}\n";
  return file;
}

Ended generated(const fs::path& scene, const fs::path& out, const std::vector<std::string>& more) {
  std::vector<std::string> all = {"generate", scene.string(), "-n",        "10",
                                  "--quiet",  "-o",           out.string()};
  all.insert(all.end(), more.begin(), more.end());
  return orrery_run(all);
}

}  // namespace

TEST_SUITE("scene run") {
  TEST_CASE("lanes and chunks change no byte of a dataset of scenes, and replay makes it again") {
    const Scratch scratch;
    const fs::path scene = dice_on_a_table(scratch.path);
    const Ended one = generated(scene, scratch.path / "one", {"--lanes", "1", "--chunk", "10"});
    const Ended two = generated(scene, scratch.path / "two", {"--lanes", "2", "--chunk", "3"});
    REQUIRE_MESSAGE(one.code == 0, one.err);
    REQUIRE_MESSAGE(two.code == 0, two.err);
    CHECK(last_line(one.out) == last_line(two.out));
    const Ended again = orrery_run({"replay", (scratch.path / "one").string(), "7"});
    CHECK_MESSAGE(again.out.find("identical") != std::string::npos, again.out, again.err);
    const Ended other = generated(scene, scratch.path / "other", {"--seed", "1"});
    CHECK(last_line(other.out) != last_line(one.out));
  }

  TEST_CASE("the labels of a dataset of scenes are of its classes and balance") {
    const Scratch scratch;
    REQUIRE(generated(dice_on_a_table(scratch.path), scratch.path / "out", {}).code == 0);
    std::size_t placed = 0;
    std::size_t labelled = 0;
    for (const auto& line : manifest_of(scratch.path / "out")) {
      CHECK(line.at("scene").at("props").size() >= 1);
      for (const auto& object : line.at("objects")) {
        ++placed;
        CHECK(object.at("class").get<int>() < 6);
        labelled += object.contains("dropped") ? 0U : 1U;
      }
    }
    const auto coco = nlohmann::json::parse(
        text_of(scratch.path / "out" / "annotations" / "instances_default.json"));
    CHECK(coco.at("annotations").size() == labelled);
    CHECK(placed >= 20);
    CHECK(labelled * 2 > placed);
    CHECK(coco.at("categories").size() == 6);
  }

  TEST_CASE("other lights move no label, and lighting alone moves pixels") {
    const Scratch scratch;
    const fs::path scene = dice_on_a_table(scratch.path);
    REQUIRE(generated(scene, scratch.path / "a", {}).code == 0);
    REQUIRE(generated(scene, scratch.path / "b", {"--vary", "lights"}).code == 0);
    const auto a = manifest_of(scratch.path / "a");
    const auto b = manifest_of(scratch.path / "b");
    REQUIRE(a.size() == b.size());
    std::size_t changed = 0;
    for (std::size_t i = 0; i < a.size(); ++i) {
      auto of_a = a[i].at("objects");
      auto of_b = b[i].at("objects");
      for (auto* objects : {&of_a, &of_b}) {
        for (auto& object : *objects) object.erase("hard");
      }
      CHECK(of_a == of_b);
      CHECK(a[i].at("camera") == b[i].at("camera"));
      changed += a[i].at("files") != b[i].at("files") ? 1U : 0U;
    }
    CHECK(changed == a.size());
  }

  TEST_CASE("a wrong scene file is refused with all its mistakes") {
    const Scratch scratch;
    const fs::path file = scratch.path / "wrong.yaml";
    std::ofstream(file) << "objects: [{name: a, shapes: bal}]\ncamera: {fov: 400}\nlight: {}\n";
    const Ended ended = generated(file, scratch.path / "out", {});
    CHECK(ended.code == static_cast<int>(Exit::data));
    CHECK_MESSAGE(ended.err.find("wrong.yaml:2:") != std::string::npos, ended.err);
    CHECK_MESSAGE(ended.err.find("wrong.yaml:3:") != std::string::npos, ended.err);
    CHECK_MESSAGE(ended.err.find("\"lights\"") != std::string::npos, ended.err);
    CHECK_FALSE(fs::exists(scratch.path / "out"));
    std::ofstream(file) << "objects: [{name: a, shapes: bal}]\n";
    const Ended shape = generated(file, scratch.path / "out", {});
    CHECK(shape.code == static_cast<int>(Exit::data));
    CHECK_MESSAGE(shape.err.find("\"ball\"") != std::string::npos, shape.err);
  }
}
