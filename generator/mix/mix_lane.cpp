#include "generator/mix/mix_lane.hpp"

#include <algorithm>

#include "generator/core_clock.hpp"
#include "generator/encode.hpp"
#include "generator/label_json.hpp"
#include "generator/make_sample.hpp"
#include "generator/manifest.hpp"
#include "generator/mix/labelled_frame.hpp"
#include "generator/upright_picture.hpp"
#include "renderer/renderer.hpp"
#include "scenes/error.hpp"

namespace orrery {
namespace {

/// Images that are worked on together: their shots are rendered in one go. More would only hold
/// more pictures in memory.
constexpr std::uint64_t kTogether = 8;

/// One shot to render, and where its picture goes.
struct Wanted {
  std::size_t image = 0;  ///< of those worked on together
  std::size_t place = 0;  ///< among the image's parts
  std::uint64_t shot = 0;
};

class MixLane : public Lane {
 public:
  MixLane(std::size_t device, const MixContext& context, const MixAssets& assets,
          const MixDraw& draw)
      : context_(context), assets_(assets), draw_(draw) {
    for (std::size_t s = 0; s < assets.scenes.size(); ++s) {
      renderers_.push_back(std::make_unique<Renderer>(device, assets.scenes[s].assets,
                                                      context.recipe.scenes[s].recipe.render));
      const Shot first = assets.draws[s](0);
      renderers_.back()->render(std::span(&first, 1), [](std::size_t, const Frame&) {});
    }
  }

  void make(const IndexRun& indices, std::uint32_t substitute, const TakeSample& take) override {
    for (std::uint64_t first = indices.first; first < indices.last; first += kTogether) {
      const std::uint64_t last = std::min(first + kTogether, indices.last);
      std::vector<MixDraft> drafts;
      for (std::uint64_t i = first; i < last; ++i)
        drafts.push_back(draw_(drawn_index(i, substitute)));
      std::vector<std::vector<MixPicture>> parts = pictures_of(drafts);
      for (std::uint64_t i = first; i < last; ++i) {
        const double before = thread_seconds();
        Sample sample = mix_sample(context_, drafts[i - first], std::move(parts[i - first]), i);
        mixing_ += thread_seconds() - before;
        if (!take(std::move(sample))) return;
      }
    }
  }

  std::vector<std::string> close(LaneCost& cost) const override {
    cost.draw += drawing_;
    cost.label += cost_.label;
    cost.encode += mixing_;
    cost.sensor += cost_.sensor;
    std::vector<std::string> all;
    for (const auto& renderer : renderers_) {
      const std::vector<std::string>& messages = renderer->validation_messages();
      all.insert(all.end(), messages.begin(), messages.end());
    }
    return all;
  }

 private:
  std::vector<std::vector<MixPicture>> pictures_of(const std::vector<MixDraft>& drafts) {
    std::vector<std::vector<MixPicture>> pictures(drafts.size());
    std::vector<std::vector<Wanted>> wanted(renderers_.size());
    for (std::size_t image = 0; image < drafts.size(); ++image) {
      pictures[image].resize(drafts[image].parts.size());
      for (std::size_t place = 0; place < drafts[image].parts.size(); ++place) {
        const MixPart& part = drafts[image].parts[place];
        if (part.photo) {
          pictures[image][place] = photo(*part.photo);
        } else {
          wanted[part.scene].push_back({image, place, part.shot});
        }
      }
    }
    for (std::size_t scene = 0; scene < wanted.size(); ++scene) {
      render(scene, wanted[scene], pictures);
    }
    return pictures;
  }

  MixPicture photo(std::size_t index) const {
    const LabelledImage& labelled = assets_.photos.at(index);
    MixPicture out;
    out.pixels.labelled = labelled;
    out.pixels.color = read_upright(labelled.file);
    if (out.pixels.color.width != labelled.width || out.pixels.color.height != labelled.height) {
      throw Error(labelled.file.string() + ": is " + std::to_string(out.pixels.color.width) + "x" +
                  std::to_string(out.pixels.color.height) + " pixels, wanted " +
                  std::to_string(labelled.width) + "x" + std::to_string(labelled.height) +
                  " as its labels say");
    }
    out.provenance = {{"photo", labelled.name}};
    return out;
  }

  void render(std::size_t scene, const std::vector<Wanted>& wanted,
              std::vector<std::vector<MixPicture>>& pictures) {
    const double before = thread_seconds();
    std::vector<Shot> shots;
    for (const Wanted& one : wanted) shots.push_back(assets_.draws[scene](one.shot));
    drawing_ += thread_seconds() - before;
    renderers_[scene]->render(shots, [&](std::size_t i, const Frame& frame) {
      pictures[wanted[i].image][wanted[i].place] = rendered(scene, wanted[i].shot, frame);
    });
  }

  MixPicture rendered(std::size_t s, std::uint64_t shot, const Frame& frame) {
    const MixScene& mixed = context_.recipe.scenes[s];
    const MixAssets::Scene& scene = assets_.scenes[s];
    const double start = thread_seconds();
    const Annotations annotations = labels_of(frame, mixed.recipe, scene.assets, shot);
    const double labelled = thread_seconds();
    cost_.label += labelled - start;
    // What is pasted is given the flaws of the photo's camera, not of one of its own.
    const bool clean = makes_cut_outs(mixed.recipe) || frame.shot->sensor == Sensor{};
    Image<Rgba8> taken;
    if (!clean) taken = taken_by_sensor(frame, mixed.recipe.seed, shot, exposer_);
    cost_.sensor += thread_seconds() - labelled;
    MixPicture out;
    out.pixels = labelled_frame(frame, annotations, clean ? frame.color : ImageView<Rgba8>(taken),
                                scene.class_ids, assets_.info.keypoints);
    Json row = manifest_of(*frame.shot, annotations, scene.assets, scene.provenance, shot, {});
    out.pixels.labelled.name = mixed.recipe.scene.name + "/" + std::to_string(shot);
    out.pixels.labelled.lineage = lineage_from_json(row.at("lineage"), mixed.file);
    for (Ingredient& part : out.pixels.labelled.lineage) {
      part.licence = licence_of(context_.recipe, part);
    }
    row.erase("lineage");
    row.erase("files");
    out.provenance = {{"scene", mixed.recipe.scene.name}, {"shot", shot}, {"row", std::move(row)}};
    for (const auto& dropped : annotations.dropped) {
      ++out.ledger[scene.class_ids[dropped.class_id]].dropped[dropped.rule];
    }
    return out;
  }

  const MixContext& context_;
  const MixAssets& assets_;
  const MixDraw& draw_;
  std::vector<std::unique_ptr<Renderer>> renderers_;
  Exposer exposer_;
  SampleCost cost_;
  double drawing_ = 0;
  double mixing_ = 0;
};

}  // namespace

std::unique_ptr<Lane> open_mix_lane(std::size_t device, const MixContext& context,
                                    const MixAssets& assets, const MixDraw& draw) {
  return std::make_unique<MixLane>(device, context, assets, draw);
}

}  // namespace orrery
