#include "generator/recipe.hpp"

#include <algorithm>
#include <set>

#include "generator/json_fields.hpp"
#include "scenes/error.hpp"
#include "scenes/json.hpp"
#include "scenes/scene_file.hpp"
#include "scenes/scene_schema.hpp"
#include "scenes/sha256.hpp"
#include "scenes/sky.hpp"

namespace orrery {

template <>
struct EnumNames<UpAxis> {
  static constexpr std::array<const char*, 2> kNames{"y", "z"};
};
template <>
struct EnumNames<ImageFormat> {
  static constexpr std::array<const char*, 2> kNames{"jpeg", "png"};
};

/// `Struct` or `const Struct`: reading and writing share one description.
template <class T, class U>
concept Some = std::is_same_v<std::remove_const_t<T>, U>;

// Not in an unnamed namespace: argument-dependent lookup must find these.
template <class Visitor>
void describe(Visitor& field, Some<ImportSettings> auto& s) {
  field("unit", s.unit);
  field("up", s.up);
  field("allow_missing", s.allow_missing);
  field("max_texture", s.max_texture);
}

template <class Visitor>
void describe(Visitor& field, Some<ModelEntry> auto& m) {
  field("path", m.path);
  field("class", m.class_name);
  field("sha256", m.sha256);
  field("import", m.import);
  field("set", m.set);
}

template <class Visitor>
void describe(Visitor& field, Some<FileEntry> auto& f) {
  field("name", f.name);
  field("sha256", f.sha256);
}

template <class Visitor>
void describe(Visitor& field, Some<PictureEntry> auto& p) {
  field("name", p.name);
  field("sha256", p.sha256);
  field("side", p.side);
  field("used_by", p.used_by);
}

template <class Visitor>
void describe(Visitor& field, Some<Outputs> auto& o) {
  field("image_format", o.image_format);
  field("jpeg_quality", o.jpeg_quality);
  field("jpeg_subsample", o.jpeg_subsample);
  field("depth", o.depth);
  field("id", o.id);
  field("normal", o.normal);
}

/// `normal` and `prop` follow from the outputs and labels, and `validate` changes no pixel.
template <class Visitor>
void describe(Visitor& field, Some<RenderSettings> auto& r) {
  field("antialias", r.antialias);
  field("shadows", r.shadows);
  field("ambient_occlusion", r.ambient_occlusion);
  field("amodal", r.amodal);
  field("lod_error_px", r.lod_error_px);
}

template <class Visitor>
void describe(Visitor& field, Some<Recipe> auto& r) {
  field("models", r.models);
  field("classes", r.classes);
  field("skies", r.skies);
  field("photos", r.photos);
  field("pictures", r.pictures);
  field("outputs", r.outputs);
  field("render", r.render);
  field("seed", r.seed);
  field("count", r.count);
  field("chunk", r.chunk);
  field("pack", r.pack);
  field("split", r.split);
}

namespace {

class Checks {
 public:
  explicit Checks(std::string where) : where_(std::move(where)) {}

  void check(bool holds, const char* field, const std::string& wanted) const {
    if (!holds) throw Error(where_ + ": " + field + " " + wanted);
  }
  template <class T>
  void within(const char* field, T found, T low, T high) const {
    // Written so that not-a-number fails.
    check(found >= low && found <= high, field,
          "must be from " + text(low) + " to " + text(high) + ", found " + text(found));
  }

 private:
  template <class T>
  static std::string text(T value) {
    return Json(value).dump();
  }

