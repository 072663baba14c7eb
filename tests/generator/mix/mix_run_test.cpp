#include <doctest/doctest.h>

#include <algorithm>
#include <fstream>
#include <map>
#include <set>

#include "generator/encode.hpp"
#include "generator/sample.hpp"
#include "generator/source.hpp"
#include "scenes/random.hpp"
#include "tests/generator/program.hpp"

using namespace orrery;
using namespace orrery::testing;
namespace fs = std::filesystem;

namespace {

/// A photo with two flat squares on noise, labelled for YOLO.
void write_photo(const fs::path& folder, std::uint64_t number) {
  Rng rng(11, number, "photo");
  Image<Rgba8> color(160, 120);
  for (Rgba8& pixel : color.pixels) {
    const auto grey = static_cast<std::uint8_t>(90 + rng.below(60));
    pixel = Rgba8(grey, grey, grey, 255);
  }
  std::string labels;
  for (int k = 0; k < 2; ++k) {
    const int x = 10 + 80 * k + static_cast<int>(rng.below(30));
    const int y = 10 + static_cast<int>(rng.below(70));
    const std::uint32_t kind = rng.below(2);
    const auto red = static_cast<std::uint8_t>(kind == 0 ? 220 : 40);
    for (int v = y; v < y + 24; ++v) {
      for (int u = x; u < x + 32; ++u) color.at(u, v) = Rgba8(red, 60, 60, 255);
    }
    labels += std::to_string(kind) + " " + std::to_string((x + 16) / 160.0) + " " +
              std::to_string((y + 12) / 120.0) + " 0.2 0.2\n";
  }
  const std::string name = "p" + std::to_string(number);
  fs::create_directories(folder / "images");
  fs::create_directories(folder / "labels");
  const std::vector<std::byte> jpeg = jpeg_from(color, 95, true);
  std::ofstream(folder / "images" / (name + ".jpg"), std::ios::binary)
      .write(reinterpret_cast<const char*>(jpeg.data()), static_cast<std::streamsize>(jpeg.size()));
  std::ofstream(folder / "labels" / (name + ".txt")) << labels;
}

/// A store of four sessions of three photos, a recipe, and its scenes.
struct Kitchen {
  TemporaryFolder folder;
  fs::path recipe = folder.path / "recipe.yaml";

  Kitchen() {
    for (std::uint64_t session = 0; session < 4; ++session) {
      const fs::path photos = folder.path / ("session" + std::to_string(session));
      for (std::uint64_t k = 0; k < 3; ++k) write_photo(photos, 3 * session + k);
      std::ofstream(photos / "data.yaml") << "train: images\nval: images\nnames: [cup, box]\n";
      const Ended ended = orrery_run({"ingest", photos.string(), "-o", store(), "--session",
                                      "session " + std::to_string(session)});
      REQUIRE_MESSAGE(ended.code == 0, ended.out, ended.err);
    }
    std::ofstream(folder.path / "scene.yaml")
        << "objects: [{name: boxes, shapes: [box, cylinder], class: box, count: 2}]\n"
           "camera: {width: 160, height: 120}\nlights: {count: 1}\n"
           "labels: {min_visible: 0, min_side: 0, min_area: 0}\n";
    std::ofstream(folder.path / "cut_out.yaml")
        << "objects: [{name: cups, shapes: cup, class: cup}]\n"
           "turntable: {width: 96, height: 96, backgrounds: [transparent], grounds: [none]}\n"
           "labels: {min_visible: 0, min_side: 0, min_area: 0}\n";
    std::ofstream(recipe) << "recipe: test\nreal: store\nclasses: [box, cup]\n"
                             "scenes: [{file: scene.yaml}, {file: cut_out.yaml}]\n"
                             "mix: {rendered: 3, real: 3, pasted: 3, mosaic: 1, cutmix: 1, "
                             "mixup: 1}\n"
                             "augment: medium\nsplits: {folds: 4}\n"
                             "outputs: {formats: [coco, yolo, webdataset]}\n";
  }
  std::string store() const { return (folder.path / "store").string(); }
  std::string out(const std::string& name) const { return (folder.path / name).string(); }

