#include "scenes/distribution.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace orrery {
namespace {

double drawn_choice(const Distribution& d, Rng& rng) {
  if (d.weights.empty()) return d.values[rng.below(static_cast<std::uint32_t>(d.values.size()))];
  const double total = std::accumulate(d.weights.begin(), d.weights.end(), 0.0);
  double left = rng.unit() * total;
  for (std::size_t i = 0; i < d.values.size(); ++i) {
    left -= d.weights[i];
    if (left < 0) return d.values[i];
  }
  return d.values.back();
}

/// The inverse of the piecewise quadratic distribution function.
double drawn_from_curve(const Distribution& d, Rng& rng) {
  double total = 0;
  for (std::size_t i = 1; i < d.values.size(); ++i) {
    total += 0.5 * (d.weights[i - 1] + d.weights[i]) * (d.values[i] - d.values[i - 1]);
  }
  double left = rng.unit() * total;
  for (std::size_t i = 1; i < d.values.size(); ++i) {
    const double width = d.values[i] - d.values[i - 1];
    const double area = 0.5 * (d.weights[i - 1] + d.weights[i]) * width;
    if (left > area && i + 1 < d.values.size()) {
      left -= area;
      continue;
    }
    const double slope = (d.weights[i] - d.weights[i - 1]) / width;
    const double first = d.weights[i - 1];
    // first x + slope x² / 2 = left, in the form that survives a slope of 0.
    const double root = std::sqrt(std::max(first * first + 2 * slope * left, 0.0));
    return d.values[i - 1] + (first + root > 0 ? 2 * left / (first + root) : 0.0);
  }
  return d.values.back();
}

}  // namespace

double drawn(const Distribution& d, Rng& rng) {
  switch (d.kind) {
    case Distribution::Kind::constant:
      return d.values[0];
    case Distribution::Kind::uniform:
      return rng.uniform(d.values[0], d.values[1]);
    case Distribution::Kind::log_uniform:
      return std::exp(rng.uniform(std::log(d.values[0]), std::log(d.values[1])));
    case Distribution::Kind::normal:
      for (int attempt = 0; attempt < 1000; ++attempt) {
        const double value = d.values[0] + d.values[1] * rng.normal();
        if (value >= d.values[2] && value <= d.values[3]) return value;
      }
      return std::clamp(d.values[0], d.values[2], d.values[3]);
    case Distribution::Kind::choice:
      return drawn_choice(d, rng);
    case Distribution::Kind::curve:
      return drawn_from_curve(d, rng);
  }
  return 0;
}

double least(const Distribution& d) {
  if (d.kind == Distribution::Kind::normal) return d.values[2];
  return *std::min_element(d.values.begin(), d.values.end());
}

double greatest(const Distribution& d) {
  if (d.kind == Distribution::Kind::normal) return d.values[3];
  return *std::max_element(d.values.begin(), d.values.end());
}

}  // namespace orrery
