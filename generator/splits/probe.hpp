#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "generator/labelled_image.hpp"
#include "scenes/image.hpp"

namespace orrery {

/// A part of a picture that a probe learns from. Label 0 is background, label c + 1 class c.
struct ProbeBox {
  Rect box;
  std::uint32_t label = 0;
};

/// Boxes of the labelled instances, crowds and slivers below two pixels left out, then as many of
/// background of like sizes that touch no label and no crowd, as far as there is room for them (of
/// an image without instances: two).
std::vector<ProbeBox> probe_boxes(const LabelledImage& image, std::uint64_t seed);

/// A part of a picture as numbers.
struct ProbeCrop {
  std::vector<float> features{};
  std::uint32_t label = 0;
};

/// Histograms of oriented gradients of the part inside `box`, stretched to 48 × 48 pixels, and its
/// mean colours in a grid of 4 × 4. `box` is cut off at the picture's edges and must have pixels
/// inside. Source: Dalal, Triggs, Histograms of Oriented Gradients for Human Detection, CVPR 2005.
std::vector<float> probe_features(const Image<Rgba8>& picture, const Rect& box);

struct ProbeSettings {
  int learners = 5;                   ///< in the ensemble
  std::size_t crops_per_label = 150;  ///< that are learned from at most, chosen by the seed
  double cost = 0.5;                  ///< of a crop on the wrong side: the machines' C
  std::uint64_t seed = 0;
};

/// An ensemble of weak learners: linear support vector machines, each trained on a bootstrap sample
/// of the crops and on half of the features, whose votes are averaged. A pure function of crops and
/// settings on one kind of processor. Sources: Breiman, Bagging Predictors, Machine Learning 24,
/// 1996; Ho, The Random Subspace Method, IEEE PAMI 20, 1998.
class CropProbe {
 public:
  /// Crops have features of one length. Throws Error if they are not of two labels at least.
  CropProbe(const std::vector<const ProbeCrop*>& crops, const ProbeSettings& settings);
  ~CropProbe();
  CropProbe(CropProbe&&) noexcept;
  CropProbe& operator=(CropProbe&&) noexcept;

  /// Share of the learners that vote for each label, up to the highest that was learned.
  std::vector<double> votes(const ProbeCrop& crop) const;
  /// The label with the most votes, the lowest among equals.
  std::uint32_t label_of(const ProbeCrop& crop) const;

 private:
  struct Learner;
  std::vector<Learner> learners_;
  std::uint32_t labels_ = 0;
};

/// How well crops are told apart.
struct ProbeScore {
  std::size_t crops = 0;
  double accuracy = 0;     ///< share of crops whose label is right
  double mean_recall = 0;  ///< mean over the labels that occur of the share of theirs that is right
  std::vector<std::optional<double>> recall{};  ///< by label; nothing: no crop has it
};

/// Scores a probe on crops of labels below `labels`; no crops score 0.
ProbeScore score_of(const CropProbe& probe, const std::vector<const ProbeCrop*>& crops,
                    std::uint32_t labels);

}  // namespace orrery
