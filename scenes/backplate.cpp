#include "scenes/backplate.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

namespace orrery {
namespace {

double linear(std::uint8_t level) {
  const double x = level / 255.0;
  return x <= 0.04045 ? x / 12.92 : std::pow((x + 0.055) / 1.055, 2.4);
}

/// Brightness as displayed, in [0, 1], averaged over cells of a coarse grid.
Image<float> coarse(const Image<Rgba8>& photo) {
  const int width = std::min(photo.width, 96);
  const int height = std::min(photo.height, std::max(24, 96 * photo.height / photo.width));
  Image<float> out(width, height);
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      const int x0 = x * photo.width / width;
      const int x1 = std::max(x0 + 1, (x + 1) * photo.width / width);
      const int y0 = y * photo.height / height;
      const int y1 = std::max(y0 + 1, (y + 1) * photo.height / height);
      float sum = 0;
      for (int j = y0; j < y1; ++j) {
        for (int i = x0; i < x1; ++i) {
          const Rgba8& p = photo.at(i, j);
          sum += 0.2126F * static_cast<float>(p.r) + 0.7152F * static_cast<float>(p.g) +
                 0.0722F * static_cast<float>(p.b);
        }
      }
      out.at(x, y) = sum / (255.0F * static_cast<float>((x1 - x0) * (y1 - y0)));
    }
  }
  return out;
}

/// Mean step between neighbours in rows [from, to).
float texture(const Image<float>& image, int from, int to) {
  float sum = 0;
  int count = 0;
  for (int y = from; y < to; ++y) {
    for (int x = 1; x < image.width; ++x, ++count) {
      sum += std::abs(image.at(x, y) - image.at(x - 1, y));
    }
  }
  return count > 0 ? sum / static_cast<float>(count) : 0;
}

}  // namespace

std::optional<double> seen_horizon(const Image<Rgba8>& photo) {
  constexpr float kStep = 0.08F;     // of display brightness
  constexpr double kColumns = 0.5;   // that agree
  constexpr float kSmoother = 0.5F;  // above, against below
  const Image<float> image = coarse(photo);
  double best = kColumns;
  std::optional<double> horizon;
  for (int y = std::max(2, image.height / 20); y < image.height * 6 / 10; ++y) {
    int brighter = 0;
    int darker = 0;
    for (int x = 0; x < image.width; ++x) {
      const float step = image.at(x, y + 1) - image.at(x, y - 1);
      brighter += step > kStep ? 1 : 0;
      darker += step < -kStep ? 1 : 0;
    }
    const double agree = static_cast<double>(std::max(brighter, darker)) / image.width;
    if (agree <= best) continue;
    const float above = texture(image, 0, y - 1);
    const float below = texture(image, y + 1, std::min(image.height, 2 * y + image.height / 4));
    if (above > kSmoother * below) continue;
    best = agree;
    horizon = (y + 0.5) / image.height;
  }
  return horizon;
}

double elevation_from_horizon(double horizon, double fov_degrees, int width, int height) {
  const double focal_px = 0.5 * width / std::tan(0.5 * glm::radians(fov_degrees));
  return glm::degrees(std::atan((0.5 - horizon) * height / focal_px));
}

Backplate fitted_backplate(const std::string& photo, const Image<Rgba8>& picture,
                           const PhotoView& beside, const BackplateSpec& spec) {
  constexpr double kLeast = 4;  // degrees: below, things would stand at the horizon
  Backplate view;
  view.photo = photo;
  view.fov = beside.fov > 0 ? beside.fov : spec.fov;
  view.roll = beside.roll;
  view.elevation = spec.elevation;
  std::optional<double> horizon = beside.horizon;
  if (beside.elevation > 0) {
    view.elevation = beside.elevation;
  } else {
    if (!horizon) horizon = seen_horizon(picture);
    if (horizon) {
      view.elevation = std::clamp(
          elevation_from_horizon(*horizon, view.fov, picture.width, picture.height), kLeast, 89.0);
    }
  }
  return view;
}

glm::dvec3 ground_color(const Image<Rgba8>& photo) {
  glm::dvec3 sum(0);
  int count = 0;
  // Every fourth pixel tells as much as all.
  for (int y = photo.height / 2; y < photo.height; y += 4) {
    for (int x = 0; x < photo.width; x += 4, ++count) {
      const Rgba8& p = photo.at(x, y);
      sum += glm::dvec3(linear(p.r), linear(p.g), linear(p.b));
    }
  }
  return sum / static_cast<double>(std::max(count, 1));
}

Intrinsics backplate_camera(const Backplate& view, const glm::ivec2& photo, int width, int height) {
  const double focal_px = 0.5 * photo.x / std::tan(0.5 * glm::radians(view.fov));
  const double scale =
      std::min(static_cast<double>(photo.x) / width, static_cast<double>(photo.y) / height);
  return {width, height, focal_px / scale, focal_px / scale, 0.5 * width, 0.5 * height};
}

}  // namespace orrery
