#include <algorithm>
#include <cmath>
#include <optional>

#include "generator/augment/augment.hpp"
#include "generator/augment/spec_names.hpp"
#include "scenes/yaml_reader.hpp"

namespace orrery {
namespace {

using Kind = AugmentStep::Kind;

const OperationParameter kProbability{"probability", "that it runs", {1, 1}, 0, 1};
const OperationParameter kWeight{"weight", "within a one_of", {1, 1}, 0, 1e9};

std::vector<std::string> step_names() {
  std::vector<std::string> names;
  for (const OperationInfo& info : operations()) names.push_back(info.name);
  names.emplace_back("one_of");
  names.emplace_back("sequence");
  return names;
}

class SpecReader {
 public:
  explicit SpecReader(Mistakes& mistakes) : mistakes_(mistakes) {}

  AugmentSpec spec(const YAML::Node& node, const std::string& path) {
    AugmentSpec spec;
    if (node.IsScalar()) {
      spec.steps = preset(node, path);
    } else if (node.IsSequence()) {
      spec.steps = steps(node, path);
    } else if (node.IsMap()) {
      for (const auto& item : node) {
        const std::string key = item.first.Scalar();
        field(item.first, item.second, key, path.empty() ? key : path + "." + key, spec);
      }
      if (node["preset"] && node["steps"]) {
        mistakes_.add(node, path, "both a preset and steps", "one of them");
      }
    } else {
      mistakes_.add(node, path, shown(node), "a preset's name, a list of steps or a mapping");
    }
    return spec;
  }

 private:
  void field(const YAML::Node& at, const YAML::Node& node, const std::string& key,
             const std::string& path, AugmentSpec& spec) {
    if (key == "preset") {
      spec.steps = preset(node, path);
    } else if (key == "steps") {
      spec.steps = steps(node, path);
    } else if (key == "border") {
      spec.border = static_cast<AugmentBorder>(choice(node, path, kBorderNames));
    } else if (key == "box_rotation") {
      spec.box_rotation = static_cast<BoxRotation>(choice(node, path, kBoxRotationNames));
    } else if (key == "fill") {
      fill(node, path, spec);
    } else if (key == "chiral") {
      chiral(node, path, spec);
    } else {
      threshold(at, node, key, path, spec);
    }
  }

  void threshold(const YAML::Node& at, const YAML::Node& node, const std::string& key,
                 const std::string& path, AugmentSpec& spec) {
    std::vector<std::string> known{"preset", "steps", "border", "box_rotation", "fill", "chiral"};
    for (const SpecNumber& it : spec_numbers()) {
      known.emplace_back(it.name);
      if (key != it.name) continue;
      const OperationParameter limits{it.name, it.about, {}, it.low, it.high};
      spec.*it.field = number(node, path, limits).value_or(it.low);
      return;
    }
    mistakes_.add(at, path, "no key", "one such as \"" + nearest_name(key, known) + "\"");
  }

  void fill(const YAML::Node& node, const std::string& path, AugmentSpec& spec) {
    const OperationParameter limits{"fill", "", {}, 0, 255, true};
    if (!node.IsSequence() || node.size() != spec.fill.size()) {
      return mistakes_.add(node, path, shown(node), "[red, green, blue], each from 0 to 255");
    }
    for (std::size_t i = 0; i < spec.fill.size(); ++i) {
      const auto value = number(node[i], path + "[" + std::to_string(i) + "]", limits);
      spec.fill[i] = static_cast<std::uint8_t>(std::clamp(value.value_or(0), 0.0, 255.0));
    }
  }

  void chiral(const YAML::Node& node, const std::string& path, AugmentSpec& spec) {
    if (node.IsScalar()) return spec.chiral.push_back(node.Scalar());
    if (!node.IsSequence()) return mistakes_.add(node, path, shown(node), "a list of classes");
    for (std::size_t i = 0; i < node.size(); ++i) {
      if (node[i].IsScalar()) {
        spec.chiral.push_back(node[i].Scalar());
      } else {
        mistakes_.add(node[i], path + "[" + std::to_string(i) + "]", shown(node[i]), "a class");
      }
    }
  }

  std::vector<AugmentStep> preset(const YAML::Node& node, const std::string& path) {
    const std::string name = node.IsScalar() ? node.Scalar() : "";
    const auto& known = augment_presets();
    if (std::find(known.begin(), known.end(), name) != known.end()) {
      return augment_preset(name).steps;
    }
    mistakes_.add(node, path, shown(node),
                  "a preset such as \"" + nearest_name(name, known) + "\", or a list of steps");
    return {};
  }

  std::vector<AugmentStep> steps(const YAML::Node& node, const std::string& path) {
    std::vector<AugmentStep> list;
    if (!node.IsSequence()) {
      mistakes_.add(node, path, shown(node), "a list of steps");
      return list;
    }
    for (std::size_t i = 0; i < node.size(); ++i) {
      auto one = step(node[i], path + "[" + std::to_string(i) + "]");
      if (one) list.push_back(std::move(*one));
    }
    return list;
  }

  std::optional<AugmentStep> step(const YAML::Node& node, const std::string& path) {
    if (node.IsScalar()) return named(node, YAML::Node(), path);
    if (!node.IsMap()) {
      mistakes_.add(node, path, shown(node), "an operation, one_of or sequence");
      return std::nullopt;
    }
    std::optional<AugmentStep> step;
    std::size_t names = 0;
    for (const auto& item : node) {
      if (is_share(item.first.Scalar())) continue;
      ++names;
      step = named(item.first, item.second, path);
    }
    if (names != 1) {
      mistakes_.add(node, path, std::to_string(names) + " operations",
                    "one, with probability and weight beside it");
    }
    for (const auto& item : node) {
      if (step && is_share(item.first.Scalar())) share(item.first, item.second, path, *step);
    }
    return step;
  }

