// YOLO: one text file a picture, found by replacing the last "images" of the picture's path by
// "labels", else beside the picture, else in ../Annotations. A row is "class xc yc w h" in shares
// of the displayed picture's width and height (edges from 0), or, with kpt_shape in data.yaml, that
// and K × (x y [v]); or "class x1 y1 …": polygons. Where all polygons of the dataset have four
// corners they are oriented boxes, else outlines. A picture without a file is background, as
// Ultralytics has it, and noted (labels_missing).
// Classes: `names` of data.yaml (or another *.yaml with names), else obj.data's names, classes.txt,
// obj.names, or one *.names, in the folder or the one above. Keypoints: kpt_names or numbers from
// 1; flip_idx gives the swaps.
// Pictures and splits: train, val, test of data.yaml or obj.data (folders or lists); else all
// pictures below the folder, in splits that their folders name, or train.txt, val.txt, test.txt.
// More rules: labels_missing, list_missing (a folder or list that is not there).

#include <algorithm>

#include "generator/ingest/formats.hpp"
#include "generator/ingest/read_source.hpp"
#include "scenes/error.hpp"
#include "scenes/yaml_reader.hpp"

namespace orrery {
namespace fs = std::filesystem;
namespace {

bool is_file(const fs::path& path) {
  std::error_code failed;
  return fs::is_regular_file(path, failed);
}

bool is_there(const fs::path& path) {
  std::error_code failed;
  return fs::exists(path, failed);
}

fs::path labels_of(const fs::path& picture) {
  std::vector<fs::path> parts(picture.begin(), picture.end());
  const auto last = std::find(parts.rbegin(), parts.rend(), "images");
  if (last != parts.rend()) {
    *last = "labels";
    fs::path file;
    for (const fs::path& part : parts) file /= part;
    file.replace_extension(".txt");
    if (is_file(file)) return file;
  }
  fs::path beside = picture;
  beside.replace_extension(".txt");
  if (is_file(beside)) return beside;
  const fs::path there = picture.parent_path() / ".." / "Annotations" / beside.filename();
  return is_file(there) ? there : fs::path();
}

fs::path yaml_of(const fs::path& path) {
  if (path.extension() == ".yaml" || path.extension() == ".yml") return path;
  for (const char* name : {"data.yaml", "data.yml", "dataset.yaml"}) {
    if (is_file(path / name)) return path / name;
  }
  // Others are called what their dataset is: coco8.yaml. Only one is told from what else is YAML.
  std::vector<fs::path> named;
  std::error_code failed;
  for (fs::directory_iterator it(path, failed), end; !failed && it != end; it.increment(failed)) {
    const std::string extension = it->path().extension().string();
    if ((extension != ".yaml" && extension != ".yml") || !is_file(it->path())) continue;
    const std::vector<std::string> lines = lines_of(text_of_file(it->path()));
    const bool names = std::any_of(lines.begin(), lines.end(),
                                   [](const auto& line) { return line.starts_with("names:"); });
    if (names) named.push_back(it->path());
  }
  return named.size() == 1 ? named.front() : fs::path();
}

class YoloSource : public ReadSource {
 public:
  explicit YoloSource(const fs::path& path)
      : ReadSource(fs::is_directory(path) ? path : fs::absolute(path).parent_path()) {
    if (const fs::path yaml = yaml_of(path); !yaml.empty()) {
      read_yaml(yaml);
    } else {
      read_lists();
    }
    if (info_.classes.empty()) {
      throw Error(root_.string() +
                  ": has no class names, wanted data.yaml with names, classes.txt or obj.names");
    }
    oriented_ = points_ == 0 &&
                std::all_of(pictures_.begin(), pictures_.end(),
                            [](const auto& one) { return may_be_oriented(labels_of(one.first)); });
  }

