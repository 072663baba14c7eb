// Label Studio: *.json files that hold a list of tasks, as it exports and imports them (not
// JSON_MIN). Values are percent of the picture's width and height. rectanglelabels: edges, turned
// by `rotation` degrees clockwise about their top left corner: an oriented box, whose extent is the
// box. polygonlabels: polygons. brushlabels: its own run lengths (label_studio_rle.hpp).
// ellipselabels: a polygon of 64 corners on it. keypointlabels with a parentID: a keypoint of that
// shape, its name without "class/"; points alone are shape_unsupported.
// Of several annotations one is read: the one marked as ground truth, else the one updated last,
// else the last; of a task that nobody has annotated likewise a prediction. An empty result is an
// image without objects.
// Classes: the order of the labelling interface, if a *.xml file beside the tasks holds it; others
// after them in alphabetical order. Keypoints likewise. Splits: data.split, else a folder's name.
// Pictures: data.image or as the interface names it; local paths, uploads and addresses are looked
// for beside the file and in images/.
// Other kinds of results (choices, numbers, texts) go to `more` of their shape or image.
// Memory: 24 bytes a task.
// More rules: annotation_surplus (another annotation of the task is read), image_skipped (the
// annotator skipped it; left out), image_unlabelled (no annotation and no prediction; left out).

#include <algorithm>
#include <cmath>

#include "generator/ingest/formats.hpp"
#include "generator/ingest/json_file.hpp"
#include "generator/ingest/label_studio_config.hpp"
#include "generator/ingest/label_studio_rle.hpp"
#include "generator/ingest/label_studio_task.hpp"
#include "generator/ingest/read_source.hpp"
#include "scenes/error.hpp"

namespace orrery {
namespace fs = std::filesystem;
namespace {

bool has_tasks(const fs::path& file) {
  constexpr std::uint64_t kHead = 1 << 20;  // exports are looked at so far for recognition, bytes
  for (const auto& member : JsonFile(file).peek(kHead)) {
    if (!member.first.empty()) return false;
    const std::string_view text = member.second;
    const auto is = [&](const char* name, char first) {
      const std::string_view value = raw_member(text, name);
      return !value.empty() && value.front() == first;
    };
    const bool sheets = is("annotations", '[') || is("predictions", '[') || is("completions", '[');
    return sheets && (is("data", '{') || text.find("\"result\"") != std::string::npos);
  }
  return false;
}

class LabelStudioSource : public ReadSource {
 public:
  explicit LabelStudioSource(const fs::path& path)
      : ReadSource(fs::is_directory(path) ? path : path.parent_path()) {
    for (const fs::path& file : files_below(path, {".json"})) {
      if (!has_tasks(file)) continue;
      files_.push_back(std::make_unique<JsonFile>(file));
    }
    if (files_.empty()) {
      throw Error(path.string() + ": has no JSON list of tasks with data and annotations");
    }
    config_ = label_studio_config(files_.front()->path().parent_path());
    std::map<std::string, std::set<std::string>> points;
    std::set<std::string> names;
    for (std::size_t i = 0; i < files_.size(); ++i) {
      files_[i]->walk([&](const std::string&, const std::string& text, const JsonPlace& place) {
        tasks_.emplace_back(i, place);
        std::string fault;
        const auto task = parsed_json(text, fault);
        if (!task) return;  // said when its turn comes
        const LabelStudioChoice choice = choose_annotation(*task);
        if (choice.sheet != nullptr) collect(list_at(*choice.sheet, "result"), names, points);
      });
    }
    info_.classes = config_.classes;
    for (const std::string& name : names) {
      if (std::find(info_.classes.begin(), info_.classes.end(), name) == info_.classes.end()) {
        info_.classes.push_back(name);
      }
    }
    name_points(points);
  }

 private:
  static void collect(const Json& results, std::set<std::string>& names,
                      std::map<std::string, std::set<std::string>>& points) {
    for (const Json& result : results) {
      const std::string shape = label_studio_shape(result);
      if (shape.empty()) continue;
      const auto said = label_names(result, results);
      if (said.empty() || said.front().empty()) continue;
      if (shape != "keypoint") {
        names.insert(said.front());
        continue;
      }
      const Json* parent = parent_of(result, results);
      if (parent == nullptr) continue;
      const auto parents = label_names(*parent, results);
      if (!parents.empty()) points[parents.front()].insert(keypoint_name(said[0], parents[0]));
    }
  }

