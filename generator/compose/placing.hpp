#pragma once

#include <span>

#include "generator/compose/fuse.hpp"
#include "generator/compose/layer.hpp"
#include "generator/compose/working_label.hpp"

namespace orrery {

/// Lays things on a photo one after the other: where each goes, what it hides, its label.
class Placing {
 public:
  Placing(LabelledPixels& photo, const DatasetInfo& info, const PlaceSpec& place,
          const FusionSpec& fusion, const LabelRules& rules, const Draws& draws,
          ComposeReport& report);

  /// `scale_of` a thing turned to an extent of width × height at its own scale. Counts the thing
  /// as placed, and as dropped if it finds no room; says whether it was laid.
  template <class ScaleOf>
  bool lay(const CutThing& thing, ScaleOf&& scale_of) {
    const Turn turn = drawn_turn(thing);
    const double scale = scale_of(turned_size(thing, turn.angle, turn.mirror));
    return lay(thing, turn, scale);
  }

  /// Hides what is hidden, holds all labels to the rules and puts them into the photo. Says what
  /// was drawn. Call once, last.
  Json finish();

 private:
  struct Turn {
    double angle = 0;  ///< radians
    bool mirror = false;
  };
  /// What may be hidden up to a limit.
  struct Region {
    Box box;
    Image<std::uint8_t> seen;  ///< in the box: not hidden so far
    std::uint64_t total = 0;   ///< pixels inside the picture
    std::uint64_t left = 0;    ///< of them not hidden
    double limit = 1;          ///< share that may be hidden
  };

  Turn drawn_turn(const CutThing& thing) const;
  bool lay(const CutThing& thing, const Turn& turn, double scale);
  std::optional<glm::ivec2> drawn_place(const Layer& layer) const;
  bool fits(const Layer& layer, const glm::ivec2& at) const;
  std::uint64_t overlap(const Region& region, const Layer& layer, const glm::ivec2& at) const;
  void cover(const Layer& layer, const glm::ivec2& at);
  Label label_of(const CutThing& thing, const Layer& layer, const glm::ivec2& at,
                 bool mirror) const;
  void swap_points(Label& label) const;
  void add_region(Image<std::uint8_t> seen, const Box& box, double limit);

  LabelledPixels& photo_;
  const DatasetInfo& info_;
  const PlaceSpec& place_;
  const LabelRules& rules_;
  const Draws& draws_;
  ComposeReport& report_;
  Fusion fusion_;
  int margin_;
  std::vector<WorkingLabel> real_;
  std::vector<WorkingLabel> pasted_;
  std::vector<Region> regions_;
  Image<std::uint8_t> cover_;  ///< all that was laid
  Box cover_extent_;
  std::size_t number_ = 0;  ///< of the thing at hand
  Json said_ = Json::array();
};

}  // namespace orrery
