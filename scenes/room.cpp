#include "scenes/room.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <sstream>

#include "scenes/planckian.hpp"

namespace orrery {
namespace {

/// Space that is kept between the table and the walls, metres.
constexpr double kWay = 0.5;

/// Windows side by side along the wall, all of one size.
std::vector<RoomWindow> drawn_windows(const RoomPlan& plan, std::uint32_t count, Rng& rng) {
  const double height = plan.high.z - plan.low.z;
  const double sill = plan.low.z + rng.uniform(0.5, 0.95);
  const double top = plan.low.z + height - rng.uniform(0.25, 0.5);
  const double wide = rng.uniform(0.9, 1.6);
  const double share = (plan.high.x - plan.low.x) / count;
  const double half = 0.5 * std::min(wide, share - 0.3);
  const auto columns = static_cast<int>(1 + rng.below(3));
  const auto rows = static_cast<int>(1 + rng.below(3));
  std::vector<RoomWindow> windows;
  for (std::uint32_t i = 0; i < count; ++i) {
    const double x = plan.low.x + share * (i + 0.5);
    windows.push_back({{x, 0.5 * (sill + top)}, {half, 0.5 * (top - sill)}, columns, rows});
  }
  return windows;
}

}  // namespace

RoomPlan room_plan(const std::string& name) {
  std::vector<std::string> parts;
  std::stringstream stream(name.substr(std::string(kRoomPrefix).size()));
  for (std::string part; std::getline(stream, part, '/');) parts.push_back(part);
  const auto number = [&](std::size_t i) { return std::strtod(parts.at(i).c_str(), nullptr); };
  RoomPlan plan;
  plan.variant = static_cast<std::uint32_t>(number(0));
  plan.table = {number(7), number(8)};
  const double width = std::max(number(1), plan.table.x + 2 * kWay);
  const double depth = std::max(number(2), plan.table.y + 2 * kWay);
  Rng rng(plan.variant, 0, "room/plan");
  const double free_x = 0.5 * (width - plan.table.x) - kWay;
  const double free_y = 0.5 * (depth - plan.table.y) - kWay;
  const glm::dvec2 at{rng.uniform(-0.9, 0.9) * free_x, rng.uniform(-0.9, 0.9) * free_y};
  const double floor_z = -number(6);
  plan.low = {-0.5 * width - at.x, -0.5 * depth - at.y, floor_z};
  plan.high = {0.5 * width - at.x, 0.5 * depth - at.y, floor_z + number(3)};
  plan.windows = drawn_windows(plan, static_cast<std::uint32_t>(number(4)), rng);
  plan.furniture = static_cast<std::uint32_t>(number(5));
  plan.day = parts.at(9) == "day";
  plan.floor = parts.at(10);
  const double drop = rng.uniform(0.05, 0.6);
  plan.lamp = {0.5 * (plan.low.x + plan.high.x) + rng.uniform(-0.5, 0.5),
               0.5 * (plan.low.y + plan.high.y) + rng.uniform(-0.5, 0.5), plan.high.z - drop};
  return plan;
}

std::vector<std::string> room_names(const RoomSpec& spec, const glm::dvec2& table) {
  std::vector<std::string> names;
  if (spec.share <= 0) return names;
  for (std::uint32_t variant = 0; variant < spec.variants; ++variant) {
    Rng rng(variant, 0, "room/size");
    const double width = drawn(spec.width, rng);
    const double depth = drawn(spec.depth, rng);
    const double height = drawn(spec.height, rng);
    const double windows = std::floor(drawn(spec.windows, rng));
    const double furniture = std::floor(drawn(spec.furniture, rng));
    const double day = drawn(spec.day, rng);
    const bool by_day = rng.unit() < day;
    const std::string& floor =
        spec.floors[rng.below(static_cast<std::uint32_t>(spec.floors.size()))];
    char text[400];
    std::snprintf(text, sizeof text, "%s%u/%.17g/%.17g/%.17g/%g/%g/%.17g/%.17g/%.17g/%s/",
                  kRoomPrefix, variant, width, depth, height, windows, furniture, spec.table,
                  table.x, table.y, by_day ? "day" : "night");
    names.push_back(text + floor);
  }
  return names;
}

}  // namespace orrery
