#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "scenes/distribution.hpp"
#include "scenes/lens.hpp"
#include "scenes/sensor.hpp"
#include "scenes/turntable_spec.hpp"

namespace orrery {

/// How a photo saw the plane on which things shall lie.
struct Backplate {
  std::string photo;
  double fov = 65;        ///< horizontal, of the whole photo, degrees
  double elevation = 40;  ///< of the optical axis below the horizon, degrees
  double roll = 0;        ///< degrees
};

/// What may stand in a file beside a photo, photo.yaml for photo.jpg; 0 or nothing: not said.
struct PhotoView {
  double fov = 0;                 ///< horizontal, degrees
  double elevation = 0;           ///< of the optical axis below the horizon, degrees
  double roll = 0;                ///< degrees
  std::optional<double> horizon;  ///< in the middle column, of the height from the top; may be < 0
};

/// How the objects of a set come to their places.
enum class Placement : std::uint8_t {
  drop,   ///< physics: they fall on what is there and come to rest
  stand,  ///< upright on the surface, apart from each other
  lie,    ///< in one of the poses that they rest in, apart from each other
  fly,    ///< anywhere in the air, turned anyhow
  stack,  ///< in towers, as they lie, which settle by physics
  row,    ///< upright side by side along a line, the thin side along it
  shelf,  ///< upright in rows on the boards of the surface's shelf, fronts (-y) ahead
};

/// Which of the model's axes points up in what stands, alone or in a row.
enum class StandingAxis : std::uint8_t { x, y, z };

/// Other colours for models whose class does not lie in them.
struct TextureSwap {
  std::vector<std::string> images;     ///< picture files or folders of them, * and ? allowed
  std::vector<std::string> materials;  ///< see surface_names()
  double probability = 0.5;            ///< share of things whose colours are swapped
  Distribution size = Distribution::uniform(0.05, 0.3);  ///< of one repeat, metres
};

/// Things of one kind: what they are, how many, how they vary and where they go.
struct ObjectSet {
  std::string name;
  std::vector<std::string> models;  ///< files, * and ? allowed, relative to the scene file
  double unit = 0;                  ///< metres per unit of the files; 0: what their format says
  bool allow_missing = false;       ///< textures of the files may be missing
  std::vector<std::string> shapes;  ///< shapes that we make: see shape_names()
  std::string class_name;           ///< empty: of each file or shape its own
  bool label = true;                ///< false: a distractor
  bool cover = false;               ///< dropped on targets, a part of which it hides
  std::vector<std::string> images;  ///< pictures on the shapes box, book and paper: as in swaps
  std::string colors_of;            ///< a set whose models' colours tint these; or empty
  Distribution count = Distribution::fixed(1);  ///< rounded down
  Distribution size = Distribution::fixed(0);   ///< longest side, metres; 0: as the model is
  Placement placement = Placement::drop;
  Distribution hue = Distribution::fixed(0);         ///< of a tint, degrees
  Distribution saturation = Distribution::fixed(0);  ///< of a tint
  Distribution brightness = Distribution::fixed(1);  ///< of a tint
  Distribution roughness = Distribution::fixed(1);   ///< factor
  Distribution metallic = Distribution::fixed(0);    ///< share towards metal
  Distribution hue_shift = Distribution::fixed(0);   ///< turn of its own hues, degrees
  Distribution wear = Distribution::fixed(0);        ///< share that is scratched and scuffed
  Distribution dirt = Distribution::fixed(0);        ///< share that is dirty
  TextureSwap textures;
  Distribution friction = Distribution::fixed(0.5);
  Distribution restitution = Distribution::fixed(0.1);
  double density = 500;                           ///< kg/m³
  StandingAxis up = StandingAxis::z;              ///< stand and row
  Distribution spacing = Distribution::fixed(0);  ///< stand, lie: free between things, metres
  Distribution per_stack = Distribution::uniform(2, 6);  ///< rounded down
  Distribution slant = Distribution::fixed(0);           ///< stack: each beside the last, metres
  Distribution fan = Distribution::fixed(0);             ///< stack: turn of each, degrees
  Distribution gap = Distribution::uniform(0, 0.01);     ///< in a row, metres
  Distribution jitter = Distribution::uniform(-0.004, 0.004);  ///< stack, row: aside, metres
  std::string container;  ///< dropped: the set into whose things they go; empty: none
  bool tumble = true;     ///< drop, stack: as it may lie; false: upright, turned about z
  /// Turn about the vertical of what stands, lies or drops upright, degrees.
  Distribution yaw = Distribution::uniform(0, 360);
  bool label_when_up = false;  ///< a label only where the model's +z ends up, else a distractor
  /// Classes by the side that lies up, of the model's +x, -x, +y, -y, +z and -z; empty: as above.
  std::vector<std::string> class_by_side;
};

/// A shelf at the origin, open to -y, for things with the placement `shelf`.
struct ShelfSpec {
  std::uint32_t boards = 0;  ///< that things stand on; 0: no shelf
  double width = 1.0;        ///< metres, of a board
  double depth = 0.32;       ///< metres
  double gap = 0.34;         ///< metres, from a board's top to the next board
};

/// What things lie on.
struct SurfaceSpec {
  std::vector<std::string> materials;  ///< see surface_names(); one is drawn
  std::uint32_t variants = 2;          ///< different ones of each material
  std::vector<std::string> images;     ///< picture files or folders, * and ? allowed; one is drawn
  double image_share = 0.5;            ///< of surfaces, where there are materials and images
  Distribution image_size = Distribution::uniform(0.3, 1.2);  ///< of one repeat, metres
  Distribution image_roughness = Distribution::uniform(0.35, 0.95);
  double width = 1.6;                              ///< metres, along x
  double depth = 1.6;                              ///< metres, along y
  Distribution tint = Distribution::fixed(1);      ///< brightness factor
  Distribution spread = Distribution::fixed(0.2);  ///< radius of the area that things go to, metres
  double bin_height = 0;  ///< of a bin as wide as the greatest spread, metres; 0: none
  ShelfSpec shelf;
};

/// How often the light of a sun comes through what, as weights.
struct GoboSpec {
  double none = 1;
  double window = 0;
  double blinds = 0;
  double leaves = 0;
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
  Distribution spot = Distribution::fixed(0);                ///< share of the lamps that are spots
  Distribution cone = Distribution::uniform(15, 40);         ///< half angle of spots, degrees
  GoboSpec gobo;                                             ///< before suns
  Distribution gobo_distance = Distribution::uniform(2, 7);  ///< metres
  Distribution gobo_size = Distribution::uniform(0.4, 1.1);  ///< factor on the pattern's size
};

struct SkySpec {
  std::vector<std::string> names{"studio", "overcast", "clear", "sunset", "indoor"};
  Distribution strength = Distribution::uniform(0.2, 0.9);
  Distribution yaw = Distribution::uniform(0, 360);  ///< degrees
  Distribution tilt = Distribution::fixed(0);        ///< degrees
};

/// Rooms around the table, with windows and lamps, which hide the sky.
struct RoomSpec {
  double share = 0;                                      ///< of images that are taken in one
  std::uint32_t variants = 6;                            ///< different ones
  Distribution width = Distribution::uniform(3, 6);      ///< metres
  Distribution depth = Distribution::uniform(3, 5);      ///< metres
  Distribution height = Distribution::uniform(2.4, 3);   ///< metres
  Distribution windows = Distribution::uniform(1, 4);    ///< rounded down
  Distribution furniture = Distribution::uniform(1, 5);  ///< pieces, rounded down
  Distribution day = Distribution::fixed(0.7);  ///< share lit by the windows, not by a ceiling lamp
  double table = 0.75;                          ///< height of the table over the floor, metres
  std::vector<std::string> floors{"planks", "wood", "carpet", "tiles", "concrete"};
};

/// Photos as background, whose ground carries the things.
struct BackplateSpec {
  std::vector<std::string> photos;  ///< files, * and ? allowed
  double share = 1;                 ///< of images that have one, if there are any
  double fov = 65;                  ///< horizontal, of photos that do not say, degrees
  double elevation = 40;            ///< of photos that neither say nor show a horizon, degrees
  /// One a photo; made from the files beside the photos where it is empty.
  std::vector<Backplate> views;
};

/// Where the camera stands.
enum class CameraPlacement : std::uint8_t {
  dome,      ///< anywhere on a dome around its target
  handheld,  ///< where a person's hands or eyes are, beside the things
};

/// What the camera looks at.
enum class CameraTarget : std::uint8_t {
  thing,  ///< one of the things
  pile,   ///< all of them together
};

/// A camera in someone's hands. Used where the placement is handheld.
struct HandheldSpec {
  /// Metres above the surface: eyes are about 0.4 there when sitting at a table, 0.8 standing.
  Distribution height = Distribution::uniform(0.3, 0.9);
  Distribution reach = Distribution::uniform(0.15, 0.7);  ///< metres from the target, sideways
  Distribution aim = Distribution::uniform(0, 4);         ///< degrees off the target
};

/// How the camera moves on before the next picture, for optical flow. Directions and axes are any.
struct MotionSpec {
  Distribution translation = Distribution::uniform(0.002, 0.02);  ///< metres
  Distribution rotation = Distribution::uniform(0.1, 1.5);        ///< degrees
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

/// Where the camera stands and how it sees.
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
  Distribution white_balance = Distribution::uniform(0.5, 1);  ///< share of a cast taken out