  void name_points(std::map<std::string, std::set<std::string>>& points) {
    for (const std::string& name : info_.classes) {
      Keypoints keypoints;
      const auto add = [&](const std::string& point_name) {
        const bool known = std::any_of(keypoints.points.begin(), keypoints.points.end(),
                                       [&](const Keypoint& k) { return k.name == point_name; });
        if (known) return;
        Keypoint point;
        point.name = point_name;
        keypoints.points.push_back(point);
      };
      std::set<std::string>& used = points[name];
      for (const std::string& said : config_.keypoints) {
        const std::string bare = keypoint_name(said, name);
        if (used.erase(bare) > 0 || bare != said) add(bare);
      }
      for (const std::string& rest : used) add(rest);
      info_.keypoints.push_back(std::move(keypoints));
    }
    const bool any = std::any_of(info_.keypoints.begin(), info_.keypoints.end(),
                                 [](const Keypoints& k) { return !k.points.empty(); });
    if (!any) info_.keypoints.clear();
  }

  std::optional<LabelledImage> read_next() override {
    while (at_ < tasks_.size()) {
      const auto& [file, place] = tasks_[at_++];
      if (auto image = read(*files_[file], place)) return image;
    }
    return std::nullopt;
  }

  std::string stated_image(const Json& data) const {
    for (const std::string& key : {config_.image, std::string("image")}) {
      if (const std::string said = text_at(data, key.c_str()); !said.empty()) return said;
    }
    for (const auto& item : data.items()) {
      if (item.value().is_string() && is_picture(item.value().get<std::string>())) {
        return item.value();
      }
    }
    return {};
  }

  std::optional<LabelledImage> read(JsonFile& file, const JsonPlace& place) {
    DraftImage draft = this->draft(file.where(place));
    std::string fault;
    const auto task = parsed_json(file.text_at(place), fault);
    if (!task || !task->is_object()) {
      draft.problem("", "malformed", task ? "the task is no object" : fault, true);
      return std::nullopt;
    }
    const LabelStudioChoice choice = choose_annotation(*task);
    if (choice.sheet == nullptr) {
      const bool skipped = choice.skipped > 0;
      draft.problem(
          "", skipped ? "image_skipped" : "image_unlabelled",
          skipped ? "the task was skipped" : "the task has neither an annotation nor a prediction",
          true);
      return std::nullopt;
    }
    const Json& data = object_at(*task, "data");
    std::string said = stated_image(data);
    if (said.empty()) said = text_at(*task, "file_upload");
    if (said.empty()) {
      draft.problem("", "picture_missing", "the task's data names no picture", true);
      return std::nullopt;
    }
    const fs::path beside = file.path().parent_path();
    if (!draft.open(stated_picture({beside, beside / "images", beside / ".." / "images",
                                    beside / "..", root_, root_ / "images"},
                                   said))) {
      return std::nullopt;
    }
    const Json& results = list_at(*choice.sheet, "result");
    for (const Json& result : results) {
      const auto width = number_at(result, "original_width");
      const auto height = number_at(result, "original_height");
      if (!width || !height) continue;
      if (!draft.check_size(*width, *height)) return std::nullopt;
      break;
    }
    for (std::size_t i = 0; i < choice.others; ++i) {
      draft.problem("", "annotation_surplus", "another annotation of the task is read");
    }
    draft.image.split = text_at(data, "split");
    if (draft.image.split.empty()) draft.image.split = split_of(draft.image.file.path, root_);
    if (choice.predicted) draft.image.more["predicted"] = true;
    add_results(results, draft);
    return draft.take();
  }

  struct Region {
    std::string id;
    std::string at;
    Label label;
  };

  void add_results(const Json& results, DraftImage& draft) const {
    std::vector<Region> regions;
    int number = 0;
    for (const Json& result : results) {
      const std::string at = "result " + std::to_string(++number);
      const std::string shape = label_studio_shape(result);
      if (shape.empty() || shape == "keypoint") continue;
      const auto names = label_names(result, results);
      const auto class_id = draft.class_of(names.empty() ? "" : names.front(), at);
      if (!class_id) continue;
      Region region{text_at(result, "id"), at, {}};
      region.label.class_id = *class_id;
      if (names.size() > 1) region.label.more["labels"] = names;
      for (const char* key : {"score", "image_rotation"}) {
        if (const auto value = number_at(result, key); value && *value != 0) {
          region.label.more[key] = *value;
        }
      }
      try {
        take_shape(shape, object_at(result, "value"), draft, region.label);
      } catch (const Error& error) {
        draft.problem(at, shape == "brush" ? "mask_malformed" : "malformed", error.what());
        continue;
      }
      regions.push_back(std::move(region));
    }
    number = 0;
    for (const Json& result : results) {
      const std::string at = "result " + std::to_string(++number);
      const std::string shape = label_studio_shape(result);
      if (shape == "keypoint") add_point(result, results, regions, draft, at);
      if (shape.empty()) add_other(result, regions, draft, at);
    }
    for (Region& region : regions) draft.add(std::move(region.label), region.at);
  }

  /// Pixels of percents.
  static glm::dvec2 pixels(const DraftImage& draft, double x, double y) {
    return {x * draft.width() / 100, y * draft.height() / 100};
  }

  static double percent(const Json& value, const char* key) {
    const auto number = number_at(value, key);
    if (!number) throw Error(std::string("the value has no number ") + key);
    return *number;
  }

