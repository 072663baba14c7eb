#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "renderer/frame.hpp"
#include "renderer/gpu/devices.hpp"

namespace orrery {

/// What a run asks of every frame.
struct RenderSettings {
  bool antialias = true;  ///< colour edges from nine samples a pixel; labels never
  bool shadows = true;
  bool ambient_occlusion = true;
  bool normal = false;  ///< fill Frame::normal
  bool prop = false;    ///< fill Frame::prop
  bool amodal = true;   ///< fill Frame::amodal where it differs from the visible masks
  /// Software devices leave shading to native code: an index into host::native_shadings(), past
  /// whose end the device does it itself, as GPUs do.
  std::size_t native_shading = 0;
  /// Coarser levels of detail stand in where their error is below this many pixels; 0: never.
  float lod_error_px = 0.2F;
  /// Validation layers on; messages are collected in Renderer::validation_messages().
  bool validate = false;
};

/// Renders shots on one device. One object per thread; several objects may live in one process,
/// but construct them one after the other (software Vulkan compiles shaders unsafely otherwise).
class Renderer {
 public:
  /// Uploads `assets`, which may be discarded afterwards. `device` is an index into devices().
  /// Throws Error (Exit::unavailable).
  Renderer(std::size_t device, const Assets& assets, const RenderSettings& settings);
  ~Renderer();
  Renderer(Renderer&&) noexcept;
  Renderer& operator=(Renderer&&) noexcept;

  /// Renders every shot and hands each frame to `take(i, frame)`, in order, while later shots
  /// render. The frame dies when `take` returns. Same shots, same device: the same bytes, however
  /// they are grouped into calls.
  void render(std::span<const Shot> shots,
              const std::function<void(std::size_t, const Frame&)>& take);

  /// What the validation layers have said so far; empty when all is well or validation is off.
  const std::vector<std::string>& validation_messages() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// The level of detail that the renderer draws `object` with: the coarsest whose error projects to
/// at most `error_px` pixels at the object's nearest point.
std::size_t lod_of(const Model& model, const Object& object, const View& view, float error_px);

}  // namespace orrery
