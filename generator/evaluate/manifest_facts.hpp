#pragma once

#include <filesystem>

#include "generator/evaluate/truth.hpp"

namespace orrery {

/// Adds what a manifest.jsonl of ours says of the images: track, split, fold, and as group the
/// connected parts of images that share a session, a sweep or duplicates in their lineage. A row is
/// of the image whose file_name is among the row's files, else has the same name without folder and
/// extension. Images without a row stay as they are and are counted in the warnings. Throws Error
/// if a line is no row of a manifest, or no image has one.
void add_manifest_facts(GroundTruth& truth, const std::filesystem::path& manifest);

}  // namespace orrery
