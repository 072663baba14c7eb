// Datumaro: annotations/<subset>.json, an object with categories and items, of the layout without
// dm_format_version and of 1.0. Pictures: images/<subset>/<path>, or as older versions have it
// images/<path>; an item without a path is <id> with any extension. size is [height, width].
// Boxes: [x, y, w, h], pixel edges from 0; an attribute `rotation` (degrees, clockwise about the
// box's middle) gives an oriented box. Polygons [x, y, …], masks as COCO's run lengths, ellipses as
// polygons of 64 corners, points as keypoints of the class; as pixel edges from 0, none is moved.
// Annotations of one group (but 0) and one class are one instance as far as they add to each other:
// one box, one mask or polygons, one set of points.
// Classes: categories.label in its order; a further subset adds the classes it alone has.
// Attributes is_crowd and difficult are Label::crowd and Label::hard, the others go to `more`, as
// z_order does. Labels of the whole image and captions go to the image's `more`. Splits: the
// subset. Memory: 24 bytes an item.

#include <algorithm>
#include <cmath>

#include "generator/ingest/coco_label.hpp"
#include "generator/ingest/formats.hpp"
#include "generator/ingest/json_file.hpp"
#include "generator/ingest/read_source.hpp"
#include "scenes/error.hpp"

namespace orrery {
namespace fs = std::filesystem;
namespace {

bool is_subset(const fs::path& file) {
  bool items = false;
  bool categories = false;
  bool images = false;
  constexpr std::uint64_t kHead = 1 << 20;  // what recognition looks at, bytes: items come last
  for (const auto& [key, text] : JsonFile(file).peek(kHead)) {
    items = items || (key == "items" && !raw_member(text, "id").empty());
    categories = categories || (key == "categories" && text.starts_with('{'));
    images = images || key == "images";
  }
  return items && categories && !images;
}

Polygon points_from(const Json& list) {
  const auto n = numbers_from(list);
  if (!n || n->empty() || n->size() % 2 != 0) {
    throw Error("points are " + list.dump().substr(0, 60) + ", wanted an even number of numbers");
  }
  Polygon points;
  for (std::size_t i = 0; i < n->size(); i += 2) points.emplace_back((*n)[i], (*n)[i + 1]);
  return points;
}

/// An instance in the making, of all annotations of its group.
struct Instance {
  Label label;
  std::string at;
  std::int64_t group = 0;
  bool boxed = false;

  bool takes(const std::string& type) const {
    if (type == "bbox") return !boxed;
    if (type == "points") return label.keypoints.empty();
    if (type == "mask") return !label.mask && label.outline.empty();
    return !label.mask;
  }
};

void take_box(const Json& json, Instance& instance) {
  const auto n = numbers_from(list_at(json, "bbox"));
  if (!n || n->size() != 4) throw Error("bbox is no list of 4 numbers");
  Label& label = instance.label;
  label.box = {(*n)[0], (*n)[1], (*n)[0] + (*n)[2], (*n)[1] + (*n)[3]};
  instance.boxed = true;
  const double degrees = number_at(object_at(json, "attributes"), "rotation").value_or(0);
  if (degrees == 0 || label.box.empty()) return;
  label.oriented = oriented_box({(*n)[0] + (*n)[2] / 2, (*n)[1] + (*n)[3] / 2}, {(*n)[2], (*n)[3]},
                                radians_of(degrees));
  label.box = extent_of({corners_of(*label.oriented)});
}

void take_shape(const std::string& type, const Json& json, Instance& instance) {
  Label& label = instance.label;
  if (type == "bbox") {
    take_box(json, instance);
  } else if (type == "mask") {
    label.mask = coco_rle(object_at(json, "rle"));
  } else if (type == "polygon") {
    label.outline.push_back(points_from(list_at(json, "points")));
  } else if (type == "ellipse") {
    const Polygon box = points_from(list_at(json, "points"));
    if (box.size() != 2) throw Error("an ellipse has points x0, y0, x1, y1");
    label.outline.push_back(ellipse((box[0] + box[1]) / 2.0, (box[1] - box[0]) / 2.0, 0));
  } else {
    const Polygon points = points_from(list_at(json, "points"));
    const Json& visible = list_at(json, "visibility");
    for (std::size_t i = 0; i < points.size(); ++i) {
      LabelPoint point{points[i], 2};
      if (i < visible.size()) {
        const bool sound = visible[i].is_number_unsigned() && visible[i].get<std::uint64_t>() <= 2;
        if (!sound) throw Error("visibility is " + visible.dump() + ", wanted 0, 1 or 2 each");
        point.visibility = visible[i].get<std::uint8_t>();
      }
      if (point.visibility == 0) point.position = {0, 0};
      label.keypoints.push_back(point);
    }
  }
}

/// What the annotation says beyond its shape.
void take_datumaro_fields(const Json& json, Label& label) {
  const Json& attributes = object_at(json, "attributes");
  label.crowd = label.crowd || flag_at(attributes, "is_crowd");
  label.hard = label.hard || flag_at(attributes, "difficult");
  const Json rest = without(attributes, {"is_crowd", "difficult", "rotation"});
  for (const auto& item : rest.items()) label.more["attributes"][item.key()] = item.value();
  for (const char* key : {"z_order", "object_id"}) {
    if (const auto value = whole_at(json, key); value && *value != 0) label.more[key] = *value;
  }
}

class DatumaroSource : public ReadSource {
 public:
  explicit DatumaroSource(const fs::path& path) : ReadSource(root_of(path)) {
    for (const fs::path& file : files_below(path, {".json"})) {
      if (!fs::is_directory(path) || is_subset(file)) {
        subsets_.push_back({std::make_unique<JsonFile>(file), {}});
      }
    }
    if (subsets_.empty()) throw Error(path.string() + ": has no JSON with categories and items");
    for (std::size_t i = 0; i < subsets_.size(); ++i) {
      bool sound = false;
      subsets_[i].file->walk(
          [&](const std::string& key, const std::string& text, const JsonPlace& place) {
            if (key == "categories") read_categories(text, place, subsets_[i]);
            if (key == "items") items_.emplace_back(i, place);
            sound = sound || key == "categories" || key == "items";
          });
      if (!sound) throw Error(path.string() + ": has neither categories nor items");
    }
    const bool any = std::any_of(info_.keypoints.begin(), info_.keypoints.end(),
                                 [](const Keypoints& k) { return !k.points.empty(); });
    if (!any) info_.keypoints.clear();
  }

