#include "generator/splits/folds_file.hpp"

#include <algorithm>
#include <cmath>
#include <fstream>

#include "generator/whole_file.hpp"
#include "scenes/error.hpp"

namespace orrery {
namespace {

namespace fs = std::filesystem;

Json json_of(const std::vector<SplitPart>& parts) {
  Json out = Json::array();
  for (const SplitPart& part : parts) out.push_back({{"name", part.name}, {"share", part.share}});
  return out;
}

Json json_of(const PartCount& count, const std::vector<std::string>& classes) {
  Json instances = Json::object();
  for (std::size_t id = 0; id < classes.size(); ++id) instances[classes[id]] = count.instances[id];
  return {{"images", count.images},
          {"train_only", count.train_only},
          {"groups", count.groups},
          {"instances", instances},
          {"strata", count.strata}};
}

/// An array or object with its elements on lines of their own, for people and for diffs.
std::string lines_of(const Json& json) {
  std::string text = json.is_array() ? "[" : "{";
  std::string separator = "\n";
  for (const auto& [key, value] : json.items()) {
    text += separator + (json.is_array() ? "" : Json(key).dump() + ": ") + value.dump();
    separator = ",\n";
  }
  return text + (json.is_array() ? "\n]" : "\n}");
}

std::string text_of(const Json& folds) {
  std::string text = "{\n";
  std::string separator;
  for (const auto& [key, value] : folds.items()) {
    const bool in_lines = key == "groups" || key == "images" || key == "counts";
    text += separator + Json(key).dump() + ": " + (in_lines ? lines_of(value) : value.dump());
    separator = ",\n";
  }
  return text + "\n}\n";
}

template <class T>
void require_same(const Json& folds, const char* key, const T& wanted, const std::string& where) {
  const Json found = folds.value(key, Json());
  if (found == Json(wanted)) return;
  throw Error(where + ": " + key + " is " + found.dump() + ", wanted " + Json(wanted).dump() +
              " as before; to split anew, remove the file or write to another folder");
}

std::size_t part_from(const Json& number, const SplitRules& rules) {
  const auto part = number.get<std::size_t>();
  if (part < rules.parts.size()) return part;
  throw Error("fold is " + std::to_string(part) + ", wanted one below " +
              std::to_string(rules.parts.size()));
}

std::string names_in_lines(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += name + "\n";
  return text;
}

void write_text(const fs::path& path, const std::string& text) {
  write_whole_file(path, std::as_bytes(std::span(text)));
}

void make_folder(const fs::path& folder) {
  std::error_code failed;
  fs::create_directories(folder, failed);
  if (failed) throw Error(folder.string() + ": cannot be made: " + failed.message(), Exit::io);
}

}  // namespace

double max_deviation(const std::vector<PartCount>& counts, const SplitRules& rules) {
  double worst = 0;
  const auto add = [&](const auto& value_of) {
    double total = 0;
    for (const PartCount& count : counts) total += static_cast<double>(value_of(count));
    for (std::size_t part = 0; total > 0 && part < counts.size(); ++part) {
      const double wanted = rules.parts[part].share * total;
      const double off = static_cast<double>(value_of(counts[part])) / wanted - 1;
      worst = std::max(worst, std::abs(off));
    }
  };
  add([](const PartCount& count) { return count.images; });
  for (std::size_t id = 0; id < counts.front().instances.size(); ++id) {
    add([id](const PartCount& count) { return count.instances[id]; });
  }
  return worst;
}

Json json_of(const Partition& partition, const std::vector<SplitItem>& items,
             const std::vector<std::string>& classes, const SplitRules& rules) {
  require_no_leak(items, rules.kinds, partition.part_of);
  const std::vector<PartCount> counts = counts_of(items, classes.size(), rules, partition);
  Json counted = Json::array();
  for (const PartCount& count : counts) counted.push_back(json_of(count, classes));
  Json groups = Json::array();
  for (const SplitGroup& group : partition.groups) {
    Json keys = Json::array();
    for (const LineageKey& key : group.keys) keys.push_back({key.kind, key.name});
    groups.push_back({{"keys", keys}, {"fold", group.part}, {"images", group.images.size()}});
  }
  Json images = Json::object();
  for (const auto& [name, part] : partition.part_of) images[name] = part;
  return {{"kinds", rules.kinds},
          {"seed", rules.seed},
          {"folds", json_of(rules.parts)},
          {"classes", classes},
          {"counts", counted},
          {"max_deviation", max_deviation(counts, rules)},
          {"largest_group", partition.largest_share},
          {"rare", partition.rare},
          {"groups", groups},
          {"images", images}};
}

SplitPins pins_from(const Json& folds, const SplitRules& rules, const std::string& where) {
  if (!folds.is_object()) throw Error(where + ": is no JSON object, wanted folds");
  require_same(folds, "kinds", rules.kinds, where);
  require_same(folds, "seed", rules.seed, where);
  require_same(folds, "folds", json_of(rules.parts), where);
  SplitPins pins;
  try {
    for (const auto& [name, part] : folds.at("images").items()) {
      pins.images[name] = part_from(part, rules);
    }
    for (const Json& group : folds.at("groups")) {
      const std::size_t part = part_from(group.at("fold"), rules);
      for (const Json& key : group.at("keys")) {
        pins.keys[{key.at(0).get<std::string>(), key.at(1).get<std::string>()}] = part;
      }
    }
  } catch (const Json::exception& e) {
    throw Error(where + ": is not as orrery writes it: " + e.what());
  } catch (const Error& e) {
    throw Error(where + ": " + e.what());
  }
  return pins;
}

SplitPins read_pins(const fs::path& folder, const SplitRules& rules) {
  const fs::path file = folder / "folds.json";
  if (!fs::exists(file)) return {};
  std::ifstream in(file, std::ios::binary);
  if (!in) throw Error(file.string() + ": cannot be read", Exit::io);
  const Json folds = Json::parse(in, nullptr, false);
  return pins_from(folds, rules, file.string());
}

void write_folds(const fs::path& folder, const Partition& partition,
                 const std::vector<SplitItem>& items, const std::vector<std::string>& classes,
                 const SplitRules& rules, const std::vector<std::string>& free) {
  const std::string text = text_of(json_of(partition, items, classes, rules));
  std::map<std::string, bool> train_only;  // by name, in order
  for (const SplitItem& item : items) train_only[item.name] = item.train_only;
  for (std::size_t fold = 0; fold < rules.parts.size(); ++fold) {
    std::vector<std::string> train = free;
    std::vector<std::string> val;
    for (const auto& [name, part] : partition.part_of) {
      if (part != fold) {
        train.push_back(name);
      } else if (!train_only.at(name)) {
        val.push_back(name);
      }
    }
    std::sort(train.begin(), train.end());
    const fs::path lists = folder / "folds" / ("fold" + rules.parts[fold].name);
    make_folder(lists);
    write_text(lists / "train.txt", names_in_lines(train));
    write_text(lists / "val.txt", names_in_lines(val));
  }
  // Last: what it says is pinned from now on, so the lists must be there.
  write_text(folder / "folds.json", text);
}

}  // namespace orrery
