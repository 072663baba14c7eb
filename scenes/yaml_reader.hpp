#pragma once

#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <cmath>
#include <optional>
#include <string>
#include <vector>

#include "scenes/error.hpp"
#include "scenes/nearest_name.hpp"
#include "scenes/quantity.hpp"
#include "scenes/scene_fields.hpp"

namespace orrery {

/// All mistakes of one file, so that a person mends them in one go.
class Mistakes {
 public:
  /// With `places`, mistakes have a line and a column.
  explicit Mistakes(std::string where, bool places = true)
      : where_(std::move(where)), places_(places) {}

  void add(const YAML::Node& at, const std::string& path, const std::string& found,
           const std::string& wanted) {
    std::string text = where_;
    if (places_ && at.Mark().line >= 0) {
      text += ":" + std::to_string(at.Mark().line + 1) + ":" + std::to_string(at.Mark().column + 1);
    }
    text += ": " + (path.empty() ? std::string("the file") : path) + " is " + found + ", wanted " +
            wanted;
    texts_.push_back(text);
  }

  void throw_if_any() const {
    std::string all;
    for (const std::string& text : texts_) all += (all.empty() ? "" : "\n") + text;
    if (!all.empty()) throw Error(all);
  }

 private:
  std::string where_;
  bool places_;
  std::vector<std::string> texts_;
};

/// What a message says of a node.
std::string shown(const YAML::Node& node);
std::string text_of(double value);

/// Hands the keys of one mapping to the fields of one struct; what is left over is a mistake.
class YamlReader {
 public:
  YamlReader(const YAML::Node& node, std::string path, Mistakes& mistakes)
      : node_(node), path_(std::move(path)), mistakes_(mistakes), usable_(node.IsMap()) {
    if (!usable_ && !node.IsNull()) mistakes_.add(node, path_, shown(node), "a mapping of keys");
  }

  template <class T>
  void operator()(const char* name, T& value, const FieldInfo& info) {
    names_.emplace_back(name);
    if (!usable_) return;
    if (const YAML::Node found = node_[name]) read(found, inner(name), value, info);
  }

  void finish(const std::vector<std::string>& also = {}) {
    if (!usable_) return;
    for (const auto& item : node_) {
      const std::string key = item.first.Scalar();
      if (std::find(names_.begin(), names_.end(), key) != names_.end()) continue;
      if (std::find(also.begin(), also.end(), key) != also.end()) continue;
      mistakes_.add(item.first, inner(key), "no key",
                    "one such as \"" + nearest_name(key, names_) + "\"");
    }
  }

 private:
  std::string inner(const std::string& name) const {
    return path_.empty() ? name : path_ + "." + name;
  }

  /// A number, perhaps with a unit: 0.3, 30 cm, 45deg.
  double number(const YAML::Node& node, const std::string& path, const FieldInfo& info) {
    const std::string wanted_number =
        info.unit == FieldInfo::Unit::none
            ? "a number"
            : "a number, with one of the units " + units_for(info.unit) + " or without";
    if (!node.IsScalar()) {
      mistakes_.add(node, path, shown(node), wanted_number);
      return info.low;
    }
    const std::optional<double> value = quantity_from(node.Scalar(), info.unit);
    if (!value) {
      mistakes_.add(node, path, shown(node), wanted_number);
      return info.low;
    }
    if (*value < info.low || *value > info.high) {
      mistakes_.add(node, path, text_of(*value),
                    "from " + text_of(info.low) + " to " + text_of(info.high));
    }
    return *value;
  }

  void read(const YAML::Node& node, const std::string& path, double& value, const FieldInfo& info) {
    value = number(node, path, info);
  }
  void read(const YAML::Node& node, const std::string& path, int& value, const FieldInfo& info) {
    value = static_cast<int>(whole(node, path, info));
  }
  void read(const YAML::Node& node, const std::string& path, std::uint32_t& value,
            const FieldInfo& info) {
    value = static_cast<std::uint32_t>(whole(node, path, info));
  }
  double whole(const YAML::Node& node, const std::string& path, const FieldInfo& info) {
    const double value = number(node, path, info);
    if (value != std::floor(value)) mistakes_.add(node, path, shown(node), "a whole number");
    return value;
  }
  void read(const YAML::Node& node, const std::string& path, bool& value, const FieldInfo&) {
    if (!node.IsScalar() || !YAML::convert<bool>::decode(node, value)) {
      mistakes_.add(node, path, shown(node), "true or false");
    }
  }
  void read(const YAML::Node& node, const std::string& path, std::string& value, const FieldInfo&) {
    if (!node.IsScalar()) return mistakes_.add(node, path, shown(node), "a text");
    value = node.Scalar();
  }
  template <class T>
  requires std::is_enum_v<T>
  void read(const YAML::Node& node, const std::string& path, T& value, const FieldInfo&) {
    const auto& names = EnumNames<T>::kNames;
    const auto found = std::find_if(names.begin(), names.end(), [&](const char* name) {
      return node.IsScalar() && node.Scalar() == name;
    });
    if (found != names.end()) {
      value = static_cast<T>(found - names.begin());
      return;
    }
    std::string wanted;
    for (const char* name : names) wanted += (wanted.empty() ? "" : ", ") + std::string(name);
    mistakes_.add(node, path, shown(node), "one of " + wanted);
  }
  void read(const YAML::Node& node, const std::string& path, Range& value, const FieldInfo& info);
  template <class T>
  void read(const YAML::Node& node, const std::string& path, std::optional<T>& value,
            const FieldInfo& info) {
    if (!value) value.emplace(first_of(value));
    read(node, path, *value, info);
  }
  /// What a section that is there starts from.
  static TurntableSpec first_of(const std::optional<TurntableSpec>&) { return default_turntable(); }
  static double first_of(const std::optional<double>&) { return 0; }
  template <class T>
  requires std::is_class_v<T>
  void read(const YAML::Node& node, const std::string& path, T& value, const FieldInfo&) {
    YamlReader reader(node, path, mistakes_);
    describe(reader, value);
    reader.finish();
  }
  template <class T>
  void read(const YAML::Node& node, const std::string& path, std::vector<T>& values,
            const FieldInfo& info) {
    values.clear();
    if constexpr (std::is_same_v<T, std::string>) {  // one alone needs no brackets
      if (node.IsScalar()) return values.push_back(node.Scalar());
    }
    if (!node.IsSequence()) return mistakes_.add(node, path, shown(node), "a list");
    for (std::size_t i = 0; i < node.size(); ++i) {
      read(node[i], path + "[" + std::to_string(i) + "]", values.emplace_back(), info);
    }
  }

  void read(const YAML::Node& node, const std::string& path, Distribution& value,
            const FieldInfo& info);
  void read_drawn(const YAML::Node& node, const std::string& kind, const std::string& path,
                  Distribution& value, const FieldInfo& info);
  std::vector<double> numbers(const YAML::Node& node, const std::string& path,
                              const FieldInfo& info);

  YAML::Node node_;
  std::string path_;
  Mistakes& mistakes_;
  bool usable_;
  std::vector<std::string> names_;
};

}  // namespace orrery
