#include "scenes/camera_framing.hpp"

#include <algorithm>
#include <cmath>
#include <glm/gtc/quaternion.hpp>
#include <limits>

#include "scenes/turntable_camera.hpp"

namespace orrery {
namespace {

constexpr double kClearance = 0.02;  // metres from the eye to anything
constexpr std::size_t kPoints = 700;

double cross(const glm::dvec2& a, const glm::dvec2& b) { return a.x * b.y - a.y * b.x; }

/// Twice the signed area under one chain of the convex hull. Source: Andrew, Another Efficient
/// Algorithm for Convex Hulls in Two Dimensions, 1979.
double chain_area(std::span<const glm::dvec2> sorted, double side) {
  std::vector<glm::dvec2> chain;
  for (const glm::dvec2& p : sorted) {
    while (chain.size() >= 2 &&
           side * cross(chain.back() - chain[chain.size() - 2], p - chain.back()) <= 0) {
      chain.pop_back();
    }
    chain.push_back(p);
  }
  double sum = 0;
  for (std::size_t i = 1; i < chain.size(); ++i) sum += cross(chain[i - 1], chain[i]);
  return sum;
}

bool is_in_box(const glm::dvec3& eye, const Model& model, const Pose& world_from_object) {
  const glm::dvec3 at = inverse(world_from_object)(eye);
  const double clearance = kClearance / world_from_object.scale;
  return glm::all(glm::greaterThan(at, glm::dvec3(model.bounds.low) - clearance)) &&
         glm::all(glm::lessThan(at, glm::dvec3(model.bounds.high) + clearance));
}

bool is_free(const glm::dvec3& eye, const Scene& scene, std::span<const Model> models) {
  for (const Object& object : scene.objects) {
    if (is_in_box(eye, models[object.model], object.world_from_object)) return false;
  }
  for (const Prop& prop : scene.props) {
    if (prop.stuff != Stuff::distractor) continue;
    if (is_in_box(eye, models[prop.model], prop.world_from_object)) return false;
  }
  return true;
}

}  // namespace

View aimed_view(const Intrinsics& intrinsics, const CameraAim& aim) {
  const glm::dvec3 eye = aim.target + aim.distance * aim.direction;
  const Pose centred = camera_from_world_looking_at(eye, aim.target, aim.roll);
  const glm::dvec3 ray = glm::normalize(unproject(intrinsics, aim.pixel, 1.0));
  const glm::dvec3 axis(-ray.y, ray.x, 0);  // turns (0,0,1) onto the ray
  const glm::dquat turn = glm::normalize(glm::dquat(1 + ray.z, axis));
  const glm::dmat3 rotation = glm::mat3_cast(turn) * centred.rotation;
  View view;
  view.intrinsics = intrinsics;
  view.camera_from_world = {rotation, 1.0, -(rotation * eye)};
  return view;
}

std::vector<glm::dvec3> outline_points(const Object& object, const Model& model) {
  std::vector<glm::dvec3> points;
  const auto add = [&](const glm::vec3& p) {
    points.push_back(object.world_from_object(glm::dvec3(p)));
  };
  std::size_t count = 0;
  for (const IndexRange& part : model.lods.front().parts) count += part.count;
  const std::size_t step = 1 + count / kPoints;
  std::size_t next = 0;
  for (const IndexRange& part : model.lods.front().parts) {
    for (; next < part.count; next += step) {
      add(model.vertices[model.indices[part.first + next]].position);
    }
    next -= part.count;
  }
  // The extremes, which the choice may have missed.
  for (int axis = 0; axis < 3; ++axis) {
    const auto [low, high] = std::minmax_element(
        model.vertices.begin(), model.vertices.end(),
        [axis](const Vertex& a, const Vertex& b) { return a.position[axis] < b.position[axis]; });
    add(low->position);
    add(high->position);
  }
  return points;
}

double outline_area(const View& view, std::span<const glm::dvec3> points) {
  std::vector<glm::dvec2> pixels;
  for (const glm::dvec3& point : points) {
    const glm::dvec3 in_camera = view.camera_from_world(point);
    const auto pixel = project(view.intrinsics, in_camera);
    if (!pixel || in_camera.z < view.near_m) return std::numeric_limits<double>::infinity();
    pixels.push_back(*pixel);
  }
  std::sort(pixels.begin(), pixels.end(), [](const glm::dvec2& a, const glm::dvec2& b) {
    return a.x < b.x || (a.x == b.x && a.y < b.y);
  });
  return 0.5 * (chain_area(pixels, 1) - chain_area(pixels, -1));
}

double distance_for_area(const Intrinsics& intrinsics, CameraAim aim,
                         std::span<const glm::dvec3> points, double area) {
  double low = 1e-3;
  double high = 1e4;
  while (high / low > 1.001) {
    aim.distance = std::sqrt(low * high);
    (outline_area(aimed_view(intrinsics, aim), points) > area ? low : high) = aim.distance;
  }
  return high;
}

CameraAim kept_inside(const Intrinsics& intrinsics, CameraAim aim,
                      std::span<const glm::dvec3> points, double margin) {
  const glm::dvec2 low(margin);
  const glm::dvec2 high = glm::dvec2(intrinsics.width, intrinsics.height) - margin;
  // The box moves with the target's pixel and shrinks like 1 / distance, nearly.
  for (int round = 0; round < 48; ++round) {
    const auto box = projected_box(aimed_view(intrinsics, aim), points);
    if (!box) {
      aim.distance *= 1.3;
      aim.pixel = 0.5 * (low + high);
      continue;
    }
    const glm::dvec2 excess = (box->high - box->low) / (high - low);
    const double larger = std::max(excess.x, excess.y);
    if (larger > 1) {
      aim.distance *= 1.01 * larger;
      continue;
    }
    const glm::dvec2 shift =
        glm::max(low - box->low, 0.0) - glm::max(box->high - high, glm::dvec2(0.0));
    if (glm::length(shift) < 1e-3) break;
    aim.pixel += 1.05 * shift;
  }
  return aim;
}

CameraAim kept_free(CameraAim aim, const Scene& scene, std::span<const Model> models) {
  const bool above = std::any_of(scene.props.begin(), scene.props.end(),
                                 [](const Prop& prop) { return prop.stuff == Stuff::surface; });
  for (int step = 0; step < 64; ++step) {
    glm::dvec3 eye = aim.target + aim.distance * aim.direction;
    const bool too_low = above && eye.z < kClearance;
    if (too_low) {
      eye.z = kClearance;
      const glm::dvec3 away = eye - aim.target;
      aim.distance = std::max(glm::length(away), 1e-6);
      aim.direction = glm::length(away) > 1e-6 ? glm::normalize(away) : glm::dvec3(0, 0, 1);
    }
    if (is_free(eye, scene, models)) break;
    aim.distance = std::max(1.1 * aim.distance, aim.distance + 0.01);
  }
  return aim;
}

}  // namespace orrery
