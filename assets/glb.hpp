#pragma once

#include <array>
#include <filesystem>
#include <glm/glm.hpp>
#include <optional>
#include <string>
#include <vector>

#include "assets/shapes.hpp"
#include "scenes/image.hpp"

namespace orrery::assets {

/// glTF's metallic-roughness material.
struct Finish {
  std::string name;
  glm::dvec3 color{1.0};  ///< linear; multiplies the texture
  double metallic = 0;
  double roughness = 0.5;
  std::optional<Image<Rgba8>> texture;
  bool leaf = false;  ///< alpha-masked and seen from both sides
};

struct Part {
  Finish finish;
  Mesh mesh;
};

/// A keypoint: on the surface, or in the body as a joint is.
struct Marker {
  std::string name;
  glm::dvec3 at{0.0};
  bool inside = false;
};

struct Thing {
  std::string name;
  std::vector<Part> parts;
  std::vector<Marker> markers{};
  std::vector<std::array<std::string, 2>> skeleton{};  ///< markers that an edge joins
  std::vector<std::array<std::string, 2>> swaps{};     ///< left and right
};

/// One .glb file with its textures inside; y up, metres. The same thing gives the same bytes.
/// Throws Error if it cannot be written.
void write_glb(const std::filesystem::path& file, const Thing& thing);

/// What of its markers glTF's nodes cannot say, if there is anything: scenes/keypoints.hpp.
void write_sidecar(const std::filesystem::path& file, const Thing& thing);

}  // namespace orrery::assets
