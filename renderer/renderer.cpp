#include "renderer/renderer.hpp"

#include <deque>
#include <mutex>

#include "renderer/host/shading.hpp"
#include "renderer/shadow_maps.hpp"
#include "renderer/targets.hpp"

namespace orrery {
namespace {

gpu::Sampler texel_sampler(const gpu::Device& device) {
  const VkSamplerCreateInfo info{.sType = VK_STRUCTURE_TYPE_SAMPLER_CREATE_INFO,
                                 .addressModeU = VK_SAMPLER_ADDRESS_MODE_CLAMP_TO_EDGE,
                                 .addressModeV = VK_SAMPLER_ADDRESS_MODE_CLAMP_TO_EDGE};
  VkSampler raw = VK_NULL_HANDLE;
  gpu::check(vkCreateSampler(device.get(), &info, nullptr, &raw), "vkCreateSampler");
  return {device.get(), raw};
}

/// Held by the one renderer of this process that may be compiling.
std::mutex& compilation() {
  static std::mutex mutex;
  return mutex;
}

host::Shade* native_shading_for(const gpu::Device& device, const RenderSettings& settings) {
  const std::vector<host::Shade*> kinds = host::native_shadings();
  const bool native = device.info().software && settings.native_shading < kinds.size();
  return native ? kinds[settings.native_shading] : nullptr;
}

}  // namespace

struct Renderer::Impl {
  Impl(std::size_t index, const Assets& assets, const RenderSettings& render_settings)
      : settings(render_settings),
        device(index, render_settings.validate),
        native(native_shading_for(device, render_settings)),
        resident(device, assets, native != nullptr),
        pipelines(device, render_settings, resident.detail_maps, native == nullptr),
        shadow_maps(device),
        sampler(texel_sampler(device)),
        timeline(device) {
    for (std::size_t i = 0; i < kViewsInFlight; ++i) ring.emplace_back(device, pipelines);
  }
  /// An exception may have left views in flight.
  ~Impl() { vkDeviceWaitIdle(device.get()); }
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;

  RenderSettings settings;
  gpu::Device device;
  host::Shade* native;  // null: the device shades
  Resident resident;
  Pipelines pipelines;
  ShadowMaps shadow_maps;
  gpu::Sampler sampler;
  gpu::Timeline timeline;
  std::vector<Targets> ring;
  NativeScratch scratch;
};

Renderer::Renderer(std::size_t device, const Assets& assets, const RenderSettings& settings)
    : impl_(std::make_unique<Impl>(device, assets, settings)) {}
Renderer::~Renderer() = default;
Renderer::Renderer(Renderer&&) noexcept = default;
Renderer& Renderer::operator=(Renderer&&) noexcept = default;

void Renderer::render(std::span<const Shot> shots,
                      const std::function<void(std::size_t, const Frame&)>& take) {
  Impl& r = *impl_;
  struct InFlight {
    std::size_t shot;
    ViewSetup setup;
    std::size_t shadows;  // maps that it reads
    std::uint64_t done;
  };
  std::deque<InFlight> in_flight;
  std::size_t shadows_in_flight = 0;
  const auto take_oldest = [&] {
    const InFlight& oldest = in_flight.front();
    r.timeline.wait(r.device, oldest.done);
    Targets& targets = r.ring[oldest.shot % kViewsInFlight];
    if (r.native) {
      r.shadow_maps.summarise(oldest.setup);
      r.native(targets.shading_job(oldest.setup, r.resident, r.shadow_maps, r.settings, r.scratch));
    }
    take(oldest.shot, targets.frame(shots[oldest.shot], oldest.setup, r.settings));
    shadows_in_flight -= oldest.shadows;
    in_flight.pop_front();
  };
  for (std::size_t i = 0; i < shots.size(); ++i) {
    if (in_flight.size() == kViewsInFlight) take_oldest();
    ViewSetup setup = view_setup_from(shots[i], r.resident, r.settings);
    const std::size_t shadows = setup.shadows.size();
    while (!in_flight.empty() && shadows_in_flight + shadows > ShadowMaps::kLayers) take_oldest();
    shadows_in_flight += shadows;
    r.shadow_maps.assign(setup);
    // Software Vulkan compiles at the first use of a pipeline, and unsafely from two threads: a
    // view with new features is drawn to its end before any other lane may do so.
    std::unique_lock<std::mutex> compiling;
    if (r.pipelines.prepare(r.device, setup.features)) {
      compiling = std::unique_lock(compilation());
    }
    Targets& targets = r.ring[i % kViewsInFlight];
    targets.prepare(r.device, setup, r.resident, r.shadow_maps, r.sampler.get(),
                    r.native != nullptr);
    targets.commands.begin();
    targets.record(r.pipelines, r.resident, setup, r.settings, r.shadow_maps, r.native != nullptr);
    targets.commands.end();
    const std::uint64_t done = r.timeline.submit(r.device, targets.commands);
    in_flight.push_back({i, std::move(setup), shadows, done});
    if (compiling.owns_lock()) r.timeline.wait(r.device, done);
  }
  while (!in_flight.empty()) take_oldest();
}

const std::vector<std::string>& Renderer::validation_messages() const {
  return impl_->device.validation_messages();
}

}  // namespace orrery
