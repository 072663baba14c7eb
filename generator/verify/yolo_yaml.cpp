#include "generator/verify/yolo_yaml.hpp"

#include <algorithm>
#include <numeric>

#include "scenes/error.hpp"
#include "scenes/yaml_file.hpp"

namespace orrery {
namespace {

std::vector<std::string> names_of(const YAML::Node& names, const std::string& where,
                                  Findings& findings) {
  std::vector<std::string> list;
  if (names.IsSequence()) {
    for (const YAML::Node& name : names) list.push_back(name.as<std::string>());
    return list;
  }
  if (!names.IsMap()) return list;
  std::map<std::size_t, std::string> by_class;
  for (const auto& entry : names) {
    by_class[entry.first.as<std::size_t>()] = entry.second.as<std::string>();
  }
  for (const auto& [number, name] : by_class) {
    if (number != list.size()) {
      findings.add("yaml_names", where, "a name of class " + std::to_string(number),
                   std::to_string(list.size()) + ": classes from 0 without gaps");
    }
    list.push_back(name);
  }
  return list;
}

void check_names(const YAML::Node& yaml, const std::string& where, const DatasetInfo& info,
                 YoloYaml& out, Findings& findings) {
  const std::vector<std::string> names = names_of(yaml["names"], where, findings);
  out.classes = names.size();
  if (names.empty() && !info.classes.empty()) {
    findings.add("yaml_names", where, "no names", Json(info.classes).dump());
  } else if (!info.classes.empty() && names != info.classes) {
    findings.add("yaml_names", where, Json(names).dump(),
                 Json(info.classes).dump() + ", as dataset.json has them");
  }
  if (yaml["nc"] && yaml["nc"].as<std::size_t>() != names.size()) {
    findings.add("yaml_nc", where, "nc " + yaml["nc"].as<std::string>(),
                 std::to_string(names.size()) + ", as there are names");
  }
}

/// Where each point goes in a mirror, by the first class that has points.
std::vector<std::size_t> flip_of(const DatasetInfo& info) {
  std::vector<std::size_t> flip;
  for (const Keypoints& keypoints : info.keypoints) {
    const auto place = [&keypoints](const std::string& name) {
      return static_cast<std::size_t>(
          std::find_if(keypoints.points.begin(), keypoints.points.end(),
                       [&name](const Keypoint& point) { return point.name == name; }) -
          keypoints.points.begin());
    };
    for (std::size_t i = flip.size(); i < keypoints.points.size(); ++i) flip.push_back(i);
    for (const auto& pair : keypoints.swaps) {
      const std::size_t a = place(pair[0]);
      const std::size_t b = place(pair[1]);
      if (a >= flip.size() || b >= flip.size()) continue;
      flip[a] = b;
      flip[b] = a;
    }
  }
  return flip;
}

void check_flip(const YAML::Node& yaml, const std::string& where, const DatasetInfo& info,
                const YoloYaml& out, Findings& findings) {
  if (!yaml["flip_idx"]) return;  // readers then do not mirror
  const auto flip = yaml["flip_idx"].as<std::vector<std::size_t>>();
  std::vector<std::size_t> sorted = flip;
  std::sort(sorted.begin(), sorted.end());
  std::vector<std::size_t> identity(out.keypoints);
  std::iota(identity.begin(), identity.end(), 0);
  const std::string found = "flip_idx " + Json(flip).dump();
  const std::vector<std::size_t> wanted = flip_of(info);
  const bool swaps = info.classes.empty() || wanted != identity;
  if (sorted != identity) {
    findings.add("yaml_flip", where, found,
                 "each of 0 to " + std::to_string(out.keypoints) + ", without the last, once");
  } else if (flip == identity && swaps && out.keypoints > 1) {
    findings.add("yaml_flip_identity", where, found,
                 "places of left and right exchanged, or no flip_idx: mirrored poses go wrong");
  } else if (!info.classes.empty() && flip != wanted) {
    findings.add("yaml_flip", where, found, Json(wanted).dump() + ", as the dataset's pairs are");
  }
}

void check_poses(const YAML::Node& yaml, const std::string& where, const DatasetInfo& info,
                 YoloYaml& out, Findings& findings) {
  std::vector<std::size_t> shape;
  if (yaml["kpt_shape"]) shape = yaml["kpt_shape"].as<std::vector<std::size_t>>();
  if (shape.size() != 2 || shape[0] == 0 || shape[1] < 2 || shape[1] > 3) {
    findings.add("yaml_kpt_shape", where, "kpt_shape " + Json(shape).dump(),
                 "how many keypoints, and 2 or 3 numbers of each");
    return;
  }
  out.keypoints = shape[0];
  out.numbers = shape[1];
  std::size_t most = 0;
  for (const Keypoints& keypoints : info.keypoints) most = std::max(most, keypoints.points.size());
  if (!info.classes.empty() && most != out.keypoints) {
    findings.add("yaml_kpt_shape", where, "kpt_shape " + Json(shape).dump(),
                 std::to_string(most) + " keypoints, as the dataset has");
  }
  check_flip(yaml, where, info, out, findings);
}

}  // namespace

YoloYaml check_yolo_yaml(const std::filesystem::path& file, bool poses, const DatasetInfo& info,
                         Findings& findings) {
  YoloYaml out;
  const std::string where = file.string();
  try {
    const YAML::Node yaml = yaml_from_file(file, "data.yaml of a YOLO dataset");
    if (!yaml.IsMap()) throw Error(where + ": is no mapping of keys");
    check_names(yaml, where, info, out, findings);
    if (yaml["download"]) {
      findings.add("yaml_download", where, "a key download", "none: readers run what it says");
    }
    const bool rooted = yaml["path"] && !yaml["path"].IsNull();
    std::filesystem::path root = file.parent_path();
    if (rooted) {
      const std::filesystem::path path = yaml["path"].as<std::string>();
      if (path.is_relative()) {
        findings.add("yaml_path", where, "path " + path.string(),
                     "none, or an absolute one: readers look for others in a folder of their own");
      }
      root /= path;
    }
    for (const auto& entry : yaml) {
      if (!entry.second.IsScalar()) continue;
      const auto key = entry.first.as<std::string>();
      const auto value = entry.second.as<std::string>();
      const bool split = key == "train" || key == "val" || key == "test";
      if (split || value.ends_with(".txt")) out.lists[key] = root / value;
    }
    for (const char* split : {"train", "val"}) {
      if (out.lists.contains(split)) continue;
      findings.add("yaml_split_missing", where, std::string("no ") + split,
                   "train and val, which readers ask for");
    }
    if (poses) check_poses(yaml, where, info, out, findings);
  } catch (const Error& e) {
    findings.add("yaml_unreadable", where, e.what(), "data.yaml of a YOLO dataset");
  } catch (const YAML::Exception& e) {
    findings.add("yaml_unreadable", where, e.what(), "data.yaml of a YOLO dataset");
  }
  return out;
}

}  // namespace orrery
