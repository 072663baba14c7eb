#pragma once

#include <map>

#include "generator/ingest/json_file.hpp"
#include "generator/ingest/read_source.hpp"

namespace orrery {

/// Names, skeleton and swaps of a category; no points: it has none.
Keypoints coco_keypoints(const Json& category);
/// What an element of "images" says beyond name and size.
void take_coco_image(const Json& json, DraftImage& draft, const std::string& licence);
/// An element of "annotations", or a segment of a panoptic one with its mask.
void add_coco_label(const Json& json, const std::map<std::int64_t, std::uint32_t>& class_ids,
                    DraftImage& draft, const DatasetInfo& info, const std::string& at,
                    std::optional<Rle> mask = {});
/// [x, y, width, height]; nothing if it is no list of four numbers.
std::optional<Rect> coco_rect(const Json& json);
/// Run lengths as COCO has them: {"size": [h,w], "counts": text or numbers}. Throws Error.
Rle coco_rle(const Json& json);
/// Adds up what it is told; throws Error if the runs do not fill width × height.
Rle checked_rle(int width, int height, const std::vector<double>& counts);

}  // namespace orrery
