#include "scenes/scene_file.hpp"

#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <sstream>

#include "scenes/error.hpp"
#include "scenes/nearest_name.hpp"
#include "scenes/quantity.hpp"
#include "scenes/scene_camera.hpp"

namespace orrery {
namespace {

namespace fs = std::filesystem;

/// All mistakes of one file, so that a person mends them in one go.
class Mistakes {
 public:
  explicit Mistakes(std::string where) : where_(std::move(where)) {}

  void add(const YAML::Node& at, const std::string& path, const std::string& found,
           const std::string& wanted) {
    std::string text = where_;
    if (at.Mark().line >= 0) {
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
  std::vector<std::string> texts_;
};

std::string shown(const YAML::Node& node) {
  if (!node.IsDefined() || node.IsNull()) return "nothing";
  if (node.IsSequence()) return "a list";
  if (node.IsMap()) return "a mapping";
  return "\"" + node.Scalar() + "\"";
}

std::string text_of(double value) {
  std::ostringstream out;
  out << value;
  return out.str();
}

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

std::vector<double> YamlReader::numbers(const YAML::Node& node, const std::string& path,
                                        const FieldInfo& info) {
  std::vector<double> values;
  if (!node.IsSequence()) {
    mistakes_.add(node, path, shown(node), "a list of numbers");
    return values;
  }
  for (std::size_t i = 0; i < node.size(); ++i) {
    values.push_back(number(node[i], path + "[" + std::to_string(i) + "]", info));
  }
  return values;
}

void YamlReader::read(const YAML::Node& node, const std::string& path, Distribution& value,
                      const FieldInfo& info) {
  if (node.IsScalar()) {
    value = Distribution::fixed(number(node, path, info));
    return;
  }
  const std::vector<std::string> kinds{"uniform", "log_uniform", "normal", "choice", "curve"};
  if (!node.IsMap() || node.size() != 1) {
    return mistakes_.add(node, path, shown(node),
                         "a number, or one of uniform, log_uniform, normal, choice and curve");
  }
  const std::string kind = node.begin()->first.Scalar();
  if (std::find(kinds.begin(), kinds.end(), kind) == kinds.end()) {
    return mistakes_.add(node.begin()->first, path, "drawn by \"" + kind + "\"",
                         "\"" + nearest_name(kind, kinds) + "\" or such");
  }
  read_drawn(node.begin()->second, kind, path + "." + kind, value, info);
}

void YamlReader::read_drawn(const YAML::Node& node, const std::string& kind,
                            const std::string& path, Distribution& value, const FieldInfo& info) {
  const FieldInfo weight{"how often", 0, 1e9};
  const auto refuse = [&](const std::string& wanted) {
    mistakes_.add(node, path, shown(node), wanted);
  };
  Distribution d;
  d.values.clear();
  if (kind == "choice" && node.IsMap()) {  // value: weight
    for (const auto& item : node) {
      d.values.push_back(number(item.first, path, info));
      d.weights.push_back(number(item.second, path, weight));
    }
  } else if (kind == "curve") {
    if (!node.IsMap() || node.size() < 2) return refuse("two places or more, as place: density");
    for (const auto& item : node) {
      d.values.push_back(number(item.first, path, info));
      d.weights.push_back(number(item.second, path, weight));
    }
  } else if (kind == "normal" && node.IsSequence() && node.size() == 4) {
    const FieldInfo any{info.about, -1e9, 1e9, info.unit};
    d.values = {number(node[0], path, any), number(node[1], path, any), number(node[2], path, info),
                number(node[3], path, info)};
  } else {
    d.values = numbers(node, path, info);
    if (d.values.empty()) {
      if (node.IsSequence()) refuse("at least one number");
      return;
    }
  }
  const auto rising = [](const std::vector<double>& v, std::size_t a, std::size_t b) {
    return v[a] <= v[b];
  };
  if (kind == "uniform" || kind == "log_uniform") {
    d.kind = kind == "uniform" ? Distribution::Kind::uniform : Distribution::Kind::log_uniform;
    if (d.values.size() != 2 || !rising(d.values, 0, 1)) return refuse("[low, high]");
    if (kind == "log_uniform" && d.values[0] <= 0) return refuse("[low, high] above 0");
  } else if (kind == "normal") {
    d.kind = Distribution::Kind::normal;
    if (d.values.size() != 4 || d.values[1] < 0 || !rising(d.values, 2, 3)) {
      return refuse("[mean, standard deviation, low, high]");
    }
  } else {
    d.kind = kind == "choice" ? Distribution::Kind::choice : Distribution::Kind::curve;
    const bool some =
        std::any_of(d.weights.begin(), d.weights.end(), [](double w) { return w > 0; });
    if (!d.weights.empty() && !some) return refuse("a weight above 0");
    if (d.kind == Distribution::Kind::curve &&
        std::adjacent_find(d.values.begin(), d.values.end(),
                           [](double a, double b) { return a >= b; }) != d.values.end()) {
      return refuse("places in rising order");
    }
  }
  value = d;
}

YAML::Node parsed(const std::string& text, const std::string& where) {
  try {
    return YAML::Load(text);
  } catch (const YAML::ParserException& error) {
    throw Error(where + ":" + std::to_string(error.mark.line + 1) + ":" +
                std::to_string(error.mark.column + 1) + ": is no YAML, " + error.msg);
  }
}

std::string content_of(const fs::path& file) {
  std::ifstream in(file);
  if (!in) throw Error(file.string() + ": cannot be read, wanted a scene file");
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

/// Replaces what stands at a path such as camera.fov or objects.0.count.
void set_at(const YAML::Node& root, const std::string& set) {
  const std::size_t equals = set.find('=');
  if (equals == std::string::npos || equals == 0) {
    throw Error("--set " + set + ": is no override, wanted path.to.key=value", Exit::usage);
  }
  YAML::Node node = root;
  std::stringstream path(set.substr(0, equals));
  std::vector<std::string> keys;
  for (std::string key; std::getline(path, key, '.');) keys.push_back(key);
  for (std::size_t i = 0; i < keys.size(); ++i) {
    const bool index = node.IsSequence();
    YAML::Node next;
    if (index) {
      const auto at = static_cast<std::size_t>(std::strtoul(keys[i].c_str(), nullptr, 10));
      if (at >= node.size()) {
        throw Error("--set " + set + ": " + keys[i] + " is no element, found " +
                        std::to_string(node.size()) + " of them",
                    Exit::usage);
      }
      next.reset(node[at]);
    } else {
      next.reset(node[keys[i]]);
    }
    if (i + 1 == keys.size()) next = parsed(set.substr(equals + 1), "--set " + set);
    node.reset(next);
  }
}

void read_into(SceneSpec& spec, const YAML::Node& root, const std::string& where,
               bool may_include) {
  Mistakes mistakes(where);
  YamlReader reader(root, "", mistakes);
  describe(reader, spec);
  reader.finish(may_include ? std::vector<std::string>{"include"} : std::vector<std::string>{});
  for (std::size_t i = 0; i < spec.objects.size(); ++i) {
    const ObjectSet& set = spec.objects[i];
    const YAML::Node at = root["objects"] ? root["objects"][i] : root;
    const std::string path = "objects[" + std::to_string(i) + "]";
    if (set.models.empty() && set.shapes.empty()) {
      mistakes.add(at, path, "without models and shapes", "at least one of them");
    }
    if (!set.class_by_side.empty() && set.class_by_side.size() != 6) {
      mistakes.add(at, path + ".class_by_side",
                   "a list of " + std::to_string(set.class_by_side.size()), "six classes");
    }
  }
  const std::vector<std::string> factors{"objects", "placement", "surface", "lights",
                                         "sky",     "camera",    "sensor"};
  for (const std::string& name : spec.vary) {
    if (std::find(factors.begin(), factors.end(), name) != factors.end()) continue;
    mistakes.add(root["vary"] ? root["vary"] : root, "vary", "\"" + name + "\"",
                 "a factor such as \"" + nearest_name(name, factors) + "\"");
  }
  const std::optional<std::string> lens = lens_mistake(spec.camera);
  const YAML::Node at = root["camera"] ? root["camera"] : root;
  if (lens) mistakes.add(at, "camera.lens", *lens, "a lens that sees the whole image");
  mistakes.throw_if_any();
}

void resolve(YAML::Node path, const fs::path& folder) {
  if (path.IsScalar() && fs::path(path.Scalar()).is_relative()) {
    path = (folder / path.Scalar()).lexically_normal().string();
  }
}

/// Paths in a file are relative to it, those of overrides to where the person stands.
void resolve_paths(YAML::Node root, const fs::path& folder) {
  if (!root.IsMap()) return;
  if (root["faces"]) resolve(root["faces"], folder);
  if (!root["objects"] || !root["objects"].IsSequence()) return;
  for (YAML::Node set : root["objects"]) {
    if (!set.IsMap() || !set["models"]) continue;
    if (!set["models"].IsSequence()) {
      resolve(set["models"], folder);
      continue;
    }
    for (YAML::Node model : set["models"]) resolve(model, folder);
  }
}

void read_file_into(SceneSpec& spec, const fs::path& file, const std::vector<std::string>& sets,
                    int depth) {
  if (depth > 16) throw Error(file.string() + ": includes itself, wanted an end");
  YAML::Node root = parsed(content_of(file), file.string());
  if (root.IsMap() && root["include"]) {
    read_file_into(spec, file.parent_path() / root["include"].Scalar(), {}, depth + 1);
  }
  resolve_paths(root, file.parent_path());
  for (const std::string& set : sets) set_at(root, set);
  read_into(spec, root, file.string(), true);
}

}  // namespace

SceneSpec read_scene_file(const fs::path& file, const std::vector<std::string>& sets) {
  SceneSpec spec;
  spec.name = file.stem().string();
  read_file_into(spec, file, sets, 0);
  return spec;
}

SceneSpec scene_from_text(const std::string& text, const std::string& where) {
  SceneSpec spec;
  read_into(spec, parsed(text, where), where, false);
  return spec;
}

}  // namespace orrery