  /// Makes 40 images and returns the dataset's hash.
  std::string make(const std::string& name, const std::vector<std::string>& more = {}) const {
    std::vector<std::string> arguments{"generate", recipe.string(), "-n", "40", "--chunk", "8",
                                       "-o",       out(name)};
    arguments.insert(arguments.end(), more.begin(), more.end());
    const Ended ended = orrery_run(arguments);
    REQUIRE_MESSAGE(ended.code == 0, ended.out, ended.err);
    return last_line(ended.out);
  }
};

std::vector<Json> rows_of(const fs::path& dataset) {
  std::vector<Json> rows;
  std::ifstream in(dataset / "manifest.jsonl");
  for (std::string line; std::getline(in, line);) rows.push_back(Json::parse(line));
  return rows;
}

}  // namespace

TEST_CASE("a mixed dataset has the same hash on one lane and on two, and in another order") {
  const Kitchen kitchen;
  const std::string one = kitchen.make("one", {"--lanes", "1"});
  CHECK(kitchen.make("two", {"--lanes", "2"}) == one);
  CHECK(kitchen.make("three", {"--seed", "1"}) != one);
  const Ended replayed = orrery_run({"replay", kitchen.out("one"), "17"});
  CHECK_MESSAGE(replayed.code == 0, replayed.out, replayed.err);
}

TEST_CASE("what was mixed of photos is of one session's fold, and is never validated on") {
  const Kitchen kitchen;
  kitchen.make("made");
  const fs::path dataset = kitchen.out("made");
  const Json folds = Json::parse(text_of(dataset / "folds.json"));
  std::map<std::string, std::set<int>> folds_of_session;
  std::set<std::string> makings;
  std::size_t originals = 0;
  for (const Json& row : rows_of(dataset)) {
    makings.insert(row.at("making").get<std::string>());
    char name[16];
    std::snprintf(name, sizeof name, "%08d", row.at("index").get<int>());
    std::set<std::string> sessions;
    for (const Json& part : row.at("lineage")) {
      if (part.at("kind") == "session") sessions.insert(part.at("name").get<std::string>());
    }
    const bool in_fold = folds.at("images").contains(name);
    CHECK(in_fold == !sessions.empty());
    for (const std::string& session : sessions) {
      folds_of_session[session].insert(folds.at("images").at(name).get<int>());
    }
    if (!row.at("train_only").get<bool>()) {
      ++originals;
      CHECK(row.at("making") == "real");
    }
  }
  CHECK(makings.size() == 6);
  CHECK(originals == 10);  // a quarter of 40, of twelve photos
  CHECK(folds_of_session.size() == 4);
  for (const auto& entry : folds_of_session) CHECK_MESSAGE(entry.second.size() == 1, entry.first);
}

TEST_CASE("every format of a mixed dataset holds every image, and verify finds nothing wrong") {
  const Kitchen kitchen;
  kitchen.make("made");
  const fs::path formats = fs::path(kitchen.out("made")) / "formats";
  std::size_t texts = 0;
  for (const auto& entry : fs::recursive_directory_iterator(formats / "yolo" / "labels")) {
    texts += entry.is_regular_file() ? 1U : 0U;
  }
  CHECK(texts == 40);
  CHECK(fs::exists(formats / "coco"));
  CHECK(fs::exists(formats / "webdataset"));
  for (const std::vector<std::string>& options :
       {std::vector<std::string>{}, {"--for", "ultralytics"}, {"--for", "coco"}}) {
    std::vector<std::string> arguments{"verify", kitchen.out("made")};
    arguments.insert(arguments.end(), options.begin(), options.end());
    const Ended ended = orrery_run(arguments);
    CHECK_MESSAGE(ended.code == 0, ended.out, ended.err);
  }
}

