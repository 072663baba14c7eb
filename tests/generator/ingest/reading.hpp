#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "generator/source.hpp"

namespace orrery::testing {

/// Real sets and samples of formats.
inline const std::filesystem::path kReal = std::filesystem::path(ORRERY_SHARED_DATA) / "real";
inline const std::filesystem::path kFormats = kReal / "formats";

/// Says so if the shared data is not there.
bool have_data();
std::vector<LabelledImage> all_of(Source& source);
/// Writes a text, and the folders on its way.
void write(const std::filesystem::path& file, const std::string& text);
/// A black JPEG.
void write_blank(const std::filesystem::path& file, int width, int height);
/// How often each rule is among the problems.
std::map<std::string, int> rules(const Source& source);

}  // namespace orrery::testing
