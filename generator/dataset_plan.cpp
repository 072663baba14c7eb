#include "generator/dataset_plan.hpp"

#include <algorithm>

#include "scenes/error.hpp"

namespace orrery {
namespace {

/// Positions are of no use once images are made.
Json names_json(const Keypoints& keypoints) {
  Json points = Json::array();
  for (const Keypoint& point : keypoints.points) points.push_back(point.name);
  return {{"points", points}, {"skeleton", keypoints.skeleton}, {"swaps", keypoints.swaps}};
}

Keypoints names_from(const Json& json) {
  Keypoints keypoints;
  for (const Json& name : json.at("points")) {
    keypoints.points.push_back({.name = name.get<std::string>()});
  }
  json.at("skeleton").get_to(keypoints.skeleton);
  json.at("swaps").get_to(keypoints.swaps);
  return keypoints;
}

}  // namespace

Json identity_of(const DatasetPlan& plan) {
  return {{"recipe_hash", plan.recipe_hash},
          {"seed", plan.seed},
          {"count", plan.count},
          {"classes", plan.classes}};
}

Pack pack_in(const Json& json) {
  return json.value("pack", "files") == name_of(Pack::tar) ? Pack::tar : Pack::files;
}

Json json_from(const DatasetPlan& plan) {
  Json json = {{"tool", tool_name()}};
  json.update(identity_of(plan));
  json["chunk_size"] = plan.chunk_size;
  json["pack"] = name_of(plan.pack);
  json["keypoints"] = Json::array();
  for (const Keypoints& of_class : plan.keypoints)
    json["keypoints"].push_back(names_json(of_class));
  json["panoptic"] = plan.panoptic;
  json["recipe"] = plan.recipe;
  return json;
}

DatasetPlan dataset_plan_from_json(const Json& json, const std::string& where) {
  DatasetPlan plan;
  try {
    plan.recipe = json.at("recipe");
    json.at("recipe_hash").get_to(plan.recipe_hash);
    json.at("seed").get_to(plan.seed);
    json.at("count").get_to(plan.count);
    json.at("chunk_size").get_to(plan.chunk_size);
    json.at("classes").get_to(plan.classes);
    plan.pack = pack_in(json);
    for (const Json& names : json.at("keypoints")) plan.keypoints.push_back(names_from(names));
    json.at("panoptic").get_to(plan.panoptic);
  } catch (const Json::exception& e) {
    throw Error(where + ": " + e.what() + ", wanted the plan of a dataset of this version");
  }
  if (plan.chunk_size == 0) throw Error(where + ": chunk_size is 0, wanted at least 1");
  return plan;
}

std::uint64_t chunks_of(const DatasetPlan& plan) {
  return (plan.count + plan.chunk_size - 1) / plan.chunk_size;
}

std::string tool_name() { return "orrery " ORRERY_VERSION; }

IndexRun indices_of(const DatasetPlan& plan, std::uint64_t chunk) {
  const std::uint64_t first = chunk * plan.chunk_size;
  return {std::min(first, plan.count), std::min(first + plan.chunk_size, plan.count)};
}

}  // namespace orrery
