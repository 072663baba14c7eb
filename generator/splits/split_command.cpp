#include <algorithm>
#include <cstdio>
#include <ostream>
#include <set>

#include "generator/data_commands.hpp"
#include "generator/source.hpp"
#include "generator/splits/folds_file.hpp"
#include "generator/splits/licences.hpp"
#include "generator/splits/split_report.hpp"
#include "generator/whole_file.hpp"
#include "scenes/error.hpp"
#include "scenes/nearest_name.hpp"
#include "scenes/sha256.hpp"

namespace orrery {
namespace {

namespace fs = std::filesystem;

/// Crops of one label that a report looks at.
constexpr std::size_t kProbedCrops = 300;
/// More of the data in one group is worth a warning.
constexpr double kLargeGroup = 0.2;

/// What was read of a dataset.
struct Content {
  DatasetInfo info;
  std::vector<SplitItem> items;     ///< what folds are made of
  std::vector<std::string> free;    ///< what is trained on with every fold: see is_free()
  std::vector<SplitItem> held_out;  ///< "test", or out of scope: in no fold
  std::vector<ProbedImage> probed;
  std::map<std::string, std::uint64_t> problems;  ///< by reason
};

/// Copies of one picture are one photo, whatever they are called.
void add_content(LabelledImage& image) {
  for (Ingredient& part : image.lineage) {
    if (part.kind == "photo" && part.name == image.name && part.sha256.empty()) {
      part.sha256 = sha256_hex(stored_bytes(image.file));
    }
  }
}

Content read_all(const SplitCommand& command) {
  const std::unique_ptr<Source> source = fs::exists(command.dataset / "dataset.json")
                                             ? open_orrery_dataset(command.dataset)
                                             : open_source(command.dataset, "");
  Content content;
  while (std::optional<LabelledImage> image = source->next()) {
    add_content(*image);
    const bool held_out = image->split == "test" || image->track == "out_of_scope";
    (held_out ? content.held_out : content.items).push_back(split_item_of(*image));
    if (command.report && !held_out) {
      content.probed.push_back(probed_image(*image, command.seed));
    }
  }
  content.info = source->info();
  for (const Problem& problem : source->problems()) ++content.problems[problem.reason];
  if (content.items.empty()) {
    throw Error(command.dataset.string() + ": holds no image to split, wanted some" +
                (content.held_out.empty() ? "" : " that are not held out"));
  }
  return content;
}

/// In how many folds each ingredient is, by kind.
std::map<std::string, std::map<std::string, std::set<std::size_t>>> folds_by_kind(
    const std::vector<SplitItem>& items, const Partition& partition) {
  std::map<std::string, std::map<std::string, std::set<std::size_t>>> folds;
  for (const SplitItem& item : items) {
    for (const Ingredient& part : item.lineage) {
      folds[part.kind][part.name].insert(partition.part_of.at(item.name));
    }
  }
  return folds;
}

/// The default kinds and those asked for. Throws Error (Exit::usage) for a kind that no image has.
std::vector<std::string> kinds_of(const SplitCommand& command, const Content& content) {
  std::vector<std::string> kinds = default_split_kinds();
  std::set<std::string> known(kinds.begin(), kinds.end());
  for (const SplitItem& item : content.items) {
    for (const Ingredient& part : item.lineage) known.insert(part.kind);
  }
  for (const std::string& kind : command.by) {
    if (!known.contains(kind)) {
      const std::vector<std::string> names(known.begin(), known.end());
      throw Error("--by " + kind + ": no image has such lineage, wanted a kind such as \"" +
                      nearest_name(kind, names) + "\"",
                  Exit::usage);
    }
    if (std::find(kinds.begin(), kinds.end(), kind) == kinds.end()) kinds.push_back(kind);
  }
  return kinds;
}

void set_free_apart(Content& content, const SplitRules& rules) {
  const auto first =
      std::stable_partition(content.items.begin(), content.items.end(),
                            [&](const SplitItem& item) { return !is_free(item, rules.kinds); });
  for (auto item = first; item != content.items.end(); ++item) content.free.push_back(item->name);
  content.items.erase(first, content.items.end());
  const std::set<std::string> free(content.free.begin(), content.free.end());
  std::erase_if(content.probed,
                [&](const ProbedImage& image) { return free.contains(image.name); });
  if (!content.items.empty()) return;
  throw Error("all images are mixed or augmented and share nothing, wanted some to validate on");
}

std::string percent(double share) {
  char text[32];
  std::snprintf(text, sizeof text, "%.0f %%", 100 * share);
  return text;
}

void print_row(std::ostream& out, const std::string& name, const std::vector<std::string>& cells,
               const std::vector<std::size_t>& widths) {
  out << name << std::string(10 - std::min<std::size_t>(10, name.size()), ' ');
  for (std::size_t i = 0; i < cells.size(); ++i) {
    out << std::string(widths[i] - std::min(widths[i], cells[i].size()), ' ') << cells[i];
  }
  out << '\n';
}

void print_counts(const std::vector<PartCount>& counts, const Content& content,
                  const SplitRules& rules, std::ostream& out) {
  std::vector<std::string> head{"images", "groups", "train only"};
  for (const std::string& name : content.info.classes) head.push_back(name);
  std::vector<std::size_t> widths;
  for (const std::string& name : head) widths.push_back(std::max<std::size_t>(8, name.size()) + 2);
  print_row(out, "", head, widths);
  for (std::size_t fold = 0; fold < counts.size(); ++fold) {
    const PartCount& count = counts[fold];
    std::vector<std::string> cells{std::to_string(count.images), std::to_string(count.groups),
                                   std::to_string(count.train_only)};
    for (const std::uint64_t n : count.instances) cells.push_back(std::to_string(n));
    print_row(out, "fold " + rules.parts[fold].name, cells, widths);
  }
  out << "largest deviation from an even share: " << percent(max_deviation(counts, rules)) << '\n';
}

void print_shared(const Content& content, const Partition& partition, const SplitRules& rules,
                  std::ostream& out) {
  for (const auto& [kind, names] : folds_by_kind(content.items, partition)) {
    if (std::find(rules.kinds.begin(), rules.kinds.end(), kind) != rules.kinds.end()) continue;
    std::size_t in_all = 0;
    std::size_t in_several = 0;
    for (const auto& [name, folds] : names) {
      in_all += folds.size() == rules.parts.size() ? 1U : 0U;
      in_several += folds.size() > 1 ? 1U : 0U;
    }
    if (in_several == 0) continue;
    out << "not held apart: " << kind << ": of " << names.size() << " names, " << in_several
        << " in several folds, " << in_all << " in every fold; --by " << kind
        << " holds them apart\n";
  }
}

void print_licences(const Content& content, const Partition& partition, const SplitRules& rules,
                    std::ostream& out) {
  const auto bills = licence_bill(content.items, partition, rules.parts.size());
  for (std::size_t fold = 0; fold < bills.size(); ++fold) {
    if (bills[fold].empty()) continue;
    out << "licences of fold " << rules.parts[fold].name << ":";
    std::string separator = " ";
    for (const auto& [licence, use] : bills[fold]) {
      out << separator << (licence.empty() ? "unknown" : licence) << " (" << use.images
          << " images, " << use.assets.size() << " assets)";
      separator = ", ";
    }
    out << '\n';
  }
}

void print_split(const Content& content, const Partition& partition, const SplitRules& rules,
                 std::ostream& out) {
  std::string kinds;
  for (const std::string& kind : rules.kinds) kinds += (kinds.empty() ? "" : ", ") + kind;
  out << content.items.size() << " images in " << partition.groups.size() << " groups by " << kinds
      << "; " << rules.parts.size() << " folds, seed " << rules.seed << '\n';
  const std::vector<PartCount> counts =
      counts_of(content.items, content.info.classes.size(), rules, partition);
  print_counts(counts, content, rules, out);
  if (!content.free.empty()) {
    out << content.free.size() << " images share nothing and are trained on with every fold\n";
  }
  if (!content.held_out.empty()) {
    out << content.held_out.size() << " images held out for tests are in no fold\n";
  }
  for (const auto& [reason, count] : content.problems) {
    out << count << " problems in the dataset: " << reason << '\n';
  }
  for (const std::string& name : partition.rare) {
    out << "RARE: class " << name
        << " is missing in some fold, which cannot tell how it is found\n";
  }
  if (partition.largest_share > kLargeGroup) {
    out << "LARGE: one group holds " << percent(partition.largest_share) << " of all images";
    if (!partition.largest_why.empty()) out << ": " << partition.largest_why;
    out << "; is that so, or does something join what is apart?\n";
  }
  print_shared(content, partition, rules, out);
  print_licences(content, partition, rules, out);
}

}  // namespace

int run_split(const SplitCommand& command, std::ostream& out) {
  Content content = read_all(command);
  SplitRules rules;
  rules.parts = equal_folds(static_cast<std::size_t>(command.folds));
  rules.kinds = kinds_of(command, content);
  rules.seed = command.seed;
  rules.allow_rare = command.allow_rare;
  require_held_out(content.items, content.held_out, rules.kinds, "the folds");
  set_free_apart(content, rules);
  const fs::path folder = command.out.empty() ? command.dataset : command.out;
  const SplitPins pins = read_pins(folder, rules);
  const Partition found = partition(content.items, content.info.classes, rules, pins);
  write_folds(folder, found, content.items, content.info.classes, rules, content.free);
  if (!pins.images.empty()) out << "as folds.json had it, and new images added\n";
  print_split(content, found, rules, out);
  if (!command.report) return 0;
  std::size_t left_out = 0;
  const auto crops = crops_of(content.probed, kProbedCrops, command.seed, left_out);
  SplitReport report = split_report(content.items, rules, found, crops,
                                    static_cast<std::uint32_t>(content.info.classes.size()) + 1,
                                    static_cast<std::size_t>(command.repeats));
  report.left_out = left_out;
  print(report, content.info.classes, out);
  const std::string text = json_of(report, content.info.classes).dump(2) + "\n";
  write_whole_file(folder / "split_report.json", std::as_bytes(std::span(text)));
  return 0;
}

}  // namespace orrery
