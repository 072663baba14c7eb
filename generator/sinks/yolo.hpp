#pragma once

// Byte layout of the four YOLO formats, as Ultralytics reads them:
//
//   data.yaml             train, val (and test, or whichever splits there are): list files; nc;
//   names
//                         by index; of poses kpt_shape and flip_idx. No path: the folder of the
//                         file is the root, wherever it is moved. Images without a split train.
//   <split>.txt           one picture a line, "./images/…", which counts from the list's folder. No
//                         image validates: val.txt is there and empty.
//   fold<k>/data.yaml     where images have folds: train.txt and val.txt beside it, with lines
//                         "./../images/…"
//   images/<name>.<ext>   the pictures
//   labels/<name>.txt     a label a line, in order of id; without labels the file is empty
//                         (background). Where the name itself has a folder "images", the label lies
//                         where Ultralytics looks: the last /images/ becomes /labels/.
//
// A line: class from 0, then the task's numbers, with a blank between; x over the width, y over the
// height of the upright picture, (0,0) its top-left corner, never outside 0..1, at most ten digits.
// A line that an image has already is left out and counted: readers take such away.

#include <functional>
#include <optional>
#include <string>

#include "generator/sinks/carried.hpp"
#include "generator/sinks/dataset_files.hpp"
#include "generator/sinks/image_lists.hpp"

namespace orrery {

/// What one of the four does of its own.
struct YoloTask {
  Carries carries{};  ///< splits and folds are carried by all
  /// The numbers behind a label's class; nothing: it cannot be said, and is counted.
  std::function<std::optional<std::string>(const LabelledImage&, const Label&,
                                           std::map<std::string, std::uint64_t>& left_out)>
      numbers{};
  std::string yaml{};  ///< further lines of data.yaml
};

class YoloSink : public Sink {
 public:
  YoloSink(const std::filesystem::path& folder, DatasetInfo info, const SinkOptions& options,
           YoloTask task);
  void add(const LabelledImage& image) override;
  void finish() override;

 private:
  void write_yaml(const std::filesystem::path& file, const std::vector<std::string>& splits) const;

  std::filesystem::path folder_;
  DatasetInfo info_;
  SinkOptions options_;
  YoloTask task_;
  ImageLists lists_;
  Spool pictures_;
};

/// A position as YOLO writes it: over the image's size, inside 0..1.
std::string yolo_fraction(double position, int size);

/// "xc yc w h" of the part of a box inside the image; nothing, and counted, if there is none.
std::optional<std::string> yolo_box(const LabelledImage& image, const Rect& box,
                                    std::map<std::string, std::uint64_t>& left_out);

}  // namespace orrery
