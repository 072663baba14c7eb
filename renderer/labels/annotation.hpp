#pragma once

#include <cstdint>
#include <glm/glm.hpp>
#include <optional>
#include <string>
#include <vector>

#include "scenes/camera.hpp"
#include "scenes/model.hpp"

namespace orrery {

/// Half-open [x0,x1) × [y0,y1), pixels of the image; amodal boxes may leave it.
struct Box {
  int x0 = 0, y0 = 0, x1 = 0, y1 = 0;
  bool empty() const { return x1 <= x0 || y1 <= y0; }
  bool operator==(const Box&) const = default;
};

/// A mask as run lengths down the columns, starting with background (COCO).
struct Rle {
  int width = 0;
  int height = 0;
  std::vector<std::uint32_t> counts;
  bool operator==(const Rle&) const = default;
};

/// The smallest rectangle around a mask, at any angle.
struct OrientedBox {
  glm::dvec2 center{0.0};  ///< pixels
  glm::dvec2 size{0.0};    ///< width along `angle`, height across it; pixels
  double angle = 0;        ///< radians from the image's x axis towards its y axis, in [0, π/2)
};

/// One instance that hides part of another inside the image; id 0 is the ground.
struct Occluder {
  std::uint32_t id = 0;
  std::uint64_t area = 0;  ///< pixels
};

/// What became of a keypoint in an image.
enum class KeypointState : std::uint8_t { visible, hidden_by_itself, hidden_by_another, outside };

/// A keypoint of one instance in one image.
struct KeypointLabel {
  std::string name;
  KeypointState state = KeypointState::outside;
  /// Pixels, (0,0) the image's top-left corner, inside the image or not; nothing if it lies behind
  /// the camera.
  std::optional<glm::dvec2> pixel{};
};

/// All that is known of one instance in one image.
struct InstanceLabel {
  std::uint32_t id = 0;  ///< value in the id image, 1-based
  std::uint32_t class_id = 0;
  Rle visible;                           ///< of the image
  Rle amodal;                            ///< of the image: the part inside it
  std::uint64_t visible_area = 0;        ///< pixels
  std::uint64_t amodal_area = 0;         ///< pixels, inside and outside the image
  std::uint64_t amodal_inside_area = 0;  ///< pixels inside the image
  Box visible_box;
  Box amodal_box;            ///< image coordinates; negative or beyond the image where it leaves it
  OrientedBox oriented_box;  ///< of the visible mask
  bool hard = false;         ///< little of it is visible, or the sensor made it unreadable
  double visible_fraction = 0;      ///< visible / amodal
  double truncation = 0;            ///< off-image amodal / amodal
  double occlusion = 0;             ///< hidden inside the image / amodal inside the image
  std::vector<Occluder> occluders;  ///< by id; areas add up to the area hidden inside the image
  Pose camera_from_object;
  Box3 bounds;                           ///< object frame, metres before scale: the 3D box
  std::vector<KeypointLabel> keypoints;  ///< of the model, in its order
};

/// Labels of one image. Instances without a visible pixel are `dropped`, by a named rule.
struct Annotations {
  struct Dropped {
    std::uint32_t id = 0;
    std::uint32_t class_id = 0;
    /// "min_visible", "max_truncation", "min_side", "min_area" (see LabelSpec), "hidden" (another
    /// covers it), "outside" (not in the image), "subpixel", or "facing_away" (a sheet with one
    /// side, seen from the other or edge-on).
    std::string rule;
  };
  std::vector<InstanceLabel> instances;  ///< by id
  std::vector<Dropped> dropped;          ///< by id; instances + dropped = placed
};

}  // namespace orrery
