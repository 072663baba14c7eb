#include "generator/report.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <fstream>
#include <functional>
#include <glm/glm.hpp>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "generator/chunk_shard.hpp"
#include "generator/dataset_folder.hpp"
#include "generator/pack.hpp"
#include "generator/sample.hpp"
#include "generator/thumbnail.hpp"
#include "generator/whole_file.hpp"
#include "scenes/error.hpp"

namespace orrery {

extern const char kReportPage[];  // made at build time from generator/report/

namespace {

namespace fs = std::filesystem;

constexpr std::size_t kSamples = 60;
constexpr int kSide = 640;                     // pixels, of an embedded picture
constexpr std::size_t kJpegBytes = 72 * 1024;  // of one embedded picture: 60 make 6 MB of text
constexpr std::size_t kSphereRows = 12;        // elevation, 15° each
constexpr std::size_t kSphereColumns = 24;     // azimuth, 15° each
constexpr std::array kSizeEdges{8.0, 16.0, 32.0, 64.0, 128.0, 256.0};  // pixels

std::ifstream opened(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in) throw Error(file.string() + ": cannot be opened, wanted a finished dataset", Exit::io);
  return in;
}

/// Hands every annotation of a COCO file to `take` and forgets it.
void for_each_annotation(const fs::path& coco, const std::function<void(const Json&)>& take) {
  std::ifstream in = opened(coco);
  std::string section;
  const auto visit = [&](int depth, Json::parse_event_t event, Json& parsed) {
    if (depth == 1 && event == Json::parse_event_t::key) section = parsed.get<std::string>();
    if (depth != 2 || event != Json::parse_event_t::object_end) return true;
    if (section == "annotations") take(parsed);
    return false;
  };
  try {
    [[maybe_unused]] const Json emptied = Json::parse(in, visit);
  } catch (const Json::exception& e) {
    throw Error(coco.string() + ": " + e.what());
  }
}

/// Histograms over all labels, a row of bins per class.
struct Statistics {
  template <std::size_t n>
  using PerClass = std::vector<std::array<std::uint64_t, n>>;

  explicit Statistics(std::size_t classes)
      : count(classes),
        size(classes),
        visible(classes),
        whole(classes),
        truncation(classes),
        inside(classes),
        views(classes) {}

