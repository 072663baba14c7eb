#include "generator/splits/track.hpp"

#include <fstream>
#include <set>

#include "generator/json_fields.hpp"
#include "generator/splits/folds.hpp"
#include "scenes/yaml_file.hpp"

namespace orrery {
namespace {

/// `*` stands for any text, `?` for any character.
bool is_like(const std::string& name, const std::string& pattern) {
  std::size_t n = 0;
  std::size_t p = 0;
  std::size_t star = std::string::npos;  // the last * seen, and where in the name it may end
  std::size_t after = 0;
  while (n < name.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      after = n;
    } else if (p < pattern.size() && (pattern[p] == '?' || pattern[p] == name[n])) {
      ++p;
      ++n;
    } else if (star != std::string::npos) {
      p = star + 1;
      n = ++after;
    } else {
      return false;
    }
  }
  while (p < pattern.size() && pattern[p] == '*') ++p;
  return p == pattern.size();
}

/// Hands every number at a dotted path to `use`.
template <class Use>
void numbers_at(const Json& json, const std::string& path, const Use& use) {
  if (path.empty()) {
    if (json.is_number()) use(json.get<double>());
    return;
  }
  const std::size_t dot = path.find('.');
  const std::string key = path.substr(0, dot);
  const std::string rest = dot == std::string::npos ? "" : path.substr(dot + 1);
  if (key == "*") {
    for (const auto& [name, element] : json.items()) numbers_at(element, rest, use);
  } else if (json.is_object()) {
    const auto found = json.find(key);
    if (found != json.end()) numbers_at(*found, rest, use);
  } else if (json.is_array() && !key.empty() &&
             key.find_first_not_of("0123456789") == std::string::npos && key.size() < 10) {
    const std::size_t at = std::stoul(key);
    if (at < json.size()) numbers_at(json[at], rest, use);
  }
}

std::vector<Ingredient> lineage_of_row(const Json& row) {
  std::vector<Ingredient> lineage;
  const auto found = row.find("lineage");
  if (found == row.end()) return lineage;
  for (const Json& part : *found) {
    lineage.push_back({part.at("kind").get<std::string>(), part.at("name").get<std::string>()});
  }
  return lineage;
}

bool holds(const TrackCondition& condition, const Json& row,
           const std::vector<Ingredient>& lineage) {
  if (condition.field.empty()) {
    for (const Ingredient& part : lineage) {
      if (part.kind == condition.kind && is_like(part.name, condition.name)) return true;
    }
    return false;
  }
  bool found = false;
  numbers_at(row, condition.field, [&](double value) {
    found = found || ((!condition.above || value > *condition.above) &&
                      (!condition.below || value < *condition.below));
  });
  return found;
}

bool is_given(const TrackCondition& c) {
  return !c.kind.empty() || !c.name.empty() || !c.field.empty() || c.above || c.below;
}

/// Of a rule, what must hold together.
std::vector<TrackCondition> conditions_of(const TrackRule& rule) {
  std::vector<TrackCondition> conditions = rule.all;
  if (is_given(rule.one)) conditions.push_back(rule.one);
  return conditions;
}

void check_condition(const TrackCondition& c, const YAML::Node& at, const std::string& path,
                     Mistakes& mistakes) {
  const bool asset = !c.kind.empty() && !c.name.empty();
  const bool range = !c.field.empty() && (c.above || c.below);
  const bool neither_mixed =
      c.field.empty() ? !c.above && !c.below : c.kind.empty() && c.name.empty();
  if ((!asset && !range) || !neither_mixed) {
    mistakes.add(at, path, "neither an asset nor a range",
                 "kind and name of an asset, or field with above, below or both");
  } else if (c.above && c.below && *c.above >= *c.below) {
    mistakes.add(at, path, "above " + text_of(*c.above) + " and below " + text_of(*c.below),
                 "some number between them");
  }
}

/// A row's name as other rows call it: of its picture, without folder and extension.
std::string name_of_row(const Json& row) {
  if (row.contains("name")) return row.at("name").get<std::string>();
  const Json files = row.value("files", Json::object());
  for (const auto& [file, hash] : files.items()) {
    if (file.starts_with("images/")) return std::filesystem::path(file).stem().string();
  }
  return row.contains("index") ? std::to_string(row.at("index").get<std::uint64_t>()) : "";
}

bool is_trained_on(const Json& row) {
  const Json fold = row.value("fold", Json());
  return row.value("split", "") == "train" || row.value("train_only", false) || !fold.is_null();
}

/// Calls `use(row, where)` for each line.
template <class Use>
void for_each_row(const std::filesystem::path& manifest, const Use& use) {
  std::ifstream in(manifest, std::ios::binary);
  if (!in) throw Error(manifest.string() + ": cannot be read", Exit::io);
  std::string line;
  for (std::uint64_t number = 1; std::getline(in, line); ++number) {
    const std::string where = manifest.string() + ":" + std::to_string(number);
    const Json row = Json::parse(line, nullptr, false);
    if (!row.is_object()) throw Error(where + ": is no JSON object, wanted a sample");
    try {
      use(row, where);
    } catch (const Json::exception& e) {
      throw Error(where + ": is not as orrery writes it: " + e.what());
    }
  }
  if (in.bad()) throw Error(manifest.string() + ": cannot be read to its end", Exit::io);
}

/// Problems of training rows that were made from rows which are out of scope.
void check_parents(const std::filesystem::path& manifest, const std::set<std::string>& held_out,
                   std::vector<std::string>& problems) {
  for_each_row(manifest, [&](const Json& row, const std::string& where) {
    if (!is_trained_on(row)) return;
    for (const Ingredient& part : lineage_of_row(row)) {
      if (part.kind != "parent" || !held_out.contains(part.name)) continue;
      problems.push_back(where + ": sample \"" + name_of_row(row) +
                         "\" is trained on and made from \"" + part.name +
                         "\", which is out of scope or made from what is");
    }
  });
}

}  // namespace

