#include "tests/scenes/model_files.hpp"

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <fstream>

namespace orrery::test {

namespace fs = std::filesystem;

void Folder::put(const std::string& name, const std::string& content) const {
  std::ofstream(path / name, std::ios::binary) << content;
}

Model Folder::import(const std::string& name, const ImportSettings& settings) const {
  return import_model(path / name, settings, {}, cache);
}

fs::file_time_type Folder::newest_pack() const {
  fs::file_time_type newest{};
  for (const auto& entry : fs::directory_iterator(cache)) {
    newest = std::max(newest, entry.last_write_time());
  }
  return newest;
}

void put_ppm(const fs::path& file, int side, const std::vector<int>& rgb) {
  std::ofstream out(file, std::ios::binary);
  out << "P6\n" << side << ' ' << side << "\n255\n";
  for (const int value : rgb) out.put(static_cast<char>(value));
}

void put_textured_quad(const fs::path& folder) {
  std::ofstream(folder / "quad.obj") << "mtllib quad.mtl\nusemtl painted\n"
                                        "v 0 0 0\nv 1 0 0\nv 1 1 0\nv 0 1 0\n"
                                        "vt 0 0\nvt 1 0\nvt 1 1\nvt 0 1\n"
                                        "f 1/1 2/2 3/3 4/4\n";
  std::ofstream(folder / "quad.mtl") << "newmtl painted\nKd 1 1 1\nmap_Kd a.ppm\n";
  put_ppm(folder / "a.ppm", 2, {255, 0, 0, 0, 255, 0, 0, 0, 255, 255, 255, 255});
}

void put_gltf(const fs::path& folder, const std::string& node, const std::string& texture) {
  const std::vector<float> floats = {0, 0, 0, 1, 0, 0, 1, 1, 0, 0, 1, 0,  // positions
                                     0, 0, 1, 0, 0, 1, 0, 0, 1, 0, 0, 1,  // normals
                                     0, 0, 1, 0, 1, 1, 0, 1};             // uv
  const std::vector<std::uint16_t> indices = {0, 1, 2, 0, 2, 3};
  std::ofstream bin(folder / "quad.bin", std::ios::binary);
  bin.write(reinterpret_cast<const char*>(floats.data()), 128);
  bin.write(reinterpret_cast<const char*>(indices.data()), 12);
  const std::string material =
      texture.empty() ? ""
                      : R"("images":[{"uri":"a.ppm"}],"textures":[{"source":0}],"materials":[{
      "pbrMetallicRoughness":{"baseColorTexture":{"index":0)" +
                            texture + "}}}],";
  std::ofstream(folder / "quad.gltf")
      << R"({"asset":{"version":"2.0"},"scene":0,
    "extensionsUsed":["KHR_texture_transform"],
    "scenes":[{"nodes":[0]}],"nodes":[{)" +
             node + R"("mesh":0}],)" + material + R"(
    "meshes":[{"primitives":[{"attributes":{"POSITION":0,"NORMAL":1,"TEXCOORD_0":2},"indices":3)" +
             std::string(texture.empty() ? "" : R"(,"material":0)") + R"(}]}],
    "buffers":[{"uri":"quad.bin","byteLength":140}],
    "bufferViews":[{"buffer":0,"byteOffset":0,"byteLength":48},
      {"buffer":0,"byteOffset":48,"byteLength":48},{"buffer":0,"byteOffset":96,"byteLength":32},
      {"buffer":0,"byteOffset":128,"byteLength":12}],
    "accessors":[{"bufferView":0,"componentType":5126,"count":4,"type":"VEC3",
        "min":[0,0,0],"max":[1,1,0]},
      {"bufferView":1,"componentType":5126,"count":4,"type":"VEC3"},
      {"bufferView":2,"componentType":5126,"count":4,"type":"VEC2"},
      {"bufferView":3,"componentType":5123,"count":6,"type":"SCALAR"}]})";
}

std::string lower_extension(const fs::path& file) {
  std::string out = file.extension().string();
  std::transform(out.begin(), out.end(), out.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return out;
}

std::vector<fs::path> model_files_below(const fs::path& folder) {
  const std::vector<std::string> formats = {".gltf", ".glb", ".obj", ".ply",  ".stl",
                                            ".fbx",  ".dae", ".3mf", ".step", ".off"};
  std::vector<fs::path> out;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    const std::string format = lower_extension(entry.path());
    if (std::find(formats.begin(), formats.end(), format) != formats.end()) {
      out.push_back(entry.path());
    }
  }
  std::sort(out.begin(), out.end());
  return out;
}

bool is_meant_to_fail(const fs::path& file) {
  return file.string().find("/nasty/") != std::string::npos ||
         file.filename() == "points_bin.ply" || lower_extension(file) == ".step";
}

}  // namespace orrery::test
