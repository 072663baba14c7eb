#include "generator/verify/annotation_rules.hpp"

#include <algorithm>
#include <cmath>

#include "renderer/labels/mask.hpp"
#include "scenes/error.hpp"

namespace orrery {
namespace {

/// Positions that are printed and read again are the same to far less than this, in pixels.
constexpr double kSame = 1e-6;
/// Readers of polygons take their boxes from rounded corners.
constexpr double kOutlineSlack = 1;

bool same(double a, double b, double slack = kSame) { return std::abs(a - b) <= slack; }

bool same(const std::vector<double>& a, const std::vector<double>& b, double slack = kSame) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [slack](double x, double y) { return same(x, y, slack); });
}

/// One annotation under test.
struct Case {
  const Json& annotation;
  int width;
  int height;
  const ClassRules& classes;
  const std::string& where;
  Findings& findings;

  void add(const char* rule, const std::string& found, const std::string& wanted) const {
    findings.add(rule, where, found, wanted);
  }
  Json at(const char* key) const { return annotation.value(key, Json()); }
  std::string size() const {
    return "[" + std::to_string(height) + "," + std::to_string(width) + "]";
  }
};

std::optional<std::size_t> check_class(const Case& c) {
  const std::optional<std::uint64_t> category = whole_of(c.annotation, "category_id");
  if (category && *category >= 1 && *category <= c.classes.names.size()) {
    return static_cast<std::size_t>(*category - 1);
  }
  c.add("class_range", "category_id " + c.at("category_id").dump(),
        "1 to " + std::to_string(c.classes.names.size()));
  return std::nullopt;
}

std::optional<std::vector<double>> check_box(const Case& c) {
  std::optional<std::vector<double>> box = numbers_of(c.at("bbox"));
  if (!box || box->size() != 4) {
    c.add("box_numbers", "bbox " + c.at("bbox").dump(), "four numbers [x,y,width,height]");
    return std::nullopt;
  }
  const std::vector<double>& b = *box;
  if (!(b[2] > 0 && b[3] > 0)) {
    c.add("box_empty", "bbox " + c.at("bbox").dump(), "a width and a height above 0");
  }
  if (b[0] < -kSame || b[1] < -kSame || b[0] + b[2] > c.width + kSame ||
      b[1] + b[3] > c.height + kSame) {
    c.add("box_outside_image", "bbox " + c.at("bbox").dump(),
          "a box inside " + std::to_string(c.width) + " x " + std::to_string(c.height));
  }
  return box;
}

/// The run lengths of a mask, compressed or plain; nothing, and found, if they are none.
std::optional<Rle> mask_from(const Case& c, const char* key) {
  const Json mask = c.at(key);
  const auto size = numbers_of(mask.value("size", Json()));
  if (!size ||
      *size != std::vector<double>{static_cast<double>(c.height), static_cast<double>(c.width)}) {
    c.add("mask_size", std::string(key) + ".size " + mask.value("size", Json()).dump(), c.size());
    return std::nullopt;
  }
  const Json counts = mask.value("counts", Json());
  std::string fault = "counts that are no text and no list";
  if (counts.is_string()) {
    try {
      return rle_from_coco(counts.get<std::string>(), c.width, c.height);
    } catch (const Error& e) {
      fault = e.what();
    }
  }
  if (counts.is_array()) {
    Rle rle;
    rle.width = c.width;
    rle.height = c.height;
    std::uint64_t sum = 0;
    bool whole = true;
    for (const Json& run : counts) {
      whole = whole && run.is_number_unsigned() && run.get<std::uint64_t>() <= 0xffffffffU;
      if (!whole) break;
      rle.counts.push_back(run.get<std::uint32_t>());
      sum += rle.counts.back();
    }
    if (whole &&
        sum == static_cast<std::uint64_t>(c.width) * static_cast<std::uint64_t>(c.height)) {
      return rle;
    }
    fault = "runs that do not fill the image";
  }
  c.add("mask_unreadable", std::string(key) + ": " + fault, "run lengths of " + c.size());
  return std::nullopt;
}

/// The box that something spans, against the one that is said of it.
void check_extent(const Case& c, const std::vector<double>& box, const std::vector<double>& extent,
                  const char* rule, double slack) {
  if (same(box, extent, slack)) return;
  const std::string wanted = Json(extent).dump();
  const std::string found = "bbox " + Json(box).dump();
  const std::vector<double> turned{extent[1], extent[0], extent[3], extent[2]};
  if (same(box, turned, slack)) {
    c.add("box_axes_swapped", found, wanted + ", x before y");
  } else {
    c.add(rule, found, wanted);
  }
}

