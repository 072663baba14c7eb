#include <algorithm>
#include <cmath>
#include <unordered_map>

#include "generator/evaluate/coco_element.hpp"
#include "generator/evaluate/coco_mask.hpp"
#include "generator/evaluate/coco_truth.hpp"
#include "renderer/labels/mask.hpp"
#include "scenes/error.hpp"

namespace orrery {
namespace {

/// What the first result has decides what all areas are of.
enum class AreaOf : std::uint8_t { box, mask, keypoints };

class ResultReader {
 public:
  ResultReader(const GroundTruth& truth, Overlap overlap, Detections& out)
      : truth_(truth), overlap_(overlap), out_(out) {
    for (std::uint32_t i = 0; i < truth.images.size(); ++i) images_[truth.images[i].id] = i;
    for (std::uint32_t i = 0; i < truth.classes.size(); ++i) classes_[truth.classes[i].id] = i;
  }

  void read(const CocoElement& element) {
    if (first_) area_of_ = decided_by(element);
    first_ = false;
    Detection found;
    found.image = place_of(images_, element, "image_id", "images");
    found.class_id = place_of(classes_, element, "category_id", "categories");
    found.score = element.number("score");
    if (!std::isfinite(found.score)) element.refuse("score", "not finite", "a finite number");
    read_shape(found, element);
    if (overlap_ == Overlap::keypoints) {
      const std::size_t points = truth_.classes[found.class_id].sigmas.size();
      if (points == 0) {
        ++left_out_;
        return;
      }
      if (found.keypoints.size() != 3 * points) {
        element.refuse("keypoints", std::to_string(found.keypoints.size()) + " numbers",
                       std::to_string(3 * points) + " as in the ground truth");
      }
    }
    out_.items.push_back(std::move(found));
  }

  void finish() {
    if (left_out_ > 0) {
      out_.warnings.push_back(std::to_string(left_out_) +
                              " detections of classes without keypoints are left out");
    }
  }

 private:
  static bool has_box(const CocoElement& element) {
    return element.has("bbox") && !element.json().at("bbox").empty();
  }

  static AreaOf decided_by(const CocoElement& element) {
    if (has_box(element)) return AreaOf::box;
    if (element.has("segmentation")) return AreaOf::mask;
    if (element.has("keypoints")) return AreaOf::keypoints;
    element.refuse("", "without bbox, segmentation and keypoints", "one of them");
  }

  std::uint32_t place_of(const std::unordered_map<std::int64_t, std::uint32_t>& places,
                         const CocoElement& element, const char* key, const char* array) const {
    const std::int64_t id = element.id(key);
    const auto found = places.find(id);
    if (found != places.end()) return found->second;
    element.refuse(
        key, std::to_string(id),
        "one of the " + std::to_string(places.size()) + " " + array + " of the ground truth");
  }

  static void read_box(Detection& found, const CocoElement& element) {
    const std::vector<double> box = element.numbers("bbox");
    const bool right = box.size() == 4 && std::all_of(box.begin(), box.end(),
                                                      [](double v) { return std::isfinite(v); });
    if (!right || box[2] < 0 || box[3] < 0) {
      element.refuse("bbox", element.json().at("bbox").dump(),
                     "x, y, width and height, finite and no side below 0");
    }
    set_box(found, box[0], box[1], box[2], box[3]);
  }

  static void set_box(Detection& found, double x, double y, double width, double height) {
    found.x = x;
    found.y = y;
    found.width = width;
    found.height = height;
  }

  void read_shape(Detection& found, const CocoElement& element) const {
    if (area_of_ == AreaOf::box) {
      read_box(found, element);
      found.area = found.width * found.height;
    }
    if (overlap_ == Overlap::segm || area_of_ == AreaOf::mask) read_mask(found, element);
    if (overlap_ != Overlap::keypoints && area_of_ != AreaOf::keypoints) return;
    found.keypoints = element.numbers("keypoints");
    if (area_of_ == AreaOf::keypoints) read_extent(found, element);
  }

  void read_mask(Detection& found, const CocoElement& element) const {
    const TestImage& image = truth_.images[found.image];
    Segmentation segmentation;
    if (area_of_ == AreaOf::box && !element.has("segmentation")) {
      const double x1 = found.x + found.width;
      const double y1 = found.y + found.height;
      segmentation.polygons = {{found.x, found.y, found.x, y1, x1, y1, x1, found.y}};
    } else {
      segmentation = segmentation_of(element);
    }
    found.mask = mask_from(segmentation, image.width, image.height, element.where());
    if (area_of_ != AreaOf::mask) return;
    found.area = static_cast<double>(area(found.mask));
    const Box box = bounding_box(found.mask);
    set_box(found, box.x0, box.y0, box.x1 - box.x0, box.y1 - box.y0);
    if (has_box(element)) read_box(found, element);
    if (overlap_ != Overlap::segm) found.mask = {};
  }

  static void read_extent(Detection& found, const CocoElement& element) {
    if (found.keypoints.size() < 3) {
      element.refuse("keypoints", "fewer than one point", "x, y and v for each point");
    }
    double x0 = found.keypoints[0], x1 = x0, y0 = found.keypoints[1], y1 = y0;
    for (std::size_t i = 0; i + 2 < found.keypoints.size(); i += 3) {
      x0 = std::min(x0, found.keypoints[i]);
      x1 = std::max(x1, found.keypoints[i]);
      y0 = std::min(y0, found.keypoints[i + 1]);
      y1 = std::max(y1, found.keypoints[i + 1]);
    }
    set_box(found, x0, y0, x1 - x0, y1 - y0);
    found.area = (x1 - x0) * (y1 - y0);
  }

  const GroundTruth& truth_;
  Overlap overlap_;
  Detections& out_;
  std::unordered_map<std::int64_t, std::uint32_t> images_;
  std::unordered_map<std::int64_t, std::uint32_t> classes_;
  bool first_ = true;
  AreaOf area_of_ = AreaOf::box;
  std::uint64_t left_out_ = 0;
};

}  // namespace

Detections read_detections(const std::filesystem::path& file, const GroundTruth& truth,
                           Overlap overlap) {
  Detections out;
  ResultReader reader(truth, overlap, out);
  for_each_coco_element(
      file, {}, [&](const std::string&, const CocoElement& element) { reader.read(element); });
  reader.finish();
  if (out.items.empty()) out.warnings.push_back(file.string() + " holds no detection");
  return out;
}

}  // namespace orrery
