#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace orrery {

/// Writes `dataset`/report.html: one page that needs nothing else, neither files nor network. It
/// shows samples spread evenly over the dataset with their labels, statistics of all labels, the
/// ledger, and what the dataset was made from. Reads dataset.json, manifest.jsonl and
/// annotations/instances_default.json one entry at a time, so memory does not grow with the
/// dataset. Throws Error, naming the file, if one of them is missing or malformed.
/// The page says that the dataset lies in `place` (empty: where it is).
void write_report(const std::filesystem::path& dataset, const std::string& place = {});

/// The files that hold the pictures of the page, as paths in the dataset. Throws as write_report()
/// does.
std::vector<std::string> files_of_report(const std::filesystem::path& dataset);

}  // namespace orrery
