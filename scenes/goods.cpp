#include "scenes/goods.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <glm/gtc/constants.hpp>
#include <string>
#include <utility>
#include <vector>

#include "scenes/painting.hpp"
#include "scenes/random.hpp"
#include "scenes/sha256.hpp"
#include "scenes/shape_draft.hpp"
#include "scenes/shapes.hpp"
#include "scenes/surface_recipe.hpp"

namespace orrery {
namespace {

using glm::dvec2;
using glm::dvec3;

/// The colours of one brand.
struct Brand {
  glm::vec3 ground, ink, accent;
  std::string name;
};

Brand drawn_brand(Rng& rng) {
  static constexpr std::array<const char*, 24> kNames{
      "NOVA", "CRISPY", "TERRA", "OATLY", "LUMO",  "PUFFS", "BIO",   "FRESCO",
      "MIA",  "KORN",   "VITAL", "SOLE",  "ALPEN", "GUSTO", "RICE",  "TOAST",
      "ZEST", "MOKKA",  "PEPPY", "DELTA", "BELLA", "SUNNY", "HAFER", "QUINN"};
  const double hue = rng.unit();
  Brand brand;
  const bool pale = rng.unit() < 0.3;
  brand.ground = color_of_hue(hue, pale ? rng.uniform(0, 0.25) : rng.uniform(0.5, 0.95),
                              pale ? rng.uniform(0.8, 0.95) : rng.uniform(0.35, 0.9));
  const float light = glm::dot(brand.ground, glm::vec3(0.3F, 0.6F, 0.1F));
  brand.ink = light < 0.55F ? glm::vec3(0.97F, 0.96F, 0.9F)
                            : color_of_hue(hue + 0.5, 0.7, rng.uniform(0.1, 0.35));
  brand.accent = color_of_hue(hue + rng.uniform(0.25, 0.75), 0.85, rng.uniform(0.5, 0.95));
  brand.name = kNames[rng.below(kNames.size())];
  return brand;
}

/// Rows of lines: small print seen from some way off.
void small_print(Painting& on, const dvec2& low, const dvec2& high, double line,
                 const glm::vec3& ink, Rng& rng) {
  for (double y = low.y; y + line < high.y; y += 1.8 * line) {
    for (double x = low.x; x < high.x;) {
      const double word = line * rng.uniform(1, 4);
      if (x + word > high.x) break;
      on.rectangle({x, y}, {x + word, y + 0.75 * line}, ink);
      x += word + 0.7 * line;
    }
  }
}

/// What a front shows: a name, a picture of round things, a band.
void paint_front(Painting& on, const dvec2& low, const dvec2& size, const Brand& brand, Rng& rng) {
  const auto at = [&](double x, double y) { return low + dvec2(x, y) * size; };
  const double unit = std::min(size.x, 0.7 * size.y);
  const glm::vec3 second = glm::mix(brand.ground, brand.accent, 0.5F);
  switch (rng.below(4)) {
    case 0:
      on.rectangle(at(0, 0.62), at(1, 1), brand.accent);
      break;
    case 1:
      on.polygon(std::array{at(0, 0.5), at(1, 0.35), at(1, 0.8), at(0, 0.95)}, second);
      break;
    case 2:
      on.paint(at(0, 0), at(1, 1), second, [&](const dvec2& p) {  // rays
        const dvec2 d = p - at(0.5, 0.68);
        return std::fmod(std::atan2(d.y, d.x) * 8 / glm::pi<double>() + 16, 2.0) < 1;
      });
      break;
    default:
      on.rectangle(at(0, 0), at(1, 0.12), brand.accent);
  }
  const double bowl = 0.34 * unit;
  on.disc(at(0.5, 0.68), bowl, rng.below(2) == 0 ? glm::vec3(0.95F) : brand.accent);
  const glm::vec3 crumb =
      color_of_hue(rng.uniform(0.02, 0.16), rng.uniform(0.4, 0.9), rng.uniform(0.4, 0.95));
  const std::uint32_t crumbs = 6 + rng.below(14);
  for (std::uint32_t i = 0; i < crumbs; ++i) {
    const double angle = rng.uniform(0, glm::two_pi<double>());
    const double far = 0.75 * bowl * std::sqrt(rng.unit());
    const glm::vec3 tone = crumb * uniform(rng, 0.75, 1.1);
    on.disc(at(0.5, 0.68) + far * dvec2(std::cos(angle), std::sin(angle)),
            bowl * rng.uniform(0.1, 0.26), tone);
  }
  const double letter = std::min(0.2 * size.y, 0.84 * size.x / text_width(brand.name));
  const dvec2 name = at(0.5, 0.24);
  const double wide = 0.5 * letter * text_width(brand.name) + 0.25 * letter;
  if (rng.below(2) == 0) {
    on.rectangle(name - dvec2(std::min(wide, 0.5 * size.x), 0.75 * letter),
                 name + dvec2(std::min(wide, 0.5 * size.x), 0.75 * letter), brand.accent);
  }
  on.write(brand.name, name, letter, 0.17, brand.ink);
  small_print(on, at(0.25, 0.38), at(0.75, 0.43), 0.015 * size.y, brand.ink, rng);
  small_print(on, at(0.06, 0.94), at(0.5, 0.985), 0.014 * size.y, brand.ink, rng);
}

/// A label that goes all around, u once about: the front in the middle of its left half, where -y
/// is (u = 0.75 on turned shapes is -y, so the picture is shifted to match).
Image<Rgba8> wrapped_label(const Brand& brand, double around, double height, Rng& rng,
                           bool full = true) {
  Painting on(512, 256, {around, height}, full ? brand.ground : glm::vec3(0.93F, 0.92F, 0.88F));
  const double front = 0.4 * around;
  for (const double middle : {0.75, 0.25}) {
    Rng same = rng;  // both sides show the same
    paint_front(on, {middle * around - 0.5 * front, 0}, {front, height}, brand, same);
  }
  small_print(on, {0.02 * around, 0.15 * height}, {0.045 * around, 0.9 * height}, 0.02 * height,
              brand.ink, rng);
  on.rectangle({0.46 * around, 0.6 * height}, {0.54 * around, 0.9 * height}, glm::vec3(0.95F));
  for (double x = 0.465; x < 0.535; x += rng.uniform(0.003, 0.006)) {
    on.rectangle({x * around, 0.63 * height}, {(x + 0.0018) * around, 0.87 * height},
                 glm::vec3(0.05F));
  }
  return on.image();
}

/// A closed band about z, a little outside of what it is glued to, with its picture once around.
void add_band(Surface& surface, double radius, double low, double high) {
  const double r = radius + 0.0003;
  const auto flat = [&](double from, double to, double z, double up) {
    add_turned(surface, std::vector<OutlinePoint>{{{from, z}, {0, up}}, {{to, z}, {0, up}}}, 48);
  };
  add_turned(surface, std::vector<OutlinePoint>{{{r, low}, {1, 0}}, {{r, high}, {1, 0}}}, 48);
  flat(0, r, low, -1);
  flat(r, 0, high, 1);
}

/// Points of a quarter round from one point to another; it leaves `from` upwards.
void round_in(std::vector<dvec2>& points, const dvec2& from, const dvec2& to, int steps = 8) {
  for (int k = 1; k <= steps; ++k) {
    const double angle = glm::half_pi<double>() * k / steps;
    points.emplace_back(to.x + (from.x - to.x) * std::cos(angle),
                        from.y + (to.y - from.y) * std::sin(angle));
  }
}

}  // namespace

Model carton(std::uint64_t variant) {
  Rng rng(variant, 0, "goods/carton");
  const Brand brand = drawn_brand(rng);
  const std::uint32_t kind = rng.below(3);  // cereals, tea, pasta
  const dvec3 size = kind == 0   ? dvec3(rng.uniform(0.17, 0.21), rng.uniform(0.055, 0.08), 0.28)
                     : kind == 1 ? dvec3(rng.uniform(0.12, 0.16), rng.uniform(0.06, 0.08), 0.08)
                                 : dvec3(rng.uniform(0.08, 0.11), rng.uniform(0.035, 0.06), 0.19);
  // Laid open in one row: front, right, back, left, top.
  const double open = 2 * size.x + 2 * size.y + size.x;
  Painting on(1024, 256, {open, size.z}, brand.ground);
  for (const double left : {0.0, size.x + size.y}) {
    Rng same = rng;
    paint_front(on, {left, 0}, {size.x, size.z}, brand, same);
  }
  for (const double left : {size.x, 2 * size.x + size.y}) {
    on.rectangle({left + 0.08 * size.y, 0.12 * size.z}, {left + 0.92 * size.y, 0.9 * size.z},
                 glm::mix(brand.ground, glm::vec3(1), 0.75F));
    small_print(on, {left + 0.14 * size.y, 0.16 * size.z}, {left + 0.86 * size.y, 0.86 * size.z},
                0.02 * size.z, glm::vec3(0.15F), rng);
  }
  const double top = 2 * (size.x + size.y);
  on.write(brand.name, {top + 0.5 * size.x, 0.5 * size.z}, 0.35 * size.z, 0.16, brand.ink);
  ShapeDraft draft;
  Surface& box = draft.printed(on.image(), uniform(rng, 0.35, 0.6));
  add_rounded_box(box, {0, 0, 0.5 * size.z}, size, 0.0015);
  for (std::size_t i = 0; i < box.positions.size(); ++i) {  // each face its place in the row
    const glm::vec3 n = glm::abs(box.normals[i]);
    const bool positive = glm::dot(box.normals[i], glm::vec3(1)) > 0;
    dvec2 uv(box.uvs[i]);
    double left = top;
    double width = size.x;
    if (n.y >= n.x && n.y >= n.z) left = positive ? size.x + size.y : 0;
    if (n.x > n.y && n.x >= n.z) {
      left = positive ? size.x : 2 * size.x + size.y;
      width = size.y;
    }
    uv.x = (left + glm::clamp(uv.x, 0.01, 0.99) * width) / open;
    box.uvs[i] = glm::vec2(uv);
  }
  return draft.finished("carton", variant);
}

Model bottle(std::uint64_t variant) {
  Rng rng(variant, 0, "goods/bottle");
  const Brand brand = drawn_brand(rng);
  const std::uint32_t kind = rng.below(3);  // wine, water, cleaner
  const double radius = rng.uniform(0.032, 0.04);
  const double body = kind == 0 ? rng.uniform(0.17, 0.2) : rng.uniform(0.12, 0.18);
  const double neck = kind == 0 ? 0.014 : rng.uniform(0.013, 0.017);
  const double height = body + (kind == 0 ? 0.11 : rng.uniform(0.05, 0.07));
  const glm::vec3 glass =
      kind == 0
          ? drawn_color(rng, {{0.06F, 0.13F, 0.06F}, {0.16F, 0.08F, 0.03F}, {0.3F, 0.38F, 0.2F}})
      : kind == 1
          ? drawn_color(rng, {{0.7F, 0.8F, 0.86F}, {0.45F, 0.66F, 0.5F}, {0.62F, 0.3F, 0.1F}})
          : color_of_hue(rng.unit(), rng.uniform(0.05, 0.85), rng.uniform(0.5, 0.95));
  ShapeDraft draft;
  std::vector<dvec2> points{{0, 0}, {0.88 * radius, 0}, {radius, 0.006}, {radius, body}};
  round_in(points, {radius, body}, {neck, body + 0.6 * (height - body)}, 10);
  points.emplace_back(neck, height);
  points.emplace_back(0, height);
  add_profile(draft.part(glass, kind == 2 ? 0.35F : 0.08F), points);
  const double low = rng.uniform(0.2, 0.3) * body;
  const double high = rng.uniform(0.75, 0.95) * body;
  add_band(draft.printed(wrapped_label(brand, glm::two_pi<double>() * radius, high - low, rng,
                                       rng.below(2) == 0),
                         0.5F),
           radius, low, high);
  const double cap = neck + 0.002;
  add_profile(
      draft.part(kind == 0 ? brand.accent * 0.5F : brand.accent, 0.4F, kind == 0 ? 0.8F : 0.0F),
      {{0, height - 0.016}, {cap, height - 0.016}, {cap, height + 0.004}, {0, height + 0.004}});
  return draft.finished("bottle", variant);
}

Model tin(std::uint64_t variant) {
  Rng rng(variant, 0, "goods/tin");
  const Brand brand = drawn_brand(rng);
  const bool flat = rng.below(4) == 0;  // as of fish
  const double radius = flat ? rng.uniform(0.042, 0.05) : rng.uniform(0.033, 0.043);
  const double height = flat ? rng.uniform(0.03, 0.045) : rng.uniform(0.09, 0.125);
  ShapeDraft draft;
  const double rim = radius + 0.001;
  add_profile(draft.part(glm::vec3(0.8F, 0.79F, 0.76F), 0.28F, 1.0F),
              {{0, 0.003},
               {radius - 0.003, 0.003},
               {radius - 0.002, 0},
               {rim, 0},
               {rim, 0.003},
               {radius, 0.004},
               {radius, height - 0.004},
               {rim, height - 0.003},
               {rim, height},
               {radius - 0.002, height},
               {radius - 0.003, height - 0.003},
               {0.7 * radius, height - 0.003},
               {0.68 * radius, height - 0.004},
               {0, height - 0.004}});
  add_band(draft.printed(wrapped_label(brand, glm::two_pi<double>() * radius, height, rng), 0.4F),
           radius, 0.005, height - 0.005);
  return draft.finished("tin", variant);
}

Model jar(std::uint64_t variant) {
  Rng rng(variant, 0, "goods/jar");
  const Brand brand = drawn_brand(rng);
  const double radius = rng.uniform(0.032, 0.045);
  const double height = rng.uniform(0.08, 0.13);
  const glm::vec3 inside = drawn_color(rng, {{0.5F, 0.08F, 0.08F},    // jam
                                             {0.78F, 0.5F, 0.1F},     // honey
                                             {0.42F, 0.47F, 0.16F},   // pickles
                                             {0.28F, 0.15F, 0.08F},   // chocolate
                                             {0.82F, 0.32F, 0.12F},   // sauce
                                             {0.9F, 0.86F, 0.74F}});  // cream
  ShapeDraft draft;
  const double neck = 0.85 * radius;
  std::vector<dvec2> points{{0, 0.003}, {0.7 * radius, 0.003}, {0.85 * radius, 0}};
  for (int k = 1; k <= 5; ++k) {
    const double angle = glm::half_pi<double>() * k / 5;
    points.emplace_back(0.85 * radius + 0.15 * radius * std::sin(angle),
                        0.006 * (1 - std::cos(angle)));
  }
  points.emplace_back(radius, 0.72 * height);
  round_in(points, {radius, 0.72 * height}, {neck, 0.86 * height});
  points.emplace_back(neck, height);
  points.emplace_back(0, height);
  add_profile(draft.part(inside, 0.06F), points);
  add_band(
      draft.printed(wrapped_label(brand, glm::two_pi<double>() * radius, 0.45 * height, rng, false),
                    0.5F),
      radius, 0.17 * height, 0.62 * height);
  const glm::vec3 lid = rng.below(3) == 0 ? glm::vec3(0.75F, 0.68F, 0.45F)
                                          : glm::mix(brand.accent, brand.ground, 0.3F);
  add_profile(draft.part(lid, 0.3F, 0.6F), {{0, height - 0.014},
                                            {neck + 0.002, height - 0.014},
                                            {neck + 0.002, height},
                                            {neck, height + 0.002},
                                            {0.8 * neck, height + 0.001},
                                            {0, height + 0.001}});
  return draft.finished("jar", variant);
}

Model upright_book(std::uint64_t variant) {
  Rng rng(variant, 0, "goods/upright_book");
  const dvec3 size(rng.uniform(0.11, 0.17), rng.uniform(0.17, 0.25), rng.uniform(0.012, 0.045));
  Model model = book(size, 1000 + variant);
  // Its spine, at -x, goes to -y and its head, at +y, up.
  const auto up = [](const glm::vec3& p) { return glm::vec3(p.z, p.x, p.y); };
  for (Vertex& vertex : model.vertices) {
    vertex.position = up(vertex.position) + glm::vec3(-0.5 * size.z, 0, 0.5 * size.y);
    vertex.normal = packed_normal(up(unpacked_normal(vertex.normal)));
  }
  model.bounds = {glm::vec3(-0.5 * size.z, -0.5 * size.x, 0),
                  glm::vec3(0.5 * size.z, 0.5 * size.x, size.y)};
  model.name = "upright_book";
  Sha256 hash;
  hash.add("upright " + model.sha256);
  model.sha256 = hash.hex();
  return model;
}

}  // namespace orrery
