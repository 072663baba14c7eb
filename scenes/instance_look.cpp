#include "scenes/instance_look.hpp"

#include <algorithm>
#include <cmath>
#include <string>

namespace orrery {
namespace {

constexpr double kSmall = 0.3;  ///< metres across: how large things are without repeats of wear

/// Red, green and blue of a hue in degrees; as HSV.
glm::dvec3 color_from_hsv(double hue, double saturation, double value) {
  const auto channel = [&](double offset) {
    const double k = std::fmod(std::fmod(offset + hue / 60, 6.0) + 6.0, 6.0);
    return value - value * saturation * std::clamp(std::min(k, 4 - k), 0.0, 1.0);
  };
  return {channel(5), channel(3), channel(1)};
}

glm::vec2 place_in_tile(Rng& rng) {
  const double u = rng.unit();  // one after the other
  return {static_cast<float>(u), static_cast<float>(rng.unit())};
}

}  // namespace

InstanceLooks::InstanceLooks(const BoundScene& bound, std::size_t set, const Assets& assets,
                             const Streams& streams)
    : spec_(bound.spec.objects[set]),
      set_(bound.sets[set]),
      assets_(assets),
      tint_(streams.of("objects/" + spec_.name + "/look")),
      hue_(streams.of("objects/" + spec_.name + "/hue_shift")),
      wear_(streams.of("objects/" + spec_.name + "/wear")),
      dirt_(streams.of("objects/" + spec_.name + "/dirt")),
      marks_(streams.of("objects/" + spec_.name + "/marks")),
      picture_(streams.of("objects/" + spec_.name + "/picture")),
      texture_(streams.of("objects/" + spec_.name + "/texture")),
      texture_size_(streams.of("objects/" + spec_.name + "/texture_size")),
      likeness_(streams.of("objects/" + spec_.name + "/likeness")) {}

void InstanceLooks::draw_picture(Look& look, std::size_t which) {
  if (!set_.images.empty()) {
    const std::uint32_t drawn_one = picture_.below(static_cast<std::uint32_t>(set_.images.size()));
    if (set_.takes_image.at(which)) look.picture = LookPicture{.picture = set_.images[drawn_one]};
  }
  if (set_.textures.empty()) return;
  const bool swapped = texture_.unit() < spec_.textures.probability;
  const std::uint32_t which_one = texture_.below(static_cast<std::uint32_t>(set_.textures.size()));
  double size = drawn(spec_.textures.size, texture_size_);
  const glm::vec2 begin = place_in_tile(texture_);
  if (!swapped) return;
  const std::uint32_t picture = set_.textures[which_one];
  const double aspect = assets_.pictures[picture].aspect;
  if (assets_.pictures[picture].metres > 0) size = assets_.pictures[picture].metres;
  look.picture = LookPicture{.picture = picture,
                             .projected = true,
                             .everywhere = true,
                             .repeats = glm::vec2(glm::dvec2(1 / size, 1 / (size * aspect))),
                             .begin = begin};
}

void InstanceLooks::draw_wear(Look& look, std::size_t which) {
  const auto masks = static_cast<std::uint32_t>(assets_.wear_masks.size());
  if (masks == 0) return;
  LookWear worn;
  worn.wear = static_cast<float>(drawn(spec_.wear, wear_));
  worn.dirt = static_cast<float>(drawn(spec_.dirt, dirt_));
  worn.mask = marks_.below(masks);
  worn.begin = place_in_tile(marks_);
  // On large things the marks are larger, or one would see how they repeat.
  const Box3& box = assets_.models[set_.models[which]].bounds;
  const double large = glm::length(glm::dvec3(box.high - box.low)) / kSmall;
  const double tiles = std::exp(marks_.uniform(std::log(5.0), std::log(12.0)));
  worn.tiles = static_cast<float>(tiles / std::max(large, 1.0));
  const double shade = marks_.uniform(0.02, 0.3);  // from soot and mud to dust
  worn.dirt_color = glm::vec3(shade * color_from_hsv(marks_.uniform(25, 45), 0.45, 1));
  if (worn.wear > 0 || worn.dirt > 0) look.wear = worn;
}

Look InstanceLooks::next(std::size_t which) {
  Look look;
  const double hue = drawn(spec_.hue, tint_);
  const double saturation = drawn(spec_.saturation, tint_);
  look.tint = glm::vec3(color_from_hsv(hue, saturation, drawn(spec_.brightness, tint_)));
  look.roughness = static_cast<float>(drawn(spec_.roughness, tint_));
  look.metallic = static_cast<float>(drawn(spec_.metallic, tint_));
  if (!set_.colors.empty()) {
    look.tint *= set_.colors[likeness_.below(static_cast<std::uint32_t>(set_.colors.size()))];
  }
  look.hue_turn = static_cast<float>(glm::radians(drawn(spec_.hue_shift, hue_)));
  draw_picture(look, which);
  draw_wear(look, which);
  return look;
}

}  // namespace orrery
