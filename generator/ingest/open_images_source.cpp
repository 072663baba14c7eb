// Open Images: CSV files with ImageID, LabelName, XMin, XMax, YMin, YMax (*-annotations-bbox.csv),
// edges as shares of the upright picture's width and height; a comma may stand for the decimal
// point. IsGroupOf is Label::crowd; IsOccluded, IsTruncated, IsDepiction, IsInside and a Confidence
// other than 1 go to `more`. *-annotations-object-segmentation.csv: PNGs below masks/, of any size
// (each pixel of the picture takes the nearest of the mask), given to the box that the row states.
// Classes: DisplayName of *class-descriptions*.csv in its order (of the one for boxes, if there is
// one), else LabelName in alphabetical order; a second class of one name has its LabelName after
// it. Pictures: ImageID with any extension, anywhere below the folder but in masks/. Splits: the
// CSV file's name, else the picture's folder. The image lists' Rotation is not applied: boxes are
// not turned by it either. Memory: 40 bytes a box, the names of all images. More rules:
// image_unlabelled (a picture that no box or mask names; it is not background, for the classes that
// were looked for differ from image to image; left out).

#include <algorithm>
#include <cmath>

#include "generator/ingest/csv.hpp"
#include "generator/ingest/formats.hpp"
#include "generator/ingest/read_source.hpp"
#include "renderer/labels/mask.hpp"
#include "scenes/error.hpp"
#include "scenes/image.hpp"

namespace orrery {
namespace fs = std::filesystem;
namespace {

/// How the box of a mask may differ from that of its box, shares.
constexpr double kSameBox = 1e-4;

std::optional<double> share_from(std::string text) {
  if (text.find('.') == std::string::npos) std::replace(text.begin(), text.end(), ',', '.');
  return number_from(text);
}

/// A table of boxes or masks, and where its columns are.
struct Table {
  explicit Table(const fs::path& path) : file(path), csv(path) {
    image = csv.column("ImageID");
    name = csv.column("LabelName");
    mask = csv.column("MaskPath");
    const std::string before = mask ? "Box" : "";
    for (const char* side : {"XMin", "XMax", "YMin", "YMax"}) {
      sides.push_back(csv.column(before + side));
    }
  }
  bool sound() const {
    const bool boxes = std::all_of(sides.begin(), sides.end(),
                                   [](const auto& column) { return column.has_value(); });
    return image && name && (mask || boxes);
  }

  fs::path file;
  CsvFile csv;
  std::optional<std::size_t> image, name, mask;
  std::vector<std::optional<std::size_t>> sides;  ///< XMin XMax YMin YMax
};

/// "train" of oidv6-train-annotations-bbox.csv.
std::string split_in(const std::string& name) {
  for (std::size_t from = 0; from < name.size();) {
    const std::size_t end = std::min(name.find('-', from), name.size());
    const std::string split = split_of(name.substr(from, end - from));
    if (!split.empty()) return split;
    from = end + 1;
  }
  return {};
}

bool in_masks(const fs::path& file, const fs::path& root) {
  for (const fs::path& part : file.lexically_relative(root).parent_path()) {
    if (part == "masks" || part == "Masks") return true;
  }
  return false;
}

Rle scaled_mask(const fs::path& png, int width, int height) {
  const Image<Rgba8> colors = read_color(png);
  Image<std::uint8_t> mask(width, height, 0);
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      const auto at = [](int i, int from, int to) {
        return static_cast<int>((static_cast<std::int64_t>(2 * i + 1) * from) / (2 * to));
      };
      const Rgba8& c = colors.at(at(x, colors.width, width), at(y, colors.height, height));
      mask.at(x, y) = c.r > 0 || c.g > 0 || c.b > 0 ? 1 : 0;
    }
  }
  return rle_from_mask(mask);
}

class OpenImagesSource : public ReadSource {
 public:
  explicit OpenImagesSource(const fs::path& path) : ReadSource(root_of(path)) {
    for (const fs::path& file : files_below(path, {".csv"})) {
      Table table(file);
      if (table.sound()) tables_.push_back(std::move(table));
    }
    if (tables_.empty()) {
      throw Error(path.string() +
                  ": has no CSV file with ImageID, LabelName, XMin, XMax, YMin and YMax");
    }
    std::set<std::string> names;
    for (std::size_t i = 0; i < tables_.size(); ++i) index(i, names);
    for (const fs::path& file : files_below(root_, {".jpg", ".jpeg", ".jpe", ".png", ".bmp"})) {
      if (in_masks(file, root_)) continue;
      fs::path& picture = entries_[file.stem().string()].picture;
      if (picture.empty()) {
        picture = file;
      } else {
        problem(file.string(), "image_duplicate", "has the name of " + picture.string(), true);
      }
    }
    read_classes();
    if (info_.classes.empty()) {
      for (const std::string& name : names) add_class(name, name);
    }
    entry_ = entries_.begin();
  }

