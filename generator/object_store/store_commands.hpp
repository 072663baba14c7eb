#pragma once

#include <filesystem>
#include <functional>
#include <iosfwd>

#include "generator/lanes.hpp"
#include "generator/object_store/store_address.hpp"
#include "generator/options.hpp"

namespace orrery {

/// Makes a dataset in a folder: generate() and its like.
using MakeInFolder = std::function<RunReport(const std::filesystem::path& folder, Machine machine)>;

/// Makes a dataset on an object store, or `machine`'s share of it, chunk by chunk through a scratch
/// folder in `scratch` (empty: default_scratch()). Whoever makes all chunks also finishes it.
/// Throws Error as `make` and ObjectStore do.
RunReport make_in_store(const StoreAddress& address, const std::filesystem::path& scratch,
                        const Machine& machine, const MakeInFolder& make, std::ostream& say);

/// finish() of a dataset on an object store.
int finish_in_store(const StoreAddress& address, const FinishCommand& command, std::ostream& out);

/// print_status() of a dataset on an object store; who is making what is not known there.
void print_store_status(const StoreAddress& address, const StatusCommand& command,
                        std::ostream& out);

}  // namespace orrery
