#include "generator/doctor.hpp"

#include <chrono>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <ostream>

#include "generator/generate.hpp"
#include "generator/granted_cores.hpp"
#include "generator/placement.hpp"
#include "renderer/labels/annotate.hpp"
#include "renderer/renderer.hpp"
#include "scenes/error.hpp"
#include "scenes/import_model.hpp"

namespace orrery {
namespace {

/// A white square of side 1 m that faces the camera.
Model card() {
  Model model;
  model.name = "card";
  const std::uint32_t normal = packed_normal({0, -1, 0});
  const std::uint32_t tangent = packed_tangent({1, 0, 0}, 1);
  for (const glm::vec2 p : {glm::vec2(-1, -1), {1, -1}, {1, 1}, {-1, 1}}) {
    model.vertices.push_back(
        {{0.5F * p.x, 0, 0.5F * p.y}, normal, tangent, 0.5F * p + 0.5F, 0xFFFFFFFFU});
  }
  model.indices = {0, 1, 2, 0, 2, 3};
  model.materials = {Material{}};
  model.part_materials = {0};
  model.lods = {{0, {{0, 6}}}};
  model.bounds = {{-0.5F, 0, -0.5F}, {0.5F, 0, 0.5F}};
  return model;
}

struct Remark {
  const char* what;
  double found;
  double wanted;
  double tolerance;
};

/// The card at 2 m fills exactly 100 × 100 pixels; the sky lights it evenly.
std::vector<Remark> self_test(std::size_t device) {
  Assets assets;
  assets.models.push_back(card());
  assets.skies.push_back(procedural_sky("overcast"));
  Shot shot;
  shot.scene.objects.push_back({});
  shot.scene.background.kind = BackgroundKind::transparent;
  shot.view.intrinsics = {160, 120, 200, 200, 80, 60};
  shot.view.camera_from_world = camera_from_world_looking_at({0, -2, 0}, {0, 0, 0});
  Renderer renderer(device, assets, {});
  std::vector<Remark> findings;
  renderer.render(std::span(&shot, 1), [&](std::size_t, const Frame& frame) {
    const Annotations annotations = annotate(frame, assets.models);
    check_invariants(frame, annotations);
    if (annotations.instances.empty()) {
      findings.push_back({"labelled instances", 0, 1, 0});
      return;
    }
    const InstanceLabel& label = annotations.instances.front();
    const Rgba8 centre = frame.color.at(80, 60);
    findings = {{"visible pixels", static_cast<double>(label.visible_area), 10000, 0},
                {"left edge of the box", static_cast<double>(label.visible_box.x0), 30, 0},
                {"top edge of the box", static_cast<double>(label.visible_box.y0), 10, 0},
                {"depth at the centre, m", frame.depth.at(80, 60), 2, 1e-5},
                {"brightness of the centre", static_cast<double>(centre.g), 190, 65},
                {"opacity of the corner", static_cast<double>(frame.color.at(0, 0).a), 0, 0}};
  });
  return findings;
}

bool check_device(std::ostream& out, std::size_t index) {
  const auto start = std::chrono::steady_clock::now();
  bool good = true;
  try {
    for (const Remark& finding : self_test(index)) {
      if (std::abs(finding.found - finding.wanted) <= finding.tolerance) continue;
      out << "    self-test: " << finding.what << " is " << finding.found << ", wanted "
          << finding.wanted << '\n';
      good = false;
    }
  } catch (const Error& error) {
    out << "    self-test: " << error.what() << '\n';
    good = false;
  }
  const double seconds =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  out << "    self-test " << (good ? "passed" : "FAILED") << " in " << seconds << " s\n";
  return good;
}

/// What `--gpu auto` and `--lanes 0` come to here.
void tell_choice(std::ostream& out, const std::vector<DeviceInfo>& all) {
  out << "cores: " << granted_cores();
  try {
    const DeviceChoice chosen = chosen_devices({}, all, this_process());
    out << ", so " << lanes_for({}, all[chosen.devices.front()].software)
        << " lanes by default\n--gpu auto: " << describe(chosen, all) << '\n';
  } catch (const Error& error) {
    out << '\n' << error.what() << '\n';
  }
}

void check_tools(std::ostream& out) {
  if (!std::filesystem::exists(
          "/usr/share/vulkan/explicit_layer.d/VkLayer_khronos_validation.json")) {
    out << "validation layers: not installed; --validate needs them: apt-get install "
           "vulkan-validationlayers\n";
  }
  const std::filesystem::path cache = default_model_cache();
  std::error_code failure;
  std::filesystem::create_directories(cache, failure);
  out << "model cache: " << cache.string()
      << (failure ? " cannot be written (" + failure.message() + "); models are imported every run"
                  : std::string())
      << '\n';
}

}  // namespace

bool doctor(std::ostream& out) {
  std::vector<DeviceInfo> all;
  try {
    all = devices();
  } catch (const Error& error) {
    out << error.what() << "\nTo render without a GPU: apt-get install mesa-vulkan-drivers\n";
    return false;
  }
  bool usable = false;
  for (std::size_t i = 0; i < all.size(); ++i) {
    out << "device " << i << ": " << all[i].name << '\n'
        << "    " << all[i].driver << (all[i].software ? ", software" : "") << ", uuid "
        << all[i].uuid << (all[i].pci.empty() ? "" : ", pci " + all[i].pci) << '\n';
    usable |= check_device(out, i);
  }
  tell_choice(out, all);
  check_tools(out);
  out << (usable ? "ready to render\n" : "no device passes\n");
  return usable;
}

}  // namespace orrery
