#pragma once

#include <cstdint>
#include <vector>

#include "scenes/random.hpp"

namespace orrery {

/// A value of a scene file: fixed, or drawn anew wherever it is used.
struct Distribution {
  enum class Kind : std::uint8_t {
    constant,     ///< values: it
    uniform,      ///< values: low, high
    log_uniform,  ///< values: low, high; both above 0
    normal,       ///< values: mean, standard deviation, low, high; redrawn until inside
    choice,       ///< values: what to choose from; weights: how often, alike when empty
    curve,        ///< values: places in rising order; weights: the density there, linear between
  };
  Kind kind = Kind::constant;
  std::vector<double> values{0.0};
  std::vector<double> weights;

  static Distribution fixed(double value) { return {Kind::constant, {value}, {}}; }
  static Distribution uniform(double low, double high) { return {Kind::uniform, {low, high}, {}}; }
  bool operator==(const Distribution&) const = default;
};

double drawn(const Distribution& d, Rng& rng);

/// The least and the greatest value that it can take.
double least(const Distribution& d);
double greatest(const Distribution& d);

}  // namespace orrery
