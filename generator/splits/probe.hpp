#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "generator/labelled_image.hpp"
#include "scenes/image.hpp"

namespace orrery {

/// A crop, described: what a probe learns from. Class 0 is background, class c + 1 the dataset's c.
struct ProbeCrop {
  std::vector<float> features{};
  std::uint32_t label = 0;
};

/// Histograms of oriented gradients of the part of a picture inside `box`, stretched to 48 × 48,
/// and its mean colours in a grid of 4 × 4. Source: Dalal, Triggs, Histograms of Oriented Gradients
/// for Human Detection, CVPR 2005.
std::vector<float> probe_features(const Image<Rgba8>& picture, const Rect& box);

/// Crops of the labelled instances of a picture (crowds left out) and as many of its background,
/// which overlap no label, as there are instances (at least one where there is room).
std::vector<ProbeCrop> probe_crops(const Image<Rgba8>& picture, const LabelledImage& image,
                                   std::uint64_t seed);

struct ProbeSettings {
  int learners = 7;                   ///< in the ensemble
  std::size_t crops_per_class = 200;  ///< that are learned from at most, chosen by the seed
  double cost = 0.02;                 ///< of a crop on the wrong side: the machines' C
  std::uint64_t seed = 0;
};

/// An ensemble of weak learners: linear support vector machines, each trained on a bootstrap sample
/// of the crops, whose votes are averaged. A pure function of crops and settings. Source: Breiman,
/// Bagging Predictors, Machine Learning 24, 1996.
class CropProbe {
 public:
  /// Learns labels below `labels`. Throws Error if there are no crops of two labels.
  CropProbe(const std::vector<ProbeCrop>& crops, std::uint32_t labels,
            const ProbeSettings& settings);
  ~CropProbe();
  CropProbe(CropProbe&&) noexcept;
  CropProbe& operator=(CropProbe&&) noexcept;

  /// Share of the learners that vote for each label.
  std::vector<double> votes(const ProbeCrop& crop) const;
  /// The label with the most votes, the lowest among equals.
  std::uint32_t label_of(const ProbeCrop& crop) const;

 private:
  struct Learners;
  std::unique_ptr<Learners> learners_;
};

/// How well crops are told apart.
struct ProbeScore {
  std::size_t crops = 0;
  double accuracy = 0;     ///< share of crops whose label is right
  double mean_recall = 0;  ///< mean over the labels that occur of the share of theirs that is right
  std::vector<std::optional<double>> recall{};  ///< by label; none: no crop has it
};

ProbeScore score_of(const CropProbe& probe, const std::vector<ProbeCrop>& crops,
                    std::uint32_t labels);

}  // namespace orrery
