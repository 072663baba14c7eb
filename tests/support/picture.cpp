#include "tests/support/picture.hpp"

#include <cmath>
#include <utility>

namespace orrery {
namespace {

template <class T>
Image<T> owned(const ImageView<T>& view) {
  Image<T> image;
  image.width = view.width;
  image.height = view.height;
  image.pixels.assign(view.pixels.begin(), view.pixels.end());
  return image;
}

double linear_of_srgb(std::uint8_t byte) {
  const double x = byte / 255.0;
  return x <= 0.04045 ? x / 12.92 : std::pow((x + 0.055) / 1.055, 2.4);
}

}  // namespace

Picture::Picture(const Frame& frame)
    : color(owned(frame.color)),
      id(owned(frame.id)),
      depth(owned(frame.depth)),
      normal(owned(frame.normal)),
      amodal(frame.amodal),
      amodal_bits(frame.amodal.bits.begin(), frame.amodal.bits.end()) {
  amodal.bits = {};
}

Frame Picture::frame(const Shot& shot) const {
  Frame frame{&shot, color, id, depth, normal, amodal};
  frame.amodal.bits = amodal_bits;
  return frame;
}

bool Picture::amodal_at(std::uint32_t instance, int x, int y) const {
  const int column = x + amodal.offset_x;
  const int row = y + amodal.offset_y;
  if (column < 0 || row < 0 || column >= amodal.width || row >= amodal.height) return false;
  const auto width = static_cast<std::size_t>(amodal.width);
  const std::size_t plane = width * static_cast<std::size_t>(amodal.height);
  const std::size_t word = (instance - 1) / 32 * plane + static_cast<std::size_t>(row) * width +
                           static_cast<std::size_t>(column);
  return (amodal_bits.at(word) >> ((instance - 1) % 32) & 1U) != 0;
}

std::vector<Picture> pictures(const Assets& assets, const std::vector<Shot>& shots,
                              const RenderSettings& settings) {
  Renderer renderer(0, assets, settings);
  std::vector<Picture> all;
  renderer.render(shots, [&](std::size_t, const Frame& frame) { all.emplace_back(frame); });
  return all;
}

Picture picture(const Assets& assets, const Shot& shot, const RenderSettings& settings) {
  return std::move(pictures(assets, {shot}, settings).at(0));
}

RenderSettings plain_settings() {
  RenderSettings settings;
  settings.antialias = false;
  settings.shadows = false;
  settings.ambient_occlusion = false;
  return settings;
}

glm::dvec3 radiance_of(const Rgba8& color) {
  return {linear_of_srgb(color.r), linear_of_srgb(color.g), linear_of_srgb(color.b)};
}

}  // namespace orrery
