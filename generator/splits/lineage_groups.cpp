#include "generator/splits/lineage_groups.hpp"

#include <algorithm>
#include <deque>
#include <numeric>
#include <optional>

#include "scenes/error.hpp"

namespace orrery {
namespace {

/// Sets of numbers that are joined two at a time. Source: Tarjan, Efficiency of a Good But Not
/// Linear Set Union Algorithm, Journal of the ACM 22, 1975.
class UnionFind {
 public:
  explicit UnionFind(std::size_t count) : parent_(count) {
    std::iota(parent_.begin(), parent_.end(), std::size_t{0});
  }
  std::size_t root(std::size_t of) {
    while (parent_[of] != of) of = parent_[of] = parent_[parent_[of]];
    return of;
  }
  /// The lower root stays one, so that a set is known by its first member.
  void join(std::size_t a, std::size_t b) {
    a = root(a);
    b = root(b);
    parent_[std::max(a, b)] = std::min(a, b);
  }

 private:
  std::vector<std::size_t> parent_;
};

/// Images in order of name, their keys, and who holds each key.
struct KeyGraph {
  std::vector<const SplitItem*> items;
  std::vector<std::vector<std::size_t>> keys_of;  ///< by image, into `keys`
  std::vector<LineageKey> keys;                   ///< in order
  std::vector<std::vector<std::size_t>> held_by;  ///< by key, into `items`
};

KeyGraph graph_of(const std::vector<SplitItem>& items, const std::vector<std::string>& kinds) {
  KeyGraph graph;
  for (const SplitItem& item : items) graph.items.push_back(&item);
  std::sort(graph.items.begin(), graph.items.end(),
            [](const SplitItem* a, const SplitItem* b) { return a->name < b->name; });
  for (std::size_t i = 1; i < graph.items.size(); ++i) {
    if (graph.items[i]->name != graph.items[i - 1]->name) continue;
    throw Error("split: two images are called \"" + graph.items[i]->name +
                "\", wanted names that are unique in the dataset");
  }
  std::map<LineageKey, std::vector<std::size_t>> holders;
  for (std::size_t i = 0; i < graph.items.size(); ++i) {
    for (LineageKey& key : keys_of(*graph.items[i], kinds)) holders[std::move(key)].push_back(i);
  }
  graph.keys_of.resize(graph.items.size());
  for (auto& [key, images] : holders) {
    for (const std::size_t image : images) graph.keys_of[image].push_back(graph.keys.size());
    graph.keys.push_back(key);
    graph.held_by.push_back(std::move(images));
  }
  return graph;
}

/// Looks for a way from what is pinned to one part to what is pinned to another.
class PinnedWay {
 public:
  PinnedWay(const KeyGraph& graph, const SplitPins& pins, const std::vector<SplitPart>& parts)
      : graph_(graph), pins_(pins), parts_(parts), images_(graph.items.size()) {}

  /// The shortest way from `start`'s part within its component, as a text; empty if there is none.
  std::string from(const std::vector<std::size_t>& starts, std::size_t part) {
    before_.assign(images_ + graph_.keys.size(), kNone);
    std::deque<std::size_t> open;
    for (const std::size_t node : starts) {
      before_[node] = node;
      open.push_back(node);
    }
    while (!open.empty()) {
      const std::size_t node = open.front();
      open.pop_front();
      const std::optional<std::size_t> pinned = part_of(node);
      if (pinned && *pinned != part) return told(node);
      const bool image = node < images_;
      const auto& next = image ? graph_.keys_of[node] : graph_.held_by[node - images_];
      for (const std::size_t n : next) {
        const std::size_t to = image ? n + images_ : n;
        if (before_[to] != kNone) continue;
        before_[to] = node;
        open.push_back(to);
      }
    }
    return {};
  }

