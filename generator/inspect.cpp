#include "generator/inspect.hpp"

#include <cstdio>
#include <ostream>
#include <string>

#include "scenes/json.hpp"

namespace orrery {
namespace {

const char* name_of(AlphaMode mode) {
  if (mode == AlphaMode::mask) return "mask";
  return mode == AlphaMode::blend ? "blend" : "opaque";
}

std::uint64_t triangles_of(const Lod& lod) {
  std::uint64_t count = 0;
  for (const IndexRange& part : lod.parts) count += part.count / 3;
  return count;
}

template <class... T>
std::string text(const char* format, T... values) {
  std::string out(static_cast<std::size_t>(std::snprintf(nullptr, 0, format, values...)), '\0');
  std::snprintf(out.data(), out.size() + 1, format, values...);
  return out;
}

/// The name in the file, or its number where the file gives none.
std::string material_name(const Model& model, std::uint32_t material) {
  const auto& names = model.report.material_names;
  if (material < names.size() && !names[material].empty()) return names[material];
  return text("#%u", material);
}

Json list(const glm::vec3& v) { return Json::array({v.x, v.y, v.z}); }

Json material_json(const Model& model, std::uint32_t index) {
  const Material& m = model.materials[index];
  Json out = {{"name", material_name(model, index)},
              {"base_color", {m.base_color.r, m.base_color.g, m.base_color.b, m.base_color.a}},
              {"metallic", m.metallic},
              {"roughness", m.roughness},
              {"alpha", name_of(m.alpha_mode)},
              {"double_sided", m.double_sided != 0}};
  Json maps = Json::array();
  if (m.base_color_texture >= 0) maps.push_back("base_color");
  if (m.normal_texture >= 0) maps.push_back("normal");
  if (m.orm_texture >= 0) maps.push_back("orm");
  if (m.emissive_texture >= 0) maps.push_back("emissive");
  out["maps"] = maps;
  return out;
}

Json json_of(const Model& model) {
  Json out = {{"name", model.name}, {"sha256", model.sha256}};
  out["bounds_m"] = {{"low", list(model.bounds.low)}, {"high", list(model.bounds.high)}};
  out["vertices"] = model.vertices.size();
  out["lods"] = Json::array();
  for (const Lod& lod : model.lods) {
    out["lods"].push_back({{"triangles", triangles_of(lod)}, {"error_m", lod.error}});
  }
  out["parts"] = Json::array();
  for (std::size_t part = 0; part < model.part_materials.size(); ++part) {
    out["parts"].push_back({{"material", material_name(model, model.part_materials[part])},
                            {"triangles", model.lods.at(0).parts[part].count / 3}});
  }
  out["materials"] = Json::array();
  for (std::uint32_t i = 0; i < model.materials.size(); ++i) {
    out["materials"].push_back(material_json(model, i));
  }
  out["textures"] = Json::array();
  for (const Texture& t : model.textures) {
    out["textures"].push_back({{"width", t.width}, {"height", t.height}});
  }
  out["keypoints"] = Json::array();
  for (const Keypoint& point : model.keypoints.points) {
    const glm::dvec3& at = point.position;
    out["keypoints"].push_back(
        {{"name", point.name}, {"at", {at.x, at.y, at.z}}, {"inside", point.inside}});
  }
  out["nodes"] = model.report.nodes;
  out["degenerate_triangles"] = model.report.degenerate_triangles;
  out["textures_found"] = model.report.textures_found;
  out["textures_missing"] = model.report.textures_missing;
  out["warnings"] = model.report.warnings;
  return out;
}

void print_table(std::ostream& out, const Model& model) {
  const glm::vec3 size = model.bounds.high - model.bounds.low;
  const glm::vec3 middle = 0.5F * (model.bounds.high + model.bounds.low);
  out << model.name << "\n"
      << text("  size      %.4g x %.4g x %.4g m, centre (%.4g, %.4g, %.4g)\n", double{size.x},
              double{size.y}, double{size.z}, double{middle.x}, double{middle.y}, double{middle.z})
      << text("  vertices  %zu, nodes %u, degenerate triangles dropped %llu\n",
              model.vertices.size(), model.report.nodes,
              static_cast<unsigned long long>(model.report.degenerate_triangles));
  for (std::size_t i = 0; i < model.lods.size(); ++i) {
    out << text("  lod %zu     %9llu triangles, error %.3g m\n", i,
                static_cast<unsigned long long>(triangles_of(model.lods[i])),
                double{model.lods[i].error});
  }
  for (std::size_t part = 0; part < model.part_materials.size(); ++part) {
    const std::uint32_t index = model.part_materials[part];
    const Material& m = model.materials[index];
    out << text(
        "  part %-3zu  %9u triangles, material '%s': %s, %s, metallic %.2g, roughness "
        "%.2g%s%s%s%s\n",
        part, model.lods.at(0).parts[part].count / 3, material_name(model, index).c_str(),
        name_of(m.alpha_mode), m.double_sided != 0 ? "double-sided" : "single-sided",
        double{m.metallic}, double{m.roughness}, m.base_color_texture >= 0 ? ", colour map" : "",
        m.normal_texture >= 0 ? ", normal map" : "", m.orm_texture >= 0 ? ", orm map" : "",
        m.emissive_texture >= 0 ? ", emissive map" : "");
  }
  for (const Keypoint& point : model.keypoints.points) {
    const glm::dvec3& at = point.position;
    out << text("  keypoint  %s at (%.4g, %.4g, %.4g)%s\n", point.name.c_str(), at.x, at.y, at.z,
                point.inside ? ", inside" : "");
  }
  for (const std::string& name : model.report.textures_found) out << "  texture   " << name << "\n";
  for (const std::string& name : model.report.textures_missing)
    out << "  MISSING   " << name << "\n";
  for (const std::string& warning : model.report.warnings) out << "  warning   " << warning << "\n";
}

}  // namespace

void print_inspect(std::ostream& out, const Model& model, bool json) {
  if (json) {
    // Names come from strangers' files and need not be UTF-8.
    out << json_of(model).dump(2, ' ', false, Json::error_handler_t::replace) << "\n";
  } else {
    print_table(out, model);
  }
}

}  // namespace orrery
