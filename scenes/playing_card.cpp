#include "scenes/playing_card.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <glm/gtc/constants.hpp>
#include <span>
#include <vector>

#include "scenes/sha256.hpp"
#include "scenes/shape_parts.hpp"
#include "scenes/texture.hpp"

namespace orrery {
namespace {

constexpr int kCornerSteps = 8;
constexpr int kCardRows = 24;  ///< between the corners: the card bends

/// The card's middle surface bent to an arc of its own length; the paper keeps its measures.
struct Bent {
  double curvature;  ///< 1/m, above 0: the middle is highest

  /// An arc of length L and curvature c rises by (1 - cos(cL/2)) / c.
  explicit Bent(double sagitta) : curvature(0) {
    const double half = 0.5 * kPlayingCardSize.y;
    double low = 0;
    double high = glm::half_pi<double>() / half;
    for (int k = 0; k < 60; ++k) {
      curvature = 0.5 * (low + high);
      const bool above = 1 - std::cos(curvature * half) > std::abs(sagitta) * curvature;
      (above ? high : low) = curvature;
    }
    curvature = sagitta == 0 ? 0 : std::copysign(curvature, sagitta);
  }

  glm::dvec3 normal(double y) const {
    return {0, std::sin(curvature * y), std::cos(curvature * y)};
  }
  glm::dvec3 at(double x, double y, double above) const {
    const glm::dvec3 middle = curvature == 0
                                  ? glm::dvec3(x, y, 0)
                                  : glm::dvec3(x, std::sin(curvature * y) / curvature,
                                               (std::cos(curvature * y) - 1) / curvature);
    return middle + above * normal(y);
  }
};

/// A row of the card: how far from its middle, how wide from there, and the outline's normal.
struct Row {
  double y, half_width;
  glm::dvec2 normal;  ///< (x, y) at the right end
};

std::vector<Row> rows() {
  const glm::dvec2 half = 0.5 * glm::dvec2(kPlayingCardSize);
  const double r = kPlayingCardCorner;
  std::vector<Row> upper;
  for (int k = 0; k <= kCornerSteps; ++k) {
    const double angle = glm::half_pi<double>() * (kCornerSteps - k) / kCornerSteps;
    const glm::dvec2 way(std::cos(angle), std::sin(angle));
    upper.push_back({half.y - r + r * way.y, half.x - r + r * way.x, way});
  }
  std::vector<Row> out = upper;
  for (int k = 1; k < kCardRows; ++k) {
    out.push_back({(half.y - r) * (1 - 2.0 * k / kCardRows), half.x, {1, 0}});
  }
  for (auto it = upper.rbegin(); it != upper.rend(); ++it) {
    out.push_back({-it->y, it->half_width, {it->normal.x, -it->normal.y}});
  }
  return out;
}

/// Face (`side` 1) or back (-1).
Surface sheet(const Bent& bent, double lift, double side) {
  Surface surface;
  std::uint32_t last = 0;
  for (const Row& row : rows()) {
    const auto end = [&](double x) {
      const glm::dvec2 uv(0.5 + side * x / kPlayingCardSize.x, 0.5 - row.y / kPlayingCardSize.y);
      return add_vertex(surface,
                        bent.at(x, row.y, 0.5 * side * kPlayingCardSize.z) + glm::dvec3(0, 0, lift),
                        side * bent.normal(row.y), uv);
    };
    const std::uint32_t left = end(-row.half_width);
    const std::uint32_t right = end(row.half_width);
    if (left > 0) add_quad(surface, last, last + 1, right, left);
    last = left;
  }
  return surface;
}

Surface edge(const Bent& bent, double lift) {
  struct Post {
    double x, y;
    glm::dvec2 normal;
  };
  std::vector<Post> round;  // clockwise from the top right
  const std::vector<Row> all = rows();
  for (const Row& row : all) round.push_back({row.half_width, row.y, row.normal});
  for (auto it = all.rbegin(); it != all.rend(); ++it) {
    round.push_back({-it->half_width, it->y, {-it->normal.x, it->normal.y}});
  }
  Surface surface;
  for (const Post& post : round) {
    const glm::dvec3 up = bent.normal(post.y);
    const glm::dvec3 along(0, up.z, -up.y);  // the paper's y
    const glm::dvec3 out = glm::dvec3(post.normal.x, 0, 0) + post.normal.y * along;
    for (const double side : {1.0, -1.0}) {
      add_vertex(surface,
                 bent.at(post.x, post.y, 0.5 * side * kPlayingCardSize.z) + glm::dvec3(0, 0, lift),
                 out, {0.5, 0.5});
    }
  }
  const auto count = static_cast<std::uint32_t>(surface.positions.size());
  for (std::uint32_t k = 0; k < count; k += 2) {
    add_quad(surface, k, k + 1, (k + 3) % count, (k + 2) % count);
  }
  return surface;
}

}  // namespace

Model playing_card(const Image<Rgba8>& face, const Image<Rgba8>& back, double bend) {
  assert(std::abs(bend) <= 0.02);
  const Bent bent(bend);
  double lowest = 0;
  for (const Row& row : rows()) {
    // As the vertices compute it: the lowest must come out at 0.
    lowest = std::min(lowest, bent.at(0, row.y, -0.5 * kPlayingCardSize.z).z);
  }
  Model model;
  Material paper;
  paper.roughness = 0.35F;  // coated
  const TextureForm form{TexelKind::color, Wrap::clamp, Wrap::clamp, 512};
  paper.base_color_texture = add_texture(model, face, form);
  model.materials.push_back(paper);
  paper.base_color_texture = add_texture(model, back, form);
  model.materials.push_back(paper);
  paper.base_color_texture = -1;
  paper.base_color = glm::vec4(0.8F, 0.8F, 0.78F, 1);
  paper.roughness = 0.8F;
  model.materials.push_back(paper);
  Sha256 pixels;
  for (const Image<Rgba8>* image : {&face, &back}) {
    pixels.add(std::to_string(image->width) + " ");
    pixels.add(std::as_bytes(std::span(image->pixels)));
  }
  return finished_shape(std::move(model), "playing_card", exact_text({bend}) + pixels.hex(),
                        {sheet(bent, -lowest, 1), sheet(bent, -lowest, -1), edge(bent, -lowest)});
}

}  // namespace orrery
