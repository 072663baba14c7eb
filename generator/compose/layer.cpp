#include "generator/compose/layer.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "generator/compose/blur.hpp"
#include "renderer/labels/mask.hpp"

namespace orrery {
namespace {

constexpr int kOpaqueFrom = 128;  // alpha that counts as the thing's pixel

/// Pixels of the picture that belong to the label: its mask, and the partly covered ones beside it
/// that no other label has.
Image<std::uint8_t> owned(const LabelledPixels& picture, const Label* label) {
  const int width = picture.color.width;
  const int height = picture.color.height;
  if (label == nullptr) return Image<std::uint8_t>(width, height, 1);
  const std::optional<Rle> mask = mask_of(*label, width, height);
  if (!mask) return {};
  const Image<std::uint8_t> own = mask_from_rle(*mask);
  Image<std::uint8_t> result = own;
  Image<std::uint8_t> others(width, height, 0);
  for (const Label& other : picture.labelled.labels) {
    if (&other == label || !other.mask) continue;
    const Image<std::uint8_t> pixels = mask_from_rle(*other.mask);
    for (std::size_t i = 0; i < pixels.pixels.size(); ++i) others.pixels[i] |= pixels.pixels[i];
  }
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      const int alpha = picture.color.at(x, y).a;
      if (own.at(x, y) != 0 || others.at(x, y) != 0 || alpha == 0 || alpha == 255) continue;
      for (int v = std::max(y - 1, 0); v <= std::min(y + 1, height - 1); ++v) {
        for (int u = std::max(x - 1, 0); u <= std::min(x + 1, width - 1); ++u) {
          if (own.at(u, v) != 0) result.at(x, y) = 1;
        }
      }
    }
  }
  return result;
}

glm::dmat2 turn_of(double angle, bool mirror) {
  const double c = std::cos(angle);
  const double s = std::sin(angle);
  const double flip = mirror ? -1 : 1;
  return {glm::dvec2(c * flip, s * flip), glm::dvec2(-s, c)};  // columns
}

struct Extent {
  glm::dvec2 low{std::numeric_limits<double>::infinity()};
  glm::dvec2 high{-std::numeric_limits<double>::infinity()};
};

/// Of a thing's opaque pixels under `turn`, about the crop's corner.
Extent turned_extent(const Image<Rgba8>& color, const glm::dmat2& turn) {
  Extent extent;
  const auto add = [&](int x, int y) {
    for (const glm::dvec2 corner :
         {glm::dvec2(x, y), glm::dvec2(x + 1, y), glm::dvec2(x, y + 1), glm::dvec2(x + 1, y + 1)}) {
      const glm::dvec2 at = turn * corner;
      extent.low = glm::min(extent.low, at);
      extent.high = glm::max(extent.high, at);
    }
  };
  for (int y = 0; y < color.height; ++y) {  // the ends of rows are enough
    int x = 0;
    while (x < color.width && color.at(x, y).a < kOpaqueFrom) ++x;
    if (x == color.width) continue;
    add(x, y);
    x = color.width - 1;
    while (color.at(x, y).a < kOpaqueFrom) --x;
    add(x, y);
  }
  return extent;
}

/// Gives colours to what lies just outside, from the nearest that have some.
void extend_colors(Layer& layer, int margin) {
  Image<glm::vec4> weighted = layer.color;
  for (glm::vec4& c : weighted.pixels) c = glm::vec4(glm::vec3(c) * c.a, c.a);
  for (const double sigma : {1.0, std::max(2.0, margin / 3.0)}) {
    const Image<glm::vec4> around = blurred(weighted, sigma, Border::nothing);
    for (std::size_t i = 0; i < around.pixels.size(); ++i) {
      glm::vec4& c = layer.color.pixels[i];
      const glm::vec4& from = around.pixels[i];
      const bool none = c.a <= 0 && c.r + c.g + c.b <= 0;
      if (none && from.a > 1e-4F) c = glm::vec4(glm::vec3(from) / from.a, 0);
    }
  }
}

}  // namespace

