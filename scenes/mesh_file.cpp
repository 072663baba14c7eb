#include "scenes/mesh_file.hpp"

#include <assimp/config.h>
#include <assimp/postprocess.h>
#include <assimp/scene.h>

#include <algorithm>
#include <array>
#include <assimp/Importer.hpp>
#include <cctype>
#include <cmath>
#include <limits>
#include <map>
#include <string>
#include <unordered_map>

#include "scenes/error.hpp"
#include "scenes/material_file.hpp"
#include "scenes/recording_files.hpp"
#include "scenes/surface.hpp"

namespace orrery {
namespace {

constexpr std::array kFormats = {".gltf", ".glb", ".obj", ".ply", ".stl",
                                 ".fbx",  ".dae", ".3mf", ".off"};

std::string format_of(const std::filesystem::path& file) {
  std::string extension = file.extension().string();
  std::transform(extension.begin(), extension.end(), extension.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  if (std::find(kFormats.begin(), kFormats.end(), extension) == kFormats.end()) {
    throw Error(file.string() + ": a model of format '" + extension +
                "' cannot be read, wanted glTF, OBJ, PLY, STL, FBX, DAE, 3MF or OFF");
  }
  return extension;
}

bool is_gltf(const std::string& format) { return format == ".gltf" || format == ".glb"; }

glm::dmat4 matrix_of(const aiMatrix4x4& m) {  // Assimp's rows are our columns
  return glm::dmat4(glm::dvec4(m.a1, m.b1, m.c1, m.d1), glm::dvec4(m.a2, m.b2, m.c2, m.d2),
                    glm::dvec4(m.a3, m.b3, m.c3, m.d3), glm::dvec4(m.a4, m.b4, m.c4, m.d4));
}

/// Metres and z up from the file's root frame.
glm::dmat4 world_from_file(const aiScene& scene, const std::string& format,
                           const ImportSettings& settings) {
  double unit = format == ".3mf" ? 0.001 : 1.0;
  bool z_up = format == ".stl" || format == ".ply" || format == ".3mf" || format == ".off";
  if (format == ".fbx" && scene.mMetaData != nullptr) {
    double centimetres = 0;
    float single = 0;
    if (scene.mMetaData->Get("UnitScaleFactor", single)) centimetres = double{single};
    scene.mMetaData->Get("UnitScaleFactor", centimetres);
    if (std::isfinite(centimetres) && centimetres > 0) unit = centimetres / 100;
    int up = 1;
    scene.mMetaData->Get("UpAxis", up);
    z_up = up == 2;
  }
  unit = settings.unit.value_or(unit);
  if (settings.up) z_up = *settings.up == UpAxis::z;
  const glm::dmat4 y_up(glm::dvec4(unit, 0, 0, 0), glm::dvec4(0, 0, unit, 0),
                        glm::dvec4(0, -unit, 0, 0), glm::dvec4(0, 0, 0, 1));
  const glm::dmat4 as_is(glm::dvec4(unit, 0, 0, 0), glm::dvec4(0, unit, 0, 0),
                         glm::dvec4(0, 0, unit, 0), glm::dvec4(0, 0, 0, 1));
  return z_up ? as_is : y_up;
}

glm::vec3 vec(const aiVector3D& v) { return {v.x, v.y, v.z}; }

glm::vec4 linear_color(const aiColor4D& c, bool is_linear) {
  const auto decode = [&](float x) {
    if (is_linear) return x;
    return x <= 0.04045F ? x / 12.92F : std::pow((x + 0.055F) / 1.055F, 2.4F);
  };
  return {decode(c.r), decode(c.g), decode(c.b), c.a};
}

/// Walks the nodes and gathers the triangles of each material.
class Gather {
 public:
  Gather(const aiScene& scene, const std::filesystem::path& file, const std::string& format,
         const ImportSettings& settings, ModelFile& out)
      : scene_(scene), format_(format), out_(out), materials_(scene, file, settings, out) {
    find_nodes(*scene.mRootNode, world_from_file(scene, format, settings));
  }

  void run() { visit(*scene_.mRootNode); }

  std::vector<Surface> surfaces;
  std::vector<SurfaceMaterial> surface_materials;  ///< one per surface
  std::uint64_t other_faces = 0;                   ///< points and lines
  Keypoints keypoints;                             ///< of nodes

 private:
  void find_nodes(const aiNode& node, const glm::dmat4& world_from_parent) {
    const glm::dmat4 world_from_node = world_from_parent * matrix_of(node.mTransformation);
    world_from_node_[&node] = world_from_node;
    by_name_.emplace(node.mName.C_Str(), &node);
    const std::string keypoint = keypoint_name_of(node.mName.C_Str());
    if (!keypoint.empty() && node.mNumMeshes == 0) {
      keypoints.points.push_back({keypoint, glm::dvec3(world_from_node[3]), false});
    }
    for (unsigned i = 0; i < node.mNumChildren; ++i)
      find_nodes(*node.mChildren[i], world_from_node);
    ++out_.model.report.nodes;
  }

  void visit(const aiNode& node) {
    for (unsigned i = 0; i < node.mNumMeshes; ++i) {
      if (node.mMeshes[i] >= scene_.mNumMeshes) throw Error("node names a mesh that is not there");
      add(*scene_.mMeshes[node.mMeshes[i]], world_from_node_.at(&node));
    }
    for (unsigned i = 0; i < node.mNumChildren; ++i) visit(*node.mChildren[i]);
  }

  /// One matrix for every vertex: the node's own, or the weighted sum of its bones.
  std::vector<glm::dmat4> world_from_vertices(const aiMesh& mesh,
                                              const glm::dmat4& world_from_node) {
    if (!mesh.HasBones()) return {world_from_node};
    std::vector<glm::dmat4> sums(mesh.mNumVertices, glm::dmat4(0.0));
    std::vector<double> weights(mesh.mNumVertices, 0.0);
    for (unsigned b = 0; b < mesh.mNumBones; ++b) {
      const aiBone& bone = *mesh.mBones[b];
      const auto node = by_name_.find(bone.mName.C_Str());
      if (node == by_name_.end()) continue;
      const glm::dmat4 m = world_from_node_.at(node->second) * matrix_of(bone.mOffsetMatrix);
      for (unsigned w = 0; w < bone.mNumWeights; ++w) {
        const aiVertexWeight& weight = bone.mWeights[w];
        if (weight.mVertexId >= mesh.mNumVertices) continue;
        sums[weight.mVertexId] += m * double{weight.mWeight};
        weights[weight.mVertexId] += double{weight.mWeight};
      }
    }
    for (std::size_t i = 0; i < sums.size(); ++i) {
      sums[i] = weights[i] > 1e-6 ? sums[i] * (1 / weights[i]) : world_from_node;
    }
    return sums;
  }

  std::size_t surface_of(const aiMesh& mesh) {
    const auto [known, fresh] = by_material_.emplace(mesh.mMaterialIndex, surfaces.size());
    if (fresh) {
      if (mesh.mMaterialIndex >= scene_.mNumMaterials) {
        throw Error("mesh names a material that is not there");
      }
      const aiMaterial& source = *scene_.mMaterials[mesh.mMaterialIndex];
      surfaces.emplace_back();
      surface_materials.push_back(materials_.read(source));
      Material& material = surface_materials.back().material;
      // Assimp's stand-in for a missing material is grey; colours of vertices are whole.
      aiString name;
      source.Get(AI_MATKEY_NAME, name);
      const bool stand_in = name.length == 0 || name == aiString(AI_DEFAULT_MATERIAL_NAME);
      if (!is_gltf(format_) && stand_in && mesh.HasVertexColors(0)) {
        material.base_color = glm::vec4(1.0F);
      }
    }
    return known->second;
  }

  void add(const aiMesh& mesh, const glm::dmat4& world_from_node) {
    for (unsigned f = 0; f < mesh.mNumFaces; ++f) {
      if (mesh.mFaces[f].mNumIndices != 3) ++other_faces;
    }
    if ((mesh.mPrimitiveTypes & aiPrimitiveType_TRIANGLE) == 0 || mesh.mVertices == nullptr) return;
    const std::size_t part = surface_of(mesh);
    Surface& s = surfaces[part];
    if (s.positions.size() + mesh.mNumVertices > std::numeric_limits<std::int32_t>::max()) {
      throw Error("more than 2^31 vertices, wanted fewer");
    }
    const auto base = static_cast<std::uint32_t>(s.positions.size());
    const auto world_from_vertex = world_from_vertices(mesh, world_from_node);
    add_vertices(mesh, surface_materials[part], world_from_vertex, s);
    const bool mirrored = glm::determinant(glm::dmat3(world_from_vertex[0])) < 0;
    for (unsigned f = 0; f < mesh.mNumFaces; ++f) {
      const aiFace& face = mesh.mFaces[f];
      if (face.mNumIndices != 3) continue;
      for (unsigned k = 0; k < 3; ++k) {
        const unsigned i = face.mIndices[mirrored ? 2 - k : k];
        if (i >= mesh.mNumVertices) throw Error("face names a vertex that is not there");
        s.indices.push_back(base + i);
      }
    }
  }

  void add_vertices(const aiMesh& mesh, const SurfaceMaterial& material,
                    const std::vector<glm::dmat4>& world_from_vertex, Surface& s) {
    const aiVector3D* uvs = nullptr;
    if (material.uv_set < AI_MAX_NUMBER_OF_TEXTURECOORDS)
      uvs = mesh.mTextureCoords[material.uv_set];
    if (uvs == nullptr) uvs = mesh.mTextureCoords[0];
    for (unsigned i = 0; i < mesh.mNumVertices; ++i) {
      const glm::dmat4& m = world_from_vertex[world_from_vertex.size() == 1 ? 0 : i];
      const glm::dmat3 linear(m);
      const double side = glm::determinant(linear) < 0 ? -1 : 1;
      // The inverse transpose up to a factor, also where there is no inverse.
      const glm::dmat3 cofactor(glm::cross(linear[1], linear[2]), glm::cross(linear[2], linear[0]),
                                glm::cross(linear[0], linear[1]));
      s.positions.emplace_back(m * glm::dvec4(glm::dvec3(vec(mesh.mVertices[i])), 1));
      glm::dvec3 normal(0.0);
      if (mesh.HasNormals()) normal = cofactor * glm::dvec3(vec(mesh.mNormals[i])) * side;
      const double length = glm::length(normal);
      s.normals.emplace_back(length > 0 ? normal / length : normal);
      s.tangents.push_back(is_gltf(format_) ? tangent_of(mesh, i, linear, side) : glm::vec4(0.0F));
      glm::vec2 uv(0.0F);
      if (uvs != nullptr) uv = {uvs[i].x, 1.0F - uvs[i].y};  // Assimp's v grows upwards
      s.uvs.emplace_back(material.uv_from_file * glm::vec3(uv, 1.0F));
      s.colors.push_back(mesh.HasVertexColors(0)
                             ? linear_color(mesh.mColors[0][i], is_gltf(format_))
                             : glm::vec4(1.0F));
    }
  }

  static glm::vec4 tangent_of(const aiMesh& mesh, unsigned i, const glm::dmat3& linear,
                              double side) {
    if (!mesh.HasTangentsAndBitangents() || !mesh.HasNormals()) return glm::vec4(0.0F);
    const glm::vec3 tangent = vec(mesh.mTangents[i]);
    const float sign =
        glm::dot(glm::cross(vec(mesh.mNormals[i]), tangent), vec(mesh.mBitangents[i])) < 0 ? -1.0F
                                                                                           : 1.0F;
    const glm::dvec3 moved = linear * glm::dvec3(tangent);
    const double length = glm::length(moved);
    if (!(std::isfinite(length) && length > 1e-12)) return glm::vec4(0.0F);
    return glm::vec4(glm::vec3(moved / length), sign * static_cast<float>(side));
  }

  const aiScene& scene_;
  std::string format_;
  ModelFile& out_;
  MaterialFile materials_;
  std::unordered_map<const aiNode*, glm::dmat4> world_from_node_;
  std::unordered_map<std::string, const aiNode*> by_name_;
  std::map<unsigned, std::size_t> by_material_;
};

const aiScene& parsed(Assimp::Importer& importer, const std::filesystem::path& file,
                      const std::string& format) {
  importer.SetPropertyFloat(AI_CONFIG_PP_GSN_MAX_SMOOTHING_ANGLE, 60.0F);
  importer.SetPropertyBool(AI_CONFIG_IMPORT_FBX_PRESERVE_PIVOTS, false);
  unsigned steps = aiProcess_Triangulate | aiProcess_GenSmoothNormals;
  // STL's normals say no more than the winding: smooth ones are made instead.
  if (format == ".stl") steps |= aiProcess_ForceGenNormals;
  const aiScene* scene = importer.ReadFile(file.string(), steps);
  if (scene != nullptr && format == ".3mf") {
    // Assimp 5.2 frees a 3MF package's pictures and leaves the pointers behind: to look at them, or
    // to free them once more, is a crash. Most are thumbnails; a texture counts as missing.
    const_cast<aiScene*>(scene)->mNumTextures = 0;
  }
  if (scene == nullptr || scene->mRootNode == nullptr) {
    const std::string why = importer.GetErrorString();
    throw Error(why.empty() ? "no scene in it, wanted a model" : why);
  }
  return *scene;
}

/// Shells, tangents and materials of the gathered surfaces, put into the model.
void assemble(Gather& gather, const std::string& format, ImportReport& report, Model& model) {
  std::vector<Surface> surfaces;
  for (std::size_t i = 0; i < gather.surfaces.size(); ++i) {
    repair(gather.surfaces[i], report);
    if (gather.surfaces[i].indices.empty()) continue;
    report.triangles += gather.surfaces[i].indices.size() / 3;
    surfaces.push_back(std::move(gather.surfaces[i]));
    model.materials.push_back(gather.surface_materials[i].material);
  }
  if (surfaces.empty()) {
    throw Error("none of its " + std::to_string(report.degenerate_triangles) +
                " triangles has an area, " + std::to_string(gather.other_faces) +
                " points and lines; wanted triangles");
  }
  if (!is_gltf(format)) orient(surfaces, model.materials);
  for (std::size_t i = 0; i < surfaces.size(); ++i) {
    if (model.materials[i].normal_texture >= 0) {
      add_tangents(surfaces[i]);
    } else {  // nobody looks at it: one value lets vertices weld
      surfaces[i].tangents.assign(surfaces[i].positions.size(), glm::vec4(1, 0, 0, 1));
    }
  }
  add_parts(model, surfaces);
}

/// The sidecar's first; where both have a name, the sidecar's place counts.
Keypoints keypoints_of(const std::filesystem::path& file, const aiScene& scene,
                       const std::string& format, const ImportSettings& settings,
                       const Keypoints& from_nodes, ModelFile& out) {
  require_valid(from_nodes, file.string());
  const std::filesystem::path sidecar = keypoint_file_of(file);
  out.files.push_back(sidecar);
  Keypoints all;
  std::error_code error;
  if (std::filesystem::exists(sidecar, error)) {
    all = read_keypoints(sidecar, world_from_file(scene, format, settings));
  }
  add_keypoints(all, from_nodes);
  require_valid(all, sidecar.string());
  return all;
}

}  // namespace

ModelFile model_from_file(const std::filesystem::path& file, const ImportSettings& settings) {
  const std::string format = format_of(file);
  if (settings.unit && !(std::isfinite(*settings.unit) && *settings.unit > 0)) {
    throw Error(file.string() + ": unit must be above 0 m, found " +
                std::to_string(*settings.unit));
  }
  ModelFile out;
  out.files.push_back(file);
  try {
    Assimp::Importer importer;
    importer.SetIOHandler(new RecordingFiles(out.files));  // the importer owns it
    const aiScene& scene = parsed(importer, file, format);
    Gather gather(scene, file, format, settings, out);
    gather.run();
    out.model.name = file.stem().string();
    assemble(gather, format, out.model.report, out.model);
    out.model.keypoints = keypoints_of(file, scene, format, settings, gather.keypoints, out);
  } catch (const Error& error) {
    const std::string text = error.what();
    const bool named =
        text.rfind(file.string(), 0) == 0 || text.rfind(keypoint_file_of(file).string(), 0) == 0;
    throw Error(named ? text : file.string() + ": " + text, error.exit());
  }
  return out;
}

}  // namespace orrery
