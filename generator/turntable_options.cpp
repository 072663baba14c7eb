#include "generator/turntable_options.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>

#include "generator/option_values.hpp"
#include "generator/options.hpp"
#include "scenes/error.hpp"
#include "scenes/scene_file.hpp"

namespace orrery {
namespace {

/// A list: repeat the option or separate with commas; it never swallows what follows.
CLI::Option* add_list(CLI::App& app, const std::string& name, std::vector<std::string>& to,
                      const std::string& help) {
  return app.add_option(name, to, help)->delimiter(',')->allow_extra_args(false);
}

void add_what(CLI::App& app, RawTurntable& raw) {
  app.add_option("MODEL", raw.models, "model files: glb, gltf, obj, ply, stl, fbx, dae, 3mf, off")
      ->required();
  app.add_option("-n,--count", raw.count, "how many images")
      ->capture_default_str()
      ->check(CLI::PositiveNumber);
  app.add_option("--seed", raw.seed, "another seed, another dataset")
      ->capture_default_str()
      ->check(CLI::NonNegativeNumber);
  add_list(app, "--class", raw.classes,
           "class names: one for each model in order, or FILE=NAME (--class mug --class "
           "a.glb=rocket); by default the file's name, or its folder's");
  add_list(
      app, "--class-order", raw.class_order,
      "all classes in the order of their ids (--class-order cup,mug); by default as the models "
      "name them");
  app.add_option(
      "--preset", raw.preset,
      "product: bright studio on a plane; cutout: transparent, no ground, no truncation. "
      "Options given beside it win");
}

void add_camera(CLI::App& app, RawTurntable& raw) {
  const char* group = "Camera (ranges are LOW:HIGH or one value)";
  app.add_option("--size", raw.size, "image size in pixels [640x480]")->group(group);
  add_list(app, "--elevations", raw.elevations,
           "heights of the camera above the table in degrees [10,35,60,85]")
      ->group(group);
  app.add_option("--azimuths", raw.azimuths, "steps of a full turn [36]")->group(group);
  app.add_option("--jitter", raw.jitter,
                 "± degrees about each elevation; azimuths then move freely within their steps; 0: "
                 "exact angles [4]")
      ->group(group);
  app.add_option("--apparent-size", raw.apparent,
                 "longer side of the object's box as a fraction of the image's shorter side "
                 "[0.25:0.9]")
      ->group(group);
  app.add_option("--distance", raw.distance,
                 "metres from the camera to the object, instead of an apparent size")
      ->group(group);
  app.add_option("--roll", raw.roll, "degrees about the optical axis [-2.9:2.9]")->group(group);
  app.add_option("--offset", raw.offset,
                 "distance of the object from the image's centre, 1: it touches the border [0:0.9]")
      ->group(group);
  app.add_option("--truncated", raw.truncated, "share of images whose object leaves them [0.1]")
      ->group(group);
  auto* fov = app.add_option("--fov", raw.fov, "horizontal field of view in degrees [45]");
  fov->group(group);
  add_list(app, "--k", raw.k, "your camera: fx,fy,cx,cy in pixels")->group(group)->excludes(fov);
  auto* distortion = add_list(app, "--distortion", raw.distortion,
                              "your lens, as OpenCV calibrates it: k1,k2,p1,p2[,k3[,k4,k5,k6]]");
  distortion->group(group);
  add_list(app, "--fisheye", raw.fisheye, "the same of a fisheye: k1,k2,k3,k4")
      ->group(group)
      ->excludes(distortion);
  app.add_option("--exposure", raw.exposure, "stops [-0.5:0.5]")->group(group);
}

void add_scene(CLI::App& app, RawTurntable& raw) {
  const char* group = "Scene";
  add_list(app, "--sides", raw.sides,
           "sides that the object rests on; repeat one to weigh it: bottom, top, left, right, "
           "front, back [bottom,bottom,bottom,top]")
      ->group(group);
  app.add_option("--models-per-image", raw.per_image,
                 "models side by side: --models-per-image 1:5 "
                 "[1]")
      ->group(group);
  app.add_option("--rigs", raw.rigs, "different set-ups of lights [8]")->group(group);
  app.add_option("--lights", raw.lights, "weaker lights beside the key light [0:3]")->group(group);
  app.add_option("--sun", raw.sun, "strength of the key light [0.6:2.4]")->group(group);
  app.add_option("--sky-light", raw.sky_light, "strength of the sky [0.3:0.8]")->group(group);
  app.add_option("--temperature", raw.temperature, "colour of lights, kelvin [3500:9500]")
      ->group(group);
  add_list(app, "--sky", raw.skies,
           "studio, overcast, clear, sunset, indoor or .hdr files [all five]")
      ->group(group);
  add_list(app, "--background", raw.backgrounds,
           "sky, color, photo, transparent [sky,color, and photo if there are photos]")
      ->group(group);
  add_list(app, "--photos", raw.photos, "photos for backgrounds: files or folders")->group(group);
  add_list(app, "--ground", raw.grounds, "disc, plane, none [all three]")->group(group);
  app.add_option(
         "--shadow-only", raw.shadow_only,
         "share of grounds that only catch shadow, before photos, colours and nothing [0.5]")
      ->group(group);
}

void add_output(CLI::App& app, RawTurntable& raw) {
  const char* group = "Output";
  app.add_option("--format", raw.format, "jpg or png [jpg; png where a background is transparent]")
      ->group(group);
  app.add_option("--quality", raw.quality, "JPEG quality [92]")->group(group);
  app.add_flag("--depth", raw.depth, "write depth, 16-bit PNG in millimetres")->group(group);
  app.add_flag("--id", raw.id, "write instance ids")->group(group);
  app.add_flag("--normal", raw.normal, "write normals")->group(group);
  app.add_flag("--all-planes", raw.all_planes, "write depth, ids and normals")->group(group);
  app.add_flag("--flow", raw.flow,
               "a second picture and optical flow to it, as KITTI's: labels.flow")
      ->group(group);
  app.add_flag("--panoptic", raw.panoptic, "COCO panoptic segments: labels.panoptic")->group(group);
  app.add_option("--chunk", raw.chunk,
                 "images that are rendered and committed as one [64; a short run takes less]")
      ->group(group);
  app.add_option("--on-failure", raw.on_failure,
                 "of an image that cannot be made: stop its chunk, or resample it [stop]")
      ->group(group);
  app.add_option("--pack", raw.pack,
                 "files: each file by itself; tar: those of a chunk in one archive; auto: tar for "
                 "more than 100,000 images [auto]")
      ->group(group);
}

void add_quality(CLI::App& app, RawTurntable& raw) {
  const char* group = "Rendering";
  app.add_flag("--no-aa", raw.no_aa, "one sample a pixel for colour, too")->group(group);
  app.add_flag("--no-shadows", raw.no_shadows, "lights pass through objects")->group(group);
  app.add_flag("--no-ao", raw.no_ao, "no ambient occlusion")->group(group);
  app.add_flag("--no-amodal", raw.no_amodal, "no amodal masks, boxes and visible fractions")
      ->group(group);
  app.add_option("--lod-error", raw.lod_error_px,
                 "pixels by which coarser meshes may differ; 0: full meshes always")
      ->group(group)
      ->capture_default_str();
  app.add_option("--max-texture", raw.max_texture, "longest side of textures, texels")
      ->group(group)
      ->capture_default_str();
  app.add_flag("--validate", raw.validate, "Vulkan's validation layers on")->group(group);
}

void apply_preset(Recipe& recipe, const std::string& preset) {
  TurntableSpec& s = *recipe.scene.turntable;
  if (preset == "product") {
    s.skies = {"studio"};
    s.backgrounds = {BackgroundKind::sky};
    s.grounds = {GroundKind::plane};
    s.rest_sides = {RestSide::bottom};
    s.center_offset = {0, 0.3};
    s.truncated = 0;
    s.apparent_size = {0.5, 0.85};
    s.sky_intensity = {0.5, 0.8};
  } else if (preset == "cutout") {
    s.backgrounds = {BackgroundKind::transparent};
    s.grounds = {GroundKind::none};
    s.center_offset = {0, 0};
    s.truncated = 0;
    s.apparent_size = {0.8, 0.9};
    recipe.outputs.image_format = ImageFormat::png;
  } else if (!preset.empty()) {
    refuse_value("--preset", preset, {"product", "cutout"});
  }
}

void set_camera(TurntableSpec& s, const RawTurntable& raw) {
  if (!raw.size.empty()) std::tie(s.width, s.height) = size_from("--size", raw.size);
  if (!raw.elevations.empty()) s.elevations = numbers_from("--elevations", raw.elevations);
  if (raw.azimuths) s.azimuths = *raw.azimuths;
  if (raw.jitter) {
    s.elevation_jitter = *raw.jitter;
    s.azimuth_jitter = *raw.jitter > 0 ? 0.5 : 0;
  }
  set_range("--apparent-size", raw.apparent, s.apparent_size);
  set_range("--distance", raw.distance, s.distance);
  set_range("--roll", raw.roll, s.roll);
  set_range("--offset", raw.offset, s.center_offset);
  set_range("--exposure", raw.exposure, s.exposure);
  if (raw.truncated) s.truncated = *raw.truncated;
  if (raw.fov) s.fov = *raw.fov;
  if (!raw.k.empty()) s.k = numbers_from("--k", raw.k);
  if (!raw.distortion.empty()) s.distortion = numbers_from("--distortion", raw.distortion);
  s.fisheye = !raw.fisheye.empty();
  if (s.fisheye) s.distortion = numbers_from("--fisheye", raw.fisheye);
}

void set_scene(TurntableSpec& s, const RawTurntable& raw) {
  set_names("--sides", raw.sides, {"bottom", "top", "left", "right", "front", "back"},
            s.rest_sides);
  set_names("--background", raw.backgrounds, {"sky", "color", "photo", "transparent"},
            s.backgrounds);
  set_names("--ground", raw.grounds, {"none", "disc", "plane"}, s.grounds);
  set_range("--models-per-image", raw.per_image, s.models_per_image);
  set_range("--lights", raw.lights, s.lights);
  set_range("--sun", raw.sun, s.sun_strength);
  set_range("--sky-light", raw.sky_light, s.sky_intensity);
  set_range("--temperature", raw.temperature, s.light_temperature);
  if (raw.rigs) s.rigs = *raw.rigs;
  if (raw.shadow_only) s.shadow_only = *raw.shadow_only;
  if (!raw.skies.empty()) s.skies = raw.skies;
  s.photos = raw.photos;
}

void set_output(Recipe& recipe, const RawTurntable& raw) {
  Outputs& o = recipe.outputs;
  if (recipe.scene.turntable) {
    const auto& kinds = recipe.scene.turntable->backgrounds;
    if (std::count(kinds.begin(), kinds.end(), BackgroundKind::transparent) > 0) {
      o.image_format = ImageFormat::png;
    }
  }
  if (!raw.format.empty()) {
    std::vector<ImageFormat> format;
    set_names("--format", {raw.format}, {"jpg", "png"}, format);
    o.image_format = format.front();
  }
  if (raw.quality) o.jpeg_quality = *raw.quality;
  o.depth = raw.depth || raw.all_planes;
  o.id = raw.id || raw.all_planes;
  o.normal = raw.normal || raw.all_planes;
  recipe.scene.labels.flow |= raw.flow;
  recipe.scene.labels.panoptic |= raw.panoptic;
  if (!raw.on_failure.empty()) recipe.scene.on_failure = on_failure_from(raw);
  recipe.render.prop = recipe.scene.labels.panoptic;
  recipe.render.antialias = !raw.no_aa;
  recipe.render.shadows = !raw.no_shadows;
  recipe.render.ambient_occlusion = !raw.no_ao;
  recipe.render.amodal = !raw.no_amodal;
  recipe.render.normal = o.normal;
  recipe.render.lod_error_px = raw.lod_error_px;
  recipe.render.validate = raw.validate;
}

}  // namespace

OnFailure on_failure_from(const RawTurntable& raw) {
  std::vector<OnFailure> chosen;
  set_names("--on-failure", {raw.on_failure}, {"stop", "resample"}, chosen);
  return chosen.front();
}

void add_output_options(CLI::App& app, RawTurntable& raw) {
  add_output(app, raw);
  add_quality(app, raw);
}

void list_turntable_files(Recipe& recipe) {
  const TurntableSpec& spec = *recipe.scene.turntable;
  recipe.skies = skies_from(spec.skies);
  recipe.photos.clear();
  for (const auto& photo : photo_files(spec.photos)) recipe.photos.push_back({photo.string(), ""});
}

Pack pack_from(const RawTurntable& raw) {
  std::vector<Pack> pack{Pack::automatic};
  const auto& names = EnumNames<Pack>::kNames;
  if (!raw.pack.empty()) set_names("--pack", {raw.pack}, {names.begin(), names.end()}, pack);
  return pack.front();
}

void set_common(Recipe& recipe, const RawTurntable& raw) {
  set_output(recipe, raw);
  recipe.seed = raw.seed;
  recipe.count = raw.count;
  recipe.pack = pack_from(raw);
  // Sixteen chunks or more keep several lanes busy to the end of a short run.
  recipe.chunk = raw.chunk.value_or(std::clamp<std::uint64_t>(raw.count / 16, 1, 64));
}

void add_import_options(CLI::App& app, RawTurntable& raw) {
  const char* group = "Model files";
  app.add_option("--unit", raw.unit, "metres per unit of the files: --unit 0.001 for millimetres")
      ->group(group);
  app.add_option("--up", raw.up, "the files' up axis, y or z; by default what the format says")
      ->group(group);
  app.add_flag("--allow-missing", raw.allow_missing,
               "go on where a texture is missing; by default that is an error")
      ->group(group);
}

ImportSettings import_from(const RawTurntable& raw) {
  ImportSettings settings;
  settings.unit = raw.unit;
  if (!raw.up.empty()) {
    std::vector<UpAxis> up;
    set_names("--up", {raw.up}, {"y", "z"}, up);
    settings.up = up.front();
  }
  settings.allow_missing = raw.allow_missing;
  settings.max_texture = raw.max_texture;
  return settings;
}

void add_recipe_options(CLI::App& app, RawTurntable& raw) {
  add_what(app, raw);
  add_camera(app, raw);
  add_scene(app, raw);
  add_import_options(app, raw);
  add_output_options(app, raw);
}

Recipe recipe_from(const RawTurntable& raw) {
  Recipe recipe = turntable_recipe();
  apply_preset(recipe, raw.preset);
  set_camera(*recipe.scene.turntable, raw);
  set_scene(*recipe.scene.turntable, raw);
  list_turntable_files(recipe);
  set_common(recipe, raw);
  const std::vector<std::filesystem::path> paths(raw.models.begin(), raw.models.end());
  const std::vector<std::string> names = class_names(paths, raw.classes);
  for (std::size_t i = 0; i < paths.size(); ++i) {
    recipe.models.push_back({std::filesystem::absolute(paths[i]).lexically_normal(), names[i], "",
                             import_from(raw), 0});
    recipe.scene.objects[0].models.push_back(recipe.models.back().path.string());
  }
  recipe.classes = raw.class_order;
  for (const std::string& name : names) {
    const bool known =
        std::find(recipe.classes.begin(), recipe.classes.end(), name) != recipe.classes.end();
    if (!known && !raw.class_order.empty()) refuse_value("--class-order", name, raw.class_order);
    if (!known) recipe.classes.push_back(name);
  }
  try {
    require_valid(recipe.scene, "command line");
    require_valid(recipe, "command line");
  } catch (const Error& error) {
    throw Error(error.what(), Exit::usage);
  }
  return recipe;
}

}  // namespace orrery
