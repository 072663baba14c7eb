#include <algorithm>
#include <cmath>
#include <glm/gtc/constants.hpp>

#include "scenes/planckian.hpp"
#include "scenes/room.hpp"
#include "scenes/scene_light.hpp"
#include "scenes/sha256.hpp"
#include "scenes/sky_filter.hpp"

namespace orrery {
namespace {

/// One piece of a wall, floor or ceiling.
struct Patch {
  glm::dvec3 at, normal;
  double area = 0;
  glm::dvec3 albedo, direct, bounced{0.0};
};

/// The two axes of a side that is perpendicular to `axis`, in order.
std::array<int, 2> axes_of(int axis) { return {axis == 0 ? 1 : 0, axis == 2 ? 1 : 2}; }

bool in_window(const RoomPlan& plan, const glm::dvec3& p) {
  return std::any_of(plan.windows.begin(), plan.windows.end(), [&](const RoomWindow& w) {
    return std::abs(p.x - w.middle.x) < w.half.x && std::abs(p.z - w.middle.y) < w.half.y;
  });
}

/// As the renderer lights a surface: see arriving_from in shaders/lib/shade.glsl.
glm::dvec3 arriving(const RoomLight& light, const glm::dvec3& at, const glm::dvec3& normal) {
  const glm::dvec3 to_light = light.position - at;
  const double away = std::max(glm::length(to_light), 1e-6);
  const double reach = std::max(away, light.radius);
  const glm::dvec3 from = to_light / away;
  const double cone = std::max(-glm::dot(from, light.direction), 0.0);
  return light.color * (cone * std::max(glm::dot(normal, from), 0.0) / (reach * reach));
}

std::vector<RoomLight> lights_of(const RoomPlan& plan) {
  std::vector<RoomLight> lights;
  Rng rng(plan.variant, 0, "room/light");
  if (!plan.day) {
    const glm::dvec3 color = planckian_color(rng.uniform(2600, 4200));
    lights.push_back({plan.lamp, {0, 0, -1}, color, 0.18});
    return lights;
  }
  const glm::dvec3 color = planckian_color(rng.uniform(5500, 8000));
  for (const RoomWindow& w : plan.windows) {
    const double area = 4 * w.half.x * w.half.y;
    lights.push_back({{w.middle.x, plan.high.y, w.middle.y},
                      {0, -1, 0},
                      area * color,
                      std::sqrt(area / glm::pi<double>())});
  }
  return lights;
}

/// Painted walls of one colour, a white ceiling, a floor whose mean is not known before it is
/// drawn.
std::array<glm::vec3, 6> albedo_of(const RoomPlan& plan) {
  Rng rng(plan.variant, 0, "room/paint");
  const double shade = rng.uniform(0.45, 0.85);
  const double strength = rng.unit() < 0.6 ? rng.uniform(0, 0.05) : rng.uniform(0.06, 0.2);
  const double hue = rng.uniform(0, glm::two_pi<double>());
  glm::vec3 wall;
  for (int i = 0; i < 3; ++i) {
    wall[i] = static_cast<float>(shade * (1 + strength * (std::cos(hue + 2.0944 * i) - 0.6)));
  }
  // One wall may have a colour of its own.
  glm::vec3 accent = wall;
  if (rng.unit() < 0.35) {
    accent *= glm::vec3(rng.uniform(0.35, 0.9) *
                        glm::dvec3(rng.uniform(0.7, 1), rng.uniform(0.7, 1), rng.uniform(0.7, 1)));
  }
  return {wall, wall, accent, wall, glm::vec3(0.25F), glm::vec3(0.82F)};
}

std::vector<Patch> patches_of(const RoomPlan& plan, const RoomLighting& lighting) {
  std::vector<Patch> patches;
  const glm::dvec3 size = plan.high - plan.low;
  for (int side = 0; side < 6; ++side) {
    const int axis = side / 2;
    const auto [a, b] = axes_of(axis);
    for (int j = 0; j < kRoomGrid; ++j) {
      for (int i = 0; i < kRoomGrid; ++i) {
        Patch patch;
        patch.at[axis] = side % 2 == 0 ? plan.low[axis] : plan.high[axis];
        patch.at[a] = plan.low[a] + size[a] * (i + 0.5) / kRoomGrid;
        patch.at[b] = plan.low[b] + size[b] * (j + 0.5) / kRoomGrid;
        patch.normal = glm::dvec3(0);
        patch.normal[axis] = side % 2 == 0 ? 1 : -1;
        patch.area = size[a] * size[b] / (kRoomGrid * kRoomGrid);
        const bool open = side == 3 && in_window(plan, patch.at);
        patch.albedo =
            open ? glm::dvec3(0) : glm::dvec3(lighting.albedo[static_cast<std::size_t>(side)]);
        patch.direct = glm::dvec3(0);
        for (const RoomLight& light : lighting.lights) {
          patch.direct += arriving(light, patch.at, patch.normal);
        }
        patches.push_back(patch);
      }
    }
  }
  return patches;
}

/// What patches send at a surface: irradiance. Near ones are no points.
glm::dvec3 gathered(const std::vector<Patch>& patches, const glm::dvec3& at,
                    const glm::dvec3& normal) {
  glm::dvec3 sum(0);
  for (const Patch& p : patches) {
    const glm::dvec3 way = p.at - at;
    const double squared = glm::dot(way, way);
    const double here = glm::dot(way, normal);
    const double there = -glm::dot(way, p.normal);
    if (here <= 0 || there <= 0) continue;
    const double form = here * there * p.area / (squared * (glm::pi<double>() * squared + p.area));
    sum += form * p.albedo * (p.direct + p.bounced);
  }
  return sum;
}

/// Light that leaves the sides of the room, by bilinear interpolation.
glm::vec3 seen_from(const RoomPlan& plan, const RoomLighting& lighting,
                    const std::vector<Patch>& patches, const glm::dvec3& eye,
                    const glm::dvec3& way) {
  double nearest = 1e30;
  int side = 0;
  for (int axis = 0; axis < 3; ++axis) {
    if (std::abs(way[axis]) < 1e-9) continue;
    const double wall = way[axis] > 0 ? plan.high[axis] : plan.low[axis];
    const double t = (wall - eye[axis]) / way[axis];
    if (t >= nearest) continue;
    nearest = t;
    side = 2 * axis + (way[axis] > 0 ? 1 : 0);
  }
  const glm::dvec3 hit = eye + nearest * way;
  if (side == 3 && in_window(plan, hit)) return glm::vec3(0);
  const auto [a, b] = axes_of(side / 2);
  const auto cell = [&](int axis) {
    const double u = (hit[axis] - plan.low[axis]) / (plan.high[axis] - plan.low[axis]);
    return std::clamp(u * kRoomGrid - 0.5, 0.0, kRoomGrid - 1.001);
  };
  const double x = cell(a);
  const double y = cell(b);
  const int i = static_cast<int>(x);
  const int j = static_cast<int>(y);
  glm::dvec3 sum(0);
  for (int k = 0; k < 4; ++k) {
    const int u = i + k % 2;
    const int v = j + k / 2;
    const Patch& p = patches[static_cast<std::size_t>((side * kRoomGrid + v) * kRoomGrid + u)];
    const double w = (k % 2 == 0 ? 1 - (x - i) : x - i) * (k / 2 == 0 ? 1 - (y - j) : y - j);
    sum += w * (p.direct + p.bounced) / glm::pi<double>();
  }
  return glm::vec3(sum) * lighting.albedo[static_cast<std::size_t>(side)];
}

/// All that is known of a room's light, before it is scaled.
struct Solved {
  RoomLighting lighting;
  std::vector<Patch> patches;
};

Solved solved(const RoomPlan& plan) {
  Solved s;
  s.lighting.lights = lights_of(plan);
  s.lighting.albedo = albedo_of(plan);
  s.patches = patches_of(plan, s.lighting);
  constexpr int kBounces = 6;
  for (int bounce = 0; bounce < kBounces; ++bounce) {
    std::vector<Patch> next = s.patches;
    for (Patch& p : next) p.bounced = gathered(s.patches, p.at, p.normal);
    s.patches = std::move(next);
  }
  const glm::dvec3 above(0, 0, 0.05);
  const glm::dvec3 up(0, 0, 1);
  glm::dvec3 flat = gathered(s.patches, above, up);
  for (const RoomLight& light : s.lighting.lights) flat += arriving(light, above, up);
  const double scale = glm::pi<double>() / std::max(luminance_of(flat), 1e-9);
  for (RoomLight& light : s.lighting.lights) light.color *= scale;
  for (Patch& p : s.patches) {
    p.direct *= scale;
    p.bounced *= scale;
  }
  s.lighting.outside = plan.day ? scale : 0.01;
  return s;
}

}  // namespace

RoomLighting room_lighting(const RoomPlan& plan) {
  Solved s = solved(plan);
  for (std::size_t side = 0; side < 6; ++side) {
    for (std::size_t i = 0; i < kRoomGrid * kRoomGrid; ++i) {
      s.lighting.bounced[side].emplace_back(s.patches[side * kRoomGrid * kRoomGrid + i].bounced /
                                            glm::pi<double>());
    }
  }
  return s.lighting;
}

std::string room_sky_sha256(const std::string& name) {
  Sha256 hash;
  hash.add("orrery room sky 2: " + name);
  return hash.hex();
}

Sky room_sky(const std::string& name) {
  const RoomPlan plan = room_plan(name);
  const Solved s = solved(plan);
  constexpr int kWidth = 128;
  Image<glm::vec3> radiance(kWidth, kWidth / 2);
  for (int y = 0; y < radiance.height; ++y) {
    for (int x = 0; x < radiance.width; ++x) {
      radiance.at(x, y) =
          seen_from(plan, s.lighting, s.patches, {0, 0, 0.05},
                    sky_direction((x + 0.5) / radiance.width, (y + 0.5) / radiance.height));
    }
  }
  const double mean = luminance_of(mean_radiance(radiance));
  Sky sky = sky_from_radiance(name, room_sky_sha256(name), radiance);
  // Scaled as the room's lights are, not to a mean of 1.
  const auto scale = static_cast<float>(mean);
  for (glm::vec3& c : sky.radiance.pixels) c *= scale;
  for (glm::vec3& c : sky.irradiance) c *= scale;
  for (Image<glm::vec3>& level : sky.specular) {
    for (glm::vec3& c : level.pixels) c *= scale;
  }
  return sky;
}

}  // namespace orrery
