#include "generator/sink.hpp"

#include "generator/sinks/sink_factories.hpp"
#include "scenes/error.hpp"
#include "scenes/nearest_name.hpp"

namespace orrery {
namespace {

using Factory = std::unique_ptr<Sink> (*)(const std::filesystem::path&, const DatasetInfo&,
                                          const SinkOptions&);

struct Entry {
  const char* name;
  const char* about;
  const char* cannot_carry;
  Factory make;
};

// One line a format; names are what people type.
constexpr Entry kFormats[] = {
    {"bop", "BOP scenes: poses, depth, masks and models; of rendered images alone",
     "lenses, crowds, keypoints, weights, lineage, textures of models, objects that cannot be seen",
     make_bop},
    {"bop_webdataset", "BOP in tar shards", "what bop cannot", make_bop_webdataset},
    {"imagefolder", "Hugging Face image folder with metadata.jsonl",
     "oriented boxes, amodal labels, poses, cameras, depth, attributes, Parquet", make_imagefolder},
    {"tfrecord", "TFRecord shards of tf.train.Example with TensorFlow's object detection keys",
     "keypoints, oriented boxes, amodal labels, poses, depth, boxes outside the image",
     make_tfrecord},
    {"webdataset", "WebDataset tar shards: picture, JSON, depth and ids of each image", "nothing",
     make_webdataset},
    {"coco", "COCO instances and keypoints, with weights and more under further keys",
     "depth and id images", make_coco},
    {"yolo", "Ultralytics YOLO detection: a text file of boxes beside each picture",
     "masks, keypoints, crowds, weights, poses", make_yolo_det},
    {"yolo_seg", "Ultralytics YOLO segmentation: one polygon an instance",
     "holes, keypoints, crowds, weights, poses", make_yolo_seg},
    {"yolo_obb", "Ultralytics YOLO oriented boxes: four corners an instance",
     "masks, keypoints, crowds, weights, poses", make_yolo_obb},
    {"yolo_pose", "Ultralytics YOLO poses: a box and keypoints",
     "masks, crowds, weights, poses in space", make_yolo_pose},
    {"kitti", "KITTI: 15 columns with 3D boxes of upright objects, and calibration",
     "masks, keypoints, weights", make_kitti},
    {"voc", "Pascal VOC: XML of whole-pixel boxes, and palette PNGs of masks",
     "keypoints, weights, poses, crowds without a mask", make_voc},
    {"cvat", "CVAT for images 1.1: boxes, polygons and masks", "keypoints, crowds, weights, poses",
     make_cvat},
    {"label_studio", "Label Studio: tasks with predictions, and the labelling interface",
     "holes, crowds, weights, poses", make_label_studio},
    {"prodigy", "Prodigy: JSONL of rectangles and polygons",
     "holes, keypoints, crowds, weights, poses", make_prodigy},
};

const Entry& entry_of(const std::string& format) {
  std::vector<std::string> names;
  std::string known;
  for (const Entry& entry : kFormats) {
    if (format == entry.name) return entry;
    names.emplace_back(entry.name);
    known.append("\n  ").append(entry.name).append(": ").append(entry.about);
    known.append("; not ").append(entry.cannot_carry);
  }
  throw Error("\"" + format + "\" is no format, wanted one such as \"" +
                  nearest_name(format, names) + "\". All of them:" + known,
              Exit::usage);
}

}  // namespace

const std::vector<SinkFormat>& sink_formats() {
  static const std::vector<SinkFormat> formats = [] {
    std::vector<SinkFormat> list;
    for (const Entry& entry : kFormats) {
      list.push_back({entry.name, entry.about, entry.cannot_carry});
    }
    return list;
  }();
  return formats;
}

void require_sink_format(const std::string& format) { entry_of(format); }

std::unique_ptr<Sink> open_sink(const std::string& format, const std::filesystem::path& folder,
                                const DatasetInfo& info, const SinkOptions& options) {
  return entry_of(format).make(folder, info, options);
}

}  // namespace orrery
