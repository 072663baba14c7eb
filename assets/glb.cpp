#include "assets/glb.hpp"

// stb's deflate is one portable code path: the bytes do not depend on the processor.
#define STB_IMAGE_WRITE_IMPLEMENTATION
#define STB_IMAGE_WRITE_STATIC
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wconversion"
#pragma GCC diagnostic ignored "-Wsign-conversion"
#pragma GCC diagnostic ignored "-Wunused-function"
#pragma GCC diagnostic ignored "-Wmissing-field-initializers"
#include <stb/stb_image_write.h>
#pragma GCC diagnostic pop

#include <algorithm>
#include <fstream>

#include "scenes/error.hpp"
#include "scenes/json.hpp"

namespace orrery::assets {
namespace {

class Glb {
 public:
  Json json{{"asset", {{"version", "2.0"}, {"generator", "orrery make_assets"}}}};

  /// Index of a new buffer view over `size` bytes.
  std::size_t view(const void* data, std::size_t size) {
    while (binary_.size() % 4 != 0) binary_.push_back(0);
    json["bufferViews"].push_back(
        {{"buffer", 0}, {"byteOffset", binary_.size()}, {"byteLength", size}});
    const char* bytes = static_cast<const char*>(data);
    binary_.insert(binary_.end(), bytes, bytes + size);
    return json["bufferViews"].size() - 1;
  }

  /// Index of the texture with these pixels; parts that share one store it once.
  std::size_t texture(const Image<Rgba8>& image);

  template <class T>
  std::size_t accessor(const std::vector<T>& values, int component, const char* type) {
    const std::size_t at = view(values.data(), values.size() * sizeof(T));
    json["accessors"].push_back({{"bufferView", at},
                                 {"componentType", component},
                                 {"count", values.size()},
                                 {"type", type}});
    return json["accessors"].size() - 1;
  }

  void write(const std::filesystem::path& file) {
    while (binary_.size() % 4 != 0) binary_.push_back(0);
    json["buffers"] = Json::array({{{"byteLength", binary_.size()}}});
    std::string text = json.dump();
    text.resize((text.size() + 3) / 4 * 4, ' ');
    std::ofstream out(file, std::ios::binary);
    const auto word = [&](std::size_t value) {
      const std::uint32_t w = static_cast<std::uint32_t>(value);
      out.write(reinterpret_cast<const char*>(&w), sizeof w);
    };
    word(0x46546C67);  // "glTF"
    word(2);
    word(12 + 8 + text.size() + 8 + binary_.size());
    word(text.size());
    word(0x4E4F534A);  // "JSON"
    out << text;
    word(binary_.size());
    word(0x004E4942);  // "BIN"
    out.write(binary_.data(), static_cast<std::streamsize>(binary_.size()));
    if (!out.flush()) throw Error(file.string() + ": cannot be written", Exit::io);
  }

