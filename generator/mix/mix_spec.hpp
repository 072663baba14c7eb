#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <type_traits>
#include <vector>

#include "scenes/enum_names.hpp"
#include "scenes/scene_fields.hpp"

namespace orrery {

/// How an image of a dataset comes about.
enum class Making : std::uint8_t {
  rendered,    ///< a whole scene
  real,        ///< a photo: first each once as it is, then augmented copies
  pasted,      ///< rendered cut-outs on a photo
  copy_paste,  ///< instances of one photo on another
  mosaic,      ///< four images in one
  cutmix,      ///< a part of one image in another
  mixup,       ///< two images shining through each other, with weights
};
inline constexpr std::size_t kMakings = 7;

template <>
struct EnumNames<Making> {
  static constexpr std::array<const char*, kMakings> kNames{
      "rendered", "real", "pasted", "copy_paste", "mosaic", "cutmix", "mixup"};
};

/// How often each way of making an image is taken, relative to each other; by Making.
using MakingWeights = std::array<double, kMakings>;

/// A stretch of the dataset with weights of its own: a curriculum.
struct MixPhase {
  std::uint32_t images = 0;  ///< how many, from where the phase before ends
  MakingWeights weights{};
};

/// What photos and cut-outs are drawn evenly over.
enum class MixBy : std::uint8_t {
  images,   ///< each photo, each cut-out alike
  classes,  ///< each class alike: a class first, then one that has it
};
template <>
struct EnumNames<MixBy> {
  static constexpr std::array<const char*, 2> kNames{"image", "class"};
};

struct MixSpec {
  MakingWeights weights{1, 0, 0, 0, 0, 0, 0};
  std::vector<MixPhase> phases{};  ///< before `weights` hold
  MixBy by = MixBy::images;
};

template <class Visitor>
void describe_weights(Visitor& field, auto& weights) {
  static constexpr std::array<const char*, kMakings> kAbout{
      "share of whole rendered scenes",
      "share of photos, each once as it is before copies are augmented",
      "share of photos with rendered cut-outs on them",
      "share of photos with instances of other photos on them",
      "share of four images in one",
      "share of images with a part of another in them",
      "share of two images shining through each other, with weights of labels"};
  for (std::size_t i = 0; i < kMakings; ++i) {
    field(EnumNames<Making>::kNames[i], weights[i], FieldInfo{kAbout[i], 0, 1e6});
  }
}

template <class Visitor>
void describe(Visitor& field, SomeOf<MixPhase> auto& p) {
  field("images", p.images, {"that this phase lasts", 1, 1e9});
  describe_weights(field, p.weights);
}

template <class Visitor>
void describe(Visitor& field, SomeOf<MixSpec> auto& m) {
  describe_weights(field, m.weights);
  field("by", m.by, {"what photos and cut-outs are drawn evenly over: image or class"});
  field("phases", m.phases, {"stretches of the dataset, before the shares above hold"});
}

}  // namespace orrery
