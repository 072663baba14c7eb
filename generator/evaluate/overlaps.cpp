#include "generator/evaluate/overlaps.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "renderer/labels/mask.hpp"

namespace orrery {

double box_overlap(const Region& found, const TruthObject& object) {
  const double w =
      std::min(found.width + found.x, object.width + object.x) - std::max(found.x, object.x);
  if (w <= 0) return 0;
  const double h =
      std::min(found.height + found.y, object.height + object.y) - std::max(found.y, object.y);
  if (h <= 0) return 0;
  const double common = w * h;
  const double found_area = found.width * found.height;
  const double whole =
      object.crowd ? found_area : found_area + object.width * object.height - common;
  return common / whole;
}

double mask_overlap(const Region& found, const TruthObject& object, double found_area,
                    double object_area) {
  const auto common = static_cast<double>(common_area(found.mask, object.mask));
  if (common == 0) return 0;
  return common / (object.crowd ? found_area : found_area + object_area - common);
}

double keypoint_similarity(const Region& found, const TruthObject& object,
                           std::span<const double> sigmas) {
  const std::vector<double>& g = object.keypoints;
  const std::vector<double>& d = found.keypoints;
  std::size_t labelled = 0;
  for (std::size_t i = 2; i < g.size(); i += 3) labelled += g[i] > 0 ? 1U : 0U;
  const double x0 = object.x - object.width;
  const double x1 = object.x + object.width * 2;
  const double y0 = object.y - object.height;
  const double y1 = object.y + object.height * 2;
  double sum = 0;
  for (std::size_t k = 0; k < sigmas.size(); ++k) {
    const std::size_t at = 3 * k;
    if (labelled > 0 && !(g[at + 2] > 0)) continue;
    double dx = d[at] - g[at];
    double dy = d[at + 1] - g[at + 1];
    if (labelled == 0) {
      dx = std::max(0.0, x0 - d[at]) + std::max(0.0, d[at] - x1);
      dy = std::max(0.0, y0 - d[at + 1]) + std::max(0.0, d[at + 1] - y1);
    }
    const double variance = (sigmas[k] * 2) * (sigmas[k] * 2);
    constexpr double kSmall = std::numeric_limits<double>::epsilon();
    sum += std::exp(-((dx * dx + dy * dy) / variance / (object.area + kSmall) / 2));
  }
  return sum / static_cast<double>(labelled > 0 ? labelled : sigmas.size());
}

}  // namespace orrery
