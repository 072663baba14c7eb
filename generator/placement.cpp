#include "generator/placement.hpp"

#include <algorithm>
#include <cstdlib>

#include "generator/option_values.hpp"
#include "generator/scheduler_gpus.hpp"
#include "scenes/error.hpp"

namespace orrery {
namespace {

constexpr const char* kByHand = "--gpu with a device's number, uuid: or pci: to choose by hand";

/// Marks that batch systems set for whatever they start, where several jobs may share a host.
constexpr std::pair<const char*, const char*> kSchedulers[] = {
    {"SLURM_JOB_ID", "Slurm"},
    {"KUBERNETES_SERVICE_HOST", "Kubernetes"},
    {"PBS_JOBID", "PBS"},
    {"LSB_JOBID", "LSF"},
    {"SGE_TASK_ID", "Grid Engine"},
    {"_CONDOR_SLOT", "HTCondor"},
    {"FLUX_JOB_ID", "Flux"},
    {"AWS_BATCH_JOB_ID", "AWS Batch"},
    {"BATCH_TASK_INDEX", "Google Batch"}};

DeviceChoice asked_by_hand(const GpuRequest& request, const std::vector<DeviceInfo>& all,
                           const Surroundings& around) {
  if (request.kind == GpuRequest::Kind::index) {
    const std::string asked = "--gpu " + std::to_string(request.index);
    if (request.index < all.size()) return {{request.index}, asked + " asks for it"};
    throw Error(asked + ": no such device, found " + listed(all) + ", wanted one of them",
                Exit::unavailable);
  }
  const bool by_uuid = request.kind == GpuRequest::Kind::uuid;
  const std::string asked = std::string("--gpu ") + (by_uuid ? "uuid:" : "pci:") + request.id;
  const std::vector<std::size_t> found =
      by_uuid ? with_uuid(request.id, all, around.kernel_gpus()) : with_pci(request.id, all);
  if (found.size() == 1) return {found, asked + " asks for it"};
  throw Error(asked + (found.empty() ? ": no such device" : ": several devices begin so") +
                  ", found " + listed(all) + ", wanted one of them",
              Exit::unavailable);
}

DeviceChoice software_only(const std::vector<DeviceInfo>& all, const std::string& reason) {
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (all[i].software) return {{i}, reason};
  }
  throw Error(reason + ", and there is no software device, found " + listed(all) +
                  ", wanted the package mesa-vulkan-drivers, or " + kByHand,
              Exit::unavailable);
}

}  // namespace

GpuRequest gpu_request_from(const std::string& text) {
  if (text == "auto") return {};
  const std::vector<std::string> wanted = {"auto", "a device's number from `orrery doctor`",
                                           "uuid:HEX", "pci:0000:3b:00.0"};
  if (text.rfind("uuid:", 0) == 0) {
    const std::string digits = uuid_digits(text.substr(5));
    if (digits.empty() || digits.size() > 32) refuse_value("--gpu", text, wanted);
    return {GpuRequest::Kind::uuid, 0, digits};
  }
  if (text.rfind("pci:", 0) == 0) {
    const std::string address = pci_address_from(text.substr(4));
    if (address.empty()) refuse_value("--gpu", text, wanted);
    return {GpuRequest::Kind::pci, 0, address};
  }
  if (text.empty() || text.find_first_not_of("0123456789") != std::string::npos) {
    refuse_value("--gpu", text, wanted);
  }
  return {GpuRequest::Kind::index, static_cast<std::size_t>(whole_from("--gpu", text)), {}};
}

Surroundings this_process() {
  return {[](const std::string& name) -> std::optional<std::string> {
            const char* value = std::getenv(name.c_str());
            if (!value) return std::nullopt;
            return value;
          },
          [] { return kernel_gpus("/"); }};
}

DeviceChoice chosen_devices(const GpuRequest& request, const std::vector<DeviceInfo>& all,
                            const Surroundings& around) {
  if (request.kind != GpuRequest::Kind::automatic) return asked_by_hand(request, all, around);
  const Grant grant = granted_gpus(all, around);
  if (grant.kind == Grant::Kind::some) return {grant.devices, grant.reason};
  if (grant.kind == Grant::Kind::none) return software_only(all, grant.reason);
  const std::vector<std::size_t> gpus = gpus_by_pci(all, {});
  if (gpus.empty()) return {{0}, "there is no GPU"};
  if (gpus.size() == 1) return {gpus, "it is the only GPU"};
  if (grant.kind == Grant::Kind::visible) return {gpus, grant.reason};
  for (const auto& [mark, scheduler] : kSchedulers) {
    if (!around.variable(mark)) continue;
    throw Error(std::string("--gpu auto: ") + scheduler + " runs this (" + mark +
                    " is set) but no variable says which GPUs it granted, and others may use them; "
                    "found " +
                    listed(all) + ", wanted a request for GPUs to the scheduler, or " + kByHand,
                Exit::unavailable);
  }
  return {gpus, "they are all GPUs here"};
}

std::string describe(const DeviceChoice& chosen, const std::vector<DeviceInfo>& all) {
  return listed(all, chosen.devices) + ", since " + chosen.reason;
}

std::size_t chosen_device(const GpuRequest& request) {
  return chosen_devices(request, devices(), this_process()).devices.front();
}

}  // namespace orrery