 private:
  struct Row {
    std::uint64_t offset = 0;
    std::uint64_t line = 0;
    std::size_t table = 0;
  };
  struct Entry {
    fs::path picture;
    std::vector<Row> rows;
  };
  struct Placed {
    Label label;
    std::string at;
    Rect said;  ///< shares
  };

  static fs::path root_of(const fs::path& path) {
    if (fs::is_directory(path)) {
      return path.filename() == "annotations" ? path.parent_path() : path;
    }
    const fs::path folder = fs::absolute(path).parent_path();
    return folder.filename() == "annotations" ? folder.parent_path() : folder;
  }

  void index(std::size_t number, std::set<std::string>& names) {
    Table& table = tables_[number];
    while (const auto row = table.csv.next()) {
      const std::string where = table.file.string() + ":" + std::to_string(table.csv.line());
      if (row->size() != table.csv.columns().size()) {
        problem(where, "malformed",
                "has " + std::to_string(row->size()) + " fields, wanted " +
                    std::to_string(table.csv.columns().size()));
        continue;
      }
      std::string id = trimmed((*row)[*table.image]);
      if (is_picture(id)) id = fs::path(id).stem().string();
      if (id.empty()) {
        problem(where, "malformed", "the row names no image");
        continue;
      }
      const std::string name = trimmed((*row)[*table.name]);
      if (!name.empty()) names.insert(name);
      entries_[id].rows.push_back({table.csv.offset(), table.csv.line(), number});
    }
  }

  void add_class(const std::string& name, const std::string& shown) {
    if (name.empty() || class_ids_.count(name) != 0) return;
    const bool taken =
        std::find(info_.classes.begin(), info_.classes.end(), shown) != info_.classes.end();
    class_ids_[name] = static_cast<std::uint32_t>(info_.classes.size());
    info_.classes.push_back(taken ? shown + " (" + name + ")" : shown);
  }

  void read_classes() {
    fs::path best;
    for (const fs::path& file : files_below(root_, {".csv"})) {
      const std::string name = file.filename().string();
      if (name.find("class-descriptions") == std::string::npos) continue;
      if (best.empty() || name.find("boxable") != std::string::npos) best = file;
    }
    if (best.empty()) return;
    CsvFile csv(best);
    const auto add = [&](const std::vector<std::string>& row) {
      if (row.empty()) return;
      const std::string name = trimmed(row[0]);
      const std::string shown = row.size() > 1 ? trimmed(row[1]) : std::string();
      add_class(name, shown.empty() ? name : shown);
    };
    if (!csv.column("LabelName")) add(csv.columns());  // before version 6 there was no head
    while (const auto row = csv.next()) add(*row);
  }

  std::optional<LabelledImage> read_next() override {
    while (entry_ != entries_.end()) {
      const auto& [id, entry] = *entry_++;
      if (entry.rows.empty()) {
        problem(entry.picture.string(), "image_unlabelled", "no box or mask names the picture",
                true);
        continue;
      }
      if (auto image = read(id, entry)) return image;
    }
    return std::nullopt;
  }

  std::optional<LabelledImage> read(const std::string& id, const Entry& entry) {
    DraftImage draft = this->draft("image " + id);
    if (!draft.open(entry.picture.empty() ? root_ / "images" / (id + ".jpg") : entry.picture)) {
      return std::nullopt;
    }
    draft.image.split = split_in(tables_[entry.rows.front().table].file.stem().string());
    if (draft.image.split.empty()) draft.image.split = split_of(draft.image.file.path, root_);
    std::vector<Placed> labels;
    for (const bool masks : {false, true}) {
      for (const Row& row : entry.rows) {
        Table& table = tables_[row.table];
        if (table.mask.has_value() != masks) continue;
        const auto fields = table.csv.at(row.offset);
        if (!fields || fields->size() != table.csv.columns().size()) {
          throw Error(table.file.string() + ": has changed while it was read", Exit::io);
        }
        add(table, *fields, labels, draft,
            table.file.filename().string() + ":" + std::to_string(row.line));
      }
    }
    for (Placed& placed : labels) draft.add(std::move(placed.label), placed.at);
    return draft.take();
  }

