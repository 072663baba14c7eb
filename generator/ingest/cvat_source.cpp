// CVAT XML 1.1 of image tasks: every XML file with <annotations>, beside images/. Boxes: xtl ytl
// xbr ybr, pixel edges from 0; `rotation` in degrees, clockwise about the box's middle, gives an
// oriented box. Polygons "x,y;x,y". Masks: run lengths along the rows of a crop at left, top,
// width, height, background first. Points and skeletons: keypoints of the class; points have the
// names "1", "2", …, as many as the first of the class has, skeletons their sublabels'. Classes:
// meta's labels in their order, else all names in alphabetical order. Splits: `subset` of the
// image, else of the task. The attribute "hard" is Label::hard. A <tag> "session" or "group", or an
// attribute of that name, names the session. Tracks of videos and polylines are shape_unsupported.
// Memory: one whole XML file.

#include <algorithm>
#include <cmath>
#include <set>

#include "generator/ingest/coco_label.hpp"
#include "generator/ingest/formats.hpp"
#include "generator/ingest/read_source.hpp"
#include "generator/ingest/xml_file.hpp"
#include "renderer/labels/mask.hpp"
#include "scenes/error.hpp"

namespace orrery {
namespace fs = std::filesystem;
namespace {

std::optional<Polygon> points_of(const pugi::xml_node& node) {
  const std::string text = node.attribute("points").value();
  Polygon points;
  for (std::size_t from = 0; from < text.size();) {
    const std::size_t end = std::min(text.find(';', from), text.size());
    const std::string pair = text.substr(from, end - from);
    const std::size_t comma = pair.find(',');
    const auto x = number_from(pair.substr(0, comma));
    const auto y = comma == std::string::npos ? std::nullopt : number_from(pair.substr(comma + 1));
    if (!x || !y) return std::nullopt;
    points.emplace_back(*x, *y);
    from = end + 1;
  }
  return points;
}

/// The mask of a crop, of the whole image.
Rle mask_from(const pugi::xml_node& node, int width, int height) {
  const auto left = number_of(node, "left");
  const auto top = number_of(node, "top");
  const auto w = number_of(node, "width");
  const auto h = number_of(node, "height");
  const bool sound = left && top && w && h && *left >= 0 && *top >= 0 && *w > 0 && *h > 0 &&
                     *left + *w <= width && *top + *h <= height;
  if (!sound) throw Error("left, top, width and height of the mask do not fit into the image");
  std::vector<double> runs;
  const std::string text = node.attribute("rle").value();
  for (std::size_t from = 0; from <= text.size();) {
    const std::size_t end = std::min(text.find(',', from), text.size());
    const auto run = number_from(text.substr(from, end - from));
    if (!run) throw Error("a run of the mask is no number");
    runs.push_back(*run);
    from = end + 1;
  }
  const int crop_width = static_cast<int>(*w);
  const Rle rle = checked_rle(crop_width, static_cast<int>(*h), runs);
  Image<std::uint8_t> mask(width, height, 0);
  int at = 0;
  for (std::size_t i = 0; i < rle.counts.size(); ++i) {
    for (std::uint32_t n = 0; n < rle.counts[i]; ++n, ++at) {
      mask.at(static_cast<int>(*left) + at % crop_width, static_cast<int>(*top) + at / crop_width) =
          static_cast<std::uint8_t>(i % 2);
    }
  }
  return rle_from_mask(mask);
}

class CvatSource : public ReadSource {
 public:
  CvatSource(const fs::path& path, std::vector<fs::path> files)
      : ReadSource(fs::is_directory(path) ? path : path.parent_path()), files_(std::move(files)) {
    std::set<std::string> names;
    for (file_ = 0; file_ < files_.size(); ++file_) {
      const pugi::xml_node root = load();
      for (const pugi::xml_node& track : root.children("track")) {
        problem(files_[file_].string() + ": track " + track.attribute("id").value(),
                "shape_unsupported", "is a track of a video task, wanted an image task");
      }
      read_labels(root.child("meta"));
      for (const pugi::xml_node& image : root.children("image")) {
        for (const pugi::xml_node& shape : image.children()) {
          if (*shape.attribute("label").value() != 0) {
            names.insert(shape.attribute("label").value());
          }
        }
      }
    }
    if (info_.classes.empty()) info_.classes.assign(names.begin(), names.end());
    info_.keypoints.resize(info_.classes.size());
    for (file_ = 0; file_ < files_.size(); ++file_) name_points(load());
    file_ = 0;
    start();
    const bool any = std::any_of(info_.keypoints.begin(), info_.keypoints.end(),
                                 [](const Keypoints& k) { return !k.points.empty(); });
    if (!any) info_.keypoints.clear();
  }

