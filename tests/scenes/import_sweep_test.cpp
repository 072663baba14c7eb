#include <doctest/doctest.h>

#include <algorithm>
#include <cctype>
#include <cmath>
#include <map>
#include <numeric>

#include "scenes/error.hpp"
#include "tests/scenes/model_files.hpp"

using namespace orrery;
using namespace orrery::test;

namespace {

namespace fs = std::filesystem;

const fs::path kModels = fs::path(ORRERY_SHARED_DATA) / "models";

bool data_is_here() {
  if (fs::is_directory(kModels)) return true;
  MESSAGE("SKIPPED: no model files at ", kModels.string());
  return false;
}

/// What every imported model must hold, whatever the file.
void check_sound(const Model& model) {
  CHECK(!model.lods.empty());
  CHECK(!model.materials.empty());
  bool finite = true;
  for (const Vertex& v : model.vertices) {
    for (int k = 0; k < 3; ++k) finite = finite && std::isfinite(v.position[k]);
    finite = finite && std::isfinite(v.uv.x) && std::isfinite(v.uv.y);
  }
  CHECK(finite);
  for (std::size_t i = 1; i < model.lods.size(); ++i) {
    CHECK(model.lods[i].error >= model.lods[i - 1].error);
  }
}

}  // namespace

TEST_SUITE("import_sweep") {
  TEST_CASE("every model file at hand imports, or fails with one line and within its limits") {
    if (!data_is_here()) return;
    const Folder folder;
    ImportSettings settings;
    settings.allow_missing = true;
    ImportLimits limits;
    limits.seconds = 30;
    struct Count {
      int imported = 0;
      int refused = 0;
    };
    std::map<std::string, Count> counts;
    Count published;  // all but the files that are meant to be broken
    for (const fs::path& file : model_files_below(kModels)) {
      const bool nasty = is_meant_to_fail(file);
      Count& count = counts[(nasty ? "nasty " : "") + lower_extension(file)];
      CAPTURE(file.string());
      try {
        check_sound(import_model(file, settings, limits, folder.cache));
        ++count.imported;
        if (!nasty) ++published.imported;
      } catch (const Error& error) {
        const std::string text = error.what();
        CHECK(text.find(file.filename().string()) != std::string::npos);
        CHECK(error.exit() == Exit::data);
        CHECK(text.find("stopped after") == std::string::npos);
        CHECK_MESSAGE(text.find("crashed (signal") == std::string::npos, text);
        ++count.refused;
        if (nasty) continue;
        ++published.refused;
        MESSAGE(text);
      }
    }
    for (const auto& [format, count] : counts) {
      MESSAGE(format, ": ", count.imported, " imported, ", count.refused, " refused");
    }
    MESSAGE("sound files: ", published.imported, " imported, ", published.refused, " refused");
    CHECK(published.imported >= 19 * published.refused);  // at least 95 %
  }

  TEST_CASE("models of known size have that size") {
    if (!data_is_here()) return;
    const Folder folder;
    const auto extents = [&](const char* file) {
      const Model model = import_model(kModels / file, {}, {}, folder.cache);
      return model.bounds.high - model.bounds.low;
    };
    const auto near = [](const glm::vec3& a, const glm::vec3& b) {
      return glm::length(a - b) < 0.01F * glm::length(b);
    };
    CHECK(near(extents("gltf/FlightHelmet/FlightHelmet.gltf"), {0.367F, 0.372F, 0.716F}));
    CHECK(near(extents("gltf/Duck.glb"), {1.655F, 1.153F, 1.540F}));
    CHECK(near(extents("gltf/Fox.glb"), {25.19F, 154.7F, 79.0F}));  // skinned; published in cm
    CHECK(near(extents("gltf/SimpleSkin.gltf"), {1, 0, 2}));        // skinned, rest pose
    CHECK(near(extents("household/YcbBanana/textured_simple_reoriented.obj"),
               {0.196F, 0.038F, 0.079F}));
  }
}
