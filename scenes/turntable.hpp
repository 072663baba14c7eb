#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "scenes/scene.hpp"

namespace orrery {

/// Uniform between two ends; equal ends fix the value.
struct Range {
  double low = 0;
  double high = 0;
};

/// Which side of the model faces down on the turntable.
enum class RestSide : std::uint32_t { bottom, top, left, right, front, back };

/// A turntable with ranges: what `orrery turntable` draws its scenes from. Angles in radians.
struct TurntableSpec {
  int width = 640;
  int height = 480;
  double fov = 0.785398;            ///< horizontal; ignored when `focal_px` is given
  std::vector<double> k;            ///< fx fy cx cy, pixels; empty: from `fov`
  std::vector<double> elevations;   ///< camera heights above the table
  double elevation_jitter = 0;      ///< ± around each
  std::uint32_t azimuths = 36;      ///< steps of a sweep
  double azimuth_jitter = 0;        ///< ± around each, as a fraction of the step
  Range roll;
  Range apparent_size;  ///< longer side of the object's box as a fraction of the image's shorter
                        ///< side; drawn so that pixel area is uniform
  Range center_offset;  ///< how far the object lies from the image's centre, fraction of the room
                        ///< left (above 1 the object leaves the image)
  std::vector<RestSide> rest_sides;
  std::uint32_t rigs = 8;           ///< distinct light rigs; a rig is drawn once per seed
  Range sun_strength;               ///< irradiance, linear
  Range light_temperature;          ///< kelvin
  Range lights;                     ///< count per rig, rounded
  Range sky_intensity;
  Range exposure;                   ///< stops
  std::uint32_t skies = 1;          ///< how many of Assets::skies to draw from
  std::uint32_t photos = 0;         ///< how many of Assets::photos to draw from
  std::vector<BackgroundKind> backgrounds;  ///< drawn evenly
  std::vector<GroundKind> grounds;          ///< drawn evenly
  bool ground_shadow_only = false;  ///< the ground only catches shadow (photo, colour, transparent)
  Range models_per_image{1, 1};     ///< count, rounded; models stand side by side without overlap
  std::vector<std::uint32_t> class_of_model;  ///< class id of each of Assets::models
};

/// The defaults that make a good detector set.
TurntableSpec default_turntable();

/// Sample `index` of the turntable: a pure function of its arguments. Every factor has its own
/// stream. Indices walk models × elevations × azimuths × sides in an order that covers all of them
/// evenly in any prefix.
Shot turntable_shot(const TurntableSpec& spec, const Assets& assets, std::uint64_t seed,
                    std::uint64_t index);

}  // namespace orrery
