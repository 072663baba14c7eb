#pragma once

#include <cstdio>
#include <string>

#include "generator/encode.hpp"
#include "generator/manifest.hpp"
#include "generator/sinks/coco.hpp"
#include "renderer/labels/annotate.hpp"
#include "scenes/temporary_folder.hpp"
#include "tests/labels/random_frame.hpp"

namespace orrery::testing {

/// A folder of its own for one test, gone at the end.
using Scratch = TemporaryFolder;

/// Sample `index` of a little dataset with three classes: a pure function, as the law wants.
inline Sample random_sample(std::uint64_t index) {
  const RandomFrame random(index, 48, 36, 1 + static_cast<std::uint32_t>(index % 6), 12);
  Assets assets;
  assets.models = {random.model};
  assets.models[0].name = "thing";
  assets.models[0].sha256 = "aa";
  assets.skies.resize(1);
  assets.skies[0].name = "overcast";
  const Annotations labels = annotate(random.frame, assets.models);
  check_invariants(random.frame, labels);
  char number[16];
  std::snprintf(number, sizeof number, "%08u", static_cast<unsigned>(index));
  Sample sample;
  sample.index = index;
  sample.files = {{std::string("images/") + number + ".png", png_from_ids(random.id)},
                  {std::string("ids/") + number + ".png", png_from_ids(random.id)}};
  sample.manifest =
      manifest_of(random.shot, labels, assets, {7, "recipe", {}}, index, sample.files);
  sample.coco = coco_of(index, sample.files[0].path, random.shot.view.intrinsics, labels);
  sample.ledger = ledger_of(random.shot, labels);
  return sample;
}

}  // namespace orrery::testing
