#pragma once

#include <cstdint>
#include <iosfwd>
#include <map>
#include <string>
#include <vector>

#include "generator/sample.hpp"

namespace orrery {

/// Something that does not hold of a dataset.
struct Finding {
  std::string rule;    ///< which one is broken: "annotation_id_zero", "file_hash"…
  std::string where;   ///< file and line, or file and element
  std::string found;   ///< what is there
  std::string wanted;  ///< what should be there
};

/// What was found, all counted and the first of each rule kept.
class Findings {
 public:
  /// How many of each rule are kept to be told.
  static constexpr std::size_t kMostTold = 20;

  void add(const std::string& rule, std::string where, std::string found, std::string wanted);
  /// Counts something that was looked at: "images", "annotations"…
  void looked_at(const std::string& what, std::uint64_t how_many = 1);

  bool none() const { return counts_.empty(); }
  /// Findings by rule, those that are not kept included.
  const std::map<std::string, std::uint64_t>& counts() const { return counts_; }
  /// In order of rule, then as they were found.
  std::vector<Finding> told() const;

  void print(std::ostream& out) const;
  /// {"ok", "looked_at": {…}, "rules": {rule: count}, "findings": [{"rule", "where", "found",
  /// "wanted"}]}
  Json json() const;

 private:
  std::map<std::string, std::uint64_t> counts_;
  std::map<std::string, std::vector<Finding>> kept_;
  std::map<std::string, std::uint64_t> looked_at_;
};

}  // namespace orrery