 private:
  struct Subset {
    std::unique_ptr<JsonFile> file;
    std::vector<std::uint32_t> class_ids;  ///< by label_id
  };

  static fs::path root_of(const fs::path& path) {
    if (fs::is_directory(path)) return path;
    const fs::path folder = fs::absolute(path).parent_path();
    return folder.filename() == "annotations" ? folder.parent_path() : folder;
  }

  void read_categories(const std::string& text, const JsonPlace& place, Subset& subset) {
    std::string fault;
    const auto json = parsed_json(text, fault);
    if (!json) throw Error(subset.file->where(place) + ": " + fault);
    for (const Json& label : list_at(object_at(*json, "label"), "labels")) {
      const std::string name = text_at(label, "name");
      if (name.empty()) throw Error(subset.file->where(place) + ": a class has no name");
      auto found = std::find(info_.classes.begin(), info_.classes.end(), name);
      if (found == info_.classes.end()) found = info_.classes.insert(found, name);
      subset.class_ids.push_back(static_cast<std::uint32_t>(found - info_.classes.begin()));
    }
    info_.keypoints.resize(info_.classes.size());
    for (const Json& item : list_at(object_at(*json, "points"), "items")) {
      const auto id = whole_at(item, "label_id");
      if (!id || *id < 0 || *id >= static_cast<std::int64_t>(subset.class_ids.size())) continue;
      Keypoints& keypoints = info_.keypoints[subset.class_ids[static_cast<std::size_t>(*id)]];
      // The same members as a category of COCO: names, and pairs that count from 1.
      const Json category{{"keypoints", list_at(item, "labels")},
                          {"skeleton", list_at(item, "joints")}};
      if (keypoints.points.empty()) keypoints = coco_keypoints(category);
    }
  }

  std::optional<LabelledImage> read_next() override {
    while (at_ < items_.size()) {
      const auto& [subset, place] = items_[at_++];
      if (auto image = read(subsets_[subset], place)) return image;
    }
    return std::nullopt;
  }

  fs::path picture_of(const fs::path& file, const std::string& subset, const std::string& id,
                      const std::string& said) const {
    const fs::path images = file.parent_path() / ".." / "images";
    const std::vector<fs::path> folders{
        images / subset,    images,           file.parent_path() / subset,
        file.parent_path(), root_ / "images", root_};
    if (!said.empty()) return stated_picture(folders, said);
    for (const fs::path& folder : folders) {
      if (fs::path found = picture_named(folder / id); !found.empty()) {
        return found.lexically_normal();
      }
    }
    return (images / subset / (id + ".jpg")).lexically_normal();
  }

