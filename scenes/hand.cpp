#include <array>
#include <cmath>
#include <glm/gtc/constants.hpp>
#include <vector>

#include "scenes/clutter.hpp"
#include "scenes/random.hpp"
#include "scenes/shape_draft.hpp"
#include "scenes/surface_recipe.hpp"

namespace orrery {
namespace {

using glm::dvec3;

/// One finger: where it starts, how it points and the lengths of its three bones, metres.
struct Finger {
  dvec3 base;
  double splay;  ///< radians from +y to +x
  std::array<double, 3> bones;
  double radius;
};

/// Bones that pitch down by `curl` (radians) more at every joint, held above the table.
void add_finger(Surface& skin, const Finger& finger, double lift, double curl, double mirror) {
  std::vector<dvec3> path{finger.base};
  std::vector<double> radii{finger.radius};
  double pitch = lift;
  for (std::size_t bone = 0; bone < finger.bones.size(); ++bone) {
    const dvec3 way(std::sin(finger.splay) * std::cos(pitch),
                    std::cos(finger.splay) * std::cos(pitch), std::sin(pitch));
    const double radius = finger.radius * (1 - 0.1 * static_cast<double>(bone + 1));
    // Two points a bone keep it straight; joints are a little thicker.
    path.push_back(path.back() + 0.5 * finger.bones[bone] * way);
    radii.push_back(0.95 * radius);
    path.push_back(path.back() + 0.5 * finger.bones[bone] * way);
    path.back().z = std::max(path.back().z, radius);
    radii.push_back(radius);
    pitch -= curl;
  }
  for (dvec3& p : path) p.x *= mirror;
  add_tube(skin, path, radii, 14);
}

void add_palm(Surface& skin, const std::array<Finger, 4>& fingers, double mirror) {
  for (std::size_t i = 0; i < fingers.size(); ++i) {
    const dvec3 knuckle = fingers[i].base;
    const dvec3 wrist(-0.016 + 0.011 * static_cast<double>(i), 0.004, 0.026);
    const std::array<dvec3, 3> path{
        dvec3(mirror * wrist.x, wrist.y, wrist.z),
        {mirror * (0.4 * wrist.x + 0.6 * knuckle.x), 0.5 * (wrist.y + knuckle.y), 0.028},
        {mirror * knuckle.x, knuckle.y, knuckle.z}};
    add_tube(skin, path, std::array{0.017, 0.0165, 0.0125}, 16);
  }
}

}  // namespace

Model hand(std::uint64_t variant) {
  Rng rng(variant, 0, "clutter/hand");
  const double mirror = variant % 2 == 0 ? 1 : -1;
  const std::uint32_t pose = rng.below(3);  // spread, pointing, loosely closed
  const glm::vec3 tone = drawn_color(rng, {{0.93F, 0.76F, 0.66F},
                                           {0.88F, 0.67F, 0.54F},
                                           {0.78F, 0.57F, 0.42F},
                                           {0.60F, 0.41F, 0.29F},
                                           {0.42F, 0.27F, 0.19F},
                                           {0.29F, 0.19F, 0.14F}});
  const std::array<Finger, 4> fingers{
      Finger{{-0.029, 0.085, 0.024}, -0.12, {0.042, 0.024, 0.020}, 0.0092},
      Finger{{-0.009, 0.092, 0.026}, -0.03, {0.046, 0.029, 0.021}, 0.0096},
      Finger{{0.011, 0.088, 0.025}, 0.05, {0.043, 0.027, 0.021}, 0.0091},
      Finger{{0.029, 0.077, 0.022}, 0.16, {0.034, 0.020, 0.018}, 0.0079}};
  ShapeDraft draft;
  Surface& skin = draft.part(tone, 0.55F);
  add_palm(skin, fingers, mirror);
  for (std::size_t i = 0; i < fingers.size(); ++i) {
    Finger finger = fingers[i];
    const bool out = pose == 0 || (pose == 1 && i == 0);
    finger.splay *= out ? rng.uniform(0.8, 1.8) : 0.6;
    add_finger(skin, finger, out ? rng.uniform(-0.15, 0.1) : rng.uniform(-0.1, 0.1),
               out ? rng.uniform(0.1, 0.3) : rng.uniform(0.85, 1.1), mirror);
  }
  const Finger thumb{
      {-0.026, 0.026, 0.022}, pose == 0 ? -0.95 : -0.5, {0.036, 0.030, 0.024}, 0.0115};
  add_finger(skin, thumb, -0.05, 0.1, mirror);
  const double bend = rng.uniform(-0.25, 0.25);  // of the wrist, sideways
  const auto along = [&](double y, double z) {
    return dvec3(bend * std::min(0.0, y + 0.02), y, z);
  };
  const std::array<dvec3, 4> arm{along(0.012, 0.027), along(-0.03, 0.029), along(-0.1, 0.036),
                                 along(-0.26, 0.045)};
  add_tube(skin, arm, std::array{0.0245, 0.0255, 0.033, 0.043}, 24);
  const double cuff = rng.uniform(-0.2, -0.06);
  const std::array<dvec3, 3> sleeve{along(cuff, 0.043), along(0.5 * cuff - 0.14, 0.046),
                                    along(-0.29, 0.05)};
  Surface& cloth =
      draft.part(color_of_hue(rng.unit(), rng.uniform(0, 0.7), rng.uniform(0.08, 0.85)), 0.95F);
  add_tube(cloth, sleeve, std::array{0.04, 0.045, 0.049}, 24);
  return draft.finished("hand", variant);
}

}  // namespace orrery
