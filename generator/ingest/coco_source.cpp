// COCO: one JSON file, or a folder with one a split (annotations/instances_train.json, or
// train/_annotations.coco.json). Where a folder has several files of the same pictures, instances
// are read, else keypoints, else panoptic, else others; what is left is a problem "file_skipped".
// Files below folds/ repeat what others say, one for each side of a fold: they are read if there
// are no others, and images say their fold themselves.
// Boxes: [x, y, w, h], pixel edges from 0. Polygons: pixel edges. Run lengths: down the columns, as
// numbers or as pycocotools' text. Keypoints: from the centre of the first pixel: 0.5 is added.
// Class ids: places in "categories", whatever their ids; a second file adds classes it alone has.
// Beyond COCO: what generator/sinks/coco.hpp writes (instance_id, visible_fraction, truncation,
// occlusion, hard, amodal_*, oriented_bbox, cam_*, bbox3d_*, and cam_K, fold, train_only, track and
// lineage of images), `weight` and `loose`. Other keys go to `more`. Panoptic: segments of PNGs, id
// = R + 256 G + 65536 B. Memory: per image and annotation a few numbers; the file is read again as
// images are asked for. More rules: image_unknown (an annotation of none of the images),
// id_duplicate, file_skipped.

#include <algorithm>

#include "generator/ingest/coco_index.hpp"
#include "generator/ingest/coco_label.hpp"
#include "generator/ingest/formats.hpp"
#include "generator/ingest/read_source.hpp"
#include "renderer/labels/mask.hpp"
#include "scenes/error.hpp"

namespace orrery {
namespace fs = std::filesystem;
namespace {

/// What a file holds, by its first annotation.
enum class Kind { instances, keypoints, panoptic, other, none };

Kind kind_of(const fs::path& file) {
  bool images = false;
  bool categories = false;
  std::string first;
  for (const auto& [key, text] : JsonFile(file).peek()) {
    images = images || key == "images";
    categories = categories || key == "categories";
    if (key == "annotations") first = text;
  }
  if (!images || (!categories && first.empty())) return Kind::none;
  const std::string name = file.filename().string();
  if (!raw_member(first, "segments_info").empty()) return Kind::panoptic;
  if (name.starts_with("stuff")) return Kind::other;
  if (!raw_member(first, "keypoints").empty() && name.find("keypoints") != std::string::npos) {
    return Kind::keypoints;
  }
  const bool shape =
      !raw_member(first, "bbox").empty() || !raw_member(first, "segmentation").empty();
  return shape || first.empty() ? Kind::instances : Kind::other;
}

class CocoSource : public ReadSource {
 public:
  explicit CocoSource(const fs::path& path) : ReadSource(root_of(path)) {
    std::vector<std::pair<Kind, fs::path>> files;
    for (const fs::path& file : files_below(path, {".json"})) {
      if (const Kind kind = kind_of(file); kind != Kind::none) files.emplace_back(kind, file);
    }
    const auto of_fold = [&](const auto& file) {
      const fs::path inner = file.second.lexically_relative(root_);
      return inner.begin() != inner.end() && *inner.begin() == "folds";
    };
    if (!std::all_of(files.begin(), files.end(), of_fold)) std::erase_if(files, of_fold);
    if (files.empty()) {
      throw Error(path.string() + ": has no COCO file, wanted JSON with images and categories");
    }
    const Kind best = std::min_element(files.begin(), files.end())->first;
    for (const auto& [kind, file] : files) {
      if (kind != best) {
        problem(file.string(), "file_skipped",
                "says something else of the pictures than the files that are read; name it alone "
                "to read it");
        continue;
      }
      indices_.push_back(std::make_unique<CocoIndex>(file, info_, problems_));
    }
    if (indices_.size() == 1) info_.description = indices_.front()->description();
  }

 private:
  static fs::path root_of(const fs::path& path) {
    if (fs::is_directory(path)) return path;
    const fs::path folder = fs::absolute(path).parent_path();
    return folder.filename() == "annotations" ? folder.parent_path() : folder;
  }

