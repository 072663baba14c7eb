#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "scenes/distribution.hpp"
#include "scenes/lens.hpp"
#include "scenes/sensor.hpp"

namespace orrery {

/// How the objects of a set come to their places.
enum class Placement : std::uint8_t {
  drop,   ///< physics: they fall on what is there and come to rest
  stand,  ///< upright on the surface, apart from each other
  lie,    ///< in one of the poses that they rest in, apart from each other
  fly,    ///< anywhere in the air, turned anyhow
};

/// Things of one kind: what they are, how many, how they vary and where they go.
struct ObjectSet {
  std::string name;
  std::vector<std::string> models;  ///< files, * and ? allowed, relative to the scene file
  std::vector<std::string> shapes;  ///< shapes that we make: see shape_names()
  std::string class_name;           ///< empty: of each file or shape its own
  bool label = true;                ///< false: a distractor
  Distribution count = Distribution::fixed(1);  ///< rounded down
  Distribution size = Distribution::fixed(0);   ///< longest side, metres; 0: as the model is
  Placement placement = Placement::drop;
  Distribution hue = Distribution::fixed(0);         ///< of a tint, degrees
  Distribution saturation = Distribution::fixed(0);  ///< of a tint
  Distribution brightness = Distribution::fixed(1);  ///< of a tint
  Distribution roughness = Distribution::fixed(1);   ///< factor
  Distribution metallic = Distribution::fixed(0);    ///< share towards metal
  Distribution friction = Distribution::fixed(0.5);
  Distribution restitution = Distribution::fixed(0.1);
  double density = 500;        ///< kg/m³
  bool tumble = true;          ///< dropped: starts turned anyhow; false: upright, turned about z
  bool label_when_up = false;  ///< a label only where the model's +z ends up, else a distractor
  /// Classes by the side that lies up, of the model's +x, -x, +y, -y, +z and -z; empty: as above.
  std::vector<std::string> class_by_side;
};

/// What things lie on.
struct SurfaceSpec {
  std::vector<std::string> materials;              ///< see surface_names(); one is drawn
  std::uint32_t variants = 2;                      ///< different ones of each material
  double width = 1.6;                              ///< metres, along x
  double depth = 1.6;                              ///< metres, along y
  Distribution tint = Distribution::fixed(1);      ///< brightness factor
  Distribution spread = Distribution::fixed(0.2);  ///< radius of the area that things go to, metres
  double bin_height = 0;  ///< of a bin as wide as the greatest spread, metres; 0: none
};

/// Direct lights. The first is the key; the others share `fill` of its strength.
struct LightSpec {
  Distribution count = Distribution::uniform(1, 4);
  Distribution strength = Distribution::uniform(1.0, 3.0);  ///< irradiance; π lights white to 1
  Distribution fill = Distribution::uniform(0.1, 0.6);      ///< of the key's strength, for the rest
  Distribution temperature = Distribution::uniform(3500, 9500);  ///< kelvin
  Distribution elevation = Distribution::uniform(25, 80);        ///< degrees
  Distribution azimuth = Distribution::uniform(0, 360);          ///< degrees
  Distribution distance = Distribution::uniform(0.8, 2.5);       ///< metres, of lamps
  Distribution radius = Distribution::uniform(0.01, 0.15);       ///< of lamps, metres
  Distribution sun = Distribution::fixed(0.4);                   ///< share that are suns, not lamps
};

struct SkySpec {
  std::vector<std::string> names{"studio", "overcast", "clear", "sunset", "indoor"};
  Distribution strength = Distribution::uniform(0.2, 0.9);
  Distribution yaw = Distribution::uniform(0, 360);  ///< degrees
};

/// A lens of the scene's camera: coefficients as OpenCV names them. See Lens.
struct LensSpec {
  LensModel model = LensModel::pinhole;
  Distribution k1 = Distribution::fixed(0);
  Distribution k2 = Distribution::fixed(0);
  Distribution p1 = Distribution::fixed(0);
  Distribution p2 = Distribution::fixed(0);
  Distribution k3 = Distribution::fixed(0);
  Distribution k4 = Distribution::fixed(0);
  Distribution k5 = Distribution::fixed(0);
  Distribution k6 = Distribution::fixed(0);
};

/// A camera on a dome around the things, looking at them.
struct CameraSpec {
  int width = 640;
  int height = 480;
  Distribution fov = Distribution::uniform(40, 70);  ///< horizontal, through the lens, degrees
  Distribution elevation = Distribution::uniform(20, 80);    ///< degrees
  Distribution azimuth = Distribution::uniform(0, 360);      ///< degrees
  Distribution distance = Distribution::uniform(0.3, 0.9);   ///< metres to the target
  Distribution offset = Distribution::uniform(0, 0.08);      ///< of the target from a thing, metres
  Distribution roll = Distribution::uniform(-15, 15);        ///< degrees
  Distribution exposure = Distribution::uniform(-0.7, 0.7);  ///< stops off the automatic's choice
  LensSpec lens;
};

/// Which instances are labels at all.
struct LabelSpec {
  double min_visible = 0.1;  ///< visible fraction
  double min_side = 4;       ///< shorter side of the visible box, pixels
  double min_area = 24;      ///< visible pixels
};

/// A scene with ranges: what `orrery generate` draws its scenes from.
struct SceneSpec {
  std::string name;
  std::vector<std::string> classes;  ///< their order; empty: as the sets name them
  std::string faces;  ///< folder of pictures for the shape "card"; empty: a deck of our own
  std::vector<ObjectSet> objects;
  SurfaceSpec surface;
  LightSpec lights;
  SkySpec sky;
  CameraSpec camera;
  SensorSpec sensor = default_sensor();
  LabelSpec labels;
  /// Factors that are drawn anew while all else stays: objects, placement, surface, lights, sky,
  /// camera, sensor.
  std::vector<std::string> vary;
};

}  // namespace orrery
