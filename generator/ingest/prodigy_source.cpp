// Prodigy: JSON lines of image.manual, a task a line, in one or several *.jsonl files. Spans have
// points in pixels, edges from 0: "rect" is their extent (x, y, width, height where there are no
// points), "polygon" and "freehand" are polygons. A span without a type is a rectangle if it has
// the corners of one. Classes: all names of spans in alphabetical order.
// The answer decides: accepted tasks come, also those without spans: background. Tasks without
// an answer come if they have spans. Splits: meta.split, else the file's or a folder's name.
// Pictures: `image` as a path or an address, looked for beside the file and in images/; where
// `image` is the picture itself (a data URI), `path`, meta.file or `text` names it.
// What a task or span says beyond this goes to `more`. Memory: a line.
// More rules: answer_reject, answer_ignore (the image is left out), image_unlabelled (nobody has
// answered, or the question was another than for spans: left out).

#include "generator/ingest/formats.hpp"
#include "generator/ingest/json_file.hpp"
#include "generator/ingest/read_source.hpp"
#include "scenes/error.hpp"

namespace orrery {
namespace fs = std::filesystem;
namespace {

/// Points as [[x, y], …].
std::optional<Polygon> span_points(const Json& list) {
  Polygon points;
  for (const Json& pair : list) {
    const auto n = numbers_from(pair);
    if (!n || n->size() != 2) return std::nullopt;
    points.emplace_back((*n)[0], (*n)[1]);
  }
  return points;
}

bool is_upright_rectangle(const Polygon& points) {
  if (points.size() != 4) return false;
  const Rect e = extent_of({points});
  for (std::size_t i = 0; i < 4; ++i) {
    const glm::dvec2& a = points[i];
    const glm::dvec2& b = points[(i + 1) % 4];
    const bool corner = (a.x == e.x0 || a.x == e.x1) && (a.y == e.y0 || a.y == e.y1);
    if (!corner || (a.x != b.x) == (a.y != b.y)) return false;
  }
  return true;
}

/// The file of lines from where it was left.
class Lines {
 public:
  explicit Lines(fs::path file) : file_(std::move(file)), in_(file_, std::ios::binary) {
    std::error_code failed;
    if (!in_ || !fs::is_regular_file(file_, failed)) {
      throw Error(file_.string() + ": cannot be read", Exit::io);
    }
  }
  /// The next line that is not empty.
  bool next(std::string& text) {
    while (std::getline(in_, text)) {
      ++line_;
      text = trimmed(text);
      if (!text.empty()) return true;
    }
    return false;
  }
  std::string where() const { return file_.string() + ":" + std::to_string(line_); }
  const fs::path& file() const { return file_; }

 private:
  fs::path file_;
  std::ifstream in_;
  std::uint64_t line_ = 0;
};

bool looks_like_task(const fs::path& file) {
  std::string text;
  Lines lines(file);
  if (!lines.next(text)) return false;
  const auto has = [&](const char* key) { return !raw_member(text, key).empty(); };
  return has("image") && (has("spans") || has("answer") || has("_task_hash") || has("_view_id"));
}

class ProdigySource : public ReadSource {
 public:
  explicit ProdigySource(const fs::path& path)
      : ReadSource(fs::is_directory(path) ? path : path.parent_path()) {
    for (const fs::path& file : files_below(path, {".jsonl"})) {
      if (!fs::is_directory(path) || looks_like_task(file)) files_.push_back(file);
    }
    if (files_.empty()) {
      throw Error(path.string() + ": has no *.jsonl file of tasks with image and spans");
    }
    std::set<std::string> names;
    std::string text;
    std::string fault;
    for (const fs::path& file : files_) {
      Lines lines(file);
      while (lines.next(text)) {
        const auto task = parsed_json(text, fault);
        if (!task) continue;  // said when its turn comes
        for (const Json& span : list_at(*task, "spans")) {
          if (const std::string name = text_at(span, "label"); !name.empty()) names.insert(name);
        }
      }
    }
    info_.classes.assign(names.begin(), names.end());
  }

 private:
  std::optional<LabelledImage> read_next() override {
    std::string text;
    for (; at_ < files_.size(); ++at_, lines_.reset()) {
      if (!lines_) lines_.emplace(files_[at_]);
      while (lines_->next(text)) {
        if (auto image = read(text)) return image;
      }
    }
    return std::nullopt;
  }

