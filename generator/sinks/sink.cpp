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
    {"yolo", "Ultralytics YOLO detection: a text file of boxes beside each picture",
     "masks, keypoints, crowds, weights, poses", make_yolo_det},
};

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

std::unique_ptr<Sink> open_sink(const std::string& format, const std::filesystem::path& folder,
                                const DatasetInfo& info, const SinkOptions& options) {
  std::vector<std::string> names;
  for (const Entry& entry : kFormats) {
    if (format == entry.name) return entry.make(folder, info, options);
    names.emplace_back(entry.name);
  }
  std::string known;
  for (const Entry& entry : kFormats) {
    known.append("\n  ").append(entry.name).append(": ").append(entry.about);
    known.append("; not ").append(entry.cannot_carry);
  }
  throw Error("\"" + format + "\" is no format, wanted one such as \"" +
                  nearest_name(format, names) + "\". All of them:" + known,
              Exit::usage);
}

}  // namespace orrery
