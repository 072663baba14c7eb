#include "generator/source.hpp"

#include <algorithm>
#include <array>

#include "generator/ingest/formats.hpp"
#include "generator/ingest/read_source.hpp"
#include "generator/store/store.hpp"
#include "scenes/error.hpp"
#include "scenes/nearest_name.hpp"

namespace orrery {
namespace fs = std::filesystem;
namespace {

struct Format {
  const char* name;
  bool (*looks_like)(const fs::path& path);  ///< null: only if nothing else fits
  std::unique_ptr<Source> (*open)(const fs::path& path);
  const char* looked_for;
};

bool looks_like_orrery(const fs::path& path) {
  return fs::is_regular_file(path / "manifest.jsonl") && fs::is_directory(path / "annotations");
}

constexpr std::array kFormats{
    Format{"orrery", looks_like_orrery, open_orrery_dataset, "manifest.jsonl and annotations/"},
    Format{"store", is_store, open_store, "index.sqlite"},
    Format{"coco", looks_like_coco, open_coco, "JSON with images and categories"},
    Format{"yolo", looks_like_yolo, open_yolo, "data.yaml, obj.data or text files of numbers"},
    Format{"voc", looks_like_voc, open_voc, "XML files with <annotation>"},
    Format{"kitti", looks_like_kitti, open_kitti, "label_2/*.txt"},
    Format{"cvat", looks_like_cvat, open_cvat, "an XML file with <annotations>"},
    Format{"datumaro", looks_like_datumaro, open_datumaro, "JSON with items and categories"},
    Format{"label_studio", looks_like_label_studio, open_label_studio, "a JSON list of tasks"},
    Format{"labelme", looks_like_labelme, open_labelme,
           "JSON with shapes and imagePath, or XML files with <polygon>"},
    Format{"prodigy", looks_like_prodigy, open_prodigy, "JSON lines with image and spans"},
    Format{"open_images", looks_like_open_images, open_open_images,
           "CSV files with ImageID, LabelName and XMin"},
    Format{"images", nullptr, open_images, "pictures"},
};

}  // namespace

const std::vector<std::string>& source_formats() {
  static const std::vector<std::string> formats = [] {
    std::vector<std::string> names;
    for (const Format& format : kFormats) names.emplace_back(format.name);
    return names;
  }();
  return formats;
}

std::unique_ptr<Source> open_source(const fs::path& given, const std::string& format) {
  fs::path path = fs::absolute(given).lexically_normal();
  if (!path.has_filename()) path = path.parent_path();
  if (!fs::exists(path)) throw Error(given.string() + ": is not there", Exit::io);
  // Its pictures are there already, and would be taken for photos without labels.
  if (fs::exists(path / ".chunks/plan.json") && !fs::exists(path / "dataset.json")) {
    throw Error(given.string() + ": is being made, wanted a finished dataset (orrery finish)");
  }
  std::vector<const Format*> found;
  std::string looked_for;
  for (const Format& one : kFormats) {
    const bool asked =
        format.empty() ? one.looks_like != nullptr && one.looks_like(path) : format == one.name;
    if (asked) found.push_back(&one);
    looked_for += std::string(looked_for.empty() ? "" : "; ") + one.name + ": " + one.looked_for;
  }
  if (!format.empty() && found.empty()) {
    throw Error("\"" + format + "\" is no format, wanted one such as \"" +
                    nearest_name(format, source_formats()) + "\"",
                Exit::usage);
  }
  // A dataset of our own holds a COCO file, a store pictures in folders.
  const auto ours = [](const Format* one) {
    return one->looks_like == looks_like_orrery || one->looks_like == is_store;
  };
  if (found.size() > 1 && ours(found.front())) found.assign(1, &*found.front());
  if (found.size() > 1) {
    std::string names;
    for (const Format* one : found) names += (names.empty() ? "" : ", ") + std::string(one->name);
    throw Error(given.string() + ": may be any of " + names + "; say which");
  }
  if (found.size() == 1) return found.front()->open(path);
  const auto files = files_below(path, {".jpg", ".jpeg", ".jpe", ".png", ".bmp", ".gif"});
  if (files.empty()) {
    throw Error(given.string() + ": is no dataset of a known format; looked for " + looked_for);
  }
  return open_images(path);
}

}  // namespace orrery
