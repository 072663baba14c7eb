#pragma once

#include <array>
#include <type_traits>

#include "scenes/enum_names.hpp"
#include "scenes/scene_spec.hpp"

namespace orrery {

template <>
struct EnumNames<Placement> {
  static constexpr std::array<const char*, 4> kNames{"drop", "stand", "lie", "fly"};
};

template <>
struct EnumNames<LensModel> {
  static constexpr std::array<const char*, 3> kNames{"pinhole", "brown_conrady", "fisheye"};
};

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
void describe(Visitor& field, SomeOf<ObjectSet> auto& s) {
  using U = FieldInfo::Unit;
  field("name", s.name, {"what the set is called"});
  field("models", s.models, {"model files; * and ? stand for anything; relative to this file"});
  field("shapes", s.shapes, {"shapes made by orrery: ball, box, cylinder, die, card, book…"});
  field("class", s.class_name, {"class of all its things; without it each file names its own"});
  field("label", s.label, {"false: distractors, which get no label"});
  field("count", s.count, {"how many in one image", 0, 1000});
  field("size", s.size, {"longest side; 0: as the model is", 0, 100, U::metres});
  field("placement", s.placement, {"drop, stand, lie or fly"});
  field("hue", s.hue, {"hue of a tint over the model's colours", -360, 720, U::degrees});
  field("saturation", s.saturation, {"saturation of the tint", 0, 1});
  field("brightness", s.brightness, {"brightness of the tint", 0, 10});
  field("roughness", s.roughness, {"factor on the model's roughness", 0, 10});
  field("metallic", s.metallic, {"share of the way to metal", 0, 1});
  field("friction", s.friction, {"Coulomb friction when things fall", 0, 10});
  field("restitution", s.restitution, {"how much things bounce", 0, 1});
  field("density", s.density, {"kg per cubic metre", 1, 30000});
  field("tumble", s.tumble, {"dropped things start turned anyhow; false: upright"});
  field("label_when_up", s.label_when_up, {"a label only where the model's +z lies up"});
  field("class_by_side", s.class_by_side,
        {"six classes, by which of +x, -x, +y, -y, +z and -z of the model lies up"});
}

template <class Visitor>
void describe(Visitor& field, SomeOf<SurfaceSpec> auto& s) {
  using U = FieldInfo::Unit;
  field("materials", s.materials, {"surface materials made by orrery: wood, cloth, marble…"});
  field("variants", s.variants, {"different ones of each material", 1, 64});
  field("width", s.width, {"along x", 0.01, 1000, U::metres});
  field("depth", s.depth, {"along y", 0.01, 1000, U::metres});
  field("tint", s.tint, {"brightness factor", 0, 10});
  field("spread", s.spread, {"radius of the area that things go to", 0.001, 1000, U::metres});
  field("bin_height", s.bin_height,
        {"of a bin around the area, as wide as the greatest spread; 0: none", 0, 100, U::metres});
}

template <class Visitor>
void describe(Visitor& field, SomeOf<LightSpec> auto& s) {
  using U = FieldInfo::Unit;
  field("count", s.count, {"lights beside the sky", 0, 8});
  field("strength", s.strength, {"irradiance of the key light; 3.14 lights white to 1", 0, 1e6});
  field("fill", s.fill, {"strength of the other lights, as a share of the key's", 0, 100});
  field("temperature", s.temperature, {"colour of lights", 1667, 25000, U::kelvin});
  field("elevation", s.elevation, {"above the horizon", -90, 90, U::degrees});
  field("azimuth", s.azimuth, {"around the vertical", -360, 720, U::degrees});
  field("distance", s.distance, {"of lamps from the middle", 0.01, 1000, U::metres});
  field("radius", s.radius, {"of lamps: how soft their shadows are", 0, 100, U::metres});
  field("sun", s.sun, {"share of lights that are suns instead of lamps", 0, 1});
}

template <class Visitor>
void describe(Visitor& field, SomeOf<SkySpec> auto& s) {
  field("names", s.names, {"studio, overcast, clear, sunset, indoor or .hdr files"});
  field("strength", s.strength, {"factor on the sky's light", 0, 1e6});
  field("yaw", s.yaw, {"turn about the vertical", -360, 720, FieldInfo::Unit::degrees});
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
  field("exposure", s.exposure, {"stops off what the automatic chooses", -20, 20});
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
void describe(Visitor& field, SomeOf<LabelSpec> auto& s) {
  field("min_visible", s.min_visible, {"least visible fraction of a label", 0, 1});
  field("min_side", s.min_side, {"least shorter side of a label's box, pixels", 0, 8192});
  field("min_area", s.min_area, {"least visible area of a label, pixels", 0, 1e8});
}

template <class Visitor>
void describe(Visitor& field, SomeOf<SceneSpec> auto& s) {
  field("name", s.name, {"what the scene is called"});
  field("classes", s.classes, {"the order of the classes; without it as the sets name them"});
  field("faces", s.faces, {"folder of pictures for the shape card; without it our own deck"});
  field("objects", s.objects, {"sets of things"});
  field("surface", s.surface, {"what things lie on"});
  field("lights", s.lights, {"direct lights"});
  field("sky", s.sky, {"light from all around"});
  field("camera", s.camera, {"where from, and how large"});
  field("sensor", s.sensor, {"what the camera does to the clean image"});
  field("labels", s.labels, {"which instances are labels"});
  field("vary", s.vary,
        {"factors drawn anew: objects, placement, surface, lights, sky, camera, sensor"});
}

}  // namespace orrery
