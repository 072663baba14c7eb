#include "scenes/lens.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace orrery {
namespace {

const double kWidestAngle = glm::radians(89.0);

struct Radial {
  double value;
  double derivative;
};

/// Distance from the principal point, before the focal length, of what stands `t` off the axis: an
/// angle for fisheyes, else a slope.
Radial radial(const Lens& lens, double t) {
  const std::array<double, 8>& k = lens.k;
  const double s = t * t;
  if (lens.model == LensModel::fisheye) {
    return {t * (1 + s * (k[0] + s * (k[1] + s * (k[2] + s * k[3])))),
            1 + s * (3 * k[0] + s * (5 * k[1] + s * (7 * k[2] + s * 9 * k[3])))};
  }
  const double above = 1 + s * (k[0] + s * (k[1] + s * k[4]));
  const double below = 1 + s * (k[5] + s * (k[6] + s * k[7]));
  if (below <= 0) return {-1, -1};  // past a pole
  const double above_slope = 2 * t * (k[0] + s * (2 * k[1] + s * 3 * k[4]));
  const double below_slope = 2 * t * (k[5] + s * (2 * k[6] + s * 3 * k[7]));
  return {t * above / below,
          above / below + t * (above_slope * below - above * below_slope) / (below * below)};
}

bool is_tangential(const Lens& lens) {
  return lens.model == LensModel::brown_conrady && (lens.k[2] != 0 || lens.k[3] != 0);
}

/// Of Brown–Conrady.
glm::dvec2 tangential(const Lens& lens, const glm::dvec2& s) {
  const double p1 = lens.k[2];
  const double p2 = lens.k[3];
  const double r2 = glm::dot(s, s);
  return {2 * p1 * s.x * s.y + p2 * (r2 + 2 * s.x * s.x),
          p1 * (r2 + 2 * s.y * s.y) + 2 * p2 * s.x * s.y};
}

/// Brown–Conrady's derivatives by x and by y, as columns.
glm::dmat2 jacobian(const Lens& lens, const glm::dvec2& s) {
  const double r = glm::length(s);
  const Radial f = radial(lens, r);
  const double factor = r > 0 ? f.value / r : 1;
  const double rise = r > 0 ? (f.derivative - factor) / (r * r) : 0;
  const double p1 = lens.k[2];
  const double p2 = lens.k[3];
  const double cross = rise * s.x * s.y + 2 * p1 * s.x + 2 * p2 * s.y;
  return {factor + rise * s.x * s.x + 2 * p1 * s.y + 6 * p2 * s.x, cross, cross,
          factor + rise * s.y * s.y + 6 * p1 * s.y + 2 * p2 * s.x};
}

/// Whether the image still runs outwards at `t`, in every direction.
bool holds_at(const Lens& lens, double t) {
  if (radial(lens, t).derivative <= 0) return false;
  if (!is_tangential(lens)) return true;
  constexpr int kLensDirections = 16;
  for (int i = 0; i < kLensDirections; ++i) {
    const double angle = 2 * std::numbers::pi * i / kLensDirections;
    const glm::dmat2 j = jacobian(lens, t * glm::dvec2(std::cos(angle), std::sin(angle)));
    if (glm::determinant(j) <= 0 || j[0][0] + j[1][1] <= 0) return false;
  }
  return true;
}

/// The t whose radial() is `wanted`, which lies within reach: Newton, kept between bounds.
double radial_inverse(const Lens& lens, double wanted, double start, double low, double high) {
  double t = std::clamp(start, low, high);
  for (int round = 0; round < 60; ++round) {
    const Radial f = radial(lens, t);
    const double miss = f.value - wanted;
    if (miss == 0) break;
    (miss > 0 ? high : low) = t;
    double next = t - miss / f.derivative;
    if (!(next > low && next < high)) next = 0.5 * (low + high);
    const double step = std::abs(next - t);
    t = next;
    if (step <= 1e-14 * (1 + t)) break;
  }
  return t;
}

}  // namespace

Lens lens_from(LensModel model, const std::array<double, 8>& coefficients) {
  Lens lens{model, coefficients};
  if (model == LensModel::pinhole) return lens;
  const auto t_of = [&](double angle) {
    return model == LensModel::fisheye ? angle : std::tan(angle);
  };
  constexpr int kSteps = 1000;
  double good = 0;
  double bad = kWidestAngle;
  for (int i = 1; i <= kSteps && !lens.folds; ++i) {
    const double angle = kWidestAngle * i / kSteps;
    lens.folds = !holds_at(lens, t_of(angle));
    (lens.folds ? bad : good) = angle;
  }
  for (int round = 0; lens.folds && round < 40; ++round) {
    const double angle = 0.5 * (good + bad);
    (holds_at(lens, t_of(angle)) ? good : bad) = angle;
  }
  // At the very fold a pixel is worth no ray.
  lens.widest = std::tan(lens.folds ? 0.995 * good : kWidestAngle);
  return lens;
}

std::string lens_model_name(const Lens& lens) {
  static constexpr std::array kNames{"pinhole", "brown_conrady", "fisheye"};
  return kNames[static_cast<std::size_t>(lens.model)];
}

std::vector<double> distortion_of(const Lens& lens) {
  if (lens.model == LensModel::pinhole) return {};
  return {lens.k.begin(), lens.model == LensModel::fisheye ? lens.k.begin() + 4 : lens.k.end()};
}

std::optional<glm::dvec2> bent(const Lens& lens, const glm::dvec2& slope) {
  if (lens.model == LensModel::pinhole) return slope;
  const double r = glm::length(slope);
  if (!(r <= lens.widest)) return std::nullopt;
  if (r == 0) return slope;
  const double t = lens.model == LensModel::fisheye ? std::atan(r) : r;
  const glm::dvec2 out = slope * (radial(lens, t).value / r);
  return is_tangential(lens) ? out + tangential(lens, slope) : out;
}

std::optional<glm::dvec2> unbent(const Lens& lens, const glm::dvec2& image,
                                 const glm::dvec2& near) {
  if (lens.model == LensModel::pinhole) return image;
  const double reached = glm::length(image);
  if (reached == 0 && !is_tangential(lens)) return image;
  const bool fisheye = lens.model == LensModel::fisheye;
  const double widest = fisheye ? std::atan(lens.widest) : lens.widest;
  if (radial(lens, widest).value < reached) {
    if (!is_tangential(lens)) return std::nullopt;
  }
  const double start = glm::length(near);
  const double guess = start == 0 ? reached : fisheye ? std::atan(start) : start;
  const double t = radial_inverse(lens, reached, guess, 0, widest);
  const double r = fisheye ? std::tan(t) : t;
  glm::dvec2 slope = reached > 0 ? image * (r / reached) : image;
  if (!is_tangential(lens)) return slope;
  for (int round = 0; round < 30; ++round) {
    const double length = glm::length(slope);
    if (length > lens.widest) slope *= lens.widest / length;
    const glm::dvec2 miss = *bent(lens, slope * (1 - 1e-15)) - image;
    if (glm::length(miss) <= 1e-13 * (1 + reached)) return slope;
    slope -= glm::inverse(jacobian(lens, slope)) * miss;
  }
  const auto back = bent(lens, slope);
  if (back && glm::length(*back - image) <= 1e-10 * (1 + reached)) return slope;
  return std::nullopt;
}

}  // namespace orrery
