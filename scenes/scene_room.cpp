#include "scenes/scene_room.hpp"

#include <algorithm>
#include <cmath>
#include <glm/gtc/constants.hpp>

#include "scenes/factor_value.hpp"

namespace orrery {
namespace {

/// Space between a lamp and the walls, metres.
constexpr double kLampGap = 0.25;

/// Pulls a lamp towards the table until it is in the room, with the same strength there.
void bring_inside(Light& light, const BoundRoom& room, const Pose& world_from_room) {
  const glm::dvec3 at = inverse(world_from_room)(light.position);
  double share = 1;
  for (int axis = 0; axis < 3; ++axis) {
    const double wall =
        at[axis] > 0 ? room.plan.high[axis] - kLampGap : room.plan.low[axis] + kLampGap;
    if (std::abs(at[axis]) > std::abs(wall)) share = std::min(share, wall / at[axis]);
  }
  light.position *= share;
  light.color *= static_cast<float>(share * share);
}

/// A sun that stands so that it shines through a window onto the table.
void through_window(Light& sun, const BoundRoom& room, const Pose& world_from_room, Rng rng) {
  const auto count = static_cast<std::uint32_t>(room.plan.windows.size());
  const RoomWindow& window = room.plan.windows[rng.below(count)];
  const glm::dvec3 target{rng.uniform(-0.3, 0.3), rng.uniform(-0.3, 0.3), 0.0};
  const double top = window.middle.y + 0.9 * window.half.y;
  const double lowest = std::max(window.middle.y - 0.5 * window.half.y, 0.1 * top);
  const glm::dvec3 through{window.middle.x + rng.uniform(-0.8, 0.8) * window.half.x,
                           room.plan.high.y, glm::mix(lowest, top, rng.uniform(0.3, 1))};
  sun.direction = world_from_room.rotation * glm::normalize(target - through);
  Gobo gobo;
  gobo.model = room.shade;
  gobo.world_from_object =
      world_from_room * Pose{glm::dmat3(1.0), 1.0, room_shade_middle(room.plan)};
  gobo.reach = room_shade_reach(room.plan);
  sun.gobo = gobo;
}

/// A lamp where a sun would be, as strong on the table.
void become_lamp(Light& light) {
  const double away = 1.5;
  light.kind = LightKind::area;
  light.position = -away * light.direction;
  light.radius = 0.08;
  light.color *= static_cast<float>(away * away);
  light.gobo.reset();
}

/// One of the skies, but neither a studio nor a room.
std::uint32_t sky_outside(const BoundScene& bound, const Assets& assets, const Streams& streams) {
  std::vector<std::uint32_t> outdoors;
  for (std::uint32_t i = 0; i < bound.skies; ++i) {
    const std::string& name = assets.skies[i].name;
    if (name != "studio" && name != "indoor") outdoors.push_back(i);
  }
  Rng choice = streams.of("room/outside");
  return outdoors.empty() ? choice.below(bound.skies)
                          : outdoors[choice.below(static_cast<std::uint32_t>(outdoors.size()))];
}

}  // namespace

void enter_room(Scene& scene, const BoundScene& bound, const Assets& assets,
                const Streams& streams) {
  const RoomSpec& spec = bound.spec.room;
  if (bound.rooms.empty() || streams.of("room/share").unit() >= spec.share) return;
  Rng choice = streams.of("room/variant");
  const BoundRoom& room = bound.rooms[choice.below(static_cast<std::uint32_t>(bound.rooms.size()))];
  const double turn = streams.of("room/turn").uniform(0, glm::two_pi<double>());
  Pose world_from_room;
  world_from_room.rotation = {
      std::cos(turn), std::sin(turn), 0, -std::sin(turn), std::cos(turn), 0, 0, 0, 1};

  const float intensity = scene.sky_intensity;
  scene.background.sky = SkyView{sky_outside(bound, assets, streams), scene.sky_yaw, scene.sky_tilt,
                                 intensity * static_cast<float>(room.lighting.outside)};
  scene.sky = room.sky;
  scene.sky_yaw = turn;
  scene.sky_tilt = 0;

  bool sunny = room.plan.day;
  for (Light& light : scene.lights) {
    if (light.kind == LightKind::sun && sunny) {
      through_window(light, room, world_from_room, streams.of("room/sun"));
      sunny = false;
      continue;
    }
    if (light.kind == LightKind::sun) become_lamp(light);
    bring_inside(light, room, world_from_room);
  }
  std::vector<Light> lights;
  for (const RoomLight& own : room.lighting.lights) {
    Light light;
    light.kind = LightKind::area;
    light.position = world_from_room(own.position);
    light.direction = world_from_room.rotation * own.direction;
    light.color = intensity * glm::vec3(own.color);
    light.radius = own.radius;
    lights.push_back(light);
  }
  lights.insert(lights.end(), scene.lights.begin(), scene.lights.end());
  lights.resize(std::min(lights.size(), kMaxSceneLights));
  scene.lights = std::move(lights);

  // The room's table turns with it, and so does its top.
  for (Prop& prop : scene.props) {
    if (prop.stuff == Stuff::surface)
      prop.world_from_object = world_from_room * prop.world_from_object;
  }
  Prop shell;
  shell.model = room.shell;
  shell.world_from_object = world_from_room;
  shell.look.glow = intensity;
  shell.stuff = Stuff::room;
  shell.casts_shadow = false;  // its windows and its lamp would be behind it
  scene.props.push_back(shell);
}

}  // namespace orrery
