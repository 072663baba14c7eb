// What readers of KITTI ask for. Broken, beside the rules of pictures: label_columns, label_blanks,
// label_number, class_unknown, truncated_range, occluded_range, angle_range, box_empty,
// box_outside_image, size_3d, label_file_missing, list_name_unknown.

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <fstream>
#include <numbers>
#include <set>

#include "generator/ingest/picture_header.hpp"
#include "generator/verify/consumer.hpp"
#include "generator/verify/picture_rules.hpp"

namespace orrery {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kColumns = 15;
/// Six digits after the point.
constexpr double kKittiSlack = 1e-6;

class KittiRules {
 public:
  KittiRules(const FormatFolder& at, Findings& findings) : at_(at), findings_(findings) {
    for (std::string name : at.facts.classes) {
      for (char& c : name) {
        if (std::string(" \t\n\r\"'").find(c) != std::string::npos) c = '_';
      }
      classes_.insert(name);
    }
  }

  void run() {
    const fs::path in = at_.folder / "training";
    std::set<std::string> numbers;
    for (const fs::path& picture : paths_below(in / "image_2")) {
      const std::string number = picture.stem().string();
      numbers.insert(number);
      if (!check_picture(in / "image_2" / picture, 0, 0, !at_.dataset.empty(), findings_)) continue;
      const fs::path labels = in / "label_2" / (number + ".txt");
      if (!fs::exists(labels)) {
        findings_.add("label_file_missing", labels.string(), "no file", "one a picture");
        continue;
      }
      check_labels(labels, read_picture_header(in / "image_2" / picture));
    }
    for (const fs::path& labels : paths_below(in / "label_2")) {
      if (numbers.contains(labels.stem().string())) continue;
      findings_.add("picture_missing", (in / "label_2" / labels).string(),
                    "labels without a picture", "a picture in image_2");
    }
    for (const fs::path& list : paths_below(at_.folder / "ImageSets", {".txt"})) {
      std::size_t line = 0;
      for (const std::string& number : lines_of(at_.folder / "ImageSets" / list, findings_)) {
        ++line;
        if (numbers.contains(number)) continue;
        findings_.add("list_name_unknown",
                      (at_.folder / "ImageSets" / list).string() + ":" + std::to_string(line),
                      "\"" + number + "\"", "the number of a picture");
      }
    }
  }

 private:
  void check_labels(const fs::path& file, const PictureHeader& picture) {
    std::ifstream in(file, std::ios::binary);
    std::string text;
    for (std::uint64_t number = 1; std::getline(in, text); ++number) {
      findings_.looked_at("labels");
      check_line(text, file.string() + ":" + std::to_string(number), picture);
    }
  }

  void check_line(const std::string& text, const std::string& where, const PictureHeader& picture) {
    const std::vector<std::string> words = words_of(text);
    std::string one_blank;
    for (const std::string& word : words) one_blank += (one_blank.empty() ? "" : " ") + word;
    if (one_blank != text) {
      findings_.add("label_blanks", where, "\"" + text + "\"", "columns with one blank between");
    }
    if (words.size() != kColumns) {
      findings_.add("label_columns", where, std::to_string(words.size()) + " columns",
                    std::to_string(kColumns));
      return;
    }
    if (words[0] != "DontCare" && !classes_.empty() && !classes_.contains(words[0])) {
      findings_.add("class_unknown", where, words[0], "one of the dataset's classes or DontCare");
    }
    std::array<double, kColumns> n{};
    for (std::size_t i = 1; i < kColumns; ++i) {
      const char* end = words[i].data() + words[i].size();
      const auto [at, fault] = std::from_chars(words[i].data(), end, n[i]);
      if (fault == std::errc() && at == end && std::isfinite(n[i])) continue;
      findings_.add("label_number", where, "\"" + words[i] + "\"", "a finite number");
      return;
    }
    check_numbers(n, words[0] == "DontCare", where, picture);
  }

  void check_numbers(const std::array<double, kColumns>& n, bool ignored, const std::string& where,
                     const PictureHeader& picture) {
    if (n[1] != -1 && !(n[1] >= 0 && n[1] <= 1)) {
      findings_.add("truncated_range", where, Json(n[1]).dump(), "0 to 1, or -1: not known");
    }
    const bool occluded = n[2] == 0 || n[2] == 1 || n[2] == 2 || n[2] == 3;
    if (!occluded && !(ignored && n[2] == -1)) {
      findings_.add("occluded_range", where, Json(n[2]).dump(), "0, 1, 2 or 3");
    }
    for (const std::size_t i : {std::size_t{3}, std::size_t{14}}) {
      if (n[i] == -10 || std::abs(n[i]) <= std::numbers::pi + kKittiSlack) continue;
      findings_.add("angle_range", where, Json(n[i]).dump(), "-pi to pi, or -10: not known");
    }
    const std::string box = Json({n[4], n[5], n[6], n[7]}).dump();
    if (!(n[6] > n[4] && n[7] > n[5])) {
      findings_.add("box_empty", where, box, "right of left and below top");
    }
    if (n[4] < -kKittiSlack || n[5] < -kKittiSlack ||
        n[6] > picture.upright_width() + kKittiSlack ||
        n[7] > picture.upright_height() + kKittiSlack) {
      findings_.add("box_outside_image", where, box,
                    "inside " + std::to_string(picture.upright_width()) + " x " +
                        std::to_string(picture.upright_height()));
    }
    const bool known = n[8] > 0 && n[9] > 0 && n[10] > 0;
    const bool unknown = n[8] == -1 && n[9] == -1 && n[10] == -1;
    if (known || unknown) return;
    findings_.add("size_3d", where, Json({n[8], n[9], n[10]}).dump(), "sizes above 0, or all -1");
  }

  const FormatFolder& at_;
  Findings& findings_;
  std::set<std::string> classes_;
};

}  // namespace

void check_kitti(const FormatFolder& at, Findings& findings) { KittiRules(at, findings).run(); }

}  // namespace orrery
