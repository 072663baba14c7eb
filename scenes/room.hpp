#pragma once

#include <array>
#include <cstdint>
#include <glm/glm.hpp>
#include <string>
#include <vector>

#include "scenes/model.hpp"
#include "scenes/random.hpp"
#include "scenes/scene_spec.hpp"
#include "scenes/sky.hpp"

namespace orrery {

/// A window in the wall of greatest y: half sides and middle, metres, in the room's frame.
struct RoomWindow {
  glm::dvec2 middle{0.0};  ///< (x, z)
  glm::dvec2 half{0.5};
  int columns = 2;  ///< of panes
  int rows = 2;
};

/// A box-shaped room. Its frame: z up, the origin on top of the table, where things lie.
struct RoomPlan {
  std::uint32_t variant = 0;
  glm::dvec3 low{0.0};    ///< metres; z of the floor
  glm::dvec3 high{0.0};   ///< z of the ceiling
  glm::dvec2 table{1.0};  ///< sides of the table; none below if it is the floor that things lie on
  std::vector<RoomWindow> windows;
  bool day = true;       ///< lit by the windows; else by the lamp
  glm::dvec3 lamp{0.0};  ///< middle of the ceiling lamp
  std::uint32_t furniture = 0;
  std::string floor;  ///< surface material
};

/// The plan that a name from room_names() stands for.
RoomPlan room_plan(const std::string& name);

/// The names of the rooms of a scene file, for room_plan(), room_shell() and room_sky(). `table`
/// are the sides of what things lie on, metres.
std::vector<std::string> room_names(const RoomSpec& spec, const glm::dvec2& table);

/// Walls, ceiling, floor, windows, table and furniture, seen from inside. Walls and ceiling glow
/// with the light that comes to them by way of other surfaces (radiosity), for Look::glow as the
/// room's sky has intensity.
Model room_shell(const std::string& name);

/// The wall with the windows and all that lies beyond its edges, for Gobo; in the room's frame, but
/// about room_shade_middle().
Model room_shade(const std::string& name);
glm::dvec3 room_shade_middle(const RoomPlan& plan);
/// Metres about it that light may fall into the room through, as Gobo::reach.
double room_shade_reach(const RoomPlan& plan);

/// A window or a lamp as a light: Light of kind area, for a sky intensity of 1.
struct RoomLight {
  glm::dvec3 position{0.0};
  glm::dvec3 direction{0, 0, -1};
  glm::dvec3 color{1.0};  ///< irradiance at 1 m
  double radius = 0.3;    ///< metres
};

/// What lights a room: all is scaled so that a white surface at the origin that faces up shows 1.
struct RoomLighting {
  std::vector<RoomLight> lights;
  double outside = 1;  ///< radiance of what is seen through the windows
  /// Irradiance over π from other surfaces: kRoomGrid × kRoomGrid places of each side, in the order
  /// -x, +x, -y, +y, floor, ceiling; the coordinate that comes first in x, y, z varies fastest.
  std::array<std::vector<glm::vec3>, 6> bounced;
  std::array<glm::vec3, 6> albedo;
};
constexpr int kRoomGrid = 10;

RoomLighting room_lighting(const RoomPlan& plan);

/// What arrives on the table from all around by way of other surfaces: a room's ambient light.
/// Its windows and its lamp are lights of their own, and dark in it.
Sky room_sky(const std::string& name);

/// Sky::sha256 of that, without making it.
std::string room_sky_sha256(const std::string& name);

constexpr const char* kRoomPrefix = "made:room/";

}  // namespace orrery
