#include "generator/augment/geometry.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace orrery {
namespace {

/// Weights of four neighbours of a uniform cubic B-spline; `t` in [0,1).
std::array<double, 4> spline_weights(double t) {
  const double s = 1 - t;
  return {s * s * s / 6, (3 * t * t * t - 6 * t * t + 4) / 6, (3 * s * s * s - 6 * s * s + 4) / 6,
          t * t * t / 6};
}

/// Which even stretch of [0, n·step) `at` lies in.
std::size_t stretch_of(double at, double step, std::size_t count) {
  const double index = std::clamp(std::floor(at / step), 0.0, static_cast<double>(count - 1));
  return static_cast<std::size_t>(index);
}

double bent(const std::vector<double>& edges, double at) {
  const double size = edges.back();
  if (at <= 0 || at >= size) return at;
  const std::size_t count = edges.size() - 1;
  const double step = size / static_cast<double>(count);
  const std::size_t i = stretch_of(at, step, count);
  const double share = at / step - static_cast<double>(i);
  return edges[i] + share * (edges[i + 1] - edges[i]);
}

double unbent(const std::vector<double>& edges, double at) {
  const double size = edges.back();
  if (at <= 0 || at >= size) return at;
  const auto next = std::upper_bound(edges.begin() + 1, edges.end() - 1, at);
  const double step = size / static_cast<double>(edges.size() - 1);
  const double low = *(next - 1);
  return (static_cast<double>(next - 1 - edges.begin()) + (at - low) / (*next - low)) * step;
}

std::vector<double> draw_edges(double size, int cells, double strength, Rng& rng) {
  std::vector<double> edges{0};
  for (int i = 0; i < cells; ++i) edges.push_back(edges.back() + rng.uniform(-1, 1) * strength + 1);
  const double scale = size / edges.back();
  for (double& edge : edges) edge *= scale;
  edges.back() = size;
  return edges;
}

template <class... F>
struct Each : F... {
  using F::operator()...;
};
template <class... F>
Each(F...) -> Each<F...>;

}  // namespace

glm::dvec2 Elastic::in_from_out(const glm::dvec2& out) const {
  // Beyond the drawn moves the outermost ones go on.
  const double gx = out.x / cell;
  const double gy = out.y / cell;
  const std::array<double, 4> wx = spline_weights(gx - std::floor(gx));
  const std::array<double, 4> wy = spline_weights(gy - std::floor(gy));
  const auto place = [](double at, int count, std::size_t k) {
    const double index = std::floor(at) + static_cast<double>(k);
    return static_cast<std::size_t>(std::clamp(index, 0.0, static_cast<double>(count - 1)));
  };
  glm::dvec2 move(0.0);
  for (std::size_t j = 0; j < 4; ++j) {
    const std::size_t row = place(gy, rows, j) * static_cast<std::size_t>(columns);
    glm::dvec2 along(0.0);
    for (std::size_t i = 0; i < 4; ++i) along += wx[i] * moves[row + place(gx, columns, i)];
    move += wy[j] * along;
  }
  return out + move;
}

glm::dvec2 Elastic::out_from_in(const glm::dvec2& in) const {
  // A contraction: neighbouring moves differ by less than 0.4 cells along each axis.
  glm::dvec2 out = in;
  for (int i = 0; i < 100; ++i) {
    const glm::dvec2 error = in_from_out(out) - in;
    out -= error;
    if (std::abs(error.x) + std::abs(error.y) < 1e-9) break;
  }
  return out;
}

Elastic draw_elastic(int width, int height, double amplitude, double cell, Rng& rng) {
  Elastic bend;
  bend.cell = cell;
  bend.columns = static_cast<int>(std::ceil(width / cell)) + 3;
  bend.rows = static_cast<int>(std::ceil(height / cell)) + 3;
  for (int i = 0; i < bend.columns * bend.rows; ++i) {
    const double x = rng.uniform(-amplitude, amplitude);
    const double y = rng.uniform(-amplitude, amplitude);
    bend.moves.emplace_back(x, y);
  }
  return bend;
}