 private:
  std::vector<char> binary_;
  std::vector<std::vector<Rgba8>> textures_;
};

std::size_t Glb::texture(const Image<Rgba8>& image) {
  const auto known = std::find(textures_.begin(), textures_.end(), image.pixels);
  if (known != textures_.end()) return static_cast<std::size_t>(known - textures_.begin());
  textures_.push_back(image.pixels);
  std::vector<char> png;
  const auto append = [](void* to, void* data, int size) {
    const char* bytes = static_cast<const char*>(data);
    static_cast<std::vector<char>*>(to)->insert(static_cast<std::vector<char>*>(to)->end(), bytes,
                                                bytes + size);
  };
  if (stbi_write_png_to_func(append, &png, image.width, image.height, 4, image.pixels.data(),
                             image.width * 4) == 0) {
    throw Error("a texture cannot be encoded", Exit::bug);
  }
  const std::size_t at = view(png.data(), png.size());
  json["images"].push_back({{"bufferView", at}, {"mimeType", "image/png"}});
  json["textures"].push_back({{"source", textures_.size() - 1}});
  return textures_.size() - 1;
}

std::size_t add_material(Glb& glb, const Finish& finish) {
  Json surface{{"baseColorFactor", {finish.color.r, finish.color.g, finish.color.b, 1}},
               {"metallicFactor", finish.metallic},
               {"roughnessFactor", finish.roughness}};
  if (finish.texture) surface["baseColorTexture"] = {{"index", glb.texture(*finish.texture)}};
  Json material{{"name", finish.name}, {"pbrMetallicRoughness", surface}};
  if (finish.leaf) {
    material["alphaMode"] = "MASK";
    material["alphaCutoff"] = 0.5;
    material["doubleSided"] = true;
  }
  glb.json["materials"].push_back(material);
  return glb.json["materials"].size() - 1;
}

/// glTF's y up from our z up.
std::vector<glm::vec3> y_up(std::vector<glm::vec3> vectors) {
  for (glm::vec3& v : vectors) v = {v.x, v.z, -v.y};
  return vectors;
}

Json in_file(const glm::dvec3& v) { return {v.x, v.z, -v.y}; }

Json primitive(Glb& glb, const Part& part) {
  constexpr int kFloat = 5126;
  constexpr int kShort = 5123;
  const std::vector<glm::vec3> positions = y_up(part.mesh.positions);
  if (positions.size() > 65536) throw Error("a part has too many vertices", Exit::bug);
  const std::vector<std::uint16_t> indices(part.mesh.indices.begin(), part.mesh.indices.end());
  glm::vec3 low = positions.front();
  glm::vec3 high = low;
  for (const glm::vec3& p : positions) {
    low = glm::min(low, p);
    high = glm::max(high, p);
  }
  const std::size_t position = glb.accessor(positions, kFloat, "VEC3");
  glb.json["accessors"][position]["min"] = {low.x, low.y, low.z};
  glb.json["accessors"][position]["max"] = {high.x, high.y, high.z};
  const std::size_t normal = glb.accessor(y_up(part.mesh.normals), kFloat, "VEC3");
  const std::size_t uv = glb.accessor(part.mesh.uvs, kFloat, "VEC2");
  const std::size_t index = glb.accessor(indices, kShort, "SCALAR");
  return {{"attributes", {{"POSITION", position}, {"NORMAL", normal}, {"TEXCOORD_0", uv}}},
          {"indices", index},
          {"material", add_material(glb, part.finish)}};
}

}  // namespace

void write_sidecar(const std::filesystem::path& file, const Thing& thing) {
  Json json = Json::object();
  for (const Marker& marker : thing.markers) {
    if (!marker.inside) continue;
    json["keypoints"][marker.name] = {{"at", in_file(marker.at)}, {"inside", true}};
  }
  if (!thing.skeleton.empty()) json["skeleton"] = thing.skeleton;
  if (!thing.swaps.empty()) json["swap"] = thing.swaps;
  if (json.empty()) return;
  std::ofstream out(file, std::ios::binary);
  out << json.dump(2) << '\n';
  if (!out.flush()) throw Error(file.string() + ": cannot be written", Exit::io);
}

void write_glb(const std::filesystem::path& file, const Thing& thing) {
  Glb glb;
  Json primitives = Json::array();
  for (const Part& part : thing.parts) primitives.push_back(primitive(glb, part));
  glb.json["meshes"] = Json::array({{{"name", thing.name}, {"primitives", primitives}}});
  glb.json["nodes"] = Json::array({{{"name", thing.name}, {"mesh", 0}}});
  Json nodes = {0};
  for (const Marker& marker : thing.markers) {
    if (marker.inside) continue;  // nodes cannot say so
    nodes.push_back(glb.json["nodes"].size());
    glb.json["nodes"].push_back(
        {{"name", "kp_" + marker.name}, {"translation", in_file(marker.at)}});
  }
  glb.json["scenes"] = Json::array({{{"nodes", nodes}}});
  glb.json["scene"] = 0;
  glb.write(file);
}

}  // namespace orrery::assets