  PerClass<1> count;
  PerClass<kSizeEdges.size() + 1> size;  ///< longer side of the visible box
  PerClass<10> visible;
  PerClass<1> whole;  ///< visible fraction is 1
  PerClass<10> truncation;
  PerClass<1> inside;  ///< truncation is 0
  PerClass<kSphereRows * kSphereColumns> views;
  std::array<std::uint64_t, 32> luminance{};
};

std::size_t tenth(double fraction) {
  return std::min<std::size_t>(9, static_cast<std::size_t>(std::max(0.0, fraction) * 10.0));
}

/// The cell of the sphere, around the object and in its frame, from which the camera looks.
std::size_t view_cell(const Json& camera_from_object) {
  const Json& rotation = camera_from_object.at("rotation");  // rows
  const Json& translation = camera_from_object.at("translation");
  glm::dvec3 camera(0.0);  // -Rᵀ t, up to scale
  for (std::size_t row = 0; row < 3; ++row) {
    for (std::size_t column = 0; column < 3; ++column) {
      camera[static_cast<int>(column)] -=
          rotation.at(row * 3 + column).get<double>() * translation.at(row).get<double>();
    }
  }
  camera = glm::normalize(camera);
  const double pi = std::acos(-1.0);
  const double up = std::asin(std::clamp(camera.z, -1.0, 1.0)) / pi + 0.5;
  const double around = std::atan2(camera.y, camera.x) / (2 * pi) + 0.5;
  const auto cell = [](double unit, std::size_t cells) {
    return std::min(cells - 1, static_cast<std::size_t>(unit * static_cast<double>(cells)));
  };
  return cell(up, kSphereRows) * kSphereColumns + cell(around, kSphereColumns);
}

/// Counts one object of a manifest line, if it was labelled.
void add(Statistics& statistics, const Json& object) {
  if (object.contains("dropped") || object.value("crowd", false)) return;
  const std::size_t c = object.at("class");
  if (c >= statistics.count.size()) {
    throw Error("class " + std::to_string(c) + " of an object, wanted one of the " +
                std::to_string(statistics.count.size()) + " classes");
  }
  ++statistics.count[c][0];
  const char* box_name = object.contains("visible_box") ? "visible_box" : "box";
  const std::array<double, 4> box = object.at(box_name);
  const double side = std::max(box[2] - box[0], box[3] - box[1]);
  const auto bin = std::upper_bound(kSizeEdges.begin(), kSizeEdges.end(), side);
  ++statistics.size[c][static_cast<std::size_t>(bin - kSizeEdges.begin())];
  // Of real things nobody knows what is hidden, or from where they are seen.
  if (object.contains("visible_fraction")) {
    const double visible = object.at("visible_fraction");
    ++statistics.visible[c][tenth(visible)];
    if (visible >= 1) ++statistics.whole[c][0];
  }
  if (object.contains("truncation")) {
    const double truncation = object.at("truncation");
    ++statistics.truncation[c][tenth(truncation)];
    if (truncation <= 0) ++statistics.inside[c][0];
  }
  if (object.contains("camera_from_object")) {
    ++statistics.views[c][view_cell(object.at("camera_from_object"))];
  }
}

Json json_of(const Statistics& statistics, const std::vector<std::string>& classes) {
  return {{"classes", classes},
          {"count", statistics.count},
          {"size", statistics.size},
          {"visible", statistics.visible},
          {"whole", statistics.whole},
          {"truncation", statistics.truncation},
          {"inside", statistics.inside},
          {"views", statistics.views},
          {"sphere", {{"rows", kSphereRows}, {"columns", kSphereColumns}}},
          {"luminance", statistics.luminance}};
}

/// At most kSamples of 0 … count-1, spread evenly.
std::set<std::size_t> evenly_spaced(std::size_t count) {
  std::set<std::size_t> chosen;
  const std::size_t wanted = std::min(count, kSamples);
  for (std::size_t i = 0; i < wanted; ++i) chosen.insert((2 * i + 1) * count / (2 * wanted));
  return chosen;
}

/// The colour picture among a sample's files, relative to the dataset.
std::string picture_of(const Json& manifest) {
  for (const auto& [path, hash] : manifest.at("files").items()) {
    if (path.starts_with("images/")) return path;
  }
  throw Error("no file below images/, wanted the sample's picture");
}

/// What the page shows, by index.
using Samples = std::map<std::uint64_t, Json>;

/// Counts every line of the manifest and keeps those that the page shows, without labels yet.
Samples chosen_samples(const fs::path& dataset, std::size_t count, Statistics& statistics) {
  const fs::path file = dataset / "manifest.jsonl";
  const std::set<std::size_t> chosen = evenly_spaced(count);
  Samples samples;
  std::ifstream in = opened(file);
  std::string line;
  std::size_t position = 0;
  try {
    for (; std::getline(in, line); ++position) {
      Json manifest = Json::parse(line);
      for (const Json& object : manifest.at("objects")) add(statistics, object);
      if (!chosen.contains(position)) continue;
      const std::uint64_t index = manifest.at("index");
      samples[index] = {{"index", index},
                        {"file", picture_of(manifest)},
                        {"annotations", Json::array()},
                        {"manifest", std::move(manifest)}};
    }
  } catch (const std::exception& e) {
    throw Error(file.string() + ":" + std::to_string(position + 1) + ": " + e.what());
  }
  if (position != count) {
    throw Error(file.string() + ": " + std::to_string(position) + " lines, wanted " +
                std::to_string(count) + " as dataset.json says");
  }
  return samples;
}

/// Adds its picture to a sample, and its pixels to the statistics.
void add_picture(Json& sample, DatasetFolder& dataset, Statistics& statistics) {
  const StoredFile file = dataset.find(sample.at("index"), sample.at("file"));
  const Image<Rgba8> full = color_from_bytes(stored_bytes(file), file.string());
  const Image<Rgba8> small = thumbnail(full, kSide);
  const auto luma = luma_histogram(small);
  for (std::size_t i = 0; i < luma.size(); ++i) statistics.luminance[i] += luma[i];
  sample["width"] = full.width;
  sample["height"] = full.height;
  sample["jpeg"] = jpeg_data_uri(small, kJpegBytes);
}

/// Adds the labels of COCO to the samples that the page shows. Image ids are indices plus 1.
void add_labels(Samples& samples, const fs::path& coco) {
  for_each_annotation(coco, [&](const Json& annotation) {
    const auto sample = samples.find(annotation.at("image_id").get<std::uint64_t>() - 1);
    if (sample == samples.end()) return;
    Json& labels = sample->second.at("annotations");
    Json& label = labels.emplace_back();
    label["class"] = annotation.at("category_id").get<std::uint64_t>() - 1;
    label["box"] = annotation.at("bbox");
    // The page draws run lengths; polygons and boxes alone are shown as boxes.
    const Json& mask = annotation.at("segmentation");
    label["visible"] = mask.is_object() ? mask : Json();
    label["amodal"] = annotation.value("amodal_segmentation", Json());
    label["visible_fraction"] = annotation.value("visible_fraction", Json());
    label["truncation"] = annotation.value("truncation", Json());
    label["crowd"] = annotation.at("iscrowd");
    if (!annotation.contains("keypoint_positions")) return;
    label["keypoints"] = {{"at", annotation.at("keypoint_positions")},
                          {"states", annotation.at("keypoint_states")}};
  });
}

/// What dataset.json says.
struct About {
  Json json;
  std::vector<std::string> classes;
  std::size_t count = 0;
};

About about_dataset(const fs::path& dataset) {
  const fs::path file = dataset / "dataset.json";
  std::ifstream in = opened(file);
  About about;
  try {
    about.json = Json::parse(in);
    about.json.at("classes").get_to(about.classes);
    about.json.at("count").get_to(about.count);
  } catch (const Json::exception& e) {
    throw Error(file.string() + ": " + e.what());
  }
  return about;
}

/// The page with `data` in its place. A "<" inside JSON text could end the script that holds it.
std::string page_with(const Json& data) {
  const std::string page = kReportPage;
  const std::string marker = "@DATA@";
  const std::size_t place = page.find(marker);
  std::string out = page.substr(0, place);
  for (const char c : data.dump(-1, ' ', false, Json::error_handler_t::replace)) {
    if (c == '<') {
      out += "\\u003c";
    } else {
      out += c;
    }
  }
  return out + page.substr(place + marker.size());
}

}  // namespace

