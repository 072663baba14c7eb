#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "generator/splits/folds.hpp"
#include "scenes/scene_fields.hpp"

namespace orrery {

/// Which licences may be in a dataset. Entries are SPDX names (any case), or families: "NC"
/// (non-commercial), "ND" (no derivatives), "unknown".
struct LicencePolicy {
  std::vector<std::string> allow{};  ///< empty: all that is not denied
  std::vector<std::string> deny{};
};

template <class Visitor>
void describe(Visitor& field, SomeOf<LicencePolicy> auto& p) {
  field("allow", p.allow, {"licences that may be used, or NC, ND, unknown; empty: all"});
  field("deny", p.deny, {"licences that may not be used, or NC, ND, unknown"});
}

nlohmann::ordered_json json_from(const LicencePolicy& policy);

/// The policy lets content under `licence` be used: an SPDX name or expression with AND, OR and
/// parentheses, or any other text, which is a name.
bool allowed(const std::string& licence, const LicencePolicy& policy);

/// What one licence is used for.
struct LicenceUse {
  std::uint64_t images = 0;
  std::set<LineageKey> assets{};
};

/// Uses by licence ("" is unknown) of the content of these images.
std::map<std::string, LicenceUse> licence_bill(const std::vector<SplitItem>& items);

/// The same by part.
std::vector<std::map<std::string, LicenceUse>> licence_bill(const std::vector<SplitItem>& items,
                                                            const Partition& partition,
                                                            std::size_t parts);

/// Throws Error naming the first asset whose licence the policy refuses, its licence and an image
/// that is made of it.
void require_licences(const std::vector<SplitItem>& items, const LicencePolicy& policy);

}  // namespace orrery
