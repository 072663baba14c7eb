#include "generator/recipe.hpp"

#include <doctest/doctest.h>

#include <fstream>

#include "generator/load_assets.hpp"
#include "generator/options.hpp"
#include "generator/scene_options.hpp"
#include "scenes/error.hpp"
#include "scenes/temporary_folder.hpp"

using namespace orrery;

namespace {

Recipe example() {
  Recipe recipe = turntable_recipe();
  recipe.models = {{"/a/mug.glb", "mug", std::string(64, '1'), {}, 0},
                   {"/a/die.glb", "die", std::string(64, '2'), {0.001, UpAxis::z, true, 512}, 0}};
  recipe.scene.objects[0].models = {"/a/mug.glb", "/a/die.glb"};
  recipe.scene.turntable->photos = {"/p/one.jpg"};
  recipe.classes = {"die", "mug"};
  recipe.photos = {{"/p/one.jpg", std::string(64, '3')}};
  recipe.scene.turntable->rest_sides = {RestSide::left, RestSide::top};
  recipe.scene.turntable->k = {600.125, 600, 320, 240};
  recipe.seed = 0xFFFFFFFFFFFFFFFFULL;
  return recipe;
}

Command parse(std::vector<const char*> words) {
  words.insert(words.begin(), "orrery");
  return command_from(static_cast<int>(words.size()), words.data());
}

Recipe turntable(std::vector<const char*> words) {
  words.insert(words.begin(), "turntable");
  return std::get<GenerateCommand>(parse(words)).recipe;
}

std::string usage_error(const std::vector<const char*>& words) {
  try {
    parse(words);
  } catch (const Error& error) {
    CHECK(error.exit() == Exit::usage);
    return error.what();
  }
  FAIL("no error");
  return {};
}

}  // namespace

TEST_SUITE("recipe") {
  TEST_CASE("a recipe written and read is the same recipe to the last digit") {
    const Json json = json_from(example());
    const Recipe back = recipe_from_json(Json::parse(json.dump()), "test");
    CHECK(json_from(back) == json);
    CHECK(back.seed == 0xFFFFFFFFFFFFFFFFULL);
    CHECK(back.scene.turntable->elevations == example().scene.turntable->elevations);
    CHECK(back.models[1].import.unit == 0.001);
    CHECK(back.scene.turntable->rest_sides == example().scene.turntable->rest_sides);
  }

  TEST_CASE("an unknown key is refused with its place and the nearest key") {
    Json json = json_from(example());
    json["scene"]["turntable"]["azimuth"] = 12;
    CHECK_THROWS_WITH_AS(
        recipe_from_json(json, "r.json"),
        doctest::Contains("turntable.azimuth is no key, wanted one such as \"azimuths\""), Error);
    json = json_from(example());
    json["output"] = Json::object();
    CHECK_THROWS_WITH_AS(
        recipe_from_json(json, "r.json"),
        doctest::Contains("r.json.output: is no field, wanted one such as \"outputs\""), Error);
  }

  TEST_CASE("wrong types and values are refused with what was found") {
    const auto with = [](const char* pointer, const Json& value) {
      Json json = json_from(example());
      json[Json::json_pointer(pointer)] = value;
      return json;
    };
    for (const auto& wrong : {std::pair<const char*, Json>{"/scene/turntable/fov", "wide"},
                              {"/scene/surface", Json::object()},
                              {"/scene/objects/0/count", 3},
                              {"/scene/turntable/elevations", Json::array()},
                              {"/models/0/set", 1},
                              {"/scene/turntable/width", 12.5},
                              {"/scene/turntable/width", 5},
                              {"/scene/turntable/azimuths", -1},
                              {"/scene/turntable/roll/low", 30},
                              {"/scene/turntable/rest_sides/0", "botom"},
                              {"/outputs/jpeg_quality", 0},
                              {"/models/0/class", "cup"},
                              {"/models/0", 7},
                              {"/skies", Json::array()},
                              {"/split", "a/b"},
                              {"/chunk", 0},
                              {"/classes", Json::array({"mug", "mug", "die"})},
                              {"/scene/turntable/backgrounds", {"transparent"}}}) {
      const std::string pointer = wrong.first;
      CAPTURE(pointer);
      CHECK_THROWS_AS(recipe_from_json(with(wrong.first, wrong.second), "test"), Error);
    }
    CHECK_THROWS_WITH_AS(recipe_from_json(with("/scene/turntable/rest_sides/0", "botom"), "test"),
                         doctest::Contains("\"botom\", wanted one of bottom"), Error);
  }

  TEST_CASE("the hash is of what the images depend on: content, not places or amounts") {
    const std::string hash = recipe_hash(example());
    CHECK(hash.size() == 64);
    Recipe moved = example();
    moved.models[0].path = "/elsewhere/mug.glb";
    moved.photos[0].name = "/q/one.jpg";
    moved.scene.objects[0].models[0] = "/elsewhere/mug.glb";
    moved.scene.turntable->photos = {"/q"};
    moved.count = 7;
    moved.chunk = 8;
    CHECK(recipe_hash(moved) == hash);
    Recipe scene = example();
    scene.scene.turntable.reset();
    scene.scene.sky.names = {"/p/noon.hdr"};
    scene.scene.surface.images = {"/p/cloth"};
    scene.scene.objects[0].images = {"/p/faces"};
    scene.scene.faces = "/p/deck";
    Recipe moved_scene = scene;
    moved_scene.scene.sky.names = {"/q/noon.hdr"};
    moved_scene.scene.surface.images = {"/q/cloth"};
    moved_scene.scene.objects[0].images = {"/q/faces"};
    moved_scene.scene.faces = "/q/deck";
    CHECK(recipe_hash(moved_scene) == recipe_hash(scene));
    moved_scene.scene.surface.width += 0.1;
    CHECK(recipe_hash(moved_scene) != recipe_hash(scene));
    const auto differs = [&](auto change) {
      Recipe other = example();
      change(other);
      return recipe_hash(other) != hash;
    };
    CHECK(differs([](Recipe& r) { r.seed = 1; }));
    CHECK(differs([](Recipe& r) { r.models[0].sha256[0] = '9'; }));
    CHECK(differs([](Recipe& r) { r.photos[0].sha256[0] = '9'; }));
    CHECK(differs([](Recipe& r) { std::swap(r.classes[0], r.classes[1]); }));
    CHECK(differs([](Recipe& r) { r.scene.turntable->fov += 1e-13; }));
    CHECK(differs([](Recipe& r) { r.render.shadows = false; }));
    CHECK(differs([](Recipe& r) { r.outputs.depth = true; }));
    CHECK_FALSE(differs([](Recipe& r) { r.pack = Pack::tar; }));
  }
}

