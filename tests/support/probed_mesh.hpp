#pragma once

#include <cstdint>
#include <glm/glm.hpp>
#include <memory>
#include <optional>
#include <vector>

#include "scenes/model.hpp"

namespace orrery {

/// The triangles of a model, as finely as it is drawn, for rays and distances. Everything is in the
/// model's frame. Safe to ask from many threads.
class ProbedMesh {
 public:
  explicit ProbedMesh(const Model& model);
  ~ProbedMesh();
  ProbedMesh(ProbedMesh&&) noexcept;
  ProbedMesh& operator=(ProbedMesh&&) = delete;

  struct Hit {
    double distance = 0;   ///< in lengths of the ray's direction
    bool outside = false;  ///< the ray meets the outer side of the surface
    double cosine = 0;     ///< between the ray and the surface's normal: 0 grazes it
  };
  /// The first surface along a ray, if it is less than `reach` lengths away.
  std::optional<Hit> first_hit(const glm::dvec3& from, const glm::dvec3& direction,
                               double reach) const;

  /// Whether a point is within the solid: surfaces around it are left, not entered, whichever way
  /// one goes. Sheets and other open surfaces enclose nothing.
  bool encloses(const glm::dvec3& point) const;

  /// The nearest point of the surface, if it is less than `reach` away.
  std::optional<glm::dvec3> nearest(const glm::dvec3& point, double reach) const;

  /// All corners, and points between them no further apart than 1/50 of the diagonal.
  const std::vector<glm::dvec3>& samples() const { return samples_; }
  const Box3& bounds() const { return bounds_; }

 private:
  struct Surface;
  std::unique_ptr<Surface> surface_;
  std::vector<glm::dvec3> samples_;
  Box3 bounds_;
};

}  // namespace orrery
