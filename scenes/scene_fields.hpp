#pragma once

#include <array>
#include <type_traits>

#include "scenes/enum_names.hpp"
#include "scenes/scene_spec.hpp"

namespace orrery {

template <>
struct EnumNames<Placement> {
  static constexpr std::array<const char*, 7> kNames{"drop",  "stand", "lie",  "fly",
                                                     "stack", "row",   "shelf"};
};

template <>
struct EnumNames<OnFailure> {
  static constexpr std::array<const char*, 2> kNames{"stop", "resample"};
};

template <>
struct EnumNames<LensModel> {
  static constexpr std::array<const char*, 3> kNames{"pinhole", "brown_conrady", "fisheye"};
};

template <>
struct EnumNames<StandingAxis> {
  static constexpr std::array<const char*, 3> kNames{"x", "y", "z"};
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

template <>
struct EnumNames<CameraPlacement> {
  static constexpr std::array<const char*, 2> kNames{"dome", "handheld"};
};
template <>
struct EnumNames<CameraTarget> {
  static constexpr std::array<const char*, 2> kNames{"thing", "pile"};
};

/// Sections that a turntable stands in for, and what it asks of the sets of objects.
inline constexpr std::array kNotOnTurntables{"surface", "lights", "sky", "camera"};
inline constexpr std::array kSetsOnTurntables{"name",          "models", "unit",
                                              "allow_missing", "shapes", "class"};

/// What numbers a field takes, and what it is for: for the reader's messages and the schema alike.
struct FieldInfo {
  enum class Unit : std::uint8_t { none, metres, degrees, kelvin };
  const char* about;
  double low = -1e9;
  double high = 1e9;
  Unit unit = Unit::none;
};

/// `Struct` or `const Struct`: reading, writing and the schema share one description.
template <class T, class U>
concept SomeOf = std::is_same_v<std::remove_const_t<T>, U>;

template <class Visitor>
void describe(Visitor& field, SomeOf<TextureSwap> auto& s) {
  field("images", s.images, {"pictures, or folders of them; * and ? stand for anything"});
  field("materials", s.materials, {"surface materials made by orrery: wood, cloth, marble…"});
  field("probability", s.probability, {"share of things whose colours are swapped", 0, 1});
  field("size", s.size, {"of one repeat of a picture", 0.001, 100, FieldInfo::Unit::metres});
}

template <class Visitor>
void describe(Visitor& field, SomeOf<ObjectSet> auto& s) {
  using U = FieldInfo::Unit;
  field("name", s.name, {"what the set is called"});
  field("models", s.models, {"model files; * and ? stand for anything; relative to this file"});
  field("unit", s.unit, {"of the files, such as 1 mm; 0: as their format says", 0, 1e9, U::metres});
  field("allow_missing", s.allow_missing, {"go on where a texture of the files is missing"});
  field("shapes", s.shapes, {"shapes made by orrery: ball, box, cylinder, die, card, book…"});
  field("class", s.class_name, {"class of all its things; without it each file names its own"});
  field("label", s.label, {"false: distractors, which get no label"});
  field("cover", s.cover, {"dropped on targets, so that it hides a part of them"});
  field("images", s.images, {"pictures or folders, for the faces of box, book and paper"});
  field("colors_of", s.colors_of, {"a set whose models' mean colours tint these: look-alikes"});
  field("count", s.count, {"how many in one image", 0, 1000});
  field("size", s.size, {"longest side; 0: as the model is", 0, 100, U::metres});
  field("placement", s.placement, {"drop, stand, lie, fly, stack, row or shelf"});
  field("hue", s.hue, {"hue of a tint over the model's colours", -360, 720, U::degrees});
  field("saturation", s.saturation, {"saturation of the tint", 0, 1});
  field("brightness", s.brightness, {"brightness of the tint", 0, 10});
  field("roughness", s.roughness, {"factor on the model's roughness", 0, 10});
  field("metallic", s.metallic, {"share of the way to metal", 0, 1});
  field("hue_shift", s.hue_shift, {"turn of the model's own hues", -180, 180, U::degrees});
  field("wear", s.wear, {"share of the surface that is scratched and scuffed", 0, 1});
  field("dirt", s.dirt, {"share of the surface that is dirty", 0, 1});
  field("textures", s.textures, {"pictures and materials instead of the model's own colours"});
  field("friction", s.friction, {"Coulomb friction when things fall", 0, 10});
  field("restitution", s.restitution, {"how much things bounce", 0, 1});
  field("density", s.density, {"kg per cubic metre", 1, 30000});
  field("up", s.up, {"which of the model's axes points up in what stands, alone or in a row"});
  field("spacing", s.spacing, {"free room between things that stand or lie", 0, 100, U::metres});
  field("per_stack", s.per_stack, {"how many on top of each other", 1, 100});
  field("slant", s.slant, {"how far aside each in a stack lies of the last", -1, 1, U::metres});
  field("fan", s.fan, {"turn of each in a stack against the last", -180, 180, U::degrees});
  field("gap", s.gap, {"between neighbours in a row", 0, 10, U::metres});
  field("jitter", s.jitter, {"how far aside in a stack or a row", -1, 1, U::metres});
  field("container", s.container, {"name of the set into whose things these are dropped"});
  field("tumble", s.tumble, {"dropped and stacked things lie anyhow; false: upright"});
  field("yaw", s.yaw,
        {"turn about the vertical of what stands, lies or drops upright", -360, 720, U::degrees});
  field("label_when_up", s.label_when_up, {"a label only where the model's +z lies up"});
  field("class_by_side", s.class_by_side,
        {"six classes, by which of +x, -x, +y, -y, +z and -z of the model lies up"});
}

template <class Visitor>
void describe(Visitor& field, SomeOf<ShelfSpec> auto& s) {
  using U = FieldInfo::Unit;
  field("boards", s.boards, {"that things stand on; 0: no shelf", 0, 20});
  field("width", s.width, {"of a board", 0.1, 100, U::metres});
  field("depth", s.depth, {"of a board", 0.05, 10, U::metres});
  field("gap", s.gap, {"from a board's top to the next board", 0.1, 10, U::metres});
}

template <class Visitor>
void describe(Visitor& field, SomeOf<SurfaceSpec> auto& s) {
  using U = FieldInfo::Unit;
  field("materials", s.materials, {"surface materials made by orrery: wood, cloth, marble…"});
  field("variants", s.variants, {"different ones of each material", 1, 64});
  field("images", s.images, {"pictures to lie on, or folders; mirrored where edges do not fit"});
  field("image_share", s.image_share, {"share of pictures, where there are materials too", 0, 1});
  field("image_size", s.image_size, {"of one repeat of a picture", 0.001, 1000, U::metres});
  field("image_roughness", s.image_roughness, {"of surfaces from pictures", 0.05, 1});
  field("width", s.width, {"along x", 0.01, 1000, U::metres});
  field("depth", s.depth, {"along y", 0.01, 1000, U::metres});
  field("tint", s.tint, {"brightness factor", 0, 10});
  field("spread", s.spread, {"radius of the area that things go to", 0.001, 1000, U::metres});
  field("bin_height", s.bin_height,
        {"of a bin around the area, as wide as the greatest spread; 0: none", 0, 100, U::metres});
  field("shelf", s.shelf, {"a shelf in the middle, open to -y"});
}

template <class Visitor>
void describe(Visitor& field, SomeOf<GoboSpec> auto& s) {
  field("none", s.none, {"weight of plain light", 0, 1e6});
  field("window", s.window, {"weight of a window's frame", 0, 1e6});
  field("blinds", s.blinds, {"weight of blinds", 0, 1e6});
  field("leaves", s.leaves, {"weight of leaves: dappled shade", 0, 1e6});
}

template <class Visitor>
void describe(Visitor& field, SomeOf<LightSpec> auto& s) {
  using U = FieldInfo::Unit;
  field("count", s.count, {"lights beside the sky", 0, 12});
  field("strength", s.strength, {"irradiance of the key light; 3.14 lights white to 1", 0, 1e6});
  field("fill", s.fill, {"strength of the other lights, as a share of the key's", 0, 100});
  field("temperature", s.temperature, {"colour of lights", 1667, 25000, U::kelvin});
  field("elevation", s.elevation, {"above the horizon", -90, 90, U::degrees});
  field("azimuth", s.azimuth, {"around the vertical", -360, 720, U::degrees});
  field("distance", s.distance, {"of lamps from the middle", 0.01, 1000, U::metres});
  field("radius", s.radius, {"of lamps: how soft their shadows are", 0, 100, U::metres});
  field("sun", s.sun, {"share of lights that are suns instead of lamps", 0, 1});
  field("spot", s.spot, {"share of lamps that are spots", 0, 1});
  field("cone", s.cone, {"half angle of spots", 1, 85, U::degrees});
  field("gobo", s.gobo, {"what the light of suns comes through, as weights"});
  field("gobo_distance", s.gobo_distance, {"the farther, the softer", 0.5, 100, U::metres});
  field("gobo_size", s.gobo_size, {"factor on the pattern's size", 0.05, 20});
}

template <class Visitor>
void describe(Visitor& field, SomeOf<SkySpec> auto& s) {
  field("names", s.names, {"studio, overcast, clear, sunset, indoor or .hdr files"});
  field("strength", s.strength, {"factor on the sky's light", 0, 1e6});
  field("yaw", s.yaw, {"turn about the vertical", -360, 720, FieldInfo::Unit::degrees});
  field("tilt", s.tilt, {"off the vertical", -90, 90, FieldInfo::Unit::degrees});
}

template <class Visitor>
void describe(Visitor& field, SomeOf<RoomSpec> auto& s) {
  using U = FieldInfo::Unit;
  field("share", s.share, {"of images that are taken in a room", 0, 1});
  field("variants", s.variants, {"different rooms", 1, 64});
  field("width", s.width, {"along the windows", 2, 30, U::metres});
  field("depth", s.depth, {"away from the windows", 2, 30, U::metres});
  field("height", s.height, {"from floor to ceiling", 2, 10, U::metres});
  field("windows", s.windows, {"how many", 1, 5});
  field("furniture", s.furniture, {"pieces along the walls", 0, 12});
  field("day", s.day, {"share lit by the windows; the others by a ceiling lamp", 0, 1});
  field("table", s.table, {"height of what things lie on over the floor", 0, 1.6, U::metres});
  field("floors", s.floors, {"surface materials of the floor"});
}

template <class Visitor>
void describe(Visitor& field, SomeOf<Backplate> auto& s) {
  using U = FieldInfo::Unit;
  field("photo", s.photo, {"file"});
  field("fov", s.fov, {"horizontal field of view of the whole photo", 1, 150, U::degrees});
  field("elevation", s.elevation, {"of the optical axis below the horizon", 2, 90, U::degrees});
  field("roll", s.roll, {"about the optical axis", -180, 180, U::degrees});
}

template <class Visitor>
void describe(Visitor& field, SomeOf<PhotoView> auto& s) {
  using U = FieldInfo::Unit;
  field("fov", s.fov, {"horizontal field of view of the whole photo", 1, 150, U::degrees});
  field("elevation", s.elevation, {"of the optical axis below the horizon", 2, 90, U::degrees});
  field("roll", s.roll, {"about the optical axis", -180, 180, U::degrees});
  field("horizon", s.horizon, {"where it lies, of the height from the top", -10, 10});
}

template <class Visitor>
void describe(Visitor& field, SomeOf<BackplateSpec> auto& s) {
  using U = FieldInfo::Unit;
  field("photos", s.photos, {"files; * and ? stand for anything; relative to this file"});
  field("share", s.share, {"of images that have one", 0, 1});
  field("fov", s.fov, {"horizontal, of photos that do not say", 1, 150, U::degrees});
  field("elevation", s.elevation,
        {"of the camera, for photos that neither say nor show a horizon", 2, 90, U::degrees});
  field("views", s.views, {"how each photo saw its ground; without it from the files beside them"});
}

template <class Visitor>
void describe(Visitor& field, SomeOf<HandheldSpec> auto& s) {
  using U = FieldInfo::Unit;
  field("height", s.height, {"of the eye above the surface", 0.01, 1000, U::metres});
  field("reach", s.reach, {"sideways from the target to the eye", 0, 1000, U::metres});
  field("aim", s.aim, {"how far off the target it is aimed", 0, 90, U::degrees});
}

template <class Visitor>
void describe(Visitor& field, SomeOf<MotionSpec> auto& s) {
  using U = FieldInfo::Unit;
  field("translation", s.translation, {"how far the camera moves on", 0, 1000, U::metres});
  field("rotation", s.rotation, {"how far the camera turns on", 0, 180, U::degrees});
}

template <class Visitor>
void describe(Visitor& field, SomeOf<LensSpec> auto& s) {
  field("model", s.model, {"pinhole, brown_conrady or fisheye, as OpenCV has them"});
  field("k1", s.k1, {"radial", -100, 100});
  field("k2", s.k2, {"radial", -100, 100});
  field("p1", s.p1, {"tangential; brown_conrady", -1, 1});
  field("p2", s.p2, {"tangential; brown_conrady", -1, 1});
  field("k3", s.k3, {"radial", -100, 100});
  field("k4", s.k4, {"radial; of brown_conrady in the divisor", -100, 100});
  field("k5", s.k5, {"radial, in the divisor; brown_conrady", -100, 100});
  field("k6", s.k6, {"radial, in the divisor; brown_conrady", -100, 100});
}

template <class Visitor>
void describe(Visitor& field, SomeOf<CameraSpec> auto& s) {
  using U = FieldInfo::Unit;
  field("width", s.width, {"of the image, pixels", 16, 8192});
  field("height", s.height, {"of the image, pixels", 16, 8192});
  field("fov", s.fov, {"horizontal field of view, through the lens", 1, 170, U::degrees});
  field("elevation", s.elevation, {"above the surface", 1, 90, U::degrees});
  field("azimuth", s.azimuth, {"around the vertical", -360, 720, U::degrees});
  field("distance", s.distance, {"to the target", 0.01, 1000, U::metres});
  field("offset", s.offset, {"of the target from the thing that is looked at", 0, 1000, U::metres});
  field("roll", s.roll, {"about the optical axis", -180, 180, U::degrees});
  field("placement", s.placement, {"dome or handheld"});
  field("target", s.target, {"what is looked at: one thing, or the whole pile"});
  field("apparent_size", s.apparent_size,
        {"share of the image's area that the target takes; 0: the distance decides", 0, 1});
  field("place_x", s.place_x, {"of the target in the image: -1 left border, 1 right", -1, 1});
  field("place_y", s.place_y, {"of the target in the image: -1 top border, 1 bottom", -1, 1});
  field("margin", s.margin,
        {"how far inside the image the target stays, of its shorter side; below 0: it may leave",
         -1, 0.45});
  field("handheld", s.handheld, {"a camera in someone's hands, where the placement is handheld"});
  field("motion", s.motion, {"how the camera moves on before the second picture of labels.flow"});
  field("exposure", s.exposure, {"stops off what the automatic chooses", -20, 20});
  field("white_balance", s.white_balance,
        {"share of the light's colour cast that the automatic takes out", 0, 1});
  field("lens", s.lens, {"how it bends rays; depth, ids and all labels bend with the picture"});
}

template <class Visitor>
void describe(Visitor& field, SomeOf<Range> auto& r) {
  field("low", r.low, {"least value"});
  field("high", r.high, {"greatest value"});
}

template <class Visitor>
void describe(Visitor& field, SomeOf<Chance> auto& c) {
  field("probability", c.probability, {"share of images that have it", 0, 1});
  field("value", c.value, {"how strong, evenly"});
}

template <class Visitor>
void describe(Visitor& field, SomeOf<SensorSpec> auto& s) {
  field("aperture", s.aperture, {"blur circle at infinity, fraction of the image's height"});
  field("focus", s.focus, {"distance in focus, as a multiple of the target's"});
  field("shake", s.shake, {"motion blur, pixels"});
  field("vignetting", s.vignetting, {"light lost in the corners, fraction"});
  field("chromatic", s.chromatic, {"chromatic aberration in the corners, pixels"});
  field("exposure", s.exposure, {"stops"});
  field("white", s.white, {"gain of red and blue"});
  field("full_well", s.full_well, {"electrons that make white: the fewer, the noisier"});
  field("read_noise", s.read_noise, {"fraction of white"});
  field("mosaic", s.mosaic, {"share of images from a Bayer mosaic", 0, 1});
  field("sharpening", s.sharpening, {"unsharp mask, amount"});
  field("jpeg_quality", s.jpeg_quality, {"the camera's own JPEG, 1 to 100"});
}

template <class Visitor>
void describe(Visitor& field, SomeOf<TurntableSpec> auto& s) {
  using U = FieldInfo::Unit;
  field("width", s.width, {"of the image, pixels", 16, 8192});
  field("height", s.height, {"of the image, pixels", 16, 8192});
  field("fov", s.fov, {"horizontal field of view, unless k is given", 0.6, 172, U::degrees});
  field("k", s.k, {"your camera: fx, fy, cx, cy in pixels", -1e6, 1e6});
  field("distortion", s.distortion,
        {"of the lens, as OpenCV orders it: k1, k2, p1, p2, k3, k4, k5, k6, or the first four or "
         "five",
         -100, 100});
  field("fisheye", s.fisheye, {"the distortion is a fisheye's: k1, k2, k3, k4"});
  field("elevations", s.elevations, {"of the camera above the table", 0, 90, U::degrees});
  field("elevation_jitter", s.elevation_jitter, {"± about each elevation", 0, 90, U::degrees});
  field("azimuths", s.azimuths, {"steps of a full turn", 1, 36000});
  field("azimuth_jitter", s.azimuth_jitter, {"± about each step, as a share of it", 0, 1});
  field("roll", s.roll, {"about the optical axis", -180, 180, U::degrees});
  field("apparent_size", s.apparent_size,
        {"longer side of the model's box, as a share of the image's shorter side", 0.001, 20});
  field("distance", s.distance,
        {"of the camera, instead of an apparent size; 0: none", 0, 1e6, U::metres});
  field("center_offset", s.center_offset,
        {"of the model from the image's centre; 1: it touches the border", 0, 1});
  field("truncated", s.truncated, {"share of images that the model leaves", 0, 1});
  field("truncation", s.truncation, {"share of the model's box that is outside then", 0, 1});
  field("rest_sides", s.rest_sides, {"that models rest on; repeat one to weigh it"});
  field("rigs", s.rigs, {"different set-ups of lights", 1, 1000000});
  field("sun_strength", s.sun_strength, {"irradiance of the key light", 0, 1e6});
  field("light_temperature", s.light_temperature, {"colour of lights", 1667, 25000, U::kelvin});
  field("lights", s.lights, {"weaker lights beside the key light", 0, 7});
  field("sky_intensity", s.sky_intensity, {"factor on the sky's light", 0, 1e6});
  field("exposure", s.exposure, {"stops", -20, 20});
  field("skies", s.skies, {"studio, overcast, clear, sunset, indoor or .hdr files"});
  field("photos", s.photos, {"for backgrounds: files or folders of them"});
  field("backgrounds", s.backgrounds, {"sky, color, photo or transparent"});
  field("grounds", s.grounds, {"disc, plane or none"});
  field("ground_radius", s.ground_radius, {"of the disc, in radii of the objects", 0.1, 1e6});
  field("shadow_only", s.shadow_only,
        {"share of grounds that only catch shadow, before photos, colours and nothing", 0, 1});
  field("models_per_image", s.models_per_image, {"models side by side", 1, 1000});
}

template <class Visitor>
void describe(Visitor& field, SomeOf<LabelSpec> auto& s) {
  field("min_visible", s.min_visible, {"least visible fraction of a label", 0, 1});
  field("max_truncation", s.max_truncation,
        {"greatest fraction of a label outside the image", 0, 1});
  field("min_side", s.min_side, {"least shorter side of a label's box, pixels", 0, 8192});
  field("min_area", s.min_area, {"least visible area of a label, pixels", 0, 1e8});
  field("flow", s.flow, {"a second picture after camera.motion, and optical flow to it"});
  field("panoptic", s.panoptic, {"COCO panoptic segments, surroundings included"});
}

template <class Visitor>
void describe(Visitor& field, SomeOf<SceneSpec> auto& s) {
  field("name", s.name, {"what the scene is called"});
  field("classes", s.classes, {"the order of the classes; without it as the sets name them"});
  field("faces", s.faces, {"folder of pictures for the shape card; without it our own deck"});
  field("prints", s.prints,
        {"other prints of our deck besides, with `faces` of its numbers and aces", 0, 100});
  field("target_free", s.target_free, {"share of images with no labelled thing", 0, 1});
  field("image_limit", s.image_limit,
        {"pictures that a run draws from each list of images, by its seed", 1, 100000});
  field("objects", s.objects, {"sets of things"});
  field("turntable", s.turntable,
        {"models on a table that the camera goes round, with its own camera, lights and ground"});
  field("surface", s.surface, {"what things lie on"});
  field("lights", s.lights, {"direct lights"});
  field("sky", s.sky, {"light from all around"});
  field("room", s.room, {"walls around the table, with windows and lamps"});
  field("backplate", s.backplate, {"photos on whose ground the things lie"});
  field("camera", s.camera, {"where from, and how large"});
  field("sensor", s.sensor, {"what the camera does to the clean image"});
  field("labels", s.labels, {"which instances are labels"});
  field("on_failure", s.on_failure, {"of an image that cannot be made: stop or resample"});
  field("vary", s.vary,
        {"factors drawn anew: objects, placement, surface, lights, sky, room, backplate, camera, "
         "sensor"});
}

}  // namespace orrery
