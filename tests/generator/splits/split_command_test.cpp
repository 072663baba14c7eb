#include <doctest/doctest.h>

#include <algorithm>
#include <set>
#include <sstream>

#include "generator/data_commands.hpp"
#include "generator/encode.hpp"
#include "generator/splits/folds_file.hpp"
#include "generator/whole_file.hpp"
#include "scenes/error.hpp"
#include "tests/generator/splits/made_dataset.hpp"
#include "tests/support/error_text.hpp"

using namespace orrery;
using orrery::testing::holds;
using orrery::testing::make_dataset;
namespace fs = std::filesystem;

namespace {

const std::vector<std::string> kClasses{"cup", "bowl"};

/// Forty images of ten sessions, four of one model; every fourth is a copy of the one before.
std::vector<LabelledImage> forty() {
  std::vector<LabelledImage> images;
  for (int i = 0; i < 40; ++i) {
    LabelledImage& image = images.emplace_back();
    image.name = "shot" + std::to_string(100 + i);
    image.file = fs::path("x.png");
    image.width = 64;
    image.height = 48;
    image.labels.resize(2);
    for (std::uint32_t k = 0; k < 2; ++k) {
      image.labels[k].id = k + 1;
      image.labels[k].class_id = k;
      image.labels[k].box = {5.0 + 20 * k, 5, 20.0 + 20 * k, 30};
    }
    image.lineage = {{"model", "m" + std::to_string(i % 4), "", "MIT"},
                     {"session", "s" + std::to_string(i / 4)}};
    if (i % 4 == 3) {
      image.train_only = true;
      image.lineage.insert(image.lineage.begin() + 1, {"parent", images[images.size() - 2].name});
    }
    image.file.clear();
  }
  return images;
}

std::vector<std::string> lines_of(const fs::path& file) {
  std::vector<std::string> lines;
  std::ifstream in(file);
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

Json read(const fs::path& file) {
  std::ifstream in(file);
  return Json::parse(in);
}

std::string run(const SplitCommand& command) {
  std::ostringstream out;
  CHECK(run_split(command, out) == 0);
  return out.str();
}

std::string refusal_of(const SplitCommand& command) {
  return testing::error_of([&] {
    std::ostringstream out;
    run_split(command, out);
  });
}

std::string content_of(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

}  // namespace

TEST_SUITE("split command") {
  TEST_CASE("lists and folds.json agree, every image is validated once and copies never") {
    const TemporaryFolder scratch;
    make_dataset(scratch.path, kClasses, forty());
    SplitCommand command;
    command.dataset = scratch.path;
    const std::string said = run(command);
    CHECK(holds(said, "40 images in 10 groups"));
    CHECK(holds(said, "model: of 4 names, 4 in several folds, 4 in every fold; --by model"));
    CHECK(holds(said, "licences of fold 0: MIT (8 images, 4 assets)"));
    const Json folds = read(scratch.path / "folds.json");
    CHECK(folds.at("max_deviation") == 0.0);
    CHECK(folds.at("groups").size() == 10);
    std::multiset<std::string> validated;
    for (int k = 0; k < 5; ++k) {
      const fs::path lists = scratch.path / "folds" / ("fold" + std::to_string(k));
      const std::vector<std::string> train = lines_of(lists / "train.txt");
      const std::vector<std::string> val = lines_of(lists / "val.txt");
      CHECK(train.size() == 32);
      CHECK(val.size() == 6);
      CHECK(std::is_sorted(train.begin(), train.end()));
      for (const std::string& name : val) CHECK(folds.at("images").at(name) == k);
      for (const std::string& name : train) CHECK(folds.at("images").at(name) != k);
      validated.insert(val.begin(), val.end());
    }
    CHECK(validated.size() == 30);
    CHECK(validated.count("shot100") == 1);
    CHECK(validated.count("shot103") == 0);
  }

  TEST_CASE("the same again is the same bytes, and grown data moves nobody") {
    const TemporaryFolder scratch;
    const fs::path small = scratch.path / "small";
    const fs::path grown = scratch.path / "grown";
    std::vector<LabelledImage> images = forty();
    make_dataset(grown, kClasses, images);
    images.resize(28);
    make_dataset(small, kClasses, images);
    SplitCommand command;
    command.dataset = small;
    command.out = scratch.path / "out";
    fs::create_directory(command.out);
    run(command);
    const std::string first = content_of(command.out / "folds.json");
    const Json before = read(command.out / "folds.json").at("images");
    run(command);
    CHECK(content_of(command.out / "folds.json") == first);
    command.dataset = grown;
    CHECK(holds(run(command), "as folds.json had it"));
    const Json after = read(command.out / "folds.json").at("images");
    CHECK(after.size() == 40);
    for (const auto& [name, fold] : before.items()) CHECK(after.at(name) == fold);
    command.folds = 4;
    CHECK(holds(refusal_of(command), "folds.json: folds is"));
    command.folds = 5;
    command.by = {"model"};
    CHECK(holds(refusal_of(command), "folds.json: kinds is"));
    command.by = {"modell"};
    CHECK(holds(refusal_of(command), "wanted a kind such as \"model\""));
  }

  TEST_CASE("kinds asked for hold apart beside the usual ones") {
    const TemporaryFolder scratch;
    std::vector<LabelledImage> images = forty();
    for (std::size_t i = 0; i < images.size(); ++i) {
      images[i].lineage = {{"model", "m" + std::to_string(i % 4)},
                           {"photo", "p" + std::to_string(i / 2)}};
    }
    make_dataset(scratch.path, kClasses, images);
    SplitCommand command;
    command.dataset = scratch.path;
    command.folds = 2;
    command.by = {"model"};
    const std::string said = run(command);
    CHECK(holds(said, "40 images in 2 groups"));
    CHECK(
        holds(said, "LARGE: one group holds 50 % of all images: model \"m0\" is in 10 of its 20"));
    command.out = scratch.path / "three";
    fs::create_directory(command.out);
    command.folds = 3;
    CHECK(holds(refusal_of(command), "2 groups of images to validate on for 3 parts"));
    CHECK(fs::is_empty(command.out));
  }

  TEST_CASE("what is held out for tests is in no fold, and must share nothing with them") {
    const TemporaryFolder scratch;
    std::vector<LabelledImage> images = forty();
    for (std::size_t i = 0; i < 4; ++i) images[i].track = "out_of_scope";
    for (std::size_t i = 4; i < 8; ++i) images[i].split = "test";
    make_dataset(scratch.path / "a", kClasses, images);
    SplitCommand command;
    command.dataset = scratch.path / "a";
    command.folds = 4;
    CHECK(holds(run(command), "8 images held out for tests are in no fold"));
    const Json folds = read(command.dataset / "folds.json").at("images");
    CHECK(folds.size() == 32);
    CHECK(!folds.contains("shot100"));
    images[20].lineage.push_back({"session", "s1"});
    make_dataset(scratch.path / "b", kClasses, images);
    command.dataset = scratch.path / "b";
    const std::string text = refusal_of(command);
    CHECK(holds(text, "session \"s1\" is in two parts"));
    CHECK(holds(text, "\"shot120\" of the folds"));
    CHECK(!fs::exists(command.dataset / "folds.json"));
  }

  TEST_CASE("copies of a photo are in one fold, whatever they are called") {
    const TemporaryFolder scratch;
    fs::create_directories(scratch.path / "labels");
    fs::create_directories(scratch.path / "images");
    std::ofstream(scratch.path / "data.yaml") << "train: images\nval: images\nnames: [cup]\n";
    for (int i = 0; i < 10; ++i) {
      const std::vector<std::byte> picture =
          jpeg_from(Image<Rgba8>(40, 40 + i, Rgba8(9, 9, 9, 255)), 90, true);
      for (const char* name : {"first", "copy"}) {
        const std::string stem = name + std::to_string(i);
        write_whole_file(scratch.path / "images" / (stem + ".jpg"), picture);
        std::ofstream(scratch.path / "labels" / (stem + ".txt")) << "0 0.5 0.5 0.5 0.5\n";
      }
    }
    SplitCommand command;
    command.dataset = scratch.path;
    command.folds = 2;
    CHECK(holds(run(command), "20 images in 10 groups"));
    const Json folds = read(scratch.path / "folds.json").at("images");
    for (int i = 0; i < 10; ++i) {
      const std::string number = std::to_string(i);
      CHECK(folds.at("images/first" + number) == folds.at("images/copy" + number));
    }
  }

  TEST_CASE("a broken folds.json is refused, not overwritten") {
    const TemporaryFolder scratch;
    make_dataset(scratch.path, kClasses, forty());
    SplitCommand command;
    command.dataset = scratch.path;
    run(command);
    Json folds = read(scratch.path / "folds.json");
    folds["images"]["shot100"] = 9;
    std::ofstream(scratch.path / "folds.json") << folds.dump();
    CHECK(holds(refusal_of(command), "fold is 9, wanted one below 5"));
    std::ofstream(scratch.path / "folds.json") << "{\"kinds\": [";
    CHECK(holds(refusal_of(command), "is no JSON object"));
    CHECK(content_of(scratch.path / "folds.json") == "{\"kinds\": [");
  }

  TEST_CASE("a leak cannot be written") {
    const TemporaryFolder scratch;
    const std::vector<SplitItem> items{{"a", {{"photo", "p"}}}, {"b", {{"photo", "p"}}}};
    Partition leaking;
    leaking.groups = {{{}, {"a"}, 0}, {{}, {"b"}, 1}};
    leaking.part_of = {{"a", 0}, {"b", 1}};
    SplitRules rules;
    rules.parts = equal_folds(2);
    CHECK_THROWS_AS(write_folds(scratch.path, leaking, items, kClasses, rules), Error);
    CHECK(fs::is_empty(scratch.path));
  }
}