std::vector<std::string> files_of_report(const fs::path& dataset) {
  const About about = about_dataset(dataset);
  Statistics unused(about.classes.size());
  const bool packed = pack_named(about.json.value("pack", "")) == Pack::tar;
  std::set<std::string> files;
  for (const auto& [index, sample] : chosen_samples(dataset, about.count, unused)) {
    files.insert(packed ? shard_path(index / about.json.at("chunk_size").get<std::uint64_t>())
                        : sample.at("file").get<std::string>());
  }
  return {files.begin(), files.end()};
}

void write_report(const fs::path& dataset, const std::string& place) {
  const About about = about_dataset(dataset);
  Statistics statistics(about.classes.size());
  auto samples = chosen_samples(dataset, about.count, statistics);
  DatasetFolder folder(dataset, about.json);
  for (auto& [index, sample] : samples) add_picture(sample, folder, statistics);
  add_labels(samples, dataset / "annotations" / "instances_default.json");

  Json data{{"name", fs::weakly_canonical(dataset).filename().string()},
            {"folder", place.empty() ? dataset.string() : place},
            {"dataset", about.json},
            {"samples", Json::array()},
            {"stats", json_of(statistics, about.classes)}};
  for (auto& [index, sample] : samples) data["samples"].push_back(std::move(sample));
  WholeFile page(dataset / "report.html");
  page.write(page_with(data));
  page.commit();
}

}  // namespace orrery
