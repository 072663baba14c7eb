#pragma once

#include <map>
#include <string>
#include <vector>

#include "generator/verify/findings.hpp"
#include "generator/verify/row_rules.hpp"

namespace orrery {

/// The ledger of dataset.json: a line a class in order, placed = labelled + dropped, and as many as
/// were counted: `labelled` by category id, and where the rows list every placed object
/// (`all_rows`) `dropped` by class id. Broken: ledger_class, ledger_unbalanced, ledger_recount,
/// ledger_dropped.
void check_ledger(const Json& dataset, const std::vector<std::string>& classes,
                  const std::map<std::uint64_t, std::uint64_t>& labelled,
                  const DroppedCount& dropped, bool all_rows, Findings& findings);

}  // namespace orrery
