#include "renderer/lens_buffer.hpp"

#include "renderer/host/shading.hpp"

namespace orrery {

SampleGrid lattice_grid(const ViewSetup& setup) {
  const glm::ivec2 size(lattice_size(setup));
  const bool fine = setup.constants.rate == 2;
  return {size.x, size.y, fine ? 0.0 : 0.5, fine ? 0.0 : 0.5, fine ? 0.5 : 1.0};
}

SampleGrid canvas_grid(const ViewSetup& setup) {
  const AmodalCanvas& canvas = setup.canvas;
  return {canvas.width, canvas.height, canvas.x + 0.5, canvas.y + 0.5, 1.0};
}

void require_rays_fit(const gpu::Device& device, const ViewSetup& setup) {
  if (!setup.features.lens) return;
  const std::uint64_t most = device.max_storage_bytes();
  require_bindable(lattice_grid(setup), most, "the samples of an image",
                   setup.constants.rate == 2
                       ? "make the image smaller or turn antialias off (--no-aa)"
                       : "make the image smaller");
  if (!setup.canvas.needed) return;
  require_bindable(canvas_grid(setup), most, "the pixels of the amodal canvas",
                   "make the image smaller or turn amodal off (--no-amodal)");
}

void LensBuffer::prepare(const gpu::Device& device, const ViewSetup& setup,
                         const SampleGrid& grid) {
  if (buffer_.get() && (!setup.features.lens || (camera_ == setup.camera && grid_ == grid))) return;
  const std::size_t floats = setup.features.lens ? lens_ray_floats(grid) : 1;
  const VkDeviceSize bytes = (floats + host::kPadding) * sizeof(float);
  if (buffer_.size() < bytes) buffer_ = gpu::Buffer(device, bytes, gpu::Memory::upload);
  if (!setup.features.lens) return;
  camera_ = setup.camera;
  grid_ = grid;
  fill_lens_rays(camera_, grid, {buffer_.mapped<float>(), floats});
}

}  // namespace orrery
