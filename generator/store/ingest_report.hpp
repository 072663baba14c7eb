#pragma once

#include <cstdint>
#include <iosfwd>
#include <map>
#include <string>

#include "generator/sample.hpp"
#include "generator/store/store_index.hpp"

namespace orrery {

/// found = stored + already there + quarantined, of pictures and of labels.
struct IngestTally {
  std::uint64_t found = 0;
  std::uint64_t stored = 0;
  std::uint64_t already_there = 0;
  std::uint64_t quarantined = 0;
  bool balances() const { return found == stored + already_there + quarantined; }
  bool operator==(const IngestTally&) const = default;
};

/// What became of what was found. Labels of pictures that could not be read at all are not known,
/// and so not found.
struct IngestCounts {
  struct Rule {
    std::uint64_t images = 0;
    std::uint64_t labels = 0;
    std::string example;
  };

  IngestTally images;
  IngestTally labels;
  std::map<std::string, Rule> rules;    ///< of what is quarantined, by name
  std::uint64_t same_pixels = 0;        ///< of what was already there: other bytes, same pixels
  std::uint64_t completed = 0;          ///< of what was already there: had no label, and has now
  std::uint64_t without_structure = 0;  ///< stored, but nothing to compare with others
  std::uint64_t with_gps = 0;           ///< stored, and say where they were taken
  /// Of what was already there, how many the source has in another "session", "split" or "licence";
  /// what was said first stands.
  std::map<std::string, std::uint64_t> first_stands;
};

/// What is to be known of near duplicates in the whole store.
struct DuplicateReport {
  std::uint64_t groups = 0;   ///< of two pictures or more
  std::uint64_t grouped = 0;  ///< pictures in them
  std::uint64_t apart = 0;    ///< pairs within kSameDistance that the rule keeps apart
  std::uint64_t alike = 0;    ///< pairs from there to kLikeDistance
  std::uint64_t largest_chain = 0;
  std::uint64_t largest_group = 0;
  std::string chain_name;  ///< its earliest picture
  bool suspicious = false;
  struct Pair {
    std::string image, other;
    int distance = 0;
  };
  std::vector<Pair> pairs;  ///< nearest first, at most twenty
};
DuplicateReport duplicates_in(StoreIndex& index);

/// Who, where to, what.
struct IngestSummary {
  std::string source;
  std::string store;
  std::string origin;
  IngestCounts counts;
  DuplicateReport duplicates;
  std::int64_t store_images = 0;
  std::int64_t store_labels = 0;
};

Json json_from(const IngestCounts& counts);
Json json_from(const IngestSummary& summary);
void print(std::ostream& out, const IngestSummary& summary);

}  // namespace orrery
