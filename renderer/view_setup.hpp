#pragma once

#include <string>
#include <vector>

#include "renderer/pipelines.hpp"
#include "renderer/renderer.hpp"
#include "renderer/resident.hpp"
#include "renderer/view_extent.hpp"

namespace orrery {

/// One indexed draw: `draw` is its entry in ViewSetup::draws.
struct DrawCall {
  std::uint32_t draw = 0;
  std::uint32_t first_index = 0;
  std::uint32_t indices = 0;
  std::uint32_t first_vertex = 0;
  std::uint32_t amodal_bit = 0;  ///< amodal calls: instance id - 1
  bool cull = false;
  bool masked = false;   ///< some texels may not be there
  bool blended = false;  ///< seen through
};

/// The shadow map that one light of one scene needs; equal keys mean equal maps.
struct ShadowRequest {
  std::string key;
  std::uint32_t light = 0;  ///< into ViewConstants::light
  bool gobo = false;        ///< of the light's gobo, not of the scene
  std::vector<DrawCall> calls;
};

/// A shot turned into what the passes consume; no Vulkan object involved.
struct ViewSetup {
  shader::ViewConstants constants{};
  std::vector<shader::Draw> draws;
  std::vector<shader::GpuMaterial> materials;  ///< one per draw
  std::vector<shader::GpuFinish> finishes;     ///< those that materials name
  std::vector<DrawCall> visible;               ///< opaque first, then what is seen through
  std::vector<DrawCall> amodal;                ///< objects only
  std::vector<ShadowRequest> shadows;
  Intrinsics camera;
  AmodalCanvas canvas;
  std::uint32_t background_srgb = 0;  ///< RGBA8 of a background of one colour
  Features features;
  bool see_through = false;  ///< a blended surface or a shadow catcher is drawn
};

/// Where the view says which layer holds the map of a request.
std::uint32_t& layer_of(shader::ViewConstants& constants, const ShadowRequest& request);
std::uint32_t layer_of(const shader::ViewConstants& constants, const ShadowRequest& request);

/// Throws Error (Exit::data) if the scene has more draws and triangles than a visibility value can
/// name, or more lights than kMaxLights.
ViewSetup view_setup_from(const Shot& shot, const Resident& resident,
                          const RenderSettings& settings);

/// As lod_of for a Model, from what stays resident of it.
std::size_t lod_of(std::span<const float> lod_errors, const Box3& bounds,
                   const Pose& world_from_object, const View& view, float error_px);

/// Lattice of the view's samples: see shaders/lib/lattice.glsl.
glm::uvec2 lattice_size(const ViewSetup& setup);

/// Takes the camera frame to clip space: a canvas of `width` × `height` pixels whose top-left
/// corner lies at (`x`, `y`) in the image, with `rate` samples a pixel. Depth is near / z.
glm::dmat4 clip_from_camera(const View& view, double x, double y, double width, double height,
                            double rate, double sample_offset);

}  // namespace orrery