  std::optional<LabelledImage> read(const Subset& subset, const JsonPlace& place) {
    JsonFile& file = *subset.file;
    DraftImage draft = this->draft(file.where(place));
    std::string fault;
    const auto item = parsed_json(file.text_at(place), fault);
    const std::string id = item ? text_at(*item, "id") : std::string();
    if (id.empty()) {
      draft.problem("", "malformed", item ? "the item has no id" : fault, true);
      return std::nullopt;
    }
    const Json& image = object_at(*item, "image");
    std::string said = text_at(image, "path");
    if (said.empty()) said = text_at(object_at(*item, "media"), "path");
    const std::string name = file.path().stem().string();
    if (!draft.open(picture_of(file.path(), name, id, said))) return std::nullopt;
    const auto size = numbers_from(list_at(image, "size"));
    const bool sized = size && size->size() == 2;
    if (sized && !draft.check_size((*size)[1], (*size)[0])) return std::nullopt;
    draft.image.split = split_of(name);
    if (draft.image.split.empty()) draft.image.split = split_of(draft.image.file.path, root_);
    for (const auto& part : object_at(*item, "attr").items()) {
      draft.image.more[part.key()] = part.value();
    }
    std::vector<Instance> instances;
    int number = 0;
    for (const Json& annotation : list_at(*item, "annotations")) {
      add(annotation, subset, instances, draft, "annotation " + std::to_string(++number));
    }
    for (Instance& instance : instances) {
      Label& label = instance.label;
      if (!instance.boxed && label.outline.empty() && !label.mask) {  // points alone
        Polygon seen;
        for (const LabelPoint& point : label.keypoints) {
          if (point.visibility > 0) seen.push_back(point.position);
        }
        label.box = extent_of({seen});
        label.loose = true;
      }
      draft.add(std::move(label), instance.at);
    }
    return draft.take();
  }

  void add(const Json& json, const Subset& subset, std::vector<Instance>& instances,
           DraftImage& draft, const std::string& at) const {
    const std::string type = text_at(json, "type");
    if (type == "caption") {
      draft.image.more["captions"].push_back(text_at(json, "caption"));
      return;
    }
    const bool known = type == "bbox" || type == "mask" || type == "polygon" || type == "ellipse" ||
                       type == "points";
    if (!known && type != "label") {
      draft.problem(at, type.empty() ? "malformed" : "shape_unsupported",
                    "is of the type \"" + type +
                        "\", wanted bbox, mask, polygon, ellipse, points, label or caption");
      return;
    }
    const auto label_id = whole_at(json, "label_id");
    if (!label_id || *label_id < 0 ||
        *label_id >= static_cast<std::int64_t>(subset.class_ids.size())) {
      draft.problem(at, label_id ? "class_unknown" : "class_missing",
                    label_id ? "label_id " + std::to_string(*label_id) + " is none of the " +
                                   std::to_string(subset.class_ids.size()) + " labels"
                             : "the annotation has no label_id");
      return;
    }
    const std::uint32_t class_id = subset.class_ids[static_cast<std::size_t>(*label_id)];
    if (type == "label") {
      draft.image.more["tags"].push_back(info_.classes[class_id]);
      return;
    }
    const std::int64_t group = whole_at(json, "group").value_or(0);
    auto instance = std::find_if(instances.begin(), instances.end(), [&](const Instance& i) {
      return group != 0 && i.group == group && i.label.class_id == class_id && i.takes(type);
    });
    const bool fresh = instance == instances.end();
    Instance made = fresh ? Instance{{}, at, group, false} : *instance;
    made.label.class_id = class_id;
    try {
      take_shape(type, json, made);
    } catch (const Error& error) {
      const bool box = type == "bbox";
      draft.problem(at,
                    box              ? "box_not_a_number"
                    : type == "mask" ? "mask_malformed"
                                     : "malformed",
                    error.what());
      return;
    }
    take_datumaro_fields(json, made.label);
    if (fresh) {
      instances.push_back(std::move(made));
    } else {
      *instance = std::move(made);
    }
  }

  std::vector<Subset> subsets_;
  std::vector<std::pair<std::size_t, JsonPlace>> items_;
  std::size_t at_ = 0;
};

}  // namespace

bool looks_like_datumaro(const fs::path& path) {
  for (const fs::path& file : files_below(path, {".json"})) {
    if (is_subset(file)) return true;
  }
  return false;
}

std::unique_ptr<Source> open_datumaro(const fs::path& path) {
  return std::make_unique<DatumaroSource>(path);
}

}  // namespace orrery
