#include "scenes/yaml_reader.hpp"

#include <sstream>

namespace orrery {

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

/// One value, {uniform: [low, high]}, or {low: …, high: …}.
void YamlReader::read(const YAML::Node& node, const std::string& path, Range& value,
                      const FieldInfo& info) {
  if (node.IsScalar()) {
    value.low = value.high = number(node, path, info);
  } else if (node.IsMap() && node["low"] && node["high"] && node.size() == 2) {
    value = {number(node["low"], path + ".low", info), number(node["high"], path + ".high", info)};
  } else if (node.IsMap() && node["uniform"] && node.size() == 1) {
    const std::vector<double> ends = numbers(node["uniform"], path + ".uniform", info);
    if (ends.size() != 2) return mistakes_.add(node, path, shown(node), "uniform: [low, high]");
    value = {ends[0], ends[1]};
  } else {
    return mistakes_.add(node, path, shown(node), "a number or {uniform: [low, high]}");
  }
  if (value.low > value.high) {
    mistakes_.add(node, path, text_of(value.low) + " to " + text_of(value.high), "low to high");
  }
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
    if (d.values.size() != 2) return refuse("[low, high]");
    if (!rising(d.values, 0, 1)) return refuse("[low, high], the lower one first");
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

}  // namespace orrery
