#pragma once

#include <iosfwd>

#include "generator/options.hpp"

namespace orrery {

/// Makes the recipe's dataset in a folder that it removes again, and prints where the time went as
/// one JSON object.
void bench(BenchCommand command, std::ostream& out);

}  // namespace orrery
