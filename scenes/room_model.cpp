#include <algorithm>
#include <array>
#include <cmath>

#include "scenes/room.hpp"
#include "scenes/room_parts.hpp"
#include "scenes/shape_parts.hpp"
#include "scenes/surface_material.hpp"
#include "scenes/texture.hpp"

namespace orrery {
namespace {

constexpr double kReveal = 0.18;  ///< how deep the windows lie in the wall, metres

/// The rectangles, as (x, z) low and high, that are left of a wall with windows.
std::vector<glm::dvec4> wall_pieces(const RoomPlan& plan, const glm::dvec2& low,
                                    const glm::dvec2& high) {
  std::vector<glm::dvec4> pieces;
  double from = low.x;
  for (const RoomWindow& w : plan.windows) {
    const glm::dvec2 a = w.middle - w.half;
    const glm::dvec2 b = w.middle + w.half;
    pieces.emplace_back(from, low.y, a.x, high.y);
    pieces.emplace_back(a.x, low.y, b.x, a.y);
    pieces.emplace_back(a.x, b.y, b.x, high.y);
    from = b.x;
  }
  pieces.emplace_back(from, low.y, high.x, high.y);
  return pieces;
}

/// The bars of a window as boxes from the wall's inner face outwards.
void add_window(Surface& paint, const RoomPlan& plan, const RoomWindow& w, const glm::vec3& color) {
  const double y0 = plan.high.y;
  const double y1 = y0 + kReveal;
  const glm::dvec2 a = w.middle - w.half;
  const glm::dvec2 b = w.middle + w.half;
  const glm::dvec4 uv(0, 0, 1, 1);
  const double wide = b.x - a.x;
  const double tall = b.y - a.y;
  add_rectangle(paint, {a.x, y0, a.y}, {wide, 0, 0}, {0, kReveal, 0}, uv, color);   // sill
  add_rectangle(paint, {b.x, y0, b.y}, {-wide, 0, 0}, {0, kReveal, 0}, uv, color);  // lintel
  add_rectangle(paint, {a.x, y0, b.y}, {0, 0, -tall}, {0, kReveal, 0}, uv, color);
  add_rectangle(paint, {b.x, y0, a.y}, {0, 0, tall}, {0, kReveal, 0}, uv, color);
  const double bar = 0.05;
  for (int i = 0; i <= w.columns; ++i) {
    const double x = a.x + bar / 2 + (wide - bar) * i / w.columns;
    add_box(paint, {x - bar / 2, y1 - 0.05, a.y}, {x + bar / 2, y1, b.y}, color);
  }
  for (int i = 0; i <= w.rows; ++i) {
    const double z = a.y + bar / 2 + (tall - bar) * i / w.rows;
    add_box(paint, {a.x, y1 - 0.05, z - bar / 2}, {b.x, y1, z + bar / 2}, color);
  }
  add_box(paint, {a.x - 0.06, y0 - 0.12, a.y - 0.03}, {b.x + 0.06, y0 + 0.01, a.y}, color);
}

void add_table(Surface& paint, const RoomPlan& plan) {
  if (plan.low.z > -0.2) return;  // things lie on the floor
  Rng rng(plan.variant, 0, "room/table");
  const glm::vec3 wood = wood_color(rng);
  const glm::dvec2 half = 0.5 * plan.table;
  const double thick = rng.uniform(0.02, 0.045);
  // Just below the surface that things lie on.
  add_box(paint, {-half.x, -half.y, -thick}, {half.x, half.y, -0.0005}, wood);
  const double leg = rng.uniform(0.04, 0.08);
  for (const double x : {-half.x + 0.05, half.x - 0.05 - leg}) {
    for (const double y : {-half.y + 0.05, half.y - 0.05 - leg}) {
      add_box(paint, {x, y, plan.low.z}, {x + leg, y + leg, -thick}, wood);
    }
  }
}

/// The bounced light of one side as a picture that is `peak` where it is white.
Image<Rgba8> light_map(const std::vector<glm::vec3>& bounced, float peak) {
  Image<Rgba8> image(kRoomGrid, kRoomGrid);
  const auto byte = [&](float linear) {
    const float x = std::clamp(linear / peak, 0.0F, 1.0F);
    const float s = x < 0.0031308F ? 12.92F * x : 1.055F * std::pow(x, 1 / 2.4F) - 0.055F;
    return static_cast<std::uint8_t>(std::lround(255 * s));
  };
  for (std::size_t i = 0; i < bounced.size(); ++i) {
    image.pixels[i] = Rgba8(byte(bounced[i].r), byte(bounced[i].g), byte(bounced[i].b), 255);
  }
  return resized(image, 32, 32);
}

/// Walls and ceiling glow with what is bounced to them instead of having ambient light.
Material lit_by_map(Model& model, const RoomLighting& lighting, std::size_t side) {
  float peak = 1e-6F;
  for (const glm::vec3& c : lighting.bounced[side]) peak = std::max({peak, c.r, c.g, c.b});
  Material material;
  material.base_color = glm::vec4(lighting.albedo[side], 1);
  material.emissive = peak * lighting.albedo[side];
  material.roughness = 0.9F;
  material.emissive_texture = add_texture(model, light_map(lighting.bounced[side], peak),
                                          {TexelKind::color, Wrap::clamp, Wrap::clamp, 32});
  material.orm_texture = add_texture(model, Image<Rgba8>(4, 4, Rgba8(0, 255, 0, 255)),
                                     {TexelKind::data, Wrap::clamp, Wrap::clamp, 4});
  return material;
}

/// Side `side` seen from inside, its picture's first texel at its least coordinates.
Surface room_side(const RoomPlan& plan, int side) {
  const int axis = side / 2;
  const int a = axis == 0 ? 1 : 0;
  const int b = axis == 2 ? 1 : 2;
  Surface surface;
  const glm::dvec3 size = plan.high - plan.low;
  std::vector<glm::dvec4> pieces{{plan.low[a], plan.low[b], plan.high[a], plan.high[b]}};
  if (side == 3) {
    pieces = wall_pieces(plan, {plan.low.x, plan.low.z}, {plan.high.x, plan.high.z});
  }
  for (const glm::dvec4& piece : pieces) {
    glm::dvec3 at(0);
    at[axis] = side % 2 == 0 ? plan.low[axis] : plan.high[axis];
    at[a] = piece.x;
    at[b] = piece.y;
    glm::dvec3 right(0);
    glm::dvec3 up(0);
    right[a] = piece.z - piece.x;
    up[b] = piece.w - piece.y;
    glm::dvec4 uv((piece.x - plan.low[a]) / size[a], (piece.y - plan.low[b]) / size[b],
                  (piece.z - plan.low[a]) / size[a], (piece.w - plan.low[b]) / size[b]);
    glm::dvec3 inwards(0);
    inwards[axis] = side % 2 == 0 ? 1 : -1;
    if (glm::dot(glm::cross(right, up), inwards) < 0) {
      std::swap(right, up);
      // The sides change places, and so must what the picture's axes run along.
      const auto first = static_cast<std::uint32_t>(surface.positions.size());
      add_vertex(surface, at, inwards, {uv.x, uv.y});
      add_vertex(surface, at + right, inwards, {uv.x, uv.w});
      add_vertex(surface, at + right + up, inwards, {uv.z, uv.w});
      add_vertex(surface, at + up, inwards, {uv.z, uv.y});
      add_quad(surface, first, first + 1, first + 2, first + 3);
    } else {
      add_rectangle(surface, at, right, up, uv, glm::vec3(1));
    }
  }
  return surface;
}

Material floor_material(Model& model, const SurfaceMaps& maps) {
  Material material;
  material.metallic = 1;
  material.roughness = 1;
  const int side = maps.color.width;
  material.base_color_texture =
      add_texture(model, maps.color, {TexelKind::color, Wrap::repeat, Wrap::repeat, side});
  material.normal_texture =
      add_texture(model, maps.normal, {TexelKind::normal, Wrap::repeat, Wrap::repeat, side});
  material.orm_texture =
      add_texture(model, maps.orm, {TexelKind::data, Wrap::repeat, Wrap::repeat, side});
  return material;
}

}  // namespace

Model room_shell(const std::string& name) {
  const RoomPlan plan = room_plan(name);
  const RoomLighting lighting = room_lighting(plan);
  Model model;
  std::vector<Surface> parts;
  for (const int side : {0, 1, 2, 3, 5}) {
    model.materials.push_back(lit_by_map(model, lighting, static_cast<std::size_t>(side)));
    parts.push_back(room_side(plan, side));
  }
  const SurfaceMaps maps = surface_maps(plan.floor, plan.variant, 256);
  model.materials.push_back(floor_material(model, maps));
  Surface& floor = parts.emplace_back();
  const glm::dvec3 size = plan.high - plan.low;
  // A table's top that lies on the floor is drawn over it.
  const double below = plan.low.z > -0.2 ? 0.002 : 0;
  add_rectangle(floor, {plan.low.x, plan.low.y, plan.low.z - below}, {size.x, 0, 0}, {0, size.y, 0},
                {0, size.y / maps.metres, size.x / maps.metres, 0}, glm::vec3(1));

  Material paint;
  paint.roughness = 0.6F;
  model.materials.push_back(paint);
  Surface& painted = parts.emplace_back();
  const glm::vec3 white(0.8F);
  for (const RoomWindow& window : plan.windows) add_window(painted, plan, window, white);
  const double skirt = 0.08;
  add_box(painted, plan.low, {plan.low.x + 0.012, plan.high.y, plan.low.z + skirt}, white);
  add_box(painted, {plan.high.x - 0.012, plan.low.y, plan.low.z},
          {plan.high.x, plan.high.y, plan.low.z + skirt}, white);
  add_box(painted, plan.low, {plan.high.x, plan.low.y + 0.012, plan.low.z + skirt}, white);
  add_box(painted, {plan.low.x, plan.high.y - 0.012, plan.low.z},
          {plan.high.x, plan.high.y, plan.low.z + skirt}, white);
  add_furniture(painted, plan);
  add_table(painted, plan);

  Material lamp;
  lamp.base_color = glm::vec4(0.85F, 0.85F, 0.85F, 1);
  if (!plan.day) {
    const RoomLight& light = lighting.lights.front();
    // What a disc of that radius sends straight down.
    lamp.emissive = glm::vec3(light.color / (3.1416 * light.radius * light.radius));
  }
  model.materials.push_back(lamp);
  Surface& shade = parts.emplace_back();
  const glm::dvec3 half(0.18, 0.18, 0.03);
  add_box(shade, plan.lamp + glm::dvec3(-half.x, -half.y, 0.01),
          plan.lamp + glm::dvec3(half.x, half.y, 2 * half.z), white);
  add_box(painted, plan.lamp + glm::dvec3(-0.006, -0.006, 2 * half.z),
          {plan.lamp.x + 0.006, plan.lamp.y + 0.006, plan.high.z}, glm::vec3(0.1F));
  return finished_shape(std::move(model), "room", "shell 1 " + name, parts);
}

glm::dvec3 room_shade_middle(const RoomPlan& plan) {
  return {0.5 * (plan.low.x + plan.high.x), plan.high.y, 0.5 * (plan.low.z + plan.high.z)};
}

double room_shade_reach(const RoomPlan& plan) {
  return 0.75 * std::max(plan.high.x - plan.low.x, plan.high.z - plan.low.z);
}

Model room_shade(const std::string& name) {
  const RoomPlan plan = room_plan(name);
  const glm::dvec3 middle = room_shade_middle(plan);
  const double far = 3 * room_shade_reach(plan);
  Surface surface;
  const glm::dvec4 uv(0, 0, 1, 1);
  const auto add = [&](const glm::dvec4& piece, double y) {
    add_rectangle(surface, glm::dvec3(piece.x, y, piece.y) - middle, {piece.z - piece.x, 0, 0},
                  {0, 0, piece.w - piece.y}, uv, glm::vec3(1));
  };
  for (const glm::dvec4& piece :
       wall_pieces(plan, {middle.x - far, middle.z - far}, {middle.x + far, middle.z + far})) {
    add(piece, plan.high.y);
  }
  for (const RoomWindow& window : plan.windows) {
    const glm::dvec2 a = window.middle - window.half;
    const glm::dvec2 b = window.middle + window.half;
    for (int i = 0; i <= window.columns; ++i) {
      const double x = a.x + 0.025 + (b.x - a.x - 0.05) * i / window.columns;
      add({x - 0.025, a.y, x + 0.025, b.y}, plan.high.y + kReveal);
    }
    for (int i = 0; i <= window.rows; ++i) {
      const double z = a.y + 0.025 + (b.y - a.y - 0.05) * i / window.rows;
      add({a.x, z - 0.025, b.x, z + 0.025}, plan.high.y + kReveal);
    }
  }
  Model model;
  Material material;
  material.double_sided = 1;
  model.materials.push_back(material);
  return finished_shape(std::move(model), "room", "shade 1 " + name, {surface});
}

}  // namespace orrery
