#include <algorithm>
#include <cmath>
#include <glm/gtc/constants.hpp>
#include <numeric>
#include <span>
#include <string_view>

#include "scenes/cache_folder.hpp"
#include "scenes/picture.hpp"
#include "scenes/random.hpp"
#include "scenes/sealed.hpp"
#include "scenes/texture.hpp"
#include "scenes/tile_noise.hpp"

namespace orrery {
namespace {

constexpr int kSide = 512;
constexpr std::uint32_t kMasks = 3;
/// Its number changes whenever mask_of() gives anything else.
constexpr std::string_view kMaskMagic = "ORRWEAR1";

/// Replaces every value by the share of values below it.
void rank(Image<float>& image) {
  std::vector<std::size_t> order(image.pixels.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return image.pixels[a] < image.pixels[b]; });
  for (std::size_t k = 0; k < order.size(); ++k) {
    image.pixels[order[k]] = static_cast<float>(k) / static_cast<float>(order.size());
  }
}

/// A thin bent line that fades at both ends and crosses the tile's edges.
void scratch(Image<float>& image, Rng& rng, double angle) {
  glm::dvec2 at(rng.uniform(0, kSide), rng.uniform(0, kSide));
  const double length = kSide * std::exp(rng.uniform(std::log(0.03), std::log(0.6)));
  const double bend = rng.uniform(-0.6, 0.6) / kSide;
  const double width = rng.uniform(0.5, 1.3);
  const double depth = std::sqrt(rng.unit());
  for (double gone = 0; gone < length; gone += 0.5) {
    const double ends = std::min(1.0, 8 * std::min(gone, length - gone) / length);
    angle += 0.5 * bend;
    at += 0.5 * glm::dvec2(std::cos(angle), std::sin(angle));
    const glm::ivec2 first = glm::ivec2(glm::floor(at)) - 1;
    for (int j = 0; j < 4; ++j) {
      for (int i = 0; i < 4; ++i) {
        const glm::dvec2 away = glm::dvec2(first.x + i, first.y + j) - at;
        const double there = std::clamp(width + 0.5 - glm::length(away), 0.0, 1.0);
        float& texel = image.at((first.x + i) & (kSide - 1), (first.y + j) & (kSide - 1));
        texel = std::max(texel, static_cast<float>(depth * there * (0.4 + 0.6 * ends)));
      }
    }
  }
}

Image<float> scratches(Rng& rng) {
  Image<float> image(kSide, kSide);
  for (int bundle = 0; bundle < 14; ++bundle) {  // one slip leaves several, side by side
    const double angle = rng.uniform(0, glm::two_pi<double>());
    const std::uint32_t count = 1 + rng.below(9);
    for (std::uint32_t k = 0; k < count; ++k) scratch(image, rng, angle + 0.15 * rng.normal());
  }
  for (int k = 0; k < 90; ++k) scratch(image, rng, rng.uniform(0, glm::two_pi<double>()));
  return image;
}

/// Patches rubbed to and fro.
Image<float> scuffs(Rng& rng) {
  const TileFractal where(3, 3, 4, rng);
  const TileFractal grain(6, 96, 3, rng);
  Image<float> image(kSide, kSide);
  for (int y = 0; y < kSide; ++y) {
    for (int x = 0; x < kSide; ++x) {
      const glm::vec2 uv = (glm::vec2(x, y) + 0.5F) / static_cast<float>(kSide);
      image.at(x, y) = where(uv) + 0.5F * grain(uv);
    }
  }
  rank(image);
  return image;
}

/// Smears and stains with specks among them.
Image<float> dirt(Rng& rng) {
  const TileFractal smear(2, 3, 7, rng, 0.6F);
  const TileCells specks(23, 23, 1, rng);
  Image<float> image(kSide, kSide);
  for (int y = 0; y < kSide; ++y) {
    for (int x = 0; x < kSide; ++x) {
      const glm::vec2 uv = (glm::vec2(x, y) + 0.5F) / static_cast<float>(kSide);
      const CellHit hit = specks(uv);
      const float large = 0.25F * scattered(hit.cell, 0) * scattered(hit.cell, 1);
      image.at(x, y) = smear(uv) + (hit.nearest < large ? 0.8F : 0.0F);
    }
  }
  rank(image);
  return image;
}

Image<Rgba8> mask_of(std::uint32_t k) {
  Rng rng(k, 0, "wear/mask");
  const Image<float> red = scratches(rng);
  const Image<float> green = scuffs(rng);
  const Image<float> blue = dirt(rng);
  Image<Rgba8> image(kSide, kSide);
  for (std::size_t i = 0; i < image.pixels.size(); ++i) {
    const glm::vec3 p(red.pixels[i], green.pixels[i], blue.pixels[i]);
    image.pixels[i] = Rgba8(glm::u8vec3(glm::round(255.0F * p)), 255);
  }
  return image;
}

Image<Rgba8> cached_mask(std::uint32_t k, const std::filesystem::path& file) {
  if (const auto kept = read_cached(file)) {
    const auto body = unsealed(kMaskMagic, *kept);
    Image<Rgba8> image(kSide, kSide);
    const std::span<std::byte> pixels = std::as_writable_bytes(std::span(image.pixels));
    if (body && body->size() == pixels.size()) {
      std::copy(body->begin(), body->end(), pixels.begin());
      return image;
    }
  }
  Image<Rgba8> image = mask_of(k);
  keep_cached(file, sealed(kMaskMagic, std::as_bytes(std::span(image.pixels))));
  return image;
}

}  // namespace

std::vector<PictureTexture> wear_masks(const std::filesystem::path& cache) {
  std::vector<PictureTexture> masks;
  for (std::uint32_t k = 0; k < kMasks; ++k) {
    const Image<Rgba8> image = cached_mask(k, cache / ("wear_" + std::to_string(k) + ".mask"));
    Model model;  // what holds textures
    add_texture(model, image, {TexelKind::data, Wrap::repeat, Wrap::repeat, kSide});
    PictureTexture mask;
    mask.name = "made:wear/" + std::to_string(k);
    mask.texture = model.textures.front();
    mask.texels = std::move(model.texels);
    masks.push_back(std::move(mask));
  }
  return masks;
}

}  // namespace orrery
