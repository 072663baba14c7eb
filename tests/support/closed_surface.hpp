#pragma once

#include <algorithm>
#include <array>
#include <glm/glm.hpp>
#include <map>
#include <utility>

#include "scenes/model.hpp"

namespace orrery {

/// That the triangles of the finest level enclose; negative if they face inwards.
inline double enclosed_volume(const Model& model) {
  double sum = 0;
  for (const IndexRange& part : model.lods[0].parts) {
    for (std::uint32_t k = part.first; k < part.first + part.count; k += 3) {
      const auto p = [&](std::uint32_t j) {
        return glm::dvec3(model.vertices[model.indices[k + j]].position);
      };
      sum += glm::dot(p(0), glm::cross(p(1), p(2))) / 6;
    }
  }
  return sum;
}

/// Edges, by place, that are not matched by as many the other way round.
inline int open_edges(const Model& model, const Lod& lod) {
  using Place = std::array<float, 3>;
  std::map<std::pair<Place, Place>, int> edges;
  const auto place = [&model](std::uint32_t k) {
    const glm::vec3 p = model.vertices[model.indices[k]].position;
    return Place{p.x, p.y, p.z};
  };
  for (const IndexRange& part : lod.parts) {
    for (std::uint32_t k = part.first; k < part.first + part.count; k += 3) {
      for (std::uint32_t j = 0; j < 3; ++j) {
        const Place from = place(k + j);
        const Place to = place(k + (j + 1) % 3);
        ++edges[{from, to}];
        --edges[{to, from}];
      }
    }
  }
  return static_cast<int>(
      std::count_if(edges.begin(), edges.end(), [](const auto& edge) { return edge.second != 0; }));
}

}  // namespace orrery