 private:
  void read_yaml(const fs::path& file) {
    YAML::Node yaml;
    try {
      yaml = YAML::Load(text_of_file(file));
      read_names(yaml["names"]);
      if (info_.classes.empty() && yaml["nc"]) {
        const int count = yaml["nc"].as<int>();
        if (count < 0 || count > 100000) throw Error(file.string() + ": nc is out of range");
        for (int i = 0; i < count; ++i) info_.classes.push_back(std::to_string(i));
      }
      read_keypoints(yaml);
      fs::path base = root_;
      if (const YAML::Node at = yaml["path"]; at && at.IsScalar()) {
        if (is_there(root_ / at.Scalar())) base = root_ / at.Scalar();
      }
      bool all = true;
      for (const char* split : {"train", "val", "test"}) {
        const YAML::Node node = yaml[split];
        if (!node || node.IsNull()) continue;
        if (node.IsScalar()) all = add_place(base, node.Scalar(), split) && all;
        if (!node.IsSequence()) continue;
        for (const YAML::Node& item : node) all = add_place(base, item.Scalar(), split) && all;
      }
      if (!all || pictures_.empty()) add_all();
    } catch (const YAML::Exception& found) {
      throw Error(file.string() + ": is no data.yaml: " + found.what());
    }
  }

  void read_names(const YAML::Node& names) {
    if (!names) return;
    std::map<std::int64_t, std::string> numbered;
    if (names.IsMap()) {
      for (const auto& item : names) numbered[item.first.as<int>()] = item.second.Scalar();
    } else {
      for (std::size_t i = 0; i < names.size(); ++i) {
        numbered[static_cast<std::int64_t>(i)] = names[i].Scalar();
      }
    }
    for (const auto& [number, name] : numbered) {
      if (number != static_cast<std::int64_t>(info_.classes.size())) {
        throw Error(root_.string() + ": names of data.yaml lack class " +
                    std::to_string(info_.classes.size()));
      }
      info_.classes.push_back(name);
    }
  }

  void read_keypoints(const YAML::Node& yaml) {
    const YAML::Node shape = yaml["kpt_shape"];
    if (!shape || !shape.IsSequence() || shape.size() != 2) return;
    const int count = shape[0].as<int>();
    values_ = shape[1].as<int>();
    if (count < 1 || count > 1000 || (values_ != 2 && values_ != 3)) {
      throw Error(root_.string() + ": kpt_shape is [" + std::to_string(count) + ", " +
                  std::to_string(values_) + "], wanted [1 to 1000, 2 or 3]");
    }
    points_ = static_cast<std::size_t>(count);
    for (std::size_t c = 0; c < info_.classes.size(); ++c) {
      Keypoints keypoints;
      YAML::Node names = yaml["kpt_names"];
      if (names && names.IsMap()) names.reset(names[static_cast<int>(c)]);
      for (std::size_t i = 0; i < points_; ++i) {
        Keypoint point;
        const bool named = names && names.IsSequence() && names.size() == points_;
        point.name = named ? names[i].Scalar() : std::to_string(i + 1);
        keypoints.points.push_back(point);
      }
      const YAML::Node flip = yaml["flip_idx"];
      for (std::size_t i = 0; flip && flip.IsSequence() && i < flip.size() && i < points_; ++i) {
        const int other = flip[i].as<int>();
        if (other > static_cast<int>(i) && other < count) {
          keypoints.swaps.push_back(
              {keypoints.points[i].name, keypoints.points[static_cast<std::size_t>(other)].name});
        }
      }
      info_.keypoints.push_back(std::move(keypoints));
    }
  }

  /// A file that Darknet's obj.data names: from the folder or the one above, or moved with its
  /// first folder cut off.
  fs::path darknet_place(const std::string& said) const {
    for (const fs::path& place :
         {root_ / said, root_.parent_path() / said, root_ / said.substr(said.find('/') + 1)}) {
      if (is_there(place)) return place;
    }
    return {};
  }

  void read_darknet(const fs::path& file) {
    for (const std::string& line : lines_of(text_of_file(file))) {
      const std::size_t equals = line.find('=');
      if (equals == std::string::npos) continue;
      const std::string key = trimmed(line.substr(0, equals));
      const std::string said = trimmed(line.substr(equals + 1));
      const std::string split = split_of(std::string_view(key));
      if ((key != "names" && split.empty()) || said.empty()) continue;
      const fs::path place = darknet_place(said);
      if (place.empty()) {
        problem((root_ / said).string(), "list_missing",
                "obj.data names it for \"" + key + "\" and it is not there");
      } else if (key == "names") {
        info_.classes = names_in(place);
      } else {
        add_files(place, split);
      }
    }
  }

