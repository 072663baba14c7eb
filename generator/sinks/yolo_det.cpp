// YOLO detection, see yolo.hpp. Numbers of a label: the box's centre, width and height, cut at the
// image's border.

#include "generator/sinks/sink_factories.hpp"
#include "generator/sinks/yolo.hpp"

namespace orrery {

std::unique_ptr<Sink> make_yolo_det(const std::filesystem::path& folder, const DatasetInfo& info,
                                    const SinkOptions& options) {
  YoloTask task;
  task.numbers = [](const LabelledImage& image, const Label& label, auto& left_out) {
    return yolo_box(image, label.box, left_out);
  };
  return std::make_unique<YoloSink>(folder, info, options, std::move(task));
}

}  // namespace orrery
