// Writes the models under assets/models/: run `make_assets FOLDER` after changing a generator.

#include <filesystem>
#include <iostream>

#include "assets/objects.hpp"
#include "scenes/error.hpp"

int main(int argc, char** argv) {
  using namespace orrery;
  try {
    if (argc != 2) throw Error("usage: make_assets FOLDER", Exit::usage);
    const std::filesystem::path folder = argv[1];
    std::filesystem::create_directories(folder);
    for (const assets::Thing& thing : {assets::mug(), assets::rocket(), assets::die(),
                                       assets::can(), assets::plant(), assets::robot()}) {
      std::size_t triangles = 0;
      for (const assets::Part& part : thing.parts) triangles += part.mesh.indices.size() / 3;
      assets::write_glb(folder / (thing.name + ".glb"), thing);
      assets::write_sidecar(folder / (thing.name + ".keypoints.json"), thing);
      std::cout << thing.name << ": " << triangles << " triangles\n";
    }
  } catch (const Error& error) {
    std::cerr << error.what() << '\n';
    return static_cast<int>(error.exit());
  }
}