  void read_lists() {
    if (is_file(root_ / "obj.data")) read_darknet(root_ / "obj.data");
    for (const fs::path& folder : {root_, root_.parent_path()}) {
      for (const char* list : {"classes.txt", "obj.names", "names.txt"}) {
        if (info_.classes.empty()) info_.classes = names_in(folder / list);
      }
    }
    if (info_.classes.empty()) {
      const auto lists = files_below(root_, {".names"});
      if (!lists.empty()) info_.classes = names_in(lists.front());
    }
    if (const fs::path yaml = root_.parent_path() / "data.yaml";
        info_.classes.empty() && is_file(yaml)) {
      try {
        read_names(YAML::Load(text_of_file(yaml))["names"]);
      } catch (const YAML::Exception& found) {
        throw Error(yaml.string() + ": is no data.yaml: " + found.what());
      }
    }
    for (const char* split : {"train", "val", "valid", "test"}) {
      const fs::path list = root_ / (std::string(split) + ".txt");
      if (is_file(list)) add_list(list, split_of(std::string_view(split)));
    }
    add_all();
  }

  /// False: it is not there.
  bool add_place(const fs::path& base, const std::string& said, const std::string& split) {
    fs::path place = base / said;
    if (!is_there(place) && said.starts_with("../")) place = base / said.substr(3);
    if (!is_there(place)) {
      problem((base / said).string(), "list_missing",
              "data.yaml names it for \"" + split + "\" and it is not there");
      return false;
    }
    add_files(place, split);
    return true;
  }

  void add_files(const fs::path& place, const std::string& split) {
    if (is_file(place)) {
      add_list(place, split);
    } else {
      for (const fs::path& file : files_below(place, kPictures)) add(file, split);
    }
  }

  void add_list(const fs::path& list, const std::string& split) {
    for (const std::string& line : names_in(list)) {
      if (line.empty()) continue;
      fs::path picture = fs::path(line).is_absolute() ? fs::path(line) : root_ / line;
      if (!is_file(picture)) picture = list.parent_path() / line;
      // Darknet's lists name pictures from the folder above: data/obj_train_data/1.jpg
      const std::size_t slash = line.find('/');
      if (!is_file(picture) && slash != std::string::npos) {
        picture = root_ / line.substr(slash + 1);
      }
      add(picture, split);
    }
  }

  void add_all() {
    for (const fs::path& file : files_below(root_, kPictures)) add(file, split_of(file, root_));
  }

  void add(const fs::path& picture, const std::string& split) {
    const fs::path file = picture.lexically_normal();
    if (known_.insert(file).second) pictures_.emplace_back(file, split);
  }

  /// No row is a polygon of another number of corners than four, and some is one of four.
  static bool may_be_oriented(const fs::path& file) {
    if (file.empty()) return true;
    for (const std::string& line : lines_of(text_of_file(file))) {
      const std::size_t count = words_of(line).size();
      if (count > 5 && count != 9) return false;
    }
    return true;
  }

  std::optional<LabelledImage> read_next() override {
    while (at_ < pictures_.size()) {
      const auto& [picture, split] = pictures_[at_++];
      const fs::path file = labels_of(picture);
      DraftImage draft = this->draft(file.empty() ? picture.string() : file.string());
      if (!draft.open(picture)) continue;
      draft.image.split = split;
      if (file.empty()) {
        draft.problem("", "labels_missing", "has no file of labels: taken as background");
        return draft.take();
      }
      const std::vector<std::string> lines = lines_of(text_of_file(file));
      for (std::size_t i = 0; i < lines.size(); ++i) {
        if (!lines[i].empty()) read_row(draft, lines[i], "line " + std::to_string(i + 1));
      }
      return draft.take();
    }
    return std::nullopt;
  }

