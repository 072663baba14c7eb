#include "generator/sinks/yolo.hpp"

#include <algorithm>
#include <set>

namespace orrery {
namespace {

/// Where Ultralytics looks for the labels of images/<picture>.
std::string label_file_of(const std::string& name) {
  std::string path = "/images/" + name;
  const std::string from = "/images/";
  path.replace(path.rfind(from), from.size(), "/labels/");
  return path.substr(1) + ".txt";
}

}  // namespace

YoloSink::YoloSink(const std::filesystem::path& folder, DatasetInfo info,
                   const SinkOptions& options, YoloTask task)
    : folder_(folder),
      info_(std::move(info)),
      options_(options),
      task_(std::move(task)),
      pictures_(folder) {
  task_.carries.splits = true;
  task_.carries.folds = true;
}

void YoloSink::add(const LabelledImage& image) {
  const std::string picture = picture_name(image);
  // Ultralytics skips such pictures whole.
  if (image.width < 10 || image.height < 10) {
    ++left_out_["images under 10 pixels"];
    return;
  }
  std::string text;
  std::set<std::string> lines;
  for (const Label* label : carried(image, task_.carries, options_, left_out_)) {
    const std::optional<std::string> numbers = task_.numbers(image, *label, left_out_);
    if (!numbers) continue;
    const std::string line = std::to_string(label->class_id) + " " + *numbers + "\n";
    if (lines.insert(line).second) {
      text += line;
    } else {
      ++left_out_["labels that repeat another"];
    }
  }
  lists_.add(image, "train");
  pictures_.add(picture);
  place_picture_of(image, folder_ / "images");
  write_text(folder_ / label_file_of(image.name), text);
}

void YoloSink::write_yaml(const std::filesystem::path& file,
                          const std::vector<std::string>& splits) const {
  std::string yaml;
  for (const std::string& split : splits) {
    yaml += Json(split).dump() + ": " + Json(split + ".txt").dump() + "\n";
  }
  yaml += "nc: " + std::to_string(info_.classes.size()) + "\nnames:\n";
  for (std::size_t i = 0; i < info_.classes.size(); ++i) {
    // A JSON text is a YAML text.
    yaml += "  " + std::to_string(i) + ": " + Json(info_.classes[i]).dump() + "\n";
  }
  write_text(file, yaml + task_.yaml);
}

void YoloSink::finish() {
  std::vector<std::string> splits = lists_.splits();
  for (const char* wanted : {"train", "val"}) {
    if (std::find(splits.begin(), splits.end(), wanted) == splits.end()) splits.push_back(wanted);
  }
  std::sort(splits.begin(), splits.end());
  for (const std::string& split : splits) {
    write_list(folder_ / (split + ".txt"), lists_, {.split = split}, pictures_,
               [](std::string_view picture) { return "./images/" + std::string(picture); });
  }
  write_yaml(folder_ / "data.yaml", splits);
  for (int k = 0; k < lists_.folds(); ++k) {
    const std::filesystem::path fold = folder_ / ("fold" + std::to_string(k));
    for (const bool val : {false, true}) {
      write_list(fold / (val ? "val.txt" : "train.txt"), lists_, {.fold = k, .val = val}, pictures_,
                 [](std::string_view picture) { return "./../images/" + std::string(picture); });
    }
    write_yaml(fold / "data.yaml", {"train", "val"});
  }
}

std::string yolo_fraction(double position, int size) {
  return decimal(std::clamp(position / size, 0.0, 1.0));
}

std::optional<std::string> yolo_box(const LabelledImage& image, const Rect& box,
                                    std::map<std::string, std::uint64_t>& left_out) {
  const double x0 = std::clamp(box.x0, 0.0, static_cast<double>(image.width));
  const double x1 = std::clamp(box.x1, 0.0, static_cast<double>(image.width));
  const double y0 = std::clamp(box.y0, 0.0, static_cast<double>(image.height));
  const double y1 = std::clamp(box.y1, 0.0, static_cast<double>(image.height));
  if (Rect{x0, y0, x1, y1}.empty()) {
    ++left_out["boxes outside the image"];
    return std::nullopt;
  }
  return yolo_fraction((x0 + x1) / 2, image.width) + " " +
         yolo_fraction((y0 + y1) / 2, image.height) + " " + yolo_fraction(x1 - x0, image.width) +
         " " + yolo_fraction(y1 - y0, image.height);
}

}  // namespace orrery
