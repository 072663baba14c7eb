#pragma once

#include <fstream>
#include <string>
#include <vector>

#include "generator/labelled_image.hpp"
#include "generator/sinks/coco.hpp"
#include "generator/sinks/image_json.hpp"
#include "scenes/temporary_folder.hpp"

namespace orrery::testing {

/// Writes images as a finished dataset of orrery, as far as its source reads one.
inline void make_dataset(const std::filesystem::path& folder,
                         const std::vector<std::string>& classes,
                         const std::vector<LabelledImage>& images) {
  namespace fs = std::filesystem;
  fs::create_directories(folder / "images");
  fs::create_directories(folder / "annotations");
  std::ofstream(folder / "dataset.json") << "{}";
  std::ofstream manifest(folder / "manifest.jsonl");
  WholeFile file(folder / "annotations/instances_default.json");
  CocoWriter writer(file, classes);
  std::vector<Json> annotations;
  for (std::size_t i = 0; i < images.size(); ++i) {
    const LabelledImage& image = images[i];
    const std::string path = "images/" + image.name + image.file.extension().string();
    if (!image.file.empty()) fs::copy_file(image.file.path, folder / path);
    const Json row = {{"lineage", lineage_json(image)},
                      {"train_only", image.train_only},
                      {"track", image.track},
                      {"split", image.split},
                      {"files", {{path, ""}}}};
    manifest << row.dump() << '\n';
    const Json head = {
        {"id", i + 1}, {"width", image.width}, {"height", image.height}, {"file_name", path}};
    writer.add_image(head.dump());
    for (const Label& label : image.labels) {
      const Rect& box = label.box;
      annotations.push_back({{"image_id", i + 1},
                             {"category_id", label.class_id + 1},
                             {"instance_id", label.id},
                             {"bbox", {box.x0, box.y0, box.width(), box.height()}},
                             {"area", box.area()},
                             {"iscrowd", label.crowd ? 1 : 0}});
    }
  }
  for (const Json& annotation : annotations) writer.add_annotation(annotation.dump());
  writer.finish();
  file.commit();
}

}  // namespace orrery::testing