 private:
  pugi::xml_node load() {
    std::string fault;
    const fs::path& file = files_[file_];
    if (!read_xml(file, document_, fault)) throw Error(file.string() + ": " + fault);
    const pugi::xml_node root = document_.child("annotations");
    if (!root) throw Error(file.string() + ": has no element <annotations>");
    return root;
  }

  /// Goes to the first image of the file whose turn it is.
  void start() {
    image_ = {};
    if (file_ >= files_.size()) return;
    const pugi::xml_node root = load();
    image_ = root.child("image");
    subset_.clear();
    for (const pugi::xml_node& task : root.child("meta").children()) {
      if (subset_.empty()) subset_ = text_in(task, "subset");
    }
  }

  void read_labels(const pugi::xml_node& meta) {
    for (const pugi::xml_node& task : meta.children()) {
      for (const pugi::xml_node& label : task.child("labels").children("label")) {
        const std::string name = text_in(label, "name");
        const bool part = label.child("parent");
        if (name.empty() || part) continue;
        if (std::find(info_.classes.begin(), info_.classes.end(), name) == info_.classes.end()) {
          info_.classes.push_back(name);
        }
      }
    }
  }

  void name_points(const pugi::xml_node& root) {
    for (const pugi::xml_node& image : root.children("image")) {
      for (const pugi::xml_node& shape : image.children()) {
        const std::string kind = shape.name();
        if (kind != "points" && kind != "skeleton") continue;
        const auto found = std::find(info_.classes.begin(), info_.classes.end(),
                                     std::string(shape.attribute("label").value()));
        if (found == info_.classes.end()) continue;
        Keypoints& keypoints =
            info_.keypoints[static_cast<std::size_t>(found - info_.classes.begin())];
        if (!keypoints.points.empty()) continue;
        const auto add = [&](const std::string& name) {
          Keypoint point;
          point.name = name;
          keypoints.points.push_back(point);
        };
        if (kind == "skeleton") {
          for (const pugi::xml_node& part : shape.children("points")) {
            add(part.attribute("label").value());
          }
        } else if (const auto points = points_of(shape)) {
          for (std::size_t i = 0; i < points->size(); ++i) add(std::to_string(i + 1));
        }
      }
    }
  }

  std::optional<LabelledImage> read_next() override {
    while (file_ < files_.size()) {
      if (!image_) {
        ++file_;
        start();
        continue;
      }
      const pugi::xml_node node = image_;
      const fs::path& file = files_[file_];
      const fs::path base = file.parent_path();
      image_ = image_.next_sibling("image");
      const std::string name = node.attribute("name").value();
      DraftImage draft = this->draft(file.string() + ": image " + name);
      if (name.empty()) {
        draft.problem("", "malformed", "the image has no name", true);
        continue;
      }
      std::string subset = node.attribute("subset").value();
      if (subset.empty()) subset = subset_;
      std::error_code failed;
      fs::path picture = base / "images" / name;
      for (const fs::path& place :
           {base / "images" / subset / name, base / name, base / ".." / "images" / name}) {
        if (!fs::is_regular_file(picture, failed)) picture = place;
      }
      if (!draft.open(picture) || !draft.check_size(number_of(node, "width").value_or(0),
                                                    number_of(node, "height").value_or(0))) {
        continue;
      }
      draft.image.split = split_of(std::string_view(subset));
      if (draft.image.split.empty()) draft.image.split = split_of(picture, root_);
      int number = 0;
      for (const pugi::xml_node& shape : node.children()) {
        if (shape.type() == pugi::node_element) {
          add(draft, shape, std::string(shape.name()) + " " + std::to_string(++number));
        }
      }
      return draft.take();
    }
    return std::nullopt;
  }

