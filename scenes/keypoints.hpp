#pragma once

#include <array>
#include <filesystem>
#include <glm/glm.hpp>
#include <string>
#include <vector>

namespace orrery {

/// A named point of a model.
struct Keypoint {
  std::string name;
  glm::dvec3 position{0.0};  ///< metres, model frame
  /// It lies in the body, as a centre or a joint does: its own body does not hide it.
  bool inside = false;
  bool operator==(const Keypoint&) const = default;
};

/// The named points of a model or of a class, and how they belong together. Names are unique.
struct Keypoints {
  std::vector<Keypoint> points;
  std::vector<std::array<std::string, 2>> skeleton;  ///< names of points that an edge joins
  /// Names of points that change places when an image is mirrored (left and right).
  std::vector<std::array<std::string, 2>> swaps;
  bool operator==(const Keypoints&) const = default;
};

/// The name that a node of a model file gives to a keypoint: kp_NAME or keypoint:NAME. Empty if it
/// gives none.
std::string keypoint_name_of(const std::string& node);

/// The sidecar file of a model: mug.keypoints.json beside mug.glb.
std::filesystem::path keypoint_file_of(const std::filesystem::path& model);

/// Reads a sidecar file:
///   {"keypoints": {"rim": [x,y,z], "centre": {"at": [x,y,z], "inside": true}},
///    "skeleton": [["rim","centre"]], "swap": [["left_ear","right_ear"]]}
/// Positions are in the model file's units and axes and come out through `model_from_file`, as the
/// mesh does. Edges and pairs may name points of nodes: require_valid() all. Throws Error naming
/// the file, the place in it, what was found and what is wanted.
Keypoints read_keypoints(const std::filesystem::path& file, const glm::dmat4& model_from_file);

/// Adds the points of `more` that have a new name, and edges and pairs that are new.
void add_keypoints(Keypoints& all, const Keypoints& more);

/// Throws Error if a name repeats, a position is no number, or an edge or a pair names no point.
void require_valid(const Keypoints& keypoints, const std::string& where);

}  // namespace orrery
