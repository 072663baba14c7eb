#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <type_traits>
#include <vector>

#include "scenes/distribution.hpp"
#include "scenes/scene_fields.hpp"

namespace orrery {

/// As scene files write it.
nlohmann::ordered_json json_from(const Distribution& d);

/// A struct that `describe` describes, as a mapping that YamlReader reads back.
class SpecWriter {
 public:
  template <class T>
  void operator()(const char* name, const T& value, const FieldInfo&) {
    json_[name] = of(value);
  }
  template <class T>
  void operator()(const char* name, const std::optional<T>& value, const FieldInfo&) {
    if (value) json_[name] = of(*value);
  }
  nlohmann::ordered_json take() { return std::move(json_); }

 private:
  template <class T>
  static nlohmann::ordered_json of(const T& value) {
    if constexpr (std::is_same_v<T, Distribution>) {
      return json_from(value);
    } else if constexpr (std::is_enum_v<T>) {
      return EnumNames<T>::kNames.at(static_cast<std::size_t>(value));
    } else if constexpr (std::is_arithmetic_v<T> || std::is_same_v<T, std::string>) {
      return value;
    } else {
      SpecWriter inner;
      describe(inner, value);
      return inner.take();
    }
  }
  template <class T>
  static nlohmann::ordered_json of(const std::vector<T>& values) {
    nlohmann::ordered_json list = nlohmann::ordered_json::array();
    for (const T& value : values) list.push_back(of(value));
    return list;
  }

  nlohmann::ordered_json json_ = nlohmann::ordered_json::object();
};

}  // namespace orrery
