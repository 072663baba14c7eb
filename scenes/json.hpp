#pragma once

#include <nlohmann/json.hpp>

namespace orrery {

/// Keeps the order of its keys, so equal values print as equal bytes.
using Json = nlohmann::ordered_json;

}  // namespace orrery
