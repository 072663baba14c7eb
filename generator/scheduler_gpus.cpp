#include "generator/scheduler_gpus.hpp"

#include <algorithm>
#include <numeric>
#include <sstream>

#include "scenes/error.hpp"

namespace orrery {
namespace {

/// Which GPUs the numbers in a variable count.
enum class Counting {
  within,  ///< those that let this process in, as runtimes count
  host,    ///< all of the host, as schedulers count
};

struct GrantVariable {
  std::string name;
  std::string value;
  Counting counting;
};

const char* maker_name(std::uint32_t vendor) {
  return vendor == kNvidia ? "NVIDIA" : vendor == kAmd ? "AMD" : "Intel";
}

[[noreturn]] void refuse_grant(const GrantVariable& variable, const std::string& what,
                               const std::vector<DeviceInfo>& all) {
  throw Error(
      variable.name + " is " + variable.value + ": " + what + ", found " + listed(all) +
          ", wanted them to match, or --gpu with a device's number, uuid: or pci: to choose "
          "by hand",
      Exit::unavailable);
}

/// Devices at the places that numbers in a variable count, in order; nothing where Vulkan does not
/// show one.
std::vector<std::optional<std::size_t>> counted_places(Counting counting, std::uint32_t vendor,
                                                       const std::vector<DeviceInfo>& all,
                                                       const std::vector<KernelGpu>& kernel) {
  std::vector<std::optional<std::size_t>> places;
  bool listed_by_kernel = false;
  for (const KernelGpu& gpu : kernel) {
    if (gpu.vendor != vendor) continue;
    listed_by_kernel = true;
    if (counting == Counting::within && !gpu.open) continue;
    const std::vector<std::size_t> found = with_pci(gpu.pci, all);
    places.push_back(found.empty() ? std::nullopt : std::optional(found.front()));
  }
  if (!listed_by_kernel) {
    for (const std::size_t device : gpus_by_pci(all, vendor)) places.emplace_back(device);
  }
  return places;
}

std::vector<std::string> listed_words(const std::string& value) {
  std::vector<std::string> words;
  std::istringstream in(value);
  for (std::string word; std::getline(in, word, ',');) {
    const std::size_t start = word.find_first_not_of(" \t");
    if (start == std::string::npos) continue;
    words.push_back(word.substr(start, word.find_last_not_of(" \t") + 1 - start));
  }
  return words;
}

/// A number that is small enough to count GPUs.
std::optional<std::size_t> small_number(const std::string& word) {
  if (word.empty() || word.size() > 3) return std::nullopt;
  if (word.find_first_not_of("0123456789") != std::string::npos) return std::nullopt;
  return std::stoul(word);
}

/// One word of a variable: a GPU's number, or the digits of its UUID.
struct NamedGpu {
  std::size_t number = 0;
  std::string uuid;
};

std::vector<NamedGpu> named_gpus(const GrantVariable& variable,
                                 const std::vector<DeviceInfo>& all) {
  std::vector<NamedGpu> named;
  for (const std::string& word : listed_words(variable.value)) {
    if (word == "-1") break;  // what follows an invalid number is not granted either
    const std::size_t dash = word.find('-');
    const std::optional<std::size_t> first = small_number(word.substr(0, dash));
    const std::optional<std::size_t> last =
        dash == std::string::npos ? first : small_number(word.substr(dash + 1));
    if (first && last && *first <= *last) {
      for (std::size_t n = *first; n <= *last; ++n) named.push_back({n, {}});
    } else if (word.rfind("GPU-", 0) == 0 && !uuid_digits(word).empty()) {
      named.push_back({0, uuid_digits(word)});
    } else if (word.rfind("MIG-", 0) == 0 || word.find_first_of(":./") != std::string::npos) {
      refuse_grant(variable,
                   word + " is a part of a GPU (MIG or a tile), and Vulkan renders on whole ones",
                   all);
    } else {
      refuse_grant(variable, word + " is neither a GPU's number nor its UUID", all);
    }
  }
  return named;
}

/// Whether numbers count GPUs of a host of which a container shows what is granted only: as many as
/// are here, and one beyond them. A host that shows all has no number beyond.
bool counts_hidden(const GrantVariable& variable, const std::vector<NamedGpu>& named,
                   std::size_t places) {
  return variable.counting == Counting::host && named.size() == places &&
         std::all_of(named.begin(), named.end(),
                     [](const NamedGpu& gpu) { return gpu.uuid.empty(); }) &&
         std::any_of(named.begin(), named.end(),
                     [&](const NamedGpu& gpu) { return gpu.number >= places; });
}

/// The devices that a variable names, among `places`.
std::vector<std::size_t> matched_devices(const GrantVariable& variable, std::uint32_t vendor,
                                         const std::vector<std::optional<std::size_t>>& places,
                                         const std::vector<DeviceInfo>& all,
                                         const std::vector<KernelGpu>& kernel) {
  const std::vector<NamedGpu> named = named_gpus(variable, all);
  const bool hidden = counts_hidden(variable, named, places.size());
  std::vector<std::size_t> devices;
  for (std::size_t i = 0; i < named.size(); ++i) {
    const std::string& uuid = named[i].uuid;
    const std::size_t place = hidden ? i : named[i].number;
    std::vector<std::size_t> found;
    if (!uuid.empty()) {
      found = with_uuid(uuid, all, kernel);
    } else if (place < places.size() && places[place]) {
      found.push_back(*places[place]);
    }
    const std::string what =
        uuid.empty() ? std::string(maker_name(vendor)) + " GPU " + std::to_string(named[i].number)
                     : "GPU-" + uuid;
    if (found.empty()) refuse_grant(variable, "Vulkan does not show " + what, all);
    if (found.size() > 1) refuse_grant(variable, "several GPUs begin with " + what, all);
    if (std::find(devices.begin(), devices.end(), found.front()) == devices.end()) {
      devices.push_back(found.front());
    }
  }
  return devices;
}

/// Values that grant no GPU: of the runtimes, of Slurm and of container runtimes.
bool grants_none(const std::string& value) {
  const std::vector<std::string> words = listed_words(value);
  if (words.empty()) return true;
  for (const char* none : {"NoDevFiles", "-1", "none", "void"}) {
    if (words.front() == none) return true;
  }
  return false;
}

/// Reads one variable after the other until one decides.
class GrantReader {
 public:
  GrantReader(const std::vector<DeviceInfo>& all, const Surroundings& around)
      : all_(all), around_(around) {}

