#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "scenes/error.hpp"
#include "tests/generator/compose/flat_pictures.hpp"

namespace orrery {
namespace {

using testing::balanced;
using testing::color_of;
using testing::flat_color;
using testing::flat_info;
using testing::flat_picture;
using testing::mask_of_color;
using testing::Says;

constexpr Rgba8 kGround{128, 128, 128, 255};
constexpr Rgba8 kNothing{0, 0, 0, 0};

/// Nothing that changes colours: only geometry is left.
FusionSpec plain(double gaussian = 0) {
  FusionSpec fusion;
  fusion.edges = {1 - gaussian, gaussian, 0};
  fusion.light = Distribution::fixed(0);
  fusion.shadow.probability = 0;
  fusion.sensor = false;
  return fusion;
}

std::vector<LabelledPixels> flat_cut_outs(std::uint64_t seed) {
  std::vector<LabelledPixels> cut_outs;
  for (std::uint32_t i = 0; i < 3; ++i) {
    cut_outs.push_back(flat_picture(60, 50, 10 + 4 * i, 1, kNothing, Says::mask, seed));
  }
  return cut_outs;
}

PasteSpec crowded() {
  PasteSpec spec;
  spec.count = Distribution::uniform(1, 4);
  spec.real_sizes = false;
  spec.size = Distribution::uniform(0.1, 0.4);
  spec.place.max_hidden = 1;
  spec.place.max_hidden_real = 1;
  spec.place.truncated = 0.5;
  spec.place.flip = 0.5;
  spec.fusion = plain();
  return spec;
}

TEST_CASE("masks of pasted and of real things are the pixels that show their colours") {
  int hidden = 0;
  for (std::uint64_t i = 0; i < 300; ++i) {
    LabelledPixels photo = flat_picture(120, 90, 1, 3, kGround, Says::mask, i);
    const LabelledPixels before = photo;
    ComposeReport report;
    const auto cut_outs = flat_cut_outs(i);
    paste(photo, cut_outs, flat_info(), {}, crowded(), {}, {1, i}, report);
    CHECK(balanced(report, photo.labelled));
    for (const Label& label : photo.labelled.labels) {
      REQUIRE(label.mask);
      CHECK(*label.mask == mask_of_color(photo.color, color_of(label)));
      CHECK(label.box == rect_of(bounding_box(*label.mask)));
      for (const Label& was : before.labelled.labels) {
        if (color_of(was) != color_of(label) || *was.mask == *label.mask) continue;
        const double share = double(area(*label.mask)) / double(area(*was.mask));
        CHECK(*label.visible_fraction == doctest::Approx(share));
        CHECK(*label.occlusion == doctest::Approx(1 - share));
        ++hidden;
      }
      const double seen = label.visible_fraction.value_or(1);
      const double side = std::min(label.box.width(), label.box.height());
      const bool changed = label.visible_fraction.has_value();
      CHECK(label.crowd == (changed && (seen < 0.1 || side < 4 || label.area() < 25)));
      CHECK(label.hard == (changed && !label.crowd && seen < 0.25));
    }
  }
  CHECK(hidden > 50);
}

TEST_CASE("the amodal box of a pasted thing is what it shows and what is hidden or outside") {
  std::size_t truncated = 0;
  for (std::uint64_t i = 0; i < 200; ++i) {
    LabelledPixels photo = flat_picture(120, 90, 1, 0, kGround, Says::mask, i);
    ComposeReport report;
    const auto cut_outs = flat_cut_outs(i);
    PasteSpec spec = crowded();
    spec.count = Distribution::fixed(1);
    paste(photo, cut_outs, flat_info(), {}, spec, {}, {1, i}, report);
    if (photo.labelled.labels.empty()) continue;
    const Label& label = photo.labelled.labels[0];
    const Rect& all = *label.amodal_box;
    CHECK(label.box.x0 >= all.x0);
    CHECK(label.box.x1 <= all.x1);
    CHECK(*label.visible_fraction == doctest::Approx(1 - *label.truncation));
    CHECK(*label.truncation <= 0.5);
    const bool leaves = all.x0 < 0 || all.y0 < 0 || all.x1 > 120 || all.y1 > 90;
    CHECK((*label.truncation > 0) == leaves);
    if (leaves) ++truncated;
    if (!leaves) CHECK(label.box == all);
    // Shifted by whole pixels to where all of it is inside, it shows the rest of its mask.
    CHECK(double(area(*label.mask)) / *label.visible_fraction <= all.area() + 1e-6);
  }
  CHECK(truncated > 20);
}

TEST_CASE("a real label with only a box shrinks to what may be seen and says that it is loose") {
  int touched = 0;
  for (std::uint64_t i = 0; i < 300; ++i) {
    LabelledPixels photo = flat_picture(120, 90, 1, 2, kGround, Says::box, i);
    const LabelledPixels before = photo;
    ComposeReport report;
    const auto cut_outs = flat_cut_outs(i);
    paste(photo, cut_outs, flat_info(), {}, crowded(), {}, {2, i}, report);
    CHECK(balanced(report, photo.labelled));
    std::set<std::array<int, 3>> pasted;
    for (std::uint32_t n = 10; n < 19; ++n) {
      const Rgba8 c = flat_color(n);
      pasted.insert({c.r, c.g, c.b});
    }
    for (const Label& was : before.labelled.labels) {
      Box free{1000, 1000, 0, 0};
      int covered = 0;
      for (int y = int(was.box.y0); y < int(was.box.y1); ++y) {
        for (int x = int(was.box.x0); x < int(was.box.x1); ++x) {
          const Rgba8 c = photo.color.at(x, y);
          if (pasted.count({c.r, c.g, c.b}) != 0) {
            ++covered;
            continue;
          }
          free = {std::min(free.x0, x), std::min(free.y0, y), std::max(free.x1, x + 1),
                  std::max(free.y1, y + 1)};
        }
      }
      const auto found = std::find_if(photo.labelled.labels.begin(), photo.labelled.labels.end(),
                                      [&](const Label& l) { return color_of(l) == color_of(was); });
      if (free.empty()) {
        CHECK(found == photo.labelled.labels.end());
        continue;
      }
      REQUIRE(found != photo.labelled.labels.end());
      CHECK(found->box == rect_of(free));
      CHECK(found->loose == (covered > 0));
      if (covered == 0) continue;
      ++touched;
      CHECK(*found->visible_fraction == doctest::Approx(1 - covered / was.box.area()));
    }
  }
  CHECK(touched > 50);
}

TEST_CASE("soft edges move no label, and the mask is where a thing covers at least a half") {
  for (std::uint64_t i = 0; i < 40; ++i) {
    PasteSpec spec = crowded();
    spec.count = Distribution::fixed(1);
    const auto cut_outs = flat_cut_outs(i);
    LabelledPixels hard = flat_picture(160, 120, 1, 0, kGround, Says::mask, i);
    LabelledPixels soft = hard;
    LabelledPixels swept = hard;
    ComposeReport report;
    paste(hard, cut_outs, flat_info(), {}, spec, {}, {3, i}, report);
    spec.fusion = plain(1);
    spec.fusion.softness = Distribution::fixed(0.7);
    paste(soft, cut_outs, flat_info(), {}, spec, {}, {3, i}, report);
    spec.fusion.edges = {0, 0, 1};
    paste(swept, cut_outs, flat_info(), {}, spec, {}, {3, i}, report);
    REQUIRE(hard.labelled.labels.size() == soft.labelled.labels.size());
    REQUIRE(hard.labelled.labels.size() == swept.labelled.labels.size());
    if (hard.labelled.labels.empty()) continue;
    CHECK(*hard.labelled.labels[0].mask == *soft.labelled.labels[0].mask);
    CHECK(*hard.labelled.labels[0].mask == *swept.labelled.labels[0].mask);
    CHECK(hard.color.pixels != soft.color.pixels);
    // Alpha from colour: how far each pixel went from the ground to the thing's colour.
    const glm::vec3 full(color_of(soft.labelled.labels[0]));
    const Image<std::uint8_t> mask = mask_from_rle(*soft.labelled.labels[0].mask);
    std::size_t differs = 0;
    for (std::size_t p = 0; p < mask.pixels.size(); ++p) {
      const glm::vec3 way = full - glm::vec3(128);
      const float alpha =
          glm::dot(glm::vec3(soft.color.pixels[p]) - glm::vec3(128), way) / glm::dot(way, way);
      if ((alpha >= 0.5F) != (mask.pixels[p] != 0)) ++differs;
    }
    CHECK(double(differs) <= 0.1 * double(area(*soft.labelled.labels[0].mask)) + 8);
  }
}

TEST_CASE("nothing hides more of a thing than is allowed, and 0 leaves real things free") {
  for (std::uint64_t i = 0; i < 200; ++i) {
    LabelledPixels photo = flat_picture(120, 90, 1, 2, kGround, Says::mask, i);
    const LabelledPixels before = photo;
    PasteSpec spec = crowded();
    spec.place.truncated = 0;
    spec.place.max_hidden = 0.3;
    spec.place.max_hidden_real = i % 2 == 0 ? 0 : 0.3;
    ComposeReport report;
    const auto cut_outs = flat_cut_outs(i);
    paste(photo, cut_outs, flat_info(), {}, spec, {}, {4, i}, report);
    CHECK(balanced(report, photo.labelled));
    REQUIRE(photo.labelled.labels.size() >= before.labelled.labels.size());
    for (const Label& label : photo.labelled.labels)
      CHECK(label.visible_fraction.value_or(1) >= 0.7 - 1e-9);
    for (std::size_t k = 0; i % 2 == 0 && k < before.labelled.labels.size(); ++k) {
      CHECK(photo.labelled.labels[k].mask == before.labelled.labels[k].mask);
    }
  }
}

TEST_CASE("sizes of pasted things follow the real labels' sizes") {
  SizeHistogram sizes;
  std::vector<double> real;
  for (std::uint64_t i = 0; i < 40; ++i) {
    LabelledImage image;
    image.width = 400;
    image.height = 300;
    for (std::uint32_t k = 0; k < 5; ++k) {
      Rng rng(9, i * 5 + k, "real");
      const double side = 20 + 60 * rng.unit() * rng.unit();
      Label label;
      label.class_id = k % 3;
      label.box = {10, 10, 10 + side, 10 + side};
      image.labels.push_back(label);
      real.push_back(side / std::sqrt(400.0 * 300.0));
    }
    sizes.add(image);
  }
  std::vector<double> pasted;
  for (std::uint64_t i = 0; i < 250; ++i) {
    LabelledPixels photo = flat_picture(200, 150, 1, 0, kGround, Says::mask, i);
    PasteSpec spec = crowded();
    spec.count = Distribution::fixed(2);
    spec.real_sizes = true;
    spec.place.truncated = 0;
    const auto cut_outs = flat_cut_outs(i);
    ComposeReport report;
    paste(photo, cut_outs, flat_info(), sizes, spec, {}, {5, i}, report);
    for (const Label& label : photo.labelled.labels) {
      const Rect& box = *label.amodal_box;
      pasted.push_back(std::sqrt(box.area() / (200.0 * 150.0)));
    }
  }
  REQUIRE(pasted.size() > 450);
  std::sort(real.begin(), real.end());
  std::sort(pasted.begin(), pasted.end());
  // Kolmogorov-Smirnov: the greatest distance of both distribution functions.
  double distance = 0;
  for (std::size_t i = 0; i < pasted.size(); ++i) {
    const auto below = std::upper_bound(real.begin(), real.end(), pasted[i]) - real.begin();
    distance = std::max(distance, std::abs(double(below) / double(real.size()) -
                                           double(i + 1) / double(pasted.size())));
  }
  const double n = double(real.size());
  const double m = double(pasted.size());
  CHECK(distance < 1.63 * std::sqrt((n + m) / (n * m)));  // at 1 %
}

TEST_CASE("a pasted picture has the lineage of what is on it, once, and its split") {
  LabelledPixels photo = flat_picture(120, 90, 1, 1, kGround, Says::box, 5);
  photo.labelled.split = "train";
  photo.labelled.depth = std::filesystem::path("depth.png");
  auto cut_outs = flat_cut_outs(5);
  for (LabelledPixels& cut_out : cut_outs) cut_out.labelled.lineage.push_back({"sky", "noon"});
  PasteSpec spec = crowded();
  spec.count = Distribution::fixed(3);
  spec.place.truncated = 0;
  spec.size = Distribution::fixed(0.1);
  ComposeReport report;
  LabelledPixels again = photo;
  paste(photo, cut_outs, flat_info(), {}, spec, {}, {6, 0}, report);
  const std::vector<Ingredient> wanted{
      {"parent", "flat/1"},  {"parent", "flat/10"}, {"parent", "flat/14"},
      {"parent", "flat/18"}, {"session", "s1"},     {"session", "s10"},
      {"session", "s14"},    {"session", "s18"},    {"sky", "noon"}};
  CHECK(photo.labelled.lineage == wanted);
  CHECK(photo.labelled.train_only);
  CHECK(photo.labelled.split == "train");
  CHECK_FALSE(photo.labelled.depth);
  ComposeReport second;
  paste(again, cut_outs, flat_info(), {}, spec, {}, {6, 0}, second);
  CHECK(again.color.pixels == photo.color.pixels);
  CHECK(second.steps.dump() == report.steps.dump());
  cut_outs[0].labelled.split = cut_outs[1].labelled.split = cut_outs[2].labelled.split = "val";
  CHECK_THROWS_WITH_AS(paste(again, cut_outs, flat_info(), {}, spec, {}, {6, 0}, second),
                       doctest::Contains("mixing would leak"), Error);
}

TEST_CASE("a class that is chiral is never mirrored, and mirrored points change places") {
  LabelledPixels cut_out;
  cut_out.color = Image<Rgba8>(40, 20, flat_color(3));
  for (int y = 0; y < 20; ++y) {
    for (int x = 20; x < 40; ++x) cut_out.color.at(x, y) = flat_color(4);
  }
  Label label;
  label.mask = rle_from_mask(Image<std::uint8_t>(40, 20, 1));
  label.box = {0, 0, 40, 20};
  label.keypoints = {{{5, 10}, 2}, {{35, 10}, 2}};
  cut_out.labelled = {.name = "cut", .width = 40, .height = 20, .labels = {label}};
  DatasetInfo info = flat_info();
  info.keypoints.resize(3);
  info.keypoints[0].points = {{"left", {}}, {"right", {}}};
  info.keypoints[0].swaps = {{"left", "right"}};
  for (const bool chiral : {true, false}) {
    PasteSpec spec = crowded();
    spec.count = Distribution::fixed(1);
    spec.place.flip = 1;
    spec.place.truncated = 0;
    spec.place.rotation = Distribution::fixed(0);
    if (chiral) spec.place.chiral = {"a"};
    LabelledPixels photo = flat_picture(160, 120, 1, 0, kGround, Says::mask, 1);
    ComposeReport report;
    paste(photo, std::span(&cut_out, 1), info, {}, spec, {}, {7, 0}, report);
    REQUIRE(photo.labelled.labels.size() == 1);
    const Label& out = photo.labelled.labels[0];
    CHECK(out.keypoints[0].position.x < out.keypoints[1].position.x);
    const int y = static_cast<int>(out.keypoints[0].position.y);
    const Rgba8 left = photo.color.at(static_cast<int>(out.keypoints[0].position.x), y);
    CHECK(left == flat_color(chiral ? 3 : 4));
  }
}

TEST_CASE("a shadow darkens the ground beside a thing, never the thing, and its label stays") {
  LabelledPixels photo = flat_picture(160, 120, 1, 0, kGround, Says::mask, 1);
  const auto cut_outs = flat_cut_outs(3);
  PasteSpec spec = crowded();
  spec.count = Distribution::fixed(1);
  spec.place.truncated = 0;
  spec.fusion.shadow = {
      .probability = 1, .opacity = Distribution::fixed(0.6), .length = Distribution::fixed(0.2)};
  ComposeReport report;
  paste(photo, cut_outs, flat_info(), {}, spec, {}, {8, 0}, report);
  REQUIRE(photo.labelled.labels.size() == 1);
  const Label& label = photo.labelled.labels[0];
  CHECK(*label.mask == mask_of_color(photo.color, color_of(label)));
  std::size_t darker = 0;
  int darkest = 255;
  for (const Rgba8& c : photo.color.pixels) {
    if (c == color_of(label) || c == kGround) continue;
    CHECK(c.r < 128);
    ++darker;
    darkest = std::min<int>(darkest, c.r);
  }
  CHECK(darker > 20);
  CHECK(darkest < 110);
  CHECK(darkest > 128 * 0.4 - 1);
}

TEST_CASE("real things are copied along their masks or outlines; boxes alone are counted") {
  int copied = 0;
  for (std::uint64_t i = 0; i < 200; ++i) {
    const Says says = i % 3 == 0 ? Says::mask : i % 3 == 1 ? Says::outline : Says::box;
    LabelledPixels receiver = flat_picture(120, 90, 1, 2, kGround, Says::mask, i);
    const std::size_t before = receiver.labelled.labels.size();
    const LabelledPixels donor = flat_picture(100, 90, 10, 3, {90, 90, 90, 255}, says, i);
    CopyPasteSpec spec;
    spec.place = crowded().place;
    spec.fusion = plain();
    ComposeReport report;
    copy_paste(receiver, donor, flat_info(), spec, {}, {9, i}, report);
    CHECK(balanced(report, receiver.labelled));
    std::uint64_t no_mask = 0;
    for (const auto& [class_id, tally] : report.ledger) {
      if (tally.dropped.count("no_mask") != 0) no_mask += tally.dropped.at("no_mask");
    }
    CHECK(no_mask == (says == Says::box ? donor.labelled.labels.size() : 0));
    for (const Label& label : receiver.labelled.labels) {
      CHECK(*label.mask == mask_of_color(receiver.color, color_of(label)));
    }
    if (receiver.labelled.labels.size() > before) ++copied;
  }
  CHECK(copied > 60);
}

}  // namespace
}  // namespace orrery
