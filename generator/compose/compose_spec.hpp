#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "generator/sample.hpp"
#include "scenes/distribution.hpp"

namespace YAML {  // as yaml-cpp calls it. NOLINT(readability-identifier-naming)
class Node;
}

namespace orrery {

class Mistakes;

/// When what is left of a label whose visible part changed still counts.
struct LabelRules {
  double min_visible = 0.10;  ///< below this share of the object it becomes a crowd region
  double hard_below = 0.25;   ///< below this share it is hard
  double min_side = 4;        ///< shorter side of the box, pixels; below: a crowd region
  double min_area = 25;       ///< visible pixels; below: a crowd region
};

/// How often each kind of edge is used. A mix of kinds keeps a detector from learning edges.
/// Source: Dwibedi, Misra, Hebert, Cut, Paste and Learn, ICCV 2017.
struct EdgeWeights {
  double hard = 1;
  double gaussian = 1;
  double motion = 1;
};

/// The soft darkness at the foot of something that stands or lies on a photo's ground.
struct ContactShadow {
  double probability = 0.8;                                ///< share of pasted things with one
  Distribution opacity = Distribution::uniform(0.2, 0.7);  ///< of its darkest part
  /// Where it falls, from straight down towards the right, degrees; one draw for a picture.
  Distribution direction = Distribution::uniform(-75, 75);
  Distribution length = Distribution::uniform(0.05, 0.2);     ///< of the thing's shorter side
  Distribution softness = Distribution::uniform(0.02, 0.08);  ///< standard deviation, likewise
};

/// How a pasted thing is made to belong to the photo.
struct FusionSpec {
  EdgeWeights edges;
  Distribution softness = Distribution::uniform(0.5, 1.5);  ///< of gaussian edges, pixels
  Distribution motion = Distribution::uniform(3, 7);        ///< length of motion edges, pixels
  /// How far mean and contrast of each colour go towards those of the place: 1 is all the way.
  Distribution light = Distribution::uniform(0.1, 0.5);
  double max_hue_shift = 10;  ///< of any colour of the thing, degrees
  ContactShadow shadow;
  bool sensor = true;  ///< blur and noise of the photo are measured and given to the thing
  Distribution jpeg = Distribution::fixed(0);  ///< quality of the whole picture; below 1: as it is
};

enum class PastePlace : std::uint8_t { anywhere, lower_half };

/// Where a pasted thing goes, and what it may hide.
struct PlaceSpec {
  Distribution rotation = Distribution::uniform(-180, 180);  ///< in the picture's plane, degrees
  double flip = 0;                          ///< share of things that are mirrored left to right
  std::vector<std::string> chiral;          ///< classes that are never mirrored
  PastePlace where = PastePlace::anywhere;  ///< of its box's centre
  double max_hidden = 0.3;       ///< share of an earlier pasted thing that later ones may hide
  double max_hidden_real = 0.3;  ///< the same of the photo's own objects; 0: they stay free
  double truncated = 0.15;       ///< share of things that may leave the picture
  double max_truncation = 0.5;   ///< share of such a thing that may be outside
  int attempts = 50;             ///< places tried before a thing is left out and counted
};

/// Rendered cut-outs on a photo.
struct PasteSpec {
  Distribution count = Distribution::uniform(1, 5);   ///< things, rounded down
  Distribution distractors = Distribution::fixed(0);  ///< things without label, rounded down
  bool real_sizes = true;  ///< sizes are drawn from the real labels', where some are known
  /// Square root of the box's share of the picture, where no real sizes are known.
  Distribution size{Distribution::Kind::log_uniform, {0.08, 0.4}, {}};
  double min_whole = 0.9;  ///< least visible share of a thing in its cut-out
  PlaceSpec place;
  FusionSpec fusion;
};

/// Real things cut out along their masks. Source: Ghiasi et al., Simple Copy-Paste Is a Strong
/// Data Augmentation Method for Instance Segmentation, CVPR 2021 (its scales are 0.1 to 2).
struct CopyPasteSpec {
  Distribution count = Distribution::uniform(1, 4);    ///< things, rounded down
  Distribution scale = Distribution::uniform(0.1, 2);  ///< of a thing's size in its own photo
  double min_whole = 0.5;  ///< least visible share of a thing in its own photo
  PlaceSpec place{.rotation = Distribution::uniform(-15, 15), .chiral = {}};
  FusionSpec fusion;
};

/// Four pictures in one, two by two, each scaled to fill its cell.
struct MosaicSpec {
  int width = 0;  ///< of the result, pixels; 0: as the first picture
  int height = 0;
  Distribution centre = Distribution::uniform(0.3, 0.7);  ///< where cells meet, share of each side
  Distribution zoom = Distribution::uniform(1, 1.6);      ///< of a part beyond what fills its cell
};

/// A rectangle of one picture in another.
struct CutmixSpec {
  Distribution area = Distribution::uniform(0.1, 0.5);  ///< of the rectangle, share of the picture
  Distribution aspect{Distribution::Kind::log_uniform, {0.5, 2}, {}};  ///< width / height
};

/// Two pictures blended, with weights of labels. Source: Zhang et al., Bag of Freebies for Training
/// Object Detection Neural Networks, 2019.
struct MixupSpec {
  double alpha = 1.5;  ///< the first picture's share is drawn from Beta(alpha, alpha)
};

enum class MaskFill : std::uint8_t { keep, blur, noise, mean };

/// What becomes of content that nobody labelled, or whose label was left out.
struct MaskOutSpec {
  MaskFill fill = MaskFill::keep;  ///< keep: regions stay as they are, as crowd labels
};

struct ComposeSpec {
  LabelRules labels;
  PasteSpec paste;
  CopyPasteSpec copy_paste;
  MosaicSpec mosaic;
  CutmixSpec cutmix;
  MixupSpec mixup;
  MaskOutSpec mask_out;
};

/// Reads the section at `path`; what is wrong, with its place, goes to `mistakes`.
ComposeSpec compose_from_yaml(const YAML::Node& node, const std::string& path, Mistakes& mistakes);
/// The whole spec, defaults included, as compose_from_yaml() reads it.
Json json_from(const ComposeSpec& spec);

}  // namespace orrery
