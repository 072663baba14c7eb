#include "scenes/texture.hpp"

#define STB_IMAGE_RESIZE_IMPLEMENTATION
#define STB_IMAGE_RESIZE_STATIC
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wconversion"
#pragma GCC diagnostic ignored "-Wsign-conversion"
#pragma GCC diagnostic ignored "-Wsign-compare"
#pragma GCC diagnostic ignored "-Wunused-function"
#pragma GCC diagnostic ignored "-Wunused-parameter"
#pragma GCC diagnostic ignored "-Wshadow"
#include <stb/stb_image_resize.h>
#pragma GCC diagnostic pop

#include <algorithm>
#include <array>
#include <cmath>
#include <new>

namespace orrery {
namespace {

using Floats = Image<glm::vec4>;

/// The power of two next above, unless the one below is within a fifth.
int stored_side(int side, int max_side) {
  int power = 1;
  while (power * 2 <= side) power *= 2;
  if (side * 5 > power * 6) power *= 2;
  while (power > max_side) power /= 2;
  return std::max(power, 1);
}

float linear_from_srgb(float x) {
  return x <= 0.04045F ? x / 12.92F : std::pow((x + 0.055F) / 1.055F, 2.4F);
}

const std::array<float, 256>& linear_of_byte() {
  static const std::array<float, 256> table = [] {
    std::array<float, 256> values{};
    for (std::size_t i = 0; i < values.size(); ++i) {
      values[i] = linear_from_srgb(static_cast<float>(i) / 255.0F);
    }
    return values;
  }();
  return table;
}

Floats decoded(const Image<Rgba8>& image, TexelKind kind) {
  Floats out(image.width, image.height);
  const auto& linear = linear_of_byte();
  for (std::size_t i = 0; i < out.pixels.size(); ++i) {
    const Rgba8 p = image.pixels[i];
    out.pixels[i] = kind == TexelKind::color
                        ? glm::vec4(linear[p.r], linear[p.g], linear[p.b], 0.0F)
                        : glm::vec4(p) / 255.0F;
    out.pixels[i].a = static_cast<float>(p.a) / 255.0F;
  }
  return out;
}

stbir_edge edge_of(Wrap wrap) {
  if (wrap == Wrap::repeat) return STBIR_EDGE_WRAP;
  return wrap == Wrap::mirror ? STBIR_EDGE_REFLECT : STBIR_EDGE_CLAMP;
}

Floats resampled(const Floats& in, int width, int height, const TextureForm& form) {
  Floats out(width, height);
  const int alpha = form.kind == TexelKind::color ? 3 : STBIR_ALPHA_CHANNEL_NONE;
  const int ok =
      stbir_resize(in.pixels.data(), in.width, in.height, 0, out.pixels.data(), width, height, 0,
                   STBIR_TYPE_FLOAT, 4, alpha, 0, edge_of(form.wrap_u), edge_of(form.wrap_v),
                   STBIR_FILTER_DEFAULT, STBIR_FILTER_DEFAULT, STBIR_COLORSPACE_LINEAR, nullptr);
  if (ok == 0) throw std::bad_alloc();  // the only way in which it fails
  for (glm::vec4& p : out.pixels) p = glm::clamp(p, 0.0F, 1.0F);
  return out;
}

void renormalise(glm::vec4& texel) {
  const glm::vec3 n = glm::vec3(texel) * 2.0F - 1.0F;
  const float length = glm::length(n);
  const glm::vec3 unit = length > 1e-6F ? n / length : glm::vec3(0, 0, 1);
  texel = glm::vec4(unit * 0.5F + 0.5F, texel.a);
}

/// Half the size, each texel the mean of two by two (or two by one at the narrow end).
Floats halved(const Floats& in, TexelKind kind) {
  Floats out(std::max(1, in.width / 2), std::max(1, in.height / 2));
  for (int y = 0; y < out.height; ++y) {
    for (int x = 0; x < out.width; ++x) {
      const int x1 = std::min(2 * x + 1, in.width - 1);
      const int y1 = std::min(2 * y + 1, in.height - 1);
      const std::array<glm::vec4, 4> four = {in.at(2 * x, 2 * y), in.at(x1, 2 * y),
                                             in.at(2 * x, y1), in.at(x1, y1)};
      glm::vec4 mean = 0.25F * (four[0] + four[1] + four[2] + four[3]);
      if (kind == TexelKind::color && mean.a > 0) {
        glm::vec3 premultiplied(0.0F);
        for (const glm::vec4& p : four) premultiplied += 0.25F * p.a * glm::vec3(p);
        mean = glm::vec4(premultiplied / mean.a, mean.a);
      }
      if (kind == TexelKind::normal) renormalise(mean);
      out.at(x, y) = mean;
    }
  }
  return out;
}

Rgba8 stored(const glm::vec4& texel, TexelKind kind) {
  const glm::vec4 p =
      kind == TexelKind::color ? glm::vec4(glm::sqrt(glm::vec3(texel)), texel.a) : texel;
  return Rgba8(glm::clamp(p * 255.0F + 0.5F, 0.0F, 255.0F));
}

}  // namespace

std::int32_t add_texture(Model& model, const Image<Rgba8>& image, const TextureForm& form) {
  const int width = stored_side(image.width, form.max_side);
  const int height = stored_side(image.height, form.max_side);
  Floats level = decoded(image, form.kind);
  if (width != image.width || height != image.height) {
    level = resampled(level, width, height, form);
  }
  if (form.kind == TexelKind::normal)
    std::for_each(level.pixels.begin(), level.pixels.end(), renormalise);

  Texture texture;
  texture.width = static_cast<std::uint32_t>(width);
  texture.height = static_cast<std::uint32_t>(height);
  texture.wrap_u = form.wrap_u;
  texture.wrap_v = form.wrap_v;
  texture.first_texel = model.texels.size();
  while (true) {
    for (const glm::vec4& p : level.pixels) model.texels.push_back(stored(p, form.kind));
    ++texture.levels;
    if (level.width == 1 && level.height == 1) break;
    level = halved(level, form.kind);
  }
  model.textures.push_back(texture);
  return static_cast<std::int32_t>(model.textures.size()) - 1;
}

Image<Rgba8> resized(const Image<Rgba8>& image, int width, int height) {
  if (image.width == width && image.height == height) return image;
  const TextureForm form{TexelKind::data, Wrap::clamp, Wrap::clamp, std::max(width, height)};
  const Floats floats = resampled(decoded(image, TexelKind::data), width, height, form);
  Image<Rgba8> out(width, height);
  for (std::size_t i = 0; i < out.pixels.size(); ++i) {
    out.pixels[i] = stored(floats.pixels[i], TexelKind::data);
  }
  return out;
}

}  // namespace orrery
