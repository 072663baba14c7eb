#pragma once

#include <iosfwd>

#include "scenes/model.hpp"

namespace orrery {

/// What an import made of a model, as a table for people or as one JSON object.
void print_inspect(std::ostream& out, const Model& model, bool json);

}  // namespace orrery
