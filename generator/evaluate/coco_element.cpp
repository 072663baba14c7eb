#include "generator/evaluate/coco_element.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <fstream>
#include <map>

#include "scenes/error.hpp"

namespace orrery {
namespace {

/// For messages: not the whole of a long value.
std::string shown(const Json& json) {
  const std::string text = json.dump(-1, ' ', false, Json::error_handler_t::replace);
  return text.size() > 60 ? text.substr(0, 60) + "…" : text;
}

}  // namespace

std::string CocoElement::where() const {
  const auto id = json_.find("id");
  return id == json_.end() ? where_ : where_ + " (id " + shown(*id) + ")";
}

void CocoElement::refuse(const std::string& field, const std::string& found,
                         const std::string& wanted) const {
  throw Error(where() + (field.empty() ? "" : ": " + field) + " is " + found + ", wanted " +
              wanted);
}

bool CocoElement::has(const char* key) const {
  const auto found = json_.find(key);
  return found != json_.end() && !found->is_null();
}

std::int64_t CocoElement::id(const char* key) const {
  const auto found = json_.find(key);
  if (found == json_.end()) refuse(key, "missing", "a whole number");
  if (found->is_number_integer()) return found->get<std::int64_t>();
  if (found->is_string()) {
    const auto& text = found->get_ref<const std::string&>();
    std::int64_t value = 0;
    const auto read = std::from_chars(text.data(), text.data() + text.size(), value);
    if (read.ec == std::errc() && read.ptr == text.data() + text.size()) return value;
  }
  refuse(key, shown(*found), "a whole number");
}

std::string CocoElement::text(const char* key) const {
  const auto found = json_.find(key);
  if (found == json_.end()) refuse(key, "missing", "a text");
  if (!found->is_string()) refuse(key, shown(*found), "a text");
  return found->get<std::string>();
}

double CocoElement::number(const char* key) const {
  const auto found = json_.find(key);
  if (found == json_.end()) refuse(key, "missing", "a number");
  if (!found->is_number()) refuse(key, shown(*found), "a number");
  return found->get<double>();
}

std::optional<double> CocoElement::number_if_any(const char* key) const {
  if (!has(key)) return std::nullopt;
  return number(key);
}

std::optional<bool> CocoElement::flag_if_any(const char* key) const {
  if (!has(key)) return std::nullopt;
  const Json& value = json_.at(key);
  if (value.is_boolean()) return value.get<bool>();
  if (value == 0) return false;
  if (value == 1) return true;
  refuse(key, shown(value), "0 or 1");
}

std::vector<double> CocoElement::numbers(const char* key) const {
  const auto found = json_.find(key);
  if (found == json_.end()) refuse(key, "missing", "a list of numbers");
  const bool right = found->is_array() && std::all_of(found->begin(), found->end(),
                                                      [](const auto& v) { return v.is_number(); });
  if (!right) refuse(key, shown(*found), "a list of numbers");
  return found->get<std::vector<double>>();
}

void for_each_coco_element(const std::filesystem::path& file,
                           const std::vector<std::string>& arrays, const OnCocoElement& call) {
  std::ifstream in(file, std::ios::binary);
  if (!in) throw Error(file.string() + ": cannot be read, wanted a COCO file", Exit::io);
  const bool one_array = arrays.empty();
  const int element_depth = one_array ? 1 : 2;
  std::string array;
  std::map<std::string, std::uint64_t> counts;
  const auto wanted = [&](const std::string& name) {
    return std::find(arrays.begin(), arrays.end(), name) != arrays.end();
  };
  const auto on_event = [&](int depth, Json::parse_event_t event, Json& json) {
    using Event = Json::parse_event_t;
    if (event == Event::key && depth == 1 && !one_array) array = json.get<std::string>();
    if (depth != element_depth || (!one_array && !wanted(array))) return true;
    if (event == Event::object_start || event == Event::array_start || event == Event::key) {
      return true;
    }
    const std::string where =
        file.string() + ": " + array + "[" + std::to_string(counts[array]++) + "]";
    if (event != Event::object_end)
      throw Error(where + " is " + shown(json) + ", wanted an object");
    call(array, CocoElement(json, where));
    return false;  // it has been seen, and makes room
  };
  try {
    const Json rest = Json::parse(in, on_event);
    if (one_array && !rest.is_array()) throw Error(file.string() + ": wanted an array of results");
    if (!one_array && !rest.is_object()) throw Error(file.string() + ": wanted a COCO object");
    for (const std::string& name : arrays) {
      const auto found = rest.find(name);
      if (found != rest.end() && found->is_array()) continue;
      throw Error(file.string() + ": has no array \"" + name + "\"");
    }
  } catch (const Json::exception& e) {
    throw Error(file.string() + ": is no JSON (which has no NaN or Infinity, either): " + e.what());
  }
}

}  // namespace orrery