TEST_CASE("plan forecasts a mixed dataset's bytes and labels within a quarter") {
  const Kitchen kitchen;
  const Ended planned =
      orrery_run({"plan", kitchen.recipe.string(), "-n", "40", "--probe", "24", "--json"});
  REQUIRE_MESSAGE(planned.code == 0, planned.err);
  const Json plan = Json::parse(planned.out);
  kitchen.make("made");
  double labels = 0;
  double planned_labels = 0;
  for (const Json& row : rows_of(kitchen.out("made"))) {
    for (const Json& object : row.at("objects")) labels += object.at("crowd") ? 0 : 1;
  }
  for (const Json& c : plan.at("classes")) {
    planned_labels += c.at("labelled").at("value").get<double>();
  }
  CHECK(planned_labels == doctest::Approx(labels).epsilon(0.25));
  std::uint64_t images = 0;
  for (const Json& making : plan.at("makings")) images += making.at("images").get<std::uint64_t>();
  CHECK(images == 40);
  double bytes = 0;
  for (const auto& entry : fs::recursive_directory_iterator(kitchen.out("made"))) {
    const std::string name = entry.path().filename().string();
    if (!entry.is_regular_file() || name == "report.html") continue;
    if (fs::hard_link_count(entry.path()) > 1 &&
        entry.path().string().find("formats") != std::string::npos) {
      continue;
    }
    bytes += static_cast<double>(entry.file_size());
  }
  CHECK(plan.at("bytes").at("value").get<double>() == doctest::Approx(bytes).epsilon(0.25));
}

namespace {

/// Six photos p0 to p5, a table of sessions and splits, and a recipe that learns from them alone.
struct Album {
  TemporaryFolder folder;
  fs::path photos = folder.path / "photos";

  Album() {
    for (std::uint64_t k = 0; k < 6; ++k) write_photo(photos, k);
    std::ofstream(photos / "data.yaml") << "train: images\nval: images\nnames: [cup, box]\n";
    std::ofstream(folder.path / "recipe.yaml")
        << "recipe: album\nreal: photos\nmix: {rendered: 0, real: 1}\nsplits: {folds: 2}\n"
           "outputs: {formats: [coco]}\n";
  }
  Ended make(const std::string& out) const {
    return orrery_run({"generate", (folder.path / "recipe.yaml").string(), "-n", "6", "-o",
                       (folder.path / out).string()});
  }
  /// p0 is held out for tests, and p1 is of that session.
  void write_table(const std::string& session_of_p1) const {
    std::ofstream table(photos / "images.csv");
    table << "image,group,split\nimages/p0.jpg,s0,test\nimages/p1.jpg," << session_of_p1 << ",\n";
    for (int k = 2; k < 6; ++k) table << "images/p" << k << ".jpg,s" << k << ",\n";
  }
};

}  // namespace

TEST_CASE("a recipe learns from nothing that is of a session or a copy of what is held out") {
  const Album album;
  album.write_table("s0");
  Ended ended = album.make("session");
  CHECK(ended.code == 65);
  CHECK_MESSAGE(ended.err.find("session \"s0\" is in two parts") != std::string::npos, ended.err);
  album.write_table("s1");
  fs::copy_file(album.photos / "images/p0.jpg", album.photos / "images/q0.jpg");
  fs::copy_file(album.photos / "labels/p0.txt", album.photos / "labels/q0.txt");
  ended = album.make("copy");
  CHECK(ended.code == 65);
  CHECK_MESSAGE(ended.err.find("what is held out for tests") != std::string::npos, ended.err);
  fs::remove(album.photos / "images/q0.jpg");
  fs::remove(album.photos / "labels/q0.txt");
  ended = album.make("apart");
  CHECK_MESSAGE(ended.code == 0, ended.err);
}

TEST_CASE(
    "originals are their files byte for byte, but those of 16 bits, which many show as white") {
  const Album album;
  fs::rename(album.photos / "images/p0.jpg", album.photos / "images/p0.JPG");
  fs::remove(album.photos / "images/p1.jpg");
  const std::vector<std::byte> deep = png_from(Image<std::uint16_t>(160, 120, 20000));
  std::ofstream(album.photos / "images/p1.png", std::ios::binary)
      .write(reinterpret_cast<const char*>(deep.data()), static_cast<std::streamsize>(deep.size()));
  const Ended ended = album.make("made");
  REQUIRE_MESSAGE(ended.code == 0, ended.err);
  std::multiset<std::string> wanted;
  for (const char* name : {"p0.JPG", "p2.jpg", "p3.jpg", "p4.jpg", "p5.jpg"}) {
    wanted.insert(text_of(album.photos / "images" / name));
  }
  std::size_t others = 0;
  for (const auto& entry : fs::directory_iterator(album.folder.path / "made/images")) {
    CHECK(entry.path().extension() == ".jpg");
    const auto found = wanted.find(text_of(entry.path()));
    if (found != wanted.end()) {
      wanted.erase(found);
    } else {
      ++others;
    }
  }
  CHECK(wanted.empty());
  CHECK(others == 1);
}
