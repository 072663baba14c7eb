#include "scenes/turntable.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <glm/gtc/constants.hpp>

#include "scenes/error.hpp"
#include "scenes/sky.hpp"
#include "scenes/turntable_camera.hpp"
#include "scenes/turntable_light.hpp"

namespace orrery {
namespace {

double drawn(const Range& range, const Streams& streams, const std::string& factor) {
  return streams.of(factor).uniform(range.low, range.high);
}

Range in_radians(const Range& degrees) {
  return {glm::radians(degrees.low), glm::radians(degrees.high)};
}

std::uint32_t drawn_count(const Range& range, Rng rng) {
  const std::uint32_t low = static_cast<std::uint32_t>(std::lround(range.low));
  const std::uint32_t high = static_cast<std::uint32_t>(std::lround(range.high));
  return low + rng.below(high - low + 1);
}

template <class T>
T one_of(const std::vector<T>& values, Rng rng) {
  return values[rng.below(static_cast<std::uint32_t>(values.size()))];
}

/// A model to choose, and its class.
struct Choice {
  std::uint32_t model = 0;  ///< into Assets::models
  std::uint32_t class_id = 0;
};

/// Those of all sets, in order.
std::vector<Choice> choices_of(const BoundScene& bound) {
  std::vector<Choice> choices;
  for (const BoundSet& set : bound.sets) {
    for (std::size_t i = 0; i < set.models.size(); ++i) {
      choices.push_back({set.models[i], set.classes.at(i)});
    }
  }
  return choices;
}

/// Which of `count` models stand on the table.
std::vector<std::uint32_t> drawn_choices(const TurntableSpec& spec, std::uint32_t count,
                                         const Streams& streams) {
  const std::uint32_t wanted =
      drawn_count(spec.models_per_image, streams.of("models/count", "objects"));
  Rng choice = streams.of("models/choice", "objects");
  std::vector<std::uint32_t> which{turntable_step(spec, count, streams).model};
  while (which.size() < wanted) which.push_back(choice.below(count));
  return which;
}

void require(bool holds, const char* what) {
  if (!holds) throw Error(std::string("turntable: ") + what);
}

void require_fit(const BoundScene& bound, const std::vector<Choice>& choices,
                 const Assets& assets) {
  const TurntableSpec& spec = *bound.spec.turntable;
  require(!choices.empty(), "there is no model, wanted at least one");
  for (const Choice& choice : choices) {
    require(choice.model < assets.models.size(), "a set has a model that is not loaded");
  }
  require(!spec.elevations.empty(), "elevations is empty, wanted at least one");
  require(spec.azimuths > 0, "azimuths is 0, wanted at least 1");
  require(!spec.rest_sides.empty(), "rest_sides is empty, wanted at least one");
  require(spec.rigs > 0, "rigs is 0, wanted at least 1");
  require(!spec.backgrounds.empty() && !spec.grounds.empty(),
          "backgrounds or grounds is empty, wanted at least one of each");
  require(bound.skies > 0 && bound.skies <= assets.skies.size(),
          "skies must be 1 or more and at most the number of skies loaded");
  require(bound.photos <= assets.photos.size(), "photos is above the number of photos loaded");
  require(spec.k.empty() || spec.k.size() == 4, "k must be fx, fy, cx, cy or empty");
  require(spec.apparent_size.low > 0, "apparent_size must be above 0");
  require(std::lround(spec.models_per_image.low) >= 1, "models_per_image must be 1 or more");
}

/// Whole right angles, so that a box stays a box to the last bit.
glm::dmat3 resting_rotation(RestSide side) {
  using glm::dmat3;
  using glm::dvec3;
  switch (side) {  // columns: where x, y and z go
    case RestSide::bottom:
      return dmat3(1.0);
    case RestSide::top:
      return dmat3(dvec3(1, 0, 0), dvec3(0, -1, 0), dvec3(0, 0, -1));
    case RestSide::left:
      return dmat3(dvec3(0, 0, 1), dvec3(0, 1, 0), dvec3(-1, 0, 0));
    case RestSide::right:
      return dmat3(dvec3(0, 0, -1), dvec3(0, 1, 0), dvec3(1, 0, 0));
    case RestSide::front:
      return dmat3(dvec3(1, 0, 0), dvec3(0, 0, 1), dvec3(0, -1, 0));
    case RestSide::back:
      return dmat3(dvec3(1, 0, 0), dvec3(0, 0, -1), dvec3(0, 1, 0));
  }
  return dmat3(1.0);
}

/// A model on its side, its box's centre above the origin and its lowest point at z = 0.
struct Standing {
  Pose pose;
  glm::dvec3 half;  ///< of its box, metres
  double circle() const { return std::hypot(half.x, half.y); }
};

Standing standing(const Model& model, RestSide side) {
  const glm::dmat3 rotation = resting_rotation(side);
  const glm::dvec3 a = rotation * glm::dvec3(model.bounds.low);
  const glm::dvec3 b = rotation * glm::dvec3(model.bounds.high);
  const glm::dvec3 low = glm::min(a, b);
  const glm::dvec3 high = glm::max(a, b);
  const glm::dvec3 centre = 0.5 * (low + high);
  return {{rotation, 1.0, {-centre.x, -centre.y, -low.z}}, 0.5 * (high - low)};
}

/// A circle on the table.
struct Spot {
  glm::dvec2 centre;
  double radius;
};

/// Near what stands already, without overlap. Random tries go ever further out; one beyond
/// everything always fits.
glm::dvec2 free_place(Rng& rng, const std::vector<Spot>& taken, double radius) {
  double reach = 0;
  for (const Spot& s : taken) reach = std::max(reach, glm::length(s.centre) + s.radius);
  const double nearest = taken[0].radius + radius;
  for (int attempt = 0; attempt <= 40; ++attempt) {
    const double angle = rng.uniform(0, glm::two_pi<double>());
    const double spread = attempt < 40 ? rng.unit() * (0.3 + attempt / 20.0) * radius : 0;
    const double away = attempt < 40 ? 1.05 * nearest + spread : 1.05 * (reach + radius);
    const glm::dvec2 at = away * glm::dvec2(std::cos(angle), std::sin(angle));
    const bool free = std::all_of(taken.begin(), taken.end(), [&](const Spot& s) {
      return glm::distance(s.centre, at) >= 1.02 * (s.radius + radius);
    });
    if (free) return at;
  }
  return {1.05 * (reach + radius), 0.0};
}

/// What stands on the table: the walk's model in the middle, others beside it.
SceneBounds place_objects(Scene& scene, const TurntableSpec& spec,
                          const std::vector<Choice>& choices, const Assets& assets,
                          const Streams& streams, const TurntableStep& step) {
  const Choice& middle = choices[step.model];
  const Standing first = standing(assets.models[middle.model], spec.rest_sides[step.side]);
  scene.objects.push_back({middle.model, middle.class_id, first.pose});
  std::vector<Spot> taken{{glm::dvec2(0), first.circle()}};
  double top = 2 * first.half.z;
  const std::vector<std::uint32_t> which =
      drawn_choices(spec, static_cast<std::uint32_t>(choices.size()), streams);
  Rng side = streams.of("models/side", "placement");
  Rng turn = streams.of("models/turn", "placement");
  Rng place = streams.of("models/place", "placement");
  for (std::size_t i = 1; i < which.size(); ++i) {
    const Choice& choice = choices[which[i]];
    Standing other =
        standing(assets.models[choice.model],
                 spec.rest_sides[side.below(static_cast<std::uint32_t>(spec.rest_sides.size()))]);
    const double radius = other.circle();
    const glm::dvec2 at = free_place(place, taken, radius);
    const double angle = turn.uniform(0, glm::two_pi<double>());
    const glm::dmat3 turned(std::cos(angle), std::sin(angle), 0, -std::sin(angle), std::cos(angle),
                            0, 0, 0, 1);
    const Pose turned_from_standing{turned, 1.0, glm::dvec3(at, 0)};
    scene.objects.push_back({choice.model, choice.class_id, turned_from_standing * other.pose});
    taken.push_back({at, radius});
    top = std::max(top, 2 * other.half.z);
  }
  double reach = 0;
  for (const Spot& s : taken) reach = std::max(reach, glm::length(s.centre) + s.radius);
  const double radius = which.size() == 1 ? glm::length(first.half) : std::hypot(reach, 0.5 * top);
  return {{0, 0, 0.5 * top}, radius};
}

/// At most ~1000 of the model's vertices, evenly through the list: enough to know its outline.
std::vector<glm::dvec3> outline(const Model& model, const Pose& world_from_object) {
  const std::size_t stride = model.vertices.size() / 1024 + 1;
  std::vector<glm::dvec3> points;
  for (std::size_t i = 0; i < model.vertices.size(); i += stride) {
    points.push_back(world_from_object(glm::dvec3(model.vertices[i].position)));
  }
  return points;
}

glm::dvec2 drawn_offset(const TurntableSpec& spec, const Streams& streams) {
  Rng direction = streams.of("camera/offset/direction");
  const bool leaves = streams.of("camera/truncated").unit() < spec.truncated;
  const double part = drawn(spec.truncation, streams, "camera/truncation");
  const double length = drawn(spec.center_offset, streams, "camera/offset");
  const double angle = direction.uniform(0, glm::two_pi<double>());
  const glm::dvec2 d(std::cos(angle), std::sin(angle));
  const glm::dvec2 at_border = d / std::max(std::abs(d.x), std::abs(d.y));
  if (!leaves) return length * at_border;
  // Only the axis that meets the border first goes beyond it.
  return at_border +
         part * glm::dvec2(glm::equal(glm::abs(at_border), glm::dvec2(1.0), 1e-12)) * glm::sign(d);
}

View placed_camera(const Scene& scene, const TurntableSpec& spec, const Assets& assets,
                   const SceneBounds& bounds, const Streams& streams, const TurntableStep& step) {
  const Object& object = scene.objects[0];
  const Model& model = assets.models[object.model];
  const Intrinsics intrinsics = intrinsics_of(spec);
  const double tilt =
      streams.of("camera/elevation").uniform(-1, 1) * glm::radians(spec.elevation_jitter);
  const double elevation = std::clamp(glm::radians(spec.elevations[step.elevation]) + tilt,
                                      glm::radians(0.5), glm::half_pi<double>());
  const double turn = streams.of("camera/azimuth").uniform(-1, 1) * spec.azimuth_jitter;
  const double azimuth = glm::two_pi<double>() * (step.azimuth + turn) / spec.azimuths;
  Framing framing;
  framing.target = object.world_from_object(
      0.5 * (glm::dvec3(model.bounds.low) + glm::dvec3(model.bounds.high)));
  framing.direction = {std::cos(elevation) * std::cos(azimuth),
                       std::cos(elevation) * std::sin(azimuth), std::sin(elevation)};
  framing.roll = drawn(in_radians(spec.roll), streams, "camera/roll");
  framing.least_distance = 1.05 * (bounds.radius + glm::distance(bounds.center, framing.target));
  const Range& size = spec.apparent_size;
  const double area =
      drawn({size.low * size.low, size.high * size.high}, streams, "camera/apparent size");
  framing.side_px = std::sqrt(area) * std::min(spec.width, spec.height);
  if (spec.distance.high > 0) {
    framing.distance = drawn(spec.distance, streams, "camera/distance");
  }
  framing.offset = drawn_offset(spec, streams);
  return framed_view(intrinsics, framing, outline(model, object.world_from_object));
}

glm::vec3 drawn_color(Rng& rng, double low, double high) {
  // A grey with some tint: even brightness, few garish colours.
  const double grey = rng.uniform(low, high);
  const glm::dvec3 tint{rng.uniform(-1, 1), rng.uniform(-1, 1), rng.uniform(-1, 1)};
  const double strength = rng.unit() * rng.unit();
  return glm::vec3(glm::clamp(grey * (1.0 + 0.8 * strength * tint), 0.0, 1.0));
}

/// Background and ground are what the objects stand on and before: one factor, the surface.
void set_stage(Scene& scene, const BoundScene& bound, const SceneBounds& bounds,
               const Streams& streams) {
  const TurntableSpec& spec = *bound.spec.turntable;
  const auto stage = [&](const char* factor) { return streams.of(factor, "surface"); };
  const auto within = [&](const Range& range, const char* factor) {
    return stage(factor).uniform(range.low, range.high);
  };
  std::vector<BackgroundKind> kinds;
  for (const BackgroundKind kind : spec.backgrounds) {
    if (kind != BackgroundKind::photo || bound.photos > 0) kinds.push_back(kind);
  }
  require(!kinds.empty(), "backgrounds asks for photos only, and there are none");
  Rng backdrop = stage("background/color");
  scene.background.kind = one_of(kinds, stage("background/kind"));
  scene.background.color = drawn_color(backdrop, 0.03, 0.9);
  if (bound.photos > 0) {
    scene.background.photo = stage("background/photo").below(bound.photos);
  }
  Rng albedo = stage("ground/color");
  scene.ground.kind = one_of(spec.grounds, stage("ground/kind"));
  scene.ground.radius = bounds.radius * within(spec.ground_radius, "ground/radius");
  scene.ground.color = drawn_color(albedo, 0.08, 0.8);
  scene.ground.roughness = static_cast<float>(within({0.35, 1.0}, "ground/roughness"));
  scene.ground.shadow_only = scene.background.kind != BackgroundKind::sky &&
                             stage("ground/shadow only").unit() < spec.shadow_only;
  scene.sky = streams.of("sky/choice").below(bound.skies);
  scene.exposure = static_cast<float>(std::exp2(drawn(spec.exposure, streams, "camera/exposure")));
}

}  // namespace

TurntableSpec default_turntable() {
  TurntableSpec spec;
  spec.elevations = {10, 35, 60, 85};
  spec.elevation_jitter = 4;
  spec.azimuth_jitter = 0.5;
  spec.roll = {-2.864788975654116, 2.864788975654116};  // 0.05 rad
  spec.apparent_size = {0.25, 0.9};
  spec.center_offset = {0, 0.9};
  spec.truncated = 0.1;
  spec.truncation = {0.05, 0.4};
  spec.rest_sides = {RestSide::bottom, RestSide::bottom, RestSide::bottom, RestSide::top};
  spec.sun_strength = {0.6, 2.4};
  spec.light_temperature = {3500, 9500};
  spec.lights = {0, 3};
  spec.sky_intensity = {0.3, 0.8};
  spec.exposure = {-0.5, 0.5};
  spec.skies = procedural_sky_names();
  spec.backgrounds = {BackgroundKind::sky, BackgroundKind::photo, BackgroundKind::color};
  spec.grounds = {GroundKind::disc, GroundKind::plane, GroundKind::none};
  spec.ground_radius = {1.5, 3.0};
  spec.shadow_only = 0.5;
  return spec;
}

Shot turntable_shot(const BoundScene& scene, const Assets& assets, const Streams& streams) {
  const TurntableSpec& spec = *scene.spec.turntable;
  const std::vector<Choice> choices = choices_of(scene);
  require_fit(scene, choices, assets);
  const TurntableStep step =
      turntable_step(spec, static_cast<std::uint32_t>(choices.size()), streams);
  Shot shot;
  const SceneBounds bounds = place_objects(shot.scene, spec, choices, assets, streams, step);
  light_scene(shot.scene, spec, bounds, {streams.seed, step.rig, streams.varied});
  set_stage(shot.scene, scene, bounds, streams);
  shot.view = placed_camera(shot.scene, spec, assets, bounds, streams, step);
  return shot;
}

std::vector<std::uint32_t> turntable_models(const BoundScene& scene, const Streams& streams) {
  const std::vector<Choice> choices = choices_of(scene);
  std::vector<std::uint32_t> models;
  for (const std::uint32_t which :
       drawn_choices(*scene.spec.turntable, static_cast<std::uint32_t>(choices.size()), streams)) {
    models.push_back(choices[which].model);
  }
  return models;
}

}  // namespace orrery
