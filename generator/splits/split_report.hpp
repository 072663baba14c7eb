#pragma once

#include <filesystem>
#include <iosfwd>
#include <map>
#include <string>
#include <vector>

#include "generator/sample.hpp"
#include "generator/splits/folds.hpp"
#include "generator/splits/probe.hpp"

namespace orrery {

/// What a probe looks at of one image.
struct ProbedImage {
  std::string name;
  StoredFile file{};
  std::vector<ProbeBox> boxes{};
};

ProbedImage probed_image(const LabelledImage& image, std::uint64_t seed);

/// Crops by image name, described. Of each label at most `most`, chosen by the seed among all
/// images; what is beyond is counted in `left_out`. Throws Error if a picture cannot be read.
std::map<std::string, std::vector<ProbeCrop>> crops_of(const std::vector<ProbedImage>& images,
                                                       std::size_t most, std::uint64_t seed,
                                                       std::size_t& left_out);

/// Mean recalls of a probe that is trained on all folds but one and scored on that one.
struct SplitScores {
  std::vector<ProbeScore> folds{};
  double mean = 0;  ///< over folds, of the mean recall over labels
  double sd = 0;    ///< between folds
  double low = 0;
  double high = 0;
};

/// How a split compares with random ones of the same groups.
struct SplitReport {
  SplitScores own{};
  std::vector<double> others{};  ///< their means, in order of size
  double percentile = 0;         ///< of own.mean among them: 50 is ordinary
  /// Variance of the mean over folds by the variance between folds: 1/k + test/train, since folds
  /// share training data. Source: Nadeau, Bengio, Inference for the Generalization Error, Machine
  /// Learning 52, 2003. There is no unbiased estimate (Bengio, Grandvalet, JMLR 5, 2004).
  double variance_factor = 0;
  std::size_t groups = 0;  ///< with images to validate on
  std::size_t crops = 0;
  std::size_t left_out = 0;  ///< crops beyond the limit for their label

  double standard_error() const;
  bool lucky() const { return percentile > 90; }
  bool unlucky() const { return percentile < 10; }
  /// Few splits are possible, so where this one lies among them says little.
  bool few_splits() const { return groups < 4 * own.folds.size(); }
};

/// Scores the partition and `repeats` random ones. `rules.parts` are folds.
SplitReport split_report(const std::vector<SplitItem>& items, const SplitRules& rules,
                         const Partition& partition,
                         const std::map<std::string, std::vector<ProbeCrop>>& crops,
                         std::uint32_t labels, std::size_t repeats);

Json json_of(const SplitReport& report, const std::vector<std::string>& classes);
void print(const SplitReport& report, const std::vector<std::string>& classes, std::ostream& out);

}  // namespace orrery
