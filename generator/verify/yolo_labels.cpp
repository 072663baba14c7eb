#include "generator/verify/yolo_labels.hpp"

#include <charconv>
#include <cmath>
#include <fstream>
#include <optional>
#include <set>

#include "generator/verify/consumer.hpp"

namespace orrery {
namespace {

/// What ten digits after the point cannot tell from nothing.
constexpr double kYoloSlack = 1e-9;

std::optional<double> number_from(const std::string& text) {
  double value = 0;
  const char* end = text.data() + text.size();
  const auto [at, fault] = std::from_chars(text.data(), end, value);
  if (fault != std::errc() || at != end || !std::isfinite(value)) return std::nullopt;
  return value;
}

class LineRules {
 public:
  LineRules(const std::string& format, const YoloYaml& yaml, Findings& findings)
      : format_(format), yaml_(yaml), findings_(findings) {}

  std::optional<YoloLine> check(const std::string& text, const std::string& where) const {
    const std::vector<std::string> words = words_of(text);
    YoloLine line;
    line.where = where;
    if (!has_columns(words.size(), where)) return std::nullopt;
    for (std::size_t i = 0; i < words.size(); ++i) {
      const std::optional<double> number = number_from(words[i]);
      if (!number) {
        findings_.add("label_number", where, "\"" + words[i] + "\"", "a finite number");
        return std::nullopt;
      }
      if (i > 0) line.numbers.push_back(*number);
      if (i == 0 && !has_class(*number, words[i], line)) return std::nullopt;
    }
    if (!in_range(line)) return std::nullopt;
    if (format_ == "yolo" || format_ == "yolo_pose") check_box(line);
    return line;
  }

 private:
  bool has_columns(std::size_t count, const std::string& where) const {
    std::string wanted = "5 columns, a class and a box";
    bool right = count == 5;
    if (format_ == "yolo_obb") {
      wanted = "9 columns, a class and four corners";
      right = count == 9;
    } else if (format_ == "yolo_seg") {
      wanted = "a class and three pairs of numbers at least";
      right = count >= 7 && count % 2 == 1;
    } else if (format_ == "yolo_pose") {
      const std::size_t all = 5 + yaml_.keypoints * yaml_.numbers;
      wanted = std::to_string(all) + " columns, a class, a box and keypoints";
      right = count == all;
    }
    if (!right) {
      findings_.add("label_columns", where, std::to_string(count) + " columns", wanted);
    }
    return right;
  }

  bool has_class(double number, const std::string& text, YoloLine& line) const {
    if (number != std::floor(number)) {
      findings_.add("class_not_whole", line.where, "class " + text, "a whole number");
      return false;
    }
    if (number < 0 || number >= static_cast<double>(yaml_.classes)) {
      findings_.add("class_range", line.where, "class " + text,
                    "0 to " + std::to_string(yaml_.classes) + ", without the last");
      return false;
    }
    line.class_id = static_cast<std::size_t>(number);
    return true;
  }

  /// Every third number of a pose's keypoints is its visibility.
  bool is_visibility(std::size_t i) const {
    return format_ == "yolo_pose" && yaml_.numbers == 3 && i >= 4 && (i - 4) % 3 == 2;
  }

  bool in_range(const YoloLine& line) const {
    bool right = true;
    for (std::size_t i = 0; i < line.numbers.size(); ++i) {
      const double n = line.numbers[i];
      if (is_visibility(i)) {
        if (n == 0 || n == 1 || n == 2) continue;
        findings_.add("keypoint_visibility", line.where, "v " + Json(n).dump(), "0, 1 or 2");
      } else if (n < 0 || n > 1) {
        findings_.add("value_range", line.where,
                      Json(n).dump() + " in column " + std::to_string(i + 2),
                      "0 to 1: readers drop the whole image");
      } else {
        continue;
      }
      right = false;
    }
    return right;
  }

  void check_box(const YoloLine& line) const {
    const std::vector<double>& n = line.numbers;
    if (!(n[2] > 0 && n[3] > 0)) {
      findings_.add("box_empty", line.where, Json(n[2]).dump() + " x " + Json(n[3]).dump(),
                    "a width and a height above 0");
    }
    for (const std::size_t axis : {std::size_t{0}, std::size_t{1}}) {
      const double half = n[axis + 2] / 2;
      if (n[axis] - half >= -kYoloSlack && n[axis] + half <= 1 + kYoloSlack) continue;
      findings_.add(
          "box_outside_image", line.where,
          "a box from " + Json(n[axis] - half).dump() + " to " + Json(n[axis] + half).dump(),
          "0 to 1");
    }
  }

  const std::string& format_;
  const YoloYaml& yaml_;
  Findings& findings_;
};

}  // namespace

std::vector<YoloLine> check_yolo_labels(const std::filesystem::path& file,
                                        const std::string& format, const YoloYaml& yaml,
                                        Findings& findings) {
  std::vector<YoloLine> lines;
  std::ifstream in(file, std::ios::binary);
  const LineRules rules(format, yaml, findings);
  std::set<std::string> seen;
  std::string text;
  for (std::uint64_t number = 1; std::getline(in, text); ++number) {
    const std::string where = file.string() + ":" + std::to_string(number);
    findings.looked_at("labels");
    if (!seen.insert(text).second) {
      findings.add("label_duplicate", where, "\"" + text + "\" again",
                   "a line once: readers take repeated ones away");
    }
    if (std::optional<YoloLine> line = rules.check(text, where)) lines.push_back(std::move(*line));
  }
  return lines;
}

}  // namespace orrery
