#include <doctest/doctest.h>

#include <algorithm>
#include <memory>

#include "renderer/labels/annotate.hpp"
#include "renderer/renderer.hpp"
#include "scenes/error.hpp"
#include "scenes/import_model.hpp"
#include "scenes/turntable.hpp"
#include "tests/scenes/model_files.hpp"

using namespace orrery;
using namespace orrery::test;
namespace fs = std::filesystem;

namespace {

/// The index whose camera stands before the model's front: a sheet with one side cannot be seen
/// from behind.
std::uint64_t index_of_front(const TurntableSpec& spec) {
  std::uint64_t index = 0;
  while (turntable_step(spec, 1, {1, index, {}}).azimuth != 3) ++index;
  return index;
}

/// Why a picture of the model shows nothing; empty if it shows something.
std::string blankness(Model model) {
  Assets assets;
  assets.models.push_back(std::move(model));
  assets.skies.push_back(procedural_sky("studio"));
  TurntableSpec spec = default_turntable();
  spec.width = spec.height = 96;
  spec.truncated = 0;
  spec.backgrounds = {BackgroundKind::color};
  spec.grounds = {GroundKind::none};
  spec.rest_sides = {RestSide::bottom};
  spec.apparent_size = {0.7, 0.8};
  spec.elevations = {28.6};
  spec.azimuths = 4;  // right, back, left, front
  spec.azimuth_jitter = 0;
  BoundScene bound;
  bound.spec.turntable = spec;
  bound.spec.sensor = {};
  bound.sets.resize(1);
  bound.sets[0].models = {0};
  bound.sets[0].classes = {0};
  const Shot shot = scene_shot(bound, assets, 1, index_of_front(spec));
  Renderer renderer(0, assets, {});
  std::string why = "no frame";
  renderer.render(std::span(&shot, 1), [&](std::size_t, const Frame& frame) {
    const Annotations labels = annotate(frame, assets.models);
    check_invariants(frame, labels);
    why.clear();
    if (labels.instances.empty()) {
      why = "not labelled: dropped as " +
            (labels.dropped.empty() ? std::string("nothing") : std::string(labels.dropped[0].rule));
      return;
    }
    Rgba8 low(255);
    Rgba8 high(0);
    for (std::size_t i = 0; i < frame.id.pixels.size(); ++i) {
      if (frame.id.pixels[i] == 0) continue;
      low = glm::min(low, frame.color.pixels[i]);
      high = glm::max(high, frame.color.pixels[i]);
    }
    if (low == high) {
      why = std::to_string(labels.instances[0].visible_area) + " pixels of one colour, " +
            std::to_string(int{low.r}) + " " + std::to_string(int{low.g}) + " " +
            std::to_string(int{low.b});
    }
  });
  return why;
}

}  // namespace

TEST_SUITE("sweep") {
  TEST_CASE("every model file at hand is refused in one line or rendered, sound ones visibly") {
    const fs::path models = fs::path(ORRERY_SHARED_DATA) / "models";
    if (!fs::is_directory(models)) {
      MESSAGE("SKIPPED: no model files at ", models.string());
      return;
    }
    const Folder folder;
    ImportSettings settings;
    settings.allow_missing = true;
    int sound = 0;
    int shown = 0;
    int nasty_rendered = 0;
    int nasty_refused = 0;
    for (const fs::path& file : model_files_below(models)) {
      CAPTURE(file.string());
      const bool nasty = is_meant_to_fail(file);
      sound += nasty ? 0 : 1;
      std::string why;
      try {
        why = blankness(import_model(file, settings, {}, folder.cache));
        nasty_rendered += nasty ? 1 : 0;
      } catch (const Error& error) {
        why = error.what();
        CHECK_MESSAGE(error.exit() == Exit::data, why);
        CHECK_MESSAGE(why.find('\n') == std::string::npos, why);
        CHECK_MESSAGE(why.find(file.filename().string()) != std::string::npos, why);
        nasty_refused += nasty ? 1 : 0;
      }
      if (!nasty && why.empty()) ++shown;
      if (!nasty && !why.empty()) MESSAGE(file.string(), ": ", why);
    }
    MESSAGE("sound files: ", shown, " of ", sound, " show something");
    MESSAGE("broken or odd files: ", nasty_rendered, " rendered, ", nasty_refused, " refused");
    CHECK(sound > 0);
    CHECK(shown * 100 >= sound * 95);
  }
}
