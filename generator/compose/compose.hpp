#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "generator/compose/compose_spec.hpp"
#include "generator/labelled_pixels.hpp"
#include "scenes/random.hpp"

namespace orrery {

/// The random numbers of one step of one picture. Steps of a picture differ in `step`.
struct Draws {
  std::uint64_t seed = 0;
  std::uint64_t index = 0;
  std::string step = "compose";
  Rng rng(const std::string& factor) const { return {seed, index, step + "/" + factor}; }
};

/// What became of labels, and how: for manifests. Steps add to it.
struct ComposeReport {
  /// Labels that came in (and things that were to be pasted) = labels that came out + dropped.
  /// Rules: "outside", "hidden", "no_room", "no_mask", "not_whole", "too_small", "painted_over".
  Ledger ledger;
  /// Labels that came out, but otherwise: "crowd", "hard", "loose"; and "distractor" for things
  /// that were pasted without one.
  std::map<std::string, std::uint64_t> changed;
  Json steps = Json::array();  ///< of each step its name and what was drawn
};

/// Sizes of real labels by class: square root of the box's share of its picture. Crowd regions do
/// not count.
class SizeHistogram {
 public:
  void add(const LabelledImage& image);
  /// A size drawn from those of the class, between neighbours evenly; of all classes where it has
  /// fewer than `kFewest`; nothing if there is none at all.
  std::optional<double> drawn(std::uint32_t class_id, Rng& rng) const;
  static constexpr std::size_t kFewest = 5;

 private:
  std::map<std::uint32_t, std::vector<double>> by_class_;  ///< each in rising order
  std::vector<double> all_;
};

// In all of these, the results carry the union of the lineages of all pictures that went into them
// and a "parent" for each, are `train_only`, and have labels numbered from 1; what no longer means
// anything (depth, id planes; cameras and poses unless the receiver's) is gone. Labels whose
// visible part changed follow LabelRules. They throw Error if pictures of different splits or folds
// would meet.

/// Pastes things out of `cut_outs` on a photo, the last one on top. Each label of a cut-out is one
/// thing; a cut-out without labels is a distractor. `count` of the things are drawn; all are used
/// before one is used again.
void paste(LabelledPixels& photo, std::span<const LabelledPixels> cut_outs, const DatasetInfo& info,
           const SizeHistogram& sizes, const PasteSpec& spec, const LabelRules& rules,
           const Draws& draws, ComposeReport& report);

/// Pastes things of a donor photo, cut out along their masks or outlines, on a receiver. Things
/// that have boxes only cannot be cut out.
void copy_paste(LabelledPixels& receiver, const LabelledPixels& donor, const DatasetInfo& info,
                const CopyPasteSpec& spec, const LabelRules& rules, const Draws& draws,
                ComposeReport& report);

/// Exactly four parts: top left, top right, bottom left, bottom right.
LabelledPixels mosaic(const std::array<const LabelledPixels*, 4>& parts, const MosaicSpec& spec,
                      const LabelRules& rules, const Draws& draws, ComposeReport& report);

/// A rectangle of `b` in `a`.
LabelledPixels cutmix(const LabelledPixels& a, const LabelledPixels& b, const CutmixSpec& spec,
                      const LabelRules& rules, const Draws& draws, ComposeReport& report);

/// Both on a canvas that holds both, neither resized; a picture is black beyond its border.
LabelledPixels mixup(const LabelledPixels& a, const LabelledPixels& b, const MixupSpec& spec,
                     const Draws& draws, ComposeReport& report);

/// Paints over crowd labels of the picture and `unlabelled` regions (labels that were left out:
/// mask, outline or box, and a class), or keeps both as crowd labels. What other labels show is
/// never painted over; what then remains of a region stays a crowd label.
void mask_out(LabelledPixels& picture, std::span<const Label> unlabelled, const MaskOutSpec& spec,
              const Draws& draws, ComposeReport& report);

}  // namespace orrery
