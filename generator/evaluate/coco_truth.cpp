#include "generator/evaluate/coco_truth.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <unordered_map>

#include "generator/evaluate/coco_element.hpp"
#include "generator/evaluate/coco_mask.hpp"
#include "scenes/error.hpp"

namespace orrery {
namespace {

namespace fs = std::filesystem;

/// Standard deviations of COCO's 17 points of people. Source: pycocotools, Params.setKpParams.
constexpr std::array kPersonSigmas{0.026, 0.025, 0.025, 0.035, 0.035, 0.079, 0.079, 0.072, 0.072,
                                   0.062, 0.062, 0.107, 0.107, 0.087, 0.087, 0.089, 0.089};
constexpr double kOtherSigma = 0.05;

/// What has to wait until the whole file is read, as images and categories may come last.
struct Pending {
  std::int64_t image = 0;
  std::int64_t category = 0;
  std::string where;  ///< with Overlap::segm alone
  Segmentation segmentation{};
};

struct TruthFile {
  GroundTruth truth;
  std::vector<Pending> pending;  ///< beside truth.objects
  std::unordered_map<std::int64_t, std::size_t> annotations;
  std::map<std::int64_t, bool> has_keypoints;  ///< by category
  std::uint64_t ignored = 0;
};

void read_box(Region& region, const CocoElement& element) {
  const std::vector<double> box = element.numbers("bbox");
  const bool right = box.size() == 4 &&
                     std::all_of(box.begin(), box.end(), [](double v) { return std::isfinite(v); });
  if (!right || box[2] < 0 || box[3] < 0) {
    element.refuse("bbox", element.json().at("bbox").dump(),
                   "x, y, width and height, finite and no side below 0");
  }
  region.x = box[0];
  region.y = box[1];
  region.width = box[2];
  region.height = box[3];
}

TestImage image_from(const CocoElement& element) {
  TestImage image;
  image.id = element.id("id");
  if (element.has("file_name")) image.file_name = element.text("file_name");
  if (element.has("width")) image.width = static_cast<int>(element.id("width"));
  if (element.has("height")) image.height = static_cast<int>(element.id("height"));
  const auto text = [&element](const char* key) {
    if (!element.has(key)) return std::string();
    const Json& value = element.json().at(key);
    return value.is_string() ? value.get<std::string>() : value.dump();
  };
  image.group = element.has("group") ? text("group") : text("session");
  image.track = text("track");
  image.split = text("split");
  if (element.has("fold")) image.fold = static_cast<int>(element.id("fold"));
  return image;
}

TestClass class_from(const CocoElement& element) {
  TestClass out;
  out.id = element.id("id");
  out.name = element.has("name") ? element.text("name") : std::to_string(out.id);
  if (element.has("sigmas")) out.sigmas = element.numbers("sigmas");
  return out;
}

void read_keypoints(TruthObject& object, const CocoElement& element) {
  object.keypoints = element.numbers("keypoints");
  if (object.keypoints.empty() || object.keypoints.size() % 3 != 0) {
    element.refuse("keypoints", std::to_string(object.keypoints.size()) + " numbers",
                   "x, y and v for each point");
  }
  std::int64_t labelled = 0;
  for (std::size_t i = 2; i < object.keypoints.size(); i += 3) labelled += object.keypoints[i] > 0;
  if (element.has("num_keypoints")) {
    const std::int64_t said = element.id("num_keypoints");
    // One of them is wrong, and which one decides whether the object counts.
    if ((said == 0) != (labelled == 0)) {
      element.refuse("num_keypoints", std::to_string(said), std::to_string(labelled));
    }
  }
  object.ignored = object.ignored || labelled == 0;
}

void read_annotation(TruthFile& file, const CocoElement& element, Overlap overlap) {
  TruthObject object;
  Pending pending;
  object.id = element.id("id");
  if (object.id == 0) {
    element.refuse("id", "0",
                   "ids from 1: pycocotools takes whatever matches annotation 0 for a miss");
  }
  const auto [at, is_new] = file.annotations.emplace(object.id, file.truth.objects.size());
  if (!is_new) {
    element.refuse("id", "that of annotations[" + std::to_string(at->second) + "] again",
                   "an id of its own: readers of COCO would keep one of the two");
  }
  pending.image = element.id("image_id");
  pending.category = element.id("category_id");
  object.area = element.number("area");
  if (!std::isfinite(object.area) || object.area < 0) {
    element.refuse("area", std::to_string(object.area), "pixels, 0 or more");
  }
  // A mask alone is enough, but keypoints are measured against the box.
  if (overlap != Overlap::segm || element.has("bbox")) read_box(object, element);
  object.crowd = element.flag_if_any("iscrowd").value_or(false);
  object.ignored = object.crowd;
  object.hard = element.flag_if_any("hard");
  object.visible_fraction = element.number_if_any("visible_fraction");
  object.truncation = element.number_if_any("truncation");
  if (element.has("ignore") && element.json().at("ignore") == 1 && !object.crowd) ++file.ignored;
  if (overlap == Overlap::segm) {
    pending.segmentation = segmentation_of(element);
    pending.where = element.where();
  }
  if (overlap == Overlap::keypoints) {
    const bool has = element.has("keypoints");
    const auto [known, first] = file.has_keypoints.emplace(pending.category, has);
    if (!first && known->second != has) {
      element.refuse("keypoints", has ? "there" : "missing",
                     "keypoints for all annotations of a category or for none");
    }
    if (has) read_keypoints(object, element);
  }
  file.truth.objects.push_back(std::move(object));
  file.pending.push_back(std::move(pending));
}

/// Sorts by id, which is how images and classes are gone through.
template <class Thing>
std::unordered_map<std::int64_t, std::uint32_t> sort_by_id(std::vector<Thing>& things,
                                                           const std::string& where) {
  std::stable_sort(things.begin(), things.end(),
                   [](const Thing& a, const Thing& b) { return a.id < b.id; });
  std::unordered_map<std::int64_t, std::uint32_t> places;
  for (std::uint32_t i = 0; i < things.size(); ++i) {
    if (places.emplace(things[i].id, i).second) continue;
    throw Error(where + ": id " + std::to_string(things[i].id) + " is there twice, wanted once");
  }
  return places;
}

template <class Places>
std::uint32_t place_of(const Places& places, std::int64_t id, const std::string& where,
                       const char* key, const char* array) {
  const auto found = places.find(id);
  if (found != places.end()) return found->second;
  throw Error(where + ": " + key + " is " + std::to_string(id) + ", wanted one of the " +
              std::to_string(places.size()) + " " + array + " of the ground truth");
}

/// Once images and categories are known: where each object belongs, and masks.
void resolve(TruthFile& file, const fs::path& path, Overlap overlap) {
  GroundTruth& truth = file.truth;
  const auto images = sort_by_id(truth.images, path.string() + ": images");
  const auto classes = sort_by_id(truth.classes, path.string() + ": categories");
  for (std::size_t i = 0; i < truth.objects.size(); ++i) {
    TruthObject& object = truth.objects[i];
    Pending& pending = file.pending[i];
    const std::string where = path.string() + ": annotations[" + std::to_string(i) + "] (id " +
                              std::to_string(object.id) + ")";
    object.image = place_of(images, pending.image, where, "image_id", "images");
    object.class_id = place_of(classes, pending.category, where, "category_id", "categories");
    if (overlap != Overlap::segm) continue;
    const TestImage& image = truth.images[object.image];
    if (image.width <= 0 || image.height <= 0) {
      throw Error(path.string() + ": image " + std::to_string(image.id) +
                  " has no width and height, wanted them for masks");
    }
    object.mask = mask_from(pending.segmentation, image.width, image.height, pending.where);
    pending = {};
  }
}

/// How many numbers the keypoints of each class have; classes without any are left out.
void settle_keypoints(TruthFile& file, const fs::path& path) {
  GroundTruth& truth = file.truth;
  const auto gone = std::remove_if(truth.objects.begin(), truth.objects.end(),
                                   [](const TruthObject& o) { return o.keypoints.empty(); });
  if (gone != truth.objects.end()) {
    truth.warnings.push_back(std::to_string(truth.objects.end() - gone) +
                             " annotations of classes without keypoints are left out");
  }
  truth.objects.erase(gone, truth.objects.end());
  for (const TruthObject& object : truth.objects) {
    TestClass& its = truth.classes[object.class_id];
    const std::size_t points = object.keypoints.size() / 3;
    if (its.sigmas.empty() && points == kPersonSigmas.size()) {
      its.sigmas.assign(kPersonSigmas.begin(), kPersonSigmas.end());
    }
    if (its.sigmas.empty()) its.sigmas.assign(points, kOtherSigma);
    if (its.sigmas.size() == points) continue;
    throw Error(path.string() + ": annotation " + std::to_string(object.id) + " has " +
                std::to_string(points) + " keypoints, wanted " + std::to_string(its.sigmas.size()) +
                " as others of class " + its.name);
  }
}

}  // namespace

GroundTruth read_ground_truth(const fs::path& path, Overlap overlap) {
  TruthFile file;
  for_each_coco_element(path, {"images", "annotations", "categories"},
                        [&](const std::string& array, const CocoElement& element) {
                          if (array == "images") file.truth.images.push_back(image_from(element));
                          if (array == "categories") {
                            file.truth.classes.push_back(class_from(element));
                          }
                          if (array == "annotations") read_annotation(file, element, overlap);
                        });
  resolve(file, path, overlap);
  if (overlap == Overlap::keypoints) settle_keypoints(file, path);
  if (file.ignored > 0) {
    file.truth.warnings.push_back(std::to_string(file.ignored) +
                                  " annotations say \"ignore\": 1, which COCO's evaluation does "
                                  "not heed (iscrowd is what it heeds)");
  }
  return std::move(file.truth);
}

}  // namespace orrery
