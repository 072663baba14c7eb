#include "generator/manifest.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "scenes/sha256.hpp"

namespace orrery {
namespace {

template <class Vector>
Json json_of(const Vector& v) {
  Json out = Json::array();
  for (glm::length_t i = 0; i < v.length(); ++i) out.push_back(static_cast<double>(v[i]));
  return out;
}

Json json_of(const Box& box) { return {box.x0, box.y0, box.x1, box.y1}; }

Json json_of(const Pose& pose) {
  Json rows = Json::array();
  for (int row = 0; row < 3; ++row) {
    for (int column = 0; column < 3; ++column) rows.push_back(pose.rotation[column][row]);
  }
  return {{"rotation", rows}, {"scale", pose.scale}, {"translation", json_of(pose.translation)}};
}

Json camera_of(const View& view) {
  const Intrinsics& k = view.intrinsics;
  Json out = {{"width", k.width},    {"height", k.height},
              {"fx", k.fx},          {"fy", k.fy},
              {"cx", k.cx},          {"cy", k.cy},
              {"near", view.near_m}, {"camera_from_world", json_of(view.camera_from_world)}};
  if (k.lens.model != LensModel::pinhole) {
    out["lens"] = lens_model_name(k.lens);
    out["distortion"] = distortion_of(k.lens);
  }
  return out;
}

Json json_of(const Light& light) {
  static constexpr std::array kNames{"sun", "spot", "area"};
  Json out = {{"kind", kNames[static_cast<std::size_t>(light.kind)]},
              {"color", json_of(light.color)},
              {"direction", json_of(light.direction)},
              {"radius", light.radius},
              {"shadow", light.shadow}};
  if (light.kind != LightKind::sun) out["position"] = json_of(light.position);
  if (light.kind == LightKind::spot) {
    out["inner_angle"] = light.inner_angle;
    out["outer_angle"] = light.outer_angle;
  }
  return out;
}

Json json_of(const Ground& ground) {
  static constexpr std::array kNames{"none", "disc", "plane"};
  Json out = {{"kind", kNames[static_cast<std::size_t>(ground.kind)]}};
  if (ground.kind == GroundKind::none) return out;
  out["height"] = ground.height;
  if (ground.kind == GroundKind::disc) out["radius"] = ground.radius;
  out["color"] = json_of(ground.color);
  out["roughness"] = ground.roughness;
  out["shadow_only"] = ground.shadow_only;
  return out;
}

Json json_of(const NamedAsset& asset) { return {{"name", asset.name}, {"sha256", asset.sha256}}; }

Json json_of(const Look& look) {
  return {{"tint", json_of(look.tint)}, {"roughness", look.roughness}, {"metallic", look.metallic}};
}

Json props_of(const Scene& scene, const Assets& assets) {
  Json props = Json::array();
  for (const Prop& prop : scene.props) {
    const Model& model = assets.models.at(prop.model);
    props.push_back({{"model", model.name},
                     {"sha256", model.sha256},
                     {"world_from_object", json_of(prop.world_from_object)},
                     {"look", json_of(prop.look)}});
  }
  return props;
}

Json json_of(const Sensor& s) {
  return {{"focus", s.focus},
          {"aperture", s.aperture},
          {"shake", s.shake},
          {"shake_angle", s.shake_angle},
          {"vignetting", s.vignetting},
          {"chromatic", s.chromatic},
          {"exposure", s.exposure},
          {"white", json_of(s.white)},
          {"full_well", s.full_well},
          {"read_noise", s.read_noise},
          {"mosaic", s.mosaic},
          {"sharpening", s.sharpening},
          {"jpeg_quality", s.jpeg_quality}};
}

Json scene_of(const Scene& scene, const Assets& assets, const Provenance& provenance) {
  static constexpr std::array kNames{"sky", "color", "photo", "transparent"};
  Json lights = Json::array();
  for (const Light& light : scene.lights) lights.push_back(json_of(light));
  const Background& ground = scene.background;
  Json background = {{"kind", kNames[static_cast<std::size_t>(ground.kind)]}};
  if (ground.kind == BackgroundKind::color) background["color"] = json_of(ground.color);
  if (ground.kind == BackgroundKind::photo) {
    background["photo"] = json_of(provenance.photos.at(ground.photo));
  }
  const Sky& sky = assets.skies.at(scene.sky);
  return {{"lights", lights},
          {"sky",
           {{"name", sky.name},
            {"sha256", sky.sha256},
            {"yaw", scene.sky_yaw},
            {"intensity", scene.sky_intensity}}},
          {"ground", json_of(scene.ground)},
          {"background", background},
          {"props", props_of(scene, assets)},
          {"exposure", scene.exposure}};
}

Json json_of(const InstanceLabel& label) {
  Json occluders = Json::array();
  for (const Occluder& o : label.occluders) occluders.push_back({{"id", o.id}, {"area", o.area}});
  return {{"hard", label.hard},
          {"visible_box", json_of(label.visible_box)},
          {"visible_area", label.visible_area},
          {"amodal_box", json_of(label.amodal_box)},
          {"amodal_area", label.amodal_area},
          {"visible_fraction", label.visible_fraction},
          {"truncation", label.truncation},
          {"occlusion", label.occlusion},
          {"occluders", occluders}};
}

Json objects_of(const Shot& shot, const Annotations& annotations, const Assets& assets) {
  std::map<std::uint32_t, Json> fates;
  for (const InstanceLabel& label : annotations.instances) fates[label.id] = json_of(label);
  for (const auto& dropped : annotations.dropped) {
    fates[dropped.id] = {{"dropped", dropped.rule}};
  }
  Json objects = Json::array();
  for (std::uint32_t id = 1; id <= shot.scene.objects.size(); ++id) {
    const Object& object = shot.scene.objects[id - 1];
    const Model& model = assets.models.at(object.model);
    Json out = {
        {"id", id},
        {"class", object.class_id},
        {"model", model.name},
        {"sha256", model.sha256},
        {"look", json_of(object.look)},
        {"camera_from_object", json_of(shot.view.camera_from_world * object.world_from_object)}};
    out.update(fates.at(id));
    objects.push_back(std::move(out));
  }
  return objects;
}

/// Everything that the image is made of, each once, in order of kind and name.
Json lineage_of(const Scene& scene, const Assets& assets, const Provenance& provenance) {
  std::set<std::array<std::string, 3>> parts;
  for (const Object& object : scene.objects) {
    const Model& model = assets.models.at(object.model);
    parts.insert({"model", model.name, model.sha256});
  }
  for (const Prop& prop : scene.props) {
    const Model& model = assets.models.at(prop.model);
    parts.insert({"model", model.name, model.sha256});
  }
  const Sky& sky = assets.skies.at(scene.sky);
  parts.insert({"sky", sky.name, sky.sha256});
  if (scene.background.kind == BackgroundKind::photo) {
    const NamedAsset& photo = provenance.photos.at(scene.background.photo);
    parts.insert({"photo", photo.name, photo.sha256});
  }
  Json lineage = Json::array();
  for (const auto& [kind, name, sha256] : parts) {
    lineage.push_back({{"kind", kind}, {"name", name}, {"sha256", sha256}});
  }
  return lineage;
}

}  // namespace

Json manifest_of(const Shot& shot, const Annotations& annotations, const Assets& assets,
                 const Provenance& provenance, std::uint64_t index,
                 std::span<const EncodedFile> files) {
  Json hashes = Json::object();
  for (const EncodedFile& file : files) hashes[file.path] = sha256_hex(file.bytes);
  return {{"index", index},
          {"seed", provenance.seed},
          {"recipe_hash", provenance.recipe_hash},
          {"camera", camera_of(shot.view)},
          {"sensor", json_of(shot.sensor)},
          {"scene", scene_of(shot.scene, assets, provenance)},
          {"objects", objects_of(shot, annotations, assets)},
          {"lineage", lineage_of(shot.scene, assets, provenance)},
          {"files", hashes}};
}

Ledger ledger_of(const Shot& shot, const Annotations& annotations) {
  Ledger ledger;
  for (const Object& object : shot.scene.objects) ++ledger[object.class_id].placed;
  for (const InstanceLabel& label : annotations.instances) ++ledger[label.class_id].labelled;
  for (const auto& dropped : annotations.dropped) {
    ++ledger[dropped.class_id].dropped[dropped.rule];
  }
  return ledger;
}

void add(Ledger& sum, const Ledger& more) {
  for (const auto& [class_id, tally] : more) {
    Tally& to = sum[class_id];
    to.placed += tally.placed;
    to.labelled += tally.labelled;
    for (const auto& [rule, count] : tally.dropped) to.dropped[rule] += count;
  }
}

}  // namespace orrery
