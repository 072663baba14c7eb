#include "generator/compose/inherit.hpp"

#include <algorithm>

#include "scenes/error.hpp"

namespace orrery {
namespace {

std::string place_of(const LabelledImage& image) {
  std::string text = image.name + " of " + (image.split.empty() ? "no split" : image.split);
  if (image.fold) text += ", fold " + std::to_string(*image.fold);
  return text;
}

}  // namespace

void inherit(LabelledImage& child, std::span<const LabelledImage* const> parents) {
  const LabelledImage* placed = nullptr;
  std::vector<Ingredient> lineage;
  for (const LabelledImage* parent : parents) {
    lineage.insert(lineage.end(), parent->lineage.begin(), parent->lineage.end());
    lineage.push_back({"parent", parent->name});
    if (parent->split.empty() && !parent->fold) continue;
    if (placed != nullptr && (placed->split != parent->split || placed->fold != parent->fold)) {
      throw Error(place_of(*placed) + " and " + place_of(*parent) +
                  " would meet in one picture, wanted one split and fold: mixing would leak");
    }
    placed = parent;
  }
  std::sort(lineage.begin(), lineage.end());
  lineage.erase(std::unique(lineage.begin(), lineage.end()), lineage.end());
  const std::string split = placed != nullptr ? placed->split : std::string();
  const std::optional<int> fold = placed != nullptr ? placed->fold : std::nullopt;
  child.lineage = std::move(lineage);
  child.split = split;
  child.fold = fold;
  child.train_only = true;
  child.file.clear();
  child.depth.reset();
  child.ids.reset();
}

void forget_camera(LabelledImage& image) {
  image.camera.reset();
  image.track.clear();
  image.more = Json::object();
  for (Label& label : image.labels) label.pose.reset();
}

}  // namespace orrery