void check_tracks(const TrackSpec& spec, const YAML::Node& at, const std::string& path,
                  Mistakes& mistakes) {
  for (std::size_t i = 0; i < spec.out_of_scope.size(); ++i) {
    const TrackRule& rule = spec.out_of_scope[i];
    const std::string here =
        path + (path.empty() ? "" : ".") + "out_of_scope[" + std::to_string(i) + "]";
    const YAML::Node list = at.IsMap() && at["out_of_scope"] ? at["out_of_scope"] : at;
    const YAML::Node node = list.IsSequence() && i < list.size() ? list[i] : list;
    if (is_given(rule.one) == !rule.all.empty()) {
      mistakes.add(node, here, rule.all.empty() ? "empty" : "a condition beside \"all\"",
                   "one condition, or a list of them in \"all\"");
      continue;
    }
    if (is_given(rule.one)) check_condition(rule.one, node, here, mistakes);
    for (std::size_t k = 0; k < rule.all.size(); ++k) {
      check_condition(rule.all[k], node, here + ".all[" + std::to_string(k) + "]", mistakes);
    }
  }
}

TrackSpec track_spec_from_text(const std::string& text, const std::string& where) {
  const YAML::Node root = yaml_from(text, where);
  TrackSpec spec;
  Mistakes mistakes(where);
  YamlReader reader(root, "", mistakes);
  describe(reader, spec);
  reader.finish();
  mistakes.throw_if_any();  // what cannot be read would be a mistake twice
  check_tracks(spec, root, "", mistakes);
  mistakes.throw_if_any();
  return spec;
}

nlohmann::ordered_json json_from(const TrackSpec& spec) {
  const auto written = [](const TrackCondition& c) {
    nlohmann::ordered_json out = nlohmann::ordered_json::object();
    if (!c.kind.empty()) out["kind"] = c.kind;
    if (!c.name.empty()) out["name"] = c.name;
    if (!c.field.empty()) out["field"] = c.field;
    if (c.above) out["above"] = *c.above;
    if (c.below) out["below"] = *c.below;
    return out;
  };
  nlohmann::ordered_json rules = nlohmann::ordered_json::array();
  for (const TrackRule& rule : spec.out_of_scope) {
    nlohmann::ordered_json out = written(rule.one);
    for (const TrackCondition& condition : rule.all) out["all"].push_back(written(condition));
    rules.push_back(out);
  }
  return {{"out_of_scope", rules}};
}

std::string track_of(const Json& manifest_row, const TrackSpec& spec) {
  const std::vector<Ingredient> lineage = lineage_of_row(manifest_row);
  for (const TrackRule& rule : spec.out_of_scope) {
    bool all = true;
    for (const TrackCondition& condition : conditions_of(rule)) {
      all = all && holds(condition, manifest_row, lineage);
    }
    if (all) return "out_of_scope";
  }
  return made_of_photos_alone(lineage) ? "real_only" : "in_scope";
}

TrackCheck check_tracks(const std::filesystem::path& manifest, const TrackSpec& spec) {
  TrackCheck check;
  std::set<std::string> asked;  // fields that no row has had yet
  for (const TrackRule& rule : spec.out_of_scope) {
    for (const TrackCondition& c : conditions_of(rule)) {
      if (!c.field.empty()) asked.insert(c.field);
    }
  }
  std::set<std::string> held_out;
  std::vector<std::pair<std::string, std::vector<std::string>>> made_from;
  for_each_row(manifest, [&](const Json& row, const std::string& where) {
    const std::string name = name_of_row(row);
    const std::string track = track_of(row, spec);
    const std::string said = row.value("track", "");
    ++check.samples[track];
    if (said != track) {
      check.problems.push_back(where + ": sample \"" + name + "\" says track \"" + said +
                               "\", wanted \"" + track + "\"");
    }
    if (track == "out_of_scope") {
      held_out.insert(name);
      if (is_trained_on(row)) {
        check.problems.push_back(where + ": sample \"" + name +
                                 "\" is out of scope and trained on, wanted it in tests alone");
      }
    }
    std::vector<std::string> parents;
    for (const Ingredient& part : lineage_of_row(row)) {
      if (part.kind == "parent") parents.push_back(part.name);
    }
    if (!parents.empty()) made_from.emplace_back(name, parents);
    for (auto field = asked.begin(); field != asked.end();) {
      bool found = false;
      numbers_at(row, *field, [&found](double) { found = true; });
      field = found ? asked.erase(field) : std::next(field);
    }
  });
  for (const std::string& field : asked) {
    check.problems.push_back(manifest.string() + ": no sample has a number at \"" + field +
                             "\", which a rule asks for; wanted a field of the manifest");
  }
  // Whatever is made from something held out is held out, however many steps away.
  for (bool more = true; more;) {
    more = false;
    for (const auto& [name, parents] : made_from) {
      for (const std::string& parent : parents) {
        if (held_out.contains(parent)) more = held_out.insert(name).second || more;
      }
    }
  }
  if (!held_out.empty() && !made_from.empty()) check_parents(manifest, held_out, check.problems);
  return check;
}

}  // namespace orrery
