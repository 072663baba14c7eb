#pragma once

#include "renderer/gpu/buffer.hpp"
#include "renderer/lens_rays.hpp"
#include "renderer/view_setup.hpp"

namespace orrery {

/// The grid of a view's samples, and that of its amodal canvas' pixels.
SampleGrid lattice_grid(const ViewSetup& setup);
SampleGrid canvas_grid(const ViewSetup& setup);

/// Throws Error if the device cannot show the rays of either to a shader at once.
void require_rays_fit(const gpu::Device& device, const ViewSetup& setup);

/// The rays of one grid, where the device reads them. They are worked out anew only when camera or
/// grid differ from the last time.
class LensBuffer {
 public:
  /// Of a pinhole: anything that can be bound.
  void prepare(const gpu::Device& device, const ViewSetup& setup, const SampleGrid& grid);
  const gpu::Buffer& get() const { return buffer_; }

 private:
  gpu::Buffer buffer_;
  Intrinsics camera_;
  SampleGrid grid_;
};

}  // namespace orrery
