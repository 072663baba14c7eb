#include "scenes/keypoints.hpp"

#include <algorithm>
#include <cmath>
#include <fstream>

#include "scenes/error.hpp"
#include "scenes/json.hpp"
#include "scenes/nearest_name.hpp"

namespace orrery {
namespace {

std::vector<std::string> names_of(const Keypoints& keypoints) {
  std::vector<std::string> names;
  for (const Keypoint& point : keypoints.points) names.push_back(point.name);
  return names;
}

[[noreturn]] void refuse(const std::string& where, const Json& found, const std::string& wanted) {
  throw Error(where + " is " + found.dump() + ", wanted " + wanted);
}

void require_keys(const std::string& where, const Json& object,
                  const std::vector<std::string>& known) {
  for (const auto& item : object.items()) {
    if (std::find(known.begin(), known.end(), item.key()) != known.end()) continue;
    throw Error(where + " has \"" + item.key() + "\", wanted keys such as \"" +
                nearest_name(item.key(), known) + "\"");
  }
}

glm::dvec3 position_from(const Json& json, const std::string& where) {
  const bool three = json.is_array() && json.size() == 3 &&
                     std::all_of(json.begin(), json.end(), [](const Json& x) {
                       return x.is_number() && std::isfinite(x.get<double>());
                     });
  if (!three) refuse(where, json, "three numbers");
  return {json[0].get<double>(), json[1].get<double>(), json[2].get<double>()};
}

Keypoint keypoint_from(const std::string& name, const Json& json, const std::string& where) {
  if (!json.is_object()) return {name, position_from(json, where), false};
  require_keys(where, json, {"at", "inside"});
  const auto at = json.find("at");
  if (at == json.end()) refuse(where, json, R"("at": three numbers)");
  Keypoint point{name, position_from(*at, where + ".at"), false};
  const auto inside = json.find("inside");
  if (inside != json.end() && !inside->is_boolean()) {
    refuse(where + ".inside", *inside, "true or false");
  }
  point.inside = inside != json.end() && inside->get<bool>();
  return point;
}

std::vector<std::array<std::string, 2>> pairs_from(const Json& json, const std::string& where) {
  std::vector<std::array<std::string, 2>> pairs;
  if (!json.is_array()) refuse(where, json, "a list of pairs of names");
  for (const Json& pair : json) {
    const bool two =
        pair.is_array() && pair.size() == 2 && pair[0].is_string() && pair[1].is_string();
    if (!two) refuse(where + "[" + std::to_string(pairs.size()) + "]", pair, "two names");
    pairs.push_back({pair[0].get<std::string>(), pair[1].get<std::string>()});
  }
  return pairs;
}

template <class T>
void add_new(std::vector<T>& all, const std::vector<T>& more) {
  for (const T& item : more) {
    if (std::find(all.begin(), all.end(), item) == all.end()) all.push_back(item);
  }
}

}  // namespace

std::string keypoint_name_of(const std::string& node) {
  for (const std::string prefix : {"kp_", "keypoint:"}) {
    if (node.rfind(prefix, 0) == 0) return node.substr(prefix.size());
  }
  return {};
}

std::filesystem::path keypoint_file_of(const std::filesystem::path& model) {
  std::filesystem::path file = model;
  return file.replace_extension(".keypoints.json");
}

Keypoints read_keypoints(const std::filesystem::path& file, const glm::dmat4& model_from_file) {
  std::ifstream in(file);
  if (!in) throw Error(file.string() + ": cannot be read, wanted keypoints", Exit::io);
  Json json;
  try {
    json = Json::parse(in);
  } catch (const Json::exception& error) {
    throw Error(file.string() + ": " + error.what() + ", wanted JSON");
  }
  const std::string where = file.string() + ": ";
  if (!json.is_object()) refuse(where + "the file", json, "an object with keypoints");
  require_keys(where + "the file", json, {"keypoints", "skeleton", "swap"});
  Keypoints keypoints;
  const Json points = json.value("keypoints", Json::object());
  if (!points.is_object()) refuse(where + "keypoints", points, "names with positions");
  for (const auto& item : points.items()) {
    Keypoint point = keypoint_from(item.key(), item.value(), where + "keypoints." + item.key());
    point.position = glm::dvec3(model_from_file * glm::dvec4(point.position, 1));
    keypoints.points.push_back(point);
  }
  if (json.contains("skeleton")) {
    keypoints.skeleton = pairs_from(json.at("skeleton"), where + "skeleton");
  }
  if (json.contains("swap")) keypoints.swaps = pairs_from(json.at("swap"), where + "swap");
  return keypoints;
}

void add_keypoints(Keypoints& all, const Keypoints& more) {
  for (const Keypoint& point : more.points) {
    const bool known = std::any_of(all.points.begin(), all.points.end(),
                                   [&](const Keypoint& k) { return k.name == point.name; });
    if (!known) all.points.push_back(point);
  }
  add_new(all.skeleton, more.skeleton);
  add_new(all.swaps, more.swaps);
}

void require_valid(const Keypoints& keypoints, const std::string& where) {
  std::vector<std::string> names = names_of(keypoints);
  for (const Keypoint& point : keypoints.points) {
    if (point.name.empty()) throw Error(where + ": keypoints has an empty name, wanted a name");
    for (int axis = 0; axis < 3; ++axis) {
      if (std::isfinite(point.position[axis])) continue;
      throw Error(where + ": keypoint \"" + point.name + "\" is nowhere, wanted three numbers");
    }
  }
  const auto check = [&](const char* what, const std::vector<std::array<std::string, 2>>& pairs) {
    for (std::size_t i = 0; i < pairs.size(); ++i) {
      for (const std::string& name : pairs[i]) {
        if (std::find(names.begin(), names.end(), name) != names.end()) continue;
        const std::string wanted =
            names.empty() ? "keypoints" : "one such as \"" + nearest_name(name, names) + "\"";
        throw Error(where + ": " + what + "[" + std::to_string(i) + "] names \"" + name +
                    "\", which is no keypoint, wanted " + wanted);
      }
    }
  };
  check("skeleton", keypoints.skeleton);
  check("swap", keypoints.swaps);
  std::sort(names.begin(), names.end());
  const auto twice = std::adjacent_find(names.begin(), names.end());
  if (twice != names.end()) {
    throw Error(where + ": keypoint \"" + *twice + "\" is there twice, wanted it once");
  }
}

}  // namespace orrery
