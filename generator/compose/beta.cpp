#include "generator/compose/beta.hpp"

#include <cmath>

namespace orrery {

double gamma_drawn(double shape, Rng& rng) {
  if (shape < 1) {
    const double base = gamma_drawn(shape + 1, rng);
    return base * std::pow(1 - rng.unit(), 1 / shape);
  }
  const double d = shape - 1.0 / 3;
  const double c = 1 / std::sqrt(9 * d);
  for (;;) {
    const double x = rng.normal();
    const double u = 1 - rng.unit();  // in (0, 1]
    const double root = 1 + c * x;
    if (root <= 0) continue;
    const double v = root * root * root;
    if (std::log(u) < x * x / 2 + d - d * v + d * std::log(v)) return d * v;
  }
}

double beta_drawn(double a, double b, Rng& rng) {
  const double x = gamma_drawn(a, rng);
  const double y = gamma_drawn(b, rng);
  return x + y > 0 ? x / (x + y) : 0.5;
}

}  // namespace orrery
