#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "scenes/range.hpp"
#include "scenes/scene.hpp"

namespace orrery {

struct TurntableSpec;

/// The camera that `spec` says. Throws Error if its lens folds inside the image.
Intrinsics intrinsics_of(const TurntableSpec& spec);

/// Which side of the model faces down on the turntable; the model stands upright on its bottom
/// (z = low), its front looks along -y and its right is +x.
enum class RestSide : std::uint32_t { bottom, top, left, right, front, back };

/// A turntable with ranges: what `orrery turntable` draws its scenes from. Angles in radians.
/// Every list must hold at least one element.
struct TurntableSpec {
  int width = 640;
  int height = 480;
  double fov = 0.785398;  ///< horizontal; ignored when `k` is given
  std::vector<double> k;  ///< fx fy cx cy, pixels; empty: from `fov`
  /// Coefficients of the lens in OpenCV's order: k1 k2 p1 p2, then perhaps k3, then perhaps k4 k5
  /// k6; of a fisheye k1 k2 k3 k4. Empty: a pinhole.
  std::vector<double> distortion;
  bool fisheye = false;
  std::vector<double> elevations;  ///< camera heights above the table, 0 to π/2
  double elevation_jitter = 0;     ///< ± around each
  std::uint32_t azimuths = 36;     ///< steps of a sweep
  double azimuth_jitter = 0;       ///< ± around each, as a fraction of the step
  Range roll;
  /// Longer side of the first object's box in the image, as a fraction of the image's shorter side;
  /// drawn so that pixel area is uniform. The camera never enters the objects' bounding sphere, so
  /// very large values may not be reached.
  Range apparent_size;
  /// From the camera to the first object's centre, metres, evenly; stands in for `apparent_size`
  /// where its high end is above 0. The camera stays outside the objects' bounding sphere.
  Range distance;
  /// How far the object's box lies from the image's centre, as a fraction of the way to where it
  /// would touch the border; 0 to 1.
  Range center_offset;
  double truncated = 0;              ///< share of images whose first object leaves the image…
  Range truncation;                  ///< …by this fraction of its box's side
  std::vector<RestSide> rest_sides;  ///< walked evenly; repeat a side to weigh it
  std::uint32_t rigs = 8;            ///< distinct light rigs; a rig is drawn once per seed
  Range sun_strength;                ///< irradiance of the key light, linear; π lights white to 1
  Range light_temperature;           ///< kelvin
  Range lights;                      ///< weaker lights beside the key light, whole count
  Range sky_intensity;
  Range exposure;                           ///< stops
  std::uint32_t skies = 1;                  ///< how many of Assets::skies to draw from
  std::uint32_t photos = 0;                 ///< how many of Assets::photos to draw from
  std::vector<BackgroundKind> backgrounds;  ///< drawn evenly; photo counts only if there are photos
  std::vector<GroundKind> grounds;          ///< drawn evenly
  Range ground_radius;  ///< of the disc, in radii of the circle around the objects
  /// Share of images before a photo, colour or nothing whose ground only catches shadow.
  double shadow_only = 0;
  Range models_per_image{1, 1};  ///< whole count; models stand side by side without overlap
  std::vector<std::uint32_t> class_of_model;  ///< class id of each of Assets::models
};

/// The defaults that make a good detector set: four elevations of ten-degree sweeps, mostly
/// upright, eight light rigs, a tenth of the images truncated.
TurntableSpec default_turntable();

/// What the walk over models × elevations × azimuths × sides × rigs gives one index.
struct TurntableStep {
  std::uint32_t model = 0;
  std::uint32_t elevation = 0;  ///< into TurntableSpec::elevations
  std::uint32_t azimuth = 0;    ///< step of the sweep
  std::uint32_t side = 0;       ///< into TurntableSpec::rest_sides
  std::uint32_t rig = 0;
};

/// Any prefix of indices visits each value of every factor equally often (within 1), and each run
/// of models × elevations × azimuths × sides indices visits every combination exactly once.
TurntableStep turntable_step(const TurntableSpec& spec, std::uint32_t models, std::uint64_t seed,
                             std::uint64_t index);

/// Sample `index` of the turntable: a pure function of its arguments. Every factor has its own
/// stream. Objects and lights stand still while the camera goes round: a model alone in the image
/// has bit-identical poses for the same side, and lights depend on the rig and the objects' size
/// only. Throws Error if the spec has an empty list or does not fit the assets.
Shot turntable_shot(const TurntableSpec& spec, const Assets& assets, std::uint64_t seed,
                    std::uint64_t index);

}  // namespace orrery