  void add(DraftImage& draft, const pugi::xml_node& node, const std::string& at) {
    const std::string kind = node.name();
    const std::string name = node.attribute("label").value();
    if (kind == "tag") {
      for (const pugi::xml_node& attribute : node.children("attribute")) {
        const std::string key = attribute.attribute("name").value();
        if (key == "session" || key == "group") {
          draft.image.lineage.push_back({"session", attribute.text().get()});
        } else {
          draft.image.more[name + "." + key] = attribute.text().get();
        }
      }
      if (!node.child("attribute")) draft.image.more["tags"].push_back(name);
      return;
    }
    if (kind != "box" && kind != "polygon" && kind != "mask" && kind != "points" &&
        kind != "skeleton") {
      draft.problem(at, "shape_unsupported", "is no box, polygon, mask, points or skeleton");
      return;
    }
    const auto class_id = draft.class_of(name, at);
    if (!class_id) return;
    Label label;
    label.class_id = *class_id;
    try {
      take_shape(draft, node, kind, label);
    } catch (const Error& error) {
      draft.problem(at, kind == "mask" ? "mask_malformed" : "malformed", error.what());
      return;
    }
    for (const char* key : {"occluded", "z_order", "group_id"}) {
      const std::string value = node.attribute(key).value();
      if (!value.empty() && value != "0") label.more[key] = value;
    }
    for (const pugi::xml_node& attribute : node.children("attribute")) {
      const std::string key = attribute.attribute("name").value();
      const std::string value = attribute.text().get();
      if (key == "hard" && (value == "true" || value == "false")) {
        label.hard = value == "true";
      } else {
        label.more["attributes"][key] = value;
      }
    }
    draft.add(std::move(label), at);
  }

  static void take_shape(DraftImage& draft, const pugi::xml_node& node, const std::string& kind,
                         Label& label) {
    if (kind == "box") {
      const double none = std::nan("");
      label.box = {number_of(node, "xtl").value_or(none), number_of(node, "ytl").value_or(none),
                   number_of(node, "xbr").value_or(none), number_of(node, "ybr").value_or(none)};
      const double degrees = number_of(node, "rotation").value_or(none);
      if (std::isfinite(degrees)) {
        const glm::dvec2 center(label.box.x0 + label.box.width() / 2,
                                label.box.y0 + label.box.height() / 2);
        label.oriented =
            oriented_box(center, {label.box.width(), label.box.height()}, radians_of(degrees));
        label.box = extent_of({corners_of(*label.oriented)});
      }
    } else if (kind == "mask") {
      label.mask = mask_from(node, draft.width(), draft.height());
    } else if (kind == "skeleton") {
      Polygon seen;
      for (const pugi::xml_node& part : node.children("points")) {
        const auto at = points_of(part);
        if (!at || at->size() != 1) throw Error("a point of the skeleton is no \"x,y\"");
        LabelPoint point{at->front(), 2};
        if (std::string(part.attribute("occluded").value()) == "1") point.visibility = 1;
        if (std::string(part.attribute("outside").value()) == "1") point = {{0, 0}, 0};
        if (point.visibility > 0) seen.push_back(point.position);
        label.keypoints.push_back(point);
      }
      label.box = extent_of({seen});
      label.loose = true;
    } else {
      const auto points = points_of(node);
      if (!points || points->empty()) throw Error("points are no list of \"x,y\" parted by \";\"");
      if (kind == "polygon") {
        label.outline = {*points};
      } else {
        for (const glm::dvec2& point : *points) label.keypoints.push_back({point, 2});
        label.box = extent_of({*points});
        label.loose = true;
      }
    }
  }

  std::vector<fs::path> files_;
  std::size_t file_ = 0;
  pugi::xml_document document_;
  pugi::xml_node image_;
  std::string subset_;  ///< of the file
};

/// Up to `most` files of CVAT's; none in a folder of Pascal VOC's.
std::vector<fs::path> cvat_files(const fs::path& path, std::size_t most) {
  std::vector<fs::path> found;
  for (const fs::path& file : files_below(path, {".xml"})) {
    std::string fault;
    pugi::xml_document document;
    const bool sound = read_xml(file, document, fault);
    if (sound && document.child("annotation")) break;
    const bool is = sound ? static_cast<bool>(document.child("annotations"))
                          : file.filename() == "annotations.xml";
    if (is) found.push_back(file);
    if (found.size() == most) break;
  }
  return found;
}

}  // namespace

bool looks_like_cvat(const fs::path& path) { return !cvat_files(path, 1).empty(); }

std::unique_ptr<Source> open_cvat(const fs::path& path) {
  std::vector<fs::path> files = cvat_files(path, SIZE_MAX);
  if (files.empty()) {
    throw Error(path.string() + ": has no XML file with <annotations>, as CVAT writes it");
  }
  return std::make_unique<CvatSource>(path, std::move(files));
}

}  // namespace orrery
