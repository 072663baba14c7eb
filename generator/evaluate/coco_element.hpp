#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "generator/sample.hpp"

namespace orrery {

/// An element of one of the arrays of a COCO file. What it lacks or has wrong throws Error with
/// the file, the place, what was found and what is wanted.
class CocoElement {
 public:
  CocoElement(const Json& json, std::string where) : json_(json), where_(std::move(where)) {}

  const Json& json() const { return json_; }
  /// "file: annotations[3] (id 7)"
  std::string where() const;
  bool has(const char* key) const;
  /// A whole number, or a text of one.
  std::int64_t id(const char* key) const;
  std::string text(const char* key) const;
  double number(const char* key) const;
  std::optional<double> number_if_any(const char* key) const;
  /// 0, 1, true or false; nothing if it is not there.
  std::optional<bool> flag_if_any(const char* key) const;
  std::vector<double> numbers(const char* key) const;
  /// `field` empty: of the whole element.
  [[noreturn]] void refuse(const std::string& field, const std::string& found,
                           const std::string& wanted) const;

 private:
  const Json& json_;
  std::string where_;
};

/// Called with the array's name ("" for a file that is one array) and the element, in their order.
using OnCocoElement = std::function<void(const std::string& array, const CocoElement& element)>;

/// Reads a JSON file of one array, or of arrays by name, one element at a time. Throws Error if it
/// cannot be read, is no JSON, or holds something else than objects in those arrays.
void for_each_coco_element(const std::filesystem::path& file,
                           const std::vector<std::string>& arrays, const OnCocoElement& call);

}  // namespace orrery
