// The other side of augment.py: for each line "round N" on its standard input it reads all pictures
// of a folder, augments them, writes them with their labels as YOLO and COCO, and answers with one
// JSON object. Usage: augment_bench FOLDER SPEC OUT
#include <cstdio>
#include <exception>
#include <fstream>
#include <iostream>

#include "generator/augment/augment.hpp"
#include "generator/core_clock.hpp"
#include "generator/encode.hpp"
#include "generator/upright_picture.hpp"
#include "generator/whole_file.hpp"
#include "scenes/error.hpp"
#include "scenes/yaml_reader.hpp"

using namespace orrery;
namespace fs = std::filesystem;

namespace {

/// Pictures and boxes, as augment.py lists them.
std::vector<LabelledImage> listed(const fs::path& folder) {
  std::ifstream in(folder / "boxes.json");
  std::vector<LabelledImage> images;
  for (const Json& item : Json::parse(in)) {
    LabelledImage& image = images.emplace_back();
    image.name = item.at("name");
    for (const Json& box : item.at("boxes")) {
      Label& label = image.labels.emplace_back();
      label.id = image.labels.size();
      label.class_id = box.at(4);
      label.box = {box.at(0), box.at(1), box.at(2), box.at(3)};
    }
  }
  return images;
}

struct Clocks {
  double decode = 0, augment = 0, encode = 0, labels = 0;
};

void write_labels(const fs::path& out, const LabelledImage& image, std::size_t number,
                  std::uint64_t& annotation, std::ostream& coco) {
  std::ofstream yolo(out / (image.name + ".txt"));
  for (const Label& label : image.labels) {
    const Rect& box = label.box;
    char line[256];
    if (!label.crowd) {
      std::snprintf(line, sizeof line, "%u %.6f %.6f %.6f %.6f\n", label.class_id,
                    (box.x0 + box.x1) / 2 / image.width, (box.y0 + box.y1) / 2 / image.height,
                    box.width() / image.width, box.height() / image.height);
      yolo << line;
    }
    std::snprintf(
        line, sizeof line,
        "%s{\"id\":%llu,\"image_id\":%zu,\"category_id\":%u,\"bbox\":[%.2f,%.2f,%.2f,%.2f],"
        "\"area\":%.2f,\"iscrowd\":%d}",
        annotation > 0 ? ",\n" : "", static_cast<unsigned long long>(annotation + 1), number,
        label.class_id + 1, box.x0, box.y0, box.width(), box.height(), box.area(),
        label.crowd ? 1 : 0);
    ++annotation;
    coco << line;
  }
}

Clocks round(const fs::path& folder, const fs::path& out, const std::vector<LabelledImage>& images,
             const AugmentSpec& spec, const DatasetInfo& info, std::uint64_t seed) {
  Clocks clocks;
  std::ofstream coco(out / "coco.json");
  coco << "{\"annotations\":[";
  std::uint64_t annotation = 0;
  std::string list;
  for (std::size_t i = 0; i < images.size(); ++i) {
    const double start = process_seconds();
    LabelledPixels picture;
    picture.labelled = images[i];
    const fs::path file = folder / (images[i].name + ".jpg");
    picture.color = upright_pixels(stored_bytes(file), 1, file.string());
    picture.labelled.width = picture.color.width;
    picture.labelled.height = picture.color.height;
    const double decoded = process_seconds();
    AugmentReport report;
    augment(picture, spec, info, seed, i, report);
    const double augmented = process_seconds();
    const std::vector<std::byte> jpeg = jpeg_from(picture.color, 92, true);
    std::ofstream(out / (images[i].name + ".jpg"), std::ios::binary)
        .write(reinterpret_cast<const char*>(jpeg.data()),
               static_cast<std::streamsize>(jpeg.size()));
    const double encoded = process_seconds();
    write_labels(out, picture.labelled, i + 1, annotation, coco);
    list += (i > 0 ? "," : "") + Json({{"id", i + 1},
                                       {"file_name", images[i].name + ".jpg"},
                                       {"width", picture.labelled.width},
                                       {"height", picture.labelled.height}})
                                     .dump();
    clocks.decode += decoded - start;
    clocks.augment += augmented - decoded;
    clocks.encode += encoded - augmented;
    clocks.labels += process_seconds() - encoded;
  }
  coco << "],\"images\":[" << list << "]}";
  return clocks;
}

}  // namespace

int main(int argc, char** argv) try {
  if (argc != 4) throw Error("usage: augment_bench FOLDER SPEC OUT", Exit::usage);
  const std::vector<LabelledImage> images = listed(argv[1]);
  Mistakes mistakes("SPEC");
  const AugmentSpec spec = augment_from_yaml(YAML::Load(argv[2]), "", mistakes);
  mistakes.throw_if_any();
  DatasetInfo info;
  for (int i = 0; i < 32; ++i) info.classes.push_back(std::to_string(i));
  std::string word;
  std::uint64_t seed = 0;
  while (std::cin >> word >> seed) {
    const Clocks clocks = round(argv[1], argv[3], images, spec, info, seed);
    std::cout << Json({{"decode", clocks.decode},
                       {"augment", clocks.augment},
                       {"encode", clocks.encode},
                       {"labels", clocks.labels}})
                     .dump()
              << std::endl;
  }
  return 0;
} catch (const std::exception& error) {
  std::fprintf(stderr, "augment_bench: %s\n", error.what());
  return 1;
}
