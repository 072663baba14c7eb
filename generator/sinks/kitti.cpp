// KITTI object detection. Byte layout, below training/ (as torchvision wants it: root/Kitti/raw):
//
//   image_2/%06d.<ext>   the pictures, numbered from 0 in the order they come
//   label_2/%06d.txt     a label a line: 15 columns with one blank between
//   calib/%06d.txt       where the camera is known: P0 to P3 (3×4, rows) of which all are [K|0],
//                        R0_rect and the two Tr are identities
// and beside it
//   ImageSets/<split>.txt, ImageSets/fold<k>_{train,val}.txt   numbers, one a line
//   names.txt            number and the image's own name, one a line
//
// Columns: class; truncated 0..1, -1 not known; occluded 0 not, 1 less than half, 2 more, 3 not
// known; alpha; left top right bottom, pixels from the image's corner, half-open, six digits;
// height width length, metres; x y z of the middle of the box's bottom, camera frame, metres;
// rotation_y, radians. 3D columns are -1 (sizes), -1000 (place) and -10 (angles) where no pose is
// known, or where it is tilted by more than 5 degrees against the camera's y axis: KITTI has one
// angle. The object's up is its z, its length along x. Class names: each blank and each quote
// becomes "_"; two that are equal then are an error. Crowds are DontCare, and so are all labels of
// a class of that name.

#include <array>
#include <cmath>
#include <cstdio>
#include <numbers>
#include <set>

#include "generator/sinks/carried.hpp"
#include "generator/sinks/dataset_files.hpp"
#include "generator/sinks/image_lists.hpp"
#include "generator/sinks/sink_factories.hpp"
#include "scenes/error.hpp"

namespace orrery {
namespace {

constexpr double kGreatestTilt = 5 * std::numbers::pi / 180;

std::vector<std::string> kitti_names(const std::vector<std::string>& classes) {
  std::vector<std::string> names;
  std::set<std::string> seen;
  for (std::string name : classes) {
    for (char& c : name) {
      if (c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '"' || c == '\'') c = '_';
    }
    if (name.empty() || !seen.insert(name).second) {
      throw Error("kitti: class \"" + name +
                  "\": wanted names that are not empty and differ without blanks and quotes");
    }
    names.push_back(std::move(name));
  }
  return names;
}

std::string numbered(std::uint64_t index) {
  std::string digits = std::to_string(index);
  if (digits.size() < 6) digits.insert(0, 6 - digits.size(), '0');
  return digits;
}

double wrapped(double angle) { return std::remainder(angle, 2 * std::numbers::pi); }

constexpr const char* kNo3d = " -1 -1 -1 -1000 -1000 -1000 -10";

/// Alpha, and the seven columns behind the box.
std::array<std::string, 2> columns_3d(const Label& label,
                                      std::map<std::string, std::uint64_t>& left_out) {
  if (!label.pose) return {"-10", kNo3d};
  const Pose& pose = label.pose->camera_from_object;
  const glm::dvec3 up = pose.rotation * glm::dvec3(0, 0, 1);
  if (std::acos(glm::clamp(-up.y, -1.0, 1.0)) > kGreatestTilt) {
    ++left_out["poses that are tilted"];
    return {"-10", kNo3d};
  }
  const glm::dvec3 low(label.pose->bounds.low);
  const glm::dvec3 high(label.pose->bounds.high);
  const glm::dvec3 size = (high - low) * pose.scale;
  const glm::dvec3 at = pose(glm::dvec3((low.x + high.x) / 2, (low.y + high.y) / 2, low.z));
  const glm::dvec3 ahead = pose.rotation * glm::dvec3(1, 0, 0);
  const double rotation = std::atan2(-ahead.z, ahead.x);
  std::string text;
  for (const double value : {size.z, size.y, size.x, at.x, at.y, at.z, rotation}) {
    text += " " + decimal(value, 6);
  }
  return {decimal(wrapped(rotation - std::atan2(at.x, at.z)), 6), text};
}

std::string occluded_column(const Label& label) {
  if (!label.occlusion) return "3";
  if (*label.occlusion <= 0) return "0";
  return *label.occlusion < 0.5 ? "1" : "2";
}

std::string calib_of(const Intrinsics& k) {
  std::string matrix;
  for (const double value : {k.fx, 0.0, k.cx, 0.0, 0.0, k.fy, k.cy, 0.0, 0.0, 0.0, 1.0, 0.0}) {
    matrix += " " + decimal(value);
  }
  const std::string identity = " 1 0 0 0 0 1 0 0 0 0 1 0\n";
  std::string text;
  for (const char* name : {"P0:", "P1:", "P2:", "P3:"}) text += name + matrix + "\n";
  return text + "R0_rect: 1 0 0 0 1 0 0 0 1\nTr_velo_to_cam:" + identity +
         "Tr_imu_to_velo:" + identity;
}

class KittiSink : public Sink {
 public:
  KittiSink(const std::filesystem::path& folder, const DatasetInfo& info,
            const SinkOptions& options)
      : folder_(folder),
        classes_(kitti_names(info.classes)),
        options_(options),
        numbers_(folder),
        names_(folder / "names.txt") {}

