#include "generator/splits/licences.hpp"

#include <algorithm>
#include <cctype>
#include <string_view>

#include "generator/json_fields.hpp"
#include "generator/splits/lineage_groups.hpp"
#include "scenes/error.hpp"

namespace orrery {
namespace {

std::string lower(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const bool upper = c >= 'A' && c <= 'Z';  // whatever the locale
    out += upper ? static_cast<char>(c - 'A' + 'a') : c;
  }
  return out;
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

/// One of the pieces between '-', ' ', '_' or '/' is `part`: "nc" of CC-BY-NC-4.0.
bool has_piece(const std::string& name, const std::string& part) {
  std::string piece;
  for (const char c : name + "-") {
    if (c != '-' && c != ' ' && c != '_' && c != '/') {
      piece += c;
    } else if (piece == part) {
      return true;
    } else {
      piece.clear();
    }
  }
  return false;
}

bool is_unknown(const std::string& name) {
  return name.empty() || name == "unknown" || name == "noassertion" || name == "none";
}

/// Both in lower case; `entry` is a name or a family.
bool matches(const std::string& name, const std::string& entry) {
  const auto says = [&name](const char* what) { return name.find(what) != std::string::npos; };
  if (entry == "unknown") return is_unknown(name);
  if (entry == "nc") {
    return has_piece(name, "nc") || says("noncommercial") || says("non-commercial") ||
           says("non commercial");
  }
  if (entry == "nd") {
    return has_piece(name, "nd") || says("noderiv") || says("no-deriv") || says("no deriv");
  }
  return name == entry;
}

bool name_allowed(std::string_view text, const LicencePolicy& policy) {
  const std::string name = lower(trimmed(text));
  const auto in = [&name](const std::vector<std::string>& list) {
    return std::any_of(list.begin(), list.end(), [&name](const std::string& entry) {
      return matches(name, lower(trimmed(entry)));
    });
  };
  return !in(policy.deny) && (policy.allow.empty() || in(policy.allow));
}

/// Where ` word ` (any case) first stands outside of parentheses; npos: nowhere.
std::size_t outer_word(std::string_view text, std::string_view word) {
  int depth = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '(') ++depth;
    if (text[i] == ')') --depth;
    const bool here = depth == 0 && i > 0 && i + word.size() < text.size() &&
                      lower(text.substr(i, word.size())) == word;
    if (!here) continue;
    const auto edge = [](char c) { return c == ' ' || c == '(' || c == ')'; };
    if (edge(text[i - 1]) && edge(text[i + word.size()])) return i;
  }
  return std::string_view::npos;
}

/// The parentheses at both ends belong together.
bool in_parentheses(std::string_view text) {
  if (text.size() < 2 || text.front() != '(' || text.back() != ')') return false;
  int depth = 0;
  for (std::size_t i = 0; i + 1 < text.size(); ++i) {
    if (text[i] == '(') ++depth;
    if (text[i] == ')') --depth;
    if (depth == 0) return false;
  }
  return true;
}

bool text_allowed(std::string_view text, const LicencePolicy& policy) {
  text = trimmed(text);
  if (in_parentheses(text)) return text_allowed(text.substr(1, text.size() - 2), policy);
  // OR binds least.
  for (const std::string_view word : {std::string_view("or"), std::string_view("and")}) {
    const std::size_t at = outer_word(text, word);
    if (at == std::string_view::npos) continue;
    const bool left = text_allowed(text.substr(0, at), policy);
    const bool right = text_allowed(text.substr(at + word.size()), policy);
    return word == "or" ? left || right : left && right;
  }
  return name_allowed(text, policy);
}

std::string list_of(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : ", ") + name;
  return text;
}

void add_to_bill(std::map<std::string, LicenceUse>& bill, const SplitItem& item) {
  std::set<std::string> licences;
  for (const Ingredient& part : item.lineage) {
    if (!names_content(part.kind)) continue;
    bill[part.licence].assets.insert({part.kind, part.name});
    licences.insert(part.licence);
  }
  for (const std::string& licence : licences) ++bill[licence].images;
}

}  // namespace

nlohmann::ordered_json json_from(const LicencePolicy& policy) {
  return {{"allow", policy.allow}, {"deny", policy.deny}};
}

bool allowed(const std::string& licence, const LicencePolicy& policy) {
  return text_allowed(licence, policy);
}

std::map<std::string, LicenceUse> licence_bill(const std::vector<SplitItem>& items) {
  std::map<std::string, LicenceUse> bill;
  for (const SplitItem& item : items) add_to_bill(bill, item);
  return bill;
}

std::vector<std::map<std::string, LicenceUse>> licence_bill(const std::vector<SplitItem>& items,
                                                            const Partition& partition,
                                                            std::size_t parts) {
  std::vector<std::map<std::string, LicenceUse>> bills(parts);
  for (const SplitItem& item : items) {
    const auto found = partition.part_of.find(item.name);
    if (found != partition.part_of.end()) add_to_bill(bills.at(found->second), item);
  }
  return bills;
}

void require_licences(const std::vector<SplitItem>& items, const LicencePolicy& policy) {
  for (const SplitItem& item : items) {
    for (const Ingredient& part : item.lineage) {
      if (!names_content(part.kind) || allowed(part.licence, policy)) continue;
      const std::string licence =
          part.licence.empty() ? "an unknown licence" : "licence " + part.licence;
      throw Error("licences: " + text_of(LineageKey{part.kind, part.name}) + " in image \"" +
                  item.name + "\" has " + licence + ", wanted " +
                  (policy.allow.empty() ? "any" : "one of " + list_of(policy.allow)) +
                  (policy.deny.empty() ? "" : ", but not " + list_of(policy.deny)));
    }
  }
}

}  // namespace orrery
