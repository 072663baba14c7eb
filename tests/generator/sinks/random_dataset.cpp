#include "tests/generator/sinks/random_dataset.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <fstream>
#include <sstream>

#include "generator/encode.hpp"
#include "generator/whole_file.hpp"
#include "renderer/labels/mask.hpp"
#include "scenes/random.hpp"

namespace orrery::testing {
namespace fs = std::filesystem;
namespace {

int between(Rng& rng, int low, int high) {
  return low + static_cast<int>(rng.below(static_cast<std::uint32_t>(high - low + 1)));
}

/// Some rectangles, some of them with a hole.
Rle random_mask(Rng& rng, int width, int height) {
  Image<std::uint8_t> mask(width, height, 0);
  const int parts = between(rng, 1, 3);
  for (int part = 0; part < parts; ++part) {
    const int x = between(rng, 0, width - 9);
    const int y = between(rng, 0, height - 9);
    const bool hole = rng.below(2) == 0;
    for (int v = y; v < y + 8; ++v) {
      for (int u = x; u < x + 8; ++u) {
        const bool empty = hole && u > x + 2 && u < x + 5 && v > y + 2 && v < y + 5;
        if (!empty) mask.at(u, v) = 1;
      }
    }
  }
  return rle_from_mask(mask);
}

Polygon random_polygon(Rng& rng, int width, int height) {
  const double x = rng.uniform(5, width - 5);
  const double y = rng.uniform(5, height - 5);
  Polygon polygon;
  const int corners = between(rng, 3, 7);
  for (int i = 0; i < corners; ++i) {
    const double angle = 6.283185307179586 * i / corners;
    const double radius = rng.uniform(2, 5);
    polygon.emplace_back(x + radius * std::cos(angle), y + radius * std::sin(angle));
  }
  return polygon;
}

Label random_label(Rng& rng, const LabelledImage& image, const DatasetInfo& info,
                   const Flavour& flavour) {
  Label label;
  label.id = image.labels.size() + 1;
  label.class_id = rng.below(static_cast<std::uint32_t>(info.classes.size()));
  const std::uint32_t shape = rng.below(4);
  if (shape == 0) {
    label.mask = random_mask(rng, image.width, image.height);
    label.box = rect_of(bounding_box(*label.mask));
  } else if (shape == 1) {
    label.outline.push_back(random_polygon(rng, image.width, image.height));
    label.box = extent_of(label.outline);
  } else {
    label.box.x0 = rng.uniform(0, image.width - 8);
    label.box.y0 = rng.uniform(0, image.height - 8);
    label.box.x1 = rng.uniform(label.box.x0 + 2, image.width);
    label.box.y1 = rng.uniform(label.box.y0 + 2, image.height);
    label.loose = rng.below(4) == 0;
  }
  label.hard = rng.below(4) == 0;
  if (rng.below(2) == 0) label.truncation = rng.below(2) == 0 ? 0.0 : rng.unit();
  if (rng.below(2) == 0) label.occlusion = rng.below(2) == 0 ? 0.0 : rng.unit();
  const std::size_t names = info.keypoints[label.class_id].points.size();
  for (std::size_t i = 0; i < names; ++i) {
    LabelPoint point;
    point.visibility = static_cast<std::uint8_t>(rng.below(3));
    point.position.x = point.visibility > 0 ? rng.uniform(0, image.width) : 0;
    point.position.y = point.visibility > 0 ? rng.uniform(0, image.height) : 0;
    label.keypoints.push_back(point);
  }
  label.crowd = flavour.crowds && rng.below(6) == 0;
  if (label.crowd && !label.mask) {
    label.mask = random_mask(rng, image.width, image.height);
    label.outline.clear();
    label.box = rect_of(bounding_box(*label.mask));
    label.loose = false;
  }
  if (label.crowd) {
    for (LabelPoint& point : label.keypoints) point = {};
  }
  if (flavour.weights && rng.below(2) == 0) label.weight = rng.uniform(0.1, 0.9);
  return label;
}

void write_picture(Rng& rng, const LabelledImage& image) {
  Image<Rgba8> color(image.width, image.height);
  for (Rgba8& pixel : color.pixels) {
    pixel = Rgba8(rng.bits() % 256, 0, 0, 255);
    pixel.g = static_cast<std::uint8_t>(rng.bits() % 256);
  }
  fs::create_directories(image.file.path.parent_path());
  write_whole_file(
      image.file.path,
      png_from(ImageView<Rgba8>{color.width, color.height, color.pixels}, Alpha::drop));
}

Json truth_json_of(const LabelledImage& image, const Label& label) {
  Json out{
      {"class", label.class_id},  {"box", {label.box.x0, label.box.y0, label.box.x1, label.box.y1}},
      {"crowd", label.crowd},     {"hard", label.hard},
      {"loose", label.loose},     {"weight", label.weight},
      {"area", label.area()},     {"only_box", !label.mask && label.outline.empty()},
      {"outline", Json::array()}, {"keypoints", Json::array()}};
  if (label.truncation) out["truncation"] = *label.truncation;
  if (label.occlusion) out["occlusion"] = *label.occlusion;
  for (const glm::dvec2& corner : label.outline.empty() ? Polygon{} : label.outline[0]) {
    out["outline"].push_back({corner.x, corner.y});
  }
  if (const auto rle = mask_of(label, image.width, image.height)) {
    const Image<std::uint8_t> mask = mask_from_rle(*rle);
    std::string rows;
    for (const std::uint8_t pixel : mask.pixels) rows += pixel != 0 ? '1' : '0';
    out["mask"] = rows;
    out["exact_mask"] = label.mask.has_value();
  }
  for (const LabelPoint& point : label.keypoints) {
    out["keypoints"].push_back({point.position.x, point.position.y, point.visibility});
  }
  return out;
}

}  // namespace

RandomDataset::RandomDataset(std::uint64_t seed, int count, const fs::path& folder,
                             const Flavour& flavour) {
  info.name = "random";
  info.description = "random \"labels\"";
  info.classes = {"ball", "Straße \"eins\"", "a b & <c>", "日本"};
  Keypoints points;
  for (const char* name : {"left eye", "right eye", "nose"}) {
    points.points.push_back({name, {}, false});
  }
  points.skeleton = {{"left eye", "nose"}};
  points.swaps = {{"left eye", "right eye"}};
  info.keypoints = {{}, points, {}, {}};
  for (int i = 0; i < count; ++i) {
    Rng rng(seed, static_cast<std::uint64_t>(i), "tests/sinks");
    LabelledImage image;
    image.name = (i % 5 == 1 ? "images/über/" : "shots/") + std::to_string(100 + i);
    image.file = folder / (image.name + ".png");
    image.width = between(rng, 24, 70);
    image.height = between(rng, 24, 60);
    static constexpr std::array kSplits{"train", "val", "test", "train"};
    image.split = kSplits.at(rng.below(4));
    if (flavour.folds && image.split != "test") image.fold = between(rng, 0, 2);
    image.train_only = image.split == "train" && rng.below(4) == 0;
    const int labels = i % 7 == 3 ? 0 : between(rng, 1, 6);
    for (int k = 0; k < labels; ++k) {
      image.labels.push_back(random_label(rng, image, info, flavour));
    }
    write_picture(rng, image);
    images.push_back(std::move(image));
  }
}

void RandomDataset::write_truth(const fs::path& file) const {
  Json all{{"classes", info.classes}, {"images", Json::array()}};
  for (const LabelledImage& image : images) {
    Json out{{"name", image.name},   {"width", image.width},           {"height", image.height},
             {"split", image.split}, {"train_only", image.train_only}, {"labels", Json::array()}};
    if (image.fold) out["fold"] = *image.fold;
    for (const Label& label : image.labels) out["labels"].push_back(truth_json_of(image, label));
    all["images"].push_back(std::move(out));
  }
  std::ofstream(file) << all.dump();
}

std::map<std::string, std::string> files_of(const fs::path& folder) {
  std::map<std::string, std::string> files;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (!entry.is_regular_file()) continue;
    std::ifstream in(entry.path(), std::ios::binary);
    std::ostringstream text;
    text << in.rdbuf();
    files[fs::relative(entry.path(), folder).string()] = text.str();
  }
  return files;
}

}  // namespace orrery::testing
