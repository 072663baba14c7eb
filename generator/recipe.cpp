#include "generator/recipe.hpp"

#include <algorithm>
#include <cmath>
#include <glm/gtc/constants.hpp>
#include <set>

#include "generator/json_fields.hpp"
#include "scenes/error.hpp"
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
template <>
struct EnumNames<RestSide> {
  static constexpr std::array<const char*, 6> kNames{"bottom", "top",   "left",
                                                     "right",  "front", "back"};
};
template <>
struct EnumNames<BackgroundKind> {
  static constexpr std::array<const char*, 4> kNames{"sky", "color", "photo", "transparent"};
};
template <>
struct EnumNames<GroundKind> {
  static constexpr std::array<const char*, 3> kNames{"none", "disc", "plane"};
};

using Json = nlohmann::ordered_json;

/// `Struct` or `const Struct`: reading and writing share one description.
template <class T, class U>
concept Some = std::is_same_v<std::remove_const_t<T>, U>;

// Not in an unnamed namespace: argument-dependent lookup must find these.
template <class Visitor>
void describe(Visitor& field, Some<Range> auto& r) {
  field("low", r.low);
  field("high", r.high);
}

template <class Visitor>
void describe(Visitor& field, Some<TurntableSpec> auto& s) {
  field("width", s.width);
  field("height", s.height);
  field("fov", s.fov);
  field("k", s.k);
  field("distortion", s.distortion);
  field("fisheye", s.fisheye);
  field("elevations", s.elevations);
  field("elevation_jitter", s.elevation_jitter);
  field("azimuths", s.azimuths);
  field("azimuth_jitter", s.azimuth_jitter);
  field("roll", s.roll);
  field("apparent_size", s.apparent_size);
  field("distance", s.distance);
  field("center_offset", s.center_offset);
  field("truncated", s.truncated);
  field("truncation", s.truncation);
  field("rest_sides", s.rest_sides);
  field("rigs", s.rigs);
  field("sun_strength", s.sun_strength);
  field("light_temperature", s.light_temperature);
  field("lights", s.lights);
  field("sky_intensity", s.sky_intensity);
  field("exposure", s.exposure);
  field("backgrounds", s.backgrounds);
  field("grounds", s.grounds);
  field("ground_radius", s.ground_radius);
  field("shadow_only", s.shadow_only);
  field("models_per_image", s.models_per_image);
}

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
void describe(Visitor& field, Some<Outputs> auto& o) {
  field("image_format", o.image_format);
  field("jpeg_quality", o.jpeg_quality);
  field("jpeg_subsample", o.jpeg_subsample);
  field("depth", o.depth);
  field("id", o.id);
  field("normal", o.normal);
}

/// `normal` follows from the outputs, and `validate` changes no pixel.
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
  field("turntable", r.turntable);
  field("outputs", r.outputs);
  field("render", r.render);
  field("seed", r.seed);
  field("count", r.count);
  field("chunk", r.chunk);
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
  void within(const char* field, const Range& found, double low, double high) const {
    within(field, found.low, low, high);
    within(field, found.high, low, high);
    check(found.low <= found.high, field,
          "must be low to high, found " + text(found.low) + " to " + text(found.high));
  }

 private:
  template <class T>
  static std::string text(T value) {
    return Json(value).dump();
  }

  std::string where_;
};