  static bool is_share(const std::string& key) { return key == "probability" || key == "weight"; }

  void share(const YAML::Node& key, const YAML::Node& node, const std::string& path,
             AugmentStep& step) {
    const bool weight = key.Scalar() == "weight";
    const auto value = number(node, path + "." + key.Scalar(), weight ? kWeight : kProbability);
    if (value) (weight ? step.weight : step.probability) = *value;
  }

  /// A step of this name; what is in it, if anything is, has the path of its name.
  std::optional<AugmentStep> named(const YAML::Node& name, const YAML::Node& inner,
                                   const std::string& path) {
    const std::vector<std::string> known = step_names();
    const auto found = std::find(known.begin(), known.end(), name.Scalar());
    if (found == known.end()) {
      mistakes_.add(name, path, "\"" + name.Scalar() + "\"",
                    "an operation such as \"" + nearest_name(name.Scalar(), known) + "\"");
      return std::nullopt;
    }
    AugmentStep step;
    const auto index = static_cast<std::size_t>(found - known.begin());
    const std::string below = path + "." + *found;
    if (index < operations().size()) {
      step.op = static_cast<AugmentOp>(index);
      parameters(inner, below, step);
      return step;
    }
    step.kind = *found == "one_of" ? Kind::one_of : Kind::sequence;
    step.steps = steps(inner, below);
    const bool any = std::any_of(step.steps.begin(), step.steps.end(),
                                 [](const AugmentStep& one) { return one.weight > 0; });
    if (step.kind == Kind::one_of && !any) {
      mistakes_.add(name, below, "without a choice", "a step whose weight is above 0");
    }
    return step;
  }

  void parameters(const YAML::Node& node, const std::string& path, AugmentStep& step) {
    const OperationInfo& info = operation_info(step.op);
    for (const OperationParameter& it : info.parameters) step.values.push_back(it.usual);
    if (!node.IsDefined() || node.IsNull()) return;
    if (!node.IsMap()) return mistakes_.add(node, path, shown(node), "a mapping of parameters");
    std::vector<std::string> known{"probability", "weight"};
    for (const OperationParameter& it : info.parameters) known.push_back(it.name);
    for (const auto& item : node) {
      const std::string key = item.first.Scalar();
      if (is_share(key)) {
        share(item.first, item.second, path, step);
        continue;
      }
      const auto found = std::find(known.begin(), known.end(), key);
      if (found == known.end()) {
        mistakes_.add(item.first, path + "." + key, "no parameter",
                      "one such as \"" + nearest_name(key, known) + "\"");
        continue;
      }
      const auto at = static_cast<std::size_t>(found - known.begin()) - 2;
      range(item.second, path + "." + key, info.parameters[at], step.values[at]);
    }
  }

  /// A value, [low, high] or {uniform: [low, high]}.
  void range(const YAML::Node& node, const std::string& path, const OperationParameter& limits,
             Range& value) {
    const bool wrapped = node.IsMap() && node.size() == 1 && node["uniform"];
    const YAML::Node ends = wrapped ? node["uniform"] : node;
    if (ends.IsScalar()) {
      const auto fixed = number(ends, path, limits);
      if (fixed) value = {*fixed, *fixed};
      return;
    }
    if (!ends.IsSequence() || ends.size() != 2) {
      return mistakes_.add(node, path, shown(node), "a number or [low, high]");
    }
    const auto low = number(ends[0], path, limits);
    const auto high = number(ends[1], path, limits);
    if (!low || !high) return;
    if (*low > *high) {
      return mistakes_.add(node, path, text_of(*low) + " to " + text_of(*high), "low to high");
    }
    value = {*low, *high};
  }

  std::optional<double> number(const YAML::Node& node, const std::string& path,
                               const OperationParameter& limits) {
    const auto value = node.IsScalar() ? quantity_from(node.Scalar(), FieldInfo::Unit::none)
                                       : std::optional<double>();
    if (!value) {
      mistakes_.add(node, path, shown(node), "a number");
    } else if (!(*value >= limits.low && *value <= limits.high)) {
      mistakes_.add(node, path, text_of(*value),
                    "from " + text_of(limits.low) + " to " + text_of(limits.high));
    } else if (limits.whole && *value != std::floor(*value)) {
      mistakes_.add(node, path, shown(node), "a whole number");
    } else {
      return value;
    }
    return std::nullopt;
  }

  template <std::size_t N>
  std::size_t choice(const YAML::Node& node, const std::string& path,
                     const std::array<const char*, N>& names) {
    for (std::size_t i = 0; i < N; ++i) {
      if (node.IsScalar() && node.Scalar() == names[i]) return i;
    }
    std::string wanted;
    for (const char* name : names) wanted += (wanted.empty() ? "" : ", ") + std::string(name);
    mistakes_.add(node, path, shown(node), "one of " + wanted);
    return 0;
  }

  Mistakes& mistakes_;
};

}  // namespace

AugmentSpec augment_from_yaml(const YAML::Node& node, const std::string& path, Mistakes& mistakes) {
  return SpecReader(mistakes).spec(node, path);
}

}  // namespace orrery