  void add(const Table& table, const std::vector<std::string>& fields, std::vector<Placed>& labels,
           DraftImage& draft, const std::string& at) const {
    const std::string name = trimmed(fields[*table.name]);
    const auto class_id = class_ids_.find(name);
    if (class_id == class_ids_.end()) {
      draft.problem(at, name.empty() ? "class_missing" : "class_unknown",
                    name.empty() ? "the row has no LabelName"
                                 : "\"" + name + "\" is in no class-descriptions file");
      return;
    }
    std::vector<double> sides;
    for (const auto& column : table.sides) {
      const auto side = column ? share_from(fields[*column]) : std::nullopt;
      if (side) sides.push_back(*side);
    }
    if (sides.size() != 4 && !table.mask) {
      draft.problem(at, "box_not_a_number", "an edge of the box is no number");
      return;
    }
    Placed placed{{}, at, {}};
    if (sides.size() == 4) placed.said = {sides[0], sides[2], sides[1], sides[3]};
    placed.label.class_id = class_id->second;
    if (table.mask) {
      add_mask(table, fields, std::move(placed), labels, draft);
      return;
    }
    const double w = draft.width();
    const double h = draft.height();
    placed.label.box = {placed.said.x0 * w, placed.said.y0 * h, placed.said.x1 * w,
                        placed.said.y1 * h};
    take_more(table.csv, fields, placed.label);
    labels.push_back(std::move(placed));
  }

  static void take_more(const CsvFile& csv, const std::vector<std::string>& fields, Label& label) {
    const auto number = [&](const char* column) {
      const auto at = csv.column(column);
      return at ? share_from(fields[*at]) : std::nullopt;
    };
    label.crowd = number("IsGroupOf").value_or(0) == 1;
    using Flag = std::pair<const char*, const char*>;
    for (const auto& [column, key] :
         {Flag("IsOccluded", "occluded"), Flag("IsTruncated", "truncated"),
          Flag("IsDepiction", "depiction"), Flag("IsInside", "inside")}) {
      if (number(column).value_or(0) == 1) label.more[key] = true;
    }
    if (const auto confidence = number("Confidence"); confidence && *confidence != 1) {
      label.more["confidence"] = *confidence;
    }
  }

  void add_mask(const Table& table, const std::vector<std::string>& fields, Placed placed,
                std::vector<Placed>& labels, DraftImage& draft) const {
    const fs::path folder = root_ / "masks";
    const fs::path png =
        stated_picture({folder / split_in(table.file.stem().string()), folder,
                        table.file.parent_path(), table.file.parent_path() / "masks"},
                       trimmed(fields[*table.mask]));
    Rle mask;
    try {
      mask = scaled_mask(png, draft.width(), draft.height());
    } catch (const Error& error) {
      draft.problem(placed.at, "mask_malformed", error.what());
      return;
    }
    const auto same = std::find_if(labels.begin(), labels.end(), [&](const Placed& other) {
      const Rect& a = other.said;
      const Rect& b = placed.said;
      return !other.label.mask && other.label.class_id == placed.label.class_id &&
             std::abs(a.x0 - b.x0) < kSameBox && std::abs(a.y0 - b.y0) < kSameBox &&
             std::abs(a.x1 - b.x1) < kSameBox && std::abs(a.y1 - b.y1) < kSameBox;
    });
    if (same != labels.end()) {
      same->label.mask = std::move(mask);
      return;
    }
    placed.label.mask = std::move(mask);
    labels.push_back(std::move(placed));
  }

  std::vector<Table> tables_;
  std::map<std::string, Entry> entries_;
  std::map<std::string, Entry>::const_iterator entry_;
  std::map<std::string, std::uint32_t> class_ids_;  ///< by LabelName
};

}  // namespace

bool looks_like_open_images(const fs::path& path) {
  for (const fs::path& file : files_below(path, {".csv"})) {
    if (Table(file).sound()) return true;
  }
  return false;
}

std::unique_ptr<Source> open_open_images(const fs::path& path) {
  return std::make_unique<OpenImagesSource>(path);
}

}  // namespace orrery
