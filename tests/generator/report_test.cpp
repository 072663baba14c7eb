#include "generator/report.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <numeric>
#include <regex>
#include <sstream>
#include <string>

#include "generator/dataset.hpp"
#include "generator/encode.hpp"
#include "generator/manifest.hpp"
#include "generator/sinks/coco.hpp"
#include "generator/thumbnail.hpp"
#include "renderer/labels/mask.hpp"
#include "scenes/error.hpp"

using namespace orrery;

namespace {

namespace fs = std::filesystem;

/// Gone with the test.
struct Folder {
  fs::path path;
  explicit Folder(const char* name) : path(fs::temp_directory_path() / unique_name() / name) {}
  ~Folder() { fs::remove_all(path.parent_path()); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
};

constexpr int kWidth = 48;
constexpr int kHeight = 32;
const std::vector<std::string> kReportClasses{"mug", "</script><b>teapot", "naïve & chair"};

/// A square of class `c` seen from azimuth 0.1 and `elevation`, both in radians.
InstanceLabel square(std::uint32_t id, std::uint32_t c, int side, double elevation) {
  InstanceLabel label;
  label.id = id;
  label.class_id = c;
  Image<std::uint8_t> mask(kWidth, kHeight);
  for (int y = 0; y < side; ++y) {
    for (int x = 0; x < side; ++x) mask.at(x, y) = 1;
  }
  label.visible = label.amodal = rle_from_mask(mask);
  label.visible_area = label.amodal_area = area(label.visible);
  label.visible_box = label.amodal_box = bounding_box(label.visible);
  label.visible_fraction = 1;
  const glm::dvec3 eye(std::cos(elevation) * std::cos(0.1), std::cos(elevation) * std::sin(0.1),
                       std::sin(elevation));
  label.camera_from_object = camera_from_world_looking_at(eye, glm::dvec3(0));
  return label;
}

/// Sample `index`: a square of each class but the last, whose object is hidden.
Sample sample(std::uint64_t index, const Assets& assets) {
  Shot shot;
  shot.view.intrinsics = intrinsics_from_fov(kWidth, kHeight, 1);
  Annotations annotations;
  const double elevation = 0.3;
  for (std::uint32_t c = 0; c < kReportClasses.size(); ++c) {
    const InstanceLabel label = square(c + 1, c, c == 0 ? 10 : 20, elevation);
    shot.scene.objects.push_back({0, c, label.camera_from_object});
    if (c + 1 < kReportClasses.size()) {
      annotations.instances.push_back(label);
    } else {
      annotations.dropped.push_back({label.id, c, "hidden"});
    }
  }
  Sample out;
  out.index = index;
  const std::string path = "images/" + std::to_string(index) + ".jpg";
  out.files.push_back({path, jpeg_from(Image<Rgba8>(kWidth, kHeight, Rgba8(99)), 90, true)});
  out.manifest = manifest_of(shot, annotations, assets, {7, "recipe", {}}, index, out.files);
  out.coco = coco_of(index, path, shot.view.intrinsics, annotations);
  out.ledger = ledger_of(shot, annotations);
  return out;
}

void write_dataset(const fs::path& folder, std::uint64_t count) {
  Assets assets;
  assets.models.emplace_back().name = "model";
  assets.skies.emplace_back().name = "sky";
  DatasetPlan plan;
  plan.recipe = {{"command", "turntable"}};
  plan.recipe_hash = "recipe";
  plan.seed = 7;
  plan.count = count;
  plan.classes = kReportClasses;
  fs::create_directories(folder.parent_path());
  Dataset dataset(folder, plan);
  for (std::uint64_t chunk = 0; chunk < dataset.chunks(); ++chunk) {
    std::vector<Sample> samples;
    const IndexRun run = dataset.indices(chunk);
    for (std::uint64_t i = run.first; i < run.last; ++i) samples.push_back(sample(i, assets));
    dataset.commit(chunk, samples);
  }
  dataset.finish();
}

std::string file_text(const fs::path& file) {
  std::ostringstream out;
  out << std::ifstream(file, std::ios::binary).rdbuf();
  return out.str();
}

/// The data that the page's script reads, found as a browser does: up to the first end of a script.
Json data_of(const std::string& page) {
  const std::string start = "<script type=\"application/json\" id=\"data\">";
  const std::size_t from = page.find(start) + start.size();
  return Json::parse(page.substr(from, page.find("</script", from) - from));
}

std::uint64_t total(const Json& per_class) {
  std::uint64_t sum = 0;
  for (const Json& bins : per_class) {
    for (const Json& n : bins) sum += n.get<std::uint64_t>();
  }
  return sum;
}

}  // namespace

TEST_SUITE("report") {
  TEST_CASE("the page names every class and carries dataset.json, ledger included, unchanged") {
    const Folder folder("set");
    write_dataset(folder.path, 3);
    write_report(folder.path);
    const Json data = data_of(file_text(folder.path / "report.html"));
    CHECK(data.at("stats").at("classes") == Json(kReportClasses));
    CHECK(data.at("dataset") == Json::parse(file_text(folder.path / "dataset.json")));
    CHECK(data.at("dataset").at("ledger").at(2).at("dropped").at("hidden") == 3);
    CHECK(data.at("name") == "set");
  }

  TEST_CASE("the page refers to nothing outside itself") {
    const Folder folder("set");
    write_dataset(folder.path, 2);
    write_report(folder.path);
    std::string page = file_text(folder.path / "report.html");
    // A name, not an address: nobody fetches it.
    page = std::regex_replace(page, std::regex("http://www\\.w3\\.org/2000/svg"), "");
    for (const char* outside : {"http:", "https:", "href", "src=", "@import", "url(", "//cdn"}) {
      CHECK_MESSAGE(page.find(outside) == std::string::npos, outside);
    }
  }

  TEST_CASE("keypoints are on the page with their states, where a class has some") {
    const Folder folder("set");
    write_dataset(folder.path, 1);
    const fs::path coco = folder.path / "annotations" / "instances_default.json";
    Json labels = Json::parse(file_text(coco));
    labels.at("annotations").at(1)["keypoint_positions"] = {{3.5, 4.5}, nullptr};
    labels.at("annotations").at(1)["keypoint_states"] = {"hidden_by_itself", "absent"};
    std::ofstream(coco) << labels;
    write_report(folder.path);
    const Json shown = data_of(file_text(folder.path / "report.html")).at("samples").at(0);
    CHECK_FALSE(shown.at("annotations").at(0).contains("keypoints"));
    const Json& points = shown.at("annotations").at(1).at("keypoints");
    CHECK(points.at("at") == Json({{3.5, 4.5}, nullptr}));
    CHECK(points.at("states").at(0) == "hidden_by_itself");
  }

  TEST_CASE("every histogram counts every labelled object once, as the ledger does") {
    const Folder folder("set");
    write_dataset(folder.path, 70);
    write_report(folder.path);
    const Json data = data_of(file_text(folder.path / "report.html"));
    std::uint64_t labelled = 0;
    for (const Json& line : data.at("dataset").at("ledger")) {
      labelled += line.at("labelled").get<std::uint64_t>();
    }
    CHECK(labelled == 140);
    for (const char* key : {"count", "size", "visible", "truncation", "views"}) {
      CHECK_MESSAGE(total(data.at("stats").at(key)) == labelled, key);
    }
    CHECK(data.at("stats").at("size").at(0).at(1) == 70);  // 10 px: from 8 to 16
    CHECK(data.at("stats").at("size").at(1).at(2) == 70);  // 20 px: from 16 to 32
  }

  TEST_CASE("a camera above the horizon and just past azimuth 0 is in the cell that says so") {
    const Folder folder("set");
    write_dataset(folder.path, 1);
    write_report(folder.path);
    const Json stats = data_of(file_text(folder.path / "report.html")).at("stats");
    const std::size_t columns = stats.at("sphere").at("columns");
    // 0.3 rad = 17° is in the second of the 15° rows above the horizon, row 6 being the first.
    CHECK(stats.at("views").at(0).at(7 * columns + columns / 2) == 1);
  }

  TEST_CASE("60 samples at most are shown, in order, from the beginning to the end") {
    const Folder folder("set");
    write_dataset(folder.path, 130);
    write_report(folder.path);
    const Json samples = data_of(file_text(folder.path / "report.html")).at("samples");
    REQUIRE(samples.size() == 60);
    CHECK(samples.front().at("index").get<int>() < 3);
    CHECK(samples.back().at("index").get<int>() > 126);
    for (std::size_t i = 0; i < samples.size(); ++i) {
      CHECK(samples[i].at("annotations").size() == 2);
      CHECK(samples[i].at("manifest").at("index") == samples[i].at("index"));
      if (i > 0) CHECK(samples[i - 1].at("index") < samples[i].at("index"));
    }
  }

  TEST_CASE("a manifest that lost a line is an error that names it") {
    const Folder folder("set");
    write_dataset(folder.path, 3);
    const std::string manifest = file_text(folder.path / "manifest.jsonl");
    std::ofstream(folder.path / "manifest.jsonl") << manifest.substr(manifest.find('\n') + 1);
    try {
      write_report(folder.path);
      FAIL("no error");
    } catch (const Error& e) {
      CHECK(std::string(e.what()).find("manifest.jsonl: 2 lines, wanted 3") != std::string::npos);
    }
    CHECK_FALSE(fs::exists(folder.path / "report.html"));
  }

  TEST_CASE("a thumbnail keeps the image's shape and its mean") {
    Image<Rgba8> image(90, 30);
    double mean = 0;
    for (int y = 0; y < image.height; ++y) {
      for (int x = 0; x < image.width; ++x) {
        const auto value = static_cast<std::uint8_t>((x * 7 + y * 13) % 256);
        image.at(x, y) = Rgba8(value, value, value, 255);
        mean += value / 2700.0;
      }
    }
    const Image<Rgba8> small = thumbnail(image, 30);
    REQUIRE(small.width == 30);
    REQUIRE(small.height == 10);
    double small_mean = 0;
    for (const Rgba8& pixel : small.pixels) small_mean += pixel.r / 300.0;
    CHECK(std::abs(mean - small_mean) < 0.5);
  }
}
