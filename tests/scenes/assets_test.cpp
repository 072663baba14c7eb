#include <doctest/doctest.h>

#include <algorithm>
#include <string>

#include "scenes/mesh_file.hpp"

using namespace orrery;

TEST_SUITE("assets") {
  TEST_CASE("our own models import as upright household things of moderate size") {
    const std::filesystem::path folder = ORRERY_ASSETS "/models";
    for (const std::string name : {"mug", "rocket", "die", "can", "plant", "robot"}) {
      CAPTURE(name);
      const Model model = model_from_file(folder / (name + ".glb"), {}).model;
      CHECK(model.report.triangles >= 2000);
      CHECK(model.report.triangles <= 20000);
      CHECK(model.report.degenerate_triangles == 0);
      glm::vec3 low = model.vertices.at(0).position;
      glm::vec3 high = low;
      for (const Vertex& v : model.vertices) {
        low = glm::min(low, v.position);
        high = glm::max(high, v.position);
      }
      const glm::vec3 size = high - low;
      const float longest = std::max({size.x, size.y, size.z});
      CHECK(longest > 0.05F);
      CHECK(longest < 0.26F);
      CHECK(low.z >= -1e-4F);
      CHECK(low.z < 0.02F);
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
