#pragma once

#include <filesystem>
#include <glm/glm.hpp>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "scenes/image.hpp"
#include "scenes/mesh_file.hpp"
#include "scenes/texture.hpp"

struct aiMaterial;
struct aiScene;

namespace orrery {

/// What the vertices of a material need to know of it.
struct SurfaceMaterial {
  Material material;
  std::uint32_t uv_set = 0;
  glm::mat3 uv_from_file{1.0F};  ///< on (u, v, 1), v growing downwards
};

/// Turns Assimp's materials into ours, and their images into textures of the model.
class MaterialFile {
 public:
  MaterialFile(const aiScene& scene, std::filesystem::path file, const ImportSettings& settings,
               ModelFile& out);

  /// Throws Error if a texture is missing and that is not allowed.
  SurfaceMaterial read(const aiMaterial& source);

 private:
  struct Map {  // one texture as a material refers to it
    std::string name;
    Wrap wrap_u = Wrap::repeat;
    Wrap wrap_v = Wrap::repeat;
    std::uint32_t uv_set = 0;
    glm::mat3 uv_from_file{1.0F};
  };

  std::optional<Map> map_of(const aiMaterial& source, int type, unsigned slot = 0) const;
  std::optional<Image<Rgba8>> image_of(const std::string& name);
  std::optional<Image<Rgba8>> missing(const std::string& name, const std::string& why);
  std::int32_t texture(const std::string& key, const Map& map, TexelKind kind,
                       const Image<Rgba8>& image);
  std::int32_t texture_of(const Map& map, TexelKind kind);
  void read_factors(const aiMaterial& source, Material& material) const;
  void read_alpha(const aiMaterial& source, Material& material);
  void read_base_color(const aiMaterial& source, SurfaceMaterial& out);
  void read_normal(const aiMaterial& source, Material& material);
  void read_orm(const aiMaterial& source, Material& material);
  void warn(const std::string& text);

  const aiScene& scene_;
  std::filesystem::path file_;
  ImportSettings settings_;
  ModelFile& out_;
  std::string material_;  ///< the name of the one being read
  std::map<std::string, std::int32_t> textures_;
};

/// Where the file `name`, as written inside `model`, really is: percent codes, backslashes, the
/// wrong case and paths of another machine are understood. Nothing if it is not there.
std::optional<std::filesystem::path> find_beside(const std::filesystem::path& model,
                                                 const std::string& name);

}  // namespace orrery