  std::string where_;
};

/// Leaves out of a scene where its files lie and what it makes models of: which these are is told
/// by their names and hashes.
void erase_sources(Json& scene) {
  const auto erase = [](Json& from, const char* section, const char* key) {
    if (from.contains(section)) from[section].erase(key);
  };
  erase(scene, "turntable", "skies");
  erase(scene, "turntable", "photos");
  erase(scene, "sky", "names");
  erase(scene, "surface", "images");
  erase(scene, "backplate", "photos");
  if (scene.contains("backplate") && scene["backplate"].contains("views")) {
    for (Json& view : scene["backplate"]["views"]) view.erase("photo");
  }
  scene.erase("faces");
  scene.erase("prints");
  for (Json& set : scene["objects"]) {
    for (const char* key : {"models", "unit", "allow_missing"}) set.erase(key);
    set.erase("images");
    erase(set, "textures", "images");
  }
}

}  // namespace

Recipe default_recipe() {
  Recipe recipe;
  for (const std::string& name : procedural_sky_names()) recipe.skies.push_back({name, ""});
  return recipe;
}

Recipe turntable_recipe() {
  Recipe recipe = default_recipe();
  SceneSpec& scene = recipe.scene;
  scene.name = "turntable";
  scene.turntable = default_turntable();
  scene.objects.resize(1);
  scene.objects[0].name = "models";
  scene.sensor = {};
  scene.labels = {0, 0, 0};
  return recipe;
}

Json json_from(const Recipe& recipe) {
  JsonWriter writer;
  describe(writer, recipe);
  Json json = writer.take();
  if (recipe.pictures.empty()) json.erase("pictures");
  json["scene"] = Json::parse(text_from_scene(recipe.scene));
  return json;
}

Recipe recipe_from_json(const Json& json, const std::string& where) {
  Recipe recipe = default_recipe();
  Json fields = json;
  if (const auto scene = json.find("scene"); scene != json.end()) {
    recipe.scene = scene_from_text(scene->dump(), where + ".scene");
    fields.erase("scene");
  }
  JsonReader reader(fields, where);
  describe(reader, recipe);
  reader.finish();
  recipe.render.normal = recipe.outputs.normal;
  recipe.render.prop = recipe.scene.labels.panoptic;
  require_valid(recipe, where);
  return recipe;
}

void require_valid(const Recipe& recipe, const std::string& where) {
  const Checks c(where);
  c.check(!recipe.models.empty(), "models", "must hold at least one model");
  c.check(!recipe.skies.empty(), "skies", "must hold at least one sky");
  const std::set<std::string> classes(recipe.classes.begin(), recipe.classes.end());
  c.check(classes.size() == recipe.classes.size(), "classes", "must not repeat a name");
  for (const ModelEntry& model : recipe.models) {
    c.check(!model.set || *model.set < recipe.scene.objects.size(), "models.set",
            "must be one of the scene's sets of objects");
    const bool unlabelled = !model.set || !recipe.scene.objects[*model.set].label ||
                            !recipe.scene.objects[*model.set].class_by_side.empty();
    c.check(unlabelled || classes.count(model.class_name) == 1, "models",
            "must be of a class in the list of classes, found \"" + model.class_name + "\" for " +
                model.path.string());
    if (model.import.unit) c.within("models.import.unit", *model.import.unit, 1e-9, 1e9);
    c.within("models.import.max_texture", model.import.max_texture, 1, 16384);
  }
  if (recipe.scene.turntable) {
    const auto& kinds = recipe.scene.turntable->backgrounds;
    c.check(recipe.outputs.image_format == ImageFormat::png ||
                std::count(kinds.begin(), kinds.end(), BackgroundKind::transparent) == 0,
            "outputs.image_format", "must be png where a background is transparent");
  }
  c.within("outputs.jpeg_quality", recipe.outputs.jpeg_quality, 1, 100);
  c.within("render.lod_error_px", recipe.render.lod_error_px, 0.0F, 100.0F);
  c.within<std::uint64_t>("chunk", recipe.chunk, 1, 65536);
  c.check(!recipe.split.empty() && recipe.split.find('/') == std::string::npos, "split",
          "must be a name without a slash");
}

std::string recipe_hash(const Recipe& recipe) {
  Json json = json_from(recipe);
  json.erase("count");
  json.erase("chunk");
  json.erase("pack");
  // A model's hash covers its import settings; what is known by content needs no name.
  for (Json& model : json["models"]) {
    model = Json{{"class", model["class"]}, {"sha256", model["sha256"]}, {"set", model["set"]}};
  }
  for (const char* list : {"skies", "photos"}) {
    for (Json& file : json[list]) file = Json(file["sha256"]);
  }
  erase_sources(json["scene"]);
  if (recipe.scene.on_failure == OnFailure::stop) json["scene"].erase("on_failure");
  for (Json& picture : json["pictures"]) picture.erase("name");
  if (json["pictures"].empty()) json.erase("pictures");
  Sha256 hash;
  hash.add(nlohmann::json(json).dump());  // keys in alphabetical order
  return hash.hex();
}

}  // namespace orrery
