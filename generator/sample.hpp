#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "scenes/json.hpp"
#include "scenes/scene.hpp"

namespace orrery {

/// One file of a sample, ready for the disk.
struct EncodedFile {
  std::string path;  ///< relative to the dataset, e.g. "images/00000012.jpg"
  std::vector<std::byte> bytes;
};

/// What COCO says of one image, without the numbers that depend on the images before it.
struct CocoImage {
  Json image;                     ///< an element of "images"
  std::vector<Json> annotations;  ///< elements of "annotations" that lack their "id"
};

/// What became of the placed objects of one class.
struct Tally {
  std::uint64_t placed = 0;
  std::uint64_t labelled = 0;
  std::map<std::string, std::uint64_t> dropped;  ///< by rule
};

/// Objects of a sample, a chunk or a dataset, by class id.
using Ledger = std::map<std::uint32_t, Tally>;

/// Image `index` with all its labels: a pure function of (recipe, seed, index).
struct Sample {
  std::uint64_t index = 0;
  std::vector<EncodedFile> files;
  Json manifest;  ///< its line of manifest.jsonl
  CocoImage coco;
  Json panoptic;  ///< an element of "annotations" in the panoptic file; null without one
  Ledger ledger;
  PlacementCount placement;
  /// 0: as drawn; k: its k-th other draw, since those before could not be made.
  std::uint32_t substitute = 0;
};

}  // namespace orrery
