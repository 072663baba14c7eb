#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <filesystem>
#include <limits>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <type_traits>
#include <vector>

#include "scenes/enum_names.hpp"
#include "scenes/error.hpp"
#include "scenes/nearest_name.hpp"

namespace orrery {

/// A struct is described once, by a function `describe(visitor, value)` that hands every field to
/// `visitor(name, field)`. JsonWriter and JsonReader are such visitors.
class JsonWriter {
 public:
  template <class T>
  void operator()(const char* name, const T& value) {
    json_[name] = written(value);
  }
  nlohmann::ordered_json take() { return std::move(json_); }

 private:
  template <class T>
  static nlohmann::ordered_json written(const T& value) {
    if constexpr (std::is_enum_v<T>) {
      return EnumNames<T>::kNames.at(static_cast<std::size_t>(value));
    } else if constexpr (std::is_arithmetic_v<T> || std::is_same_v<T, std::string>) {
      return value;
    } else if constexpr (std::is_same_v<T, std::filesystem::path>) {
      return value.string();
    } else {
      JsonWriter inner;
      describe(inner, value);
      return inner.take();
    }
  }
  template <class T>
  static nlohmann::ordered_json written(const std::optional<T>& value) {
    return value ? written(*value) : nlohmann::ordered_json();
  }
  template <class T>
  static nlohmann::ordered_json written(const std::vector<T>& values) {
    nlohmann::ordered_json list = nlohmann::ordered_json::array();
    for (const T& value : values) list.push_back(written(value));
    return list;
  }

  nlohmann::ordered_json json_ = nlohmann::ordered_json::object();
};

/// Reads the fields that are there and leaves the others alone. `finish` refuses what is left.
class JsonReader {
 public:
  JsonReader(const nlohmann::ordered_json& json, std::string where)
      : json_(json), where_(std::move(where)) {
    if (!json_.is_object()) refuse(where_, json_, "an object");
  }

  template <class T>
  void operator()(const char* name, T& value) {
    names_.emplace_back(name);
    const auto found = json_.find(name);
    if (found != json_.end()) read(*found, where_ + "." + name, value);
  }

  void finish() const {
    for (const auto& item : json_.items()) {
      const std::string& key = item.key();
      if (std::find(names_.begin(), names_.end(), key) != names_.end()) continue;
      throw Error(where_ + "." + key + ": is no field, wanted one such as \"" +
                  nearest_name(key, names_) + "\"");
    }
  }

 private:
  [[noreturn]] static void refuse(const std::string& where, const nlohmann::ordered_json& found,
                                  const std::string& wanted) {
    throw Error(where + ": is " + found.dump() + ", wanted " + wanted);
  }

  template <class T>
  static void read(const nlohmann::ordered_json& json, const std::string& where, T& value) {
    if constexpr (std::is_enum_v<T>) {
      read_enum(json, where, value);
    } else if constexpr (std::is_same_v<T, bool>) {
      if (!json.is_boolean()) refuse(where, json, "true or false");
      value = json.get<bool>();
    } else if constexpr (std::is_floating_point_v<T>) {
      if (!json.is_number()) refuse(where, json, "a number");
      value = json.get<T>();
    } else if constexpr (std::is_integral_v<T>) {
      read_whole(json, where, value);
    } else if constexpr (std::is_same_v<T, std::string> ||
                         std::is_same_v<T, std::filesystem::path>) {
      if (!json.is_string()) refuse(where, json, "a text");
      value = json.get<std::string>();
    } else {
      JsonReader inner(json, where);
      describe(inner, value);
      inner.finish();
    }
  }

  template <class T>
  static void read_whole(const nlohmann::ordered_json& json, const std::string& where, T& value) {
    if (!json.is_number_integer()) refuse(where, json, "a whole number");
    const bool positive = json.is_number_unsigned();
    const bool fits =
        positive
            ? json.get<std::uint64_t>() <= static_cast<std::uint64_t>(std::numeric_limits<T>::max())
            : std::is_signed_v<T> && json.get<std::int64_t>() >=
                                         static_cast<std::int64_t>(std::numeric_limits<T>::min());
    if (!fits) refuse(where, json, "a whole number in range");
    value = json.get<T>();
  }

  template <class T>
  static void read_enum(const nlohmann::ordered_json& json, const std::string& where, T& value) {
    const auto& names = EnumNames<T>::kNames;
    const std::vector<std::string> known(names.begin(), names.end());
    const std::string name = json.is_string() ? json.get<std::string>() : json.dump();
    const auto found = std::find(known.begin(), known.end(), name);
    if (found == known.end()) refuse(where, json, "\"" + nearest_name(name, known) + "\" or such");
    value = static_cast<T>(found - known.begin());
  }

  template <class T>
  static void read(const nlohmann::ordered_json& json, const std::string& where,
                   std::optional<T>& value) {
    value.reset();
    if (!json.is_null()) read(json, where, value.emplace());
  }

  template <class T>
  static void read(const nlohmann::ordered_json& json, const std::string& where,
                   std::vector<T>& values) {
    if (!json.is_array()) refuse(where, json, "a list");
    values.clear();
    for (std::size_t i = 0; i < json.size(); ++i) {
      read(json[i], where + "[" + std::to_string(i) + "]", values.emplace_back());
    }
  }

  const nlohmann::ordered_json& json_;
  std::string where_;
  std::vector<std::string> names_;
};

}  // namespace orrery
