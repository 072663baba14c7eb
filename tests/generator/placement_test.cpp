#include "generator/placement.hpp"

#include <doctest/doctest.h>

#include <fstream>
#include <map>

#include "scenes/error.hpp"
#include "scenes/temporary_folder.hpp"

namespace orrery {
namespace {

namespace fs = std::filesystem;
using Environment = std::map<std::string, std::string>;

// UUIDs of GPUs, by their first digits; the rest is zeros.
constexpr const char* kUuids[] = {"a0", "a1", "b2", "c3"};

std::string padded(std::string digits) {
  digits.resize(32, '0');
  return digits;
}

DeviceInfo nvidia(std::size_t i, const std::string& pci) {
  return {"NVIDIA L4", "NVIDIA 550", padded(kUuids[i]), false, pci, kNvidia};
}

const DeviceInfo kLlvmpipe{"llvmpipe", "llvmpipe Mesa", padded("6d"), true, "", 0x10005};
const DeviceInfo kRadeon{"RADV NAVI31", "radv", padded("03"), false, "0000:03:00.0", kAmd};
const DeviceInfo kRadeon2{"RADV NAVI31", "radv", padded("13"), false, "0000:13:00.0", kAmd};
const DeviceInfo kArc{"Intel Arc", "anv", padded("86"), false, "0000:04:00.0", kIntel};

/// Four GPUs that Vulkan lists in another order than that of PCI addresses, and software.
const std::vector<DeviceInfo> kFour = {nvidia(0, "0000:81:00.0"), nvidia(1, "0000:3b:00.0"),
                                       nvidia(2, "0001:01:00.0"), nvidia(3, "0000:5e:00.0"),
                                       kLlvmpipe};
// By PCI address: 3b (device 1), 5e (device 3), 81 (device 0), 0001:01 (device 2).
const std::vector<KernelGpu> kFourByKernel = {{kNvidia, padded("a1"), "0000:3b:00.0", true},
                                              {kNvidia, padded("c3"), "0000:5e:00.0", true},
                                              {kNvidia, padded("a0"), "0000:81:00.0", true},
                                              {kNvidia, padded("b2"), "0001:01:00.0", true}};

Surroundings around(const Environment& environment, const std::vector<KernelGpu>& kernel) {
  return {[environment](const std::string& name) -> std::optional<std::string> {
            const auto found = environment.find(name);
            if (found == environment.end()) return std::nullopt;
            return found->second;
          },
          [kernel] { return kernel; }};
}

using Devices = std::vector<std::size_t>;

DeviceChoice placed(const std::string& request, const std::vector<DeviceInfo>& all,
                    const Environment& environment, const std::vector<KernelGpu>& kernel = {}) {
  return chosen_devices(gpu_request_from(request), all, around(environment, kernel));
}

/// The text of the refusal, or "chosen" with what was chosen.
std::string refusal(const std::string& request, const std::vector<DeviceInfo>& all,
                    const Environment& environment, const std::vector<KernelGpu>& kernel = {}) {
  try {
    return "chosen: " + describe(placed(request, all, environment, kernel), all);
  } catch (const Error& error) {
    CHECK(error.exit() == Exit::unavailable);
    return error.what();
  }
}

bool says(const std::string& text, const std::vector<std::string>& parts) {
  INFO(text);
  for (const std::string& part : parts) {
    CAPTURE(part);
    CHECK(text.find(part) != std::string::npos);
  }
  return true;
}

void write(const fs::path& path, const std::string& text) {
  fs::create_directories(path.parent_path());
  std::ofstream(path) << text;
}

TEST_SUITE("placement") {
  TEST_CASE("auto obeys whatever variable names GPUs, by PCI address or UUID") {
    struct Case {
      const char* what;
      Environment environment;
      Devices wanted;
    };
    const Environment slurm = {{"SLURM_JOB_ID", "7"}};
    const auto with = [](Environment environment, const Environment& more) {
      environment.insert(more.begin(), more.end());
      return environment;
    };
    const std::vector<Case> cases = {
        {"nothing set: every GPU", {}, {0, 1, 2, 3}},
        {"first by PCI address", {{"CUDA_VISIBLE_DEVICES", "0"}}, {1}},
        {"last by PCI address", {{"CUDA_VISIBLE_DEVICES", "3"}}, {2}},
        {"two, in their order", {{"CUDA_VISIBLE_DEVICES", "2,0"}}, {0, 1}},
        {"one twice is one", {{"CUDA_VISIBLE_DEVICES", "1,1"}}, {3}},
        {"blanks", {{"CUDA_VISIBLE_DEVICES", " 1 , 2 "}}, {3, 0}},
        {"what follows -1 is hidden", {{"CUDA_VISIBLE_DEVICES", "0,2,-1,1"}}, {1, 0}},
        {"UUID", {{"CUDA_VISIBLE_DEVICES", "GPU-" + padded("b2")}}, {2}},
        {"UUID with dashes, capitals, cut short",
         {{"CUDA_VISIBLE_DEVICES", "GPU-C3000000-0000"}},
         {3}},
        {"UUID and number", {{"CUDA_VISIBLE_DEVICES", "GPU-a0,0"}}, {0, 1}},
        {"of Slurm's job", with(slurm, {{"SLURM_JOB_GPUS", "1,3"}}), {3, 2}},
        {"a range of Slurm's", with(slurm, {{"SLURM_JOB_GPUS", "1-3"}}), {3, 0, 2}},
        {"Slurm's step before its job",
         with(slurm, {{"SLURM_JOB_GPUS", "0,1"}, {"SLURM_STEP_GPUS", "1"}}),
         {3}},
        {"CUDA's variable, which a user may narrow, before Slurm's",
         with(slurm, {{"SLURM_JOB_GPUS", "0,1"}, {"CUDA_VISIBLE_DEVICES", "0"}}),
         {1}},
        {"other makers' variables do not matter",
         with(slurm,
              {{"ROCR_VISIBLE_DEVICES", "2"}, {"ZE_AFFINITY_MASK", "2"}, {"SLURM_JOB_GPUS", "2"}}),
         {0}},
        {"UUID of a container runtime", {{"NVIDIA_VISIBLE_DEVICES", "GPU-a1"}}, {1}},
        {"all of a container runtime", {{"NVIDIA_VISIBLE_DEVICES", "all"}}, {0, 1, 2, 3}},
        {"let in by a container runtime under Kubernetes",
         {{"NVIDIA_VISIBLE_DEVICES", "void"}, {"KUBERNETES_SERVICE_HOST", "10.0.0.1"}},
         {0, 1, 2, 3}},
        {"let in by mounts under Kubernetes",
         {{"NVIDIA_VISIBLE_DEVICES", "/var/run/nvidia-container-devices"},
          {"KUBERNETES_SERVICE_HOST", "10.0.0.1"}},
         {0, 1, 2, 3}},
    };
    for (const Case& one : cases) {
      CAPTURE(one.what);
      CHECK(placed("auto", kFour, one.environment, kFourByKernel).devices == one.wanted);
      CHECK(placed("auto", kFour, one.environment, {}).devices == one.wanted);
    }
  }

  TEST_CASE("a variable that grants no GPU leads to software, never to a GPU") {
    const std::vector<Environment> environments = {
        {{"CUDA_VISIBLE_DEVICES", ""}},       {{"CUDA_VISIBLE_DEVICES", "-1"}},
        {{"CUDA_VISIBLE_DEVICES", "-1,0"}},   {{"CUDA_VISIBLE_DEVICES", "NoDevFiles"}},
        {{"CUDA_VISIBLE_DEVICES", "void"}},   {{"NVIDIA_VISIBLE_DEVICES", ""}},
        {{"NVIDIA_VISIBLE_DEVICES", "none"}}, {{"SLURM_JOB_GPUS", ""}}};
    for (const Environment& environment : environments) {
      const std::string name = environment.begin()->first;
      CAPTURE(name);
      CAPTURE(environment.begin()->second);
      const DeviceChoice chosen = placed("auto", kFour, environment, kFourByKernel);
      CHECK(chosen.devices == Devices{4});
      CHECK(chosen.reason.find(name) == 0);
      CHECK(placed("auto", {kArc, kLlvmpipe}, environment).devices == Devices{1});
      says(refusal("auto", {kFour[0], kFour[1]}, environment),
           {name, "no software device", "mesa-vulkan-drivers", "--gpu"});
    }
  }

  TEST_CASE("a grant that Vulkan cannot meet is refused, and says what was found and what to do") {
    struct Case {
      Environment environment;
      std::vector<DeviceInfo> all;
      std::vector<std::string> parts;
    };
    const std::vector<DeviceInfo> one = {kFour[0], kLlvmpipe};
    const std::vector<Case> cases = {
        {{{"CUDA_VISIBLE_DEVICES", "4"}}, kFour, {"CUDA_VISIBLE_DEVICES is 4", "NVIDIA GPU 4"}},
        {{{"CUDA_VISIBLE_DEVICES", "0,9"}}, kFour, {"NVIDIA GPU 9"}},
        {{{"CUDA_VISIBLE_DEVICES", "GPU-dd"}}, kFour, {"does not show GPU-dd"}},
        {{{"CUDA_VISIBLE_DEVICES", "GPU-a"}}, kFour, {"several GPUs begin with GPU-a"}},
        {{{"CUDA_VISIBLE_DEVICES", "MIG-GPU-a0/1/0"}}, kFour, {"MIG-GPU-a0/1/0", "whole"}},
        {{{"CUDA_VISIBLE_DEVICES", "MIG-" + padded("a0")}}, kFour, {"part of a GPU"}},
        {{{"NVIDIA_VISIBLE_DEVICES", "0:1"}}, kFour, {"0:1 is a part of a GPU"}},
        {{{"CUDA_VISIBLE_DEVICES", "first"}}, kFour, {"first is neither"}},
        {{{"ZE_AFFINITY_MASK", "0.1"}}, {kArc}, {"0.1 is a part of a GPU"}},
        {{{"CUDA_VISIBLE_DEVICES", "0"}},
         {kLlvmpipe},
         {"CUDA_VISIBLE_DEVICES is 0", "does not show", "NVIDIA_DRIVER_CAPABILITIES"}},
        {{{"ROCR_VISIBLE_DEVICES", "0"}}, kFour, {"ROCR_VISIBLE_DEVICES is 0", "does not show"}},
        // GPU 3 of the host, of which Vulkan shows another one only.
        {{{"SLURM_JOB_GPUS", "3"}}, one, {"SLURM_JOB_GPUS is 3", "NVIDIA GPU 3"}},
        {{{"CUDA_VISIBLE_DEVICES", "0"}}, one, {"CUDA_VISIBLE_DEVICES is 0", "NVIDIA GPU 0"}},
    };
    for (const Case& c : cases) {
      const std::string text = refusal("auto", c.all, c.environment, kFourByKernel);
      says(text, c.parts);
      says(text, {", found device 0: " + c.all[0].name, ", wanted ", "--gpu"});
    }
  }

  TEST_CASE("several GPUs under a scheduler that says nothing are refused, one is taken") {
    for (const char* mark : {"SLURM_JOB_ID", "KUBERNETES_SERVICE_HOST", "PBS_JOBID", "LSB_JOBID",
                             "AWS_BATCH_JOB_ID"}) {
      says(refusal("auto", kFour, {{mark, "1"}}, kFourByKernel),
           {mark, "device 3: NVIDIA L4, pci 0000:5e:00.0, uuid c3", "--gpu"});
      says(refusal("auto", kFour, {{mark, "1"}, {"NVIDIA_VISIBLE_DEVICES", "all"}}, kFourByKernel),
           {mark, "others may use them"});
      CHECK(placed("auto", {kFour[0], kLlvmpipe}, {{mark, "1"}}, kFourByKernel).devices ==
            Devices{0});
      CHECK(placed("auto", {kLlvmpipe}, {{mark, "1"}}).devices == Devices{0});
      CHECK(placed("2", kFour, {{mark, "1"}}).devices == Devices{2});
    }
  }

  TEST_CASE("runtimes count GPUs that let the process in, schedulers all of the host") {
    // A control group of devices lets in the third and fourth by PCI address.
    const std::vector<DeviceInfo> all = {kFour[0], kFour[2], kLlvmpipe};
    std::vector<KernelGpu> kernel = kFourByKernel;
    kernel[0].open = kernel[1].open = false;
    CHECK(placed("auto", all, {{"CUDA_VISIBLE_DEVICES", "1"}}, kernel).devices == Devices{1});
    CHECK(placed("auto", all, {{"SLURM_JOB_GPUS", "2"}}, kernel).devices == Devices{0});
    CHECK(placed("auto", all, {{"SLURM_JOB_GPUS", "2,3"}}, kernel).devices == Devices{0, 1});
    says(refusal("auto", all, {{"SLURM_JOB_GPUS", "1"}}, kernel), {"NVIDIA GPU 1"});
    // A container hides the others from the driver's list: the host's numbers lie beyond it.
    const std::vector<KernelGpu> hidden = {kernel[2], kernel[3]};
    CHECK(placed("auto", all, {{"NVIDIA_VISIBLE_DEVICES", "2,3"}}, hidden).devices ==
          Devices{0, 1});
    CHECK(placed("auto", all, {{"NVIDIA_VISIBLE_DEVICES", "1,2"}}, hidden).devices ==
          Devices{0, 1});
    says(refusal("auto", all, {{"NVIDIA_VISIBLE_DEVICES", "3"}}, hidden), {"NVIDIA GPU 3"});
    // A GPU that Vulkan does not show still counts.
    const std::vector<DeviceInfo> gap = {kFour[0], kLlvmpipe};
    CHECK(placed("auto", gap, {{"CUDA_VISIBLE_DEVICES", "2"}}, kFourByKernel).devices ==
          Devices{0});
  }

  TEST_CASE("AMD's and Intel's variables choose among their GPUs") {
    const std::vector<DeviceInfo> all = {kRadeon2, kRadeon, kFour[1], kArc, kLlvmpipe};
    const std::vector<KernelGpu> kernel = {{kAmd, "4b2c1a9f8d3e6f7a", "0000:03:00.0", true},
                                           {kAmd, "0123456789abcdef", "0000:13:00.0", true}};
    CHECK(placed("auto", all, {{"ROCR_VISIBLE_DEVICES", "0"}}, kernel).devices == Devices{1});
    CHECK(placed("auto", all, {{"HIP_VISIBLE_DEVICES", "1"}}, kernel).devices == Devices{0});
    CHECK(placed("auto", all, {{"ROCR_VISIBLE_DEVICES", "GPU-0123456789ABCDEF"}}, kernel).devices ==
          Devices{0});
    // HIP counts within what ROCR leaves, in ROCR's order.
    CHECK(
        placed("auto", all, {{"ROCR_VISIBLE_DEVICES", "1,0"}, {"HIP_VISIBLE_DEVICES", "0"}}, kernel)
            .devices == Devices{0});
    says(
        refusal("auto", all, {{"ROCR_VISIBLE_DEVICES", "1"}, {"HIP_VISIBLE_DEVICES", "1"}}, kernel),
        {"HIP_VISIBLE_DEVICES is 1", "AMD GPU 1"});
    CHECK(placed("auto", {kRadeon, kRadeon2}, {{"CUDA_VISIBLE_DEVICES", "1"}}).devices ==
          Devices{1});
    CHECK(placed("auto", all, {{"ZE_AFFINITY_MASK", "0"}}, kernel).devices == Devices{3});
  }

  TEST_CASE("a GPU that two drivers show counts once") {
    DeviceInfo other = kFour[1];
    other.uuid = padded("ff");
    other.driver = "NVK";
    const std::vector<DeviceInfo> all = {kFour[1], other, kFour[0], kLlvmpipe};
    CHECK(placed("auto", all, {}).devices == Devices{0, 2});
    CHECK(placed("auto", {kFour[1], other}, {{"SLURM_JOB_ID", "1"}}).devices == Devices{0});
    CHECK(placed("auto", all, {{"CUDA_VISIBLE_DEVICES", "GPU-a1"}}, kFourByKernel).devices ==
          Devices{0});
    CHECK(placed("uuid:ff", all, {}).devices == Devices{1});
  }

  TEST_CASE("an explicit request wins over every variable") {
    const Environment none = {{"CUDA_VISIBLE_DEVICES", ""}, {"SLURM_JOB_ID", "1"}};
    CHECK(placed("3", kFour, none).devices == Devices{3});
    CHECK(placed("uuid:GPU-b2000000-00", kFour, none).devices == Devices{2});
    CHECK(placed("pci:3B:00", kFour, none).devices == Devices{1});
    CHECK(placed("pci:00000001:01:00.0", kFour, none).devices == Devices{2});
    // The driver's word where Vulkan has another UUID for the GPU.
    CHECK(placed("uuid:4b2c", {kRadeon}, none, {{kAmd, "4b2c1a9f8d3e6f7a", "0000:03:00.0", true}})
              .devices == Devices{0});
    says(refusal("5", kFour, {}), {"--gpu 5: no such device", "found device 0: NVIDIA L4"});
    says(refusal("uuid:dd", kFour, {}), {"--gpu uuid:dd: no such device", "device 4: llvmpipe"});
    says(refusal("uuid:a", kFour, {}), {"--gpu uuid:a: several"});
    says(refusal("pci:82:00.0", kFour, {}), {"--gpu pci:0000:82:00.0: no such device"});
  }

  TEST_CASE("a request that is none of the forms is a mistake of usage") {
    for (const char* text : {"best", "", "-1", "1x", "uuid:", "uuid:GPU-xyz", "pci:", "pci:3b",
                             "pci:0000:3b:00.9", "uuid:000000000000000000000000000000000"}) {
      CAPTURE(text);
      try {
        gpu_request_from(text);
        CHECK(false);
      } catch (const Error& error) {
        CHECK(error.exit() == Exit::usage);
        CHECK(std::string(error.what()).find("--gpu") == 0);
      }
    }
  }

  TEST_CASE("a description names the devices and the reason") {
    CHECK(describe(placed("auto", kFour, {{"CUDA_VISIBLE_DEVICES", "0,2"}}), kFour) ==
          "device 1: NVIDIA L4, pci 0000:3b:00.0, uuid " + padded("a1") +
              "; device 0: NVIDIA L4, pci 0000:81:00.0, uuid " + padded("a0") +
              ", since CUDA_VISIBLE_DEVICES is 0,2");
    CHECK(describe(placed("auto", {kLlvmpipe}, {}), {kLlvmpipe}) ==
          "device 0: llvmpipe, uuid " + padded("6d") + ", since there is no GPU");
  }

  TEST_CASE("kernel drivers' lists are read in order of PCI address") {
    const TemporaryFolder root;
    const fs::path gpus = root.path / "proc/driver/nvidia/gpus";
    write(gpus / "0000:81:00.0/information",
          "Model: \t\t NVIDIA L4\nIRQ:   \t\t 195\nGPU UUID: \t GPU-8932f937-d72c-4106-c12f-"
          "20bd9faed9f6\nBus Type: \t PCIe\nBus Location: \t 0000:81:00.0\nDevice Minor: \t 1\n");
    write(gpus / "0000:3b:00.0/information",
          "Model: NVIDIA L4\nGPU UUID: not known yet\n"
          "Bus Location: 0000:3B:00.0\nDevice Minor: 0\n");
    write(gpus / "about", "no GPU");
    write(root.path / "dev/nvidia1", "");
    write(root.path / "sys/bus/pci/drivers/amdgpu/0000:03:00.0/unique_id", "4b2c1a9f8d3e6f7a\n");
    fs::create_directories(root.path / "sys/bus/pci/drivers/amdgpu/0000:03:00.0/drm/renderD128");
    write(root.path / "dev/dri/renderD128", "");
    write(root.path / "sys/bus/pci/drivers/amdgpu/bind", "");
    const std::vector<KernelGpu> found = kernel_gpus(root.path);
    REQUIRE(found.size() == 3);
    CHECK(found[0].vendor == kAmd);
    CHECK(found[0].uuid == "4b2c1a9f8d3e6f7a");
    CHECK(found[0].open);
    CHECK(found[1].vendor == kNvidia);
    CHECK(found[1].pci == "0000:3b:00.0");
    CHECK(found[1].uuid.empty());
    CHECK_FALSE(found[1].open);  // no device file
    CHECK(found[2].pci == "0000:81:00.0");
    CHECK(found[2].uuid == "8932f937d72c4106c12f20bd9faed9f6");
    CHECK(found[2].open);
    CHECK(kernel_gpus(root.path / "nowhere").empty());
  }
}

}  // namespace
}  // namespace orrery
