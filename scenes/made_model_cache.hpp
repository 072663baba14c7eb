#pragma once

#include <filesystem>
#include <string>

#include "scenes/import_model.hpp"
#include "scenes/model.hpp"

namespace orrery {

/// made_model(name), painted once and then read from `cache`: textures take seconds to paint. A
/// pack that is missing, damaged or cannot be written costs only that time. What a name does not
/// say whole (it refers to a file) and what has no textures is made anew. Throws Error as
/// made_model does.
Model cached_made_model(const std::string& name,
                        const std::filesystem::path& cache = default_model_cache());

}  // namespace orrery
