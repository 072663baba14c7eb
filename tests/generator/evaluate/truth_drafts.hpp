#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "generator/evaluate/truth.hpp"

namespace orrery::testing {

/// Groups of three images with four objects each, boxes of 20 pixels apart from each other, of two
/// classes. Ids count from 1.
GroundTruth drafted_truth(std::uint32_t groups);

/// What a detector of some skill finds in it: each object with a chance that varies from group to
/// group around `skill`, by chance a little displaced; and falses with lower scores.
Detections drafted_detections(const GroundTruth& truth, double skill, std::uint64_t seed);

/// As COCO files.
void write_coco(const GroundTruth& truth, const std::filesystem::path& file);
void write_results(const GroundTruth& truth, const Detections& detections,
                   const std::filesystem::path& file);
void write_text(const std::filesystem::path& file, const std::string& text);

}  // namespace orrery::testing
