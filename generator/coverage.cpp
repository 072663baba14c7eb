#include "generator/coverage.hpp"

#include <algorithm>
#include <cmath>

#include "renderer/renderer.hpp"

namespace orrery {
namespace {

/// Pixels of one row, half-open.
struct Span {
  int first = 0;
  int last = 0;
};

/// Below this alpha a surface is not there; nothing if it always is.
double cutoff_of(const Material& material) {
  if (material.alpha_mode == AlphaMode::mask) return material.alpha_cutoff;
  return material.alpha_mode == AlphaMode::blend ? 1.0 / 255 : 0;
}

int wrapped(int i, int side, Wrap wrap) {
  if (wrap == Wrap::clamp) return std::clamp(i, 0, side - 1);
  const int period = wrap == Wrap::mirror ? 2 * side : side;
  i = ((i % period) + period) % period;
  return i < side ? i : 2 * side - 1 - i;
}

/// Alpha between the four nearest texels of the finest level, 0 to 1: as alpha_of() in
/// shaders/lib/texture.glsl.
double texel_alpha(const Model& model, const Texture& texture, double u, double v) {
  const auto width = static_cast<int>(texture.width);
  const auto height = static_cast<int>(texture.height);
  const double x = std::clamp(u, -1e4, 1e4) * width - 0.5;
  const double y = std::clamp(v, -1e4, 1e4) * height - 0.5;
  const int left = static_cast<int>(std::floor(x));
  const int top = static_cast<int>(std::floor(y));
  const auto alpha = [&](int dx, int dy) {
    const int column = wrapped(left + dx, width, texture.wrap_u);
    const int row = wrapped(top + dy, height, texture.wrap_v);
    const std::uint64_t texel =
        static_cast<std::uint64_t>(row) * texture.width + static_cast<std::uint64_t>(column);
    return model.texels[texture.first_texel + texel].a / 255.0;
  };
  return glm::mix(glm::mix(alpha(0, 0), alpha(1, 0), x - left),
                  glm::mix(alpha(0, 1), alpha(1, 1), x - left), y - top);
}

/// Twice the signed area; below 0 for corners that go round counter-clockwise as seen, y down.
template <class Corners>
double turn(const Corners& c) {
  return (c[1].x - c[0].x) * (c[2].y - c[0].y) - (c[1].y - c[0].y) * (c[2].x - c[0].x);
}

}  // namespace

void Coverage::add_triangle(const Shot& shot, const Material& material, std::int32_t masked,
                            const std::array<glm::dvec3, 3>& points,
                            const std::array<const Vertex*, 3>& vertices, Triangle triangle) {
  // Cut at the near plane: what is left has up to four corners.
  struct Point {
    glm::dvec3 at;
    glm::dvec2 uv;
    double alpha;
  };
  std::array<Point, 4> kept;
  std::size_t count = 0;
  const double near_m = shot.view.near_m;
  const auto point = [&](std::size_t i) {
    return Point{points[i], glm::dvec2(vertices[i]->uv), (vertices[i]->color >> 24U) / 255.0};
  };
  for (std::size_t i = 0; i < 3; ++i) {
    const Point a = point(i);
    const Point b = point((i + 1) % 3);
    if (a.at.z > near_m) kept[count++] = a;
    if ((a.at.z > near_m) == (b.at.z > near_m)) continue;
    const double t = (near_m - a.at.z) / (b.at.z - a.at.z);
    kept[count++] = {glm::mix(a.at, b.at, t), glm::mix(a.uv, b.uv, t),
                     a.alpha + t * (b.alpha - a.alpha)};
  }
  std::array<Corner, 4> corners;
  for (std::size_t i = 0; i < count; ++i) {
    const auto pixel = project(shot.view.intrinsics, kept[i].at);
    if (!pixel) return;
    const double nearness = 1 / kept[i].at.z;
    corners[i] = {pixel->x,
                  pixel->y,
                  nearness,
                  kept[i].uv.x * nearness,
                  kept[i].uv.y * nearness,
                  kept[i].alpha * nearness};
  }
  for (std::size_t i = 2; i < count; ++i) {
    triangle.corners = {corners[0], corners[i - 1], corners[i]};
    const double area = turn(triangle.corners);
    if (area == 0 || (area > 0 && material.double_sided == 0)) continue;
    if (area > 0) std::swap(triangle.corners[1], triangle.corners[2]);
    triangle.material = masked;
    triangles_.push_back(triangle);
  }
}

void Coverage::add(const Shot& shot, const Model& model, std::uint32_t model_index,
                   const Pose& pose, std::uint32_t id, float lod_error_px) {
  Object object;
  object.model = model_index;
  object.world_from_object = pose;
  const Lod& lod = model.lods[lod_of(model, object, shot.view, lod_error_px)];
  const Pose camera_from_object = shot.view.camera_from_world * pose;
  for (std::size_t part = 0; part < lod.parts.size(); ++part) {
    const std::uint32_t index = model.part_materials[part];
    const Material& material = model.materials[index];
    const auto masked = cutoff_of(material) > 0 ? static_cast<std::int32_t>(index) : -1;
    const IndexRange& range = lod.parts[part];
    for (std::uint32_t i = range.first; i < range.first + range.count; i += 3) {
      std::array<const Vertex*, 3> vertices{};
      std::array<glm::dvec3, 3> points;
      for (std::uint32_t k = 0; k < 3; ++k) {
        vertices[k] = &model.vertices[model.indices[i + k]];
        points[k] = camera_from_object(glm::dvec3(vertices[k]->position));
      }
      Triangle triangle;
      triangle.id = id;
      triangle.model = model_index;
      add_triangle(shot, material, masked, points, vertices, triangle);
    }
  }
}

void Coverage::choose_canvas(int width, int height) {
  double x0 = 0;
  double y0 = 0;
  double x1 = width;
  double y1 = height;
  std::uint32_t instances = 0;
  for (const Triangle& triangle : triangles_) {
    if (triangle.id == 0) continue;
    instances = std::max(instances, triangle.id);
    for (const Corner& c : triangle.corners) {
      x0 = std::min(x0, c.x - 1);
      y0 = std::min(y0, c.y - 1);
      x1 = std::max(x1, c.x + 1);
      y1 = std::max(y1, c.y + 1);
    }
  }
  // As the renderer's amodal pass: at most one image to each side.
  const auto whole = [](double t, int low, int high) {
    return static_cast<int>(std::clamp(t, static_cast<double>(low), static_cast<double>(high)));
  };
  canvas_.offset_x = -whole(std::floor(x0), -width, 0);
  canvas_.offset_y = -whole(std::floor(y0), -height, 0);
  canvas_.width = canvas_.offset_x + whole(std::ceil(x1), width, 2 * width);
  canvas_.height = canvas_.offset_y + whole(std::ceil(y1), height, 2 * height);
  const std::size_t planes = (instances + 31) / 32;
  amodal_.assign(
      planes * static_cast<std::size_t>(canvas_.width) * static_cast<std::size_t>(canvas_.height),
      0);
}

void Coverage::fill(const Triangle& triangle, std::span<const Model> models) {
  const std::array<Corner, 3>& c = triangle.corners;
  const double area = -turn(c);  // above 0
  const bool prop = triangle.id == 0;
  const Span columns =
      prop ? Span{0, id_.width} : Span{-canvas_.offset_x, canvas_.width - canvas_.offset_x};
  const Span rows =
      prop ? Span{0, id_.height} : Span{-canvas_.offset_y, canvas_.height - canvas_.offset_y};
  const double top = std::min({c[0].y, c[1].y, c[2].y});
  const double bottom = std::max({c[0].y, c[1].y, c[2].y});
  const auto row_of = [&](double y) {
    return static_cast<int>(std::ceil(std::clamp(y - 0.5, double(rows.first), double(rows.last))));
  };
  const Model& model = models[triangle.model];
  const Material* material = triangle.material < 0
                                 ? nullptr
                                 : &model.materials[static_cast<std::size_t>(triangle.material)];
  const std::size_t plane = prop
                                ? 0
                                : (triangle.id - 1) / 32 * static_cast<std::size_t>(canvas_.width) *
                                      static_cast<std::size_t>(canvas_.height);
  const std::uint32_t bit = prop ? 0 : 1U << ((triangle.id - 1) % 32);
  for (int y = row_of(top); y < row_of(bottom); ++y) {
    // Between the two crossings of the row with the triangle's sides.
    double left = 1e300;
    double right = -1e300;
    for (std::size_t i = 0; i < 3; ++i) {
      const Corner& a = c[i];
      const Corner& b = c[(i + 1) % 3];
      if ((a.y <= y + 0.5) == (b.y <= y + 0.5)) continue;
      const double x = a.x + (b.x - a.x) * (y + 0.5 - a.y) / (b.y - a.y);
      left = std::min(left, x);
      right = std::max(right, x);
    }
    const auto column_of = [&](double x) {
      return static_cast<int>(
          std::ceil(std::clamp(x - 0.5, double(columns.first), double(columns.last))));
    };
    const int last = left < right ? column_of(right) : columns.first;
    for (int x = left < right ? column_of(left) : columns.first; x < last; ++x) {
      const double px = x + 0.5;
      const double py = y + 0.5;
      const double w1 = -((px - c[0].x) * (c[2].y - c[0].y) - (py - c[0].y) * (c[2].x - c[0].x));
      const double w2 = -((c[1].x - c[0].x) * (py - c[0].y) - (c[1].y - c[0].y) * (px - c[0].x));
      const double b1 = w1 / area;
      const double b2 = w2 / area;
      const double b0 = 1 - b1 - b2;
      const double nearness = b0 * c[0].nearness + b1 * c[1].nearness + b2 * c[2].nearness;
      if (material != nullptr) {
        double alpha = material->base_color.a *
                       (b0 * c[0].alpha + b1 * c[1].alpha + b2 * c[2].alpha) / nearness;
        if (material->base_color_texture >= 0) {
          const double u = (b0 * c[0].u + b1 * c[1].u + b2 * c[2].u) / nearness;
          const double v = (b0 * c[0].v + b1 * c[1].v + b2 * c[2].v) / nearness;
          alpha *= texel_alpha(
              model, model.textures[static_cast<std::size_t>(material->base_color_texture)], u, v);
        }
        if (alpha < cutoff_of(*material)) continue;
      }
      if (!prop) {
        amodal_[plane +
                static_cast<std::size_t>(y + canvas_.offset_y) *
                    static_cast<std::size_t>(canvas_.width) +
                static_cast<std::size_t>(x + canvas_.offset_x)] |= bit;
      }
      if (x < 0 || y < 0 || x >= id_.width || y >= id_.height) continue;
      float& nearest = nearness_.at(x, y);
      if (static_cast<float>(nearness) <= nearest) continue;
      nearest = static_cast<float>(nearness);
      id_.at(x, y) = static_cast<std::uint16_t>(triangle.id);
    }
  }
}

Frame Coverage::of(const Shot& shot, std::span<const Model> models, float lod_error_px) {
  const Intrinsics& camera = shot.view.intrinsics;
  triangles_.clear();
  std::uint32_t id = 0;
  for (const Object& object : shot.scene.objects) {
    add(shot, models[object.model], object.model, object.world_from_object, ++id, lod_error_px);
  }
  for (const Prop& prop : shot.scene.props) {
    add(shot, models[prop.model], prop.model, prop.world_from_object, 0, lod_error_px);
  }
  choose_canvas(camera.width, camera.height);
  id_ = Image<std::uint16_t>(camera.width, camera.height);
  nearness_ = Image<float>(camera.width, camera.height);
  for (const Triangle& triangle : triangles_) fill(triangle, models);
  for (float& t : nearness_.pixels) t = t > 0 ? 1 / t : 0;
  Frame frame;
  frame.shot = &shot;
  frame.id = id_;
  frame.depth = nearness_;
  frame.amodal = canvas_;
  frame.amodal.bits = amodal_;
  return frame;
}

}  // namespace orrery
