#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "scenes/made_model.hpp"
#include "scenes/made_model_cache.hpp"
#include "scenes/model_pack.hpp"
#include "scenes/picture.hpp"
#include "scenes/temporary_folder.hpp"

using namespace orrery;

namespace {

namespace fs = std::filesystem;

/// As a pack holds them: all that a model consists of.
std::string all_of(const Model& model) {
  const TemporaryFolder folder;
  write_pack(model, folder.path / "model.pack");
  std::ifstream in(folder.path / "model.pack", std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

std::vector<fs::path> files_in(const fs::path& folder) {
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(folder)) files.push_back(entry.path());
  return files;
}

void damage(const fs::path& file) {
  std::fstream out(file, std::ios::in | std::ios::out | std::ios::binary);
  out.seekp(static_cast<std::streamoff>(fs::file_size(file) / 2));
  out.write("damage", 6);
}

}  // namespace

TEST_SUITE("cache of made models") {
  TEST_CASE("a painted model is the same made, kept, read again and damaged") {
    const TemporaryFolder cache;
    const std::string name = made_surface("cloth", 1, 0.6, 0.4);
    const std::string made = all_of(made_model(name));
    CHECK(all_of(cached_made_model(name, cache.path)) == made);
    const std::vector<fs::path> kept = files_in(cache.path);
    REQUIRE(kept.size() == 1);
    CHECK(all_of(read_pack(kept.front())) == made);
    CHECK(all_of(cached_made_model(name, cache.path)) == made);
    damage(kept.front());
    CHECK(all_of(cached_made_model(name, cache.path)) == made);
    CHECK(all_of(read_pack(kept.front())) == made);
  }

  TEST_CASE("what is read is the pack, not what would be made") {
    const TemporaryFolder cache;
    const std::string name = made_surface("cloth", 1, 0.6, 0.4);
    const Model first = cached_made_model(name, cache.path);
    Model other = first;
    other.texels.front() = Rgba8(1, 2, 3, 4);
    write_pack(other, files_in(cache.path).front());
    CHECK(cached_made_model(name, cache.path).texels.front() == Rgba8(1, 2, 3, 4));
  }

  TEST_CASE("models without textures are not kept") {
    const TemporaryFolder cache;
    CHECK_FALSE(cached_made_model("made:ball/0", cache.path).vertices.empty());
    CHECK(files_in(cache.path).empty());
  }

  TEST_CASE("a cache that cannot be written costs no model") {
    CHECK_FALSE(cached_made_model("made:book/0", "/proc/orrery").texels.empty());
    CHECK(wear_masks("/proc/orrery").size() == wear_masks().size());
  }

  TEST_CASE("wear masks are the same painted, kept and damaged") {
    const TemporaryFolder cache;
    const std::vector<PictureTexture> made = wear_masks(cache.path);
    const std::vector<fs::path> kept = files_in(cache.path);
    REQUIRE(kept.size() == made.size());
    damage(kept.front());
    for (int reading = 0; reading < 2; ++reading) {
      const std::vector<PictureTexture> again = wear_masks(cache.path);
      REQUIRE(again.size() == made.size());
      for (std::size_t i = 0; i < made.size(); ++i) CHECK(again[i].texels == made[i].texels);
    }
  }
}