void check_turntable(const Checks& c, const TurntableSpec& s) {
  constexpr double kFar = 1e6;
  c.within("turntable.width", s.width, 16, 8192);
  c.within("turntable.height", s.height, 16, 8192);
  c.within("turntable.fov", s.fov, 0.01, 3.0);
  c.check(s.k.empty() || (s.k.size() == 4 && s.k[0] > 0 && s.k[1] > 0), "turntable.k",
          "must be fx, fy, cx, cy with focal lengths above 0, or empty");
  const std::size_t terms = s.distortion.size();
  const bool known = s.fisheye ? terms == 4 : terms == 4 || terms == 5 || terms == 8;
  c.check(terms == 0 ? !s.fisheye : known, "turntable.distortion",
          "must be k1,k2,p1,p2[,k3[,k4,k5,k6]], of a fisheye k1,k2,k3,k4, or empty");
  if (terms == 0 || known) intrinsics_of(s);  // throws what is wrong with the lens
  c.check(!s.elevations.empty(), "turntable.elevations", "must hold at least one angle");
  for (const double e : s.elevations) c.within("turntable.elevations", e, 0.0, 1.5708);
  c.within("turntable.elevation_jitter", s.elevation_jitter, 0.0, 1.5708);
  c.within("turntable.azimuths", s.azimuths, 1U, 36000U);
  c.within("turntable.azimuth_jitter", s.azimuth_jitter, 0.0, 1.0);
  c.within("turntable.roll", s.roll, -glm::pi<double>(), glm::pi<double>());
  c.within("turntable.apparent_size", s.apparent_size, 0.001, 20);
  c.within("turntable.distance", s.distance, 0, 1e6);
  c.within("turntable.center_offset", s.center_offset, 0, 1);
  c.within("turntable.truncated", s.truncated, 0.0, 1.0);
  c.within("turntable.truncation", s.truncation, 0, 1);
  c.check(!s.rest_sides.empty(), "turntable.rest_sides", "must hold at least one side");
  c.within("turntable.rigs", s.rigs, 1U, 1000000U);
  c.within("turntable.sun_strength", s.sun_strength, 0, kFar);
  c.within("turntable.light_temperature", s.light_temperature, 1667, 25000);
  c.within("turntable.lights", s.lights, 0, 15);
  c.within("turntable.sky_intensity", s.sky_intensity, 0, kFar);
  c.within("turntable.exposure", s.exposure, -20, 20);
  c.check(!s.backgrounds.empty(), "turntable.backgrounds", "must hold at least one kind");
  c.check(!s.grounds.empty(), "turntable.grounds", "must hold at least one kind");
  c.within("turntable.ground_radius", s.ground_radius, 0.1, kFar);
  c.within("turntable.shadow_only", s.shadow_only, 0.0, 1.0);
  c.within("turntable.models_per_image", s.models_per_image, 1, 1000);
}

}  // namespace

Recipe default_recipe() {
  Recipe recipe;
  recipe.turntable = default_turntable();
  for (const std::string& name : procedural_sky_names()) recipe.skies.push_back({name, ""});
  return recipe;
}

Json json_from(const Recipe& recipe) {
  JsonWriter writer;
  describe(writer, recipe);
  Json json = writer.take();
  if (recipe.scene) {
    json.erase("turntable");
    json["scene"] = Json::parse(text_from_scene(*recipe.scene));
  }
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
    const bool unlabelled =
        recipe.scene && (!model.set || !recipe.scene->objects.at(*model.set).label ||
                         !recipe.scene->objects.at(*model.set).class_by_side.empty());
    c.check(unlabelled || classes.count(model.class_name) == 1, "models",
            "must be of a class in the list of classes, found \"" + model.class_name + "\" for " +
                model.path.string());
    if (model.import.unit) c.within("models.import.unit", *model.import.unit, 1e-9, 1e9);
    c.within("models.import.max_texture", model.import.max_texture, 1, 16384);
  }
  if (!recipe.scene) check_turntable(c, recipe.turntable);
  const auto& kinds = recipe.turntable.backgrounds;
  c.check(!recipe.photos.empty() ||
              std::any_of(kinds.begin(), kinds.end(),
                          [](BackgroundKind k) { return k != BackgroundKind::photo; }),
          "photos", "must hold at least one photo, since backgrounds asks for nothing else");
  c.check(recipe.outputs.image_format == ImageFormat::png ||
              std::count(kinds.begin(), kinds.end(), BackgroundKind::transparent) == 0,
          "outputs.image_format", "must be png where a background is transparent");
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
  // A model's hash covers its import settings; what is known by content needs no name.
  for (Json& model : json["models"]) {
    model = Json{{"class", model["class"]}, {"sha256", model["sha256"]}, {"set", model["set"]}};
  }
  for (const char* list : {"skies", "photos"}) {
    for (Json& file : json[list]) file = Json(file["sha256"]);
  }
  Sha256 hash;
  hash.add(nlohmann::json(json).dump());  // keys in alphabetical order
  return hash.hex();
}

TurntableSpec bound_turntable(const Recipe& recipe) {
  TurntableSpec spec = recipe.turntable;
  spec.skies = static_cast<std::uint32_t>(recipe.skies.size());
  spec.photos = static_cast<std::uint32_t>(recipe.photos.size());
  spec.class_of_model.clear();
  for (const ModelEntry& model : recipe.models) {
    const auto found = std::find(recipe.classes.begin(), recipe.classes.end(), model.class_name);
    spec.class_of_model.push_back(static_cast<std::uint32_t>(found - recipe.classes.begin()));
  }
  return spec;
}

}  // namespace orrery
