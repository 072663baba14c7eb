#pragma once

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "generator/sample.hpp"

namespace orrery {

/// Where an element lies in a file.
struct JsonPlace {
  std::uint64_t offset = 0;  ///< bytes
  std::uint32_t size = 0;    ///< bytes
};

/// A JSON file that may be larger than memory: an object of lists, or one list. Only one element
/// is held at a time.
class JsonFile {
 public:
  explicit JsonFile(std::filesystem::path file);

  /// Calls `visit(key, text, place)` for each element of every list that is a value of the
  /// outermost object, and for each other value of it; of an outermost list with an empty key.
  /// Throws Error with the line where the file's structure breaks, or if one element has more than
  /// 1 GiB.
  void walk(const std::function<void(const std::string& key, const std::string& text,
                                     const JsonPlace& place)>& visit);
  /// The keys and first elements alone, without reading a list further: for recognition. Nothing
  /// in case of trouble. Elements that begin after `bytes` are not looked at.
  std::vector<std::pair<std::string, std::string>> peek(std::uint64_t bytes = ~std::uint64_t{0});
  std::string text_at(const JsonPlace& place);
  /// Throws Error with the line in the file.
  Json at(const JsonPlace& place);
  std::string where(const JsonPlace& place);  ///< "path:line"
  const std::filesystem::path& path() const { return file_; }

 private:
  std::filesystem::path file_;
  std::ifstream in_;
  // where() goes on counting lines from the last place that it was asked for.
  std::uint64_t counted_offset_ = 0;
  std::uint64_t counted_line_ = 1;
};

/// Parsed, or nothing and `fault` says why. No deeper than 100 levels.
std::optional<Json> parsed_json(const std::string& text, std::string& fault);
/// The value of a member of the outermost object of `object`, as it is written; empty: none.
std::string_view raw_member(std::string_view object, std::string_view key);

// Members of an object by kind; nothing if the member is missing or of another kind.
std::optional<double> number_at(const Json& json, const char* key);
std::optional<std::int64_t> whole_at(const Json& json, const char* key);
std::string text_at(const Json& json, const char* key);
bool flag_at(const Json& json, const char* key);         ///< true, or a number that is not 0
const Json& list_at(const Json& json, const char* key);  ///< empty list if there is none
const Json& object_at(const Json& json, const char* key);
/// Numbers only, or nothing.
std::optional<std::vector<double>> numbers_from(const Json& json);
/// Every member of `json` but those named.
Json without(const Json& json, const std::vector<std::string>& names);

}  // namespace orrery
