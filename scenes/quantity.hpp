#pragma once

#include <optional>
#include <string>

#include "scenes/scene_fields.hpp"

namespace orrery {

/// A number, perhaps with a unit ("0.3", "30 cm", "45deg"), in the unit that specs are in: metres,
/// degrees or kelvin. Nothing if it is none, or if its unit measures something else.
std::optional<double> quantity_from(const std::string& text, FieldInfo::Unit unit);

/// The names of the units that measure the same, for messages: "m, cm, mm, in".
std::string units_for(FieldInfo::Unit unit);

}  // namespace orrery
