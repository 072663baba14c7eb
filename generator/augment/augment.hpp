#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "generator/augment/operation.hpp"
#include "generator/labelled_pixels.hpp"

namespace YAML {  // as yaml-cpp calls it. NOLINT(readability-identifier-naming)
class Node;
}

namespace orrery {

class Mistakes;

/// One thing that may be done to a picture, or a group of such.
struct AugmentStep {
  enum class Kind : std::uint8_t {
    operation,
    one_of,    ///< one of `steps`, drawn by their weights
    sequence,  ///< all of `steps`, in order
  };
  Kind kind = Kind::operation;
  AugmentOp op = AugmentOp::flip_horizontal;  ///< of Kind::operation
  double probability = 1;                     ///< that it runs at all
  double weight = 1;                          ///< within a one_of
  std::vector<Range> values{};       ///< of Kind::operation: as operation_info(op).parameters
  std::vector<AugmentStep> steps{};  ///< of groups
};

/// What lies around a picture that is turned or moved.
enum class AugmentBorder : std::uint8_t {
  constant,  ///< AugmentSpec::fill
  reflect,  ///< the picture mirrored; mirrored things become crowd regions, as nobody labelled them
};

/// Labels that are a box and nothing more, in turns that are no multiple of 90°.
enum class BoxRotation : std::uint8_t {
  refuse,   ///< up to 10° from the box's corners; beyond, the operation is left out
  ellipse,  ///< the box around the turned ellipse that fills the box
};

/// What is done to pictures, and which labels survive it.
struct AugmentSpec {
  std::vector<AugmentStep> steps{};
  AugmentBorder border = AugmentBorder::constant;
  std::array<std::uint8_t, 3> fill{114, 114, 114};  ///< red, green, blue
  BoxRotation box_rotation = BoxRotation::refuse;
  std::vector<std::string> chiral{};  ///< classes that are never mirrored
  // A label with less of its visible pixels left, or made smaller than this, becomes a crowd
  // region; of one that has no pixel left, nothing remains.
  double min_visible = 0.1;  ///< share of the visible pixels that it had before all steps
  double min_side = 4;       ///< of the box, pixels
  double min_area = 25;      ///< pixels
  // Labels that stay, but become hard.
  double hard_visible = 0.25;    ///< less of the visible pixels left
  double hard_blur = 0.5;        ///< blur over the box's shorter side: more
  double hard_luminance = 0.04;  ///< mean luminance, white is 1: less
};

/// "none", "light", "medium" and "heavy".
const std::vector<std::string>& augment_presets();
/// Throws Error naming the nearest preset.
AugmentSpec augment_preset(const std::string& name);

/// A preset's name; a list of steps; or a mapping of AugmentSpec's fields, where `preset` may stand
/// for `steps`. A step is an operation's name, alone or with its parameters:
///   - flip_horizontal: {probability: 0.5}
///   - rotate: {angle: [-10, 10]}
///   - one_of: [{gaussian_blur: {sigma: 2, weight: 3}}, jpeg]
///     probability: 0.3
/// What is wrong goes to `mistakes`; `path` is where the node stands in its file.
AugmentSpec augment_from_yaml(const YAML::Node& node, const std::string& path, Mistakes& mistakes);

/// Every field, in one order: equal specs print as equal bytes.
Json json_from(const AugmentSpec& spec);

/// What was done to one picture.
struct AugmentReport {
  struct Ran {
    AugmentOp op;
    std::vector<std::pair<std::string, double>> parameters;  ///< as drawn
  };
  struct Refused {
    AugmentOp op;
    std::string reason;  ///< "chiral", "box_rotation", "picture_too_small", "no_label", "folds"
  };
  struct Lost {
    std::uint64_t id = 0;
    std::uint32_t class_id = 0;
    std::string rule;
  };
  std::vector<Ran> ran;
  std::vector<Refused> refused;
  std::uint64_t labels_in = 0;
  std::uint64_t labels_out = 0;  ///< labels_in + mirrored - dropped.size()
  std::vector<Lost> dropped;     ///< "outside", "hidden" or "subpixel": no pixel is left
  std::vector<Lost> made_crowd;  ///< "min_visible", "min_side" or "min_area"
  std::vector<Lost> made_hard;   ///< "hard_visible", "hard_blur" or "hard_luminance"
  std::uint64_t mirrored = 0;    ///< crowd regions around things in a reflected border
  std::map<std::string, std::uint64_t> cleared;  ///< what no longer held: "pose", "camera"…
};

/// For the manifest.
Json json_from(const AugmentReport& report);

/// Does to picture `index` what its draws say: a pure function of (picture, spec, info, seed,
/// index). Every operation draws from a stream of its own name, so the parameters of one move no
/// other. Labels follow exactly; the keep rules of `spec` are applied once, at the end. `report`
/// is overwritten. Throws Error if `spec.chiral` names no class or a label is of no class.
void augment(LabelledPixels& picture, const AugmentSpec& spec, const DatasetInfo& info,
             std::uint64_t seed, std::uint64_t index, AugmentReport& report);

}  // namespace orrery
