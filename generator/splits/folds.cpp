#include "generator/splits/folds.hpp"

#include <algorithm>
#include <cmath>
#include <set>

#include "generator/splits/lineage_groups.hpp"
#include "generator/splits/stratify.hpp"
#include "scenes/error.hpp"
#include "scenes/random.hpp"

namespace orrery {
namespace {

/// Labels of the deal: 0 images, 1 images to train on alone, then classes, then strata by name.
struct DealLabels {
  explicit DealLabels(const std::vector<SplitItem>& items) {
    for (const SplitItem& item : items) {
      if (item.train_only) continue;
      for (const auto& [id, instances] : item.classes) classes = std::max(classes, id + 1);
      for (const auto& [name, times] : item.strata) strata.emplace(name, 0);
    }
    std::uint32_t next = 2 + classes;
    for (auto& [name, label] : strata) label = next++;
    count = next;
  }
  std::uint32_t classes = 0;  ///< ids below it occur
  std::map<std::string, std::uint32_t> strata;
  std::uint32_t count = 0;
};

using ItemsByName = std::map<std::string, const SplitItem*>;

ItemsByName by_name(const std::vector<SplitItem>& items) {
  ItemsByName out;
  for (const SplitItem& item : items) out.emplace(item.name, &item);
  return out;
}

void add_amounts(std::map<std::uint32_t, double>& amounts, const SplitItem& item,
                 const DealLabels& labels) {
  if (item.train_only) {
    amounts[1] += 1;
    return;
  }
  amounts[0] += 1;
  for (const auto& [id, count] : item.classes) {
    if (count > 0) amounts[2 + id] += static_cast<double>(count);
  }
  for (const auto& [name, count] : item.strata) {
    if (count > 0) amounts[labels.strata.at(name)] += static_cast<double>(count);
  }
}

DealRules deal_rules(const SplitRules& rules, const DealLabels& labels) {
  DealRules deal;
  for (const SplitPart& part : rules.parts) deal.shares.push_back(part.share);
  deal.labels = labels.count;
  deal.needed.assign(labels.count, false);
  deal.needed[0] = true;
  for (std::uint32_t id = 0; id < labels.classes; ++id) deal.needed[2 + id] = true;
  deal.seed = rules.seed;
  return deal;
}

bool of_equal_shares(const SplitRules& rules) {
  return std::all_of(rules.parts.begin(), rules.parts.end(), [&rules](const SplitPart& part) {
    return std::abs(part.share - rules.parts.front().share) < 1e-9;
  });
}

std::vector<Bundle> bundles_of(const std::vector<SplitGroup>& groups, const ItemsByName& items,
                               const DealLabels& labels, const SplitRules& rules) {
  std::vector<Bundle> bundles;
  const bool equal = of_equal_shares(rules);
  for (const SplitGroup& group : groups) {
    std::map<std::uint32_t, double> amounts;
    for (const std::string& image : group.images) {
      add_amounts(amounts, *items.at(image), labels);
    }
    Bundle& bundle = bundles.emplace_back();
    bundle.amounts.assign(amounts.begin(), amounts.end());
    bundle.name = group.images.front();
    if (group.pinned) bundle.part = group.part;
    // A validation set made of it would be empty.
    if (!group.pinned && !equal && !amounts.contains(0)) bundle.part = 0;
  }
  return bundles;
}

void require_sensible(const SplitRules& rules) {
  double sum = 0;
  std::set<std::string> names;
  for (const SplitPart& part : rules.parts) {
    sum += part.share;
    if (part.share > 0 && names.insert(part.name).second) continue;
    throw Error("split: part \"" + part.name + "\" has a share of " + std::to_string(part.share) +
                ", wanted one above 0, and every name once");
  }
  if (rules.parts.size() < 2 || std::abs(sum - 1) > 1e-6) {
    throw Error("split: " + std::to_string(rules.parts.size()) +
                " parts have shares that add up to " + std::to_string(sum) +
                ", wanted two or more that add up to 1");
  }
}

std::string what_to_do() {
  return "wanted at least as many: fewer parts, classes merged, or images from more sessions";
}

/// In how many bundles each label is.
std::vector<std::size_t> holders_of(const std::vector<Bundle>& bundles, std::size_t labels) {
  std::vector<std::size_t> holders(labels);
  for (const Bundle& bundle : bundles) {
    for (const auto& [label, amount] : bundle.amounts) ++holders[label];
  }
  return holders;
}

/// The key that most images of a group have, and how many: what holds it together.
std::string why_together(const SplitGroup& group, const ItemsByName& items,
                         const SplitRules& rules) {
  std::map<LineageKey, std::size_t> holders;
  for (const std::string& image : group.images) {
    for (const LineageKey& key : keys_of(*items.at(image), rules.kinds)) ++holders[key];
  }
  const auto most =
      std::max_element(holders.begin(), holders.end(),
                       [](const auto& a, const auto& b) { return a.second < b.second; });
  if (most == holders.end() || most->second < 2) return {};
  return text_of(most->first) + " is in " + std::to_string(most->second) + " of its " +
         std::to_string(group.images.size()) + " images";
}

const SplitGroup& largest_of(const std::vector<SplitGroup>& groups) {
  return *std::max_element(groups.begin(), groups.end(), [](const auto& a, const auto& b) {
    return a.images.size() < b.images.size();
  });
}

void require_groups(const std::vector<std::size_t>& holders, const DealLabels& labels,
                    const std::vector<std::string>& classes, const SplitRules& rules,
                    const std::string& why) {
  const std::size_t parts = rules.parts.size();
  const std::string have = " for " + std::to_string(parts) + " parts, ";
  if (holders[0] < parts) {
    throw Error("split: there are " + std::to_string(holders[0]) +
                " groups of images to validate on" + have + what_to_do() +
                (why.empty() ? "" : "; of the largest, " + why));
  }
  for (std::uint32_t id = 0; id < labels.classes && !rules.allow_rare; ++id) {
    const std::size_t count = holders[2 + id];
    if (count == 0 || count >= parts) continue;
    throw Error("split: class \"" + classes.at(id) + "\" is in " + std::to_string(count) +
                " groups" + have + what_to_do() + ", or rare classes allowed (--allow-rare)");
  }
}

/// Classes that some part lacks.
std::vector<std::string> rare_classes(const std::vector<Bundle>& bundles,
                                      const std::vector<std::size_t>& part_of,
                                      const std::vector<std::size_t>& holders,
                                      const DealLabels& labels,
                                      const std::vector<std::string>& classes, std::size_t parts) {
  std::vector<std::set<std::size_t>> present(labels.count);
  for (std::size_t b = 0; b < bundles.size(); ++b) {
    for (const auto& [label, amount] : bundles[b].amounts) present[label].insert(part_of[b]);
  }
  std::vector<std::string> rare;
  for (std::uint32_t id = 0; id < labels.classes; ++id) {
    if (holders[2 + id] > 0 && present[2 + id].size() < parts) rare.push_back(classes.at(id));
  }
  return rare;
}

Partition finished(std::vector<SplitGroup> groups, const std::vector<std::size_t>& part_of,
                   std::size_t images) {
  Partition out;
  out.groups = std::move(groups);
  const std::size_t largest = largest_of(out.groups).images.size();
  for (std::size_t g = 0; g < out.groups.size(); ++g) {
    SplitGroup& group = out.groups[g];
    group.part = part_of[g];
    for (const std::string& image : group.images) out.part_of[image] = group.part;
  }
  out.largest_share = static_cast<double>(largest) / static_cast<double>(images);
  return out;
}

}  // namespace

bool names_content(const std::string& kind) {
  return kind != "session" && kind != "duplicates" && kind != "sweep" && kind != "parent";
}

bool made_of_photos_alone(const std::vector<Ingredient>& lineage) {
  bool photo = false;
  for (const Ingredient& part : lineage) {
    photo = photo || part.kind == "photo";
    if (part.kind != "photo" && names_content(part.kind)) return false;
  }
  return photo;
}

SplitItem split_item_of(const LabelledImage& image) {
  SplitItem item;
  item.name = image.name;
  item.lineage = image.lineage;
  item.train_only = image.train_only;
  for (const Label& label : image.labels) {
    if (label.crowd) continue;
    ++item.classes[label.class_id];
    const double area = label.area();
    ++item.strata[area < 32 * 32 ? "small" : area < 96 * 96 ? "medium" : "large"];
    if (label.visible_fraction) {
      ++item.strata[*label.visible_fraction < 0.5 ? "mostly hidden" : "mostly visible"];
    }
  }
  if (!image.lineage.empty()) {
    ++item.strata[made_of_photos_alone(image.lineage) ? "real" : "rendered"];
  }
  return item;
}

std::vector<LineageKey> keys_of(const SplitItem& item, const std::vector<std::string>& kinds) {
  std::vector<LineageKey> keys;
  const auto wanted = [&kinds](const std::string& kind) {
    return std::find(kinds.begin(), kinds.end(), kind) != kinds.end();
  };
  if (wanted("parent")) keys.push_back({"parent", item.name});
  for (const Ingredient& part : item.lineage) {
    if (!wanted(part.kind)) continue;
    if (!part.name.empty()) keys.push_back({part.kind, part.name});
    if (!part.sha256.empty()) keys.push_back({part.kind, "sha256:" + part.sha256});
  }
  std::sort(keys.begin(), keys.end());
  keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
  return keys;
}

bool is_free(const SplitItem& item, const std::vector<std::string>& kinds) {
  if (!item.train_only) return false;
  for (const LineageKey& key : keys_of(item, kinds)) {
    if (key.kind != "parent" || key.name != item.name) return false;
  }
  return true;
}

std::vector<SplitPart> equal_folds(std::size_t count) {
  std::vector<SplitPart> parts;
  for (std::size_t k = 0; k < count; ++k) {
    parts.push_back({std::to_string(k), 1 / static_cast<double>(count)});
  }
  return parts;
}

std::vector<std::string> default_split_kinds() {
  return {"photo", "session", "duplicates", "sweep", "parent"};
}

Partition partition(const std::vector<SplitItem>& items, const std::vector<std::string>& classes,
                    const SplitRules& rules, const SplitPins& pins) {
  require_sensible(rules);
  std::vector<SplitGroup> groups = lineage_groups(items, rules.kinds, pins, rules.parts);
  const DealLabels labels(items);
  if (labels.classes > classes.size()) {
    throw Error("split: an image has class " + std::to_string(labels.classes - 1) +
                ", wanted one of " + std::to_string(classes.size()) + " classes, counted from 0");
  }
  const ItemsByName named = by_name(items);
  const std::vector<Bundle> bundles = bundles_of(groups, named, labels, rules);
  const std::vector<std::size_t> holders = holders_of(bundles, labels.count);
  const std::string why = groups.empty() ? "" : why_together(largest_of(groups), named, rules);
  require_groups(holders, labels, classes, rules, why);
  const std::vector<std::size_t> part_of = dealt(bundles, deal_rules(rules, labels));
  Partition out = finished(std::move(groups), part_of, items.size());
  out.largest_why = why;
  out.rare = rare_classes(bundles, part_of, holders, labels, classes, rules.parts.size());
  if (!out.rare.empty() && !rules.allow_rare) {
    throw Error(
        "split: class \"" + out.rare.front() +
        "\" is missing in a part however its groups are dealt out; wanted fewer parts, "
        "classes merged, images from more sessions, or rare classes allowed (--allow-rare)");
  }
  require_no_leak(items, rules.kinds, out.part_of);
  return out;
}

Partition random_partition(const std::vector<SplitItem>& items, const SplitRules& rules,
                           std::uint64_t repeat) {
  require_sensible(rules);
  std::vector<SplitGroup> groups = lineage_groups(items, rules.kinds, {}, rules.parts);
  if (groups.size() < rules.parts.size()) {
    throw Error("split: there are " + std::to_string(groups.size()) + " groups for " +
                std::to_string(rules.parts.size()) + " parts, " + what_to_do());
  }
  Rng rng(rules.seed, repeat, "split/random");
  std::vector<std::size_t> order(groups.size());
  for (std::size_t i = 0; i < order.size(); ++i) {
    order[i] = i;
    std::swap(order[i], order[rng.below(static_cast<std::uint32_t>(i + 1))]);
  }
  // Each to the part that is furthest below its share: parts differ by no more than a group.
  std::vector<double> images(rules.parts.size());
  std::vector<std::size_t> part_of(groups.size());
  for (const std::size_t g : order) {
    std::size_t best = 0;
    for (std::size_t part = 1; part < images.size(); ++part) {
      if (images[part] / rules.parts[part].share < images[best] / rules.parts[best].share) {
        best = part;
      }
    }
    part_of[g] = best;
    images[best] += static_cast<double>(groups[g].images.size());
  }
  Partition out = finished(std::move(groups), part_of, items.size());
  require_no_leak(items, rules.kinds, out.part_of);
  return out;
}

SplitPins pins_of(const Partition& partition) {
  SplitPins pins;
  for (const SplitGroup& group : partition.groups) {
    for (const LineageKey& key : group.keys) pins.keys[key] = group.part;
    for (const std::string& name : group.images) pins.keys[{"parent", name}] = group.part;
  }
  return pins;
}

void require_no_leak(const std::vector<SplitItem>& items, const std::vector<std::string>& kinds,
                     const std::map<std::string, std::size_t>& part_of,
                     const std::vector<std::string>& names) {
  const auto called = [&names](std::size_t part) {
    return part < names.size() ? names[part] : "part " + std::to_string(part);
  };
  std::map<LineageKey, std::pair<std::size_t, std::string>> first;  // part and image of each key
  for (const SplitItem& item : items) {
    const auto found = part_of.find(item.name);
    if (found == part_of.end()) continue;
    for (const LineageKey& key : keys_of(item, kinds)) {
      const auto& [part, image] = first.try_emplace(key, found->second, item.name).first->second;
      if (part == found->second) continue;
      throw Error("split: " + text_of(key) + " is in two parts: in image \"" + image + "\" of " +
                  called(part) + " and in image \"" + item.name + "\" of " + called(found->second) +
                  ", wanted it in one");
    }
  }
}

void require_held_out(const std::vector<SplitItem>& learned, const std::vector<SplitItem>& held_out,
                      const std::vector<std::string>& kinds, const std::string& name) {
  std::map<std::string, std::size_t> part_of;
  std::vector<SplitItem> all = held_out;
  for (const SplitItem& item : held_out) part_of[item.name] = 1;
  for (const SplitItem& item : learned) {
    part_of[item.name] = 0;
    all.push_back(item);
  }
  require_no_leak(all, kinds, part_of, {name, "what is held out for tests"});
}

std::vector<PartCount> counts_of(const std::vector<SplitItem>& items, std::size_t classes,
                                 const SplitRules& rules, const Partition& partition) {
  std::vector<PartCount> counts(rules.parts.size());
  for (PartCount& count : counts) count.instances.resize(classes);
  for (const SplitGroup& group : partition.groups) ++counts.at(group.part).groups;
  for (const SplitItem& item : items) {
    const auto found = partition.part_of.find(item.name);
    if (found == partition.part_of.end()) continue;
    PartCount& count = counts.at(found->second);
    if (item.train_only) {
      ++count.train_only;
      continue;
    }
    ++count.images;
    for (const auto& [id, instances] : item.classes) count.instances.at(id) += instances;
    for (const auto& [name, times] : item.strata) count.strata[name] += times;
  }
  return counts;
}

double imbalance_of(const std::vector<SplitItem>& items, const SplitRules& rules,
                    const std::map<std::string, std::size_t>& part_of) {
  const DealLabels labels(items);
  std::vector<Bundle> bundles;
  std::vector<std::size_t> parts;
  for (const SplitItem& item : items) {
    std::map<std::uint32_t, double> amounts;
    add_amounts(amounts, item, labels);
    bundles.push_back({{amounts.begin(), amounts.end()}, item.name, {}});
    parts.push_back(part_of.at(item.name));
  }
  return imbalance_of(bundles, deal_rules(rules, labels), parts);
}

}  // namespace orrery
