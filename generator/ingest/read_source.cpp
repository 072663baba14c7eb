#include "generator/ingest/read_source.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <fstream>
#include <numbers>
#include <sstream>

#include "generator/ingest/csv.hpp"
#include "scenes/error.hpp"

namespace orrery {
namespace fs = std::filesystem;
namespace {

std::string lower(std::string text) {
  for (char& c : text) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return text;
}

constexpr double kHalfTurn = std::numbers::pi;

fs::path normal(const fs::path& path) { return fs::absolute(path).lexically_normal(); }

/// How many of their last names two paths share.
std::ptrdiff_t common_end(const fs::path& a, const fs::path& b) {
  std::ptrdiff_t common = 0;
  for (auto i = a.end(), j = b.end(); i != a.begin() && j != b.begin(); ++common) {
    if (*--i != *--j) break;
  }
  return common;
}

}  // namespace

ReadSource::ReadSource(fs::path root) : root_(std::move(root)) {
  for (const fs::path& folder : {root_, (root_ / ".").lexically_normal().parent_path() / ".."}) {
    if (rows_.empty() && rows_elsewhere_.empty() && fs::is_regular_file(folder / "images.csv")) {
      read_sessions(folder / "images.csv");
    }
  }
}

void ReadSource::read_sessions(const fs::path& csv) {
  CsvFile file(csv);
  const auto image = file.column("image");
  auto session = file.column("group");
  if (!session) session = file.column("session");
  const auto split = file.column("split");
  if (!image || (!session && !split)) return;  // a table of something else
  while (const auto row = file.next()) {
    if (row->size() <= *image) {
      problem(csv.string() + ":" + std::to_string(file.line()), "malformed",
              "the line has " + std::to_string(row->size()) + " fields and none for the image");
      continue;
    }
    const auto field = [&](const std::optional<std::size_t>& at) {
      return at && *at < row->size() ? (*row)[*at] : std::string();
    };
    const fs::path named = (*row)[*image];
    const fs::path here = normal(csv.parent_path() / named);
    std::error_code failed;
    if (fs::is_regular_file(here, failed)) {
      rows_[here] = {named, field(session), field(split)};
    } else {
      rows_elsewhere_.insert({named.filename().string(), {named, field(session), field(split)}});
    }
  }
}

const ReadSource::Row* ReadSource::row_of(const fs::path& file) {
  const fs::path whole = normal(file);
  const auto here = rows_.find(whole);
  if (here != rows_.end()) return &here->second;
  const auto [first, last] = rows_elsewhere_.equal_range(file.filename().string());
  const Row* best = nullptr;
  std::ptrdiff_t most = 0;
  bool ambiguous = false;
  for (auto row = first; row != last; ++row) {
    const std::ptrdiff_t common = common_end(row->second.image, whole);
    const bool same =
        best != nullptr && best->session == row->second.session && best->split == row->second.split;
    if (common > most) {
      best = &row->second;
      most = common;
      ambiguous = false;
    } else if (common == most && !same) {
      ambiguous = true;
    }
  }
  if (!ambiguous) return best;
  problem(file.string(), "session_ambiguous",
          "images.csv has several rows for a picture of this name, such as \"" +
              best->image.string() + "\", wanted paths that tell them apart");
  return nullptr;
}

void ReadSource::problem(const std::string& where, const std::string& reason,
                         const std::string& text, bool whole_image) {
  problems_.push_back({where, reason, text, whole_image});
}

std::optional<LabelledImage> ReadSource::next() {
  while (std::optional<LabelledImage> image = read_next()) {
    if (finish(*image)) return image;
  }
  return std::nullopt;
}

bool ReadSource::finish(LabelledImage& image) {
  const fs::path file = image.file.path.lexically_normal();
  if (!files_.insert(file).second) {
    problem(file.string(), "image_duplicate", "the picture has a second entry", true);
    return false;
  }
  fs::path name = file.lexically_relative(root_.lexically_normal());
  if (name.empty() || *name.begin() == "..") name = file.filename();
  std::string extension = name.extension().string();
  name.replace_extension();
  image.name = name.generic_string();
  if (!names_.insert(image.name).second) {
    // Pictures that differ in their extension or in folders outside the root.
    const std::string base = image.name + "_" + (extension.empty() ? "" : extension.substr(1));
    image.name = base;
    for (int i = 2; !names_.insert(image.name).second; ++i) {
      image.name = base + "_" + std::to_string(i);
    }
  }
  if (const Row* row = row_of(file)) {
    if (!row->session.empty()) image.lineage.push_back({"session", row->session});
    if (!row->split.empty()) image.split = row->split;
  }
  if (std::none_of(image.lineage.begin(), image.lineage.end(),
                   [](const Ingredient& i) { return i.kind == "photo"; })) {
    image.lineage.push_back({"photo", ""});
  }
  for (Ingredient& ingredient : image.lineage) {
    if (ingredient.kind == "photo" && ingredient.name.empty()) ingredient.name = image.name;
  }
  std::sort(image.lineage.begin(), image.lineage.end());
  image.lineage.erase(std::unique(image.lineage.begin(), image.lineage.end()), image.lineage.end());
  return true;
}

std::string split_of(std::string_view name) {
  std::string text = lower(std::string(name));
  text = text.substr(text.find_last_of("_-.") + 1);
  while (!text.empty() && text.back() >= '0' && text.back() <= '9') text.pop_back();
  if (text == "train" || text == "training") return "train";
  if (text == "val" || text == "valid" || text == "validation") return "val";
  if (text == "test" || text == "testing") return "test";
  return {};
}

std::string split_of(const fs::path& file, const fs::path& root) {
  const fs::path inner = file.lexically_normal().lexically_relative(root.lexically_normal());
  fs::path folder = inner.parent_path();
  for (; !folder.empty() && folder != ".."; folder = folder.parent_path()) {
    const std::string split = split_of(folder.filename().string());
    if (!split.empty()) return split;
  }
  return split_of(root.filename().string());
}

std::vector<fs::path> files_below(const fs::path& folder,
                                  const std::vector<std::string>& extensions) {
  std::vector<fs::path> files;
  const auto take = [&](const fs::path& file) {
    const std::string extension = lower(file.extension().string());
    const bool wanted =
        std::find(extensions.begin(), extensions.end(), extension) != extensions.end();
    if (wanted && file.filename().string().front() != '.') files.push_back(file);
  };
  std::error_code failed;
  if (!fs::is_directory(folder, failed)) {
    if (fs::exists(folder, failed)) take(folder);
    return files;
  }
  for (auto it = fs::recursive_directory_iterator(folder, failed);
       it != fs::recursive_directory_iterator(); it.increment(failed)) {
    if (failed) break;
    const std::string name = it->path().filename().string();
    if (it->is_directory(failed)) {
      if (name.front() == '.' || it.depth() > 8) it.disable_recursion_pending();
    } else {
      take(it->path());
    }
  }
  if (failed) throw Error(folder.string() + ": cannot be listed: " + failed.message(), Exit::io);
  std::sort(files.begin(), files.end());
  return files;
}

bool is_picture(const fs::path& file) {
  const std::string extension = lower(file.extension().string());
  return extension == ".jpg" || extension == ".jpeg" || extension == ".png" ||
         extension == ".bmp" || extension == ".gif" || extension == ".jpe";
}

fs::path picture_named(const fs::path& without_extension) {
  for (const char* extension :
       {".jpg", ".jpeg", ".png", ".bmp", ".gif", ".JPG", ".JPEG", ".PNG", ".BMP", ".GIF"}) {
    fs::path file = without_extension;
    file += extension;
    std::error_code failed;
    if (fs::is_regular_file(file, failed)) return file;
  }
  return {};
}

std::string text_of_file(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  std::ostringstream text;
  std::error_code failed;
  if (fs::is_regular_file(file, failed) && in) text << in.rdbuf();
  if (!in || !fs::is_regular_file(file, failed)) {
    throw Error(file.string() + ": cannot be read", Exit::io);
  }
  return std::move(text).str();
}

std::string trimmed(std::string_view text) {
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  const std::string_view blanks(" \t\r\n\v\f\0", 7);
  const std::size_t from = text.find_first_not_of(blanks);
  if (from == std::string_view::npos) return {};
  return std::string(text.substr(from, text.find_last_not_of(blanks) - from + 1));
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::size_t from = 0;
  while (from < text.size()) {
    const std::size_t end = std::min(text.find('\n', from), text.size());
    lines.push_back(trimmed(std::string_view(text).substr(from, end - from)));
    from = end + 1;
  }
  return lines;
}

std::vector<std::string> names_in(const fs::path& file) {
  std::error_code failed;
  if (!fs::is_regular_file(file, failed)) return {};
  std::vector<std::string> names = lines_of(text_of_file(file));
  while (!names.empty() && names.back().empty()) names.pop_back();
  return names;
}

std::vector<std::string_view> words_of(std::string_view line) {
  std::vector<std::string_view> words;
  for (std::size_t at = line.find_first_not_of(" \t"); at != std::string_view::npos;) {
    const std::size_t end = std::min(line.find_first_of(" \t", at), line.size());
    words.push_back(line.substr(at, end - at));
    at = line.find_first_not_of(" \t", end);
  }
  return words;
}

std::optional<double> number_from(std::string_view text) {
  const std::string bare = trimmed(text);
  const char* from = bare.data() + (bare.starts_with('+') ? 1 : 0);
  double value = 0;
  const auto [end, error] = std::from_chars(from, bare.data() + bare.size(), value);
  if (error != std::errc() || end != bare.data() + bare.size() || bare.empty()) return {};
  return value;
}

std::optional<std::int64_t> whole_from(std::string_view text) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || text.empty()) return {};
  return value;
}

