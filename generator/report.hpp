#pragma once

#include <filesystem>

namespace orrery {

/// Writes `dataset`/report.html: one page that needs nothing else, neither files nor network. It
/// shows samples spread evenly over the dataset with their labels, statistics of all labels, the
/// ledger, and what the dataset was made from. Reads dataset.json, manifest.jsonl and
/// annotations/instances_default.json one entry at a time, so memory does not grow with the
/// dataset. Throws Error, naming the file, if one of them is missing or malformed.
void write_report(const std::filesystem::path& dataset);

}  // namespace orrery
