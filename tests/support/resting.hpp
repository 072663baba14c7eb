#pragma once

#include <limits>
#include <span>
#include <vector>

#include "scenes/scene.hpp"
#include "tests/support/probed_mesh.hpp"

namespace orrery {

/// How one thing rests, by nothing but the triangles that are drawn.
struct Rest {
  std::size_t thing = 0;  ///< into Scene::objects, then Scene::props
  /// Metres: how wide the gaps are that it stands on, down to the ground. Of all ways from thing to
  /// thing, each straight down, the one whose widest gap is the narrowest; infinite if there is
  /// none.
  double gap = std::numeric_limits<double>::infinity();
  /// Metres: how deep a point of its surface is in another thing or the ground, or a point of
  /// another's surface in it.
  double depth = 0;
  std::size_t deepest_in = kGround;  ///< the other thing; means nothing where depth is 0

  static constexpr std::size_t kGround = std::numeric_limits<std::size_t>::max();
};

/// Of everything that stands, lies or fell: objects, distractors, bins and shelves. The ground is
/// z = 0 beneath the surface, which may have more on it. What has the very pose of a prop is
/// mounted on it: it stands as its mount does, and is as far from it as its gap says at least.
/// `meshes` are those of Assets::models; only those of things and surfaces must be there.
std::vector<Rest> rests_of(const Scene& scene, std::span<const ProbedMesh* const> meshes);

}  // namespace orrery
