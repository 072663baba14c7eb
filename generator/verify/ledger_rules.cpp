#include "generator/verify/ledger_rules.hpp"

#include "generator/verify/annotation_rules.hpp"

namespace orrery {
namespace {

void check_line(const Json& line, const std::string& where, std::uint64_t labelled,
                const std::map<std::string, std::uint64_t>* dropped, Findings& findings) {
  const Json by_rule = line.value("dropped", Json::object());
  std::uint64_t lost = 0;
  for (const auto& [rule, count] : by_rule.items()) {
    lost += whole_of(by_rule, rule.c_str()).value_or(0);
  }
  const std::uint64_t kept = whole_of(line, "labelled").value_or(0);
  if (whole_of(line, "placed") != kept + lost) {
    findings.add("ledger_unbalanced", where, "placed " + line.value("placed", Json()).dump(),
                 std::to_string(kept + lost) + ", labelled and dropped together");
  }
  for (const char* key : {"labelled", "written", "reread"}) {
    if (whole_of(line, key) == labelled) continue;
    findings.add("ledger_recount", where, std::string(key) + " " + line.value(key, Json()).dump(),
                 std::to_string(labelled) + ", as the annotations are");
  }
  if (dropped == nullptr || by_rule == Json(*dropped)) return;
  findings.add("ledger_dropped", where, "dropped " + by_rule.dump(),
               Json(*dropped).dump() + ", as the manifest's objects are");
}

}  // namespace

void check_ledger(const Json& dataset, const std::vector<std::string>& classes,
                  const std::map<std::uint64_t, std::uint64_t>& labelled,
                  const DroppedCount& dropped, bool all_rows, Findings& findings) {
  const Json ledger = dataset.value("ledger", Json());
  if (!ledger.is_array() || ledger.size() != classes.size()) {
    findings.add("ledger_class", "dataset.json: ledger", std::to_string(ledger.size()) + " lines",
                 std::to_string(classes.size()) + ", one a class");
    return;
  }
  static const std::map<std::string, std::uint64_t> kNone;
  for (std::size_t id = 0; id < classes.size(); ++id) {
    const std::string where = "dataset.json: ledger[" + std::to_string(id) + "]";
    if (!ledger[id].is_object() || ledger[id].value("class", Json()) != Json(classes[id])) {
      findings.add("ledger_class", where, ledger[id].dump(), "class \"" + classes[id] + "\"");
      continue;
    }
    const auto found = labelled.find(id + 1);
    const auto lost = dropped.find(id);
    check_line(ledger[id], where, found == labelled.end() ? 0 : found->second,
               !all_rows               ? nullptr
               : lost == dropped.end() ? &kNone
                                       : &lost->second,
               findings);
  }
}

}  // namespace orrery
