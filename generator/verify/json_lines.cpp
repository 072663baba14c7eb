#include "generator/verify/json_lines.hpp"

#include <utility>

#include "scenes/error.hpp"

namespace orrery {

namespace {

constexpr const char* kWanted = "a COCO file that orrery wrote";

}  // namespace

CocoElements::CocoElements(std::filesystem::path file, const std::string& array, Findings& findings)
    : file_(file.string()), findings_(findings) {
  try {
    lines_.emplace(std::move(file), array);
  } catch (const Error& e) {
    findings_.add("coco_unreadable", file_, e.what(), kWanted);
  }
}

std::optional<JsonLine> CocoElements::next() {
  while (lines_ && !lines_->ended()) {
    try {
      std::optional<Json> element = lines_->next();
      if (element) return JsonLine{std::move(*element), lines_->where()};
    } catch (const Error& e) {
      const char* rule = lines_->ended() ? "coco_unreadable" : "coco_line";
      findings_.add(rule, lines_->where(), e.what(), "an element a line, and an end");
    }
  }
  return std::nullopt;
}

Json categories_of(const std::filesystem::path& file, Findings& findings) {
  try {
    return coco_categories(file);
  } catch (const Error& e) {
    findings.add("coco_unreadable", file.string(), e.what(), kWanted);
    return {};
  }
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
