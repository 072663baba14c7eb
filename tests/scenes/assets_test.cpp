#include <doctest/doctest.h>

#include <algorithm>

#include "scenes/mesh_file.hpp"

using namespace orrery;

TEST_SUITE("assets") {
  TEST_CASE("our own models import as upright household things of moderate size") {
    const std::filesystem::path folder = ORRERY_ASSETS "/models";
    for (const char* name : {"mug", "rocket", "die", "can", "plant", "robot"}) {
      CAPTURE(name);
      const Model model = model_from_file(folder / (std::string(name) + ".glb"), {}).model;
      CHECK(model.report.triangles >= 2000);
      CHECK(model.report.triangles <= 20000);
      CHECK(model.report.degenerate_triangles == 0);
      const glm::vec3 size = model.bounds.high - model.bounds.low;
      const float longest = std::max({size.x, size.y, size.z});
      CHECK(longest > 0.05F);
      CHECK(longest < 0.26F);
      CHECK(model.bounds.low.z >= -1e-4F);
      CHECK(model.bounds.low.z < 0.02F);
      CHECK(!model.textures.empty());
      // Normals and winding agree, or light would come from inside.
      std::size_t agree = 0;
      for (std::size_t i = 0; i < model.indices.size(); i += 3) {
        const Vertex& a = model.vertices[model.indices[i]];
        const glm::vec3 ab = model.vertices[model.indices[i + 1]].position - a.position;
        const glm::vec3 ac = model.vertices[model.indices[i + 2]].position - a.position;
        if (glm::dot(glm::cross(ab, ac), unpacked_normal(a.normal)) > 0) ++agree;
      }
      CHECK(agree * 3 > model.indices.size() * 99 / 100);
    }
  }
}
