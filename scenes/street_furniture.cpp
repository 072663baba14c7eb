#include <algorithm>
#include <array>
#include <cmath>
#include <glm/gtc/constants.hpp>
#include <vector>

#include "scenes/painting.hpp"
#include "scenes/random.hpp"
#include "scenes/shape_draft.hpp"
#include "scenes/street.hpp"
#include "scenes/surface_material.hpp"
#include "scenes/surface_recipe.hpp"

namespace orrery {
namespace {

using glm::dvec2;
using glm::dvec3;

const glm::vec3 kOrange(0.95F, 0.32F, 0.06F);
const glm::vec3 kWhite(0.93F, 0.93F, 0.92F);
const glm::vec3 kRed(0.78F, 0.1F, 0.1F);

/// The same about an axis through another place.
void turned_at(Surface& surface, const std::vector<dvec2>& points, const glm::dmat3& turn,
               const dvec3& at, std::uint32_t segments = 24) {
  const std::uint32_t first = vertices_of(surface);
  add_profile(surface, points, segments);
  move_from(surface, first, turn, at);
}

/// A closed sleeve about z a little outside of a cone from (r0, z0) to (r1, z1).
void sleeve(Surface& surface, double r0, double z0, double r1, double z1) {
  add_profile(surface, {{0, z0}, {r0 + 0.002, z0}, {r1 + 0.002, z1}, {0, z1}}, 32);
}

}  // namespace

Model traffic_cone(std::uint64_t variant) {
  Rng rng(variant, 0, "street/traffic_cone");
  const double h = rng.uniform(0.45, 0.78);
  const double r = 0.19 * h;
  const auto radius_at = [&](double z) { return glm::mix(r, 0.035, (z - 0.035) / (h - 0.035)); };
  ShapeDraft draft;
  Surface& body = draft.part(kOrange * uniform(rng, 0.85, 1.02), 0.55F);
  add_profile(body, {{0, 0.03}, {r, 0.03}, {r, 0.035}, {0.035, h - 0.01}, {0.028, h}, {0, h}}, 40);
  Surface& bands = draft.part(kWhite, 0.3F);
  for (const auto& [low, high] : {std::pair(0.36, 0.55), std::pair(0.68, 0.82)}) {
    if (low > 0.6 && rng.below(3) == 0) continue;
    sleeve(bands, radius_at(low * h), low * h, radius_at(high * h), high * h);
  }
  Surface& foot = rng.below(2) == 0 ? draft.part(glm::vec3(0.08F), 0.85F) : body;
  add_rounded_box(foot, {0, 0, 0.0175}, {2.9 * r, 2.9 * r, 0.035}, 0.01);
  return draft.finished("traffic_cone", variant);
}

Model bollard(std::uint64_t variant) {
  Rng rng(variant, 0, "street/bollard");
  const double h = rng.uniform(0.75, 1.1);
  const double r = rng.uniform(0.045, 0.1);
  ShapeDraft draft;
  const bool steel = rng.below(3) == 0;
  Surface& body = draft.part(steel ? glm::vec3(0.65F)
                                   : drawn_color(rng, {{0.1F, 0.1F, 0.11F},
                                                       {0.16F, 0.22F, 0.18F},
                                                       {0.5F, 0.49F, 0.47F},
                                                       {0.92F, 0.7F, 0.1F}}),
                             steel ? 0.3F : 0.5F, steel ? 0.9F : 0.0F);
  std::vector<dvec2> points{{0, 0}, {1.2 * r, 0}, {1.2 * r, 0.04}, {r, 0.06}, {r, h - r}};
  for (int k = 1; k <= 8; ++k) {
    const double angle = glm::half_pi<double>() * k / 8;
    points.emplace_back(k == 8 ? 0 : r * std::cos(angle), h - r + 0.7 * r * std::sin(angle));
  }
  add_profile(body, points, 32);
  Surface& band = draft.part(rng.below(2) == 0 ? kWhite : kRed, 0.3F);
  sleeve(band, r, h - r - 0.16, r, h - r - 0.06);
  return draft.finished("bollard", variant);
}

Model barrier(std::uint64_t variant) {
  Rng rng(variant, 0, "street/barrier");
  const double width = rng.uniform(1.1, 1.6);
  Painting stripes(256, 64, {width, 0.2}, kWhite);
  for (double x = -0.2; x < width; x += 0.3) {
    stripes.polygon(std::array<dvec2, 4>{{{x, 0.2}, {x + 0.15, 0.2}, {x + 0.35, 0}, {x + 0.2, 0}}},
                    kRed);
  }
  ShapeDraft draft;
  Surface& boards = draft.printed(stripes.image(), 0.35F);
  const int rows = 1 + static_cast<int>(rng.below(2));
  for (int row = 0; row < rows; ++row) {
    add_rounded_box(boards, {0, 0, 0.9 - 0.4 * row}, {width, 0.03, 0.2}, 0.004);
  }
  Surface& legs = draft.part(glm::vec3(0.7F), 0.4F, 0.6F);
  Surface& feet = draft.part(glm::vec3(0.08F), 0.9F);
  for (const double x : {-0.38, 0.38}) {
    add_rounded_box(legs, {x * width, 0.03, 0.5}, {0.04, 0.03, 1.0}, 0.004);
    add_rounded_box(feet, {x * width, 0.02, 0.04}, {0.25, 0.7, 0.08}, 0.015);
  }
  return draft.finished("barrier", variant);
}

Model litter_bin(std::uint64_t variant) {
  Rng rng(variant, 0, "street/litter_bin");
  const glm::vec3 color = drawn_color(rng, {{0.12F, 0.28F, 0.16F},
                                            {0.16F, 0.17F, 0.18F},
                                            {0.85F, 0.45F, 0.1F},
                                            {0.2F, 0.3F, 0.5F},
                                            {0.45F, 0.46F, 0.46F}});
  ShapeDraft draft;
  if (rng.below(2) == 0) {  // round, open at the top
    const double r = rng.uniform(0.18, 0.25);
    const double h = rng.uniform(0.7, 0.95);
    add_profile(draft.part(color, 0.5F, 0.2F),
                {{0, 0},
                 {0.85 * r, 0},
                 {r, h - 0.02},
                 {1.04 * r, h - 0.02},
                 {1.04 * r, h},
                 {0.95 * r, h},
                 {0.9 * r, h - 0.04},
                 {0.82 * r, 0.1},
                 {0, 0.1}},
                40);
    sleeve(draft.part(glm::mix(color, glm::vec3(1), 0.5F), 0.4F), glm::mix(0.85 * r, r, 0.55),
           0.55 * h, glm::mix(0.85 * r, r, 0.7), 0.7 * h);
  } else {  // a wheeled bin with a lid
    const double h = rng.uniform(0.95, 1.1);
    Surface& body = draft.part(color, 0.6F);
    add_rounded_box(body, {0, 0, 0.5 * h + 0.03}, {0.5, 0.55, h - 0.06}, 0.04);
    for (glm::vec3& p : body.positions) {  // narrower at its foot
      const float narrow = 0.78F + 0.22F * p.z / static_cast<float>(h);
      p.x *= narrow;
      p.y *= narrow;
    }
    add_rounded_box(body, {0, -0.01, h + 0.02}, {0.54, 0.6, 0.06}, 0.025);
    const std::array<dvec3, 2> grip{dvec3(-0.22, 0.31, h), {0.22, 0.31, h}};
    add_tube(body, grip, 0.018);
    Surface& wheels = draft.part(glm::vec3(0.05F), 0.85F);
    for (const double x : {-0.21, 0.21}) {
      turned_at(wheels, {{0, -0.025}, {0.1, -0.025}, {0.1, 0.025}, {0, 0.025}},
                turn_about(1, glm::half_pi<double>()), {x, 0.22, 0.1});
    }
  }
  return draft.finished("litter_bin", variant);
}

Model bench_seat(std::uint64_t variant) {
  Rng rng(variant, 0, "street/bench");
  const double width = rng.uniform(1.3, 1.9);
  const SurfaceMaps wood = surface_maps("wood", 20 + variant, 256);
  ShapeDraft draft;
  Surface& slats = draft.printed(wood.color, 0.6F, Wrap::repeat);
  for (int k = 0; k < 4; ++k) {
    add_rounded_box(slats, {0, -0.18 + 0.115 * k, 0.45}, {width, 0.095, 0.035}, 0.006);
  }
  for (int k = 0; k < 3; ++k) {
    const std::uint32_t first = vertices_of(slats);
    add_rounded_box(slats, {0, 0, 0}, {width, 0.03, 0.095}, 0.006);
    move_from(slats, first, turn_about(0, -0.2), {0, 0.235 + 0.025 * k, 0.58 + 0.125 * k});
  }
  lay_uv_from(slats, 0, wood.metres);
  Surface& iron = draft.part(glm::vec3(0.09F), 0.5F, 0.4F);
  for (const double x : {-0.42, 0.42}) {
    add_rounded_box(iron, {x * width, -0.19, 0.215}, {0.05, 0.05, 0.43}, 0.008);
    add_rounded_box(iron, {x * width, 0.2, 0.215}, {0.05, 0.05, 0.43}, 0.008);
    add_rounded_box(iron, {x * width, 0, 0.415}, {0.05, 0.44, 0.035}, 0.008);
    const std::uint32_t first = vertices_of(iron);
    add_rounded_box(iron, {x * width, 0, 0}, {0.05, 0.03, 0.46}, 0.008);
    move_from(iron, first, turn_about(0, -0.2), {0, 0.275, 0.66});
  }
  return draft.finished("bench", variant);
}

Model hydrant(std::uint64_t variant) {
  Rng rng(variant, 0, "street/hydrant");
  const double h = rng.uniform(0.65, 0.85);
  const glm::vec3 color = drawn_color(
      rng, {{0.75F, 0.1F, 0.08F}, {0.95F, 0.72F, 0.1F}, {0.12F, 0.3F, 0.6F}, {0.7F, 0.7F, 0.68F}});
  ShapeDraft draft;
  Surface& body = draft.part(color, 0.45F);
  add_profile(body,
              {{0, 0},
               {0.16, 0},
               {0.16, 0.03},
               {0.11, 0.035},
               {0.105, 0.7 * h},
               {0.135, 0.7 * h},
               {0.135, 0.75 * h},
               {0.12, 0.76 * h},
               {0.11, 0.86 * h},
               {0.07, 0.94 * h},
               {0.03, 0.96 * h},
               {0.03, h},
               {0, h}},
              32);
  Surface& caps = draft.part(rng.below(2) == 0 ? color : glm::vec3(0.6F), 0.4F, 0.4F);
  const std::vector<dvec2> outlet{{0, 0},        {0.05, 0},     {0.05, 0.13},   {0.062, 0.13},
                                  {0.062, 0.17}, {0.025, 0.17}, {0.025, 0.195}, {0, 0.195}};
  for (const double side : {-1.0, 1.0}) {
    turned_at(caps, outlet, turn_about(1, side * glm::half_pi<double>()), {0, 0, 0.55 * h});
  }
  turned_at(caps, outlet, turn_about(0, glm::half_pi<double>()), {0, 0, 0.5 * h});
  return draft.finished("hydrant", variant);
}

Model tree(std::uint64_t variant) {
  Rng rng(variant, 0, "street/tree");
  const double h = rng.uniform(4, 8);
  const double trunk = rng.uniform(1.6, 2.6);
  Painting leaves(256, 256, {1, 1}, color_of_hue(0.28, 0.6, 0.22));
  for (int k = 0; k < 1800; ++k) {
    const dvec2 at(rng.unit(), rng.unit());
    const double hue = rng.uniform(0.2, 0.33);
    leaves.disc(at, rng.uniform(0.006, 0.014), color_of_hue(hue, 0.65, rng.uniform(0.18, 0.55)));
  }
  ShapeDraft draft;
  Surface& crown = draft.printed(leaves.image(), 0.9F, Wrap::repeat);
  const int balls = 9 + static_cast<int>(rng.below(6));
  for (int k = 0; k < balls; ++k) {
    const double r = (h - trunk) * rng.uniform(0.16, 0.3);
    const double angle = rng.uniform(0, glm::two_pi<double>());
    const double out = (h - trunk) * rng.uniform(0, 0.26);
    const dvec3 at(out * std::cos(angle), out * std::sin(angle), rng.uniform(trunk + r, h - r));
    std::vector<dvec2> round;
    for (int i = 0; i <= 12; ++i) {
      const double t = glm::pi<double>() * (i / 12.0 - 0.5);
      round.emplace_back(i % 12 == 0 ? 0 : r * std::cos(t), 0.85 * r * std::sin(t));
    }
    turned_at(crown, round, turn_about(0, rng.uniform(-0.5, 0.5)), at, 20);
  }
  lay_uv_from(crown, 0, 0.9);
  Surface& bark =
      draft.part(drawn_color(rng, {{0.33F, 0.25F, 0.18F}, {0.45F, 0.4F, 0.34F}}), 0.95F);
  const std::array<dvec3, 3> stem{dvec3(0, 0, 0.0), {0.05, 0.02, 0.5 * trunk}, {0, 0, 0.7 * h}};
  const double r = 0.02 * h;
  add_tube(bark, std::array<dvec3, 3>{stem[0] + dvec3(0, 0, r), stem[1], stem[2]},
           std::array{r, 0.85 * r, 0.4 * r});
  return draft.finished("tree", variant);
}

}  // namespace orrery
