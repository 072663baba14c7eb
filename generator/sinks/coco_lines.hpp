#pragma once

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string>

#include "generator/sample.hpp"

namespace orrery {

/// The elements of one array of a COCO file that CocoWriter wrote, which are on lines of their own.
class CocoLines {
 public:
  /// Throws Error (Exit::io) if the file has no such array.
  CocoLines(std::filesystem::path file, const std::string& array);
  /// Nothing at the end of the array. Throws Error (Exit::io) for a line that is no JSON object,
  /// after which the next may be asked for, and if the file ends too early.
  std::optional<Json> next();
  /// There is nothing more to ask for.
  bool ended() const { return !open_; }
  /// "FILE:LINE" of what next() gave last.
  std::string where() const { return file_.string() + ":" + std::to_string(number_); }

 private:
  std::filesystem::path file_;
  std::ifstream in_;
  std::uint64_t number_ = 0;
  bool open_ = true;
};

/// The list of categories of such a file. Throws Error (Exit::io) if it has none.
Json coco_categories(const std::filesystem::path& file);

}  // namespace orrery