  /// Of an image (by its place) or a key (by its place behind all images).
  std::optional<std::size_t> part_of(std::size_t node) const {
    if (node < images_) {
      const auto found = pins_.images.find(graph_.items[node]->name);
      return found == pins_.images.end() ? std::nullopt : std::optional(found->second);
    }
    const auto found = pins_.keys.find(graph_.keys[node - images_]);
    return found == pins_.keys.end() ? std::nullopt : std::optional(found->second);
  }

 private:
  static constexpr std::size_t kNone = static_cast<std::size_t>(-1);

  std::string told(std::size_t node) const {
    std::vector<std::size_t> way{node};
    while (before_[way.back()] != way.back()) way.push_back(before_[way.back()]);
    std::reverse(way.begin(), way.end());
    std::string text = name_of(way.front());
    for (std::size_t i = 1; i < way.size(); ++i) {
      text += (way[i] < images_ ? ", which image " : " has ") + name_of(way[i]);
    }
    return text;
  }
  std::string name_of(std::size_t node) const {
    const std::optional<std::size_t> pinned = part_of(node);
    const std::string where = pinned           ? " (in \"" + parts_[*pinned].name + "\")"
                              : node < images_ ? " (new)"
                                               : "";
    return (node < images_ ? "\"" + graph_.items[node]->name + "\""
                           : text_of(graph_.keys[node - images_])) +
           where;
  }

  const KeyGraph& graph_;
  const SplitPins& pins_;
  const std::vector<SplitPart>& parts_;
  std::size_t images_;
  std::vector<std::size_t> before_{};
};

/// The part that a component is pinned to. Throws Error if there are two.
std::optional<std::size_t> pinned_part(PinnedWay& way, const std::vector<std::size_t>& nodes) {
  std::optional<std::size_t> part;
  bool several = false;
  for (const std::size_t node : nodes) {
    const std::optional<std::size_t> own = way.part_of(node);
    if (!own) continue;
    several = several || (part && *part != *own);
    if (!part) part = own;
  }
  if (!several) return part;
  std::vector<std::size_t> starts;
  for (const std::size_t node : nodes) {
    if (way.part_of(node) == part) starts.push_back(node);
  }
  throw Error("split: what was in two parts now belongs together: " + way.from(starts, *part) +
              "; wanted new images without that key, or a new split (remove folds.json)");
}

}  // namespace

std::string text_of(const LineageKey& key) { return key.kind + " \"" + key.name + "\""; }

std::vector<SplitGroup> lineage_groups(const std::vector<SplitItem>& items,
                                       const std::vector<std::string>& kinds, const SplitPins& pins,
                                       const std::vector<SplitPart>& parts) {
  const KeyGraph graph = graph_of(items, kinds);
  UnionFind sets(items.size());
  for (const auto& images : graph.held_by) {
    for (const std::size_t image : images) sets.join(images.front(), image);
  }
  std::map<std::size_t, std::vector<std::size_t>> members;  // by the first image
  for (std::size_t i = 0; i < items.size(); ++i) members[sets.root(i)].push_back(i);
  PinnedWay way(graph, pins, parts);
  std::vector<SplitGroup> groups;
  for (const auto& [first, images] : members) {
    SplitGroup& group = groups.emplace_back();
    std::vector<std::size_t> keys;
    for (const std::size_t i : images) {
      group.images.push_back(graph.items[i]->name);
      keys.insert(keys.end(), graph.keys_of[i].begin(), graph.keys_of[i].end());
    }
    std::sort(keys.begin(), keys.end());
    keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
    std::vector<std::size_t> nodes = images;
    for (const std::size_t key : keys) {
      nodes.push_back(key + graph.items.size());
      const LineageKey& named = graph.keys[key];
      const bool own = named.kind == "parent" &&
                       std::binary_search(group.images.begin(), group.images.end(), named.name);
      if (!own) group.keys.push_back(named);
    }
    const std::optional<std::size_t> part = pinned_part(way, nodes);
    group.pinned = part.has_value();
    group.part = part.value_or(0);
  }
  return groups;
}

}  // namespace orrery
