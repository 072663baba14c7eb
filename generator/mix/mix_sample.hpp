#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "generator/compose/compose.hpp"
#include "generator/labelled_pixels.hpp"
#include "generator/mix/mix_draw.hpp"
#include "generator/mix/mix_recipe.hpp"
#include "generator/refine/refiner.hpp"
#include "generator/sample.hpp"

namespace orrery {

/// A picture that goes into an image, and where it is from.
struct MixPicture {
  LabelledPixels pixels;
  Json provenance;  ///< of a rendered one its row of a manifest; of a photo its source
  Ledger ledger;    ///< what was placed and became no label before the picture was mixed
};

/// What all images of a dataset share.
struct MixContext {
  const MixRecipe& recipe;
  const DatasetInfo& info;
  const SizeHistogram& sizes;
  const Refiner& refiner;
  std::string hash;  ///< mix_hash()
  std::vector<SplitPart> parts;
};

/// Image `index` out of its parts (in the draft's order): composed, augmented, refined, brought to
/// the size of the outputs and encoded. Throws Error (Exit::bug) naming the image if labels got
/// lost on the way.
Sample mix_sample(const MixContext& context, const MixDraft& draft, std::vector<MixPicture> parts,
                  std::uint64_t index);

}  // namespace orrery