  void add(const LabelledImage& image) override {
    static constexpr Carries kCarries{.crowds = true,
                                      .fractions = true,
                                      .poses = true,
                                      .cameras = true,
                                      .splits = true,
                                      .folds = true};
    const std::string number = numbered(count_++);
    const std::filesystem::path in = folder_ / "training";
    std::string text;
    for (const Label* label : carried(image, kCarries, options_, left_out_))
      text += line_of(*label);
    write_text(in / "label_2" / (number + ".txt"), text);
    if (image.camera && image.camera->lens.model == LensModel::pinhole) {
      write_text(in / "calib" / (number + ".txt"), calib_of(*image.camera));
    } else if (image.camera) {
      ++left_out_["cameras with a lens"];
    }
    picture_name(image);  // a name that is no path has no line either
    LabelledImage renamed;
    renamed.name = number;
    renamed.file = image.file;
    place_picture_of(renamed, in / "image_2");
    names_.write(number + " " + image.name + "\n");
    lists_.add(image, "trainval");
    numbers_.add(number);
  }

  void finish() override {
    names_.close();
    const std::filesystem::path sets = folder_ / "ImageSets";
    for (const std::string& split : lists_.splits()) {
      write_list(sets / (split + ".txt"), lists_, {.split = split}, numbers_);
    }
    for (int k = 0; k < lists_.folds(); ++k) {
      const std::string fold = "fold" + std::to_string(k);
      write_list(sets / (fold + "_train.txt"), lists_, {.fold = k, .val = false}, numbers_);
      write_list(sets / (fold + "_val.txt"), lists_, {.fold = k, .val = true}, numbers_);
    }
  }

 private:
  std::string line_of(const Label& label) {
    const Rect& b = label.box;
    const std::string box = " " + decimal(b.x0, 6) + " " + decimal(b.y0, 6) + " " +
                            decimal(b.x1, 6) + " " + decimal(b.y1, 6);
    if (label.crowd || classes_.at(label.class_id) == "DontCare") {
      if (classes_.at(label.class_id) != "DontCare") ++left_out_["classes of crowd regions"];
      return "DontCare -1 -1 -10" + box + kNo3d + "\n";
    }
    if (label.visible_fraction) ++left_out_["visible fractions"];
    const std::array<std::string, 2> space = columns_3d(label, left_out_);
    return classes_.at(label.class_id) + " " +
           (label.truncation ? decimal(*label.truncation, 6) : "-1") + " " +
           occluded_column(label) + " " + space[0] + box + space[1] + "\n";
  }

  std::filesystem::path folder_;
  std::vector<std::string> classes_;
  SinkOptions options_;
  ImageLists lists_;
  Spool numbers_;
  TextFile names_;
  std::uint64_t count_ = 0;
};

}  // namespace

std::unique_ptr<Sink> make_kitti(const std::filesystem::path& folder, const DatasetInfo& info,
                                 const SinkOptions& options) {
  return std::make_unique<KittiSink>(folder, info, options);
}

}  // namespace orrery
