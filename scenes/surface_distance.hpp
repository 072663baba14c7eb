#pragma once

#include <cstdint>
#include <glm/glm.hpp>
#include <span>
#include <vector>

namespace orrery {

/// Distance to the nearest of many triangles, by a tree of boxes.
class SurfaceDistance {
 public:
  /// Three corners per triangle; at least one triangle.
  explicit SurfaceDistance(std::vector<glm::dvec3> corners);
  double operator()(const glm::dvec3& point) const;

 private:
  struct Node {
    glm::dvec3 low;
    glm::dvec3 high;
    std::uint32_t first = 0;  ///< triangle of a leaf, or else its right child; the left one follows
    std::uint32_t count = 0;  ///< triangles of a leaf; 0: no leaf
  };
  void build(std::span<std::uint32_t> triangles, std::uint32_t first);

  std::vector<glm::dvec3> corners_;
  std::vector<std::uint32_t> order_;
  std::vector<Node> nodes_;
};

}  // namespace orrery
