#pragma once

#include <cstdint>
#include <filesystem>
#include <glm/glm.hpp>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "generator/sample.hpp"
#include "generator/stored_file.hpp"
#include "renderer/labels/annotation.hpp"
#include "scenes/camera.hpp"
#include "scenes/keypoints.hpp"
#include "scenes/mesh_file.hpp"

namespace orrery {

/// Half-open [x0,x1) × [y0,y1), pixels, (0,0) the image's top-left corner. Every box between
/// readers and sinks is one; formats that count otherwise convert, and say so.
struct Rect {
  double x0 = 0, y0 = 0, x1 = 0, y1 = 0;
  double width() const { return x1 - x0; }
  double height() const { return y1 - y0; }
  double area() const { return empty() ? 0 : width() * height(); }
  bool empty() const { return !(x1 > x0 && y1 > y0); }  // not-a-number is empty
  bool operator==(const Rect&) const = default;
};

/// Corners in order, pixels from the image's top-left corner; closed without repeating the first.
using Polygon = std::vector<glm::dvec2>;

/// A keypoint of one instance, in the order of its class's names.
struct LabelPoint {
  glm::dvec2 position{0.0};     ///< pixels from the image's top-left corner
  std::uint8_t visibility = 0;  ///< COCO's v: 0 not labelled, 1 hidden, 2 visible
  bool operator==(const LabelPoint&) const = default;
};

/// Where an object stands, for formats of poses.
struct ObjectPose {
  Pose camera_from_object;
  Box3 bounds;        ///< object frame, metres before scale
  std::string model;  ///< name of the model file, or made name
};

/// One labelled instance in one picture.
struct Label {
  std::uint64_t id = 0;        ///< within the image, from 1; where there is an id plane, its value
  std::uint32_t class_id = 0;  ///< into DatasetInfo::classes
  Rect box;                    ///< of what is visible
  /// What is visible, as large as the image. Where there is one, the box is its extent unless
  /// `loose`, and `outline` is the same in another form or empty.
  std::optional<Rle> mask{};
  /// Polygons whose union is visible, where that is how the source says it.
  std::vector<Polygon> outline{};
  std::optional<OrientedBox> oriented{};
  std::vector<LabelPoint> keypoints{};  ///< empty, or one for each name of the class
  std::optional<Rle> amodal{};          ///< the part inside the image
  std::optional<Rect> amodal_box{};     ///< also outside the image
  std::optional<double> visible_fraction{};
  std::optional<double> truncation{};
  std::optional<double> occlusion{};
  std::optional<ObjectPose> pose{};
  bool crowd = false;  ///< a group, or content that nobody labelled: neither hit nor miss (iscrowd)
  bool hard = false;   ///< VOC's difficult: left out of evaluations that leave such out
  bool loose = false;  ///< the box may be larger than what it is around
  double weight = 1;   ///< of its loss, in (0, 1]: mixup
  Json more = Json::object();  ///< what the source says beyond this: attributes, tags, scores

  /// As COCO counts: pixels of the mask, else of the outline, else of the box.
  double area() const;
};

/// Something that an image is made of.
struct Ingredient {
  std::string kind;  ///< "model", "picture", "sky", "photo", "session", "duplicates", "sweep"…
  std::string name;
  std::string sha256{};   ///< of its content, where it has some
  std::string licence{};  ///< SPDX identifier, or as its source names it; empty: not known
  auto operator<=>(const Ingredient&) const = default;  // NOLINT(modernize-use-nullptr)
};

/// A picture and what is in it, in no format: what readers give and sinks take.
struct LabelledImage {
  std::string name;   ///< unique in its dataset: a relative path without extension
  StoredFile file{};  ///< the encoded picture; its extension says how
  int width = 0;      ///< pixels, upright: after the EXIF orientation
  int height = 0;
  std::vector<Label> labels{};        ///< by id
  std::vector<Ingredient> lineage{};  ///< each once, in order of kind and name
  std::string split{};                ///< "train", "val", "test"…; empty: none
  std::optional<int> fold{};          ///< of k-fold, from 0
  bool train_only = false;            ///< mixed or augmented: never validated or tested on
  std::string track{};                ///< "in_scope", "out_of_scope", "real_only"; empty: none
  std::optional<Intrinsics> camera{};
  std::optional<StoredFile> depth{};  ///< 16-bit PNG, millimetres along the optical axis
  std::optional<StoredFile> ids{};    ///< PNG of Label::id
  Json more = Json::object();         ///< what the source says of the image beyond this
};

/// The file of a model that poses name, and how it is to be understood. It may be gone or changed.
struct PosedModel {
  std::filesystem::path file;
  ImportSettings import{};
};

/// What all images of a dataset share.
struct DatasetInfo {
  std::vector<std::string> classes;    ///< by class id; the order never changes
  std::vector<Keypoints> keypoints{};  ///< by class id: names, skeleton, swaps; empty: none has any
  std::string name{};                  ///< for people
  std::string description{};
  std::map<std::string, PosedModel> models{};  ///< by ObjectPose::model, where that is known
};

/// A pixel mask of polygons whose union is meant: pixels whose centre is inside one (even-odd).
Rle mask_of(const std::vector<Polygon>& outline, int width, int height);
/// The pixels of a mask, whichever way the label has it; nothing if it has only a box.
std::optional<Rle> mask_of(const Label& label, int width, int height);
/// Outer borders of a mask as polygons along pixel edges, one for each connected part; holes are
/// lost: `holes` counts them.
std::vector<Polygon> polygons_of(const Rle& mask, std::size_t& holes);
/// The extent of polygons.
Rect extent_of(const std::vector<Polygon>& outline);
inline Rect rect_of(const Box& box) {
  return {static_cast<double>(box.x0), static_cast<double>(box.y0), static_cast<double>(box.x1),
          static_cast<double>(box.y1)};
}

}  // namespace orrery
