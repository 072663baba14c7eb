#include "generator/manifest.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "generator/sinks/coco.hpp"
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

Json keypoints_of(const InstanceLabel& label) {
  Json out = Json::object();
  for (const KeypointLabel& point : label.keypoints) {
    out[point.name] = {{"state", name_of(point.state)}};
    if (point.pixel) out[point.name]["pixel"] = json_of(*point.pixel);
  }
  return out;
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

Json json_of(const Light& light, const Assets& assets) {
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
  if (light.gobo) {
    out["gobo"] = {{"name", assets.models.at(light.gobo->model).name},
                   {"sha256", assets.models.at(light.gobo->model).sha256},
                   {"world_from_object", json_of(light.gobo->world_from_object)}};
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

Json json_of(const Look& look, const Assets& assets) {
  Json out = {
      {"tint", json_of(look.tint)}, {"roughness", look.roughness}, {"metallic", look.metallic}};
  if (look.hue_turn != 0) out["hue_turn"] = look.hue_turn;
  if (look.picture) {
    const PictureTexture& picture = assets.pictures.at(look.picture->picture);
    out["picture"] = {{"name", picture.name},
                      {"sha256", picture.sha256},
                      {"projected", look.picture->projected},
                      {"repeats", {look.picture->repeats.x, look.picture->repeats.y}}};
  }
  if (look.wear) {
    out["wear"] = look.wear->wear;
    out["dirt"] = look.wear->dirt;
  }
  return out;
}

Json props_of(const Scene& scene, const Assets& assets) {
  Json props = Json::array();
  for (const Prop& prop : scene.props) {
    const Model& model = assets.models.at(prop.model);
    props.push_back({{"model", model.name},
                     {"sha256", model.sha256},
                     {"world_from_object", json_of(prop.world_from_object)},
                     {"look", json_of(prop.look, assets)}});
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
  for (const Light& light : scene.lights) lights.push_back(json_of(light, assets));
  const Background& ground = scene.background;
  Json background = {{"kind", kNames[static_cast<std::size_t>(ground.kind)]}};
  if (ground.kind == BackgroundKind::color) background["color"] = json_of(ground.color);
  if (ground.kind == BackgroundKind::photo) {
    background["photo"] = json_of(provenance.photos.at(ground.photo));
  }
  if (scene.background.sky) {
    background["sky"] = {{"name", assets.skies.at(scene.background.sky->sky).name},
                         {"yaw", scene.background.sky->yaw},
                         {"tilt", scene.background.sky->tilt},
                         {"intensity", scene.background.sky->intensity}};
  }
  const Sky& sky = assets.skies.at(scene.sky);
  return {{"lights", lights},
          {"sky",
           {{"name", sky.name},
            {"sha256", sky.sha256},
            {"yaw", scene.sky_yaw},
            {"tilt", scene.sky_tilt},
            {"intensity", scene.sky_intensity}}},
          {"ground", json_of(scene.ground)},
          {"background", background},
          {"props", props_of(scene, assets)},
          {"exposure", scene.exposure},
          {"white_balance", json_of(scene.white_balance)},

          {"placement", json_of(scene.placement)}};
}

Json json_of(const InstanceLabel& label) {
  Json occluders = Json::array();
  for (const Occluder& o : label.occluders) occluders.push_back({{"id", o.id}, {"area", o.area}});
  Json out = {{"hard", label.hard},
              {"visible_box", json_of(label.visible_box)},
              {"visible_area", label.visible_area},
              {"amodal_box", json_of(label.amodal_box)},
              {"amodal_area", label.amodal_area},
              {"visible_fraction", label.visible_fraction},
              {"truncation", label.truncation},
              {"occlusion", label.occlusion},
              {"occluders", occluders}};
  if (!label.keypoints.empty()) out["keypoints"] = keypoints_of(label);
  return out;
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
        {"look", json_of(object.look, assets)},
        {"camera_from_object", json_of(shot.view.camera_from_world * object.world_from_object)}};
    out.update(fates.at(id));
    objects.push_back(std::move(out));
  }
  return objects;
}

/// Everything that the image is made of, each once, in order of kind and name.
Json lineage_of(const Scene& scene, const Assets& assets, const Provenance& provenance) {
  std::set<std::array<std::string, 3>> parts;
  const auto add = [&](const auto& placed) {
    const Model& model = assets.models.at(placed.model);
    parts.insert({"model", model.name, model.sha256});
    if (!placed.look.picture) return;
    const PictureTexture& picture = assets.pictures.at(placed.look.picture->picture);
    parts.insert({"picture", picture.name, picture.sha256});
  };
  for (const Object& object : scene.objects) add(object);
  for (const Prop& prop : scene.props) add(prop);
  const Sky& sky = assets.skies.at(scene.sky);
  parts.insert({"sky", sky.name, sky.sha256});
  if (scene.background.sky) {
    const Sky& seen = assets.skies.at(scene.background.sky->sky);
    parts.insert({"sky", seen.name, seen.sha256});
  }
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
  Json out = {{"index", index},
              {"seed", provenance.seed},
              {"recipe_hash", provenance.recipe_hash},
              {"camera", camera_of(shot.view)},
              {"sensor", json_of(shot.sensor)},
              {"scene", scene_of(shot.scene, assets, provenance)},
              {"objects", objects_of(shot, annotations, assets)},
              {"lineage", lineage_of(shot.scene, assets, provenance)},
              {"files", hashes}};
  if (shot.next_view) out["next_camera"] = camera_of(*shot.next_view);
  return out;
}

Json json_of(const PlacementCount& count) {
  return {{"wanted", count.wanted}, {"redrawn", count.redrawn}, {"left_out", count.left_out}};
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
