#include "tests/generator/packed/random_images.hpp"

#include <doctest/doctest.h>

#include <array>
#include <cmath>
#include <cstdlib>
#include <fstream>
#include <sstream>

#include "generator/encode.hpp"
#include "generator/sample.hpp"
#include "renderer/labels/mask.hpp"
#include "scenes/random.hpp"

namespace orrery::testing {
namespace fs = std::filesystem;
namespace {

void write(const fs::path& file, const std::string& bytes) {
  fs::create_directories(file.parent_path());
  std::ofstream(file, std::ios::binary) << bytes;
}

std::string text_from(const std::vector<std::byte>& bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

Image<Rgba8> random_picture(Rng& rng, int width, int height) {
  Image<Rgba8> picture(width, height);
  const glm::dvec3 slope = rng.direction() * 3.0;
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      const auto level = [&](double v) { return static_cast<std::uint8_t>(128 + v); };
      picture.at(x, y) = {level(slope.x * (x - width / 2.0)), level(slope.y * (y - height / 2.0)),
                          level(slope.z * (x - y)), 255};
    }
  }
  return picture;
}

/// The picture's file, under one of the names that trouble readers; sets the image's size.
void add_picture(LabelledImage& image, const fs::path& folder, std::uint64_t index, Rng& rng) {
  static constexpr std::array kNames{"img1.", "a.b/c d/img1.", "TEST/img", "__x__/val."};
  static constexpr std::array kJpegs{".JPG", ".jpeg", ".jpg"};
  image.name = kNames[index % kNames.size()] + std::to_string(index);
  int width = 16 * static_cast<int>(1 + rng.below(3));
  int height = 16 * static_cast<int>(1 + rng.below(3));
  if (rng.unit() < 0.5) {  // blocks that are not whole
    width += static_cast<int>(rng.below(15));
    height += static_cast<int>(rng.below(15));
  }
  const Image<Rgba8> picture = random_picture(rng, width, height);
  if (rng.unit() < 0.3) {
    image.file = folder / (image.name + ".PnG");
    write(image.file.path, text_from(png_from(picture, Alpha::drop)));
  } else {
    const int orientation = rng.unit() < 0.5 ? 1 : static_cast<int>(1 + rng.below(8));
    image.file = folder / (image.name + kJpegs[rng.below(kJpegs.size())]);
    const std::string jpeg = text_from(jpeg_from(picture, 95, false));
    write(image.file.path, orientation == 1 ? jpeg : with_orientation(jpeg, orientation));
    if (orientation >= 5) std::swap(width, height);
  }
  image.width = width;
  image.height = height;
}

Rle random_ellipse(Rng& rng, int width, int height) {
  Image<std::uint8_t> mask(width, height, 0);
  const glm::dvec2 center{rng.uniform(0, width), rng.uniform(0, height)};
  const glm::dvec2 radius{rng.uniform(2, 12), rng.uniform(2, 12)};
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      const glm::dvec2 at = (glm::dvec2(x, y) + 0.5 - center) / radius;
      mask.at(x, y) = glm::dot(at, at) < 1 ? 1 : 0;
    }
  }
  return rle_from_mask(mask);
}

Label random_label(Rng& rng, std::uint64_t id, const LabelledImage& image,
                   const DatasetInfo& info) {
  Label label;
  label.id = id;
  label.class_id = rng.below(3);
  const auto w = static_cast<double>(image.width);
  const auto h = static_cast<double>(image.height);
  const double kind = rng.unit();
  if (kind < 0.4) {
    label.mask = random_ellipse(rng, image.width, image.height);
    label.box = rect_of(bounding_box(*label.mask));
    label.visible_fraction = rng.unit();
  } else {
    const double x = rng.uniform(0, w - 5);
    const double y = rng.uniform(0, h - 5);
    label.box = {x, y, rng.uniform(x + 2, w), rng.uniform(y + 2, h)};
    if (kind < 0.6) {
      label.outline = {{{label.box.x0, label.box.y0},
                        {label.box.x1, label.box.y0},
                        {label.box.x0, label.box.y1}}};
    } else if (kind < 0.7) {
      label.box.x1 = w + 3;  // loose boxes may leave the image
      label.loose = true;
    }
  }
  label.crowd = rng.unit() < 0.1;
  label.hard = rng.unit() < 0.2;
  if (rng.unit() < 0.3) label.weight = rng.uniform(0.1, 1);
  if (label.class_id < 2 && rng.unit() < 0.7) {
    for (std::size_t i = 0; i < info.keypoints[label.class_id].points.size(); ++i) {
      const glm::dvec2 at{rng.uniform(0, w), rng.uniform(0, h)};
      label.keypoints.push_back({at, static_cast<std::uint8_t>(1 + rng.below(2))});
    }
  }
  return label;
}

}  // namespace

