#include "tests/support/shapes.hpp"

#include <algorithm>
#include <bit>
#include <cassert>
#include <cmath>
#include <numbers>
#include <utility>

namespace orrery {
namespace {

constexpr double kTurn = 2 * std::numbers::pi;
constexpr std::uint32_t kWhite = 0xFFFFFFFF;

// One point of an outline that is turned about the z axis.
struct ProfilePoint {
  double radius, z;
  glm::dvec2 normal;  // (radial, z), outward
};

Model empty_model(const std::string& name) {
  Model model;
  model.name = name;
  model.sha256 = name;
  model.materials.emplace_back();
  model.part_materials.push_back(0);
  return model;
}

void finish(Model& model) {
  model.bounds = {model.vertices.front().position, model.vertices.front().position};
  for (const Vertex& vertex : model.vertices) {
    model.bounds.low = glm::min(model.bounds.low, vertex.position);
    model.bounds.high = glm::max(model.bounds.high, vertex.position);
  }
  model.report.triangles = model.lods.front().parts.front().count / 3;
}

// Adds a triangle counter-clockwise about the normals of its corners, unless it has no area.
void add_triangle(Model& model, std::uint32_t a, std::uint32_t b, std::uint32_t c) {
  const auto position = [&](std::uint32_t i) { return glm::dvec3(model.vertices[i].position); };
  const auto normal = [&](std::uint32_t i) {
    return glm::dvec3(unpacked_normal(model.vertices[i].normal));
  };
  const glm::dvec3 face = glm::cross(position(b) - position(a), position(c) - position(a));
  if (glm::length(face) < 1e-12) return;
  if (glm::dot(face, normal(a) + normal(b) + normal(c)) < 0) std::swap(b, c);
  model.indices.insert(model.indices.end(), {a, b, c});
}

// One level of detail: the outline turned about the z axis.
void add_lathed(Model& model, const std::vector<ProfilePoint>& outline, std::uint32_t segments,
                float error) {
  const auto first_vertex = static_cast<std::uint32_t>(model.vertices.size());
  const auto first_index = static_cast<std::uint32_t>(model.indices.size());
  const auto rows = static_cast<std::uint32_t>(outline.size());
  for (std::uint32_t row = 0; row < rows; ++row) {
    const ProfilePoint& point = outline[row];
    for (std::uint32_t i = 0; i <= segments; ++i) {
      // The seam's two columns must be the same points to the last bit.
      const double angle = kTurn * (i % segments) / segments;
      const glm::dvec3 radial(std::cos(angle), std::sin(angle), 0);
      const glm::dvec3 around(-std::sin(angle), std::cos(angle), 0);
      const glm::dvec3 normal =
          glm::normalize(point.normal.x * radial + glm::dvec3(0, 0, point.normal.y));
      model.vertices.push_back({glm::vec3(point.radius * radial + glm::dvec3(0, 0, point.z)),
                                packed_normal(glm::vec3(normal)),
                                packed_tangent(glm::vec3(around), 1),
                                {static_cast<float>(i) / static_cast<float>(segments),
                                 static_cast<float>(row) / static_cast<float>(rows - 1)},
                                kWhite});
    }
  }
  for (std::uint32_t row = 0; row + 1 < rows; ++row) {
    for (std::uint32_t i = 0; i < segments; ++i) {
      const std::uint32_t a = first_vertex + row * (segments + 1) + i;
      const std::uint32_t b = a + segments + 1;
      add_triangle(model, a, a + 1, b);
      add_triangle(model, a + 1, b + 1, b);
    }
  }
  const auto count = static_cast<std::uint32_t>(model.indices.size()) - first_index;
  model.lods.push_back({error, {{first_index, count}}});
}

std::vector<ProfilePoint> half_circle(double radius, std::uint32_t steps) {
  std::vector<ProfilePoint> outline;
  for (std::uint32_t k = 0; k <= steps; ++k) {
    const double polar = std::numbers::pi * k / steps;
    const double r = k == 0 || k == steps ? 0 : std::sin(polar);  // the poles are points
    outline.push_back({radius * r, radius * std::cos(polar), {std::sin(polar), std::cos(polar)}});
  }
  return outline;
}

void add_quad(Model& model, const glm::vec3& center, const glm::vec3& right, const glm::vec3& up) {
  const auto first = static_cast<std::uint32_t>(model.vertices.size());
  const glm::vec3 normal = glm::normalize(glm::cross(right, up));
  for (const glm::vec2 corner : {glm::vec2(-1, -1), {1, -1}, {1, 1}, {-1, 1}}) {
    // v grows downwards and so does the bitangent's opposite: the map's y is up.
    model.vertices.push_back({center + corner.x * right + corner.y * up,
                              packed_normal(normal),
                              packed_tangent(glm::normalize(right), 1),
                              {0.5F + 0.5F * corner.x, 0.5F - 0.5F * corner.y},
                              kWhite});
  }
  add_triangle(model, first, first + 1, first + 2);
  add_triangle(model, first, first + 2, first + 3);
}

void close_single_lod(Model& model) {
  model.lods.push_back({0, {{0, static_cast<std::uint32_t>(model.indices.size())}}});
  finish(model);
}

Rgba8 texel(const glm::vec4& value, bool color) {
  const auto byte = [](float x) {
    return static_cast<std::uint8_t>(std::lround(255 * std::clamp(x, 0.0F, 1.0F)));
  };
  const auto light = [&](float x) { return byte(color ? std::sqrt(std::max(x, 0.0F)) : x); };
  return {light(value.r), light(value.g), light(value.b), byte(value.a)};
}

Image<glm::vec4> halved(const Image<glm::vec4>& image) {
  Image<glm::vec4> half(std::max(1, image.width / 2), std::max(1, image.height / 2));
  for (int y = 0; y < half.height; ++y) {
    for (int x = 0; x < half.width; ++x) {
      const int x1 = std::min(2 * x + 1, image.width - 1);
      const int y1 = std::min(2 * y + 1, image.height - 1);
      const int x0 = std::min(2 * x, x1);
      const int y0 = std::min(2 * y, y1);
      half.at(x, y) =
          0.25F * (image.at(x0, y0) + image.at(x1, y0) + image.at(x0, y1) + image.at(x1, y1));
    }
  }
  return half;
}

}  // namespace

Model sphere(float radius, std::uint32_t segments) { return sphere_with_lods(radius, segments, 1); }

Model sphere_with_lods(float radius, std::uint32_t segments, std::uint32_t levels) {
  Model model = empty_model("sphere");
  for (std::uint32_t level = 0; level < levels; ++level) {
    const std::uint32_t n = segments >> level;
    assert(n >= 4);
    // A facet's middle lies within this of the sphere in both directions around it.
    const double sagitta = radius * (1 - std::pow(std::cos(std::numbers::pi / n), 2));
    add_lathed(model, half_circle(radius, n / 2), n, level == 0 ? 0 : static_cast<float>(sagitta));
  }
  finish(model);
  return model;
}

Model card(float width, float height) {
  Model model = empty_model("card");
  add_quad(model, glm::vec3(0), {0.5F * width, 0, 0}, {0, 0, 0.5F * height});
  close_single_lod(model);
  return model;
}

Model cube(float side) {
  Model model = empty_model("cube");
  const float h = 0.5F * side;
  for (int axis = 0; axis < 3; ++axis) {
    for (const float sign : {-1.0F, 1.0F}) {
      glm::vec3 out(0);
      glm::vec3 right(0);
      glm::vec3 up(0);
      out[axis] = sign * h;
      right[(axis + 1) % 3] = h;
      up[(axis + 2) % 3] = sign * h;  // right × up points out
      add_quad(model, out, right, up);
    }
  }
  close_single_lod(model);
  return model;
}

Model torus(float ring, float tube, std::uint32_t segments) {
  Model model = empty_model("torus");
  std::vector<ProfilePoint> outline;
  for (std::uint32_t k = 0; k <= segments; ++k) {
    const double angle = kTurn * (k % segments) / segments;
    const glm::dvec2 normal(std::cos(angle), std::sin(angle));
    outline.push_back({ring + tube * normal.x, tube * normal.y, normal});
  }
  add_lathed(model, outline, 2 * segments, 0);
  finish(model);
  return model;
}

Model cup(float radius, float height, std::uint32_t segments) {
  Model model = empty_model("cup");
  const double r = radius;
  const double h = height;
  const double wall = 0.08 * r;
  // From under the foot, up the outside, over the rim, down the inside to the middle; a corner is
  // two points with one place and two normals.
  const std::vector<glm::dvec2> corners = {
      {0, 0},        {0.7 * r, 0},        {r, 0.6 * h},           {r, h},
      {r - wall, h}, {r - wall, 0.6 * h}, {0.7 * r - wall, wall}, {0, wall}};
  std::vector<ProfilePoint> outline;
  for (std::size_t k = 0; k + 1 < corners.size(); ++k) {
    const glm::dvec2 along = glm::normalize(corners[k + 1] - corners[k]);
    const glm::dvec2 normal(along.y, -along.x);
    outline.push_back({corners[k].x, corners[k].y, normal});
    outline.push_back({corners[k + 1].x, corners[k + 1].y, normal});
  }
  add_lathed(model, outline, segments, 0);
  finish(model);
  return model;
}

std::int32_t add_texture(Model& model, const Image<glm::vec4>& image, Wrap wrap, bool color) {
  Texture texture;
  texture.width = static_cast<std::uint32_t>(image.width);
  texture.height = static_cast<std::uint32_t>(image.height);
  assert(std::has_single_bit(texture.width) && std::has_single_bit(texture.height));
  texture.wrap_u = texture.wrap_v = wrap;
  texture.first_texel = model.texels.size();
  for (Image<glm::vec4> level = image;; level = halved(level)) {
    ++texture.levels;
    for (const glm::vec4& value : level.pixels) model.texels.push_back(texel(value, color));
    if (level.width == 1 && level.height == 1) break;
  }
  model.textures.push_back(texture);
  return static_cast<std::int32_t>(model.textures.size()) - 1;
}

Image<glm::vec4> checker(int side, int cells, const glm::vec4& even, const glm::vec4& odd) {
  Image<glm::vec4> image(side, side);
  for (int y = 0; y < side; ++y)
    for (int x = 0; x < side; ++x)
      image.at(x, y) = (x * cells / side + y * cells / side) % 2 == 0 ? even : odd;
  return image;
}

Sky uniform_sky(const glm::vec3& radiance) {
  Sky sky;
  sky.name = "uniform";
  sky.sha256 = "uniform";
  sky.radiance = Image<glm::vec3>(16, 8, radiance);
  sky.irradiance[0] = radiance;
  for (Image<glm::vec3>& level : sky.specular)
    level = Image<glm::vec3>(Sky::kSpecularWidth, Sky::kSpecularWidth / 2, radiance);
  return sky;
}

View view_along_y(int width, int height, double focal_px) {
  View view;
  view.intrinsics = {width, height, focal_px, focal_px, 0.5 * width, 0.5 * height};
  view.camera_from_world = camera_from_world_looking_at({0, 0, 0}, {0, 1, 0});
  return view;
}

Object object_at(std::uint32_t model, const glm::dvec3& position) {
  return {model, 0, {glm::dmat3(1), 1, position}};
}

Shot shot_of(const View& view, std::vector<Object> objects) {
  Shot shot;
  shot.view = view;
  shot.scene.objects = std::move(objects);
  shot.scene.background.kind = BackgroundKind::color;
  shot.scene.background.color = glm::vec3(0);
  return shot;
}

}  // namespace orrery
