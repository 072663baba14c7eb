#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "scenes/scene_spec.hpp"

namespace orrery {

/// Reads a scene file (YAML). `sets` are overrides "path.to.key=value", applied in order. A file
/// that says `include: other.yaml` starts from that one, relative to itself. Paths of models come
/// out relative to the working folder. Throws Error naming every mistake with file, line, column,
/// what was found and what is wanted, a line each.
SceneSpec read_scene_file(const std::filesystem::path& file, const std::vector<std::string>& sets);

/// The same from a text without includes, whose mistakes are `where`'s.
SceneSpec scene_from_text(const std::string& text, const std::string& where);

/// What sets call each other by: those without a name by their place in the file, from 0.
std::vector<std::string> set_names(const std::vector<ObjectSet>& sets);

/// What the file beside a photo says. Throws Error as read_scene_file does.
PhotoView photo_view_from_file(const std::filesystem::path& file);

/// Throws Error naming every mistake of a spec that was put together without a file.
void require_valid(const SceneSpec& spec, const std::string& where);

}  // namespace orrery