void check_area(const Case& c, double wanted) {
  const Json area = c.at("area");
  if (area.is_number() && same(area.get<double>(), wanted, kSame * std::max(1.0, wanted))) return;
  c.add("area", "area " + area.dump(), Json(wanted).dump());
}

void check_mask(const Case& c, const std::optional<std::vector<double>>& box) {
  const std::optional<Rle> mask = mask_from(c, "segmentation");
  if (!mask) return;
  const std::uint64_t pixels = area(*mask);
  check_area(c, static_cast<double>(pixels));
  if (pixels == 0) {
    c.add("mask_empty", "a mask without a pixel", "one pixel at least");
    return;
  }
  if (!box || c.annotation.value("loose", Json()) == Json(true)) return;
  const Box b = bounding_box(*mask);
  check_extent(c, *box,
               {static_cast<double>(b.x0), static_cast<double>(b.y0),
                static_cast<double>(b.x1 - b.x0), static_cast<double>(b.y1 - b.y0)},
               "box_is_not_extent_of_mask", kSame);
}

void check_polygons(const Case& c, const std::optional<std::vector<double>>& box) {
  if (c.annotation.value("iscrowd", Json()) == Json(1)) {
    c.add("crowd_with_polygons", "iscrowd 1 with polygons", "run lengths: readers take no others");
  }
  double sum = 0;
  std::vector<double> extent{1e300, 1e300, -1e300, -1e300};
  for (const Json& polygon : c.annotation.at("segmentation")) {
    const auto numbers = numbers_of(polygon);
    if (!numbers || numbers->size() < 6 || numbers->size() % 2 != 0) {
      c.add("polygon_numbers", std::to_string(polygon.size()) + " numbers in a polygon",
            "three or more pairs of finite numbers");
      return;
    }
    const std::size_t n = numbers->size();
    double twice = 0;
    for (std::size_t i = 0; i < n; i += 2) {
      const double x = (*numbers)[i];
      const double y = (*numbers)[i + 1];
      twice += x * (*numbers)[(i + 3) % n] - (*numbers)[(i + 2) % n] * y;
      extent = {std::min(extent[0], x), std::min(extent[1], y), std::max(extent[2], x),
                std::max(extent[3], y)};
    }
    sum += std::abs(twice) / 2;
  }
  check_area(c, sum);
  if (!box || c.annotation.value("loose", Json()) == Json(true)) return;
  check_extent(c, *box, {extent[0], extent[1], extent[2] - extent[0], extent[3] - extent[1]},
               "box_is_not_extent_of_outline", kOutlineSlack);
}

void check_shape(const Case& c, const std::optional<std::vector<double>>& box) {
  const Json segmentation = c.at("segmentation");
  if (segmentation.is_object()) {
    check_mask(c, box);
  } else if (segmentation.is_array() && !segmentation.empty()) {
    check_polygons(c, box);
  } else if (segmentation.is_array() || segmentation.is_null()) {
    if (box) check_area(c, (*box)[2] * (*box)[3]);
  } else {
    c.add("mask_unreadable", "segmentation " + segmentation.dump(), "run lengths or polygons");
  }
  const Json crowd = c.at("iscrowd");
  if (crowd != Json(0) && crowd != Json(1)) {
    c.add("iscrowd", "iscrowd " + crowd.dump(), "0 or 1");
  }
  if (c.annotation.contains("amodal_segmentation")) mask_from(c, "amodal_segmentation");
}

void check_keypoints(const Case& c, std::size_t names) {
  const Json list = c.at("keypoints");
  if (names == 0 && list.is_null()) return;
  const auto numbers = numbers_of(list);
  if (!numbers || numbers->size() != 3 * names) {
    c.add("keypoint_count", std::to_string(list.size()) + " numbers of keypoints",
          std::to_string(3 * names) + ", x, y and v for each name of its class");
    return;
  }
  std::uint64_t counted = 0;
  for (std::size_t i = 0; i + 2 < numbers->size(); i += 3) {
    const double v = (*numbers)[i + 2];
    if (v > 0) ++counted;
    const bool nowhere = (*numbers)[i] == 0 && (*numbers)[i + 1] == 0;
    if ((v == 0 && nowhere) || v == 1 || v == 2) continue;
    c.add("keypoint_visibility",
          "keypoint " + std::to_string(i / 3 + 1) + " with v " + Json(v).dump(),
          "v 1 or 2, or x, y and v 0");
  }
  if (whole_of(c.annotation, "num_keypoints") != counted) {
    c.add("num_keypoints", "num_keypoints " + c.at("num_keypoints").dump(),
          std::to_string(counted) + ", those with v above 0");
  }
}

