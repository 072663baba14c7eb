#pragma once

#include <string>
#include <vector>

#include "generator/splits/folds.hpp"

namespace orrery {

/// Connected components of images that share keys of these kinds, in order of their first image;
/// `part` and `pinned` by the pins. A pure function of the set of items, whatever their order.
/// Throws Error if a name comes twice, or if pins of two parts meet in one component, with the
/// keys that lead from one to the other.
std::vector<SplitGroup> lineage_groups(const std::vector<SplitItem>& items,
                                       const std::vector<std::string>& kinds, const SplitPins& pins,
                                       const std::vector<SplitPart>& parts);

/// `photo "IMG_1"`, for messages.
std::string text_of(const LineageKey& key);

}  // namespace orrery
