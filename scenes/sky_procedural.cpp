#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <functional>
#include <glm/gtc/constants.hpp>
#include <string_view>

#include "scenes/error.hpp"
#include "scenes/nearest_name.hpp"
#include "scenes/sha256.hpp"
#include "scenes/sky.hpp"
#include "scenes/sky_filter.hpp"

namespace orrery {
namespace {

using glm::dvec2;
using glm::dvec3;

/// Changes with every change to what a procedural sky looks like: datasets name it by hash.
constexpr std::string_view kRevision = "1";
constexpr int kWidth = 512;

double smooth(double low, double high, double x) { return glm::smoothstep(low, high, x); }

/// Uniform in [0, 1) for a lattice point.
double lattice(int x, int y, int z) {
  std::uint32_t h = static_cast<std::uint32_t>(x) * 0x8DA6B343U ^
                    static_cast<std::uint32_t>(y) * 0xD8163841U ^
                    static_cast<std::uint32_t>(z) * 0xCB1AB31FU;
  h = (h ^ (h >> 15)) * 0x2C1B3C6DU;
  h = (h ^ (h >> 12)) * 0x297A2D39U;
  return static_cast<double>(h ^ (h >> 15)) * 0x1p-32;
}

/// Value noise in [0, 1). Coordinates lie well above -4096; cutting off is quicker than floor.
double noise(const dvec3& p) {
  const dvec3 raised = p + 4096.0;
  const glm::ivec3 c(raised);
  const dvec3 f = raised - dvec3(c);
  const dvec3 t = f * f * (3.0 - 2.0 * f);
  const auto edge = [&](int y, int z) {
    return glm::mix(lattice(c.x, c.y + y, c.z + z), lattice(c.x + 1, c.y + y, c.z + z), t.x);
  };
  return glm::mix(glm::mix(edge(0, 0), edge(1, 0), t.y), glm::mix(edge(0, 1), edge(1, 1), t.y),
                  t.z);
}

/// Five octaves of noise in [0, 1). Source: Musgrave, in Texturing and Modeling, 1994.
double fractal(dvec3 p) {
  double sum = 0;
  double amplitude = 0.5;
  for (int octave = 0; octave < 5; ++octave, p = 2.03 * p + 17.0, amplitude *= 0.5) {
    sum += amplitude * noise(p);
  }
  return sum / 0.96875;
}

/// What tells one outdoor sky from another; colours are linear radiance.
struct Outdoors {
  dvec3 zenith, horizon, ground, hills;
  dvec3 cloud;        ///< lit side
  double cover;       ///< share of the sky under clouds
  dvec3 glow;         ///< around the place of the sun
  dvec3 sun;          ///< unit; the disc itself is left to the scene's lights
  double glow_width;  ///< radians
};

dvec3 outdoors(const Outdoors& o, const dvec3& d) {
  const double toward_sun = std::acos(std::clamp(glm::dot(d, o.sun), -1.0, 1.0));
  const dvec3 glow = o.glow * (std::exp(-toward_sun / o.glow_width) +
                               0.25 * std::exp(-toward_sun / (4 * o.glow_width)));
  const dvec2 level = glm::normalize(dvec2(d) + dvec2(1e-9, 0));
  const double ridge = 0.01 + 0.11 * std::pow(fractal({level * 2.2, 3.0}), 1.5);
  const double ripple = 0.02 * fractal({level * 14.0, 9.0});
  if (d.z < 0) {
    // Ground seen from 1.6 m, with the haze of the distance.
    const double away = 1.6 / std::max(-d.z, 1e-3);
    const dvec3 at(dvec2(d) * away, 0.0);
    const double fine = fractal(at * 1.7) * 0.6 + fractal(at * 0.25) * 0.4;
    const dvec3 near = o.ground * (0.45 + 1.1 * fine);
    return glm::mix(near, o.ground * 0.6 + o.horizon * 0.15, smooth(4, 60, away)) + 0.05 * glow;
  }
  if (d.z < ridge + ripple) {
    const double fine = fractal({level * 45.0, d.z * 60.0});
    return o.hills * (0.55 + 0.9 * fine) + o.horizon * 0.06 * (1 - d.z / (ridge + ripple));
  }
  dvec3 sky = glm::mix(o.horizon, o.zenith, std::pow(std::clamp(d.z, 0.0, 1.0), 0.42)) + glow;
  const dvec3 above(dvec2(d) / (d.z + 0.12), 0.0);
  const double density = fractal(above * 0.9 + dvec3(5, 2, 1));
  const double amount = smooth(0.62 - 0.45 * o.cover, 0.80 - 0.35 * o.cover, density);
  const double shade = 0.62 + 0.75 * (1 - fractal(above * 1.3 + dvec3(4.8, 2.1, 7)));
  const dvec3 cloud = o.cloud * shade + 0.8 * glow;
  return glm::mix(sky, cloud, amount * smooth(0.0, 0.12, d.z - ridge));
}

/// A softly edged rectangular emitter in the direction `center`: 1 inside, 0 outside. `half` are
/// tangents of its half angles.
double soft_box(const dvec3& d, const dvec3& center, const dvec2& half, double edge) {
  const dvec3 c = glm::normalize(center);
  const double along = glm::dot(d, c);
  if (along <= 0.05) return 0;
  const dvec3 side = std::abs(c.z) > 0.99 ? dvec3(1, 0, 0) : dvec3(0, 0, 1);
  const dvec3 right = glm::normalize(glm::cross(c, side));
  const dvec3 up = glm::cross(right, c);
  const double x = std::abs(glm::dot(d, right)) / along;
  const double y = std::abs(glm::dot(d, up)) / along;
  return smooth(half.x + edge, half.x - edge, x) * smooth(half.y + edge, half.y - edge, y);
}

dvec3 studio(const dvec3& d) {
  const dvec3 wall(0.42, 0.43, 0.45);
  const double paper = smooth(-0.9, 0.35, d.z);  // one sweep of paper, floor into wall
  dvec3 light = wall * (0.35 + 0.75 * paper) * (0.9 + 0.1 * d.x) * smooth(1.5, 0.3, d.z);
  light += dvec3(9.0, 8.9, 8.6) * soft_box(d, {0.1, 0, 1}, {0.5, 0.36}, 0.05);
  light += dvec3(7.0, 6.7, 6.2) * soft_box(d, {1, 0.55, 0.45}, {0.28, 0.42}, 0.03);
  light += dvec3(4.2, 4.5, 5.0) * soft_box(d, {-1, 0.5, 0.4}, {0.24, 0.5}, 0.03);
  light += dvec3(5.5) * soft_box(d, {-0.15, -1, 0.25}, {0.07, 0.6}, 0.02);
  return light;
}

/// Where a ray from inside leaves the room [-3,3] × [-2.5,2.5] × [0,2.7], and the axis it hits.
struct Wall {
  dvec3 at;
  int axis;
  double sign;
};

Wall wall_seen(const dvec3& eye, const dvec3& d) {
  const dvec3 half(3, 2.5, 1.35);
  const dvec3 from = eye - dvec3(0, 0, 1.35);
  double nearest = 1e9;
  int axis = 0;
  for (int a = 0; a < 3; ++a) {
    if (std::abs(d[a]) < 1e-9) continue;
    const double t = ((d[a] > 0 ? half[a] : -half[a]) - from[a]) / d[a];
    if (t < nearest) {
      nearest = t;
      axis = a;
    }
  }
  return {eye + d * nearest, axis, d[axis] > 0 ? 1.0 : -1.0};
}

bool inside(double x, double center, double half) { return std::abs(x - center) < half; }

dvec3 window_light(double across, double z) {
  if (inside(across, 0, 0.03) || inside(z, 1.75, 0.025)) return dvec3(0.7);
  const double leaf = fractal({across * 3.0, z * 3.0, 1.0});
  const dvec3 garden = dvec3(1.6, 2.6, 0.9) * (0.3 + leaf);
  return glm::mix(garden, dvec3(9, 10, 11.5), smooth(1.2, 1.7, z + 0.8 * (leaf - 0.5)));
}

dvec3 bookshelf(double across, double z) {
  const double shelf = std::fmod(z, 0.36);
  const int book = static_cast<int>(std::floor(across * 22));
  const int row = static_cast<int>(z / 0.36);
  const double height = 0.2 + 0.12 * lattice(book, row, 5);
  if (shelf < 0.03) return {0.32, 0.2, 0.1};
  if (shelf > height) return {0.05, 0.035, 0.025};
  const dvec3 tint(lattice(book, row, 1), lattice(book, row, 2), lattice(book, row, 3));
  return 0.06 + 0.5 * tint * tint;
}

dvec3 room_albedo(const Wall& hit) {
  const dvec3& p = hit.at;
  if (hit.axis == 2 && hit.sign < 0) {
    const int board = static_cast<int>(std::floor(p.y / 0.14));
    const double grain = fractal({p.x * 2 + 31.0 * lattice(board, 0, 0), p.y * 40, 0.0});
    const dvec3 wood = dvec3(0.42, 0.25, 0.12) * (0.6 + 0.35 * lattice(board, 1, 0) + 0.4 * grain);
    if (std::hypot(p.x - 0.6, p.y) > 1.5) return wood;
    return std::hypot(p.x - 0.6, p.y) > 1.35 ? dvec3(0.55, 0.5, 0.4) : dvec3(0.35, 0.09, 0.08);
  }
  if (hit.axis == 2) return dvec3(0.82);
  if (p.z < 0.09) return dvec3(0.75);
  if (hit.axis == 0 && hit.sign < 0 && inside(p.y, 0.4, 1.1) && p.z < 2.2) {
    return bookshelf(p.y + 3, p.z);
  }
  if (hit.axis == 1 && hit.sign < 0) {
    if (inside(p.x, 1.6, 0.45) && p.z < 2.05) return {0.48, 0.36, 0.24};
    if (inside(p.x, -0.8, 0.55) && inside(p.z, 1.55, 0.4)) {
      const double paint = fractal({p.x * 3, p.z * 3, 4.0});
      return glm::mix(dvec3(0.05, 0.2, 0.4), dvec3(0.8, 0.5, 0.15), smooth(0.35, 0.65, paint));
    }
  }
  return hit.axis == 0 ? dvec3(0.66, 0.63, 0.55) : dvec3(0.55, 0.6, 0.58);
}

dvec3 indoor(const dvec3& d) {
  const Wall hit = wall_seen({0.2, -0.3, 1.2}, d);
  const dvec3& p = hit.at;
  if (hit.axis == 1 && hit.sign > 0 && inside(p.x, -0.6, 1.15) && inside(p.z, 1.55, 0.8)) {
    return window_light(p.x + 0.6, p.z);
  }
  const bool ceiling = hit.axis == 2 && hit.sign > 0;
  if (ceiling && (std::hypot(p.x - 1.2, p.y + 0.8) < 0.28 || std::hypot(p.x + 1.4, p.y) < 0.28)) {
    return {12.0, 9.6, 6.6};
  }
  const double to_window = glm::length(p - dvec3(-0.6, 2.5, 1.5));
  const double to_lamp = glm::length(p - dvec3(1.2, -0.8, 2.6));
  const dvec3 lit = dvec3(0.9, 1.0, 1.15) * (2.2 / (1.2 + to_window * to_window)) +
                    dvec3(1.2, 0.95, 0.65) * (0.9 / (1.0 + to_lamp * to_lamp)) + dvec3(0.28);
  return room_albedo(hit) * lit;
}

struct NamedSky {
  const char* name;
  std::function<dvec3(const dvec3&)> radiance;
};

const std::array<NamedSky, 5>& named_skies() {
  static const Outdoors overcast{{1.15, 1.18, 1.22},  {0.55, 0.57, 0.6}, {0.10, 0.105, 0.07},
                                 {0.035, 0.05, 0.04}, {0.85, 0.87, 0.9}, 1.0,
                                 {0.35, 0.35, 0.34},  {0.5, 0.3, 0.81},  0.5};
  static const Outdoors clear{{0.13, 0.30, 0.75}, {0.85, 0.95, 1.0}, {0.13, 0.15, 0.06},
                              {0.05, 0.09, 0.04}, {1.5, 1.5, 1.5},   0.2,
                              {3.2, 3.0, 2.6},    {0.64, 0.48, 0.6}, 0.13};
  static const Outdoors sunset{{0.08, 0.13, 0.32},  {0.75, 0.38, 0.22}, {0.05, 0.042, 0.035},
                               {0.02, 0.018, 0.02}, {0.6, 0.3, 0.26},   0.35,
                               {9.0, 3.6, 1.0},     {0.98, 0.15, 0.12}, 0.16};
  static const std::array<NamedSky, 5> skies{
      {{"studio", studio},
       {"overcast", [](const dvec3& d) { return outdoors(overcast, d); }},
       {"clear", [](const dvec3& d) { return outdoors(clear, d); }},
       {"sunset", [](const dvec3& d) { return outdoors(sunset, d); }},
       {"indoor", indoor}}};
  return skies;
}

}  // namespace

std::vector<std::string> procedural_sky_names() {
  std::vector<std::string> names;
  for (const NamedSky& sky : named_skies()) names.emplace_back(sky.name);
  return names;
}

Sky procedural_sky(const std::string& name) {
  const auto found = std::find_if(named_skies().begin(), named_skies().end(),
                                  [&](const NamedSky& sky) { return sky.name == name; });
  if (found == named_skies().end()) {
    throw Error("sky \"" + name +
                "\": no such procedural sky, wanted a .hdr file or a name such as \"" +
                nearest_name(name, procedural_sky_names()) + "\"");
  }
  Image<glm::vec3> radiance(kWidth, kWidth / 2);
  for (int y = 0; y < radiance.height; ++y) {
    for (int x = 0; x < radiance.width; ++x) {
      // Two samples on the diagonal: edges of windows and boxes must not be jagged.
      const auto sample = [&](double at) {
        return found->radiance(
            sky_direction((x + at) / radiance.width, (y + at) / radiance.height));
      };
      radiance.at(x, y) = glm::vec3(0.5 * (sample(0.25) + sample(0.75)));
    }
  }
  return sky_from_radiance(name, procedural_sky_sha256(name), std::move(radiance));
}

std::string procedural_sky_sha256(const std::string& name) {
  Sha256 hash;
  hash.add("procedural sky " + name + " revision ");
  hash.add(kRevision);
  return hash.hex();
}

}  // namespace orrery
