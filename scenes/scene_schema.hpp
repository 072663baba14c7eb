#pragma once

#include <string>

#include "scenes/scene_spec.hpp"

namespace orrery {

/// JSON Schema (2020-12) of scene files, for editors and independent validators.
std::string scene_schema();

/// The whole spec as JSON, which is YAML too: scene_from_text() of it gives the spec back.
std::string text_from_scene(const SceneSpec& spec);

}  // namespace orrery
