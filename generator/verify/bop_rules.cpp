// What BOP's toolkit asks for. Broken, beside the rules of pictures: scene_missing,
// scene_unreadable, scene_images, camera, gt_counts, gt_object, pose, mask_missing, mask_pixels,
// px_counts, visib_fract, models_unreadable, model_missing.

#include <algorithm>
#include <cmath>
#include <fstream>
#include <set>

#include "generator/verify/annotation_rules.hpp"
#include "generator/verify/consumer.hpp"
#include "generator/verify/picture_rules.hpp"
#include "scenes/error.hpp"
#include "scenes/image.hpp"

namespace orrery {
namespace {

namespace fs = std::filesystem;

Json object_of(const fs::path& file, const char* rule, Findings& findings) {
  std::ifstream in(file, std::ios::binary);
  Json json = Json::parse(in, nullptr, false);
  if (json.is_object()) return json;
  findings.add(rule, file.string(), "no JSON object", "what BOP's toolkit reads");
  return Json::object();
}

std::string six_digits(const std::string& number) {
  return std::string(6 - std::min<std::size_t>(6, number.size()), '0') + number;
}

class SceneRules {
 public:
  SceneRules(const FormatFolder& at, fs::path folder, const Json& models, Findings& findings)
      : at_(at), folder_(std::move(folder)), models_(models), findings_(findings) {}

  void run() {
    const Json camera = object_of(folder_ / "scene_camera.json", "scene_unreadable", findings_);
    const Json gt = object_of(folder_ / "scene_gt.json", "scene_unreadable", findings_);
    const Json info = object_of(folder_ / "scene_gt_info.json", "scene_unreadable", findings_);
    std::set<std::string> pictures;
    for (const fs::path& file : paths_below(folder_ / "rgb")) pictures.insert(file.stem().string());
    for (const auto& [image, c] : camera.items()) {
      const std::string where = folder_.string() + ": image " + image;
      pictures.erase(six_digits(image));
      check_camera(c, where);
      check_files(image);
      const Json objects = gt.value(image, Json());
      const Json infos = info.value(image, Json());
      if (!objects.is_array() || !infos.is_array() || objects.size() != infos.size()) {
        findings_.add("gt_counts", where,
                      std::to_string(objects.size()) + " poses and " +
                          std::to_string(infos.size()) + " counts",
                      "one of each for each label");
        continue;
      }
      for (std::size_t i = 0; i < objects.size(); ++i) {
        check_pose(objects[i], where + ", label " + std::to_string(i));
        check_info(infos[i], image, i, where + ", label " + std::to_string(i));
      }
    }
    for (const Json& other : {gt, info}) {
      if (other.size() == camera.size()) continue;
      findings_.add("scene_images", folder_.string(), std::to_string(other.size()) + " images",
                    std::to_string(camera.size()) + ", as scene_camera.json has");
    }
    for (const std::string& picture : pictures) {
      findings_.add("scene_images", folder_.string(), "a picture " + picture + " without a camera",
                    "one in scene_camera.json");
    }
  }

 private:
  void check_camera(const Json& camera, const std::string& where) {
    const auto k = numbers_of(camera.value("cam_K", Json()));
    const Json scale = camera.value("depth_scale", Json());
    const bool right = k && k->size() == 9 && (*k)[0] > 0 && (*k)[4] > 0 && (*k)[8] == 1 &&
                       scale.is_number() && scale > 0;
    if (right) return;
    findings_.add("camera", where, camera.dump(), "cam_K in rows and a depth_scale");
  }

  void check_files(const std::string& image) {
    const std::string name = six_digits(image);
    const bool jpeg = fs::exists(folder_ / "rgb" / (name + ".jpg"));
    check_picture(folder_ / "rgb" / (name + (jpeg ? ".jpg" : ".png")), 0, 0, !at_.dataset.empty(),
                  findings_);
    check_picture(folder_ / "depth" / (name + ".png"), 0, 0, true, findings_);
  }