void check_fractions(const Case& c) {
  for (const char* key : {"visible_fraction", "truncation", "occlusion"}) {
    const Json value = c.at(key);
    if (value.is_null()) continue;
    if (value.is_number() && value >= 0 && value <= 1) continue;
    c.add("fraction_range", std::string(key) + " " + value.dump(), "0 to 1");
  }
  const Json weight = c.annotation.value("weight", Json(1));
  if (weight.is_number() && weight > 0 && weight <= 1) return;
  c.add("weight_range", "weight " + weight.dump(), "above 0, at most 1");
}

}  // namespace

std::optional<std::vector<double>> numbers_of(const Json& list) {
  if (!list.is_array()) return std::nullopt;
  std::vector<double> numbers;
  for (const Json& number : list) {
    if (!number.is_number() || !std::isfinite(number.get<double>())) return std::nullopt;
    numbers.push_back(number.get<double>());
  }
  return numbers;
}

std::optional<std::uint64_t> whole_of(const Json& object, const char* key) {
  const auto found = object.is_object() ? object.find(key) : object.end();
  if (found == object.end() || !found->is_number_unsigned()) return std::nullopt;
  return found->get<std::uint64_t>();
}

ClassRules check_categories(const Json& categories, const std::vector<std::string>& classes,
                            const std::string& where, Findings& findings) {
  ClassRules rules;
  for (std::size_t i = 0; categories.is_array() && i < categories.size(); ++i) {
    const Json& category = categories[i];
    const std::string place = where + ": categories[" + std::to_string(i) + "]";
    if (whole_of(category, "id") != i + 1) {
      findings.add(
          "category_id", place,
          "id " + (category.is_object() ? category.value("id", Json()).dump() : category.dump()),
          std::to_string(i + 1));
    }
    const Json name = category.is_object() ? category.value("name", Json()) : Json();
    rules.names.push_back(name.is_string() ? name.get<std::string>() : name.dump());
    const Json points = category.is_object() ? category.value("keypoints", Json::array()) : Json();
    rules.keypoints.push_back(points.size());
    if (!category.is_object()) continue;
    for (const char* key : {"skeleton", "keypoint_swaps"}) {
      for (const Json& pair : category.value(key, Json::array())) {
        const auto ends = numbers_of(pair);
        const auto most = static_cast<double>(points.size());
        const bool right = ends && ends->size() == 2 && (*ends)[0] >= 1 && (*ends)[1] >= 1 &&
                           (*ends)[0] <= most && (*ends)[1] <= most;
        if (right) continue;
        findings.add("skeleton_range", place, std::string(key) + " " + pair.dump(),
                     "two keypoints, 1 to " + std::to_string(points.size()));
      }
    }
  }
  if (!classes.empty() && rules.names != classes) {
    findings.add("category_order", where, "categories " + Json(rules.names).dump(),
                 Json(classes).dump() + ", as dataset.json has them");
  }
  return rules;
}

void check_annotation(const Json& annotation, int width, int height, const ClassRules& classes,
                      const std::string& where, Findings& findings) {
  const Case c{annotation, width, height, classes, where, findings};
  const std::optional<std::size_t> class_id = check_class(c);
  const std::optional<std::vector<double>> box = check_box(c);
  check_shape(c, box);
  if (class_id) check_keypoints(c, classes.keypoints[*class_id]);
  check_fractions(c);
}

bool AnnotationIds::first_time(std::uint64_t id) {
  constexpr std::uint64_t kFar = 1U << 28U;  // 32 MiB of bits
  if (id >= kFar) {
    const auto place = std::lower_bound(far_seen_.begin(), far_seen_.end(), id);
    if (place != far_seen_.end() && *place == id) return false;
    far_seen_.insert(place, id);
    return true;
  }
  if (id >= seen_.size()) seen_.resize(std::max<std::size_t>(id + 1, 2 * seen_.size()));
  const bool first = !seen_[id];
  seen_[id] = true;
  return first;
}

void AnnotationIds::check(const Json& annotation, const std::string& where, Findings& findings) {
  const std::optional<std::uint64_t> id = whole_of(annotation, "id");
  const std::uint64_t wanted = wanted_++;
  if (!id) {
    findings.add("annotation_id", where, "id " + annotation.value("id", Json()).dump(),
                 "a whole number from 1");
  } else if (*id == 0) {
    findings.add("annotation_id_zero", where, "id 0", "ids from 1: evaluators take 0 for a miss");
  } else if (!first_time(*id)) {
    findings.add("annotation_id_duplicate", where, "id " + std::to_string(*id) + " again",
                 "an id once");
  } else if (consecutive_ && *id != wanted) {
    findings.add("annotation_id_gap", where, "id " + std::to_string(*id), std::to_string(wanted));
    if (*id > wanted) wanted_ = *id + 1;
  }
}

}  // namespace orrery
