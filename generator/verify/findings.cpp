#include "generator/verify/findings.hpp"

#include <ostream>

namespace orrery {

void Findings::add(const std::string& rule, std::string where, std::string found,
                   std::string wanted) {
  ++counts_[rule];
  std::vector<Finding>& kept = kept_[rule];
  if (kept.size() >= kMostTold) return;
  kept.push_back({rule, std::move(where), std::move(found), std::move(wanted)});
}

void Findings::looked_at(const std::string& what, std::uint64_t how_many) {
  looked_at_[what] += how_many;
}

std::vector<Finding> Findings::told() const {
  std::vector<Finding> all;
  for (const auto& [rule, kept] : kept_) all.insert(all.end(), kept.begin(), kept.end());
  return all;
}

void Findings::print(std::ostream& out) const {
  std::uint64_t sum = 0;
  for (const auto& [rule, kept] : kept_) {
    for (const Finding& finding : kept) {
      out << rule << ": " << finding.where << ": found " << finding.found << ", wanted "
          << finding.wanted << "\n";
    }
    const std::uint64_t count = counts_.at(rule);
    if (count > kept.size()) out << rule << ": and " << count - kept.size() << " more\n";
    sum += count;
  }
  out << "looked at";
  const char* separator = " ";
  for (const auto& [what, count] : looked_at_) {
    out << separator << count << " " << what;
    separator = ", ";
  }
  out << "\n";
  if (none()) {
    out << "no rule is broken\n";
    return;
  }
  out << sum << " findings:\n";
  for (const auto& [rule, count] : counts_) out << "  " << count << " " << rule << "\n";
}

Json Findings::json() const {
  Json findings = Json::array();
  for (const Finding& finding : told()) {
    findings.push_back({{"rule", finding.rule},
                        {"where", finding.where},
                        {"found", finding.found},
                        {"wanted", finding.wanted}});
  }
  return {{"ok", none()}, {"looked_at", looked_at_}, {"rules", counts_}, {"findings", findings}};
}

}  // namespace orrery
