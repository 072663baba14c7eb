#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "renderer/frame.hpp"
#include "scenes/scene.hpp"

namespace orrery {

/// Draws which instance each pixel shows, and which it would show, on the processor and without
/// colour: what labels are read from, for a fraction of the cost of a picture. The meshes, levels
/// of detail, culling, cut-off texels and canvas are the renderer's; silhouettes may differ from
/// its own by rounding. The ground is left out, since things stand on it. Keeps its working memory
/// from one shot to the next: one object for each thread.
class Coverage {
 public:
  /// Frame::id, Frame::amodal and Frame::depth of `shot`; they live until the next call. `models`
  /// are those that its objects and props point to; `lod_error_px` is RenderSettings'.
  Frame of(const Shot& shot, std::span<const Model> models, float lod_error_px);

 private:
  /// A corner in the image: pixels, 1 / depth, and the texture's coordinates times it.
  struct Corner {
    double x = 0, y = 0;
    double nearness = 0;
    double u = 0, v = 0;
    double alpha = 1;
  };
  struct Triangle {
    std::array<Corner, 3> corners;
    std::uint32_t id = 0;  ///< of its instance; 0: a prop's
    std::uint32_t model = 0;
    std::int32_t material = -1;  ///< of which texels may be missing; -1: the surface is whole
  };

  void add(const Shot& shot, const Model& model, std::uint32_t model_index, const Pose& pose,
           std::uint32_t id, float lod_error_px);
  void add_triangle(const Shot& shot, const Material& material, std::int32_t masked,
                    const std::array<glm::dvec3, 3>& points,
                    const std::array<const Vertex*, 3>& vertices, Triangle triangle);
  void choose_canvas(int width, int height);
  void fill(const Triangle& triangle, std::span<const Model> models);

  std::vector<Triangle> triangles_;
  Image<std::uint16_t> id_;
  Image<float> nearness_;  ///< 1 / depth of what is nearest so far; then depth
  std::vector<std::uint32_t> amodal_;
  AmodalBits canvas_;
};

}  // namespace orrery
