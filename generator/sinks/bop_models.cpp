#include "generator/sinks/bop_models.hpp"

#include <algorithm>
#include <bit>
#include <cstdio>
#include <optional>

#include "generator/sinks/dataset_files.hpp"
#include "generator/sinks/image_json.hpp"
#include "generator/sinks/shards.hpp"
#include "generator/whole_file.hpp"
#include "scenes/convex_hull.hpp"
#include "scenes/error.hpp"
#include "scenes/import_model.hpp"
#include "scenes/made_model.hpp"

namespace orrery {
namespace fs = std::filesystem;
namespace {

constexpr double kMillimetres = 1000;  // in a metre

bool same(const Box3& a, const Box3& b) {
  const double size = glm::distance(glm::dvec3(a.low), glm::dvec3(a.high));
  const double off = std::max(glm::distance(glm::dvec3(a.low), glm::dvec3(b.low)),
                              glm::distance(glm::dvec3(a.high), glm::dvec3(b.high)));
  return off <= 1e-5 * size;
}

/// The mesh that poses of this model are of.
std::optional<Model> mesh_of(const ObjectPose& pose, const DatasetInfo& info) {
  std::optional<Model> model;
  std::error_code error;
  const auto file = info.models.find(pose.model);
  if (is_made(pose.model)) {
    model = made_model(pose.model);
  } else if (file != info.models.end() && fs::is_regular_file(file->second.file, error)) {
    model = import_model(file->second.file, file->second.import);
  }
  if (model && !same(model->bounds, pose.bounds)) model.reset();
  return model;
}

/// The greatest distance between two points, metres.
double diameter_of(const Model& model) {
  std::vector<glm::dvec3> points;
  points.reserve(model.vertices.size());
  for (const Vertex& vertex : model.vertices) points.emplace_back(vertex.position);
  const ConvexHull hull = convex_hull(points);
  if (!hull.points.empty()) points = hull.points;
  double greatest = 0;
  for (std::size_t i = 0; i < points.size(); ++i) {
    for (std::size_t k = 0; k < i; ++k) {
      const glm::dvec3 apart = points[i] - points[k];
      greatest = std::max(greatest, glm::dot(apart, apart));
    }
  }
  return std::sqrt(greatest);
}

void put_float(std::string& out, double value) {
  const auto bits = std::bit_cast<std::uint32_t>(static_cast<float>(value));
  for (unsigned i = 0; i < 32; i += 8) out += static_cast<char>(bits >> i & 0xFFU);
}

void put_index(std::string& out, std::uint32_t index) {
  for (unsigned i = 0; i < 32; i += 8) out += static_cast<char>(index >> i & 0xFFU);
}

void write_ply(const Model& model, double scale, const fs::path& file) {
  std::uint64_t triangles = 0;
  for (const IndexRange& part : model.lods.at(0).parts) triangles += part.count / 3;
  WholeFile out(file);
  out.write("ply\nformat binary_little_endian 1.0\nelement vertex " +
            std::to_string(model.vertices.size()) +
            "\nproperty float x\nproperty float y\nproperty float z\n"
            "property float nx\nproperty float ny\nproperty float nz\nelement face " +
            std::to_string(triangles) + "\nproperty list uchar int vertex_indices\nend_header\n");
  std::string row;
  for (const Vertex& vertex : model.vertices) {
    row.clear();
    const glm::dvec3 position = glm::dvec3(vertex.position) * (scale * kMillimetres);
    const glm::vec3 normal = unpacked_normal(vertex.normal);
    for (int i = 0; i < 3; ++i) put_float(row, position[i]);
    for (int i = 0; i < 3; ++i) put_float(row, static_cast<double>(normal[i]));
    out.write(row);
  }
  for (const IndexRange& part : model.lods[0].parts) {
    for (std::uint32_t i = part.first; i < part.first + part.count; i += 3) {
      row.assign(1, '\3');
      for (std::uint32_t corner = i; corner < i + 3; ++corner) {
        put_index(row, model.indices[corner]);
      }
      out.write(row);
    }
  }
  out.commit();
}

}  // namespace

BopModels::BopModels(const fs::path& folder, DatasetInfo info)
    : folder_(folder / "models"), info_(std::move(info)) {
  std::error_code reason;
  fs::create_directory(folder_, reason);
  if (reason) throw Error(folder_.string() + ": cannot be made: " + reason.message(), Exit::io);
}

std::uint32_t BopModels::id_of(const Label& label, const LabelledImage& image) {
  class_of(label, image, info_);
  const ObjectPose& pose = label.pose.value();
  const auto next = static_cast<std::uint32_t>(bounds_.size() + 1);
  const auto [found, fresh] =
      ids_.try_emplace({pose.model, {label.class_id, pose.camera_from_object.scale}}, next);
  if (fresh) {
    infos_[std::to_string(next)] = add(label, next);
    bounds_.push_back(pose.bounds);
  }
  if (!same(bounds_[found->second - 1], pose.bounds)) {
    throw Error("image \"" + image.name + "\", label " + std::to_string(label.id) + ": its model " +
                pose.model + " has another box than before, wanted one model for a name");
  }
  return found->second;
}

Json BopModels::add(const Label& label, std::uint32_t id) const {
  const ObjectPose& pose = label.pose.value();
  const double scale = pose.camera_from_object.scale;
  const double to_mm = scale * kMillimetres;
  const glm::dvec3 low = glm::dvec3(pose.bounds.low) * to_mm;
  const glm::dvec3 size = glm::dvec3(pose.bounds.high) * to_mm - low;
  const std::optional<Model> mesh = mesh_of(pose, info_);
  if (mesh) {
    char name[32];
    std::snprintf(name, sizeof name, "obj_%06u.ply", static_cast<unsigned>(id));
    write_ply(*mesh, scale, folder_ / name);
  }
  return {{"diameter", mesh ? diameter_of(*mesh) * to_mm : glm::length(size)},
          {"min_x", low.x},
          {"min_y", low.y},
          {"min_z", low.z},
          {"size_x", size.x},
          {"size_y", size.y},
          {"size_z", size.z},
          {"class", info_.classes.at(label.class_id)},
          {"model", pose.model},
          {"scale", scale},
          {"diameter_of", mesh ? "mesh" : "box"}};
}

void BopModels::finish(std::map<std::string, std::uint64_t>& left_out) const {
  for (const auto& [id, info] : infos_.items()) {
    if (info.at("diameter_of") == "box") ++left_out["model meshes"];
  }
  write_text(folder_ / "models_info.json", json_text(infos_, folder_.string()) + "\n");
}

}  // namespace orrery
