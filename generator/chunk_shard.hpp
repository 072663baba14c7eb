#pragma once

// Datasets with a tar archive for each chunk (Pack::tar) have, instead of images/, depth/ and so
// on, the folder shards/:
//   00000003.tar   POSIX's ustar, not compressed, of regular files alone, all of mode 0644 and of
//                  time, owner and group 0: the files of chunk 3, sample after sample, under the
//                  paths that they would have as loose files
// `for t in shards/*.tar; do tar xf $t; done` makes the loose form of it; manifest and hash are the
// same in both.
//
// WebDataset reads such an archive. Its keys are paths up to the first dot of the name: a picture
// is {"__key__": "images/00000192", "jpg": …}, and a plane of the same sample one of its own,
// {"__key__": "depth/00000192", "png": …}. Labels are not in it: `orrery convert --to webdataset`
// writes samples with all that belongs to them.

#include <cstdint>
#include <span>
#include <string>

#include "generator/sample.hpp"
#include "generator/whole_file.hpp"

namespace orrery {

/// Of a chunk's archive in its dataset: "shards/00000003.tar".
std::string shard_path(std::uint64_t chunk);

/// Writes the archive of a chunk's samples; returns its bytes. Throws Error (Exit::io).
std::uint64_t write_shard(WholeFile& shard, std::span<const Sample> samples);

}  // namespace orrery
