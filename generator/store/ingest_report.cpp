#include "generator/store/ingest_report.hpp"

#include <algorithm>
#include <iomanip>
#include <ostream>

#include "generator/store/near_duplicates.hpp"

namespace orrery {
namespace {

constexpr const char* kAsk =
    "are a chain of near duplicates: look at them. Only those near a group's first picture were "
    "put "
    "into its group; if all show one scene, give them one --session";

Json json_of(const IngestTally& tally) {
  return {{"found", tally.found},
          {"stored", tally.stored},
          {"already_there", tally.already_there},
          {"quarantined", tally.quarantined}};
}

void print_tally(std::ostream& out, const char* what, const IngestTally& tally) {
  out << std::left << std::setw(10) << what << std::right;
  for (const std::uint64_t count :
       {tally.found, tally.stored, tally.already_there, tally.quarantined}) {
    out << std::setw(15) << count;
  }
  out << '\n';
}

std::string warning_of(const IngestSummary& summary) {
  if (!summary.duplicates.suspicious) return {};
  return std::to_string(summary.duplicates.largest_chain) + " of " +
         std::to_string(summary.store_images) + " pictures, from " + summary.duplicates.chain_name +
         " on, " + kAsk;
}

void print_rules(std::ostream& out, const IngestCounts& counts) {
  if (counts.rules.empty()) return;
  out << "\nquarantined, by rule:      pictures         labels\n";
  for (const auto& [rule, what] : counts.rules) {
    out << "  " << std::left << std::setw(20) << rule << std::right << std::setw(13) << what.images
        << std::setw(15) << what.labels << "   " << what.example << '\n';
  }
}

void print_duplicates(std::ostream& out, const IngestSummary& summary) {
  const DuplicateReport& duplicates = summary.duplicates;
  out << "\nnear duplicates in the store: " << duplicates.grouped << " pictures in "
      << duplicates.groups << " groups (" << kSameDistance << " bits of 64 or nearer); "
      << duplicates.apart << " such pairs kept apart, " << duplicates.alike << " up to "
      << kLikeDistance << " bits apart\n";
  if (duplicates.largest_chain > 1) {
    out << "largest chain: " << duplicates.largest_chain << " pictures from "
        << duplicates.chain_name << " on\n";
  }
  for (const DuplicateReport::Pair& pair : duplicates.pairs) {
    out << "  look at: " << pair.image << " and " << pair.other << ", " << pair.distance
        << " bits apart\n";
  }
  if (duplicates.suspicious) out << "warning: " << warning_of(summary) << '\n';
}

void read_pairs(StoreIndex& index, DuplicateReport& report, std::vector<NearPair>& pairs) {
  Statement find(index.database(),
                 "SELECT p.image, p.other, p.distance, i.name, o.name FROM near_pairs p "
                 "JOIN images i ON i.id = p.image JOIN images o ON o.id = p.other "
                 "ORDER BY p.distance, p.image, p.other");
  constexpr std::size_t kMostPairs = 20;
  while (find.step()) {
    const NearPair pair{find.number(0), find.number(1), static_cast<int>(find.number(2))};
    (pair.distance <= kSameDistance ? report.apart : report.alike) += 1;
    if (pair.distance <= kSameDistance) pairs.push_back(pair);
    if (report.pairs.size() < kMostPairs) {
      report.pairs.push_back({find.text(3), find.text(4), pair.distance});
    }
  }
}

}  // namespace

DuplicateReport duplicates_in(StoreIndex& index) {
  DuplicateReport report;
  std::vector<NearPair> pairs;
  read_pairs(index, report, pairs);
  std::map<std::int64_t, std::int64_t> first_of;
  std::map<std::int64_t, std::uint64_t> sizes;
  Statement images(index.database(), "SELECT id, duplicates FROM images ORDER BY id");
  while (images.step()) {
    first_of.emplace(images.number(0), images.number(1));
    ++sizes[images.number(1)];
  }
  for (const auto& [first, size] : sizes) {
    report.largest_group = std::max(report.largest_group, size);
    if (size < 2) continue;
    ++report.groups;
    report.grouped += size;
  }
  const Chain chain = largest_chain(first_of, pairs);
  report.largest_chain = chain.images;
  report.suspicious = is_suspicious(chain.images, first_of.size());
  Statement name(index.database(), "SELECT name FROM images WHERE id = ?");
  if (name.with(chain.first).step()) report.chain_name = name.text(0);
  return report;
}

Json json_from(const IngestCounts& counts) {
  Json rules = Json::object();
  for (const auto& [rule, what] : counts.rules) {
    rules[rule] = {{"images", what.images}, {"labels", what.labels}, {"example", what.example}};
  }
  return {{"images", json_of(counts.images)},
          {"labels", json_of(counts.labels)},
          {"rules", rules},
          {"same_pixels", counts.same_pixels},
          {"completed", counts.completed},
          {"without_structure", counts.without_structure},
          {"with_gps", counts.with_gps},
          {"first_stands", counts.first_stands}};
}

Json json_from(const IngestSummary& summary) {
  const DuplicateReport& duplicates = summary.duplicates;
  Json pairs = Json::array();
  for (const DuplicateReport::Pair& pair : duplicates.pairs) {
    pairs.push_back({{"image", pair.image}, {"other", pair.other}, {"distance", pair.distance}});
  }
  Json json{{"source", summary.source}, {"store", summary.store}, {"origin", summary.origin}};
  json.update(json_from(summary.counts));
  json["store_images"] = summary.store_images;
  json["store_labels"] = summary.store_labels;
  json["duplicates"] = {{"groups", duplicates.groups},
                        {"grouped", duplicates.grouped},
                        {"apart", duplicates.apart},
                        {"alike", duplicates.alike},
                        {"largest_group", duplicates.largest_group},
                        {"largest_chain", duplicates.largest_chain},
                        {"largest_chain_from", duplicates.chain_name},
                        {"warning", warning_of(summary)},
                        {"pairs", pairs}};
  return json;
}

void print(std::ostream& out, const IngestSummary& summary) {
  const IngestCounts& counts = summary.counts;
  out << summary.store << ": from " << summary.source << " (origin " << summary.origin << ")\n"
      << "                    found         stored  already there    quarantined\n";
  print_tally(out, "pictures", counts.images);
  print_tally(out, "labels", counts.labels);
  if (counts.same_pixels > 0) {
    out << "already there with other bytes but the same pixels: " << counts.same_pixels << '\n';
  }
  if (counts.completed > 0) {
    out << "already there without labels, and labelled now: " << counts.completed << '\n';
  }
  for (const auto& [what, count] : counts.first_stands) {
    out << "already there with another " << what << ", which stands: " << count << '\n';
  }
  if (counts.with_gps > 0) {
    out << "pictures that say where they were taken (GPS): " << counts.with_gps << '\n';
  }
  if (counts.without_structure > 0) {
    out << "pictures too plain to look for near duplicates: " << counts.without_structure << '\n';
  }
  print_rules(out, counts);
  print_duplicates(out, summary);
  out << "\nthe store holds " << summary.store_images << " pictures with " << summary.store_labels
      << " labels" << std::endl;
}

}  // namespace orrery
