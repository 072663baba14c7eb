#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace orrery {

/// One Vulkan device that can render.
struct DeviceInfo {
  std::string name;
  std::string driver;  ///< name and version
  std::string uuid;    ///< 32 hexadecimal digits
  bool software = false;
  std::string pci;  ///< domain:bus:device.function in hexadecimal as Linux writes it, or empty
  std::uint32_t vendor = 0;  ///< of the PCI registry
};

/// Every usable device, best first: discrete GPUs, then others, then software.
/// Throws Error (Exit::unavailable) if there is no Vulkan loader or no device.
std::vector<DeviceInfo> devices();

}  // namespace orrery
