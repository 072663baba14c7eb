#include "generator/sinks/coco_lines.hpp"

#include <utility>

#include "scenes/error.hpp"

namespace orrery {

CocoLines::CocoLines(std::filesystem::path file, const std::string& array)
    : file_(std::move(file)), in_(file_, std::ios::binary) {
  const std::string opening = "\"" + array + "\":[";
  std::string line;
  while (std::getline(in_, line)) {
    ++number_;
    // The writer puts the closing bracket of the array before on the same line as the opening.
    if (line.ends_with(opening)) return;
  }
  throw Error(file_.string() + ": has no line that ends in " + opening +
                  ", wanted a COCO file that orrery wrote",
              Exit::io);
}

std::optional<Json> CocoLines::next() {
  std::string line;
  if (!open_) return std::nullopt;
  if (!std::getline(in_, line)) {
    open_ = false;
    throw Error(file_.string() + ": ends after line " + std::to_string(number_) +
                    ", wanted a list that is closed",
                Exit::io);
  }
  ++number_;
  if (line.starts_with(']')) {
    open_ = false;
    return std::nullopt;
  }
  if (line.ends_with(',')) line.pop_back();
  Json element = Json::parse(line, nullptr, false);
  if (element.is_object()) return element;
  throw Error(where() + ": is no JSON object, wanted an element a line", Exit::io);
}

Json coco_categories(const std::filesystem::path& file) {
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
  throw Error(file.string() + ": has no line of categories, wanted a COCO file that orrery wrote",
              Exit::io);
}

}  // namespace orrery
