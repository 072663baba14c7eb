#include "scenes/model_pack.hpp"

#include <doctest/doctest.h>
#include <unistd.h>

#include <atomic>
#include <cstring>
#include <fstream>
#include <thread>

#include "scenes/error.hpp"
#include "scenes/temporary_folder.hpp"

using namespace orrery;

namespace {

namespace fs = std::filesystem;

/// Two parts, two levels, a texture with its mips, and something in every field.
Model small_model() {
  Model m;
  m.name = "piece";
  m.sha256 = std::string(64, 'a');
  for (int i = 0; i < 6; ++i) {
    const auto x = static_cast<float>(i);
    m.vertices.push_back({{x, 2 * x, -x}, 7U, 9U, {x / 6, 0.5F}, 0xFF00FF00U});
  }
  m.indices = {0, 1, 2, 3, 4, 5, 2, 1, 0};
  m.part_materials = {0, 1};
  m.lods = {{0.0F, {{0, 3}, {3, 3}}}, {0.25F, {{6, 3}, {3, 0}}}};
  m.materials.resize(2);
  m.materials[1].base_color_texture = 0;
  m.materials[1].alpha_mode = AlphaMode::mask;
  m.textures = {{4, 2, 3, Wrap::clamp, Wrap::mirror, 0}};
  for (std::uint8_t i = 0; i < 8 + 2 + 1; ++i) m.texels.emplace_back(i, i, i, std::uint8_t{255});
  m.bounds = {{0, 0, -5}, {5, 10, 0}};
  m.keypoints = {
      {{"tip", {1, 2, 3}, true}, {"end", {4, 5, 6}, false}}, {{"tip", "end"}}, {{"end", "tip"}}};
  m.report = {2, 3, 4, {"wood", "metal"}, {"a.png"}, {"b.png"}, {"careful"}};
  return m;
}

std::vector<char> bytes_of(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

void put(const fs::path& file, const std::vector<char>& bytes) {
  std::ofstream(file, std::ios::binary)
      .write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
}

template <class T>
bool same_bytes(const std::vector<T>& a, const std::vector<T>& b) {
  return a.size() == b.size() && std::memcmp(a.data(), b.data(), a.size() * sizeof(T)) == 0;
}

}  // namespace

TEST_SUITE("model_pack") {
  TEST_CASE("a pack gives back the model and its sources bit for bit") {
    const TemporaryFolder folder;
    const Model m = small_model();
    const fs::path file = folder.path / "a.pack";
    write_pack(m, file, {{"/a/b.obj", 12, "ff"}, {"/a/gone.png", 0, ""}});
    const Model r = read_pack(file);
    CHECK(r.name == m.name);
    CHECK(r.sha256 == m.sha256);
    CHECK(same_bytes(r.vertices, m.vertices));
    CHECK(r.indices == m.indices);
    CHECK(r.part_materials == m.part_materials);
    REQUIRE(r.lods.size() == 2);
    CHECK(r.lods[1].error == 0.25F);
    CHECK(same_bytes(r.lods[0].parts, m.lods[0].parts));
    CHECK(same_bytes(r.lods[1].parts, m.lods[1].parts));
    CHECK(same_bytes(r.materials, m.materials));
    CHECK(same_bytes(r.textures, m.textures));
    CHECK(same_bytes(r.texels, m.texels));
    CHECK(r.bounds.low == m.bounds.low);
    CHECK(r.bounds.high == m.bounds.high);
    CHECK(r.keypoints == m.keypoints);
    CHECK(r.report.degenerate_triangles == 3);
    CHECK(r.report.material_names == m.report.material_names);
    CHECK(r.report.warnings == m.report.warnings);
    const auto sources = read_pack_sources(file);
    REQUIRE(sources.size() == 2);
    CHECK(sources[0].path == "/a/b.obj");
    CHECK(sources[0].size == 12);
    CHECK(sources[1].sha256.empty());
    // The same model written twice is the same file, and nothing is left beside it.
    write_pack(r, folder.path / "b.pack", sources);
    CHECK(bytes_of(file) == bytes_of(folder.path / "b.pack"));
    CHECK(std::distance(fs::directory_iterator(folder.path), fs::directory_iterator()) == 2);
  }

  TEST_CASE("a pack cut short anywhere is refused") {
    const TemporaryFolder folder;
    const fs::path file = folder.path / "a.pack";
    write_pack(small_model(), file, {{"/a/b.obj", 12, "ff"}});
    const std::vector<char> whole = bytes_of(file);
    for (std::size_t size = 0; size < whole.size(); ++size) {
      put(file, {whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size)});
      CHECK_THROWS_AS(read_pack(file), Error);
      CHECK_THROWS_AS(read_pack_sources(file), Error);
    }
  }

  TEST_CASE("a pack with any bit flipped is refused") {
    const TemporaryFolder folder;
    const fs::path file = folder.path / "a.pack";
    write_pack(small_model(), file, {{"/a/b.obj", 12, "ff"}});
    const std::vector<char> whole = bytes_of(file);
    for (std::size_t i = 0; i < whole.size(); ++i) {
      std::vector<char> flipped = whole;
      flipped[i] = static_cast<char>(flipped[i] ^ (1 << (i % 8)));
      put(file, flipped);
      CHECK_THROWS_AS(read_pack(file), Error);
    }
  }

  TEST_CASE("what a whole pack says about itself is checked too") {
    const TemporaryFolder folder;
    const fs::path file = folder.path / "a.pack";
    const auto refused = [&](const auto& spoil) {
      Model m = small_model();
      spoil(m);
      write_pack(m, file);
      CHECK_THROWS_AS(read_pack(file), Error);
    };
    refused([](Model& m) { m.indices[4] = 6; });
    refused([](Model& m) { m.lods[1].parts[0].count = 6; });
    refused([](Model& m) { m.lods[1].parts[0].count = 2; });
    refused([](Model& m) { m.lods[1].parts.pop_back(); });
    refused([](Model& m) { m.lods[0].parts[0].first = 0xFFFFFFFEU; });
    refused([](Model& m) { m.part_materials[0] = 2; });
    refused([](Model& m) { m.materials[0].normal_texture = 1; });
    refused([](Model& m) { m.materials[0].orm_texture = -2; });
    refused([](Model& m) { m.textures[0].width = 3; });
    refused([](Model& m) { m.textures[0].levels = 4; });
    refused([](Model& m) { m.textures[0].first_texel = 1; });
    refused([](Model& m) { m.textures[0].first_texel = ~std::uint64_t{0}; });
    refused([](Model& m) { m.texels.pop_back(); });
    refused([](Model& m) { m.vertices.clear(); });
  }

  TEST_CASE("writers of one pack with one process number do not get into each other's way") {
    const TemporaryFolder folder;
    const fs::path file = folder.path / "a.pack";
    std::atomic<int> failed = 0;
    std::vector<std::jthread> writers;
    for (int writer = 0; writer < 4; ++writer) {
      writers.emplace_back([&] {
        for (int i = 0; i < 20; ++i) {
          try {
            write_pack(small_model(), file);
            read_pack(file);
          } catch (const Error&) {
            ++failed;
          }
        }
      });
    }
    writers.clear();
    CHECK(failed == 0);
    CHECK(std::distance(fs::directory_iterator(folder.path), fs::directory_iterator()) == 1);
  }

  TEST_CASE("a pack that cannot be written leaves nothing behind and says so") {
    CHECK_THROWS_AS(write_pack(small_model(), "/nonexistent/a.pack"), Error);
    CHECK_THROWS_AS(read_pack("/nonexistent/a.pack"), Error);
  }
}
