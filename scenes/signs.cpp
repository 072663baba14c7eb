#include <algorithm>
#include <array>
#include <cmath>
#include <glm/gtc/constants.hpp>
#include <string>
#include <vector>

#include "scenes/error.hpp"
#include "scenes/painting.hpp"
#include "scenes/random.hpp"
#include "scenes/shape_draft.hpp"
#include "scenes/street.hpp"
#include "scenes/tile_noise.hpp"

namespace orrery {
namespace {

using glm::dvec2;
using glm::dvec3;

// sRGB of the retroreflective sheets, about as CIE 33.2 wants them.
const glm::vec3 kRed(0.76F, 0.08F, 0.11F);
const glm::vec3 kBlue(0.05F, 0.24F, 0.58F);
const glm::vec3 kYellow(0.97F, 0.75F, 0.08F);
const glm::vec3 kWhite(0.95F, 0.95F, 0.94F);
const glm::vec3 kBlack(0.05F, 0.05F, 0.05F);

enum class SheetOutline : std::uint8_t { disc, octagon, point_up, point_down, diamond, square };

struct Kind {
  const char* name;
  SheetOutline outline;
  void (*paint)(Painting& on);  ///< over the unit square
};

void ring(Painting& on, const glm::vec3& outside, const glm::vec3& inside, double width) {
  on.rectangle({0, 0}, {1, 1}, outside);
  on.disc({0.5, 0.5}, 0.5 - width, inside);
}

void speed_limit(Painting& on, const char* digits) {
  ring(on, kRed, kWhite, 0.105);
  on.write(digits, {0.5, 0.5}, 0.42, 0.15, kBlack, 0.8);
}

/// The triangle of the plate, made smaller by `in`; pointing up.
std::vector<dvec2> triangle(double in) {
  return {{0.5, 2 * in}, {1 - 1.73 * in, 1 - in}, {1.73 * in, 1 - in}};
}

void arrow(Painting& on, const dvec2& from, const dvec2& to, double width, const glm::vec3& ink) {
  const dvec2 along = glm::normalize(to - from);
  const dvec2 aside(-along.y, along.x);
  const dvec2 neck = to - 1.7 * width * along;
  on.polygon(std::array<dvec2, 4>{{from + 0.5 * width * aside, neck + 0.5 * width * aside,
                                   neck - 0.5 * width * aside, from - 0.5 * width * aside}},
             ink);
  on.polygon(std::array<dvec2, 3>{{to, neck + 1.25 * width * aside, neck - 1.25 * width * aside}},
             ink);
}

/// Somebody who walks to the left, head, trunk and limbs, within a unit of height about a place.
void walker(Painting& on, const dvec2& at, double size) {
  const auto limb = [&](std::initializer_list<dvec2> points, double width) {
    std::vector<dvec2> placed;
    for (const dvec2& p : points) placed.push_back(at + size * p);
    on.line(placed, width * size, kBlack);
  };
  on.disc(at + size * dvec2(0.02, -0.41), 0.085 * size, kBlack);
  limb({{0.02, -0.25}, {0.03, 0.05}}, 0.15);
  limb({{0.02, 0.05}, {-0.12, 0.25}, {-0.2, 0.47}}, 0.1);
  limb({{0.04, 0.05}, {0.12, 0.27}, {0.24, 0.45}}, 0.1);
  limb({{0.0, -0.25}, {-0.17, -0.08}, {-0.22, 0.03}}, 0.075);
  limb({{0.04, -0.25}, {0.19, -0.1}, {0.2, 0.04}}, 0.075);
}

const std::array<Kind, 14> kKinds{{
    {"danger", SheetOutline::point_up,
     [](Painting& on) {
       on.polygon(triangle(0.085), kWhite);
       on.line(std::array<dvec2, 2>{{{0.5, 0.42}, {0.5, 0.68}}}, 0.085, kBlack);
       on.disc({0.5, 0.81}, 0.052, kBlack);
     }},
    {"keep_right", SheetOutline::disc,
     [](Painting& on) {
       ring(on, kWhite, kBlue, 0.02);
       arrow(on, {0.26, 0.26}, {0.77, 0.77}, 0.14, kWhite);
     }},
    {"no_entry", SheetOutline::disc,
     [](Painting& on) {
       ring(on, kWhite, kRed, 0.02);
       on.rectangle({0.14, 0.41}, {0.86, 0.59}, kWhite);
     }},
    {"no_parking", SheetOutline::disc,
     [](Painting& on) {
       ring(on, kRed, kBlue, 0.1);
       on.line(std::array<dvec2, 2>{{{0.18, 0.18}, {0.82, 0.82}}}, 0.1, kRed);
     }},
    {"no_vehicles", SheetOutline::disc, [](Painting& on) { ring(on, kRed, kWhite, 0.12); }},
    {"parking", SheetOutline::square,
     [](Painting& on) {
       on.rectangle({0, 0}, {1, 1}, kWhite);
       on.rectangle({0.025, 0.025}, {0.975, 0.975}, kBlue);
       on.write("P", {0.52, 0.5}, 0.58, 0.19, kWhite);
     }},
    {"pedestrian_crossing", SheetOutline::square,
     [](Painting& on) {
       on.rectangle({0, 0}, {1, 1}, kWhite);
       on.rectangle({0.025, 0.025}, {0.975, 0.975}, kBlue);
       on.polygon(std::array<dvec2, 3>{{{0.5, 0.1}, {0.93, 0.88}, {0.07, 0.88}}}, kWhite);
       walker(on, {0.5, 0.58}, 0.44);
       for (double x = 0.2; x < 0.8; x += 0.125) {
         on.rectangle({x, 0.815}, {x + 0.07, 0.86}, kBlack);
       }
     }},
    {"priority_road", SheetOutline::diamond,
     [](Painting& on) {
       on.rectangle({0, 0}, {1, 1}, kWhite);
       on.polygon(std::array<dvec2, 4>{{{0.5, 0.14}, {0.86, 0.5}, {0.5, 0.86}, {0.14, 0.5}}},
                  kYellow);
     }},
    {"roundabout", SheetOutline::disc,
     [](Painting& on) {
       ring(on, kWhite, kBlue, 0.02);
       for (int k = 0; k < 3; ++k) {
         std::vector<dvec2> bow;
         for (int s = 0; s <= 8; ++s) {
           const double angle = glm::two_pi<double>() * (k / 3.0 + 0.2 * s / 8);
           bow.push_back(dvec2(0.5) + 0.25 * dvec2(std::cos(angle), std::sin(angle)));
         }
         on.line(bow, 0.085, kWhite);
         const dvec2 way = glm::normalize(bow[8] - bow[7]);
         arrow(on, bow[8] - 0.02 * way, bow[8] + 0.15 * way, 0.095, kWhite);
       }
     }},
    {"speed_limit_30", SheetOutline::disc, [](Painting& on) { speed_limit(on, "30"); }},
    {"speed_limit_50", SheetOutline::disc, [](Painting& on) { speed_limit(on, "50"); }},
    {"speed_limit_80", SheetOutline::disc, [](Painting& on) { speed_limit(on, "80"); }},
    {"stop", SheetOutline::octagon,
     [](Painting& on) {
       std::vector<dvec2> inner = regular_polygon(8, 0.5125, glm::pi<double>() / 8);
       for (dvec2& p : inner) p += 0.5;
       on.rectangle({0, 0}, {1, 1}, kWhite);
       on.polygon(inner, kRed);
       on.write("STOP", {0.5, 0.5}, 0.34, 0.14, kWhite, 0.6);
     }},
    {"yield", SheetOutline::point_down,
     [](Painting& on) {
       std::vector<dvec2> inner = triangle(0.1);
       for (dvec2& p : inner) p.y = 1 - p.y;
       on.polygon(inner, kWhite);
     }},
}};

const Kind& kind_of(const std::string& name) {
  for (const Kind& kind : kKinds) {
    if (name == kind.name) return kind;
  }
  throw Error("no sign is named '" + name + "'", Exit::bug);
}

/// The plate's outline, metres, for a side or diameter of `size`.
std::vector<dvec2> outline_of(SheetOutline outline, double size) {
  const double half = 0.5 * size;
  std::vector<dvec2> sharp;
  switch (outline) {
    case SheetOutline::disc:
      return regular_polygon(64, half, 0);
    case SheetOutline::octagon:
      return regular_polygon(8, half / std::cos(glm::pi<double>() / 8), glm::pi<double>() / 8);
    case SheetOutline::point_up:
      sharp = regular_polygon(3, 0.5774 * size, glm::half_pi<double>());
      break;
    case SheetOutline::point_down:
      sharp = regular_polygon(3, 0.5774 * size, -glm::half_pi<double>());
      break;
    case SheetOutline::diamond:
      sharp = regular_polygon(4, 1.0 * half, 0);
      break;
    default:
      return rounded_rectangle(dvec2(size), 0.05 * size);
  }
  std::vector<dvec2> rounded;  // corners cut by an arc
  const double radius = 0.04 * size;
  for (std::size_t i = 0; i < sharp.size(); ++i) {
    const dvec2 p = sharp[i];
    const dvec2 out = glm::normalize(p);
    const double half_angle = glm::pi<double>() * (0.5 - 1.0 / static_cast<double>(sharp.size()));
    const dvec2 center = p - out * (radius / std::sin(half_angle));
    const double open = glm::half_pi<double>() - half_angle;
    for (int k = -3; k <= 3; ++k) {
      const double angle = std::atan2(out.y, out.x) + open * k / 3;
      rounded.push_back(center + radius * dvec2(std::cos(angle), std::sin(angle)));
    }
  }
  return rounded;
}

struct Mounting {
  double size;    ///< of the plate
  double middle;  ///< of the plate above the ground
  double post;    ///< radius
};

Mounting mounting_of(const Kind& kind, std::uint64_t variant) {
  Rng rng(variant, 0, std::string("sign/mounting/") + kind.name);
  static constexpr std::array<double, 3> kSizes{0.6, 0.75, 0.9};
  double size = kSizes[variant % 3];
  if (kind.outline == SheetOutline::point_up || kind.outline == SheetOutline::point_down)
    size *= 1.25;
  if (kind.outline == SheetOutline::diamond) size *= 1.3;
  return {size, rng.uniform(1.5, 2.2) + 0.5 * size, rng.uniform(0.025, 0.04)};
}

/// Years of sun and dirt: paler, with stains that run down.
Image<Rgba8> weathered(Image<Rgba8> image, Rng& rng) {
  const float fade = static_cast<float>(rng.uniform(0, 0.3) * rng.unit());
  const float dirt = static_cast<float>(rng.uniform(0, 0.6) * rng.unit());
  const TileFractal stains(6, 3, 4, rng);
  const TileFractal specks(40, 40, 2, rng);
  for (int y = 0; y < image.height; ++y) {
    for (int x = 0; x < image.width; ++x) {
      const glm::vec2 uv = glm::vec2(x, y) / static_cast<float>(image.width);
      const float stain = glm::smoothstep(0.0F, 0.6F, stains(uv)) * 0.5F +
                          glm::smoothstep(0.45F, 0.6F, specks(uv)) * 0.6F;
      glm::vec3 color = glm::vec3(image.at(x, y)) / 255.0F;
      color = glm::mix(color, glm::vec3(0.78F, 0.76F, 0.74F), fade);
      color = glm::mix(color, glm::vec3(0.3F, 0.26F, 0.2F), dirt * stain);
      image.at(x, y) = Rgba8(glm::vec4(color * 255.0F + 0.5F, 255));
    }
  }
  return image;
}

}  // namespace

std::vector<std::string> sign_kinds() {
  std::vector<std::string> names;
  for (const Kind& kind : kKinds) names.emplace_back(kind.name);
  return names;
}

Model sign_plate(const std::string& name, std::uint64_t variant) {
  const Kind& kind = kind_of(name);
  Rng rng(variant, 0, "sign/plate/" + name);
  Painting face(256, 256, {1, 1}, kRed);
  kind.paint(face);
  ShapeDraft draft;
  Surface& front = draft.printed(weathered(face.image(), rng), 0.35F);
  Surface& back = draft.part(glm::vec3(0.62F, 0.63F, 0.63F), 0.45F, 0.5F);
  add_prism(front, back, outline_of(kind.outline, mounting_of(kind, variant).size), -0.003, 0.003);
  for (Surface* part : {&front, &back}) {
    move_from(*part, 0, turn_about(0, glm::half_pi<double>()), dvec3(0));
  }
  return draft.finished("sign/" + name, variant);
}

Model sign_post(const std::string& name, std::uint64_t variant) {
  const Kind& kind = kind_of(name);
  const Mounting mounting = mounting_of(kind, variant);
  ShapeDraft draft;
  Surface& metal = draft.part(glm::vec3(0.6F, 0.61F, 0.61F), 0.4F, 0.7F);
  const double r = mounting.post;
  // Behind the plate to the last.
  const double top = (kind.outline == SheetOutline::point_down ? 0.25 : 0.4) * mounting.size;
  const std::uint32_t first = vertices_of(metal);
  const std::array<dvec2, 5> outline{{{0, -mounting.middle},
                                      {r, -mounting.middle},
                                      {r, top},
                                      {0.6 * r, top + 0.01},
                                      {0, top + 0.013}}};
  add_turned(metal, outline_through(outline), 24);
  move_from(metal, first, glm::dmat3(1.0), {0, r + 0.012, 0});
  for (const double z : {-0.22, 0.22}) {  // clamps hold the plate
    add_rounded_box(metal, {0, 0.5 * r + 0.0105, z * mounting.size}, {3 * r, r + 0.015, 0.03},
                    0.002);
  }
  return draft.finished("post/" + name, variant);
}

}  // namespace orrery