glm::dvec2 GridBend::in_from_out(const glm::dvec2& out) const {
  return {bent(x, out.x), bent(y, out.y)};
}

glm::dvec2 GridBend::out_from_in(const glm::dvec2& in) const {
  return {unbent(x, in.x), unbent(y, in.y)};
}

GridBend draw_grid_bend(int width, int height, int cells, double strength, Rng& rng) {
  GridBend bend;
  bend.x = draw_edges(width, cells, strength, rng);
  bend.y = draw_edges(height, cells, strength, rng);
  return bend;
}

void Geometry::add(const glm::dmat3& out_from_in, int width, int height) {
  width_ = width;
  height_ = height;
  if (!stages_.empty() && std::holds_alternative<glm::dmat3>(stages_.back())) {
    stages_.back() = out_from_in * std::get<glm::dmat3>(stages_.back());
  } else {
    stages_.emplace_back(out_from_in);
    inverses_.emplace_back(1.0);
  }
  inverses_.back() = glm::inverse(std::get<glm::dmat3>(stages_.back()));
}

void Geometry::add(Elastic bend) {
  stages_.emplace_back(std::move(bend));
  inverses_.emplace_back(1.0);
}

void Geometry::add(GridBend bend) {
  stages_.emplace_back(std::move(bend));
  inverses_.emplace_back(1.0);
}

bool Geometry::is_identity() const {
  if (width_ != in_width_ || height_ != in_height_) return false;
  const std::optional<glm::dmat3> matrix = out_from_in();
  return matrix && *matrix == glm::dmat3(1.0);
}

std::optional<glm::dmat3> Geometry::out_from_in() const {
  if (stages_.empty()) return glm::dmat3(1.0);
  if (stages_.size() != 1 || !std::holds_alternative<glm::dmat3>(stages_.front())) {
    return std::nullopt;
  }
  return std::get<glm::dmat3>(stages_.front());
}

glm::dvec2 Geometry::in_from_out(const glm::dvec2& out) const {
  glm::dvec2 point = out;
  for (std::size_t i = stages_.size(); i-- > 0;) {
    const auto back = Each{[&](const glm::dmat3&) {
                             const glm::dvec3 p = inverses_[i] * glm::dvec3(point, 1.0);
                             return glm::dvec2(p) / p.z;
                           },
                           [&](const auto& bend) { return bend.in_from_out(point); }};
    point = std::visit(back, stages_[i]);
  }
  return point;
}

std::optional<glm::dvec2> Geometry::out_from_in(const glm::dvec2& in) const {
  std::optional<glm::dvec2> point = in;
  for (const Stage& stage : stages_) {
    const auto forth =
        Each{[&](const glm::dmat3& matrix) { return project(matrix, *point); },
             [&](const auto& bend) { return std::optional(bend.out_from_in(*point)); }};
    point = std::visit(forth, stage);
    if (!point) break;
  }
  return point;
}

glm::dmat2 Geometry::slope(const glm::dvec2& out) const {
  constexpr double kStep = 0.25;
  const glm::dvec2 x(kStep, 0.0);
  const glm::dvec2 y(0.0, kStep);
  return glm::dmat2((in_from_out(out + x) - in_from_out(out - x)) / (2 * kStep),
                    (in_from_out(out + y) - in_from_out(out - y)) / (2 * kStep));
}