  void check_pose(const Json& object, const std::string& where) {
    findings_.looked_at("labels");
    const auto id = whole_of(object, "obj_id");
    if (!id || !models_.contains(std::to_string(*id))) {
      findings_.add("gt_object", where, "obj_id " + object.value("obj_id", Json()).dump(),
                    "one of models_info.json");
    }
    const auto r = numbers_of(object.value("cam_R_m2c", Json()));
    const auto t = numbers_of(object.value("cam_t_m2c", Json()));
    bool rotation = r && r->size() == 9 && t && t->size() == 3;
    for (std::size_t i = 0; rotation && i < 9; ++i) {  // R Rᵀ is the identity
      const std::size_t a = 3 * (i / 3);
      const std::size_t b = 3 * (i % 3);
      const double dot = (*r)[a] * (*r)[b] + (*r)[a + 1] * (*r)[b + 1] + (*r)[a + 2] * (*r)[b + 2];
      rotation = std::abs(dot - (a == b ? 1 : 0)) < 1e-4;
    }
    if (rotation) return;
    findings_.add("pose", where, object.dump(), "a rotation in rows and a place in millimetres");
  }

  std::optional<std::uint64_t> pixels_of(const std::string& kind, const std::string& image,
                                         std::size_t label) {
    const fs::path file =
        folder_ / kind / (six_digits(image) + "_" + six_digits(std::to_string(label)) + ".png");
    if (!fs::exists(file)) {
      findings_.add("mask_missing", file.string(), "no file", "a mask for each label");
      return std::nullopt;
    }
    try {
      std::uint64_t count = 0;
      for (const Rgba8& pixel : read_color(file).pixels) count += pixel.r != 0 ? 1 : 0;
      return count;
    } catch (const Error& e) {
      findings_.add("mask_missing", file.string(), e.what(), "a mask that decodes");
      return std::nullopt;
    }
  }

  void check_info(const Json& info, const std::string& image, std::size_t label,
                  const std::string& where) {
    const auto all = whole_of(info, "px_count_all");
    const auto visible = whole_of(info, "px_count_visib");
    const auto valid = whole_of(info, "px_count_valid");
    if (!all || !visible || !valid || *visible > *all || *valid > *all) {
      findings_.add("px_counts", where, info.dump(), "no more visible or valid pixels than all");
      return;
    }
    const auto seen = pixels_of("mask_visib", image, label);
    if (seen && *seen != *visible) {
      findings_.add("mask_pixels", where, std::to_string(*seen) + " pixels in mask_visib",
                    std::to_string(*visible) + ", as px_count_visib is");
    }
    const auto whole = pixels_of("mask", image, label);
    if (whole && (*whole > *all || *whole < *valid || (seen && *seen > *whole))) {
      findings_.add("mask_pixels", where, std::to_string(*whole) + " pixels in mask",
                    "px_count_valid to px_count_all, and those of mask_visib");
    }
    const double wanted =
        *all > 0 ? static_cast<double>(*visible) / static_cast<double>(*all) : 0.0;
    const Json fraction = info.value("visib_fract", Json());
    if (fraction.is_number() && std::abs(fraction.get<double>() - wanted) < 1e-6) return;
    findings_.add("visib_fract", where, fraction.dump(), Json(wanted).dump());
  }

  const FormatFolder& at_;
  fs::path folder_;
  const Json& models_;
  Findings& findings_;
};

}  // namespace

void check_bop(const FormatFolder& at, Findings& findings) {
  const Json models =
      object_of(at.folder / "models/models_info.json", "models_unreadable", findings);
  for (const auto& [id, model] : models.items()) {
    const Json diameter = model.is_object() ? model.value("diameter", Json()) : Json();
    if (!diameter.is_number() || !(diameter > 0)) {
      findings.add("models_unreadable", "models_info.json: " + id, model.dump(), "a diameter, mm");
    }
    const bool mesh = model.is_object() && model.value("diameter_of", "mesh") == "mesh";
    const fs::path file = at.folder / "models" / ("obj_" + six_digits(id) + ".ply");
    if (!mesh || fs::exists(file)) continue;
    findings.add("model_missing", file.string(), "no file", "what models_info.json lists");
  }
  std::set<fs::path> scenes;
  for (const fs::path& file : paths_below(at.folder, {".json"})) {
    if (file.filename() == "scene_camera.json") scenes.insert(at.folder / file.parent_path());
  }
  if (scenes.empty()) {
    findings.add("scene_missing", at.folder.string(), "no scene_camera.json", "a scene at least");
  }
  for (const fs::path& scene : scenes) SceneRules(at, scene, models, findings).run();
}

}  // namespace orrery
