#include <algorithm>
#include <array>
#include <cmath>
#include <glm/gtc/constants.hpp>
#include <string>
#include <vector>

#include "scenes/clutter.hpp"
#include "scenes/painting.hpp"
#include "scenes/random.hpp"
#include "scenes/shape_draft.hpp"
#include "scenes/surface_recipe.hpp"

namespace orrery {
namespace {

using glm::dvec2;
using glm::dvec3;

/// Lines of print between two places.
void print_lines(Painting& on, const dvec2& low, const dvec2& high, double pitch,
                 const glm::vec3& ink, Rng& rng) {
  for (double y = low.y; y + 0.5 * pitch < high.y; y += pitch) {
    if (rng.below(9) == 0) continue;  // a paragraph ends
    for (double x = low.x; x < high.x;) {
      const double word = pitch * rng.uniform(0.5, 2.5);
      if (x + word > high.x) break;
      on.rectangle({x, y}, {x + word, y + 0.45 * pitch}, ink);
      x += word + 0.35 * pitch;
    }
  }
}

/// A photo's sky, hills and sun.
void paint_photo(Painting& on, const dvec2& low, const dvec2& high, Rng& rng) {
  const double hue = rng.unit();
  const dvec2 size = high - low;
  on.rectangle(low, high, color_of_hue(hue, rng.uniform(0.1, 0.6), rng.uniform(0.6, 0.95)));
  const dvec2 sun = low + dvec2(rng.uniform(0.2, 0.8), 0.3) * size;
  on.disc(sun, 0.09 * std::min(size.x, size.y), glm::vec3(0.98F, 0.93F, 0.75F));
  for (int hill = 0; hill < 3; ++hill) {
    const double phase = rng.uniform(0, 6);
    const double wave = rng.uniform(3, 9);
    const double level = 0.5 + 0.15 * hill;
    on.paint(low, high, color_of_hue(hue + 0.2 * hill, 0.5, 0.6 - 0.15 * hill),
             [&](const dvec2& p) {
               const dvec2 q = (p - low) / size;
               return q.x >= 0 && q.x < 1 && q.y < 1 &&
                      q.y > level + 0.07 * std::sin(wave * q.x + phase);
             });
  }
}

}  // namespace

Model glasses(std::uint64_t variant) {
  Rng rng(variant, 0, "clutter/glasses");
  const double lens = rng.uniform(0.023, 0.027);  // half its width
  const double tall = lens * rng.uniform(0.7, 0.95);
  const double wire = rng.uniform(0.0011, 0.0025);
  const bool dark = rng.below(2) == 0;  // against the sun
  ShapeDraft draft;
  Surface& frame = draft.part(
      rng.below(2) == 0 ? glm::vec3(0.05F) : color_of_hue(rng.uniform(0, 0.12), 0.6, 0.4), 0.3F,
      wire < 0.0015 ? 0.8F : 0.0F);
  const double middle = lens + 0.009;
  for (const double side : {-1.0, 1.0}) {
    std::vector<dvec3> rim;
    for (int k = 0; k < 32; ++k) {
      const double angle = glm::two_pi<double>() * k / 32;
      const auto bulge = [](double c) { return std::copysign(std::pow(std::abs(c), 0.75), c); };
      rim.emplace_back(side * middle + lens * bulge(std::cos(angle)), 0,
                       tall + wire + tall * bulge(std::sin(angle)));
    }
    add_ring(frame, rim, wire);
    const double hinge = side * (middle + lens);
    const double high = 1.6 * tall;
    const std::array<dvec3, 5> temple{dvec3(hinge, 0, high),
                                      {hinge + side * 0.003, 0.012, high},
                                      {hinge + side * 0.002, 0.095, high - 0.002},
                                      {hinge - side * 0.002, 0.115, high - 0.009},
                                      {hinge - side * 0.004, 0.138, wire + 0.001}};
    add_tube(frame, temple, wire, 10);
  }
  const std::array<dvec3, 3> bridge{
      dvec3(lens - middle, 0, 1.4 * tall), {0, -0.002, 1.6 * tall}, {middle - lens, 0, 1.4 * tall}};
  add_tube(frame, bridge, wire, 10);
  if (dark) {
    Surface& glass = draft.part(glm::vec3(0.06F, 0.05F, 0.05F), 0.05F);
    for (const double side : {-1.0, 1.0}) {
      const std::uint32_t first = vertices_of(glass);
      std::vector<dvec2> outline = rounded_rectangle({2 * lens, 2 * tall}, 0.6 * tall);
      add_prism(glass, glass, outline, -0.0005, 0.0005);
      move_from(glass, first, turn_about(0, glm::half_pi<double>()),
                {side * middle, 0, tall + wire});
    }
  }
  return draft.finished("glasses", variant);
}

Model coin(std::uint64_t variant) {
  Rng rng(variant, 0, "clutter/coin");
  const double r = rng.uniform(0.009, 0.0135);
  const glm::vec3 metal =
      drawn_color(rng, {{0.85F, 0.72F, 0.42F}, {0.80F, 0.50F, 0.36F}, {0.82F, 0.81F, 0.78F}});
  Painting face(128, 128, {2, 2}, metal * 0.85F);
  face.disc({1, 1}, 0.88, metal * 0.95F);
  static constexpr std::array<const char*, 6> kValues{"1", "2", "5", "10", "20", "50"};
  face.write(kValues[rng.below(6)], {0.9, 1}, 0.8, 0.16, metal * 0.62F);
  face.polygon(std::array<dvec2, 4>{{{1.35, 0.5}, {1.5, 1}, {1.35, 1.5}, {1.25, 1}}}, metal * 0.7F);
  ShapeDraft draft;
  Surface& sides = draft.printed(face.image(), 0.35F);
  draft.material().metallic = 1;
  const double thick = 0.0021;
  add_prism(sides, sides, regular_polygon(40, r, 0), 0, thick);
  Surface& rim = draft.part(metal, 0.3F, 1.0F);
  const std::vector<dvec2> lip{{0.93 * r, -0.0001},
                               {1.01 * r, -0.0001},
                               {1.01 * r, thick + 0.0001},
                               {0.93 * r, thick + 0.0001},
                               {0.93 * r, -0.0001}};
  add_profile(rim, lip, 40);
  return draft.finished("coin", variant);
}

Model key(std::uint64_t variant) {
  Rng rng(variant, 0, "clutter/key");
  const double thick = rng.uniform(0.002, 0.0026);
  const bool cap = rng.below(2) == 0;
  ShapeDraft draft;
  Surface& metal =
      draft.part(rng.below(3) == 0 ? glm::vec3(0.82F, 0.7F, 0.42F) : glm::vec3(0.76F), 0.3F, 1.0F);
  const double length = rng.uniform(0.025, 0.034);
  add_rounded_box(metal, {0, 0.5 * length, 0.5 * thick}, {0.0075, length, thick}, 0.0004);
  for (double y = 0.3 * length; y < length; y += 0.0042) {  // the bit
    const double reach = rng.uniform(0.0008, 0.0024);
    add_rounded_box(metal, {0.00375 + 0.5 * reach, y, 0.5 * thick}, {reach, 0.003, thick}, 0);
  }
  std::vector<dvec3> bow;
  for (int k = 0; k < 32; ++k) {
    const double angle = glm::two_pi<double>() * k / 32;
    bow.emplace_back(0.0095 * std::cos(angle), -0.0085 + 0.0085 * std::sin(angle), 0.5 * thick);
  }
  Surface& head =
      cap ? draft.part(color_of_hue(rng.unit(), 0.6, rng.uniform(0.1, 0.7)), 0.6F) : metal;
  add_ring(head, bow, cap ? 0.0034 : 0.0018);
  return draft.finished("key", variant);
}

Model plate(std::uint64_t variant) {
  Rng rng(variant, 0, "clutter/plate");
  const double r = rng.uniform(0.09, 0.135);
  const glm::vec3 glaze = drawn_color(
      rng, {{0.95F, 0.94F, 0.91F}, {0.9F, 0.88F, 0.8F}, {0.35F, 0.45F, 0.55F}, {0.2F, 0.2F, 0.2F}});
  ShapeDraft draft;
  add_profile(draft.part(glaze, 0.12F),
              {{0, 0.002},
               {0.5 * r, 0.002},
               {0.55 * r, 0},
               {0.62 * r, 0.002},
               {0.7 * r, 0.009},
               {0.985 * r, 0.018},
               {r, 0.0195},
               {0.985 * r, 0.021},
               {0.7 * r, 0.0125},
               {0.62 * r, 0.0065},
               {0.55 * r, 0.005},
               {0, 0.005}},
              64);
  if (rng.below(2) == 0) {  // a painted ring on the rim
    const double in = rng.uniform(0.75, 0.88);
    const auto on_rim = [&](double t) { return 0.0125 + (t - 0.7) / 0.285 * 0.0085 + 0.0002; };
    const std::vector<dvec2> band{{0.94 * r, on_rim(0.94) - 0.001},
                                  {0.94 * r, on_rim(0.94)},
                                  {in * r, on_rim(in)},
                                  {in * r, on_rim(in) - 0.001},
                                  {0.94 * r, on_rim(0.94) - 0.001}};
    add_profile(draft.part(color_of_hue(rng.unit(), 0.7, 0.6), 0.15F), band, 64);
  }
  return draft.finished("plate", variant);
}

Model cup(std::uint64_t variant) {
  Rng rng(variant, 0, "clutter/cup");
  const double r = rng.uniform(0.036, 0.045);
  const double h = rng.uniform(0.075, 0.105);
  const double foot = r * rng.uniform(0.72, 0.98);
  const double wall = 0.0035;
  ShapeDraft draft;
  Surface& body = draft.part(
      rng.below(3) == 0 ? glm::vec3(0.93F, 0.92F, 0.9F)
                        : color_of_hue(rng.unit(), rng.uniform(0.2, 0.8), rng.uniform(0.25, 0.9)),
      0.15F);
  add_profile(body, {{0, 0},
                     {foot - 0.003, 0},
                     {foot, 0.003},
                     {r, h - 0.002},
                     {r - 0.0006, h - 0.0005},
                     {r - 0.5 * wall, h},
                     {r - wall + 0.0006, h - 0.0005},
                     {r - wall, h - 0.002},
                     {foot - wall, wall + 0.004},
                     {foot - wall - 0.006, wall},
                     {0, wall}});
  std::vector<dvec3> handle;
  for (int k = 0; k <= 14; ++k) {
    const double angle = glm::half_pi<double>() * (k / 7.0 - 1);
    const double z = 0.5 * h + 0.28 * h * std::sin(angle);
    const double side = glm::mix(foot, r, z / h) - 0.5 * wall;
    handle.emplace_back(side + 0.03 * std::cos(angle), 0, z);
  }

  add_tube(body, handle, 0.004, 14);
  if (rng.below(2) == 0) {  // coffee or tea
    const double level = rng.uniform(0.5, 0.85);
    const double wide = glm::mix(foot, r, level) - wall + 0.001;
    add_profile(
        draft.part(drawn_color(rng, {{0.16F, 0.08F, 0.03F}, {0.5F, 0.25F, 0.08F}}), 0.03F),
        {{0, level * h - 0.002}, {wide, level * h - 0.002}, {wide, level * h}, {0, level * h}});
  }
  return draft.finished("cup", variant);
}

Model page(std::uint64_t variant) {
  Rng rng(variant, 0, "clutter/page");
  const std::uint32_t kind = rng.below(4);  // a letter, a form, a photo, an envelope
  const dvec2 size = kind < 2    ? dvec2(0.21, 0.297)
                     : kind == 2 ? dvec2(0.15, 0.1)
                                 : dvec2(0.22, 0.11);
  const glm::vec3 white = drawn_color(rng, {{0.96F, 0.95F, 0.93F}, {0.92F, 0.9F, 0.82F}});
  const glm::vec3 ink(uniform(rng, 0.1, 0.3));
  const bool upright = size.y > size.x;
  Painting on(256, upright ? 512 : 128, size, white);
  if (kind == 0) {
    on.write("LETTER", {0.07, 0.035}, 0.009, 0.17, color_of_hue(rng.unit(), 0.6, 0.4));
    print_lines(on, {0.025, 0.065}, {0.185, 0.27}, rng.uniform(0.005, 0.008), ink, rng);
    if (rng.below(2) == 0) paint_photo(on, {0.1, 0.16}, {0.185, 0.22}, rng);
  } else if (kind == 1) {
    for (double y = 0.03; y < 0.27; y += 0.018) {
      on.rectangle({0.02, y}, {0.19, y + 0.0008}, ink);
      print_lines(on, {0.024, y + 0.006}, {rng.uniform(0.06, 0.18), y + 0.014}, 0.007, ink, rng);
    }
    for (const double x : {0.02, 0.08, 0.14, 0.19}) {
      on.rectangle({x, 0.03}, {x + 0.0008, 0.265}, ink);
    }
  } else if (kind == 2) {
    paint_photo(on, {0.005, 0.005}, {0.145, 0.095}, rng);
  } else {
    print_lines(on, {0.09, 0.05}, {0.17, 0.085}, 0.008, ink, rng);
    paint_photo(on, {0.185, 0.01}, {0.21, 0.04}, rng);
  }
  ShapeDraft draft;
  Surface& top = draft.printed(on.image(), 0.8F);
  Surface& rest = draft.part(white, 0.85F);
  add_prism(top, rest, rounded_rectangle(size, 0.0005, 1), 0, 0.0012);
  return draft.finished("page", variant);
}

}  // namespace orrery
