#include "tests/support/resting.hpp"

#include <algorithm>
#include <cmath>
#include <optional>

namespace orrery {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kReach = 0.05;     ///< metres: gaps that are wider are not looked for
constexpr double kStart = 1e-5;     ///< metres: rays start so much before their point
constexpr double kSideways = 0.25;  ///< z of a unit direction that is still across
constexpr glm::dvec3 kUp(0, 0, 1);

/// A thing in its place.
struct Item {
  std::size_t thing = Rest::kGround;  ///< the ground's is that of what stands on the surface
  const ProbedMesh* mesh = nullptr;
  Pose world_from_object;
  Pose object_from_world;
  std::vector<glm::dvec3> samples;  ///< in the world
  glm::dvec3 low{kInfinity};
  glm::dvec3 high{-kInfinity};
};

Item item_of(std::size_t thing, const ProbedMesh& mesh, const Pose& pose) {
  Item item{thing, &mesh, pose, inverse(pose), {}};
  item.samples.reserve(mesh.samples().size());
  for (const glm::dvec3& p : mesh.samples()) {
    const glm::dvec3 at = pose(p);
    item.low = glm::min(item.low, at);
    item.high = glm::max(item.high, at);
    item.samples.push_back(at);
  }
  return item;
}

/// How one thing is to another.
struct Meeting {
  double above = kInfinity;  ///< metres: how far the one could go down before it touches the other
  double below = kInfinity;  ///< metres: how far the one could go up before it touches the other
  double depth = 0;          ///< metres: deepest point of the one in the other
};

bool may_meet(const Item& item, const glm::dvec3& p) {
  return p.x >= item.low.x && p.x <= item.high.x && p.y >= item.low.y && p.y <= item.high.y &&
         p.z >= item.low.z - kReach && p.z <= item.high.z + kReach;
}

/// A point of the one within the other: which way out tells who carries whom.
void take_enclosed(const Item& other, const glm::dvec3& p, Meeting& meeting) {
  const auto out = other.mesh->nearest(other.object_from_world(p), 1e30);
  if (!out) return;
  const glm::dvec3 way = other.world_from_object(*out) - p;
  const double depth = glm::length(way);
  meeting.depth = std::max(meeting.depth, depth);
  if (depth < kStart) return;  // rounding decides the way
  if (way.z >= kSideways * depth) meeting.above = 0;
  if (way.z <= -kSideways * depth) meeting.below = 0;
}

void take_point(const Item& other, const glm::dvec3& p, Meeting& meeting) {
  if (!may_meet(other, p)) return;
  std::optional<bool> enclosed;
  for (double* gap : {&meeting.above, &meeting.below}) {
    const glm::dvec3 along = gap == &meeting.above ? -kUp : kUp;
    const auto hit = other.mesh->first_hit(
        other.object_from_world(p - kStart * along),
        other.object_from_world.scale * (other.object_from_world.rotation * along), kReach);
    if (!hit) continue;
    if (!hit->outside && !enclosed) {
      enclosed = other.mesh->encloses(other.object_from_world(p));
      if (*enclosed) return take_enclosed(other, p, meeting);
    }
    if (hit->cosine < kSideways) continue;  // slips past
    *gap = std::clamp(hit->distance - kStart, 0.0, *gap);
  }
}

Meeting meeting_of(const Item& a, const Item& b) {
  Meeting of_a;
  Meeting of_b;
  if (glm::any(glm::lessThan(a.high + glm::dvec3(0, 0, kReach), b.low)) ||
      glm::any(glm::lessThan(b.high + glm::dvec3(0, 0, kReach), a.low))) {
    return of_a;
  }
  for (const glm::dvec3& p : a.samples) take_point(b, p, of_a);
  for (const glm::dvec3& p : b.samples) take_point(a, p, of_b);
  return {std::min(of_a.above, of_b.below), std::min(of_a.below, of_b.above),
          std::max(of_a.depth, of_b.depth)};
}

bool same(const Pose& a, const Pose& b) {
  return a.rotation == b.rotation && a.scale == b.scale && a.translation == b.translation;
}

/// Metres between two surfaces.
double distance_between(const Item& a, const Item& b) {
  double least = kReach;
  for (const auto& [from, to] : {std::pair(&a, &b), std::pair(&b, &a)}) {
    for (const glm::dvec3& p : from->mesh->samples()) {  // the poses are the same
      if (const auto at = to->mesh->nearest(p, least)) least = glm::distance(*at, p);
    }
  }
  return least * a.world_from_object.scale;
}

/// Everything that can rest or be rested on.
class Pile {
 public:
  Pile(const Scene& scene, std::span<const ProbedMesh* const> meshes) {
    ground_ = scene.ground.kind == GroundKind::plane;
    std::size_t thing = 0;
    for (const Object& object : scene.objects) {
      items_.push_back(item_of(thing++, *meshes[object.model], object.world_from_object));
    }
    for (const Prop& prop : scene.props) {
      const std::size_t index = thing++;
      if (prop.stuff == Stuff::room) continue;
      const bool surface = prop.stuff == Stuff::surface;
      ground_ = ground_ || surface;
      const ProbedMesh& mesh = *meshes[prop.model];
      if (surface && mesh.bounds().high.z - mesh.bounds().low.z < 1e-6F) continue;
      items_.push_back(item_of(surface ? Rest::kGround : index, mesh, prop.world_from_object));
    }
  }

  std::vector<Rest> rests() {
    for (const Item& item : items_) rests_.push_back(on_ground(item));
    for (std::size_t a = 0; a < items_.size(); ++a) {
      for (std::size_t b = 0; b < a; ++b) meet(a, b);
    }
    for (bool more = true; more;) {
      more = false;
      for (const Link& link : links_) {
        const double gap = std::max(link.gap, rests_[link.lower].gap);
        if (gap >= rests_[link.upper].gap) continue;
        rests_[link.upper].gap = gap;
        more = true;
      }
    }
    std::vector<Rest> found;
    for (const Rest& rest : rests_) {
      if (rest.thing != Rest::kGround) found.push_back(rest);
    }
    return found;
  }

 private:
  /// A thing above another.
  struct Link {
    std::size_t upper;
    std::size_t lower;
    double gap;
  };

  Rest on_ground(const Item& item) const {
    Rest rest{item.thing};
    if (!ground_) return rest;
    rest.gap = std::max(item.low.z, 0.0);
    rest.depth = std::max(-item.low.z, 0.0);
    return rest;
  }

  void meet(std::size_t a, std::size_t b) {
    if (same(items_[a].world_from_object, items_[b].world_from_object)) {
      const double gap = distance_between(items_[a], items_[b]);
      links_.push_back({a, b, gap});
      links_.push_back({b, a, gap});
      return;
    }
    const Meeting meeting = meeting_of(items_[a], items_[b]);
    if (meeting.above < kInfinity) links_.push_back({a, b, meeting.above});
    if (meeting.below < kInfinity) links_.push_back({b, a, meeting.below});
    for (const auto& [one, other] : {std::pair(a, b), std::pair(b, a)}) {
      if (meeting.depth <= rests_[one].depth) continue;
      rests_[one].depth = meeting.depth;
      rests_[one].deepest_in = items_[other].thing;
    }
  }

  std::vector<Item> items_;
  std::vector<Rest> rests_;
  std::vector<Link> links_;
  bool ground_ = false;
};

}  // namespace

std::vector<Rest> rests_of(const Scene& scene, std::span<const ProbedMesh* const> meshes) {
  return Pile(scene, meshes).rests();
}

}  // namespace orrery
