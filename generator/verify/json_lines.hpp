#pragma once

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string>

#include "generator/sinks/coco_lines.hpp"
#include "generator/verify/findings.hpp"

namespace orrery {

/// One element of a list, or a row of a file of rows, and where it stands.
struct JsonLine {
  Json json;
  std::string where;  ///< "FILE:LINE"
};

/// The elements of one array of a COCO file that we wrote. What is none is found and passed over.
/// Broken: coco_unreadable, coco_line.
class CocoElements {
 public:
  CocoElements(std::filesystem::path file, const std::string& array, Findings& findings);
  /// Nothing at the end of the array.
  std::optional<JsonLine> next();

 private:
  std::string file_;
  Findings& findings_;
  std::optional<CocoLines> lines_;
};

/// The categories of such a file; null, and found, if it has none. Broken: coco_unreadable.
Json categories_of(const std::filesystem::path& file, Findings& findings);

/// Rows of JSON objects, one a line. What is none is found and passed over. Broken: the rule given.
class JsonRows {
 public:
  JsonRows(std::filesystem::path file, std::string rule, Findings& findings);
  std::optional<JsonLine> next();

 private:
  std::filesystem::path file_;
  std::string rule_;
  Findings& findings_;
  std::ifstream in_;
  std::uint64_t number_ = 0;
};

}  // namespace orrery
