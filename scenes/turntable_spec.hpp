#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "scenes/range.hpp"
#include "scenes/scene.hpp"

namespace orrery {

/// Which side of the model faces down on the turntable; the model stands upright on its bottom
/// (z = low), its front looks along -y and its right is +x.
enum class RestSide : std::uint32_t { bottom, top, left, right, front, back };

/// A scene of models that stand on a table while a camera goes round them. Angles in degrees.
/// Every list but `k` and `photos` must hold at least one element.
struct TurntableSpec {
  int width = 640;
  int height = 480;
  double fov = 44.99999063801583;  ///< horizontal; ignored when `k` is given
  std::vector<double> k;           ///< fx fy cx cy, pixels; empty: from `fov`
  /// Coefficients of the lens in OpenCV's order: k1 k2 p1 p2, then perhaps k3, then perhaps k4 k5
  /// k6; of a fisheye k1 k2 k3 k4. Empty: a pinhole.
  std::vector<double> distortion;
  bool fisheye = false;
  std::vector<double> elevations;  ///< camera heights above the table, 0 to 90
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
  Range exposure;                   ///< stops
  std::vector<std::string> skies;   ///< procedural skies' names and .hdr files; drawn evenly
  std::vector<std::string> photos;  ///< files and folders of them, for backgrounds; drawn evenly
  std::vector<BackgroundKind> backgrounds;  ///< drawn evenly; photo counts only if there are photos
  std::vector<GroundKind> grounds;          ///< drawn evenly
  Range ground_radius;  ///< of the disc, in radii of the circle around the objects
  /// Share of images before a photo, colour or nothing whose ground only catches shadow.
  double shadow_only = 0;
  Range models_per_image{1, 1};  ///< whole count; models stand side by side without overlap
};

/// The defaults that make a good detector set: four elevations of ten-degree sweeps, mostly
/// upright, eight light rigs, a tenth of the images truncated.
TurntableSpec default_turntable();

}  // namespace orrery