  /// False: the task is to be left out.
  static bool is_accepted(const Json& task, DraftImage& draft) {
    const std::string answer = text_at(task, "answer");
    if (answer == "reject" || answer == "ignore") {
      draft.problem("", "answer_" + answer, "the answer is \"" + answer + "\"", true);
      return false;
    }
    if (!answer.empty() && answer != "accept") {
      draft.problem("", "malformed",
                    "the answer is \"" + answer + "\", wanted accept, reject or ignore", true);
      return false;
    }
    const std::string view = text_at(task, "_view_id");
    const bool of_spans =
        view.empty() || view == "image_manual" || view == "image" || view == "blocks";
    if (!task.contains("spans") && (answer.empty() || !of_spans)) {
      draft.problem("", "image_unlabelled",
                    answer.empty() ? "nobody has answered the task, and it has no spans"
                                   : "the task is of \"" + view + "\" and has no spans",
                    true);
      return false;
    }
    return true;
  }

  fs::path picture_of(const Json& task) const {
    std::string said = text_at(task, "image");
    if (said.starts_with("data:")) {
      said = text_at(task, "path");
      if (said.empty()) said = text_at(object_at(task, "meta"), "file");
      if (said.empty()) said = text_at(task, "text");
    }
    if (said.empty()) return {};
    const fs::path beside = lines_->file().parent_path();
    const std::vector<fs::path> folders{beside, beside / "images", root_, root_ / "images"};
    const fs::path found = stated_picture(folders, said);
    std::error_code failed;
    if (fs::is_regular_file(found, failed) || is_picture(found)) return found;
    for (const fs::path& folder : folders) {  // `text` is the name without its extension
      if (fs::path named = picture_named(folder / said); !named.empty()) return named;
    }
    return found;
  }

  std::optional<LabelledImage> read(const std::string& text) {
    DraftImage draft = this->draft(lines_->where());
    std::string fault;
    const auto task = parsed_json(text, fault);
    if (!task || !task->is_object()) {
      draft.problem("", "malformed", task ? "is no JSON object" : fault, true);
      return std::nullopt;
    }
    if (!is_accepted(*task, draft)) return std::nullopt;
    const fs::path picture = picture_of(*task);
    if (picture.empty()) {
      draft.problem("", "picture_missing",
                    "the task names no picture file, wanted one in image, path or meta.file", true);
      return std::nullopt;
    }
    if (!draft.open(picture) || !draft.check_size(number_at(*task, "width").value_or(0),
                                                  number_at(*task, "height").value_or(0))) {
      return std::nullopt;
    }
    const Json& meta = object_at(*task, "meta");
    draft.image.split = text_at(meta, "split");
    if (draft.image.split.empty()) draft.image.split = split_of(picture, root_);
    if (draft.image.split.empty()) draft.image.split = split_of(lines_->file().stem().string());
    draft.image.more =
        without(*task, {"image", "path", "text", "width", "height", "spans", "answer", "meta",
                        "config", "_input_hash", "_task_hash", "_view_id", "_is_binary"});
    const Json said = without(meta, {"name", "split", "file"});
    if (!said.empty()) draft.image.more["meta"] = said;
    int number = 0;
    for (const Json& span : list_at(*task, "spans")) {
      add(span, draft, "span " + std::to_string(++number));
    }
    return draft.take();
  }

  static void add(const Json& span, DraftImage& draft, const std::string& at) {
    const auto class_id = draft.class_of(text_at(span, "label"), at);
    if (!class_id) return;
    Label label;
    label.class_id = *class_id;
    const auto points = span_points(list_at(span, "points"));
    if (!points) {
      draft.problem(at, "malformed", "a point is no list of two numbers");
      return;
    }
    std::string type = text_at(span, "type");
    if (type.empty()) type = points->empty() || is_upright_rectangle(*points) ? "rect" : "polygon";
    if (type == "polygon" || type == "freehand") {
      label.outline = {*points};
    } else if (type == "rect" && points->size() >= 2) {
      label.box = extent_of({*points});
    } else if (type == "rect") {
      const auto x = number_at(span, "x");
      const auto y = number_at(span, "y");
      const auto w = number_at(span, "width");
      const auto h = number_at(span, "height");
      if (!x || !y || !w || !h) {
        draft.problem(at, "box_not_a_number",
                      "the rectangle has neither points nor x, y, width and height as numbers");
        return;
      }
      label.box = {*x, *y, *x + *w, *y + *h};
    } else {
      draft.problem(at, "shape_unsupported",
                    "is a \"" + type + "\", wanted rect, polygon or freehand");
      return;
    }
    label.more = without(
        span, {"id", "label", "type", "points", "x", "y", "width", "height", "center", "color"});
    draft.add(std::move(label), at);
  }

  std::vector<fs::path> files_;
  std::size_t at_ = 0;
  std::optional<Lines> lines_;
};

}  // namespace

bool looks_like_prodigy(const fs::path& path) {
  for (const fs::path& file : files_below(path, {".jsonl"})) {
    if (looks_like_task(file)) return true;
  }
  return false;
}

std::unique_ptr<Source> open_prodigy(const fs::path& path) {
  return std::make_unique<ProdigySource>(path);
}

}  // namespace orrery
