#include <doctest/doctest.h>

#include <fstream>
#include <pugixml.hpp>
#include <sstream>

#include "generator/data_commands.hpp"
#include "generator/splits/split_report.hpp"
#include "tests/generator/splits/made_dataset.hpp"

using namespace orrery;
using orrery::testing::make_dataset;
namespace fs = std::filesystem;

namespace {

const fs::path kCards = fs::path(ORRERY_SHARED_DATA) / "real/cards";
const std::vector<std::string> kRanks{"nine", "ten", "jack", "queen", "king", "ace"};

std::vector<Label> labels_of(const fs::path& file, LabelledImage& image) {
  pugi::xml_document voc;
  REQUIRE(voc.load_file(file.c_str()));
  const pugi::xml_node root = voc.child("annotation");
  image.width = root.child("size").child("width").text().as_int();
  image.height = root.child("size").child("height").text().as_int();
  std::vector<Label> labels;
  for (const pugi::xml_node object : root.children("object")) {
    Label& label = labels.emplace_back();
    label.id = labels.size();
    const auto rank = std::find(kRanks.begin(), kRanks.end(), object.child_value("name"));
    REQUIRE(rank != kRanks.end());
    label.class_id = static_cast<std::uint32_t>(rank - kRanks.begin());
    const pugi::xml_node box = object.child("bndbox");
    const auto at = [&box](const char* key) { return box.child(key).text().as_double(); };
    label.box = {at("xmin"), at("ymin"), at("xmax"), at("ymax")};
  }
  return labels;
}

/// The 52 photos of cards with their capture sessions.
std::vector<LabelledImage> card_photos() {
  std::vector<LabelledImage> images;
  std::ifstream list(kCards / "images.csv");
  for (std::string line; std::getline(list, line);) {
    std::istringstream cells(line);
    std::string name;
    std::string group;
    std::string split;
    std::getline(cells, name, ',');
    std::getline(cells, group, ',');
    std::getline(cells, split, ',');
    if (split != "dev") continue;
    LabelledImage& image = images.emplace_back();
    image.file = kCards / "dev" / name;
    image.name = image.file.path.stem().string();
    image.labels = labels_of(kCards / "dev" / (image.name + ".xml"), image);
    image.lineage = {{"photo", image.name, "", "Apache-2.0"}, {"session", group}};
  }
  return images;
}

}  // namespace

TEST_SUITE("real photos") {
  TEST_CASE("the cards' six sessions stay whole, and the report scores five folds") {
    if (!fs::exists(kCards)) {
      MESSAGE("skipped: no photos in ", kCards.string());
      return;
    }
    const TemporaryFolder scratch;
    make_dataset(scratch.path, kRanks, card_photos());
    SplitCommand command;
    command.dataset = scratch.path;
    command.report = true;
    command.repeats = 5;
    std::ostringstream out;
    CHECK(run_split(command, out) == 0);
    MESSAGE(out.str());
    std::ifstream file(scratch.path / "folds.json");
    const Json folds = Json::parse(file);
    CHECK(folds.at("groups").size() == 6);
    CHECK(folds.at("images").size() == 52);
    std::ifstream scores(scratch.path / "split_report.json");
    const Json report = Json::parse(scores);
    CHECK(report.at("folds").size() == 5);
    CHECK(report.at("random_splits").size() == 5);
    // Seven labels: chance is 14 %. Background alone is told apart well from cards.
    double background = 0;
    for (const Json& fold : report.at("folds")) {
      background += fold.at("recall").at("(background)").get<double>() / 5;
    }
    CHECK(background > 0.6);
    CHECK(report.at("mean") > 0.16);
    CHECK(report.at("variance_factor").get<double>() == doctest::Approx(0.45).epsilon(0.02));
  }
}
