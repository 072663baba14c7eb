#pragma once

#include <iosfwd>

#include "generator/options.hpp"

namespace orrery {

/// Makes one sample of a dataset again, from the recipe in its dataset.json, and prints whether it
/// is identical: every file and every label. True if it is. A dataset that is not finished has
/// nothing to compare with; there a sample that cannot be made shows why. Where `command.out` is
/// given, the new files are written there. Throws Error if the dataset, an asset or the index is
/// not what it should be.
bool replay(const ReplayCommand& command, std::ostream& out);

}  // namespace orrery