int Geometry::map_step() const {
  constexpr double kOff = 0.01;
  const double scale = std::abs(glm::determinant(slope(glm::dvec2(width_ / 2.0, height_ / 2.0))));
  double curvature = 1e-9;
  for (const Stage& stage : stages_) {
    if (std::holds_alternative<GridBend>(stage)) return 1;
    if (const auto* bend = std::get_if<Elastic>(&stage)) {
      double most = 0;
      for (const glm::dvec2& move : bend->moves) {
        most = std::max({most, std::abs(move.x), std::abs(move.y)});
      }
      // The second derivative of a cubic B-spline is at most four times its coefficients.
      curvature = std::max(curvature, 4 * most / (bend->cell * bend->cell) * scale);
    }
  }
  return std::clamp(static_cast<int>(std::sqrt(8 * kOff / curvature)), 1, 8);
}

bool Geometry::mirrors() const {
  // Bends never fold, and the homogeneous divisor is positive in the picture.
  return glm::determinant(slope(glm::dvec2(width_ / 2.0, height_ / 2.0))) < 0;
}

bool keeps_axes(const glm::dmat3& m) {
  const bool affine = m[0].z == 0 && m[1].z == 0;
  return affine && ((m[0].y == 0 && m[1].x == 0) || (m[0].x == 0 && m[1].y == 0));
}

std::optional<glm::dvec2> project(const glm::dmat3& matrix, const glm::dvec2& point) {
  const glm::dvec3 p = matrix * glm::dvec3(point, 1.0);
  if (p.z <= 1e-9) return std::nullopt;
  return glm::dvec2(p) / p.z;
}

double turn_of(const Geometry& geometry) {
  double most = 0;
  const double w = geometry.width();
  const double h = geometry.height();
  for (const glm::dvec2 at : {glm::dvec2(w / 2, h / 2), glm::dvec2(0, 0), glm::dvec2(w, 0),
                              glm::dvec2(0, h), glm::dvec2(w, h)}) {
    const glm::dmat2 out_from_in = glm::inverse(geometry.slope(at));
    for (int i = 0; i < 2; ++i) {
      const glm::dvec2 along = glm::abs(out_from_in[i]);
      most = std::max(most, std::atan2(std::min(along.x, along.y), std::max(along.x, along.y)));
    }
  }
  return most;
}

glm::dmat3 moved(double x, double y) {
  glm::dmat3 matrix(1.0);
  matrix[2] = glm::dvec3(x, y, 1.0);
  return matrix;
}

glm::dmat3 stretched(double x, double y) {
  glm::dmat3 matrix(1.0);
  matrix[0].x = x;
  matrix[1].y = y;
  return matrix;
}

glm::dmat3 about_middle(const glm::dmat3& matrix, int width, int height) {
  return moved(width / 2.0, height / 2.0) * matrix * moved(-width / 2.0, -height / 2.0);
}

glm::dmat3 turned(double angle) {
  // Right angles are exact.
  const auto near_zero = [](double value) { return std::abs(value) < 1e-12 ? 0.0 : value; };
  const double c = near_zero(std::cos(angle));
  const double s = near_zero(std::sin(angle));
  glm::dmat3 matrix(1.0);
  matrix[0] = glm::dvec3(c, s, 0.0);
  matrix[1] = glm::dvec3(-s, c, 0.0);
  return matrix;
}

glm::dmat3 to_corners(int width, int height, const std::array<glm::dvec2, 4>& c) {
  const glm::dvec2 a = c[1] - c[2];
  const glm::dvec2 b = c[3] - c[2];
  const glm::dvec2 sum = c[0] - c[1] + c[2] - c[3];
  const double area = a.x * b.y - b.x * a.y;
  const double g = (sum.x * b.y - b.x * sum.y) / area;
  const double h = (a.x * sum.y - sum.x * a.y) / area;
  glm::dmat3 from_unit(1.0);
  from_unit[0] = glm::dvec3(c[1] - c[0] + g * c[1], g);
  from_unit[1] = glm::dvec3(c[3] - c[0] + h * c[3], h);
  from_unit[2] = glm::dvec3(c[0], 1.0);
  return from_unit * stretched(1.0 / width, 1.0 / height);
}

}  // namespace orrery
