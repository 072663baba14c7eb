#include "generator/verify/coco_lines.hpp"

#include <utility>

namespace orrery {

CocoLines::CocoLines(std::filesystem::path file, const std::string& array, Findings& findings)
    : file_(std::move(file)), findings_(findings), in_(file_, std::ios::binary) {
  const std::string opening = "\"" + array + "\":[";
  std::string line;
  while (std::getline(in_, line)) {
    ++number_;
    if (!line.ends_with(opening)) continue;
    open_ = true;
    return;
  }
  findings_.add("coco_unreadable", file_.string(), "no line that ends in " + opening,
                "a COCO file that orrery wrote");
}

std::optional<JsonLine> CocoLines::next() {
  std::string line;
  while (open_) {
    if (!std::getline(in_, line)) {
      open_ = false;
      findings_.add("coco_unreadable", file_.string(),
                    "an end after line " + std::to_string(number_), "a list that is closed");
      return std::nullopt;
    }
    ++number_;
    if (line.starts_with(']')) {
      open_ = false;
      return std::nullopt;
    }
    if (line.ends_with(',')) line.pop_back();
    JsonLine element{Json::parse(line, nullptr, false),
                     file_.string() + ":" + std::to_string(number_)};
    if (element.json.is_object()) return element;
    findings_.add("coco_line", element.where, "no JSON object", "an element a line");
  }
  return std::nullopt;
}

Json categories_of(const std::filesystem::path& file, Findings& findings) {
  std::ifstream in(file, std::ios::binary);
  const std::string key = "\"categories\":";
  std::string line;
  while (std::getline(in, line)) {
    if (!line.starts_with(key)) continue;
    line = line.substr(key.size());
    if (line.ends_with(',')) line.pop_back();
    Json categories = Json::parse(line, nullptr, false);
    if (categories.is_array()) return categories;
  }
  findings.add("coco_unreadable", file.string(), "no line of categories",
               "a COCO file that orrery wrote");
  return {};
}

JsonRows::JsonRows(std::filesystem::path file, std::string rule, Findings& findings)
    : file_(std::move(file)),
      rule_(std::move(rule)),
      findings_(findings),
      in_(file_, std::ios::binary) {
  if (!in_) findings_.add(rule_, file_.string(), "a file that cannot be read", "a row a line");
}

std::optional<JsonLine> JsonRows::next() {
  std::string line;
  while (std::getline(in_, line)) {
    ++number_;
    JsonLine row{Json::parse(line, nullptr, false), file_.string() + ":" + std::to_string(number_)};
    if (row.json.is_object()) return row;
    findings_.add(rule_, row.where, "no JSON object", "a row a line");
  }
  return std::nullopt;
}

}  // namespace orrery