glm::vec4 sampled(const Image<Rgba8>& color, const glm::dvec2& at) {
  const double x = at.x - 0.5;
  const double y = at.y - 0.5;
  const int x0 = static_cast<int>(std::floor(x));
  const int y0 = static_cast<int>(std::floor(y));
  const auto fx = static_cast<float>(x - x0);
  const auto fy = static_cast<float>(y - y0);
  glm::vec4 sum(0);
  for (int j = 0; j < 2; ++j) {
    for (int i = 0; i < 2; ++i) {
      const int u = x0 + i;
      const int v = y0 + j;
      const float weight = (i == 0 ? 1 - fx : fx) * (j == 0 ? 1 - fy : fy);
      if (weight <= 0 || u < 0 || v < 0 || u >= color.width || v >= color.height) continue;
      const Rgba8& c = color.at(u, v);
      const float alpha = static_cast<float>(c.a) / 255 * weight;
      sum += glm::vec4(glm::vec3(c) * alpha, alpha);
    }
  }
  return sum;
}

std::optional<CutThing> cut_out(const LabelledPixels& picture, const Label* label) {
  const Image<std::uint8_t> own = owned(picture, label);
  Box box{picture.color.width, picture.color.height, 0, 0};
  bool some = false;
  for (int y = 0; y < own.height; ++y) {
    for (int x = 0; x < own.width; ++x) {
      if (own.at(x, y) == 0 || picture.color.at(x, y).a == 0) continue;
      some = some || picture.color.at(x, y).a >= kOpaqueFrom;
      box = {std::min(box.x0, x), std::min(box.y0, y), std::max(box.x1, x + 1),
             std::max(box.y1, y + 1)};
    }
  }
  if (!some) return std::nullopt;
  CutThing thing;
  thing.origin = {box.x0, box.y0};
  thing.color = Image<Rgba8>(box.x1 - box.x0, box.y1 - box.y0, Rgba8(0));
  for (int y = box.y0; y < box.y1; ++y) {
    for (int x = box.x0; x < box.x1; ++x) {
      if (own.at(x, y) != 0) thing.color.at(x - box.x0, y - box.y0) = picture.color.at(x, y);
    }
  }
  if (label != nullptr) thing.label = *label;
  return thing;
}

glm::dvec2 turned_size(const CutThing& thing, double angle, bool mirror) {
  const Extent extent = turned_extent(thing.color, turn_of(angle, mirror));
  return extent.high - extent.low;
}

Layer layer_of(const CutThing& thing, double scale, double angle, bool mirror, int margin) {
  Layer layer;
  layer.turn = turn_of(angle, mirror) * scale;
  Extent extent;  // of the whole crop, thin edges included
  for (const glm::dvec2 corner :
       {glm::dvec2(0), glm::dvec2(thing.color.width, 0), glm::dvec2(0, thing.color.height),
        glm::dvec2(thing.color.width, thing.color.height)}) {
    extent.low = glm::min(extent.low, layer.turn * corner);
    extent.high = glm::max(extent.high, layer.turn * corner);
  }
  const glm::dvec2 first = glm::floor(extent.low + 1e-9) - static_cast<double>(margin);
  const glm::ivec2 size(glm::ceil(extent.high - 1e-9) + static_cast<double>(margin) - first);
  layer.shift = -first - layer.turn * glm::dvec2(thing.origin);
  layer.color = Image<glm::vec4>(size.x, size.y, glm::vec4(0));
  layer.mask = Image<std::uint8_t>(size.x, size.y, 0);
  layer.extent = {size.x, size.y, 0, 0};
  const glm::dmat2 back = glm::inverse(layer.turn);
  const int steps = std::clamp(static_cast<int>(std::ceil(1 / scale - 1e-9)), 1, 16);
  for (int y = 0; y < size.y; ++y) {
    for (int x = 0; x < size.x; ++x) {
      glm::vec4 sum(0);
      for (int j = 0; j < steps; ++j) {
        for (int i = 0; i < steps; ++i) {
          const glm::dvec2 at = glm::dvec2(x, y) + (glm::dvec2(i, j) + 0.5) / double(steps);
          sum += sampled(thing.color, back * (at + first));
        }
      }
      sum /= static_cast<float>(steps * steps);
      if (sum.a <= 1e-4F) continue;
      layer.color.at(x, y) = glm::vec4(glm::vec3(sum) / sum.a, std::min(sum.a, 1.0F));
      if (sum.a < 0.4999F) continue;
      layer.mask.at(x, y) = 1;
      ++layer.area;
      layer.extent = {std::min(layer.extent.x0, x), std::min(layer.extent.y0, y),
                      std::max(layer.extent.x1, x + 1), std::max(layer.extent.y1, y + 1)};
    }
  }
  extend_colors(layer, margin);
  return layer;
}

}  // namespace orrery
