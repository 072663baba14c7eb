#include "generator/generate.hpp"

#include <algorithm>
#include <chrono>
#include <memory>
#include <utility>

#include "generator/class_keypoints.hpp"
#include "generator/core_clock.hpp"
#include "generator/dataset.hpp"
#include "generator/draw_shot.hpp"
#include "generator/load_assets.hpp"
#include "generator/make_sample.hpp"
#include "renderer/renderer.hpp"

namespace orrery {
namespace {

using Clock = std::chrono::steady_clock;

/// Shots that are drawn before they are rendered in one go. More would only hold more scenes in
/// memory, and be silent for longer.
constexpr std::uint64_t kShotsTogether = 64;

/// One lane's renderer and what it spent.
class SceneLane : public Lane {
 public:
  SceneLane(std::size_t device, const Recipe& recipe, const Assets& assets, const DrawShot& draw,
            const Provenance& provenance)
      : recipe_(recipe),
        assets_(assets),
        draw_(draw),
        provenance_(provenance),
        renderer_(device, assets, recipe.render) {
    const Shot first = draw_(0);
    renderer_.render(std::span(&first, 1), [](std::size_t, const Frame&) {});
  }

  void make(const IndexRun& indices, std::uint32_t substitute, const TakeSample& take) override {
    for (std::uint64_t first = indices.first; first < indices.last; first += kShotsTogether) {
      const std::uint64_t last = std::min(first + kShotsTogether, indices.last);
      if (!make_together({first, last}, substitute, take)) return;
    }
  }

  std::vector<std::string> close(RunReport& report) const override {
    report.draw += drawing_;
    report.label += cost_.label;
    report.encode += cost_.encode;
    report.sensor += cost_.sensor;
    return renderer_.validation_messages();
  }

 private:
  /// False: no more are wanted.
  bool make_together(const IndexRun& indices, std::uint32_t substitute, const TakeSample& take) {
    const double before = thread_seconds();
    std::vector<Shot> shots;
    for (std::uint64_t i = indices.first; i < indices.last; ++i) {
      shots.push_back(draw_(drawn_index(i, substitute)));
    }
    drawing_ += thread_seconds() - before;
    bool wanted = true;
    render_with_second_views(
        renderer_, shots, [&](std::size_t i, const Frame& frame, const SecondView* second) {
          if (!wanted) return;
          wanted = take(make_sample(frame, recipe_, assets_, provenance_, indices.first + i,
                                    exposer_, cost_, second));
        });
    return wanted;
  }

  const Recipe& recipe_;
  const Assets& assets_;
  const DrawShot& draw_;
  const Provenance& provenance_;
  Renderer renderer_;
  Exposer exposer_;
  SampleCost cost_;
  double drawing_ = 0;
};

}  // namespace

RunReport generate(Recipe& recipe, const std::filesystem::path& out, const Machine& machine,
                   const std::function<void(const std::string&)>& warn,
                   const OnProgress& on_progress) {
  const Clock::time_point start = Clock::now();
  const Assets assets = load_assets(recipe, warn);
  const double loaded = std::chrono::duration<double>(Clock::now() - start).count();
  RunReport report = generate(std::as_const(recipe), assets, out, machine, on_progress);
  for (Mark* reached : {&report.first, &report.warm, &report.end}) reached->wall += loaded;
  return report;
}

RunReport generate(const Recipe& recipe, const Assets& assets, const std::filesystem::path& out,
                   const Machine& machine, const OnProgress& on_progress) {
  const Clock::time_point start = Clock::now();
  const std::string hash = recipe_hash(recipe);
  const std::vector<Keypoints> keypoints = class_keypoints(recipe, assets);
  Dataset dataset(out,
                  {.recipe = json_from(recipe),
                   .recipe_hash = hash,
                   .seed = recipe.seed,
                   .count = recipe.count,
                   .chunk_size = recipe.chunk,
                   .classes = recipe.classes,
                   .keypoints = keypoints,
                   .panoptic = recipe.render.prop,
                   .pack = pack_for(recipe.pack, recipe.count)},
                  machine.share);
  RunReport report;
  if (dataset.finished()) {
    report.dataset_hash = *dataset.finished();
    return report;
  }
  std::vector<NamedAsset> photos;
  for (const FileEntry& photo : recipe.photos) photos.push_back({photo.name, photo.sha256});
  const DrawShot draw = draw_shot_of(recipe, assets);
  const Provenance provenance{recipe.seed, hash, photos, keypoints};
  const OpenLane open_lane = [&](std::size_t device) {
    return std::make_unique<SceneLane>(device, recipe, assets, draw, provenance);
  };
  report = fill(dataset, machine, recipe.scene.on_failure, open_lane, on_progress, start);
  if (machine.share.all()) report.dataset_hash = dataset.finish();
  return report;
}

}  // namespace orrery
