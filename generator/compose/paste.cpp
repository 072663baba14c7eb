#include <algorithm>
#include <cmath>

#include "generator/compose/compose.hpp"
#include "generator/compose/inherit.hpp"
#include "generator/compose/placing.hpp"

namespace orrery {
namespace {

/// One thing of one of many pictures.
struct Choice {
  const LabelledPixels* picture = nullptr;
  const Label* label = nullptr;  ///< none: all of the picture
};

/// `count` of the choices in a drawn order; all come before one comes again.
std::vector<Choice> drawn_choices(const std::vector<Choice>& from, std::size_t count, Rng& rng) {
  std::vector<Choice> drawn;
  std::vector<Choice> left;
  while (drawn.size() < count && !from.empty()) {
    if (left.empty()) left = from;
    const std::size_t at = rng.below(static_cast<std::uint32_t>(left.size()));
    drawn.push_back(left[at]);
    left.erase(left.begin() + static_cast<std::ptrdiff_t>(at));
  }
  return drawn;
}

std::size_t drawn_count(const Distribution& d, Rng rng) {
  return static_cast<std::size_t>(std::max(0.0, std::floor(drawn(d, rng))));
}

bool whole_enough(const Label& label, double least) {
  return !label.crowd && label.visible_fraction.value_or(1) >= least;
}

/// The lineage of the receiver and of all that was laid on it, each once.
void inherit_all(LabelledImage& child, const std::vector<const LabelledImage*>& laid) {
  const LabelledImage own = {
      .name = child.name, .lineage = child.lineage, .split = child.split, .fold = child.fold};
  std::vector<const LabelledImage*> parents{&own};
  for (const LabelledImage* parent : laid) {
    if (std::find(parents.begin(), parents.end(), parent) == parents.end()) {
      parents.push_back(parent);
    }
  }
  inherit(child, parents);
}

}  // namespace

void paste(LabelledPixels& photo, std::span<const LabelledPixels> cut_outs, const DatasetInfo& info,
           const SizeHistogram& sizes, const PasteSpec& spec, const LabelRules& rules,
           const Draws& draws, ComposeReport& report) {
  std::vector<Choice> targets;
  std::vector<Choice> distractors;
  for (const LabelledPixels& picture : cut_outs) {
    if (picture.labelled.labels.empty()) distractors.push_back({&picture, nullptr});
    for (const Label& label : picture.labelled.labels) {
      if (whole_enough(label, spec.min_whole)) targets.push_back({&picture, &label});
    }
  }
  Rng which = draws.rng("which");
  std::vector<Choice> chosen =
      drawn_choices(targets, drawn_count(spec.count, draws.rng("count")), which);
  // Distractors come between, so that they hide and are hidden alike.
  const std::size_t extra = drawn_count(spec.distractors, draws.rng("distractors"));
  Rng between = draws.rng("distractors/order");
  for (const Choice& choice : drawn_choices(distractors, extra, between)) {
    const std::uint32_t at = between.below(static_cast<std::uint32_t>(chosen.size()) + 1);
    chosen.insert(chosen.begin() + at, choice);
  }
  Placing placing(photo, info, spec.place, spec.fusion, rules, draws, report);
  std::vector<const LabelledImage*> laid;
  const double side = std::sqrt(static_cast<double>(photo.color.width) * photo.color.height);
  for (std::size_t i = 0; i < chosen.size(); ++i) {
    const std::optional<CutThing> thing = cut_out(*chosen[i].picture, chosen[i].label);
    if (!thing) {
      if (chosen[i].label != nullptr) {
        Tally& tally = report.ledger[chosen[i].label->class_id];
        ++tally.placed;
        ++tally.dropped["no_mask"];
      }
      continue;
    }
    Rng rng = draws.rng("size/" + std::to_string(i));
    std::optional<double> size;
    if (spec.real_sizes && thing->label) size = sizes.drawn(thing->label->class_id, rng);
    if (!size) size = drawn(spec.size, rng);
    const bool done = placing.lay(*thing, [&](const glm::dvec2& extent) {
      return *size * side / std::sqrt(extent.x * extent.y);
    });
    if (done) laid.push_back(&chosen[i].picture->labelled);
  }
  Json said = placing.finish();
  said["step"] = "paste";
  report.steps.push_back(std::move(said));
  inherit_all(photo.labelled, laid);
}

void copy_paste(LabelledPixels& receiver, const LabelledPixels& donor, const DatasetInfo& info,
                const CopyPasteSpec& spec, const LabelRules& rules, const Draws& draws,
                ComposeReport& report) {
  std::vector<Choice> things;
  const auto drop = [&](const Label& label, const char* rule) {
    Tally& tally = report.ledger[label.class_id];
    ++tally.placed;
    ++tally.dropped[rule];
  };
  for (const Label& label : donor.labelled.labels) {
    if (!whole_enough(label, spec.min_whole)) {
      drop(label, "not_whole");
    } else if (!label.mask && label.outline.empty()) {
      drop(label, "no_mask");
    } else {
      things.push_back({&donor, &label});
    }
  }
  Rng which = draws.rng("which");
  const std::size_t count = std::min(drawn_count(spec.count, draws.rng("count")), things.size());
  const std::vector<Choice> chosen = drawn_choices(things, count, which);
  Placing placing(receiver, info, spec.place, spec.fusion, rules, draws, report);
  bool any = false;
  // Photos of other sizes show things at other scales.
  const double same = std::sqrt(static_cast<double>(receiver.color.width) * receiver.color.height /
                                (static_cast<double>(donor.color.width) * donor.color.height));
  for (std::size_t i = 0; i < chosen.size(); ++i) {
    const std::optional<CutThing> thing = cut_out(donor, chosen[i].label);
    if (!thing) {
      drop(*chosen[i].label, "no_mask");
      continue;
    }
    Rng rng = draws.rng("scale/" + std::to_string(i));
    const double scale = drawn(spec.scale, rng) * same;
    any = placing.lay(*thing, [&](const glm::dvec2&) { return scale; }) || any;
  }
  Json said = placing.finish();
  said["step"] = "copy_paste";
  report.steps.push_back(std::move(said));
  std::vector<const LabelledImage*> laid;
  if (any) laid.push_back(&donor.labelled);
  inherit_all(receiver.labelled, laid);
}

}  // namespace orrery
