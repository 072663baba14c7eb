#include <algorithm>
#include <array>
#include <cassert>
#include <cmath>
#include <vector>

#include "scenes/random.hpp"
#include "scenes/shape_parts.hpp"
#include "scenes/shapes.hpp"
#include "scenes/surface_recipe.hpp"
#include "scenes/texture.hpp"

namespace orrery {
namespace {

constexpr double kBoard = 0.0025;  ///< thickness of the cover, metres
constexpr double kInset = 0.003;   ///< of the pages behind the cover's edges, metres

/// The cover laid open with its outside up: back, spine and front from left to right.
struct Cover {
  double width, thick, height;  ///< of the front, the spine and both, metres

  double open_width() const { return 2 * width + thick; }
  double front() const { return width + thick; }  ///< where the front begins
};

void fill(Image<Rgba8>& image, const Cover& cover, glm::dvec2 low, glm::dvec2 high,
          const glm::vec3& color) {
  const glm::dvec2 scale(image.width / cover.open_width(), image.height / cover.height);
  const glm::ivec2 from(
      glm::clamp(low * scale, glm::dvec2(0), glm::dvec2(image.width, image.height)));
  const glm::ivec2 to(
      glm::clamp(high * scale, glm::dvec2(0), glm::dvec2(image.width, image.height)));
  for (int y = from.y; y < to.y; ++y) {
    for (int x = from.x; x < to.x; ++x) {
      image.at(x, y) = Rgba8(glm::vec4(glm::clamp(color, 0.0F, 1.0F) * 255.0F, 255));
    }
  }
}

/// Bars the size of words: what is left of a text from some way off.
void write_bars(Image<Rgba8>& image, const Cover& cover, Rng& rng, const glm::dvec2& low,
                const glm::dvec2& high, double letter, const glm::vec3& ink) {
  for (double y = low.y; y + letter <= high.y; y += 1.7 * letter) {
    for (double x = low.x; x < high.x;) {
      const double word = letter * rng.uniform(1.2, 5);
      if (x + word > high.x) break;
      // Letters: uprights with gaps, some of them short.
      for (double at = x; at + 0.4 * letter <= x + word; at += 0.75 * letter) {
        const double top = rng.below(3) == 0 ? 0 : 0.3 * letter;
        fill(image, cover, {at, y + top}, {at + 0.22 * letter, y + letter}, ink);
        const double bar = y + rng.uniform(0.35, 0.8) * letter;
        fill(image, cover, {at, bar}, {at + 0.6 * letter, bar + 0.22 * letter}, ink);
      }
      x += word + 0.8 * letter;
    }
  }
}

Image<Rgba8> printed_cover(const Cover& cover, std::uint64_t seed) {
  Rng rng(seed, 0, "book/cover");
  Image<Rgba8> image(1024, 512);
  const double hue = rng.unit();
  const bool dark = rng.below(2) == 0;
  const glm::vec3 ground = color_of_hue(hue, rng.uniform(0.1, 0.85),
                                        dark ? rng.uniform(0.15, 0.4) : rng.uniform(0.6, 0.95));
  const glm::vec3 ink = dark ? glm::vec3(0.93F, 0.89F, 0.76F) : glm::vec3(0.10F, 0.09F, 0.12F);
  const glm::vec3 band = color_of_hue(hue + rng.uniform(0.3, 0.7), 0.6, rng.uniform(0.3, 0.9));
  const double w = cover.width;
  const double h = cover.height;
  const double left = cover.front();
  fill(image, cover, {0, 0}, {cover.open_width(), h}, ground);
  const double top = rng.uniform(0.30, 0.42) * h;
  const double bottom = rng.uniform(0.80, 0.92) * h;
  const double margin = rng.below(2) == 0 ? 0 : 0.1 * w;
  // The front's picture is one of our printed patterns, drawn large.
  const SurfaceMaps picture = surface_maps("print", seed, 256);
  const glm::dvec2 scale(image.width / cover.open_width(), image.height / h);
  for (int y = static_cast<int>(top * scale.y); y < static_cast<int>(bottom * scale.y); ++y) {
    for (int x = static_cast<int>((left + margin) * scale.x);
         x < static_cast<int>((left + w - margin) * scale.x); ++x) {
      const glm::dvec2 at = glm::dvec2(x, y) / scale / (0.8 * w) * 256.0;
      image.at(x, y) = picture.color.at(static_cast<int>(at.x) & 255, static_cast<int>(at.y) & 255);
    }
  }
  if (rng.below(2) == 0) fill(image, cover, {0, 0.05 * h}, {cover.open_width(), 0.08 * h}, band);
  write_bars(image, cover, rng, {left + 0.1 * w, 0.11 * h}, {left + 0.9 * w, top - 0.02 * h},
             0.075 * h, ink);
  write_bars(image, cover, rng, {left + 0.3 * w, bottom + 0.02 * h}, {left + 0.75 * w, 0.98 * h},
             0.03 * h, ink);
  write_bars(image, cover, rng, {0.12 * w, 0.15 * h}, {0.88 * w, 0.7 * h}, 0.018 * h, ink);
  fill(image, cover, {0.62 * w, 0.82 * h}, {0.88 * w, 0.93 * h}, glm::vec3(0.95F));
  for (double x = 0.64 * w; x < 0.86 * w; x += rng.uniform(0.008, 0.02) * w) {
    fill(image, cover, {x, 0.84 * h}, {x + rng.uniform(0.004, 0.009) * w, 0.91 * h},
         glm::vec3(0.05F));
  }
  fill(image, cover, {w + 0.25 * cover.thick, 0.12 * h}, {w + 0.75 * cover.thick, 0.6 * h}, band);
  write_bars(image, cover, rng, {w + 0.3 * cover.thick, 0.14 * h},
             {w + 0.72 * cover.thick, 0.58 * h}, std::min(0.08 * h, 0.3 * cover.thick), ink);
  return image;
}

/// The edges of many sheets: lines along u.
Image<Rgba8> page_edges(std::uint64_t seed) {
  Rng rng(seed, 0, "book/pages");
  const glm::vec3 sheet =
      drawn_color(rng, {{0.93F, 0.91F, 0.85F}, {0.90F, 0.85F, 0.72F}, {0.95F, 0.95F, 0.94F}});
  Image<Rgba8> image(64, 128);
  for (int y = 0; y < image.height; ++y) {
    const float row = uniform(rng, 0.72, 1.0);
    for (int x = 0; x < image.width; ++x) {
      const float light = row * uniform(rng, 0.97, 1.0);
      image.at(x, y) = Rgba8(glm::vec4(glm::min(sheet * light, glm::vec3(1)) * 255.0F, 255));
    }
  }
  return image;
}

/// The cover: a C of boards and spine seen from -y, drawn out along y.
void add_cover(Surface& surface, const glm::dvec3& size, const Cover& cover) {
  const double right = 0.5 * size.x;
  const double inside = kBoard - 0.5 * size.x;
  // Counter-clockwise seen from -y, from the front board's outer edge to the spine and back.
  const std::array<glm::dvec2, 8> c{{{right, size.z},
                                     {-right, size.z},
                                     {-right, 0},
                                     {right, 0},
                                     {right, kBoard},
                                     {inside, kBoard},
                                     {inside, size.z - kBoard},
                                     {right, size.z - kBoard}}};
  const glm::dvec2 plain(cover.width + 0.1 * cover.thick, 0.02 * cover.height);
  const auto uv = [&](double x, double y) {
    return glm::dvec2(x / cover.open_width(), 0.5 - y / cover.height);
  };
  const double y = 0.5 * size.y;
  for (std::size_t k = 0; k < c.size(); ++k) {
    const glm::dvec2 a = c[k];
    const glm::dvec2 b = c[(k + 1) % c.size()];
    const glm::dvec2 along = glm::normalize(b - a);
    const glm::dvec3 normal(-along.y, 0, along.x);  // checked below: outside is on the right
    const glm::dvec3 out = -normal;
    const auto place = [&](const glm::dvec2& p) {
      if (k == 0) return cover.front() + (p.x + right);
      if (k == 1) return cover.width + p.y;  // the spine's left, seen from outside, is below
      if (k == 2) return right - p.x;
      return plain.x;
    };
    const bool shown = k < 3;
    const auto corner = [&](const glm::dvec2& p, double at) {
      return add_vertex(
          surface, {p.x, at, p.y}, out,
          shown ? uv(place(p), at) : plain / glm::dvec2(cover.open_width(), cover.height));
    };
    const std::uint32_t v0 = corner(a, -y);
    const std::uint32_t v1 = corner(b, -y);
    const std::uint32_t v2 = corner(b, y);
    const std::uint32_t v3 = corner(a, y);
    add_quad(surface, v0, v1, v2, v3);
  }
  for (const double side : {-1.0, 1.0}) {  // head and tail of the boards and the spine
    std::array<std::uint32_t, 8> v{};
    for (std::size_t k = 0; k < c.size(); ++k) {
      v[k] = add_vertex(surface, {c[k].x, side * y, c[k].y}, {0, side, 0},
                        plain / glm::dvec2(cover.open_width(), cover.height));
    }
    add_quad(surface, v[0], v[1], v[6], v[7]);
    add_quad(surface, v[1], v[2], v[5], v[6]);
    add_quad(surface, v[2], v[3], v[4], v[5]);
  }
}

}  // namespace

Model book(const glm::dvec3& size, std::uint64_t seed) {
  assert(size.z >= 0.008 && size.x >= 0.03 && size.y >= 0.03);
  const Cover cover{size.x, size.z, size.y};
  Rng rng(seed, 0, "book/finish");
  Model model;
  Material material;
  material.roughness = uniform(rng, 0.3, 0.7);
  material.base_color_texture = add_texture(model, printed_cover(cover, seed),
                                            {TexelKind::color, Wrap::clamp, Wrap::clamp, 1024});
  model.materials.push_back(material);
  material.roughness = 0.9F;
  material.base_color_texture =
      add_texture(model, page_edges(seed), {TexelKind::color, Wrap::repeat, Wrap::repeat, 128});
  model.materials.push_back(material);

  Surface boards;
  add_cover(boards, size, cover);
  Surface pages;
  const glm::dvec3 block(size.x - kBoard - kInset, size.y - 2 * kInset, size.z - 2 * kBoard);
  add_rounded_box(pages, {0.5 * (kBoard - kInset), 0, 0.5 * size.z}, block, 0);
  return finished_shape(std::move(model), "book",
                        exact_text({size.x, size.y, size.z}) + std::to_string(seed),
                        {boards, pages});
}

}  // namespace orrery