std::string with_orientation(const std::string& jpeg, int orientation) {
  std::string exif("Exif\0\0II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0", 24);
  exif += static_cast<char>(orientation);
  exif.append(7, '\0');
  const auto size = static_cast<char>(exif.size() + 2);
  return jpeg.substr(0, 2) + std::string("\xFF\xE1\0", 3) + size + exif + jpeg.substr(2);
}

RandomSet random_set(const fs::path& folder, std::uint64_t seed, std::uint64_t count, bool splits) {
  static constexpr std::array kSplits{"train", "val", "train", "test-2"};
  RandomSet set;
  set.info.classes = {"mug", "a \"quoted\" \\ name", "teapot"};
  set.info.keypoints.resize(3);
  for (const char* name : {"rim", "handle", "foot"}) {
    set.info.keypoints[0].points.push_back({name, {}, false});
  }
  set.info.keypoints[1].points.push_back({"tip", {}, false});
  for (std::uint64_t i = 0; i < count; ++i) {
    Rng rng(seed, i, "image");
    LabelledImage image;
    add_picture(image, folder, i, rng);
    const std::uint32_t labels = i % 4 == 0 ? 0 : rng.below(6);
    for (std::uint64_t id = 1; id <= labels; ++id) {
      const Label label = random_label(rng, id, image, set.info);
      if (!label.box.empty()) image.labels.push_back(label);
    }
    if (splits) image.split = kSplits[rng.below(kSplits.size())];
    if (rng.unit() < 0.5) image.fold = static_cast<int>(rng.below(5));
    if (rng.unit() < 0.5) image.lineage = {{"photo", image.name, "ab", "CC0-1.0"}};
    set.images.push_back(std::move(image));
  }
  return set;
}

void write_truth(const RandomSet& set, const fs::path& folder) {
  Json images = Json::array();
  for (std::size_t i = 0; i < set.images.size(); ++i) {
    const LabelledImage& image = set.images[i];
    Json labels = Json::array();
    for (const Label& label : image.labels) {
      std::string file;
      if (const auto mask = mask_of(label, image.width, image.height)) {
        file = std::to_string(i) + "-" + std::to_string(label.id) + ".mask";
        const Image<std::uint8_t> pixels = mask_from_rle(*mask);
        write(folder / file,
              {reinterpret_cast<const char*>(pixels.pixels.data()), pixels.pixels.size()});
      }
      Json points = Json::array();
      for (const LabelPoint& p : label.keypoints) {
        points.push_back({p.position.x, p.position.y, p.visibility});
      }
      labels.push_back({{"id", label.id},
                        {"class_id", label.class_id},
                        {"box", {label.box.x0, label.box.y0, label.box.x1, label.box.y1}},
                        {"area", label.area()},
                        {"mask", file},
                        {"is_mask", label.mask.has_value()},
                        {"crowd", label.crowd},
                        {"hard", label.hard},
                        {"loose", label.loose},
                        {"weight", label.weight},
                        {"keypoints", points}});
    }
    Json lineage = Json::array();
    for (const Ingredient& part : image.lineage) lineage.push_back({part.kind, part.name});
    images.push_back({{"name", image.name},
                      {"file", image.file.string()},
                      {"width", image.width},
                      {"height", image.height},
                      {"split", image.split},
                      {"fold", image.fold.value_or(-1)},
                      {"lineage", lineage},
                      {"labels", labels}});
  }
  write(folder / "truth.json", Json{{"classes", set.info.classes}, {"images", images}}.dump());
}

std::map<std::string, std::uint64_t> write_all(const std::string& format, const fs::path& folder,
                                               const RandomSet& set, const SinkOptions& options) {
  fs::create_directories(folder);
  const std::unique_ptr<Sink> sink = open_sink(format, folder, set.info, options);
  for (const LabelledImage& image : set.images) sink->add(image);
  sink->finish();
  return sink->left_out();
}

std::map<std::string, std::string> files_of(const fs::path& folder) {
  std::map<std::string, std::string> files;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (!entry.is_regular_file()) continue;
    std::ifstream in(entry.path(), std::ios::binary);
    std::stringstream bytes;
    bytes << in.rdbuf();
    files[entry.path().lexically_relative(folder).string()] = bytes.str();
  }
  return files;
}

bool can_import(const std::string& modules) {
  const std::string python = ORRERY_PYTHON;
  if (std::system((python + " -c 'import " + modules + "' 2>/dev/null").c_str()) == 0) return true;
  MESSAGE("skipped: " << python << " with " << modules << " is not there (./dev setup)");
  return false;
}

int run_reader(const std::string& script, const std::vector<std::string>& arguments) {
  std::string command = std::string(ORRERY_PYTHON) + " " + ORRERY_READERS + "/" + script;
  for (const std::string& argument : arguments) command += " " + argument;
  return std::system(command.c_str());
}

}  // namespace orrery::testing
