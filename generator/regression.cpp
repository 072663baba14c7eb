#include "generator/regression.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <utility>

namespace orrery {
namespace {

using Matrix = std::vector<std::vector<double>>;

double mean_of(const std::vector<double>& values) {
  double sum = 0;
  for (const double v : values) sum += v;
  return sum / static_cast<double>(values.size());
}

double dot(const std::vector<double>& a, const std::vector<double>& b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += a[i] * b[i];
  return sum;
}

/// The rows less `mean`, each column divided by `scale`.
Matrix standardised(const Matrix& rows, const std::vector<double>& mean,
                    const std::vector<double>& scale) {
  Matrix result = rows;
  for (std::vector<double>& row : result) {
    for (std::size_t j = 0; j < row.size(); ++j) row[j] = (row[j] - mean[j]) / scale[j];
  }
  return result;
}

/// The inverse of a symmetric positive definite matrix, by Gauss and Jordan.
Matrix inverse_of(Matrix a) {
  const std::size_t n = a.size();
  Matrix inverse(n, std::vector<double>(n));
  for (std::size_t i = 0; i < n; ++i) inverse[i][i] = 1;
  for (std::size_t k = 0; k < n; ++k) {
    const double pivot = 1 / a[k][k];
    for (std::size_t j = 0; j < n; ++j) {
      a[k][j] *= pivot;
      inverse[k][j] *= pivot;
    }
    for (std::size_t i = 0; i < n; ++i) {
      const double factor = a[i][k];
      if (i == k || factor == 0) continue;
      for (std::size_t j = 0; j < n; ++j) {
        a[i][j] -= factor * a[k][j];
        inverse[i][j] -= factor * inverse[k][j];
      }
    }
  }
  return inverse;
}

/// A fit with one penalty. In the dual form: as many equations as samples, however many features.
struct Fit {
  double left_out = std::numeric_limits<double>::infinity();  ///< mean square of errors
  std::vector<double> weights;                                ///< of the samples
};

Fit fitted(const Matrix& products, const std::vector<double>& y, double penalty) {
  const std::size_t n = y.size();
  Matrix a = products;
  for (std::size_t i = 0; i < n; ++i) a[i][i] += penalty;
  const Matrix inverse = inverse_of(a);
  Fit fit{0, std::vector<double>(n)};
  for (std::size_t i = 0; i < n; ++i) fit.weights[i] = dot(inverse[i], y);
  for (std::size_t i = 0; i < n; ++i) {
    // With the mean removed beforehand, each sample also has a share 1/n in the intercept.
    const double own = 1 - penalty * inverse[i][i] + 1 / static_cast<double>(n);
    const double residual = penalty * fit.weights[i];
    const double error = residual / std::max(1 - own, 1e-3);
    fit.left_out += error * error / static_cast<double>(n);
  }
  return fit;
}

}  // namespace

MeanEstimate regressed_mean(const std::vector<double>& measured,
                            const std::vector<std::vector<double>>& features,
                            const std::vector<std::vector<double>>& population, double count) {
  const std::size_t n = measured.size();
  const std::size_t p = features.front().size();
  const double samples = static_cast<double>(n);
  std::vector<double> mean(p);
  std::vector<double> scale(p);
  for (std::size_t j = 0; j < p; ++j) {
    for (const auto& row : features) mean[j] += row[j] / samples;
    for (const auto& row : features) scale[j] += (row[j] - mean[j]) * (row[j] - mean[j]) / samples;
    // What is the same in all samples measured can tell nothing.
    scale[j] = scale[j] > 1e-12 ? std::sqrt(scale[j]) : std::numeric_limits<double>::infinity();
  }
  const Matrix x = standardised(features, mean, scale);
  const double average = mean_of(measured);
  std::vector<double> y = measured;
  for (double& v : y) v -= average;
  Matrix products(n, std::vector<double>(n));
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t k = 0; k < n; ++k) products[i][k] = dot(x[i], x[k]);
  }
  Fit best;
  for (double penalty = 0.1; penalty < 1e7; penalty *= 2) {
    const Fit fit = fitted(products, y, penalty * samples / 10);
    if (fit.left_out < best.left_out) best = fit;
  }
  const Matrix others = standardised(population, mean, scale);
  std::vector<double> predicted;
  for (const auto& row : others) {
    double sum = average;
    for (std::size_t i = 0; i < n; ++i) sum += best.weights[i] * dot(x[i], row);
    predicted.push_back(sum);
  }
  const double known = static_cast<double>(predicted.size());
  const double value = mean_of(predicted);
  double spread = 0;
  for (const double v : predicted) spread += (v - value) * (v - value) / known;
  const double from_measured = best.left_out / samples * std::max(1 - samples / count, 0.0);
  const double from_population = spread / known * std::max(1 - known / count, 0.0);
  return {value, std::sqrt(from_measured + from_population)};
}

}  // namespace orrery