  Grant read() {
    heed("CUDA_VISIBLE_DEVICES", Counting::within, kNvidia);
    heed_amd();
    heed("ZE_AFFINITY_MASK", Counting::within, kIntel);
    heed_container();
    for (const char* name : {"SLURM_STEP_GPUS", "SLURM_JOB_GPUS"}) {
      for (const std::uint32_t vendor : {kNvidia, kAmd, kIntel}) {
        heed(name, Counting::host, vendor);
        if (decided()) break;
      }
    }
    if (decided()) return grant_;
    if (elsewhere_ && !grants_none(elsewhere_->value)) {
      refuse_grant(
          *elsewhere_,
          "names GPUs that Vulkan does not show (a container needs the driver's graphics part: "
          "NVIDIA_DRIVER_CAPABILITIES with graphics)",
          all_);
    }
    if (elsewhere_) return {Grant::Kind::none, {}, said(*elsewhere_)};
    return visible_;
  }

 private:
  bool decided() const { return grant_.kind != Grant::Kind::unsaid; }

  static std::string said(const GrantVariable& variable) {
    return variable.name + " is " + (variable.value.empty() ? "empty" : variable.value);
  }

  const std::vector<KernelGpu>& kernel() {
    if (!kernel_) kernel_ = around_.kernel_gpus();
    return *kernel_;
  }

  std::optional<GrantVariable> variable(const char* name, Counting counting) const {
    const std::optional<std::string> value = around_.variable(name);
    if (!value) return std::nullopt;
    return GrantVariable{name, *value, counting};
  }

  /// What a variable says of a maker's GPUs, if nothing was said before and some are here.
  void heed(const char* name, Counting counting, std::uint32_t vendor) {
    const std::optional<GrantVariable> found = variable(name, counting);
    if (!found || decided() || note_elsewhere(*found, vendor)) return;
    const auto places = counted_places(counting, vendor, all_, kernel());
    grant_ = {Grant::Kind::some, matched_devices(*found, vendor, places, all_, kernel()),
              said(*found)};
  }

  /// Deals with a variable that grants nothing, or speaks of a maker whose GPUs are not here.
  bool note_elsewhere(const GrantVariable& found, std::uint32_t vendor) {
    const bool here = !gpus_by_pci(all_, vendor).empty();
    if (!here && !elsewhere_) elsewhere_ = found;
    if (!here) return true;
    if (!grants_none(found.value)) return false;
    grant_ = {Grant::Kind::none, {}, said(found)};
    return true;
  }

