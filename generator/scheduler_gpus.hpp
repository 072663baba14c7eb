#pragma once

#include <string>
#include <vector>

#include "generator/placement.hpp"

namespace orrery {

/// What the environment says of the GPUs granted to this process.
struct Grant {
  enum class Kind {
    unsaid,   ///< nothing
    visible,  ///< a container runtime let in those that are granted and no others
    none,     ///< no GPU is granted
    some      ///< these
  };
  Kind kind = Kind::unsaid;
  std::vector<std::size_t> devices;  ///< indices into all devices
  std::string reason;
};

/// Reads the variables that chosen_devices() names. Throws Error (Exit::unavailable) where one
/// grants GPUs that are not among `all` or parts of GPUs.
Grant granted_gpus(const std::vector<DeviceInfo>& all, const Surroundings& around);

/// Devices at a PCI address: the first, where several drivers show it.
std::vector<std::size_t> with_pci(const std::string& address, const std::vector<DeviceInfo>& all);

/// Devices whose UUID begins so, by Vulkan's word or the kernel driver's.
std::vector<std::size_t> with_uuid(const std::string& digits, const std::vector<DeviceInfo>& all,
                                   const std::vector<KernelGpu>& kernel);

/// GPUs of a maker (any, without one), each once though several drivers may show it: in order of
/// PCI address of a maker's, and in the order of `all` of all.
std::vector<std::size_t> gpus_by_pci(const std::vector<DeviceInfo>& all,
                                     std::optional<std::uint32_t> vendor);

/// "device 0: NVIDIA L4, pci 0000:3b:00.0, uuid 8932…; device 1: …" of these devices, or of all.
std::string listed(const std::vector<DeviceInfo>& all, const std::vector<std::size_t>& some);
std::string listed(const std::vector<DeviceInfo>& all);

}  // namespace orrery
