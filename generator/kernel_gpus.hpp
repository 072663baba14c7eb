#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace orrery {

/// Makers of GPUs in the PCI registry.
constexpr std::uint32_t kNvidia = 0x10de;
constexpr std::uint32_t kAmd = 0x1002;
constexpr std::uint32_t kIntel = 0x8086;

/// A GPU as its kernel driver lists it, whether or not Vulkan shows it.
struct KernelGpu {
  std::uint32_t vendor = 0;
  std::string uuid;  ///< hexadecimal digits in lower case: 32 of NVIDIA's, 16 of AMD's; or empty
  std::string pci;   ///< as in DeviceInfo
  bool open = true;  ///< its device file lets this process in: control groups of devices may not
};

/// GPUs that NVIDIA's driver lists below `root` ("/") in proc/driver/nvidia/gpus, and AMD's in
/// sys/bus/pci/drivers/amdgpu, in order of PCI address. Container runtimes hide some of the first.
std::vector<KernelGpu> kernel_gpus(const std::filesystem::path& root);

/// A PCI address as DeviceInfo has it, from any of "0000:3b:00.0", "00000000:3B:00.0", "3b:00.0"
/// and "3b:00"; empty if it is none.
std::string pci_address_from(const std::string& text);

/// The hexadecimal digits of a UUID in lower case, without a "GPU-" before and dashes within; empty
/// if anything else is in it.
std::string uuid_digits(const std::string& text);

}  // namespace orrery
