#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "generator/source.hpp"

namespace orrery::testing {

std::string bytes_of(const std::filesystem::path& file);

/// How a label says where its pixels are.
enum class Shape { box, polygon, polygons, mask };

/// What a reader must find of one label.
struct TrueLabel {
  std::string class_name;
  Rect box;
  Shape shape = Shape::box;
  std::vector<Polygon> parts{};  ///< of Shape::polygons
  Rle pixels{};                  ///< of all shapes but boxes
  std::optional<OrientedBox> oriented{};
  std::vector<LabelPoint> keypoints{};
  std::optional<double> truncation{};
  std::optional<double> occlusion{};
  bool crowd = false;
  bool hard = false;
  bool loose = false;
};

struct TrueImage {
  int width = 0;
  int height = 0;
  std::string split;
  std::optional<int> fold{};
  bool train_only = false;
  std::vector<TrueLabel> labels;
};

/// What readers must find of a dataset. Images by the bytes of their pictures: formats rename them.
struct Truth {
  std::vector<std::string> classes;
  std::map<std::string, std::size_t> points;  ///< how many keypoints a class has, if any
  std::map<std::string, TrueImage> images;
};

Truth truth_of(const DatasetInfo& info, const std::vector<LabelledImage>& images);

/// What a format keeps, as the comment at the top of its sink says.
struct Carrier {
  std::string sink;
  std::function<Truth(Truth)> through;
};
const std::vector<Carrier>& carriers();

/// Every difference between what should be there and what is, in words; empty: none.
std::vector<std::string> differences(const Truth& truth, const DatasetInfo& info,
                                     const std::vector<LabelledImage>& images);

}  // namespace orrery::testing
