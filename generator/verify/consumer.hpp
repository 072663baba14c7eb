#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "generator/verify/dataset_rules.hpp"
#include "generator/verify/findings.hpp"

namespace orrery {

/// A folder in one of the sinks' formats.
struct FormatFolder {
  std::string format;  ///< as in sink_formats()
  std::filesystem::path folder;
  std::filesystem::path dataset{};  ///< that it was made from; empty: not known
  DatasetFacts facts{};             ///< of the dataset, where it is known
};

// The rules of each format's readers. Sources: research of what they require, measured with them;
// the rules' names and what breaks them are said where they are checked. All read a file, or an
// image, at a time.

/// Ultralytics: yolo, yolo_seg, yolo_obb and yolo_pose.
void check_yolo(const FormatFolder& at, Findings& findings);
/// pycocotools: every COCO file of a folder in format coco.
void check_coco(const FormatFolder& at, Findings& findings);
/// pycocotools: one file, whose pictures lie below `pictures`.
void check_coco_file(const std::filesystem::path& file, const std::filesystem::path& pictures,
                     const std::vector<std::string>& classes, Findings& findings);
void check_voc(const FormatFolder& at, Findings& findings);
void check_kitti(const FormatFolder& at, Findings& findings);
void check_imagefolder(const FormatFolder& at, Findings& findings);
/// webdataset and bop_webdataset.
void check_webdataset(const FormatFolder& at, Findings& findings);
void check_tfrecord(const FormatFolder& at, Findings& findings);
void check_bop(const FormatFolder& at, Findings& findings);

/// A list of names, one a line; empty, and found, if there is none. Broken: list_missing.
std::vector<std::string> lines_of(const std::filesystem::path& file, Findings& findings);
/// Regular files below a folder with one of these extensions (none: all), in order of their paths
/// relative to it. Empty if there is no such folder.
std::vector<std::filesystem::path> files_below(const std::filesystem::path& folder,
                                               const std::vector<std::string>& extensions = {});
/// Text between blanks.
std::vector<std::string> words_of(const std::string& line);

}  // namespace orrery
