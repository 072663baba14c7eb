#include "generator/evaluate/slice.hpp"

#include <algorithm>
#include <array>
#include <set>

namespace orrery {
namespace {

bool outside(const std::optional<Bounds>& bounds, const std::optional<double>& value) {
  return bounds && !(value && bounds->holds(*value));
}

Slice named(std::string name) {
  Slice slice;
  slice.name = std::move(name);
  return slice;
}

void add_sides(std::vector<Slice>& slices) {
  constexpr std::array kSides{0, 8, 16, 32, 64, 128, 256};
  for (std::size_t i = 0; i < kSides.size(); ++i) {
    const std::string low = std::to_string(kSides[i]);
    const bool last = i + 1 == kSides.size();
    Slice slice =
        named("side " + (last ? low + "+" : low + "-" + std::to_string(kSides[i + 1])) + " px");
    slice.area.low = kSides[i] * kSides[i];
    if (!last) slice.area.high = kSides[i + 1] * kSides[i + 1];
    slices.push_back(slice);
  }
}

void add_visibilities(std::vector<Slice>& slices) {
  for (int quarter = 0; quarter < 4; ++quarter) {
    Slice slice = named("visible " + std::to_string(25 * quarter) + "-" +
                        std::to_string(25 * quarter + 25) + " %");
    slice.visible_fraction = Bounds{0.25 * quarter, 0.25 * (quarter + 1)};
    slices.push_back(slice);
  }
}

void add_parts(std::vector<Slice>& slices, const std::vector<TestImage>& images) {
  std::set<std::string> tracks;
  std::set<std::string> splits;
  std::set<int> folds;
  for (const TestImage& image : images) {
    if (!image.track.empty()) tracks.insert(image.track);
    if (!image.split.empty()) splits.insert(image.split);
    if (image.fold) folds.insert(*image.fold);
  }
  for (const std::string& track : tracks) {
    slices.push_back(named("track " + track));
    slices.back().track = track;
  }
  for (const std::string& split : splits) {
    slices.push_back(named("split " + split));
    slices.back().split = split;
  }
  for (const int fold : folds) {
    slices.push_back(named("fold " + std::to_string(fold)));
    slices.back().fold = fold;
  }
}

}  // namespace

bool Slice::holds_image(const TestImage& image) const {
  return (!track || *track == image.track) && (!split || *split == image.split) &&
         (!fold || fold == image.fold);
}

bool Slice::holds(const TruthObject& object) const {
  return area.holds(object.area) && !outside(visible_fraction, object.visible_fraction) &&
         !outside(truncation, object.truncation) && (!hard || hard == object.hard);
}

std::vector<Slice> coco_slices(Overlap overlap) {
  std::vector<Slice> slices{named("all")};
  if (overlap != Overlap::keypoints) {
    slices.push_back(named("small"));
    slices.back().area = {0, 32 * 32};
  }
  slices.push_back(named("medium"));
  slices.back().area = {32 * 32, 96 * 96};
  slices.push_back(named("large"));
  slices.back().area = {96 * 96, 1e10};
  return slices;
}

std::vector<Slice> finer_slices(const GroundTruth& truth) {
  std::vector<Slice> slices;
  add_sides(slices);
  const auto any = [&truth](auto&& has) {
    return std::any_of(truth.objects.begin(), truth.objects.end(), has);
  };
  if (any([](const TruthObject& o) { return o.visible_fraction.has_value(); })) {
    add_visibilities(slices);
  }
  if (any([](const TruthObject& o) { return o.hard.has_value(); })) {
    slices.push_back(named("hard"));
    slices.back().hard = true;
    slices.push_back(named("not hard"));
    slices.back().hard = false;
  }
  add_parts(slices, truth.images);
  return slices;
}

}  // namespace orrery
