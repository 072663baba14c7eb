#include "renderer/gpu/device.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstring>
#include <mutex>

#include "renderer/gpu/handle.hpp"

namespace orrery::gpu {
namespace {

constexpr const char* kValidation = "VK_LAYER_KHRONOS_validation";

/// Drivers crash when instances are made from several threads at once.
std::mutex& creation() {
  static std::mutex mutex;
  return mutex;
}

VKAPI_ATTR VkBool32 VKAPI_CALL collect(VkDebugUtilsMessageSeverityFlagBitsEXT,
                                       VkDebugUtilsMessageTypeFlagsEXT,
                                       const VkDebugUtilsMessengerCallbackDataEXT* data,
                                       void* messages) {
  static_cast<std::vector<std::string>*>(messages)->push_back(data->pMessage);
  return VK_FALSE;
}

VkDebugUtilsMessengerCreateInfoEXT messenger_info(std::vector<std::string>& messages) {
  return {.sType = VK_STRUCTURE_TYPE_DEBUG_UTILS_MESSENGER_CREATE_INFO_EXT,
          .messageSeverity = VK_DEBUG_UTILS_MESSAGE_SEVERITY_WARNING_BIT_EXT |
                             VK_DEBUG_UTILS_MESSAGE_SEVERITY_ERROR_BIT_EXT,
          .messageType = VK_DEBUG_UTILS_MESSAGE_TYPE_VALIDATION_BIT_EXT,
          .pfnUserCallback = collect,
          .pUserData = &messages};
}

VkInstance make_instance(std::vector<std::string>* messages) {
  const VkApplicationInfo application{.sType = VK_STRUCTURE_TYPE_APPLICATION_INFO,
                                      .pApplicationName = "orrery",
                                      .apiVersion = VK_API_VERSION_1_3};
  VkInstanceCreateInfo info{.sType = VK_STRUCTURE_TYPE_INSTANCE_CREATE_INFO,
                            .pApplicationInfo = &application};
  VkDebugUtilsMessengerCreateInfoEXT messenger{};
  const char* extension = VK_EXT_DEBUG_UTILS_EXTENSION_NAME;
  if (messages) {
    messenger = messenger_info(*messages);
    info.pNext = &messenger;
    info.enabledLayerCount = 1;
    info.ppEnabledLayerNames = &kValidation;
    info.enabledExtensionCount = 1;
    info.ppEnabledExtensionNames = &extension;
  }
  VkInstance instance = VK_NULL_HANDLE;
  const VkResult result = vkCreateInstance(&info, nullptr, &instance);
  if (result == VK_ERROR_LAYER_NOT_PRESENT) {
    throw Error("Vulkan: " + std::string(kValidation) +
                    " is not installed, wanted the package vulkan-validationlayers",
                Exit::unavailable);
  }
  if (result == VK_ERROR_INCOMPATIBLE_DRIVER) {
    throw Error("Vulkan: no driver found, wanted the package mesa-vulkan-drivers or a GPU's driver",
                Exit::unavailable);
  }
  check(result, "vkCreateInstance");
  return instance;
}

struct Physical {
  VkPhysicalDevice device;
  DeviceInfo info;
  int rank;
};

std::string hexadecimal(const std::uint8_t (&bytes)[VK_UUID_SIZE]) {
  constexpr char digits[] = "0123456789abcdef";
  std::string text;
  for (const std::uint8_t byte : bytes) {
    text += digits[byte >> 4];
    text += digits[byte & 15];
  }
  return text;
}

/// Where the device sits, if its driver tells.
std::string pci_address_of(VkPhysicalDevice device) {
  std::uint32_t count = 0;
  check(vkEnumerateDeviceExtensionProperties(device, nullptr, &count, nullptr),
        "vkEnumerateDeviceExtensionProperties");
  std::vector<VkExtensionProperties> extensions(count);
  check(vkEnumerateDeviceExtensionProperties(device, nullptr, &count, extensions.data()),
        "vkEnumerateDeviceExtensionProperties");
  const bool told =
      std::any_of(extensions.begin(), extensions.end(), [](const VkExtensionProperties& extension) {
        return std::strcmp(extension.extensionName, VK_EXT_PCI_BUS_INFO_EXTENSION_NAME) == 0;
      });
  if (!told) return {};
  VkPhysicalDevicePCIBusInfoPropertiesEXT bus{
      .sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_PCI_BUS_INFO_PROPERTIES_EXT};
  VkPhysicalDeviceProperties2 properties{.sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_PROPERTIES_2,
                                         .pNext = &bus};
  vkGetPhysicalDeviceProperties2(device, &properties);
  std::array<char, 48> text{};
  std::snprintf(text.data(), text.size(), "%04x:%02x:%02x.%x", bus.pciDomain, bus.pciBus,
                bus.pciDevice, bus.pciFunction);
  return text.data();
}

std::vector<Physical> physical_devices(VkInstance instance) {
  std::uint32_t count = 0;
  check(vkEnumeratePhysicalDevices(instance, &count, nullptr), "vkEnumeratePhysicalDevices");
  std::vector<VkPhysicalDevice> raw(count);
  check(vkEnumeratePhysicalDevices(instance, &count, raw.data()), "vkEnumeratePhysicalDevices");
  std::vector<Physical> found;
  for (const VkPhysicalDevice device : raw) {
    VkPhysicalDeviceVulkan12Properties v12{
        .sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_VULKAN_1_2_PROPERTIES};
    VkPhysicalDeviceIDProperties id{.sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_ID_PROPERTIES,
                                    .pNext = &v12};
    VkPhysicalDeviceProperties2 properties{.sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_PROPERTIES_2,
                                           .pNext = &id};
    vkGetPhysicalDeviceProperties2(device, &properties);
    if (properties.properties.apiVersion < VK_API_VERSION_1_3) continue;
    const VkPhysicalDeviceType type = properties.properties.deviceType;
    const int rank = type == VK_PHYSICAL_DEVICE_TYPE_DISCRETE_GPU ? 0
                     : type == VK_PHYSICAL_DEVICE_TYPE_CPU        ? 2
                                                                  : 1;
    found.push_back(
        {device,
         {properties.properties.deviceName, std::string(v12.driverName) + " " + v12.driverInfo,
          hexadecimal(id.deviceUUID), rank == 2, pci_address_of(device),
          properties.properties.vendorID},
         rank});
  }
  std::stable_sort(found.begin(), found.end(),
                   [](const Physical& a, const Physical& b) { return a.rank < b.rank; });
  return found;
}

std::uint32_t graphics_family(VkPhysicalDevice device, const std::string& name) {
  std::uint32_t count = 0;
  vkGetPhysicalDeviceQueueFamilyProperties(device, &count, nullptr);
  std::vector<VkQueueFamilyProperties> families(count);
  vkGetPhysicalDeviceQueueFamilyProperties(device, &count, families.data());
  constexpr VkQueueFlags wanted = VK_QUEUE_GRAPHICS_BIT | VK_QUEUE_COMPUTE_BIT;
  for (std::uint32_t i = 0; i < count; ++i) {
    if ((families[i].queueFlags & wanted) == wanted) return i;
  }
  throw Error(name + ": no queue for graphics and compute", Exit::unavailable);
}

VkDevice make_device(VkPhysicalDevice physical, std::uint32_t family) {
  const float priority = 1.0F;
  const VkDeviceQueueCreateInfo queue{.sType = VK_STRUCTURE_TYPE_DEVICE_QUEUE_CREATE_INFO,
                                      .queueFamilyIndex = family,
                                      .queueCount = 1,
                                      .pQueuePriorities = &priority};
  VkPhysicalDeviceVulkan13Features v13{
      .sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_VULKAN_1_3_FEATURES,
      .synchronization2 = VK_TRUE,
      .dynamicRendering = VK_TRUE,
      .maintenance4 = VK_TRUE};  // for SPIR-V of the version that Vulkan 1.3 implies
  VkPhysicalDeviceVulkan12Features v12{
      .sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_VULKAN_1_2_FEATURES,
      .pNext = &v13,
      .scalarBlockLayout = VK_TRUE,
      .timelineSemaphore = VK_TRUE};
  VkPhysicalDeviceVulkan11Features v11{
      .sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_VULKAN_1_1_FEATURES,
      .pNext = &v12,
      .storageBuffer16BitAccess = VK_TRUE};  // the id plane
  const VkPhysicalDeviceFeatures2 features{
      .sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_FEATURES_2,
      .pNext = &v11,
      .features = {.geometryShader = VK_TRUE,  // for gl_PrimitiveID in fragment shaders
                   .logicOp = VK_TRUE,
                   .shaderInt16 = VK_TRUE}};
  const VkDeviceCreateInfo info{.sType = VK_STRUCTURE_TYPE_DEVICE_CREATE_INFO,
                                .pNext = &features,
                                .queueCreateInfoCount = 1,
                                .pQueueCreateInfos = &queue};
  VkDevice device = VK_NULL_HANDLE;
  check(vkCreateDevice(physical, &info, nullptr, &device), "vkCreateDevice");
  return device;
}

}  // namespace

Device::Device(std::size_t index, bool validate) {
  const std::lock_guard lock(creation());
  instance_ = make_instance(validate ? &messages_ : nullptr);
  const std::vector<Physical> all = physical_devices(instance_);
  if (index >= all.size()) {
    vkDestroyInstance(instance_, nullptr);
    throw Error("Vulkan: device " + std::to_string(index) + " asked for, found " +
                    std::to_string(all.size()) + " with Vulkan 1.3",
                Exit::unavailable);
  }
  physical_ = all[index].device;
  info_ = all[index].info;
  if (validate) {
    const auto create = reinterpret_cast<PFN_vkCreateDebugUtilsMessengerEXT>(
        vkGetInstanceProcAddr(instance_, "vkCreateDebugUtilsMessengerEXT"));
    const VkDebugUtilsMessengerCreateInfoEXT messenger = messenger_info(messages_);
    check(create(instance_, &messenger, nullptr, &messenger_), "vkCreateDebugUtilsMessengerEXT");
  }
  queue_family_ = graphics_family(physical_, info_.name);
  device_ = make_device(physical_, queue_family_);
  vkGetDeviceQueue(device_, queue_family_, 0, &queue_);
  vkGetPhysicalDeviceMemoryProperties(physical_, &memory_);
  VkPhysicalDeviceProperties properties{};
  vkGetPhysicalDeviceProperties(physical_, &properties);
  max_storage_bytes_ = properties.limits.maxStorageBufferRange;
}

Device::~Device() {
  const std::lock_guard lock(creation());
  vkDestroyDevice(device_, nullptr);
  if (messenger_) {
    const auto destroy = reinterpret_cast<PFN_vkDestroyDebugUtilsMessengerEXT>(
        vkGetInstanceProcAddr(instance_, "vkDestroyDebugUtilsMessengerEXT"));
    destroy(instance_, messenger_, nullptr);
  }
  vkDestroyInstance(instance_, nullptr);
}

std::uint32_t Device::memory_type(std::uint32_t type_bits, VkMemoryPropertyFlags wanted,
                                  VkMemoryPropertyFlags preferred) const {
  for (const VkMemoryPropertyFlags flags : {wanted | preferred, wanted}) {
    for (std::uint32_t i = 0; i < memory_.memoryTypeCount; ++i) {
      const bool allowed = (type_bits >> i & 1U) != 0;
      if (allowed && (memory_.memoryTypes[i].propertyFlags & flags) == flags) return i;
    }
  }
  throw Error(info_.name + ": no memory type with properties " + std::to_string(wanted),
              Exit::unavailable);
}

bool Device::host_visible(std::uint32_t type) const {
  return (memory_.memoryTypes[type].propertyFlags & VK_MEMORY_PROPERTY_HOST_VISIBLE_BIT) != 0;
}

}  // namespace orrery::gpu

namespace orrery {

std::vector<DeviceInfo> devices() {
  const VkInstance instance = gpu::make_instance(nullptr);
  std::vector<DeviceInfo> infos;
  for (const gpu::Physical& physical : gpu::physical_devices(instance)) {
    infos.push_back(physical.info);
  }
  vkDestroyInstance(instance, nullptr);
  if (infos.empty()) {
    throw Error(
        "Vulkan: no device with Vulkan 1.3, wanted one (the package mesa-vulkan-drivers "
        "brings a software device)",
        Exit::unavailable);
  }
  return infos;
}

}  // namespace orrery
