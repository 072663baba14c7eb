#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "generator/sample.hpp"
#include "generator/splits/folds.hpp"

namespace orrery {

// folds.json: one JSON object, UTF-8:
//   kinds     of lineage that no two folds share
//   seed      of ties
//   folds     [{"name", "share"}]
//   classes   names by class id
//   counts    for each fold {"images", "train_only", "groups", "instances": by class name,
//             "strata"}
//   max_deviation  largest |found - wanted| / wanted of images and classes
//   largest_group  share of all images
//   rare      classes that some fold lacks
//   groups    [{"keys": [[kind, name]…], "fold", "images": how many}], one a line
//   images    {name: fold}, one a line

/// The largest |found - wanted| / wanted over parts, of images and of each class's instances.
double max_deviation(const std::vector<PartCount>& counts, const SplitRules& rules);

/// folds.json of a partition that holds no leak.
Json json_of(const Partition& partition, const std::vector<SplitItem>& items,
             const std::vector<std::string>& classes, const SplitRules& rules);

/// What folds.json says of who is where. Throws Error if it was made by other rules (kinds, seed,
/// parts): what was split by one rule cannot go on by another.
SplitPins pins_from(const Json& folds, const SplitRules& rules, const std::string& where);

/// Pins of folds.json in `folder`, or none if there is no such file.
SplitPins read_pins(const std::filesystem::path& folder, const SplitRules& rules);

/// Writes folds.json and folds/fold<k>/{train,val}.txt (a name a line, in order; train_only images
/// in train alone) into `folder`; those that are `free` (see is_free) are in every train list and
/// not in folds.json. Calls require_no_leak first.
void write_folds(const std::filesystem::path& folder, const Partition& partition,
                 const std::vector<SplitItem>& items, const std::vector<std::string>& classes,
                 const SplitRules& rules, const std::vector<std::string>& free = {});

}  // namespace orrery