  CameraPlacement placement = CameraPlacement::dome;
  CameraTarget target = CameraTarget::thing;
  /// Share of the image's area that the target takes, or rather the convex outline of its
  /// projection; it decides the distance. 0: the distance is as above, or handheld.
  Distribution apparent_size = Distribution::fixed(0);
  Distribution place_x = Distribution::fixed(0);  ///< of the target: -1 left border, 1 right
  Distribution place_y = Distribution::fixed(0);  ///< of the target: -1 top border, 1 bottom
  /// How far inside the image the target stays, as a fraction of its shorter side; below 0 the
  /// target may leave it.
  double margin = -1;
  HandheldSpec handheld;
  MotionSpec motion;
  LensSpec lens;
};

/// Which instances are labels at all, and what is written beside them.
struct LabelSpec {
  double min_visible = 0.1;  ///< visible fraction
  double min_side = 4;       ///< shorter side of the visible box, pixels
  double min_area = 24;      ///< visible pixels

  double max_truncation = 1;  ///< fraction outside the image
  bool flow = false;          ///< a second picture, and optical flow to it
  bool panoptic = false;      ///< COCO panoptic: the surroundings are segments as well
};

/// What becomes of a sample that fails whenever it is tried.
enum class OnFailure : std::uint8_t {
  stop,      ///< its chunk is not made, and the run says so
  resample,  ///< another draw takes its place, and is counted
};

/// A scene with ranges: what `orrery generate` draws its scenes from.
struct SceneSpec {
  std::string name;
  std::vector<std::string> classes;  ///< their order; empty: as the sets name them
  std::string faces;         ///< folder of pictures for the shape "card"; empty: a deck of our own
  std::uint32_t prints = 0;  ///< other prints of our deck besides; with `faces` of its numbers
  double target_free = 0;    ///< share of images without any labelled set
  std::uint32_t image_limit = 300;  ///< pictures a run draws from each list, by the seed
  std::vector<ObjectSet> objects;
  /// The models of the sets stand on it; surface, lights, sky and camera are then its own.
  std::optional<TurntableSpec> turntable;
  SurfaceSpec surface;
  LightSpec lights;
  SkySpec sky;
  RoomSpec room;
  BackplateSpec backplate;
  CameraSpec camera;
  SensorSpec sensor = default_sensor();
  LabelSpec labels;
  OnFailure on_failure = OnFailure::stop;
  /// Factors that are drawn anew while all else stays: objects, placement, surface, lights, sky,
  /// room, backplate, camera, sensor.
  std::vector<std::string> vary;
};

}  // namespace orrery
