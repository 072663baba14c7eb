#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "generator/labelled_image.hpp"
#include "generator/sink.hpp"

namespace orrery::testing {

/// A little dataset with everything that photos have: JPEGs and PNGs under names with dots, folders
/// and capitals, some on their side by EXIF, images without labels; masks, outlines, boxes, crowds,
/// keypoints, weights; three classes, the last without keypoints.
struct RandomSet {
  DatasetInfo info;
  std::vector<LabelledImage> images;
};

/// Pictures go into `folder`. `splits`: each image has one; else none.
RandomSet random_set(const std::filesystem::path& folder, std::uint64_t seed, std::uint64_t count,
                     bool splits);

/// Writes truth.json: what a reader must find, told from the images alone: boxes as corners, masks
/// as files of a byte a pixel beside it.
void write_truth(const RandomSet& set, const std::filesystem::path& folder);

/// A JPEG with the EXIF orientation put in.
std::string with_orientation(const std::string& jpeg, int orientation);

/// Opens the format, adds all and finishes. Returns what was left out.
std::map<std::string, std::uint64_t> write_all(const std::string& format,
                                               const std::filesystem::path& folder,
                                               const RandomSet& set,
                                               const SinkOptions& options = {});

/// All files of a folder, by relative path.
std::map<std::string, std::string> files_of(const std::filesystem::path& folder);

/// Runs a reader beside this file; false, with a message, if a module that it wants is not there.
bool can_import(const std::string& modules);
int run_reader(const std::string& script, const std::vector<std::string>& arguments);

}  // namespace orrery::testing