  void read_row(DraftImage& draft, const std::string& line, const std::string& at) {
    std::vector<double> numbers;
    for (const std::string_view word : words_of(line)) {
      const auto number = number_from(word);
      if (!number) {
        draft.problem(at, "malformed", "\"" + std::string(word) + "\" is no number");
        return;
      }
      numbers.push_back(*number);
    }
    const std::size_t wanted = 5 + points_ * static_cast<std::size_t>(values_);
    const bool polygon = points_ == 0 && numbers.size() >= 7 && numbers.size() % 2 == 1;
    if (numbers.size() != wanted && !polygon) {
      draft.problem(at, "malformed",
                    "has " + std::to_string(numbers.size()) + " numbers, wanted " +
                        std::to_string(wanted) +
                        (points_ == 0 ? " or a class and three corners or more" : ""));
      return;
    }
    const double c = numbers[0];
    if (!(c >= 0 && c < static_cast<double>(info_.classes.size())) || c != std::floor(c)) {
      draft.problem(at, "class_unknown",
                    "class " + text_of(c) + " is none of the dataset's " +
                        std::to_string(info_.classes.size()));
      return;
    }
    Label label;
    label.class_id = static_cast<std::uint32_t>(c);
    const double w = draft.width();
    const double h = draft.height();
    if (polygon) {
      Polygon corners;
      for (std::size_t i = 1; i + 1 < numbers.size(); i += 2) {
        corners.emplace_back(numbers[i] * w, numbers[i + 1] * h);
      }
      if (oriented_) {
        label.oriented = oriented_box(corners);
        label.box = extent_of({corners});
        if (!all_numbers(numbers)) label.box.x0 = std::nan("");
      } else {
        label.outline = {std::move(corners)};
      }
    } else {
      const double xc = numbers[1] * w;
      const double yc = numbers[2] * h;
      label.box = {xc - numbers[3] * w / 2, yc - numbers[4] * h / 2, xc + numbers[3] * w / 2,
                   yc + numbers[4] * h / 2};
      for (std::size_t i = 0; i < points_; ++i) {
        const std::size_t first = 5 + i * static_cast<std::size_t>(values_);
        LabelPoint point;
        point.position = {numbers[first] * w, numbers[first + 1] * h};
        const double v = values_ == 3 ? numbers[first + 2]
                                      : (numbers[first] == 0 && numbers[first + 1] == 0 ? 0 : 2);
        point.visibility = v == 0 || v == 1 || v == 2 ? static_cast<std::uint8_t>(v) : 255;
        if (point.visibility == 0) point.position = {0, 0};
        label.keypoints.push_back(point);
      }
    }
    draft.add(std::move(label), at);
  }

  static bool all_numbers(const std::vector<double>& numbers) {
    return std::all_of(numbers.begin(), numbers.end(), [](double n) { return std::isfinite(n); });
  }

  inline static const std::vector<std::string> kPictures{".jpg", ".jpeg", ".jpe",
                                                         ".png", ".bmp",  ".gif"};
  std::vector<std::pair<fs::path, std::string>> pictures_;  ///< with their splits
  std::set<fs::path> known_;
  std::size_t at_ = 0;
  std::size_t points_ = 0;
  int values_ = 3;
  bool oriented_ = false;
};

}  // namespace

bool looks_like_yolo(const fs::path& path) {
  if (!fs::is_directory(path)) return path.extension() == ".yaml" || path.extension() == ".yml";
  if (!yaml_of(path).empty() || is_file(path / "obj.data")) return true;
  int seen = 0;
  for (const fs::path& file : files_below(path, {".txt"})) {
    if (++seen > 1000) break;
    if (file.parent_path().filename() == "label_2") continue;
    for (const std::string& line : lines_of(text_of_file(file))) {
      const auto words = words_of(line);
      const bool row = words.size() >= 5 && std::all_of(words.begin(), words.end(), [](auto word) {
                         return number_from(word).has_value();
                       });
      if (row) return true;
    }
  }
  return false;
}

std::unique_ptr<Source> open_yolo(const fs::path& path) {
  return std::make_unique<YoloSource>(path);
}

}  // namespace orrery