  static void take_shape(const std::string& shape, const Json& value, const DraftImage& draft,
                         Label& label) {
    if (shape == "polygon") {
      Polygon& polygon = label.outline.emplace_back();
      for (const Json& point : list_at(value, "points")) {
        const auto n = numbers_from(point);
        if (!n || n->size() != 2) throw Error("a point is no list of two numbers");
        polygon.push_back(pixels(draft, (*n)[0], (*n)[1]));
      }
      return;
    }
    if (shape == "brush") {
      std::vector<std::uint8_t> bytes;
      for (const Json& byte : list_at(value, "rle")) {
        const bool sound = byte.is_number_unsigned() && byte.get<std::uint64_t>() < 256;
        if (!sound) throw Error("rle holds " + byte.dump().substr(0, 20) + ", wanted bytes");
        bytes.push_back(byte.get<std::uint8_t>());
      }
      label.mask = rle_from_label_studio(bytes, draft.width(), draft.height());
      return;
    }
    const glm::dvec2 corner = pixels(draft, percent(value, "x"), percent(value, "y"));
    const double turn = radians_of(number_at(value, "rotation").value_or(0));
    if (shape == "ellipse") {
      label.outline = {ellipse(
          corner, pixels(draft, percent(value, "radiusX"), percent(value, "radiusY")), turn)};
      return;
    }
    const glm::dvec2 size = pixels(draft, percent(value, "width"), percent(value, "height"));
    label.box = {corner.x, corner.y, corner.x + size.x, corner.y + size.y};
    if (turn == 0 || !(size.x > 0 && size.y > 0)) return;
    const glm::dvec2 along(std::cos(turn), std::sin(turn));
    const glm::dvec2 across(-along.y, along.x);
    label.oriented =
        oriented_box(corner + along * (size.x / 2) + across * (size.y / 2), size, turn);
    label.box = extent_of({corners_of(*label.oriented)});
  }

  void add_point(const Json& result, const Json& results, std::vector<Region>& regions,
                 DraftImage& draft, const std::string& at) const {
    const auto names = label_names(result, results);
    const Json& value = object_at(result, "value");
    const auto x = number_at(value, "x");
    const auto y = number_at(value, "y");
    if (names.empty() || !x || !y) {
      draft.problem(at, "malformed", "the keypoint lacks a name or x and y as numbers");
      return;
    }
    const std::string parent = text_at(result, "parentID");
    const auto region = std::find_if(regions.begin(), regions.end(), [&](const Region& r) {
      return !parent.empty() && r.id == parent;
    });
    if (region == regions.end()) {
      draft.problem(at, "shape_unsupported", "is a point that belongs to no shape");
      return;
    }
    Label& label = region->label;
    const auto& points = info_.keypoints.at(label.class_id).points;
    const std::string name = keypoint_name(names.front(), info_.classes.at(label.class_id));
    const auto found = std::find_if(points.begin(), points.end(),
                                    [&](const Keypoint& k) { return k.name == name; });
    if (found == points.end()) {
      draft.problem(at, "keypoints_malformed", "the class has no keypoint \"" + name + "\"");
      return;
    }
    label.keypoints.resize(points.size());
    LabelPoint& point = label.keypoints[static_cast<std::size_t>(found - points.begin())];
    if (point.visibility != 0) {
      draft.problem(at, "keypoints_malformed", "the shape has two keypoints \"" + name + "\"");
      return;
    }
    point = {pixels(draft, *x, *y), 2};
  }

  static void add_other(const Json& result, std::vector<Region>& regions, DraftImage& draft,
                        const std::string& at) {
    const std::string type = text_at(result, "type");
    if (type == "labels") return;  // label_names() has it
    if (type.empty() || type.ends_with("labels")) {
      draft.problem(at, "shape_unsupported", "is of the type \"" + type + "\"");
      return;
    }
    const std::string from = text_at(result, "from_name");
    const std::string key = from.empty() ? type : from;
    const std::string id = text_at(result, "id");
    const auto region = std::find_if(regions.begin(), regions.end(),
                                     [&](const Region& r) { return !id.empty() && r.id == id; });
    Json& more = region == regions.end() ? draft.image.more : region->label.more;
    more[key].push_back(type == "relation" ? result : object_at(result, "value"));
  }

  std::vector<std::unique_ptr<JsonFile>> files_;
  std::vector<std::pair<std::size_t, JsonPlace>> tasks_;
  std::size_t at_ = 0;
  LabelStudioConfig config_;
};

}  // namespace

bool looks_like_label_studio(const fs::path& path) {
  for (const fs::path& file : files_below(path, {".json"})) {
    if (has_tasks(file)) return true;
  }
  return false;
}

std::unique_ptr<Source> open_label_studio(const fs::path& path) {
  return std::make_unique<LabelStudioSource>(path);
}

}  // namespace orrery
