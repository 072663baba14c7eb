// KITTI: label_2/NAME.txt beside image_2/NAME.png (or .jpg). A line has 15 columns, parted by one
// blank: type truncated occluded alpha left top right bottom height width length x y z rotation_y;
// a 16th is a score. Boxes: pixel edges from 0. truncated is Label::truncation (-1: not known);
// occluded, alpha, dimensions (h w l, metres), location, rotation_y and score go to `more`.
// DontCare is a class like others, and crowd: what nobody labelled.
// Classes: classes.txt beside label_2, else all types in alphabetical order.
// Splits: ImageSets/{train,val,test}.txt in the folder or the one above, else the folder's name.
// More rules: columns (neither 15 nor 16), blanks (more than one between columns: the label is
// kept, other readers break on it).

#include <algorithm>
#include <map>
#include <set>

#include "generator/ingest/formats.hpp"
#include "generator/ingest/read_source.hpp"

namespace orrery {
namespace fs = std::filesystem;
namespace {

std::vector<fs::path> label_files(const fs::path& path) {
  std::vector<fs::path> files;
  for (const fs::path& file : files_below(path, {".txt"})) {
    if (file.parent_path().filename() == "label_2") files.push_back(file);
  }
  return files;
}

class KittiSource : public ReadSource {
 public:
  explicit KittiSource(const fs::path& path) : ReadSource(path), files_(label_files(path)) {
    if (!files_.empty()) {
      info_.classes = names_in(files_.front().parent_path().parent_path() / "classes.txt");
    }
    std::set<std::string> names;
    for (const fs::path& file : files_) {
      for (const std::string& line : lines_of(text_of_file(file))) {
        const auto words = words_of(line);
        if (words.size() == 15 || words.size() == 16) names.insert(std::string(words[0]));
      }
    }
    auto& classes = info_.classes;
    if (classes.empty()) classes.assign(names.begin(), names.end());
    const bool listed = std::find(classes.begin(), classes.end(), "DontCare") != classes.end();
    if (!listed && names.count("DontCare") != 0) classes.emplace_back("DontCare");
    read_splits();
  }

 private:
  void read_splits() {
    for (const char* split : {"train", "val", "test"}) {
      for (const fs::path& folder : {root_, root_.parent_path()}) {
        const fs::path list = folder / "ImageSets" / (std::string(split) + ".txt");
        std::error_code failed;
        if (!fs::is_regular_file(list, failed)) continue;
        lists_ = true;
        for (const std::string& line : names_in(list)) splits_[line] = split;
        break;
      }
    }
  }

  std::optional<LabelledImage> read_next() override {
    while (at_ < files_.size()) {
      const fs::path& file = files_[at_++];
      const fs::path folder = file.parent_path().parent_path() / "image_2";
      DraftImage draft = this->draft(file.string());
      fs::path picture = picture_named(folder / file.stem());
      if (picture.empty()) picture = folder / (file.stem().string() + ".png");
      if (!draft.open(picture)) continue;
      const auto split = splits_.find(file.stem().string());
      if (split != splits_.end()) draft.image.split = split->second;
      if (!lists_) draft.image.split = split_of(file, root_);
      const std::vector<std::string> lines = lines_of(text_of_file(file));
      for (std::size_t i = 0; i < lines.size(); ++i) {
        if (!lines[i].empty()) read_line(draft, lines[i], "line " + std::to_string(i + 1));
      }
      return draft.take();
    }
    return std::nullopt;
  }

  static void read_line(DraftImage& draft, const std::string& line, const std::string& at) {
    const auto words = words_of(line);
    if (words.size() != 15 && words.size() != 16) {
      draft.problem(at, "columns",
                    "has " + std::to_string(words.size()) + " columns, wanted 15 or 16");
      return;
    }
    std::vector<double> n{0};
    for (std::size_t i = 1; i < words.size(); ++i) {
      const auto number = number_from(words[i]);
      if (!number) {
        draft.problem(at, "malformed", "\"" + std::string(words[i]) + "\" is no number");
        return;
      }
      n.push_back(*number);
    }
    if (line.find("  ") != std::string::npos || line.find('\t') != std::string::npos) {
      draft.problem(at, "blanks", "has more than one blank between columns, wanted one");
    }
    const auto class_id = draft.class_of(std::string(words[0]), at);
    if (!class_id) return;
    Label label;
    label.class_id = *class_id;
    label.box = {n[4], n[5], n[6], n[7]};
    label.crowd = words[0] == "DontCare";
    if (n[1] >= 0 && n[1] <= 1 && !label.crowd) label.truncation = n[1];
    if (!label.crowd) {
      label.more["occluded"] = n[2];
      label.more["alpha"] = n[3];
      label.more["dimensions"] = {n[8], n[9], n[10]};
      label.more["location"] = {n[11], n[12], n[13]};
      label.more["rotation_y"] = n[14];
    }
    if (n.size() == 16) label.more["score"] = n[15];
    draft.add(std::move(label), at);
  }

  std::vector<fs::path> files_;
  std::map<std::string, std::string> splits_;
  bool lists_ = false;  ///< the dataset says its splits
  std::size_t at_ = 0;
};

}  // namespace

bool looks_like_kitti(const fs::path& path) { return !label_files(path).empty(); }

std::unique_ptr<Source> open_kitti(const fs::path& path) {
  return std::make_unique<KittiSource>(path);
}

}  // namespace orrery
