#include "generator/options.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <glm/gtc/constants.hpp>

#include "generator/option_values.hpp"
#include "scenes/error.hpp"
#include "scenes/nearest_name.hpp"

namespace orrery {
namespace {

/// What the options of `turntable` and `bench` are parsed into, as text where CLI11 has no type.
struct RawTurntable {
  std::vector<std::string> models, classes, class_order, skies, photos, elevations, sides;
  std::vector<std::string> backgrounds, grounds, k;
  std::string out = "dataset", size, apparent, roll, per_image, lights, sun, sky_light;
  std::string exposure, temperature, offset, format, preset, gpu = "auto", up;
  std::optional<double> fov, jitter, unit, truncated;
  std::optional<std::uint32_t> azimuths, rigs;
  std::optional<int> quality;
  std::uint64_t count = 100, seed = 0, chunk = 64;
  unsigned lanes = 0;
  float lod_error_px = 0.2F;
  int max_texture = 2048;
  bool shadow_only = false, allow_missing = false, depth = false, id = false, normal = false;
  bool all_planes = false, no_aa = false, no_shadows = false, no_ao = false, no_amodal = false;
  bool validate = false, quiet = false;
};

/// A list: repeat the option or separate with commas; it never swallows what follows.
CLI::Option* add_list(CLI::App& app, const std::string& name, std::vector<std::string>& to,
                      const std::string& help) {
  return app.add_option(name, to, help)->delimiter(',')->allow_extra_args(false);
}

void add_machine(CLI::App& app, std::string& gpu, unsigned& lanes) {
  app.add_option("--gpu", gpu, "auto, or a device's number from `orrery doctor`")
      ->group("Machine")
      ->capture_default_str();
  app.add_option("--lanes", lanes, "renderers at a time; 0: as many as suit the machine")
      ->group("Machine")
      ->capture_default_str();
}

void add_import(CLI::App& app, RawTurntable& raw) {
  const char* group = "Model files";
  app.add_option("--unit", raw.unit, "metres per unit of the files: --unit 0.001 for millimetres")
      ->group(group);
  app.add_option("--up", raw.up, "the files' up axis, y or z; by default what the format says")
      ->group(group);
  app.add_flag("--allow-missing", raw.allow_missing,
               "go on where a texture is missing; by default that is an error")
      ->group(group);
}

void add_what(CLI::App& app, RawTurntable& raw) {
  app.add_option("MODEL", raw.models, "model files: glb, gltf, obj, ply, stl, fbx, dae, 3mf, off")
      ->required();
  app.add_option("-n,--count", raw.count, "how many images")->capture_default_str();
  app.add_option("--seed", raw.seed, "another seed, another dataset")->capture_default_str();
  add_list(app, "--class", raw.classes,
           "class names: one for each model in order, or FILE=NAME (--class mug --class "
           "a.glb=rocket); by default the file's name, or its folder's");
  add_list(app, "--class-order", raw.class_order,
           "all classes in the order of their ids (--class-order cup,mug); by default as the models "
           "name them");
  app.add_option("--preset", raw.preset,
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
  app.add_option("--roll", raw.roll, "degrees about the optical axis [-2.9:2.9]")->group(group);
  app.add_option("--offset", raw.offset,
                 "distance of the object from the image's centre, 1: it touches the border [0:0.9]")
      ->group(group);
  app.add_option("--truncated", raw.truncated, "share of images whose object leaves them [0.1]")
      ->group(group);
  auto* fov = app.add_option("--fov", raw.fov, "horizontal field of view in degrees [45]");
  fov->group(group);
  add_list(app, "--k", raw.k, "your camera: fx,fy,cx,cy in pixels")->group(group)->excludes(fov);
  app.add_option("--exposure", raw.exposure, "stops [-0.5:0.5]")->group(group);
}

void add_scene(CLI::App& app, RawTurntable& raw) {
  const char* group = "Scene";
  add_list(app, "--sides", raw.sides,
           "sides that the object rests on; repeat one to weigh it: bottom, top, left, right, "
           "front, back [bottom,bottom,bottom,top]")
      ->group(group);
  app.add_option("--models-per-image", raw.per_image, "models side by side: --models-per-image 1:5 "
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
  app.add_flag("--shadow-only", raw.shadow_only,
               "the ground only catches shadow before photos, colours and nothing [half of them]")
      ->group(group);
}

void add_output(CLI::App& app, RawTurntable& raw) {
  const char* group = "Output";
  app.add_option("-o,--out", raw.out, "folder of the dataset; run again to continue")
      ->group(group)
      ->capture_default_str();
  app.add_option("--format", raw.format, "jpg or png [jpg; png where a background is transparent]")
      ->group(group);
  app.add_option("--quality", raw.quality, "JPEG quality [92]")->group(group);
  app.add_flag("--depth", raw.depth, "write depth, 16-bit PNG in millimetres")->group(group);
  app.add_flag("--id", raw.id, "write instance ids")->group(group);
  app.add_flag("--normal", raw.normal, "write normals")->group(group);
  app.add_flag("--all-planes", raw.all_planes, "write depth, ids and normals")->group(group);
  app.add_option("--chunk", raw.chunk, "images that are rendered and committed as one")
      ->group(group)
      ->capture_default_str();
  app.add_flag("--quiet", raw.quiet, "say nothing but errors")->group(group);
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
  TurntableSpec& s = recipe.turntable;
  if (preset == "product") {
    recipe.skies = {{"studio", ""}};
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
  const double degree = glm::pi<double>() / 180;
  if (!raw.size.empty()) std::tie(s.width, s.height) = size_from("--size", raw.size);
  if (!raw.elevations.empty()) {
    s.elevations = numbers_from("--elevations", raw.elevations);
    for (double& e : s.elevations) e *= degree;
  }
  if (raw.azimuths) s.azimuths = *raw.azimuths;
  if (raw.jitter) {
    s.elevation_jitter = *raw.jitter * degree;
    s.azimuth_jitter = *raw.jitter > 0 ? 0.5 : 0;
  }
  set_range("--apparent-size", raw.apparent, s.apparent_size);
  set_range("--roll", raw.roll, s.roll, degree);
  set_range("--offset", raw.offset, s.center_offset);
  set_range("--exposure", raw.exposure, s.exposure);
  if (raw.truncated) s.truncated = *raw.truncated;
  if (raw.fov) s.fov = *raw.fov * degree;
  if (!raw.k.empty()) s.k = numbers_from("--k", raw.k);
}

void set_scene(Recipe& recipe, const RawTurntable& raw) {
  TurntableSpec& s = recipe.turntable;
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
  if (raw.shadow_only) s.shadow_only = 1;
  if (!raw.skies.empty()) recipe.skies = skies_from(raw.skies);
  for (const auto& photo : photo_files(raw.photos)) recipe.photos.push_back({photo.string(), ""});
}

void set_output(Recipe& recipe, const RawTurntable& raw) {
  Outputs& o = recipe.outputs;
  const auto& kinds = recipe.turntable.backgrounds;
  if (std::count(kinds.begin(), kinds.end(), BackgroundKind::transparent) > 0) {
    o.image_format = ImageFormat::png;
  }
  if (raw.format == "jpg" || raw.format == "jpeg") {
    o.image_format = ImageFormat::jpeg;
  } else if (raw.format == "png") {
    o.image_format = ImageFormat::png;
  } else if (!raw.format.empty()) {
    refuse_value("--format", raw.format, {"jpg", "png"});
  }
  if (raw.quality) o.jpeg_quality = *raw.quality;
  o.depth = raw.depth || raw.all_planes;
  o.id = raw.id || raw.all_planes;
  o.normal = raw.normal || raw.all_planes;
  recipe.render.antialias = !raw.no_aa;
  recipe.render.shadows = !raw.no_shadows;
  recipe.render.ambient_occlusion = !raw.no_ao;
  recipe.render.amodal = !raw.no_amodal;
  recipe.render.normal = o.normal;
  recipe.render.lod_error_px = raw.lod_error_px;
  recipe.render.validate = raw.validate;
}

ImportSettings import_from(const RawTurntable& raw) {
  ImportSettings settings;
  settings.unit = raw.unit;
  if (!raw.up.empty()) {
    if (raw.up != "y" && raw.up != "z") refuse_value("--up", raw.up, {"y", "z"});
    settings.up = raw.up == "y" ? UpAxis::y : UpAxis::z;
  }
  settings.allow_missing = raw.allow_missing;
  settings.max_texture = raw.max_texture;
  return settings;
}

Recipe recipe_from(const RawTurntable& raw) {
  Recipe recipe = default_recipe();
  apply_preset(recipe, raw.preset);
  set_camera(recipe.turntable, raw);
  set_scene(recipe, raw);
  set_output(recipe, raw);
  const std::vector<std::filesystem::path> paths(raw.models.begin(), raw.models.end());
  const std::vector<std::string> names = class_names(paths, raw.classes);
  for (std::size_t i = 0; i < paths.size(); ++i) {
    recipe.models.push_back({std::filesystem::absolute(paths[i]).lexically_normal(), names[i], "",
                             import_from(raw)});
  }
  recipe.classes = raw.class_order;
  for (const std::string& name : names) {
    const bool known =
        std::find(recipe.classes.begin(), recipe.classes.end(), name) != recipe.classes.end();
    if (!known && !raw.class_order.empty()) refuse_value("--class-order", name, raw.class_order);
    if (!known) recipe.classes.push_back(name);
  }
  recipe.seed = raw.seed;
  recipe.count = raw.count;
  recipe.chunk = raw.chunk;
  try {
    require_valid(recipe, "command line");
  } catch (const Error& error) {
    throw Error(error.what(), Exit::usage);
  }
  return recipe;
}

Machine machine_from(const std::string& gpu, unsigned lanes) {
  Machine machine;
  machine.lanes = lanes;
  if (gpu != "auto") machine.gpu = static_cast<std::size_t>(whole_from("--gpu", gpu));
  return machine;
}

/// CLI11's own words, and the nearest option or command where a name is unknown.
[[noreturn]] void refuse(const CLI::App& app, const CLI::ParseError& error) {
  const CLI::App* command = &app;
  if (!app.get_subcommands().empty()) command = app.get_subcommands().front();
  std::string text = error.what();
  const std::vector<std::string> left = app.remaining(true);
  const auto wrong = std::find_if(left.begin(), left.end(),
                                  [](const std::string& word) { return word.size() > 1; });
  if (wrong != left.end()) {
    std::vector<std::string> names;
    if (wrong->front() == '-') {
      for (const CLI::Option* option : command->get_options()) {
        for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
      }
    } else {
      for (const CLI::App* sub : app.get_subcommands({})) names.push_back(sub->get_name());
    }
    text = *wrong + ": is unknown, wanted one such as " +
           nearest_name(wrong->substr(0, wrong->find('=')), names);
  }
  throw Error(text + " (try: orrery" + (command == &app ? "" : " " + command->get_name()) +
                  " --help)",
              Exit::usage);
}

}  // namespace

Command command_from(int argc, const char* const* argv) {
  CLI::App app("Orrery renders labelled training images from 3D models.", "orrery");
  app.require_subcommand(1);
  app.set_version_flag("--version", std::string("orrery ") + ORRERY_VERSION);
  app.footer("Start here:\n  orrery turntable mug.glb rocket.glb -n 200 -o dataset");
  RawTurntable raw;
  InspectCommand inspect;
  ReplayCommand replay;
  ReportCommand report;
  std::string gpu = "auto";
  unsigned lanes = 0;

  CLI::App* turntable = app.add_subcommand("turntable", "a labelled dataset of turning models");
  add_what(*turntable, raw);
  add_output(*turntable, raw);
  add_camera(*turntable, raw);
  add_scene(*turntable, raw);
  add_import(*turntable, raw);
  add_quality(*turntable, raw);
  add_machine(*turntable, raw.gpu, raw.lanes);
  turntable->footer(
      "Examples:\n"
      "  orrery turntable mug.glb rocket.glb -n 200 -o dataset\n"
      "  orrery turntable parts/*.stl --unit 0.001 --k 615,615,320,240 --models-per-image 1:5 \\\n"
      "      --photos backgrounds/ --sky studio,warehouse.hdr -n 5000\n"
      "  orrery turntable mug.glb --preset cutout --elevations 30 --jitter 0 -n 36 --all-planes");

  CLI::App* show = app.add_subcommand("inspect", "what a model file holds");
  show->add_option("MODEL", inspect.model, "model file")->required();
  show->add_flag("--json", inspect.json, "as JSON");
  add_import(*show, raw);

  CLI::App* again = app.add_subcommand("replay", "make one sample of a dataset again");
  again->add_option("DATASET", replay.dataset, "folder of the dataset")->required();
  again->add_option("INDEX", replay.index, "number of the sample")->required();
  again->add_option("-o,--out", replay.out, "folder for the sample [replay]");
  add_machine(*again, gpu, lanes);

  CLI::App* sum = app.add_subcommand("report", "what a dataset holds");
  sum->add_option("DATASET", report.dataset, "folder of the dataset")->required();
  const CLI::App* doctor = app.add_subcommand("doctor", "what this machine can do");

  CLI::App* bench = app.add_subcommand("bench", "how fast this machine renders, as JSON");
  add_what(*bench, raw);
  add_camera(*bench, raw);
  add_scene(*bench, raw);
  add_import(*bench, raw);
  add_quality(*bench, raw);
  add_machine(*bench, raw.gpu, raw.lanes);

  try {
    app.parse(argc, argv);
  } catch (const CLI::CallForVersion&) {
    return TextCommand{app.version() + "\n"};
  } catch (const CLI::Success&) {  // help, of the program or a command
    return TextCommand{app.help()};
  } catch (const CLI::ParseError& error) {
    refuse(app, error);
  }
  if (turntable->parsed()) {
    return TurntableCommand{recipe_from(raw), raw.out, machine_from(raw.gpu, raw.lanes), raw.quiet};
  }
  if (bench->parsed()) return BenchCommand{recipe_from(raw), machine_from(raw.gpu, raw.lanes)};
  if (show->parsed()) {
    inspect.import = import_from(raw);
    return inspect;
  }
  if (again->parsed()) {
    if (replay.out.empty()) replay.out = "replay";
    replay.machine = machine_from(gpu, lanes);
    return replay;
  }
  if (doctor->parsed()) return DoctorCommand{};
  return report;
}

}  // namespace orrery
