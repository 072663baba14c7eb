#include "scenes/import_model.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <functional>
#include <string>
#include <thread>

#include "scenes/error.hpp"
#include "tests/scenes/model_files.hpp"
#include "tests/support/closed_surface.hpp"
#include "tests/support/error_text.hpp"

using namespace orrery;
using orrery::testing::error_of;
using orrery::testing::holds;
using namespace orrery::test;

namespace {

const Vertex& vertex_at(const Model& model, const glm::vec3& place) {
  const auto found =
      std::find_if(model.vertices.begin(), model.vertices.end(),
                   [&](const Vertex& v) { return glm::length(v.position - place) < 1e-5F; });
  REQUIRE_MESSAGE(found != model.vertices.end(), "no vertex at ", place.x, " ", place.y, " ",
                  place.z);
  return *found;
}

const char* kCube =
    "v 0 0 0\nv 1 0 0\nv 1 1 0\nv 0 1 0\nv 0 0 1\nv 1 0 1\nv 1 1 1\nv 0 1 1\n"
    // wound so that the faces look inwards
    "f 1 2 3 4\nf 5 8 7 6\nf 1 5 6 2\nf 2 6 7 3\nf 3 7 8 4\nf 4 8 5 1\n";

}  // namespace

TEST_SUITE("import") {
  TEST_CASE("an OBJ's texture coordinates count from below, ours from the top") {
    const Folder folder;
    put_textured_quad(folder.path);
    const Model model = folder.import("quad.obj");
    // y up in the file becomes z up here
    CHECK(vertex_at(model, {0, 0, 0}).uv == glm::vec2(0, 1));
    CHECK(vertex_at(model, {1, 0, 1}).uv == glm::vec2(1, 0));
    REQUIRE(model.textures.size() == 1);
    CHECK(model.textures[0].width == 2);
    CHECK(model.textures[0].levels == 2);
    CHECK(model.texels[0] == Rgba8(255, 0, 0, 255));  // top left: red
    CHECK(model.texels[2] == Rgba8(0, 0, 255, 255));  // bottom left: blue
    CHECK(model.materials[0].double_sided == 1);      // an open sheet
  }

  TEST_CASE("units and the up axis of a file are turned into metres and z up") {
    const Folder folder;
    folder.put("t.obj", "v 0 0 0\nv 10 0 0\nv 1 2 3\nf 1 2 3\n");
    vertex_at(folder.import("t.obj"), {1, -3, 2});
    ImportSettings settings;
    settings.unit = 0.01;
    vertex_at(folder.import("t.obj", settings), {0.01F, -0.03F, 0.02F});
    settings.up = UpAxis::z;
    vertex_at(folder.import("t.obj", settings), {0.01F, 0.02F, 0.03F});
    folder.put("t.stl",
               "solid t\nfacet normal 0 0 1\nouter loop\nvertex 0 0 0\nvertex 10 0 0\n"
               "vertex 1 2 3\nendloop\nendfacet\nendsolid t\n");
    vertex_at(folder.import("t.stl"), {1, 2, 3});
  }

  TEST_CASE("glTF is y up with texture coordinates from the top") {
    const Folder folder;
    put_gltf(folder.path, "");
    const Model model = folder.import("quad.gltf");
    const Vertex& v = vertex_at(model, {0, 0, 1});  // (0,1,0) in the file
    CHECK(glm::length(v.uv - glm::vec2(0, 1)) < 1e-6F);
    CHECK(glm::length(unpacked_normal(v.normal) - glm::vec3(0, -1, 0)) < 1e-3F);
    CHECK(model.materials[0].double_sided == 0);
  }

  TEST_CASE("a mirroring node keeps front faces in front") {
    const Folder folder;
    for (const char* scale :
         {"", R"("scale":[-1,1,1],)", R"("scale":[1,-2,-3],)", R"("scale":[-1,-1,-1],)"}) {
      put_gltf(folder.path, scale);
      const Model model = folder.import("quad.gltf");
      for (std::size_t k = 0; k < model.lods[0].parts[0].count; k += 3) {
        const auto v = [&](std::size_t j) -> const Vertex& {
          return model.vertices[model.indices[k + j]];
        };
        const glm::vec3 face =
            glm::cross(v(1).position - v(0).position, v(2).position - v(0).position);
        CHECK(glm::dot(face, unpacked_normal(v(0).normal)) > 0);
      }
    }
  }

  TEST_CASE("a texture transform is baked into the coordinates as Khronos defines it") {
    const Folder folder;
    put_gltf(folder.path, "", R"(,"extensions":{"KHR_texture_transform":
        {"offset":[0.1,0.2],"rotation":0.3,"scale":[2,3]}})");
    put_ppm(folder.path / "a.ppm", 2, {255, 0, 0, 0, 255, 0, 0, 0, 255, 9, 9, 9});
    const Model model = folder.import("quad.gltf");
    // (u, v) = (1, 1), in the file at (1, 1, 0): offset + R(0.3) * (2, 3), counter-clockwise as
    // seen on the image, whose v points down.
    const double c = std::cos(0.3);
    const double s = std::sin(0.3);
    const glm::vec2 wanted(0.1 + c * 2 + s * 3, 0.2 - s * 2 + c * 3);
    CHECK(glm::length(vertex_at(model, {1, 0, 1}).uv - wanted) < 1e-5F);
  }

  TEST_CASE("a closed shell faces outwards and needs no back faces") {
    const Folder folder;
    folder.put("cube.obj", kCube);
    const Model model = folder.import("cube.obj");
    CHECK(enclosed_volume(model) == doctest::Approx(1));
    CHECK(model.materials[0].double_sided == 0);
    for (std::size_t k = 0; k < model.lods[0].parts[0].count; ++k) {
      const Vertex& v = model.vertices[model.indices[k]];
      const glm::vec3 centre(0.5F, -0.5F, 0.5F);
      CHECK(glm::dot(unpacked_normal(v.normal), v.position - centre) > 0);
    }
    folder.put("open.obj", std::string(kCube).substr(0, std::strlen(kCube) - 10));
    CHECK(folder.import("open.obj").materials[0].double_sided == 1);
  }

  TEST_CASE("a missing texture is an error that names file, material and texture") {
    const Folder folder;
    put_textured_quad(folder.path);
    std::filesystem::remove(folder.path / "a.ppm");
    const std::string text = error_of([&] { folder.import("quad.obj"); });
    CHECK(holds(text, "quad.obj"));
    CHECK(holds(text, "painted"));
    CHECK(holds(text, "a.ppm"));
    ImportSettings settings;
    settings.allow_missing = true;
    const Model model = folder.import("quad.obj", settings);
    CHECK(model.report.textures_missing == std::vector<std::string>{"a.ppm"});
    CHECK(model.textures.empty());
    CHECK(glm::vec3(model.materials[0].base_color) == glm::vec3(0.5F));
    // It is found once it is there, in spite of the cache, and whatever its case.
    put_ppm(folder.path / "A.PPM", 2, std::vector<int>(12, 255));
    std::filesystem::rename(folder.path / "A.PPM", folder.path / "a.ppm");
    CHECK(folder.import("quad.obj", settings).textures.size() == 1);
    std::filesystem::rename(folder.path / "a.ppm", folder.path / "A.PPM");
    CHECK(folder.import("quad.obj", settings).textures.size() == 1);
  }

  TEST_CASE("a model is parsed once, and again when any of its files changes") {
    const Folder folder;
    put_textured_quad(folder.path);
    const Model first = folder.import("quad.obj");
    const auto written = folder.newest_pack();
    const Model second = folder.import("quad.obj");
    CHECK(folder.newest_pack() == written);
    CHECK(second.sha256 == first.sha256);
    CHECK(first.sha256.size() == 64);
    put_ppm(folder.path / "a.ppm", 2, std::vector<int>(12, 0));
    const Model third = folder.import("quad.obj");
    CHECK(third.texels[0] == Rgba8(0, 0, 0, 255));
    CHECK(third.sha256 != first.sha256);
    folder.put("quad.mtl", "newmtl painted\nKd 0.25 0.5 1\n");
    const Model fourth = folder.import("quad.obj");
    CHECK(fourth.textures.empty());
    CHECK(fourth.materials[0].base_color.g == 0.5F);
    for (const auto& entry : std::filesystem::directory_iterator(folder.cache)) {
      std::filesystem::resize_file(entry.path(), 100);  // a damaged cache is no cache
    }
    CHECK(folder.import("quad.obj").sha256 == fourth.sha256);
  }

  TEST_CASE("several importing the same at once all get it") {
    const Folder folder;
    put_textured_quad(folder.path);
    std::vector<std::string> hashes(4);
    std::vector<std::thread> threads;
    for (std::string& hash : hashes) {
      threads.emplace_back([&] { hash = folder.import("quad.obj").sha256; });
    }
    for (std::thread& thread : threads) thread.join();
    CHECK(hashes[0].size() == 64);
    CHECK(std::all_of(hashes.begin(), hashes.end(),
                      [&](const std::string& hash) { return hash == hashes[0]; }));
  }

  TEST_CASE("a cache that cannot be written is a warning") {
    const Folder folder;
    folder.put("cube.obj", kCube);
    const Model model = import_model(folder.path / "cube.obj", {}, {}, "/proc/no/cache");
    REQUIRE(model.report.warnings.size() == 1);
    CHECK(holds(model.report.warnings[0], "/proc/no/cache"));
  }

  TEST_CASE("what holds no surface is refused in one line that names it") {
    const Folder folder;
    const std::vector<std::pair<const char*, const char*>> files = {
        {"points.obj", "v 0 0 0\nv 1 0 0\nv 0 1 0\np 1 2 3\n"},
        {"lines.obj", "v 0 0 0\nv 1 0 0\nv 0 1 0\nl 1 2 3\n"},
        {"thin.obj", "v 0 0 0\nv 1 0 0\nv 2 0 0\nf 1 2 3\n"},
        {"nan.obj", "v nan nan 0\nv 1 0 0\nv 2 1 0\nf 1 2 3\n"},
        {"empty.obj", ""},
        {"text.glb", "no model at all"},
        {"part.step", "ISO-10303-21;"}};
    for (const auto& [name, content] : files) {
      folder.put(name, content);
      const std::string text = error_of([&, file = name] { folder.import(file); });
      CHECK_MESSAGE(holds(text, name), text);
      CHECK_MESSAGE(!holds(text, "\n"), text);
    }
    CHECK(holds(error_of([&] { folder.import("gone.obj"); }), "gone.obj"));
  }

  TEST_CASE("triangles with broken vertices are dropped and counted, the others stay") {
    const Folder folder;
    folder.put("some.obj",
               "v 0 0 0\nv 1 0 0\nv 0 1 0\nv nan 0 0\nv 2 0 0\n"
               "f 1 2 3\nf 1 2 4\nf 1 2 5\n");
    const Model model = folder.import("some.obj");
    CHECK(model.report.triangles == 1);
    CHECK(model.report.degenerate_triangles == 1);
    REQUIRE(!model.report.warnings.empty());
    CHECK(holds(model.report.warnings[0], "1 triangles with a vertex that is no number"));
  }

  TEST_CASE("a model that needs too much time or memory is an error, and so is a child that dies") {
    const Folder folder;
    std::string big;
    for (int i = 0; i < 200000; ++i) {
      const std::string x = std::to_string(i);
      big += "v " + x + " 0 0\nv 0 1 " + x + "\nv 1 " + x + " 0\nf -1 -2 -3\n";
    }
    folder.put("big.obj", big);
    ImportLimits limits;
    limits.seconds = 0.05;
    const auto import = [&] { import_model(folder.path / "big.obj", {}, limits, folder.cache); };
    CHECK(holds(error_of(import), "big.obj: the importer was stopped"));
    limits = {};
    limits.memory = std::uint64_t{150} << 20;
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
    const std::string text = error_of(import);
    CHECK_MESSAGE(holds(text, "memory"), text);
#endif
    limits = {};
    limits.program = "/bin/false";
    CHECK(holds(error_of(import), "big.obj: the importer ended with code 1"));
  }
}
