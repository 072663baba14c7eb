#include "scenes/scene_file.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "scenes/error.hpp"
#include "scenes/scene_schema.hpp"
#include "scenes/temporary_folder.hpp"

using namespace orrery;

namespace {

namespace fs = std::filesystem;

struct SceneFolder : TemporaryFolder {
  fs::path write(const std::string& name, const std::string& text) const {
    std::ofstream(path / name) << text;
    return path / name;
  }
};

std::vector<std::string> mistakes_in(const std::string& text) {
  std::vector<std::string> lines;
  try {
    scene_from_text(text, "file");
  } catch (const Error& error) {
    std::stringstream all(error.what());
    for (std::string line; std::getline(all, line);) lines.push_back(line);
  }
  return lines;
}

double mean_of(const Distribution& d, int count = 20000) {
  Rng rng(1, 2, "mean");
  double sum = 0;
  for (int i = 0; i < count; ++i) {
    const double value = drawn(d, rng);
    CHECK(value >= least(d));
    CHECK(value <= greatest(d));
    sum += value;
  }
  return sum / count;
}

}  // namespace

TEST_SUITE("scene file") {
  TEST_CASE("every mistake is told with its place, what was found and what is wanted") {
    const std::vector<std::string> lines = mistakes_in(
        "objects:\n"
        "  - name: a\n"
        "    shapes: ball\n"
        "    cuont: 3\n"                  // 4: unknown key
        "    size: 3 kg\n"                // 5: wrong unit
        "    placement: drops\n"          // 6: no such placement
        "    count: {uniform: [5, 2]}\n"  // 7: impossible range
        "    label: maybe\n"              // 8: no truth
        "  - name: b\n"                   // 9: neither models nor shapes
        "camera:\n"
        "  fov: 400\n"     // 11: out of range
        "  width: 64.5\n"  // 12: no whole number
        "lights:\n"
        "  strength: {gauss: [1, 2]}\n"  // 14: no such distribution
        "  count: [1, 2]\n");            // 15: a list
    REQUIRE(lines.size() == 10);
    const auto line_at = [&](int number, const std::string& says) {
      for (const std::string& line : lines) {
        if (line.rfind("file:" + std::to_string(number) + ":", 0) != 0) continue;
        CHECK_MESSAGE(line.find(says) != std::string::npos, line);
        CHECK_MESSAGE(line.find("wanted") != std::string::npos, line);
        return;
      }
      FAIL_CHECK("no message about line " << number);
    };
    line_at(4, "\"count\"");
    line_at(5, "m, cm, mm");
    line_at(6, "drop, stand");
    line_at(7, "[low, high]");
    line_at(8, "true or false");
    line_at(9, "models");
    line_at(11, "170");
    line_at(12, "whole");
    line_at(14, "gauss");
    line_at(15, "uniform");
  }

  TEST_CASE("a lens that cannot see the whole image is told with its place, whatever is drawn") {
    const auto told = [](const std::string& camera) {
      const std::vector<std::string> lines =
          mistakes_in("objects: [{name: a, shapes: ball}]\n" + camera);
      return lines.empty() ? std::string() : lines[0];
    };
    CHECK(told("camera: {lens: {model: brown_conrady, k1: {uniform: [-0.2, -0.1]}}}\n").empty());
    const std::string folds =
        told("camera: {fov: 75, lens: {model: brown_conrady, k1: {uniform: [-0.5, -0.1]}}}\n");
    CHECK(folds.find("file:2:") == 0);
    CHECK(folds.find("folds") != std::string::npos);
    CHECK(told("camera: {lens: {model: fisheye, p1: 0.1}}\n").find("p1") != std::string::npos);
    CHECK(told("camera: {lens: {k1: 0.1}}\n").find("pinhole") != std::string::npos);
    CHECK(told("camera: {lens: {model: fishy}}\n").find("fisheye") != std::string::npos);
    CHECK(told("camera: {fov: 170, lens: {model: fisheye, k1: -0.01}}\n").empty());
  }

  TEST_CASE("what is no YAML is told with its place") {
    const std::vector<std::string> lines = mistakes_in("camera: {fov: 3\nlights: [}\n");
    REQUIRE(lines.size() == 1);
    CHECK(lines[0].rfind("file:2:", 0) == 0);
  }

  TEST_CASE("quantities take the units of their field") {
    const SceneSpec scene = scene_from_text(
        "surface: {width: 80 cm, depth: 500mm, spread: {uniform: [1 in, 0.2]}}\n"
        "camera: {fov: 1 rad, elevation: {uniform: [20 deg, 30]}}\n",
        "file");
    CHECK(scene.surface.width == doctest::Approx(0.8));
    CHECK(scene.surface.depth == doctest::Approx(0.5));
    CHECK(scene.surface.spread.values[0] == doctest::Approx(0.0254));
    CHECK(scene.surface.spread.values[1] == 0.2);
    CHECK(scene.camera.fov.values[0] == doctest::Approx(57.29578));
    CHECK(scene.camera.elevation.values[0] == 20);
  }

  TEST_CASE("an override beats the file, which beats what it includes") {
    const SceneFolder folder;
    folder.write("base.yaml",
                 "camera: {fov: 30, roll: 5}\nobjects: [{name: a, shapes: ball, count: 2}]\n");
    const fs::path file = folder.write(
        "scene.yaml", "include: base.yaml\ncamera: {fov: 40, exposure: 1}\nfaces: deck\n");
    const SceneSpec scene = read_scene_file(file, {"camera.exposure=2", "camera.width=320"});
    CHECK(scene.name == "scene");
    CHECK(scene.camera.fov.values[0] == 40);
    CHECK(scene.camera.roll.values[0] == 5);
    CHECK(scene.camera.exposure.values[0] == 2);
    CHECK(scene.camera.width == 320);
    REQUIRE(scene.objects.size() == 1);
    CHECK(scene.objects[0].count.values[0] == 2);
    CHECK(fs::path(scene.faces) == folder.path / "deck");
    CHECK_THROWS_AS(read_scene_file(file, {"camera.fov"}), Error);
    CHECK_THROWS_AS(read_scene_file(file, {"camera.fvo=3"}), Error);
  }

  TEST_CASE("pictures are looked for beside the file that names them") {
    const SceneFolder folder;
    const SceneSpec spec =
        read_scene_file(folder.write("scene.yaml",
                                     "surface: {images: photos/*.jpg}\n"
                                     "objects:\n"
                                     "  - {shapes: box, images: [a, /b], textures: {images: c}}\n"),
                        {});
    CHECK(spec.surface.images.at(0) == (folder.path / "photos/*.jpg").string());
    CHECK(spec.objects[0].images.at(0) == (folder.path / "a").string());
    CHECK(spec.objects[0].images.at(1) == "/b");
    CHECK(spec.objects[0].textures.images.at(0) == (folder.path / "c").string());
  }

  TEST_CASE("only what falls can cover") {
    const auto found = mistakes_in("objects:\n  - {shapes: box, cover: true, placement: stand}\n");
    REQUIRE(found.size() == 1);
    CHECK(found[0].find("file:2") == 0);
    CHECK(found[0].find("objects[0].cover") != std::string::npos);
  }

  TEST_CASE("a container is another set, there before what is dropped into it") {
    const auto told = [](const std::string& pens, const std::string& mugs = "") {
      const std::vector<std::string> lines =
          mistakes_in("objects:\n  - {name: pens, shapes: pen, " + pens +
                      "}\n  - {name: mugs, shapes: cup" + mugs + "}\n");
      REQUIRE(lines.size() <= 1);
      return lines.empty() ? std::string() : lines[0];
    };
    CHECK(told("container: mugs").empty());
    CHECK(told("container: mugs", ", placement: stand").empty());
    CHECK(told("container: mogs") ==
          "file:2:42: objects[0].container is \"mogs\", wanted the name of another set such as "
          "\"mugs\"");
    const std::string itself = told("container: pens");
    CHECK(itself.find("the set itself") != std::string::npos);
    CHECK(itself.find("such as \"mugs\"") != std::string::npos);
    CHECK(told("container: mugs", ", placement: fly").find("fly") != std::string::npos);
    CHECK(told("container: mugs, placement: row").find("placement drop") != std::string::npos);
    const std::vector<std::string> round = mistakes_in(
        "objects:\n"
        "  - {shapes: pen, container: set 1}\n"
        "  - {shapes: cup, container: set 0}\n");
    REQUIRE(round.size() == 2);
    CHECK(round[1].find("file:3:30: objects[1].container") == 0);
    const std::vector<std::string> alone =
        mistakes_in("objects: [{name: pens, shapes: pen, container: mugs}]\n");
    REQUIRE(alone.size() == 1);
    CHECK(alone[0].find("there is none") != std::string::npos);
  }

  TEST_CASE("colours are those of another set") {
    const auto told = [](const std::string& of) {
      return mistakes_in(
          "objects:\n  - {name: cans, shapes: tin}\n  - {shapes: box, colors_of: " + of + "}\n");
    };
    CHECK(told("cans").empty());
    REQUIRE(told("can").size() == 1);
    CHECK(told("can")[0] ==
          "file:3:30: objects[1].colors_of is \"can\", wanted the name of another set such as "
          "\"cans\"");
    REQUIRE(told("set 1").size() == 1);
  }

  TEST_CASE("a spec written as text comes back equal") {
    const std::string text =
        "name: x\nclasses: [a, b]\n"
        "objects: [{name: s, shapes: [ball, box], count: {choice: {1: 2, 3: 1}}, label: false,\n"
        "  size: {normal: [0.1, 0.02, 0.05, 0.2]}, hue: {curve: {0: 1, 120: 0.5, 360: 1}},\n"
        "  placement: fly, brightness: {log_uniform: [0.1, 0.7]}}]\n";
    const SceneSpec scene = scene_from_text(text, "file");
    const std::string once = text_from_scene(scene);
    const std::string twice = text_from_scene(scene_from_text(once, "again"));
    CHECK(once == twice);
    CHECK(once.find("\"fly\"") != std::string::npos);
    CHECK(scene.objects[0].hue.kind == Distribution::Kind::curve);
  }

  TEST_CASE("the schema knows every key, and nothing else passes it") {
    const auto schema = nlohmann::json::parse(scene_schema());
    CHECK(schema.at("additionalProperties") == false);
    const auto spec = nlohmann::json::parse(text_from_scene(SceneSpec{}));
    for (const auto& item : spec.items()) CHECK(schema.at("properties").contains(item.key()));
    const auto& camera = schema.at("properties").at("camera");
    for (const auto& item : spec.at("camera").items()) {
      CHECK(camera.at("properties").contains(item.key()));
    }
  }

  TEST_CASE(
      "a turntable is read with units, starts from its defaults and comes back from its JSON") {
    const SceneSpec spec = scene_from_text(
        "objects: [{name: a, shapes: ball}]\n"
        "turntable:\n"
        "  elevations: [0.5 rad, 60 deg]\n"
        "  roll: 5\n"
        "  distance: {uniform: [20 cm, 1 m]}\n"
        "  exposure: {low: -1, high: 1}\n"
        "  grounds: [plane]\n",
        "file");
    REQUIRE(spec.turntable);
    CHECK(spec.turntable->elevations[0] == doctest::Approx(28.6479));
    CHECK(spec.turntable->elevations[1] == 60);
    CHECK(spec.turntable->roll.low == 5);
    CHECK(spec.turntable->roll.high == 5);
    CHECK(spec.turntable->distance.low == doctest::Approx(0.2));
    CHECK(spec.turntable->exposure.high == 1);
    CHECK(spec.turntable->grounds == std::vector<GroundKind>{GroundKind::plane});
    CHECK(spec.turntable->azimuths == default_turntable().azimuths);
    const std::string text = text_from_scene(spec);
    CHECK(text_from_scene(scene_from_text(text, "again")) == text);
    CHECK(text.find("surface") == std::string::npos);
    CHECK_FALSE(scene_from_text("objects: [{name: a, shapes: ball}]\n", "file").turntable);
    const auto schema = nlohmann::json::parse(scene_schema());
    const auto& known = schema.at("properties").at("turntable").at("properties");
    const auto json = nlohmann::json::parse(text);
    for (const auto& item : json.at("turntable").items()) CHECK(known.contains(item.key()));
  }

  TEST_CASE("every mistake of a turntable is told, and what it leaves no room for") {
    const std::vector<std::string> lines = mistakes_in(
        "objects:\n"
        "  - {name: a, shapes: ball, count: 3}\n"
        "lights: {count: 2}\n"
        "turntable:\n"
        "  elevation: [3]\n"
        "  fov: 400\n"
        "  roll: {uniform: [3, 1]}\n"
        "  grounds: [disk]\n"
        "  k: [1, 2]\n"
        "  distance: 3 kg\n"
        "  rest_sides: []\n"
        "  backgrounds: [photo]\n");
    const auto told = [&](const std::string& start, const std::string& part) {
      return std::any_of(lines.begin(), lines.end(), [&](const std::string& line) {
        return line.rfind("file:" + start, 0) == 0 && line.find(part) != std::string::npos;
      });
    };
    CHECK(told("2:29", "objects[0].count"));
    CHECK(told("3:9", "lights is given beside a turntable"));
    CHECK(told("5:3", "\"elevations\""));
    CHECK(told("6:8", "400"));
    CHECK(told("7:9", "low to high"));
    CHECK(told("8:13", "disc"));
    CHECK(told("9:6", "fx, fy, cx, cy"));
    CHECK(told("10:13", "m, cm, mm"));
    CHECK(told("11:15", "at least one side"));
    CHECK(told("5:3", "at least one photo"));
    CHECK(lines.size() == 10);
  }

  TEST_CASE("distributions have the means that they say and stay inside their ends") {
    CHECK(mean_of(Distribution::fixed(3)) == doctest::Approx(3));
    CHECK(mean_of(Distribution::uniform(2, 4)) == doctest::Approx(3).epsilon(0.01));
    CHECK(mean_of({Distribution::Kind::log_uniform, {1, std::exp(1.0)}, {}}) ==
          doctest::Approx(std::exp(1.0) - 1).epsilon(0.01));
    CHECK(mean_of({Distribution::Kind::normal, {1, 0.5, 0, 2}, {}}) ==
          doctest::Approx(1).epsilon(0.01));
    CHECK(mean_of({Distribution::Kind::choice, {1, 5}, {3, 1}}) ==
          doctest::Approx(2).epsilon(0.02));
    // Density rising from 0 at 0 to its greatest at 3: the mean is 2.
    CHECK(mean_of({Distribution::Kind::curve, {0, 3}, {0, 1}}) == doctest::Approx(2).epsilon(0.01));
    CHECK(mean_of({Distribution::Kind::curve, {0, 1, 2}, {1, 1, 1}}) ==
          doctest::Approx(1).epsilon(0.02));
  }
}
