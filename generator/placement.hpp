#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "generator/kernel_gpus.hpp"
#include "renderer/renderer.hpp"

namespace orrery {

/// What --gpu asks for.
struct GpuRequest {
  enum class Kind { automatic, index, uuid, pci };
  Kind kind = Kind::automatic;
  std::size_t index = 0;  ///< into devices()
  std::string id;         ///< a UUID's first digits, or a PCI address as in DeviceInfo
};

/// "auto", "1", "uuid:GPU-8932f937-…" or its first digits, "pci:0000:3b:00.0" or shorter forms.
/// Throws Error (Exit::usage).
GpuRequest gpu_request_from(const std::string& text);

/// What a choice depends on besides the devices.
struct Surroundings {
  /// An environment variable; nothing where it is not set.
  std::function<std::optional<std::string>(const std::string& name)> variable;
  std::function<std::vector<KernelGpu>()> kernel_gpus;
};

/// The environment and the drivers of this process.
Surroundings this_process();

/// Devices to render on, never none, and the reason for them.
struct DeviceChoice {
  std::vector<std::size_t> devices;  ///< indices in the order of preference, each once
  std::string reason;                ///< "CUDA_VISIBLE_DEVICES is 1"
};

/// The devices for a request. An explicit request wins over all else. `auto` obeys the first of
/// CUDA_VISIBLE_DEVICES, ROCR_VISIBLE_DEVICES with HIP_VISIBLE_DEVICES within it, ZE_AFFINITY_MASK,
/// NVIDIA_VISIBLE_DEVICES, SLURM_STEP_GPUS and SLURM_JOB_GPUS that speaks of a maker whose GPUs are
/// here, since Vulkan itself obeys none of them. Numbers in them count in order of PCI address:
/// those of the runtimes over GPUs that let this process in, those of schedulers and container
/// runtimes over all. Where a variable grants no GPU, the best software device is taken. Where none
/// speaks: every GPU, or the best software device without one; but under a scheduler with several
/// GPUs that would crowd what others were granted. Throws Error (Exit::unavailable) then, and when
/// what is asked for cannot be matched or is a part of a GPU, which Vulkan cannot render on.
/// `all` as devices() lists them, not empty.
DeviceChoice chosen_devices(const GpuRequest& request, const std::vector<DeviceInfo>& all,
                            const Surroundings& around);

/// "device 1: NVIDIA L4, pci 0000:3b:00.0, uuid 8932…; device 2: …, since CUDA_VISIBLE_DEVICES is
/// 1,2".
std::string describe(const DeviceChoice& chosen, const std::vector<DeviceInfo>& all);

/// The first of the devices chosen for a request on this machine.
std::size_t chosen_device(const GpuRequest& request);

}  // namespace orrery
