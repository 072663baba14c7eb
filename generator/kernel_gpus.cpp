#include "generator/kernel_gpus.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdio>
#include <fstream>
#include <regex>
#include <system_error>

namespace orrery {
namespace {

namespace fs = std::filesystem;

/// Folders below that bear a PCI address as name.
std::vector<fs::path> pci_folders(const fs::path& folder) {
  std::vector<fs::path> found;
  std::error_code none;
  for (const auto& entry : fs::directory_iterator(folder, none)) {
    if (!pci_address_from(entry.path().filename().string()).empty()) found.push_back(entry.path());
  }
  return found;
}

/// Control groups of devices answer this question too, without the device being woken.
bool lets_in(const fs::path& device) { return access(device.c_str(), R_OK | W_OK) == 0; }

/// From a folder of proc/driver/nvidia/gpus: lines of "Key: value".
KernelGpu nvidia_gpu(const fs::path& root, const fs::path& folder) {
  KernelGpu gpu;
  gpu.vendor = kNvidia;
  gpu.pci = pci_address_from(folder.filename().string());
  std::ifstream file(folder / "information");
  for (std::string line; std::getline(file, line);) {
    const std::size_t colon = line.find(':');
    if (colon == std::string::npos) continue;
    const std::string key = line.substr(0, colon);
    const std::size_t start = line.find_first_not_of(" \t", colon + 1);
    if (start == std::string::npos) continue;
    const std::string value = line.substr(start, line.find_last_not_of(" \t") + 1 - start);
    if (key == "GPU UUID") gpu.uuid = uuid_digits(value);
    if (key == "Bus Location" && !pci_address_from(value).empty())
      gpu.pci = pci_address_from(value);
    if (key == "Device Minor") gpu.open = lets_in(root / "dev" / ("nvidia" + value));
  }
  return gpu;
}

/// From a folder of sys/bus/pci/drivers/amdgpu; Vulkan and ROCm reach the GPU by its render node.
KernelGpu amd_gpu(const fs::path& root, const fs::path& folder) {
  KernelGpu gpu;
  gpu.vendor = kAmd;
  gpu.pci = pci_address_from(folder.filename().string());
  std::ifstream file(folder / "unique_id");
  std::string uuid;
  if (file >> uuid) gpu.uuid = uuid_digits(uuid);
  std::error_code none;
  for (const auto& entry : fs::directory_iterator(folder / "drm", none)) {
    const std::string name = entry.path().filename().string();
    if (name.rfind("renderD", 0) == 0) gpu.open = lets_in(root / "dev/dri" / name);
  }
  return gpu;
}

}  // namespace

std::vector<KernelGpu> kernel_gpus(const fs::path& root) {
  std::vector<KernelGpu> gpus;
  for (const fs::path& folder : pci_folders(root / "proc/driver/nvidia/gpus")) {
    gpus.push_back(nvidia_gpu(root, folder));
  }
  for (const fs::path& folder : pci_folders(root / "sys/bus/pci/drivers/amdgpu")) {
    gpus.push_back(amd_gpu(root, folder));
  }
  std::sort(gpus.begin(), gpus.end(),
            [](const KernelGpu& a, const KernelGpu& b) { return a.pci < b.pci; });
  return gpus;
}

std::string pci_address_from(const std::string& text) {
  static const std::regex form(
      "(?:([0-9a-f]{1,8}):)?([0-9a-f]{1,2}):([0-9a-f]{1,2})(?:\\.([0-7]))?", std::regex::icase);
  std::smatch parts;
  if (!std::regex_match(text, parts, form)) return {};
  const auto number = [&](std::size_t i) {
    return parts[i].matched ? std::stoul(parts[i].str(), nullptr, 16) : 0UL;
  };
  std::array<char, 48> address{};
  std::snprintf(address.data(), address.size(), "%04lx:%02lx:%02lx.%lx", number(1), number(2),
                number(3), number(4));
  return address.data();
}

std::string uuid_digits(const std::string& text) {
  std::string digits;
  for (std::size_t i = text.rfind("GPU-", 0) == 0 ? 4 : 0; i < text.size(); ++i) {
    if (text[i] == '-') continue;
    if (std::isxdigit(static_cast<unsigned char>(text[i])) == 0) return {};
    digits += static_cast<char>(std::tolower(static_cast<unsigned char>(text[i])));
  }
  return digits;
}

}  // namespace orrery
