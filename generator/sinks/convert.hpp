#pragma once

#include <iosfwd>

#include "generator/data_commands.hpp"
#include "generator/source.hpp"

namespace orrery {

/// One pass from a source into a folder for each of `command.to` below `command.out`, which appears
/// whole or not at all. Says to `out` what was written, what each format could not carry and what
/// is wrong in the source. Throws Error.
void convert(Source& source, const ConvertCommand& command, std::ostream& out);

}  // namespace orrery
