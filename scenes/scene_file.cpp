#include "scenes/scene_file.hpp"

#include <algorithm>

#include "scenes/error.hpp"
#include "scenes/nearest_name.hpp"
#include "scenes/scene_lens.hpp"
#include "scenes/scene_paths.hpp"
#include "scenes/scene_schema.hpp"
#include "scenes/turntable_camera.hpp"
#include "scenes/yaml_file.hpp"

namespace orrery {
namespace {

namespace fs = std::filesystem;

/// What must hold of a turntable beyond the ranges of its numbers, and what it leaves no room for.
void check_turntable(const TurntableSpec& spec, const YAML::Node& root, Mistakes& mistakes) {
  const YAML::Node at = root["turntable"] ? root["turntable"] : root;
  const auto check = [&](bool holds, const char* field, const char* found, const char* wanted) {
    const YAML::Node node = at.IsMap() && at[field] ? at[field] : at;
    if (!holds) mistakes.add(node, std::string("turntable.") + field, found, wanted);
  };
  const std::vector<double>& k = spec.k;
  const bool calibrated = k.empty() || (k.size() == 4 && k[0] > 0 && k[1] > 0);
  check(calibrated, "k", "something else",
        "fx, fy, cx, cy with focal lengths above 0, or an empty list");
  const std::size_t terms = spec.distortion.size();
  const bool known = spec.fisheye ? terms == 4 : terms == 4 || terms == 5 || terms == 8;
  check(terms == 0 ? !spec.fisheye : known, "distortion", "something else",
        "k1, k2, p1, p2[, k3[, k4, k5, k6]], of a fisheye k1, k2, k3, k4, or an empty list");
  if (calibrated && (terms == 0 || known)) {
    try {
      intrinsics_of(spec);
    } catch (const Error& error) {
      check(false, "distortion", error.what(), "a lens that sees the whole image");
    }
  }
  check(!spec.elevations.empty(), "elevations", "empty", "at least one angle");
  check(!spec.rest_sides.empty(), "rest_sides", "empty", "at least one side");
  check(!spec.skies.empty(), "skies", "empty", "at least one sky");
  check(!spec.backgrounds.empty(), "backgrounds", "empty", "at least one kind");
  check(!spec.grounds.empty(), "grounds", "empty", "at least one kind");
  const bool other = std::any_of(spec.backgrounds.begin(), spec.backgrounds.end(),
                                 [](BackgroundKind kind) { return kind != BackgroundKind::photo; });
  check(other || spec.backgrounds.empty() || !spec.photos.empty(), "photos", "empty",
        "at least one photo, since backgrounds asks for nothing else");
  for (const char* section : kNotOnTurntables) {
    if (!root[section]) continue;
    mistakes.add(root[section], section, "given beside a turntable",
                 "one or the other: a turntable has its own");
  }
  for (std::size_t i = 0; root["objects"] && i < root["objects"].size(); ++i) {
    if (!root["objects"][i].IsMap()) continue;
    for (const auto& item : root["objects"][i]) {
      const std::string key = item.first.Scalar();
      if (std::find(kSetsOnTurntables.begin(), kSetsOnTurntables.end(), key) !=
          kSetsOnTurntables.end()) {
        continue;
      }
      mistakes.add(item.first, "objects[" + std::to_string(i) + "]." + key,
                   "given beside a turntable", "name, models, shapes and class alone");
    }
  }
}

/// Where the key of a set stands; of a set from an included file, where its own file starts.
YAML::Node node_of(const YAML::Node& objects, std::size_t set, const std::string& key) {
  if (!objects.IsSequence() || set >= objects.size()) return objects;
  const YAML::Node at = objects[set];
  return at.IsMap() && at[key] ? at[key] : at;
}

/// Which set `name` means, if it is one of `names` other than that of `self`; else a mistake.
std::optional<std::size_t> other_set(const std::string& name, std::size_t self,
                                     const std::vector<std::string>& names, const YAML::Node& at,
                                     const std::string& path, Mistakes& mistakes) {
  std::vector<std::string> others;
  for (std::size_t k = 0; k < names.size(); ++k) {
    if (k == self) continue;
    if (names[k] == name) return k;
    others.push_back(names[k]);
  }
  mistakes.add(at, path, "\"" + name + "\"" + (name == names[self] ? ", the set itself" : ""),
               others.empty()
                   ? "the name of another set, and there is none"
                   : "the name of another set such as \"" + nearest_name(name, others) + "\"");
  return std::nullopt;
}

/// A container must be there, and there before what goes into it.
void check_containers(const std::vector<ObjectSet>& sets, const YAML::Node& objects,
                      Mistakes& mistakes) {
  const std::vector<std::string> names = set_names(sets);
  std::vector<std::optional<std::size_t>> holder(sets.size());
  const auto place = [&](std::size_t i) { return node_of(objects, i, "container"); };
  const auto path = [](std::size_t i) { return "objects[" + std::to_string(i) + "].container"; };
  for (std::size_t i = 0; i < sets.size(); ++i) {
    const std::string& name = sets[i].container;
    if (name.empty()) continue;
    holder[i] = other_set(name, i, names, place(i), path(i), mistakes);
    if (holder[i] && sets[*holder[i]].placement == Placement::fly) {
      mistakes.add(place(i), path(i), "\"" + name + "\", whose things fly",
                   "a set whose things stand or lie");
    }
    if (sets[i].placement != Placement::drop) {
      mistakes.add(place(i), path(i), "given without placement drop", "both, or neither");
    }
  }
  for (std::size_t i = 0; i < sets.size(); ++i) {
    std::optional<std::size_t> outer = holder[i];
    for (std::size_t steps = 0; outer && *outer != i && steps < sets.size(); ++steps) {
      outer = holder[*outer];
    }
    if (outer != i) continue;
    mistakes.add(place(i), path(i), "\"" + sets[i].container + "\", which goes into this set",
                 "an outermost container at the end");
  }
}

void check_sets(const std::vector<ObjectSet>& sets, const YAML::Node& root, Mistakes& mistakes) {
  const YAML::Node objects = root.IsMap() && root["objects"] ? root["objects"] : root;
  const std::vector<std::string> names = set_names(sets);
  for (std::size_t i = 0; i < sets.size(); ++i) {
    const ObjectSet& set = sets[i];
    const std::string path = "objects[" + std::to_string(i) + "]";
    if (set.models.empty() && set.shapes.empty()) {
      mistakes.add(node_of(objects, i, ""), path, "without models and shapes",
                   "at least one of them");
    }
    if (set.cover && set.placement != Placement::drop) {
      mistakes.add(node_of(objects, i, "cover"), path + ".cover", "true",
                   "placement drop with it, or false");
    }
    if (!set.class_by_side.empty() && set.class_by_side.size() != 6) {
      mistakes.add(node_of(objects, i, "class_by_side"), path + ".class_by_side",
                   "a list of " + std::to_string(set.class_by_side.size()), "six classes");
    }
    if (!set.colors_of.empty()) {
      other_set(set.colors_of, i, names, node_of(objects, i, "colors_of"), path + ".colors_of",
                mistakes);
    }
  }
  check_containers(sets, objects, mistakes);
}

void read_into(SceneSpec& spec, const YAML::Node& root, Mistakes& mistakes, bool may_include) {
  YamlReader reader(root, "", mistakes);
  describe(reader, spec);
  reader.finish(may_include ? std::vector<std::string>{"include"} : std::vector<std::string>{});
  check_sets(spec.objects, root, mistakes);
  if (spec.room.floors.empty()) {
    mistakes.add(root["room"], "room.floors", "an empty list", "at least one surface material");
  }
  const std::vector<std::string> factors{"objects", "placement", "surface", "lights", "sky",
                                         "room",    "backplate", "camera",  "sensor"};
  for (const std::string& name : spec.vary) {
    if (std::find(factors.begin(), factors.end(), name) != factors.end()) continue;
    mistakes.add(root["vary"] ? root["vary"] : root, "vary", "\"" + name + "\"",
                 "a factor such as \"" + nearest_name(name, factors) + "\"");
  }
  if (spec.turntable && root.IsMap()) check_turntable(*spec.turntable, root, mistakes);
  const std::optional<std::string> lens = lens_mistake(spec.camera);
  const YAML::Node at = root["camera"] ? root["camera"] : root;
  if (lens) mistakes.add(at, "camera.lens", *lens, "a lens that sees the whole image");
  mistakes.throw_if_any();
}

void read_file_into(SceneSpec& spec, const fs::path& file, const std::vector<std::string>& sets,
                    int depth) {
  if (depth > 16) throw Error(file.string() + ": includes itself, wanted an end");
  YAML::Node root = yaml_from_file(file, "a scene file");
  if (root.IsMap() && root["include"]) {
    read_file_into(spec, file.parent_path() / root["include"].Scalar(), {}, depth + 1);
  }
  resolve_paths(root, file.parent_path());
  for (const std::string& set : sets) set_at(root, set);
  Mistakes mistakes(file.string());
  read_into(spec, root, mistakes, true);
}

}  // namespace

std::vector<std::string> set_names(const std::vector<ObjectSet>& sets) {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < sets.size(); ++i) {
    names.push_back(sets[i].name.empty() ? "set " + std::to_string(i) : sets[i].name);
  }
  return names;
}

SceneSpec read_scene_file(const fs::path& file, const std::vector<std::string>& sets) {
  SceneSpec spec;
  spec.name = file.stem().string();
  read_file_into(spec, file, sets, 0);
  return spec;
}

PhotoView photo_view_from_file(const fs::path& file) {
  PhotoView view;
  Mistakes mistakes(file.string());
  YamlReader reader(yaml_from_file(file, "a scene file"), "", mistakes);
  describe(reader, view);
  reader.finish();
  mistakes.throw_if_any();
  return view;
}

SceneSpec scene_from_text(const std::string& text, const std::string& where) {
  SceneSpec spec;
  Mistakes mistakes(where);
  read_into(spec, yaml_from(text, where), mistakes, false);
  return spec;
}

void require_valid(const SceneSpec& spec, const std::string& where) {
  SceneSpec again;
  Mistakes mistakes(where, false);
  read_into(again, yaml_from(text_from_scene(spec), where), mistakes, false);
}

}  // namespace orrery
