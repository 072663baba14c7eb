#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "renderer/labels/annotation.hpp"

namespace orrery {

/// What two regions are compared by.
enum class Overlap : std::uint8_t { bbox, segm, keypoints };

/// An image of a test set. What is not known of it is empty.
struct TestImage {
  std::int64_t id = 0;
  std::string file_name;
  int width = 0;
  int height = 0;
  std::string group;  ///< images of one group are not independent
  std::string track;
  std::string split;
  std::optional<int> fold{};
};

struct TestClass {
  std::int64_t id = 0;
  std::string name;
  std::vector<double> sigmas{};  ///< of keypoints, relative to the root of the area; COCO's σ
};

/// A place in an image that somebody or something says a class is at.
struct Region {
  std::uint32_t image = 0;     ///< into GroundTruth::images
  std::uint32_t class_id = 0;  ///< into GroundTruth::classes
  double x = 0, y = 0, width = 0, height = 0;
  double area = 0;                  ///< as COCO takes it: of the mask in truth, mostly of the box
                                    ///< in detections
  Rle mask{};                       ///< with Overlap::segm
  std::vector<double> keypoints{};  ///< x, y, v for each; with Overlap::keypoints
};

struct TruthObject : Region {
  std::int64_t id = 0;
  bool crowd = false;
  bool ignored = false;  ///< never asked for: crowds, and keypoints of which none is labelled
  std::optional<bool> hard{};
  std::optional<double> visible_fraction{};
  std::optional<double> truncation{};
};

struct Detection : Region {
  double score = 0;
};

/// What is there.
struct GroundTruth {
  std::vector<TestImage> images;   ///< by id
  std::vector<TestClass> classes;  ///< by id
  std::vector<TruthObject> objects;
  std::vector<std::string> warnings{};  ///< what the file says that is not heeded, for people
};

/// What was found, in the order of its file: that is how ties of scores are broken.
struct Detections {
  std::vector<Detection> items;
  std::vector<std::string> warnings{};
};

}  // namespace orrery
