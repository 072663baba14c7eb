#pragma once

#include <vector>

namespace orrery {

/// A mean and its standard error.
struct MeanEstimate {
  double value = 0;
  double error = 0;
};

/// The mean of something that was measured on a few samples, by what is known of many: a ridge
/// regression of `measured` on `features` (one row a sample), and its mean over `population`. The
/// penalty is the one with the least error on samples that are left out, one at a time; without any
/// use of the features it comes down to the plain mean. The error is that of the left out, together
/// with that of the population's mean. `count` is how many samples there are in all: what was
/// measured of them has no error. Rows must be of one length; `measured` must hold two or more.
/// Source: Hastie, Tibshirani, Friedman, The Elements of Statistical Learning, 3.4.1 and 7.10.
MeanEstimate regressed_mean(const std::vector<double>& measured,
                            const std::vector<std::vector<double>>& features,
                            const std::vector<std::vector<double>>& population, double count);

}  // namespace orrery
