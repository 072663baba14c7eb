#pragma once

#include <functional>
#include <iosfwd>
#include <memory>

#include "generator/data_commands.hpp"
#include "generator/source.hpp"

namespace orrery {

/// Opens the source anew, for each pass over it.
using OpenSource = std::function<std::unique_ptr<Source>()>;

/// run_ingest() with another way to open the source.
int run_ingest(const IngestCommand& command, const OpenSource& open, std::ostream& out);

}  // namespace orrery
