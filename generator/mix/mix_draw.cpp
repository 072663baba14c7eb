#include "generator/mix/mix_draw.hpp"

#include <algorithm>
#include <set>

#include "scenes/error.hpp"

namespace orrery {
namespace {

/// Candidates among which a cut-out of a wanted class is looked for.
constexpr std::uint64_t kCandidates = MixDraw::kShots / MixDraw::kCutOuts;

std::size_t weighted(const std::vector<double>& weights, Rng& rng) {
  double sum = 0;
  for (const double weight : weights) sum += weight;
  double left = rng.unit() * sum;
  std::size_t last = 0;
  for (std::size_t i = 0; i < weights.size(); ++i) {
    if (weights[i] <= 0) continue;
    last = i;
    left -= weights[i];
    if (left < 0) return i;
  }
  return last;
}

}  // namespace

bool makes_cut_outs(const Recipe& recipe) {
  const std::optional<TurntableSpec>& table = recipe.scene.turntable;
  return table && std::all_of(table->backgrounds.begin(), table->backgrounds.end(),
                              [](BackgroundKind k) { return k == BackgroundKind::transparent; });
}

bool may_be_validated_on(const MixRecipe& recipe, const MixDraft& draft) {
  if (draft.original) return true;
  const bool renders_count = recipe.real.empty() || recipe.splits.validate == Validate::all;
  return draft.making == Making::rendered && renders_count && recipe.splits.parts().size() > 1;
}

void require_validation(const MixRecipe& recipe, const PhotoPool& photos, const MixDraw& draw) {
  const std::vector<SplitPart> parts = recipe.splits.parts();
  if (photos.empty() || parts.size() < 2) return;
  std::vector<bool> validated(parts.size(), false);
  std::size_t lacking = parts.size();
  std::size_t of_any = 0;  // renders go to whichever part lacks some
  for (std::uint64_t i = 0; i < recipe.count && lacking > of_any; ++i) {
    const MixDraft draft = draw(i);
    if (!may_be_validated_on(recipe, draft)) continue;
    if (!draft.part) {
      ++of_any;
    } else if (!validated[*draft.part]) {
      validated[*draft.part] = true;
      --lacking;
    }
  }
  if (lacking <= of_any) return;
  const auto without = std::find(validated.begin(), validated.end(), false) - validated.begin();
  throw Error("splits: none of " + std::to_string(recipe.count) +
              " images is validated on in part \"" + parts[static_cast<std::size_t>(without)].name +
              "\", wanted one in each of " + std::to_string(parts.size()) +
              " parts: a greater count, a greater share of real, fewer parts, or validate: all");
}

MixDraw::MixDraw(const MixRecipe& recipe, const PhotoPool& photos,
                 const std::vector<DrawModels>& models)
    : recipe_(recipe),
      photos_(photos),
      models_(models),
      schedule_(recipe.mix, recipe.seed),
      by_class_(recipe.mix.by == MixBy::classes) {}

MixPart MixDraw::rendered(std::uint64_t index, std::uint64_t place, bool cut_out) const {
  std::vector<double> shares;
  for (const MixScene& scene : recipe_.scenes) {
    shares.push_back(makes_cut_outs(scene.recipe) == cut_out ? scene.share : 0);
  }
  if (std::all_of(shares.begin(), shares.end(), [](double share) { return share <= 0; })) {
    throw Error(cut_out
                    ? "scenes: none has a transparent background alone, wanted one to paste from"
                    : "scenes: all have a transparent background, wanted one of whole pictures");
  }
  Rng rng(recipe_.seed, index, "mix/scene/" + std::to_string(place));
  MixPart part;
  part.scene = weighted(shares, rng);
  part.shot = by_class_ && cut_out ? shot_of(part.scene, index, place)
                                   : index * kShots + place * kCandidates;
  return part;
}

std::uint64_t MixDraw::shot_of(std::size_t scene, std::uint64_t index, std::uint64_t place) const {
  const Recipe& recipe = recipe_.scenes[scene].recipe;
  Rng rng(recipe_.seed, index, "mix/class/" + std::to_string(place));
  const std::string& wanted =
      recipe.classes[rng.below(static_cast<std::uint32_t>(recipe.classes.size()))];
  const std::uint64_t first = index * kShots + place * kCandidates;
  for (std::uint64_t shot = first; shot < first + kCandidates; ++shot) {
    const std::vector<std::uint32_t> models = models_[scene](shot);
    const bool found = std::any_of(models.begin(), models.end(), [&](std::uint32_t model) {
      return recipe.models[model].class_name == wanted;
    });
    if (found) return shot;
  }
  return first;  // a rare class: the share is met as far as this scene can
}

MixPart MixDraw::picture(std::uint64_t index, std::uint64_t place, MixDraft& draft) const {
  const double renders = recipe_.mix.weights[static_cast<std::size_t>(Making::rendered)];
  const double reals = recipe_.mix.weights[static_cast<std::size_t>(Making::real)];
  Rng rng(recipe_.seed, index, "mix/part/" + std::to_string(place));
  const double drawn = rng.unit() * (renders + reals);
  const bool renders_only = photos_.empty() || (reals <= 0 && renders > 0);
  if (renders_only || (renders > 0 && drawn < renders)) return rendered(index, place, false);
  MixPart part;
  part.photo =
      draft.part ? photos_.any_of(*draft.part, rng, by_class_) : photos_.any(rng, by_class_);
  draft.part = photos_.part_of(*part.photo);
  return part;
}

MixDraft MixDraw::operator()(std::uint64_t index) const {
  const Schedule::Slot slot = schedule_.at(index);
  MixDraft draft;
  draft.making = slot.making;
  const auto photo = [&](const char* factor) {
    Rng rng(recipe_.seed, index, factor);
    MixPart part;
    part.photo =
        draft.part ? photos_.any_of(*draft.part, rng, by_class_) : photos_.any(rng, by_class_);
    draft.part = photos_.part_of(*part.photo);
    draft.parts.push_back(part);
  };
  switch (slot.making) {
    case Making::rendered:
      draft.parts.push_back(rendered(index, 0, false));
      break;
    case Making::real: {
      draft.original = slot.nth < photos_.size();
      if (!draft.original) {
        photo("mix/photo");
        break;
      }
      MixPart part;
      part.photo = photos_.nth(slot.nth, recipe_.seed);
      draft.part = photos_.part_of(*part.photo);
      draft.parts.push_back(part);
      break;
    }
    case Making::pasted: {
      photo("mix/photo");
      const double most = greatest(recipe_.compose.paste.count);
      const auto cut_outs =
          std::clamp<std::uint64_t>(static_cast<std::uint64_t>(most), 1, kCutOuts);
      for (std::uint64_t k = 0; k < cut_outs; ++k) draft.parts.push_back(rendered(index, k, true));
      break;
    }
    case Making::copy_paste:
      photo("mix/photo");
      photo("mix/donor");
      break;
    case Making::mosaic:
    case Making::cutmix:
    case Making::mixup: {
      const std::uint64_t parts = slot.making == Making::mosaic ? 4 : 2;
      for (std::uint64_t k = 0; k < parts; ++k) draft.parts.push_back(picture(index, k, draft));
      break;
    }
  }
  return draft;
}

}  // namespace orrery
