#include "renderer/targets.hpp"

#include <algorithm>
#include <cstring>

#include "renderer/prop_plane.hpp"

namespace orrery {
namespace {

using gpu::Buffer;

using gpu::Memory;

constexpr VkImageUsageFlags kColorUsage = VK_IMAGE_USAGE_COLOR_ATTACHMENT_BIT |
                                          VK_IMAGE_USAGE_SAMPLED_BIT |
                                          VK_IMAGE_USAGE_TRANSFER_SRC_BIT;
constexpr VkImageUsageFlags kDepthUsage = VK_IMAGE_USAGE_DEPTH_STENCIL_ATTACHMENT_BIT |
                                          VK_IMAGE_USAGE_SAMPLED_BIT |
                                          VK_IMAGE_USAGE_TRANSFER_SRC_BIT;

void grow(const gpu::Device& device, Buffer& buffer, VkDeviceSize bytes, Memory memory) {
  if (buffer.size() < bytes || !buffer.get()) buffer = Buffer(device, bytes, memory);
}

template <class T>
void fill(const gpu::Device& device, Buffer& buffer, std::span<const T> values) {
  grow(device, buffer, values.size_bytes(), Memory::upload);
  if (!values.empty()) std::memcpy(buffer.mapped<T>(), values.data(), values.size_bytes());
}

std::uint32_t groups_for(std::uint32_t items) {
  return (items + shader::kGroup - 1) / shader::kGroup;
}

std::uint32_t planes_of(const ViewSetup& setup) {
  std::uint32_t highest = 0;
  for (const DrawCall& call : setup.amodal) highest = std::max(highest, call.amodal_bit);
  return highest / 32 + 1;
}

/// The canvas and the lattice snap outlines to different sub-pixels; what is seen is part of the
/// whole by definition, so every visible pixel's own bit is set.
void add_visible(std::span<const std::uint16_t> ids, const AmodalCanvas& canvas,
                 std::uint32_t width, std::uint32_t height, std::uint32_t* bits) {
  const auto stride = static_cast<std::size_t>(canvas.width);
  const std::size_t plane = stride * static_cast<std::size_t>(canvas.height);
  for (std::uint32_t y = 0; y < height; ++y) {
    const std::uint16_t* row = ids.data() + std::size_t{y} * width;
    std::uint32_t* cells = bits + (y + static_cast<std::size_t>(-canvas.y)) * stride +
                           static_cast<std::size_t>(-canvas.x);
    for (std::uint32_t x = 0; x < width; ++x) {
      if (row[x] == 0) continue;
      const std::uint32_t bit = row[x] - 1U;
      cells[bit / 32 * plane + x] |= 1U << bit % 32;
    }
  }
}

Buffer lattice_buffer(const gpu::Device& device, glm::uvec2 lattice) {
  const VkDeviceSize samples = VkDeviceSize{lattice.x} * lattice.y;
  return Buffer(device, (samples + host::kPadding) * 4, Memory::readback);
}

/// Offset in the work buffer of the arguments of a list's dispatch.
VkDeviceSize arguments_of(std::uint32_t list) { return list * sizeof(shader::List); }

}  // namespace

Targets::Targets(const gpu::Device& device, const Pipelines& pipelines) : commands(device) {
  const std::array<VkDescriptorPoolSize, 3> sizes{
      {{VK_DESCRIPTOR_TYPE_STORAGE_BUFFER, BIND_COUNT_BUFFERS - 1},
       {VK_DESCRIPTOR_TYPE_UNIFORM_BUFFER, 1},
       {VK_DESCRIPTOR_TYPE_COMBINED_IMAGE_SAMPLER, BIND_COUNT - BIND_COUNT_BUFFERS}}};
  const VkDescriptorPoolCreateInfo info{.sType = VK_STRUCTURE_TYPE_DESCRIPTOR_POOL_CREATE_INFO,
                                        .maxSets = 1,
                                        .poolSizeCount = sizes.size(),
                                        .pPoolSizes = sizes.data()};
  VkDescriptorPool raw = VK_NULL_HANDLE;
  gpu::check(vkCreateDescriptorPool(device.get(), &info, nullptr, &raw), "vkCreateDescriptorPool");
  pool_ = {device.get(), raw};
  const VkDescriptorSetLayout layout = pipelines.set_layout.get();
  const VkDescriptorSetAllocateInfo allocate{
      .sType = VK_STRUCTURE_TYPE_DESCRIPTOR_SET_ALLOCATE_INFO,
      .descriptorPool = raw,
      .descriptorSetCount = 1,
      .pSetLayouts = &layout};
  gpu::check(vkAllocateDescriptorSets(device.get(), &allocate, &set_), "vkAllocateDescriptorSets");
}

void Targets::resize(const gpu::Device& device, const ViewSetup& setup, bool native) {
  const shader::ViewConstants& c = setup.constants;
  if (c.width == width_ && c.height == height_ && c.rate == rate_) return;
  width_ = c.width;
  height_ = c.height;
  rate_ = c.rate;
  const glm::uvec2 lattice = lattice_size(setup);
  const VkDeviceSize samples = VkDeviceSize{lattice.x} * lattice.y;
  const VkDeviceSize pixels = VkDeviceSize{c.width} * c.height;
  visibility_ = gpu::Image(device, kVisibilityFormat, lattice.x, lattice.y, kColorUsage);
  depth_ = gpu::Image(device, kDepthFormat, lattice.x, lattice.y, kDepthUsage);
  opaque_visibility_ = {};
  opaque_depth_ = {};
  color_ = Buffer(device, pixels * 4, Memory::readback);
  id_ = Buffer(device, (pixels * 2 + 3) / 4 * 4, Memory::readback);
  depth_out_ = Buffer(device, pixels * 4, Memory::readback);
  normal_ = Buffer(device, pixels * 4, Memory::readback);
  opaque_visibility_out_ = {};
  if (native) {
    visibility_out_ = lattice_buffer(device, lattice);
    nearness_out_ = lattice_buffer(device, lattice);
  }
  // What the compute passes hand to each other; native code keeps that to itself.
  const VkDeviceSize listed = native ? 0 : samples;
  const VkDeviceSize cells = native ? 0 : VkDeviceSize{(c.width + 1) / 2} * ((c.height + 1) / 2);
  work_ =
      Buffer(device, shader::kLists * sizeof(shader::List) + (listed / 32 + 1) * 4, Memory::device);
  samples_ = Buffer(device, native ? 0 : (2 * samples + pixels) * 4, Memory::device);
  occlusion_ = Buffer(device, cells * 2 * sizeof(glm::vec2), Memory::device);
  lattice_color_ = Buffer(device, c.rate == 2 ? listed * 8 : 0, Memory::device);
}

void Targets::prepare(const gpu::Device& device, const ViewSetup& setup, const Resident& resident,
                      const ShadowMaps& shadow_maps, VkSampler sampler, bool native) {
  require_rays_fit(device, setup);
  resize(device, setup, native);
  if (setup.see_through && !opaque_visibility_.get()) {
    const VkExtent2D size = visibility_.extent();
    opaque_visibility_ =
        gpu::Image(device, kVisibilityFormat, size.width, size.height, kColorUsage);
    opaque_depth_ = gpu::Image(device, kDepthFormat, size.width, size.height, kDepthUsage);
    if (native) opaque_visibility_out_ = lattice_buffer(device, {size.width, size.height});
  }
  if (setup.canvas.needed) {
    const auto w = static_cast<std::uint32_t>(setup.canvas.width);
    const auto h = static_cast<std::uint32_t>(setup.canvas.height);
    if (amodal_.extent().width < w || amodal_.extent().height < h) {
      amodal_ = gpu::Image(device, kVisibilityFormat, std::max(w, amodal_.extent().width),
                           std::max(h, amodal_.extent().height), kColorUsage);
    }
    grow(device, amodal_out_, VkDeviceSize{w} * h * 4 * planes_of(setup), Memory::readback);
  }
  lens_rays_.prepare(device, setup, lattice_grid(setup));
  canvas_rays_.prepare(device, setup, setup.canvas.needed ? canvas_grid(setup) : SampleGrid{});
  fill(device, view_, std::span(&setup.constants, 1));
  fill<shader::Draw>(device, draws_, setup.draws);
  fill<shader::GpuMaterial>(device, materials_, setup.materials);
  fill<shader::GpuFinish>(device, finishes_, setup.finishes);
  bind(device, resident, shadow_maps, sampler);
}

void Targets::bind(const gpu::Device& device, const Resident& resident,
                   const ShadowMaps& shadow_maps, VkSampler sampler) const {
  const std::array<const Buffer*, BIND_COUNT_BUFFERS> buffers{&resident.vertices,
                                                              &resident.triangles,
                                                              &resident.texels,
                                                              &materials_,
                                                              &resident.sky_quads,
                                                              &view_,
                                                              &draws_,
                                                              &work_,
                                                              &samples_,
                                                              &occlusion_,
                                                              &lattice_color_,
                                                              &color_,
                                                              &id_,
                                                              &depth_out_,
                                                              &normal_,
                                                              &shadow_maps.maps(),
                                                              &finishes_,
                                                              &lens_rays_.get(),
                                                              &canvas_rays_.get()};
  const VkImageView opaque =
      opaque_visibility_.get() ? opaque_visibility_.view() : visibility_.view();
  const std::array<VkImageView, BIND_COUNT - BIND_COUNT_BUFFERS> images{visibility_.view(), opaque,
                                                                        depth_.view()};
  std::array<VkDescriptorBufferInfo, BIND_COUNT_BUFFERS> buffer_infos{};
  std::array<VkDescriptorImageInfo, BIND_COUNT - BIND_COUNT_BUFFERS> image_infos{};
  std::array<VkWriteDescriptorSet, BIND_COUNT> writes{};
  for (std::uint32_t i = 0; i < BIND_COUNT; ++i) {
    writes[i] = {.sType = VK_STRUCTURE_TYPE_WRITE_DESCRIPTOR_SET,
                 .dstSet = set_,
                 .dstBinding = i,
                 .descriptorCount = 1,
                 .descriptorType = descriptor_type(i)};
    if (i < BIND_COUNT_BUFFERS) {
      buffer_infos[i] = {.buffer = buffers[i]->get(), .range = VK_WHOLE_SIZE};
      writes[i].pBufferInfo = &buffer_infos[i];
    } else {
      const std::uint32_t k = i - BIND_COUNT_BUFFERS;
      image_infos[k] = {sampler, images[k], VK_IMAGE_LAYOUT_GENERAL};
      writes[i].pImageInfo = &image_infos[k];
    }
  }
  vkUpdateDescriptorSets(device.get(), BIND_COUNT, writes.data(), 0, nullptr);
}

void Targets::record(const Pipelines& pipelines, const Resident& resident, const ViewSetup& setup,
                     const RenderSettings& settings, const ShadowMaps& shadow_maps,
                     bool native) const {
  const VkCommandBuffer c = commands.get();
  for (const VkPipelineBindPoint point :
       {VK_PIPELINE_BIND_POINT_GRAPHICS, VK_PIPELINE_BIND_POINT_COMPUTE}) {
    vkCmdBindDescriptorSets(c, point, pipelines.layout.get(), 0, 1, &set_, 0, nullptr);
  }
  vkCmdBindIndexBuffer(c, resident.triangles.get(), 0, VK_INDEX_TYPE_UINT32);
  if (!native) record_clears(c, pipelines, setup, settings);
  shadow_maps.record(c, pipelines, setup);
  record_visibility(c, pipelines, setup);
  if (setup.canvas.needed) record_amodal(c, pipelines, setup);
  gpu::barrier(c);
  if (native) {
    record_readback(c, setup);
  } else {
    record_shading(c, pipelines, setup);
  }
  gpu::barrier(c);
}

void Targets::record_clears(VkCommandBuffer c, const Pipelines& pipelines, const ViewSetup& setup,
                            const RenderSettings& settings) const {
  vkCmdFillBuffer(c, work_.get(), 0, VK_WHOLE_SIZE, 0);
  const shader::List empty{0, 1, 1, 0};
  const std::array<shader::List, shader::kLists> lists{empty, empty, empty};
  gpu::barrier(c);
  vkCmdUpdateBuffer(c, work_.get(), 0, sizeof lists, lists.data());
  vkCmdFillBuffer(c, id_.get(), 0, VK_WHOLE_SIZE, 0);
  vkCmdFillBuffer(c, depth_out_.get(), 0, VK_WHOLE_SIZE, 0);
  // Cells without a surface say so by depth 0: the blur must not see what an earlier view left.
  if (settings.ambient_occlusion) vkCmdFillBuffer(c, occlusion_.get(), 0, VK_WHOLE_SIZE, 0);
  if (settings.normal) vkCmdFillBuffer(c, normal_.get(), 0, VK_WHOLE_SIZE, 0);
  const std::uint32_t kind = setup.constants.background;
  if (kind == shader::kBackgroundColor || kind == shader::kBackgroundTransparent) {
    vkCmdFillBuffer(c, color_.get(), 0, VK_WHOLE_SIZE, setup.background_srgb);
  } else {
    vkCmdBindPipeline(c, VK_PIPELINE_BIND_POINT_COMPUTE,
                      pipelines.background(setup.features).get());
    vkCmdDispatch(c, groups_for(width_ * height_), 1, 1);
  }
}

void Targets::record_visibility(VkCommandBuffer c, const Pipelines& pipelines,
                                const ViewSetup& setup) const {
  const VkPipelineLayout layout = pipelines.layout.get();
  const bool lens = setup.features.lens;
  begin_rendering(c, visibility_.extent(), visibility_.view(), depth_.view(), 0.0F);
  const auto& visibility = pipelines.visibility(setup.features);
  record_calls(c, layout, visibility, setup.visible, lens);
  vkCmdEndRendering(c);
  if (!setup.see_through) return;
  const auto first_blended = std::find_if(setup.visible.begin(), setup.visible.end(),
                                          [](const DrawCall& call) { return call.blended; });
  begin_rendering(c, visibility_.extent(), opaque_visibility_.view(), opaque_depth_.view(), 0.0F);
  record_calls(c, layout, visibility, {setup.visible.begin(), first_blended}, lens);
  vkCmdEndRendering(c);
}

void Targets::record_readback(VkCommandBuffer c, const ViewSetup& setup) const {
  const shader::ViewConstants& v = setup.constants;
  const glm::uvec4 b = v.bounds;
  if (b.x >= b.z || b.y >= b.w) return;
  const std::uint32_t stride = lattice_size(setup).x;
  // The samples around the bounds' outer pixels belong to them.
  const std::uint32_t around = v.rate - 1;
  const auto copy = [&](const gpu::Image& image, const Buffer& buffer, VkImageAspectFlags aspect) {
    const VkBufferImageCopy part{
        .bufferOffset = (VkDeviceSize{v.rate * b.y} * stride + v.rate * b.x) * 4,
        .bufferRowLength = stride,
        .imageSubresource = {.aspectMask = aspect, .layerCount = 1},
        .imageOffset = {static_cast<std::int32_t>(v.rate * b.x),
                        static_cast<std::int32_t>(v.rate * b.y), 0},
        .imageExtent = {v.rate * (b.z - b.x) + around, v.rate * (b.w - b.y) + around, 1}};
    vkCmdCopyImageToBuffer(c, image.get(), VK_IMAGE_LAYOUT_GENERAL, buffer.get(), 1, &part);
  };
  copy(visibility_, visibility_out_, VK_IMAGE_ASPECT_COLOR_BIT);
  copy(depth_, nearness_out_, VK_IMAGE_ASPECT_DEPTH_BIT);
  if (setup.see_through) {
    copy(opaque_visibility_, opaque_visibility_out_, VK_IMAGE_ASPECT_COLOR_BIT);
  }
}

void Targets::record_shading(VkCommandBuffer c, const Pipelines& pipelines,
                             const ViewSetup& setup) const {
  const auto bind_pipeline = [&](const gpu::Pipeline& pipeline) {
    vkCmdBindPipeline(c, VK_PIPELINE_BIND_POINT_COMPUTE, pipeline.get());
  };
  const auto dispatch = [&](const gpu::Pipeline& pipeline, std::uint32_t list) {
    bind_pipeline(pipeline);
    vkCmdDispatchIndirect(c, work_.get(), arguments_of(list));
  };
  const glm::uvec4 bounds = setup.constants.bounds;
  const auto over = [&](const gpu::Pipeline& pipeline, std::uint32_t items) {
    bind_pipeline(pipeline);
    vkCmdDispatch(c, groups_for(items), 1, 1);
    gpu::barrier(c);
  };
  over(pipelines.classify,
       (bounds.z - bounds.x + shader::kRun - 1) / shader::kRun * (bounds.w - bounds.y));
  over(pipelines.count_groups, 1);
  if (rate_ == 2) {
    dispatch(pipelines.edges, shader::kListEdges);
    gpu::barrier(c);
    over(pipelines.count_groups, 1);
  }
  if (setup.constants.occlusion_radius > 0) {
    const std::uint32_t cells =
        ((bounds.z + 1) / 2 - bounds.x / 2) * ((bounds.w + 1) / 2 - bounds.y / 2);
    over(pipelines.occlusion(setup.features), cells);
    over(pipelines.occlusion_blur, cells);
  }
  for (const bool plain : {false, true}) {
    dispatch(pipelines.shade(plain, setup.features),
             plain ? shader::kListPlainSamples : shader::kListSamples);
  }
  if (rate_ == 2) {
    gpu::barrier(c);
    dispatch(pipelines.resolve(setup.features), shader::kListEdges);
  }
}

void Targets::record_amodal(VkCommandBuffer c, const Pipelines& pipelines,
                            const ViewSetup& setup) const {
  const VkExtent2D extent{static_cast<std::uint32_t>(setup.canvas.width),
                          static_cast<std::uint32_t>(setup.canvas.height)};
  const VkDeviceSize plane_bytes = VkDeviceSize{extent.width} * extent.height * 4;
  auto first = setup.amodal.begin();
  for (std::uint32_t plane = 0; plane < planes_of(setup); ++plane) {
    const auto last = std::find_if(first, setup.amodal.end(), [&](const DrawCall& call) {
      return call.amodal_bit / 32 > plane;
    });
    begin_rendering(c, extent, amodal_.view(), VK_NULL_HANDLE, 0.0F);
    record_calls(c, pipelines.layout.get(), pipelines.amodal(setup.features), {first, last},
                 setup.features.lens);
    vkCmdEndRendering(c);
    gpu::barrier(c);
    const VkBufferImageCopy copy{
        .bufferOffset = plane * plane_bytes,
        .imageSubresource = {.aspectMask = VK_IMAGE_ASPECT_COLOR_BIT, .layerCount = 1},
        .imageExtent = {extent.width, extent.height, 1}};
    vkCmdCopyImageToBuffer(c, amodal_.get(), VK_IMAGE_LAYOUT_GENERAL, amodal_out_.get(), 1, &copy);
    gpu::barrier(c);
    first = last;
  }
}

Frame Targets::frame(const Shot& shot, const ViewSetup& setup, const RenderSettings& settings) {
  const auto w = static_cast<int>(width_);
  const auto h = static_cast<int>(height_);
  const std::size_t pixels = std::size_t{width_} * height_;
  Frame frame;
  frame.shot = &shot;
  frame.color = {w, h, {color_.mapped<Rgba8>(), pixels}};
  frame.id = {w, h, {id_.mapped<std::uint16_t>(), pixels}};
  if (settings.prop) {
    take_props({id_.mapped<std::uint16_t>(), pixels}, shot.scene.objects.size(), prop_);
    frame.prop = {w, h, prop_};
  }
  frame.depth = {w, h, {depth_out_.mapped<float>(), pixels}};
  if (settings.normal) frame.normal = {w, h, {normal_.mapped<std::uint32_t>(), pixels}};
  const AmodalCanvas& canvas = setup.canvas;
  if (canvas.needed) {
    const std::size_t cells =
        static_cast<std::size_t>(canvas.width) * static_cast<std::size_t>(canvas.height);
    add_visible(frame.id.pixels, canvas, width_, height_, amodal_out_.mapped<std::uint32_t>());
    frame.amodal = {canvas.width,
                    canvas.height,
                    -canvas.x,
                    -canvas.y,
                    {amodal_out_.mapped<std::uint32_t>(), cells * planes_of(setup)}};
  }
  return frame;
}

}  // namespace orrery