  std::optional<LabelledImage> read_next() override {
    for (; file_ < indices_.size(); ++file_, image_ = 0) {
      CocoIndex& index = *indices_[file_];
      while (image_ < index.images()) {
        if (auto image = read(index, image_++)) return image;
      }
      indices_[file_].reset();  // its index has served
    }
    return std::nullopt;
  }

  fs::path picture_of(const CocoIndex& index, const std::string& name) const {
    const fs::path beside = index.file().path().parent_path();
    const std::string stem = index.file().path().stem().string();
    const std::string said = stem.substr(stem.find_last_of('_') + 1);
    std::vector<fs::path> folders{beside, beside / ".."};
    for (const fs::path& base : {beside / "..", beside}) {
      folders.push_back(base / "images");
      folders.push_back(base / "images" / said);
      folders.push_back(base / said);
    }
    folders.push_back(root_);
    std::error_code failed;
    for (const fs::path& folder : folders) {
      if (fs::is_regular_file(folder / name, failed)) return (folder / name).lexically_normal();
    }
    return beside / name;
  }

  std::optional<LabelledImage> read(CocoIndex& index, std::size_t number) {
    const JsonPlace place = index.image(number);
    const Json json = index.file().at(place);
    const std::string name = text_at(json, "file_name");
    DraftImage draft = this->draft(index.file().path().string() + ": image " +
                                   (name.empty() ? std::to_string(number) : name));
    if (name.empty()) {
      draft.problem("", "malformed", "the image has no file_name", true);
      return std::nullopt;
    }
    if (!draft.open(picture_of(index, name))) return std::nullopt;
    if (!draft.check_size(number_at(json, "width").value_or(0),
                          number_at(json, "height").value_or(0))) {
      return std::nullopt;
    }
    draft.image.split = split_of(index.file().path().stem().string());
    if (draft.image.split.empty()) draft.image.split = split_of(draft.image.file.path, root_);
    take_coco_image(json, draft, index.licence_of(json));
    for (const CocoIndex::Annotation& annotation : index.annotations_of(number)) {
      const std::string at = "annotation " + (annotation.has_id ? std::to_string(annotation.id)
                                                                : std::string("without id"));
      std::string fault;
      const auto found = parsed_json(index.file().text_at(annotation.place()), fault);
      if (!found || !found->is_object()) {
        draft.problem(at, "malformed", index.file().where(annotation.place()) + ": " + fault);
      } else if (found->contains("segments_info")) {
        add_segments(index, *found, draft);
      } else {
        add_coco_label(*found, index.class_ids(), draft, info_, at);
      }
    }
    return draft.take();
  }

  void add_segments(CocoIndex& index, const Json& json, DraftImage& draft) {
    const fs::path file = index.file().path();
    const fs::path png = file.parent_path() / file.stem() / text_at(json, "file_name");
    Image<Rgba8> colors;
    try {
      colors = read_color(png);
    } catch (const Error& error) {
      draft.problem("", "mask_malformed", error.what());
      return;
    }
    for (const Json& segment : list_at(json, "segments_info")) {
      const auto id = whole_at(segment, "id");
      const std::string at = "segment " + (id ? std::to_string(*id) : std::string("without id"));
      Image<std::uint8_t> mask(colors.width, colors.height, 0);
      for (std::size_t i = 0; id && i < mask.pixels.size(); ++i) {
        const Rgba8& c = colors.pixels[i];
        mask.pixels[i] = c.r + 256 * c.g + 65536 * c.b == *id ? 1 : 0;
      }
      Json without_area = without(segment, {"area", "id"});
      add_coco_label(without_area, index.class_ids(), draft, info_, at, rle_from_mask(mask));
    }
  }

  std::vector<std::unique_ptr<CocoIndex>> indices_;
  std::size_t file_ = 0;
  std::size_t image_ = 0;
};

}  // namespace

bool looks_like_coco(const fs::path& path) {
  for (const fs::path& file : files_below(path, {".json"})) {
    if (kind_of(file) != Kind::none) return true;
  }
  return false;
}

std::unique_ptr<Source> open_coco(const fs::path& path) {
  return std::make_unique<CocoSource>(path);
}

}  // namespace orrery
