#pragma once

#include <filesystem>
#include <functional>
#include <vector>

#include "generator/generate.hpp"
#include "generator/sample.hpp"

namespace orrery::testing {

/// A recipe that asks for everything at once: our own mug and plant (leaves cut out by alpha) and
/// a pane that is seen through, up to three in an image, every background and ground, shadow
/// catchers, every file. `folder` receives the pane and a photo.
Recipe varied_recipe(const std::filesystem::path& folder, std::uint64_t count);

/// generate() with these lanes, and nothing told.
RunReport make(
    const Recipe& recipe, const std::filesystem::path& out, unsigned lanes,
    const OnProgress& on_progress = [](std::uint64_t, std::uint64_t) {});

/// The lines of a finished dataset's manifest.
std::vector<Json> manifest_of(const std::filesystem::path& dataset);

}  // namespace orrery::testing
