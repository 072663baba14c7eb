#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <vector>

#include "generator/draw_shot.hpp"
#include "generator/mix/mix_recipe.hpp"
#include "generator/mix/photo_pool.hpp"
#include "generator/mix/schedule.hpp"

namespace orrery {

/// One picture that goes into an image: a photo, or shot `number` of a scene.
struct MixPart {
  std::optional<std::size_t> photo{};  ///< into the pool
  std::size_t scene = 0;               ///< into MixRecipe::scenes
  std::uint64_t shot = 0;
};

/// What an image is made of.
struct MixDraft {
  Making making = Making::rendered;
  bool original = false;              ///< a photo as it is
  std::optional<std::size_t> part{};  ///< of the split, where photos say which
  std::vector<MixPart> parts{};       ///< what is pasted comes after what it is pasted on
};

/// Draws what each image is made of: a pure function of (recipe, seed, index). Photos of one image
/// are of one part of the split.
class MixDraw {
 public:
  /// `models[s]` are the models that a shot of scene s will hold; all must outlive the object.
  MixDraw(const MixRecipe& recipe, const PhotoPool& photos, const std::vector<DrawModels>& models);

  MixDraft operator()(std::uint64_t index) const;

  /// Shots of a scene that one image may ask for.
  static constexpr std::uint64_t kShots = 64;
  /// Cut-outs that one image has to paste from, at most.
  static constexpr std::size_t kCutOuts = 8;

 private:
  MixPart picture(std::uint64_t index, std::uint64_t place, MixDraft& draft) const;
  MixPart rendered(std::uint64_t index, std::uint64_t place, bool cut_out) const;
  std::uint64_t shot_of(std::size_t scene, std::uint64_t index, std::uint64_t place) const;

  const MixRecipe& recipe_;
  const PhotoPool& photos_;
  const std::vector<DrawModels>& models_;
  Schedule schedule_;
  bool by_class_ = false;
};

/// Photos as they are; and where photos are not all that is validated on (see Validate), rendered
/// scenes as they are. What may be validated on is neither mixed nor augmented.
bool may_be_validated_on(const MixRecipe& recipe, const MixDraft& draft);

/// Throws Error naming a part of the split that would hold nothing to validate on: said before
/// anything is made, not after.
void require_validation(const MixRecipe& recipe, const PhotoPool& photos, const MixDraw& draw);

/// The scene makes cut-outs.
bool makes_cut_outs(const Recipe& recipe);

}  // namespace orrery
