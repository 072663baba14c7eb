#include "scenes/clutter.hpp"

#include <array>
#include <cmath>
#include <glm/gtc/constants.hpp>
#include <string>
#include <vector>

#include "scenes/painting.hpp"
#include "scenes/random.hpp"
#include "scenes/shape_draft.hpp"
#include "scenes/surface_recipe.hpp"

namespace orrery {
namespace {

using glm::dvec2;
using glm::dvec3;

glm::vec3 any_color(Rng& rng) {
  if (rng.unit() < 0.4) return glm::vec3(uniform(rng, 0.05, 0.95));
  return color_of_hue(rng.unit(), rng.uniform(0.4, 0.95), rng.uniform(0.25, 0.9));
}

}  // namespace

Model pen(std::uint64_t variant) {
  Rng rng(variant, 0, "clutter/pen");
  const double r = rng.uniform(0.0036, 0.0055);
  const double length = rng.uniform(0.125, 0.15);
  const bool pencil = rng.below(3) == 0;
  ShapeDraft draft;
  const glm::vec3 color = any_color(rng);
  const auto add = [&](Surface& surface, const std::vector<dvec2>& points) {
    const std::uint32_t first = vertices_of(surface);
    add_profile(surface, points, pencil ? 6 : 20);
    // From upright to lying along y, half of it on either side.
    move_from(surface, first, turn_about(0, -glm::half_pi<double>()), {0, -0.5 * length, r});
  };
  add(draft.part(color, pencil ? 0.5F : 0.25F),
      {{0, 0.018}, {r, 0.018}, {r, length - 0.012}, {0, length - 0.012}});
  add(draft.part(pencil ? glm::vec3(0.85F, 0.7F, 0.5F) : glm::vec3(0.75F), 0.4F,
                 pencil ? 0.F : 1.F),
      {{0, 0.004}, {0.25 * r, 0.004}, {r, 0.018}, {0, 0.018}});
  add(draft.part(glm::vec3(0.05F), 0.5F), {{0, 0}, {0.25 * r, 0.004}, {0, 0.004}});
  add(draft.part(pencil ? glm::vec3(0.85F, 0.5F, 0.5F) : any_color(rng), 0.5F),
      {{0, length - 0.012}, {r, length - 0.012}, {0.9 * r, length}, {0, length}});
  return draft.finished("pen", variant);
}

Model phone(std::uint64_t variant) {
  Rng rng(variant, 0, "clutter/phone");
  const dvec3 size(rng.uniform(0.067, 0.078), rng.uniform(0.14, 0.163), 0.008);
  Painting screen(128, 256, dvec2(size), glm::vec3(0.03F));
  const bool lit = rng.below(3) == 0;
  const dvec2 border(0.004, 0.006);
  if (lit) {
    screen.rectangle(border, dvec2(size) - border,
                     color_of_hue(rng.unit(), 0.5, rng.uniform(0.2, 0.7)));
    for (int row = 0; row < 5; ++row) {
      for (int column = 0; column < 4; ++column) {
        if (rng.below(4) == 0) continue;
        const dvec2 at(0.012 + column * 0.015, 0.02 + row * 0.024);
        screen.rectangle(at, at + 0.0105, color_of_hue(rng.unit(), rng.uniform(0, 0.9), 0.9));
      }
    }
  }
  ShapeDraft draft;
  Surface& top = draft.printed(screen.image(), 0.05F);
  if (lit) {
    draft.material().emissive = glm::vec3(0.5F);
    draft.material().emissive_texture = draft.material().base_color_texture;
  }
  Surface& body = draft.part(any_color(rng), 0.3F, rng.below(2) == 0 ? 0.7F : 0.0F);
  add_prism(top, body, rounded_rectangle(dvec2(size), 0.01), 0, size.z);
  return draft.finished("phone", variant);
}

Model remote(std::uint64_t variant) {
  Rng rng(variant, 0, "clutter/remote");
  const dvec3 size(rng.uniform(0.04, 0.052), rng.uniform(0.15, 0.2), 0.018);
  ShapeDraft draft;
  add_rounded_box(draft.part(glm::vec3(uniform(rng, 0.03, 0.3)), 0.5F), {0, 0, 0.5 * size.z}, size,
                  0.006);
  Surface& keys = draft.part(glm::vec3(uniform(rng, 0.4, 0.8)), 0.6F);
  Surface& red = draft.part({0.75F, 0.1F, 0.1F}, 0.5F);
  const auto rows = static_cast<int>(size.y / 0.016) - 1;
  for (int row = 0; row < rows; ++row) {
    if (row == rows / 2) continue;
    for (int column = -1; column <= 1; ++column) {
      const bool power = row == 0 && column == 1;
      add_rounded_box(power ? red : keys,
                      {column * 0.0115, 0.5 * size.y - 0.018 - 0.016 * row, size.z},
                      {0.008, 0.007, 0.003}, 0.001);
    }
  }
  return draft.finished("remote", variant);
}

Model keyboard(std::uint64_t variant) {
  Rng rng(variant, 0, "clutter/keyboard");
  const bool dark = rng.below(3) != 0;
  const glm::vec3 cap(dark ? uniform(rng, 0.06, 0.2) : uniform(rng, 0.8, 0.95));
  const glm::vec3 ink = dark ? glm::vec3(0.9F) : glm::vec3(0.15F);
  constexpr double kPitch = 0.019;
  const dvec2 size(15 * kPitch + 0.012, 5 * kPitch + 0.012);
  Painting print(512, 256, size, cap);
  Surface caps;
  const auto add_cap = [&](double column, double width, int row, const std::string& letter) {
    const dvec2 middle(0.006 + (column + 0.5 * width) * kPitch, 0.006 + (row + 0.5) * kPitch);
    const std::uint32_t first = vertices_of(caps);
    add_rounded_box(caps, {middle.x - 0.5 * size.x, 0.5 * size.y - middle.y, 0.0155},
                    {width * kPitch - 0.003, kPitch - 0.003, 0.007}, 0.0012);
    for (std::size_t i = first; i < caps.positions.size(); ++i) {
      const glm::vec3 p = caps.positions[i];
      caps.uvs[i] = glm::vec2(0.5 + p.x / size.x, 0.5 - p.y / size.y);
    }
    print.write(letter, middle - dvec2(0.002, 0.002), 0.0055, 0.16, ink);
  };
  static constexpr std::array<const char*, 4> kRows{"1234567890XZ", "QWERTYUIOPUO", "ASDFGHJKLOA",
                                                    "ZXCVBNM000"};
  for (int row = 0; row < 4; ++row) {
    const std::string letters = kRows[static_cast<std::size_t>(row)];
    const double left = row == 0 ? 1 : 1.25 + 0.25 * row;
    add_cap(0, left, row, "");
    double column = left;
    for (const char letter : letters) {
      add_cap(column, 1, row, std::string(1, letter));
      column += 1;
    }
    add_cap(column, 15 - column, row, "");
  }
  for (const double left : {0.0, 1.5, 3.0}) add_cap(left, 1.5, 4, "");
  add_cap(4.5, 6, 4, "");
  for (const double left : {10.5, 12.0, 13.5}) add_cap(left, 1.5, 4, "");
  ShapeDraft draft;
  draft.printed(print.image(), 0.6F) = caps;
  Surface& body = draft.part(glm::vec3(dark ? 0.08F : 0.7F), 0.4F);
  add_rounded_box(body, {0, 0, 0.006}, {size.x + 0.008, size.y + 0.008, 0.012}, 0.003);
  return draft.finished("keyboard", variant);
}

Model mouse(std::uint64_t variant) {
  Rng rng(variant, 0, "clutter/mouse");
  const dvec3 size(rng.uniform(0.055, 0.066), rng.uniform(0.095, 0.118), rng.uniform(0.03, 0.038));
  ShapeDraft draft;
  Surface& body = draft.part(any_color(rng), 0.4F);
  add_rounded_box(body, {0, 0, 0.5 * size.z}, size, 0.49 * size.z);
  for (std::size_t i = 0; i < body.positions.size(); ++i) {  // lower to the front
    glm::vec3& p = body.positions[i];
    const double t = 0.5 + p.y / size.y;
    p.z *= static_cast<float>(1 - 0.45 * t * t);
  }
  Surface& wheel = draft.part(glm::vec3(0.08F), 0.7F);
  const std::uint32_t first = vertices_of(wheel);
  add_profile(wheel, {{0, -0.003}, {0.009, -0.003}, {0.009, 0.003}, {0, 0.003}}, 20);
  move_from(wheel, first, turn_about(1, glm::half_pi<double>()), {0, 0.27 * size.y, 0.62 * size.z});
  return draft.finished("mouse", variant);
}

Model laptop(std::uint64_t variant) {
  Rng rng(variant, 0, "clutter/laptop");
  const dvec3 size(rng.uniform(0.3, 0.36), rng.uniform(0.21, 0.245), 0.016);
  const glm::vec3 shell =
      rng.below(2) == 0 ? glm::vec3(uniform(rng, 0.03, 0.12)) : glm::vec3(uniform(rng, 0.6, 0.75));
  Painting deck(256, 256, dvec2(size), shell);
  for (int row = 0; row < 5; ++row) {
    for (int column = 0; column < 14; ++column) {
      const dvec2 at(0.04 * size.x + column * 0.0655 * size.x, (0.1 + 0.09 * row) * size.y);
      deck.rectangle(at, at + dvec2(0.055 * size.x, 0.075 * size.y), glm::vec3(0.06F));
    }
  }
  deck.rectangle(dvec2(0.36, 0.66) * dvec2(size), dvec2(0.64, 0.95) * dvec2(size), shell * 0.85F);
  Painting page(256, 128, {size.x, size.y}, glm::vec3(0.02F));
  const bool on = rng.below(2) == 0;
  if (on) {
    page.rectangle({0.008, 0.008}, dvec2(size) - 0.008, glm::vec3(0.93F));
    page.rectangle({0.008, 0.008}, {size.x - 0.008, 0.024}, color_of_hue(rng.unit(), 0.6, 0.5));
    for (double y = 0.04; y < size.y - 0.03; y += 0.011) {
      page.rectangle({0.05, y}, {size.x * rng.uniform(0.5, 0.85), y + 0.005}, glm::vec3(0.3F));
    }
  }
  ShapeDraft draft;
  Surface& top = draft.printed(deck.image(), 0.45F);
  Surface& body = draft.part(shell, 0.4F, 0.3F);
  const std::vector<dvec2> outline = rounded_rectangle(dvec2(size), 0.01);
  add_prism(top, body, outline, 0, size.z);
  Surface& screen = draft.printed(page.image(), 0.12F);
  if (on) {
    draft.material().emissive = glm::vec3(0.6F);
    draft.material().emissive_texture = draft.material().base_color_texture;
  }
  const std::uint32_t first_screen = vertices_of(screen);
  const std::uint32_t first_lid = vertices_of(body);
  add_prism(screen, body, outline, 0, 0.006);
  const double open = glm::radians(rng.uniform(60, 85));  // of the lid from the table
  const auto stand = [&](Surface& part, std::uint32_t first) {
    const glm::dmat3 tilt = turn_about(0, open);
    move_from(part, first, tilt, dvec3(0, 0.5 * size.y, size.z) + tilt * dvec3(0, 0.5 * size.y, 0));
  };
  stand(screen, first_screen);
  stand(body, first_lid);
  return draft.finished("laptop", variant);
}

}  // namespace orrery