  /// HIP counts within what ROCR leaves, and takes CUDA's variable where its own is not set.
  void heed_amd() {
    const std::optional<GrantVariable> rocr = variable("ROCR_VISIBLE_DEVICES", Counting::within);
    std::optional<GrantVariable> hip = variable("HIP_VISIBLE_DEVICES", Counting::within);
    if (!rocr && !hip) hip = variable("CUDA_VISIBLE_DEVICES", Counting::within);
    if (decided() || (!rocr && !hip)) return;
    for (const auto& found : {rocr, hip}) {
      if (found && note_elsewhere(*found, kAmd)) return;
    }
    std::vector<std::optional<std::size_t>> places =
        counted_places(Counting::within, kAmd, all_, kernel());
    std::string reason;
    for (const auto& found : {rocr, hip}) {
      if (!found) continue;
      const std::vector<std::size_t> left = matched_devices(*found, kAmd, places, all_, kernel());
      places.assign(left.begin(), left.end());
      reason += (reason.empty() ? "" : " and ") + said(*found);
      grant_ = {Grant::Kind::some, left, reason};
    }
  }

  /// A container runtime lets in what it grants. It says "void" where something other than this
  /// variable did so, names a folder where mounts did; images bear "all" whoever runs them.
  void heed_container() {
    const char* name = "NVIDIA_VISIBLE_DEVICES";
    const std::optional<GrantVariable> found = variable(name, Counting::host);
    if (!found || found->value == "all") return;
    if (found->value == "void" || found->value.rfind('/', 0) == 0) {
      visible_ = {
          Grant::Kind::visible, {}, "a container runtime let in these (" + said(*found) + ")"};
      return;
    }
    heed(name, Counting::host, kNvidia);
  }

  const std::vector<DeviceInfo>& all_;
  const Surroundings& around_;
  std::optional<std::vector<KernelGpu>> kernel_;
  Grant grant_;
  Grant visible_;
  std::optional<GrantVariable> elsewhere_;  // the first that speaks of a maker that has no GPU here
};

}  // namespace

Grant granted_gpus(const std::vector<DeviceInfo>& all, const Surroundings& around) {
  return GrantReader(all, around).read();
}

std::vector<std::size_t> with_pci(const std::string& address, const std::vector<DeviceInfo>& all) {
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (!all[i].pci.empty() && all[i].pci == address) return {i};
  }
  return {};
}

std::vector<std::size_t> with_uuid(const std::string& digits, const std::vector<DeviceInfo>& all,
                                   const std::vector<KernelGpu>& kernel) {
  std::vector<std::size_t> found;
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (all[i].uuid.rfind(digits, 0) == 0) found.push_back(i);
  }
  for (const KernelGpu& gpu : kernel) {
    if (gpu.uuid.rfind(digits, 0) != 0) continue;
    const std::vector<std::size_t> here = with_pci(gpu.pci, all);
    if (here.empty()) continue;
    // One GPU by both words, even where Vulkan shows it through two drivers.
    const bool known = std::any_of(found.begin(), found.end(),
                                   [&](std::size_t i) { return all[i].pci == gpu.pci; });
    if (!known) found.push_back(here.front());
  }
  return found;
}

std::vector<std::size_t> gpus_by_pci(const std::vector<DeviceInfo>& all,
                                     std::optional<std::uint32_t> vendor) {
  std::vector<std::size_t> found;
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (all[i].software || (vendor && all[i].vendor != *vendor)) continue;
    const std::vector<std::size_t> first = with_pci(all[i].pci, all);
    if (first.empty() || first.front() == i) found.push_back(i);
  }
  if (vendor) {
    std::stable_sort(found.begin(), found.end(),
                     [&](std::size_t a, std::size_t b) { return all[a].pci < all[b].pci; });
  }
  return found;
}

std::string listed(const std::vector<DeviceInfo>& all, const std::vector<std::size_t>& some) {
  std::string text;
  for (const std::size_t i : some) {
    const DeviceInfo& device = all[i];
    text += (text.empty() ? "device " : "; device ") + std::to_string(i) + ": " + device.name;
    if (!device.pci.empty()) text += ", pci " + device.pci;
    text += ", uuid " + device.uuid;
  }
  return text;
}

std::string listed(const std::vector<DeviceInfo>& all) {
  std::vector<std::size_t> every(all.size());
  std::iota(every.begin(), every.end(), std::size_t{0});
  return listed(all, every);
}

}  // namespace orrery