TEST_SUITE("options") {
  TEST_CASE("a plain command line is the default recipe with its models as classes") {
    const Recipe r = turntable({"mug.glb", "toys/rocket.glb", "-n", "5"});
    Recipe expected = turntable_recipe();
    expected.models = r.models;
    for (const ModelEntry& model : r.models) {
      expected.scene.objects[0].models.push_back(model.path.string());
    }
    expected.classes = {"mug", "rocket"};
    expected.count = 5;
    expected.chunk = 1;  // a short run takes small chunks
    CHECK(json_from(r) == json_from(expected));
    CHECK(r.models[1].path == std::filesystem::absolute("toys/rocket.glb"));
  }

  TEST_CASE("ranges, lists and angles arrive in the units of the recipe") {
    const Recipe r = turntable({"a.glb",   "--size",    "320x200",  "--elevations",
                                "10,30",   "--roll",    "-90:90",   "--apparent-size",
                                "0.5",     "--sides",   "top,left", "--jitter",
                                "0",       "--fov",     "60",       "--models-per-image",
                                "2:4",     "--ground",  "plane",    "--all-planes",
                                "--no-aa", "--quality", "80"});
    CHECK(r.scene.turntable->width == 320);
    CHECK(r.scene.turntable->height == 200);
    CHECK(r.scene.turntable->elevations[1] == 30);
    CHECK(r.scene.turntable->roll.low == -90);
    CHECK(r.scene.turntable->apparent_size.low == 0.5);
    CHECK(r.scene.turntable->apparent_size.high == 0.5);
    CHECK(r.scene.turntable->rest_sides == std::vector<RestSide>{RestSide::top, RestSide::left});
    CHECK(r.scene.turntable->azimuth_jitter == 0);
    CHECK(r.scene.turntable->fov == 60);
    CHECK(r.scene.turntable->models_per_image.high == 4);
    CHECK(r.scene.turntable->grounds == std::vector<GroundKind>{GroundKind::plane});
    CHECK((r.outputs.depth && r.outputs.id && r.outputs.normal && r.render.normal));
    CHECK_FALSE(r.render.antialias);
    CHECK(r.outputs.jpeg_quality == 80);
  }

  TEST_CASE("lists do not swallow the models that follow them") {
    const Recipe r =
        turntable({"--sky", "studio", "--class", "cup", "a.glb", "--sky=clear,indoor"});
    CHECK(r.models.size() == 1);
    CHECK(r.classes == std::vector<std::string>{"cup"});
    CHECK(r.skies.size() == 3);
  }

  TEST_CASE("--pack says how files are kept, and is left open where it is not given") {
    CHECK(turntable({"a.glb"}).pack == Pack::automatic);
    CHECK(turntable({"a.glb", "--pack", "files"}).pack == Pack::files);
    CHECK(turntable({"a.glb", "--pack", "tar"}).pack == Pack::tar);
    CHECK(usage_error({"turntable", "a.glb", "--pack", "zip"}).find("--pack") == 0);
  }

  TEST_CASE("classes are named by the folder where the file's name says nothing") {
    CHECK(default_class_names({"/x/mug/textured.obj", "/x/cup.glb", "/y/a/thing.glb",
                               "/y/b/thing.glb", "/z/robot/scene.gltf"}) ==
          std::vector<std::string>{"mug", "cup", "a", "b", "robot"});
    const Recipe r =
        turntable({"x/a.glb", "x/b.glb", "--class", "b.glb=cup", "--class-order", "cup,a,spare"});
    CHECK(r.classes == std::vector<std::string>{"cup", "a", "spare"});
    CHECK(r.models[1].class_name == "cup");
  }

  TEST_CASE("a transparent background makes PNG, and asking for JPEG with it is refused") {
    CHECK(turntable({"a.glb", "--preset", "cutout"}).outputs.image_format == ImageFormat::png);
    CHECK(usage_error({"turntable", "a.glb", "--background", "transparent", "--format", "jpg"})
              .find("png") != std::string::npos);
  }

  TEST_CASE("mistakes name the nearest thing and exit as usage errors") {
    const auto says = [](const std::vector<const char*>& words, const char* text) {
      const std::string error = usage_error(words);
      CAPTURE(error);
      CHECK(error.find(text) != std::string::npos);
    };
    says({"turntable", "a.glb", "--elevation", "5"}, "--elevations");
    says({"turntabel", "a.glb"}, "turntable");
    says({"turntable", "a.glb", "--sky", "studoi"}, "studio");
    says({"turntable", "a.glb", "--ground", "disk"}, "nearest: disc");
    says({"turntable", "a.glb", "--size", "640"}, "640x480");
    says({"turntable", "a.glb", "--roll", "9:1"}, "LOW:HIGH");
    says({"turntable", "a.glb", "--class", "x.glb=mug"}, "FILE=NAME");
    says({"turntable", "a.glb", "--elevations", "120"}, "turntable.elevations");
    says({"turntable", "a.glb", "--gpu", "best"}, "--gpu");
    says({"turntable"}, "MODEL");
    says({}, "subcommand");
    says({"turntable", "a.glb", "-n", "many"}, "many");
    says({"turntable", "a.glb", "--background", "photo"}, "photos");
  }

  TEST_CASE("photos are taken from folders in order, and an empty folder is refused") {
    const auto folder = std::filesystem::temp_directory_path() / "orrery_options_test";
    std::filesystem::remove_all(folder);
    std::filesystem::create_directories(folder / "deep");
    for (const char* name : {"b.jpg", "a.PNG", "notes.txt", "deep/c.jpeg"}) {
      std::ofstream(folder / name) << "x";
    }
    const std::string path = folder.string();
    const Recipe r = turntable({"a.glb", "--photos", path.c_str()});
    REQUIRE(r.photos.size() == 3);
    CHECK(r.photos[0].name == (folder / "a.PNG").string());
    CHECK(r.photos[2].name == (folder / "deep/c.jpeg").string());
    std::filesystem::remove_all(folder);
    std::filesystem::create_directories(folder);
    CHECK(usage_error({"turntable", "a.glb", "--photos", path.c_str()}).find("--photos") == 0);
    std::filesystem::remove_all(folder);
  }

  TEST_CASE("a set says the unit of its files, and a length that nobody can mean is told") {
    const TemporaryFolder scratch;
    std::ofstream(scratch.path / "part.stl")
        << "solid part\nfacet normal 0 0 1\nouter loop\nvertex 0 0 0\nvertex 900 0 0\n"
           "vertex 0 300 0\nendloop\nendfacet\nendsolid part\n";
    struct Case {
      std::string says;
      float length;  ///< in metres
      std::string told;
    };
    for (const Case& one : {Case{"unit: 1 mm", 0.9F, ""}, Case{"size: 5 cm", 900, ""},
                            Case{"count: 1", 900, "is 900 m long"}}) {
      CAPTURE(one.says);
      std::ofstream(scratch.path / "scene.yaml")
          << "objects: [{name: parts, models: part.stl, " << one.says << "}]\n"
          << "surface: {materials: [paper], variants: 1}\nsky: {names: studio}\n";
      RawScene raw;
      raw.file = (scratch.path / "scene.yaml").string();
      Recipe recipe = recipe_from(raw);
      std::vector<std::string> warnings;
      const Assets assets =
          load_assets(recipe, [&](const std::string& text) { warnings.push_back(text); });
      const Box3& bounds = assets.models.front().bounds;
      CHECK(bounds.high.x - bounds.low.x == doctest::Approx(one.length));
      REQUIRE(warnings.size() == (one.told.empty() ? 0 : 1));
      if (!warnings.empty()) CHECK(warnings[0].find(one.told) != std::string::npos);
    }
  }

  TEST_CASE("help and version are texts, and every command has help") {
    CHECK(std::get<TextCommand>(parse({"--version"})).text.find("orrery ") == 0);
    CHECK(std::get<TextCommand>(parse({"--help"})).text.find("turntable") != std::string::npos);
    CHECK(std::get<TextCommand>(parse({"turntable", "--help"})).text.find("--apparent-size") !=
          std::string::npos);
    for (const char* name : {"inspect", "replay", "report", "doctor", "bench"}) {
      CHECK(std::holds_alternative<TextCommand>(parse({name, "--help"})));
    }
  }

  TEST_CASE("the other commands arrive with their arguments") {
    CHECK(std::get<InspectCommand>(parse({"inspect", "m.stl", "--unit", "0.001", "--json"})).json);
    const auto replay = std::get<ReplayCommand>(parse({"replay", "set", "42", "--gpu", "1"}));
    CHECK(replay.index == 42);
    CHECK(replay.machine.gpu.index == 1U);
    CHECK(std::get<ReportCommand>(parse({"report", "set"})).dataset == "set");
    CHECK(std::holds_alternative<DoctorCommand>(parse({"doctor"})));
    CHECK(std::get<BenchCommand>(parse({"bench", "-n", "9", "m.glb"})).recipe.count == 9);
  }

  TEST_CASE("bench takes a scene file in place of models, and refuses what it would not heed") {
    const std::filesystem::path file =
        std::filesystem::temp_directory_path() / "orrery-bench-scene.yaml";
    std::ofstream(file) << "objects: [{shapes: box, count: 2}]\n";
    const std::string scene = file.string();
    const auto command = std::get<BenchCommand>(
        parse({"bench", scene.c_str(), "-n", "5", "--set", "camera.fov=50", "--size", "64x48"}));
    REQUIRE_FALSE(command.recipe.scene.turntable);
    CHECK(command.recipe.count == 5);
    CHECK(command.recipe.scene.camera.fov.values == std::vector<double>{50});
    CHECK(command.recipe.scene.camera.width == 64);
    CHECK_THROWS_WITH_AS(parse({"bench", scene.c_str(), "--fov", "50"}),
                         doctest::Contains("--fov: is of turntables"), Error);
    CHECK_THROWS_WITH_AS(parse({"bench", "m.glb", "--set", "camera.fov=50"}),
                         doctest::Contains("--set: is of scene files"), Error);
    CHECK_THROWS_AS(parse({"bench", scene.c_str(), "m.glb"}), Error);
    std::filesystem::remove(file);
  }
}
