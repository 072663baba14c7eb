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
#include "generator/sample_maker.hpp"
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

  std::vector<std::string> close(LaneCost& cost) const override {
    cost.draw += drawing_;
    cost.label += cost_.label;
    cost.encode += cost_.encode;
    cost.sensor += cost_.sensor;
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

/// What makes samples of assets that somebody else holds.
class SceneMaker : public SampleMaker {
 public:
  SceneMaker(const Recipe& recipe, const Assets& assets)
      : recipe_(recipe), assets_(assets), draw_(draw_shot_of(recipe, assets)) {
    provenance_ = {recipe.seed, recipe_hash(recipe), {}, class_keypoints(recipe, assets)};
    for (const FileEntry& photo : recipe.photos) {
      provenance_.photos.push_back({photo.name, photo.sha256});
    }
  }

  DatasetPlan plan() const override {
    return {.recipe = json_from(recipe_),
            .recipe_hash = provenance_.recipe_hash,
            .seed = recipe_.seed,
            .count = recipe_.count,
            .chunk_size = recipe_.chunk,
            .classes = recipe_.classes,
            .keypoints = provenance_.keypoints,
            .panoptic = recipe_.render.prop,
            .pack = pack_for(recipe_.pack, recipe_.count)};
  }

  OnFailure on_failure() const override { return recipe_.scene.on_failure; }

  std::unique_ptr<Lane> open_lane(std::size_t device) const override {
    return std::make_unique<SceneLane>(device, recipe_, assets_, draw_, provenance_);
  }

 private:
  const Recipe& recipe_;
  const Assets& assets_;
  const DrawShot draw_;
  Provenance provenance_;
};

/// …and of those that it has loaded itself.
class LoadedScenes : public SampleMaker {
 public:
  LoadedScenes(Recipe recipe, const std::function<void(const std::string&)>& warn,
               const ImportLimits& limits)
      : recipe_(std::move(recipe)), assets_(load_assets(recipe_, warn, limits)) {}

  DatasetPlan plan() const override { return maker_.plan(); }
  OnFailure on_failure() const override { return maker_.on_failure(); }
  std::unique_ptr<Lane> open_lane(std::size_t device) const override {
    return maker_.open_lane(device);
  }

 private:
  Recipe recipe_;
  const Assets assets_;
  const SceneMaker maker_{recipe_, assets_};
};

}  // namespace

std::unique_ptr<SampleMaker> load_recipe(Recipe recipe,
                                         const std::function<void(const std::string&)>& warn,
                                         const ImportLimits& limits) {
  return std::make_unique<LoadedScenes>(std::move(recipe), warn, limits);
}

std::unique_ptr<SampleMaker> maker_of(const Recipe& recipe, const Assets& assets) {
  return std::make_unique<SceneMaker>(recipe, assets);
}

RunReport generate(const Recipe& recipe, const std::filesystem::path& out, const Machine& machine,
                   const std::function<void(const std::string&)>& warn,
                   const OnProgress& on_progress) {
  const Clock::time_point start = Clock::now();
  return generate(*load_recipe(recipe, warn), out, machine, on_progress, start);
}

RunReport generate(const SampleMaker& maker, const std::filesystem::path& out,
                   const Machine& machine, const OnProgress& on_progress,
                   std::chrono::steady_clock::time_point start) {
  Dataset dataset(out, maker.plan(), machine.share);
  RunReport report;
  if (dataset.finished()) {
    report.dataset_hash = *dataset.finished();
    report.was_finished = true;
    return report;
  }
  const OpenLane open_lane = [&](std::size_t device) { return maker.open_lane(device); };
  report = fill(dataset, machine, maker.on_failure(), open_lane, on_progress, start);
  if (machine.share.all()) report.dataset_hash = dataset.finish();
  return report;
}

}  // namespace orrery