OrientedBox oriented_box(const glm::dvec2& center, const glm::dvec2& size, double angle) {
  OrientedBox box{center, size, angle};
  if (!std::isfinite(angle)) return box;
  box.angle -= kHalfTurn * std::floor(box.angle / kHalfTurn);
  if (box.angle >= kHalfTurn / 2) {
    box.angle -= kHalfTurn / 2;
    std::swap(box.size.x, box.size.y);
  }
  return box;
}

OrientedBox oriented_box(const Polygon& corners) {
  const glm::dvec2 along = (corners[1] - corners[0] + corners[2] - corners[3]) / 2.0;
  const glm::dvec2 across = (corners[3] - corners[0] + corners[2] - corners[1]) / 2.0;
  return oriented_box((corners[0] + corners[1] + corners[2] + corners[3]) / 4.0,
                      {glm::length(along), glm::length(across)}, std::atan2(along.y, along.x));
}

Polygon corners_of(const OrientedBox& box) {
  const glm::dvec2 u = glm::dvec2(std::cos(box.angle), std::sin(box.angle)) * (box.size.x / 2);
  const glm::dvec2 v = glm::dvec2(-std::sin(box.angle), std::cos(box.angle)) * (box.size.y / 2);
  return {box.center - u - v, box.center + u - v, box.center + u + v, box.center - u + v};
}

Polygon ellipse(const glm::dvec2& center, const glm::dvec2& radii, double angle) {
  constexpr int kCorners = 64;
  const glm::dvec2 along(std::cos(angle), std::sin(angle));
  const glm::dvec2 across(-along.y, along.x);
  Polygon corners;
  for (int i = 0; i < kCorners; ++i) {
    const double turn = 2 * kHalfTurn * i / kCorners;
    corners.push_back(center + along * (radii.x * std::cos(turn)) +
                      across * (radii.y * std::sin(turn)));
  }
  return corners;
}

std::string shown_box(const Rect& box) {
  std::ostringstream out;
  out.imbue(std::locale::classic());
  out << "[" << box.x0 << ", " << box.x1 << ") x [" << box.y0 << ", " << box.y1 << ")";
  return out.str();
}

}  // namespace orrery
