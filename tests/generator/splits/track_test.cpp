#include "generator/splits/track.hpp"

#include <doctest/doctest.h>

#include <fstream>

#include "scenes/error.hpp"
#include "tests/generator/random_sample.hpp"
#include "tests/support/error_text.hpp"

using namespace orrery;
using orrery::testing::holds;
using orrery::testing::random_sample;
using orrery::testing::Scratch;

namespace {

const std::string kSpec = R"(
out_of_scope:
  - {kind: model, name: "*king*"}
  - field: objects.*.visible_fraction
    below: 0.1
  - field: scene.exposure
    above: 2
    below: 3
  - all:
      - {kind: sky, name: "night?"}
      - {field: camera.fx, above: 900}
)";

Json row_of(const Json& lineage, double exposure, double fx, const std::vector<double>& fractions) {
  Json objects = Json::array();
  for (const double fraction : fractions) objects.push_back({{"visible_fraction", fraction}});
  return {{"scene", {{"exposure", exposure}}},
          {"camera", {{"fx", fx}}},
          {"objects", objects},
          {"lineage", lineage}};
}

Json part(const std::string& kind, const std::string& name) {
  return {{"kind", kind}, {"name", name}, {"sha256", ""}};
}

std::string refusal_of(const std::string& text) {
  return testing::error_of([&] { track_spec_from_text(text, "tracks.yaml"); });
}

/// Rows as a run writes them: tracks told, what is out of scope in tests alone.
std::vector<Json> honest_rows(const TrackSpec& spec) {
  std::vector<Json> rows;
  for (std::uint64_t i = 0; i < 60; ++i) {
    Json row = random_sample(i).manifest;
    row["track"] = track_of(row, spec);
    row["split"] = row["track"] == "out_of_scope" ? "test" : i % 5 == 0 ? "val" : "train";
    rows.push_back(row);
  }
  return rows;
}

TrackCheck checked(const std::vector<Json>& rows, const TrackSpec& spec) {
  const Scratch scratch;
  const std::filesystem::path file = scratch.path / "manifest.jsonl";
  std::ofstream out(file);
  for (const Json& row : rows) out << row.dump() << '\n';
  out.close();
  return check_tracks(file, spec);
}

}  // namespace

TEST_SUITE("tracks") {
  TEST_CASE("held-out assets, ranges and combinations are out of scope, and nothing else is") {
    const TrackSpec spec = track_spec_from_text(kSpec, "tracks.yaml");
    const Json cup = Json::array({part("model", "cup"), part("sky", "noon")});
    CHECK(track_of(row_of(cup, 1, 500, {1}), spec) == "in_scope");
    const Json king = Json::array({part("model", "cards/king_of_hearts.glb")});
    CHECK(track_of(row_of(king, 1, 500, {1}), spec) == "out_of_scope");
    // A sky of that name is no model.
    CHECK(track_of(row_of(Json::array({part("sky", "kings")}), 1, 500, {1}), spec) == "in_scope");
    CHECK(track_of(row_of(cup, 1, 500, {0.9, 0.05}), spec) == "out_of_scope");
    CHECK(track_of(row_of(cup, 1, 500, {0.9, 0.1}), spec) == "in_scope");
    CHECK(track_of(row_of(cup, 2, 500, {1}), spec) == "in_scope");
    CHECK(track_of(row_of(cup, 2.5, 500, {1}), spec) == "out_of_scope");
    CHECK(track_of(row_of(cup, 3, 500, {1}), spec) == "in_scope");
    const Json night = Json::array({part("sky", "night1")});
    CHECK(track_of(row_of(night, 1, 500, {1}), spec) == "in_scope");
    CHECK(track_of(row_of(cup, 1, 1000, {1}), spec) == "in_scope");
    CHECK(track_of(row_of(night, 1, 1000, {1}), spec) == "out_of_scope");
    CHECK(track_of(row_of(Json::array({part("sky", "night")}), 1, 1000, {1}), spec) == "in_scope");
  }

  TEST_CASE("photos alone are real_only, photos behind rendered things are not") {
    const Json photo = {{"lineage", {part("photo", "IMG_1"), part("session", "s1")}}};
    CHECK(track_of(photo, {}) == "real_only");
    const Json both = {{"lineage", {part("model", "cup"), part("photo", "IMG_1")}}};
    CHECK(track_of(both, {}) == "in_scope");
    CHECK(track_of({{"lineage", Json::array()}}, {}) == "in_scope");
    const TrackSpec spec =
        track_spec_from_text("out_of_scope: [{kind: session, name: s1}]", "tracks.yaml");
    CHECK(track_of(photo, spec) == "out_of_scope");
  }

  TEST_CASE("a spec is read strictly, and every mistake has a place") {
    CHECK(holds(refusal_of("out_of_scop: []"), "out_of_scope"));
    const std::string text = refusal_of(
        "out_of_scope:\n"
        "  - {kind: model}\n"
        "  - {field: scene.exposure}\n"
        "  - {field: scene.exposure, above: 3, below: 2}\n"
        "  - {kind: model, name: a, above: 3}\n"
        "  - {kind: model, name: a, all: [{kind: sky, name: b}]}\n"
        "  - {}\n"
        "  - all: [{kind: sky, name: b}, {name: c}]\n");
    for (const char* line : {"tracks.yaml:2:", "tracks.yaml:3:", "tracks.yaml:4:", "tracks.yaml:5:",
                             "tracks.yaml:6:", "tracks.yaml:7:", "out_of_scope[6].all[1]"}) {
      INFO(text);
      CHECK(holds(text, line));
    }
    CHECK(holds(refusal_of("out_of_scope: [{kind: model, name: a, abov: 1}]"), "above"));
  }

  TEST_CASE("a spec's JSON says all of it, and differs when a number does") {
    const TrackSpec spec = track_spec_from_text(kSpec, "tracks.yaml");
    const auto json = json_from(spec);
    CHECK(json.at("out_of_scope").size() == 4);
    CHECK(json.at("out_of_scope").at(3).at("all").at(1).at("above") == 900.0);
    TrackSpec other = spec;
    other.out_of_scope[1].one.below = 0.2;
    CHECK(json_from(other) != json);
    // JSON is YAML: what was written can be read.
    CHECK(json_from(track_spec_from_text(json.dump(), "json")) == json);
  }

  TEST_CASE("an honest manifest is proven, and each planted lie in it is found") {
    const TrackSpec spec = track_spec_from_text(
        "out_of_scope: [{field: objects.*.visible_fraction, below: 0.2}]", "tracks.yaml");
    const std::vector<Json> rows = honest_rows(spec);
    const TrackCheck honest = checked(rows, spec);
    CHECK(honest.problems.empty());
    CHECK(honest.samples.at("out_of_scope") > 5);
    CHECK(honest.samples.at("in_scope") > 5);
    std::size_t out = 0;
    std::size_t in = 0;
    while (rows[out]["track"] != "out_of_scope") ++out;
    while (rows[in]["track"] == "out_of_scope" || rows[in]["split"] != "train") ++in;

    std::vector<Json> lie = rows;
    lie[out]["track"] = "in_scope";
    lie[out]["split"] = "train";
    TrackCheck found = checked(lie, spec);
    REQUIRE(found.problems.size() == 2);
    CHECK(holds(found.problems[0], "manifest.jsonl:" + std::to_string(out + 1) + ":"));
    CHECK(holds(found.problems[0], "says track \"in_scope\", wanted \"out_of_scope\""));
    CHECK(holds(found.problems[1], "out of scope and trained on"));

    const Json trained{{"fold", 2}, {"train_only", true}};
    for (const auto& [key, value] : trained.items()) {
      lie = rows;
      lie[out][key] = value;
      CHECK(checked(lie, spec).problems.size() == 1);
    }
    lie = rows;
    lie[in]["track"] = "real_only";
    CHECK(checked(lie, spec).problems.size() == 1);
    lie = rows;
    lie[in].erase("track");
    CHECK(checked(lie, spec).problems.size() == 1);
  }

  TEST_CASE("what is made from something held out must not be trained on either") {
    const TrackSpec spec =
        track_spec_from_text("out_of_scope: [{field: scene.exposure, above: 2}]", "tracks.yaml");
    std::vector<Json> rows{row_of(Json::array(), 3, 1, {}), row_of(Json::array(), 1, 1, {})};
    for (std::size_t i = 0; i < 2; ++i) rows[i]["name"] = "shot" + std::to_string(i);
    rows[0].update({{"track", "out_of_scope"}, {"split", "test"}});
    rows[1].update({{"track", "in_scope"}, {"split", "train"}});
    // The copy of a copy has no exposure of its own.
    Json copy = {{"name", "copy"}, {"track", "in_scope"}, {"split", "val"}};
    copy["lineage"] = Json::array({part("parent", "shot0")});
    Json copy_of_copy = {{"name", "again"}, {"track", "in_scope"}, {"split", "train"}};
    copy_of_copy["lineage"] = Json::array({part("parent", "copy")});
    rows.insert(rows.begin(), copy_of_copy);
    rows.push_back(copy);
    const TrackCheck found = checked(rows, spec);
    REQUIRE(found.problems.size() == 1);
    CHECK(holds(found.problems[0], "\"again\" is trained on and made from \"copy\""));
    rows.front()["lineage"] = Json::array({part("parent", "shot1")});
    CHECK(checked(rows, spec).problems.empty());
  }

  TEST_CASE("a rule on a field that no sample has holds nothing out, and is told") {
    const TrackSpec spec =
        track_spec_from_text("out_of_scope: [{field: scene.exposre, above: 2}]", "tracks.yaml");
    const TrackCheck found = checked(honest_rows(spec), spec);
    REQUIRE(found.problems.size() == 1);
    CHECK(holds(found.problems[0], "scene.exposre"));
    CHECK_THROWS_AS(check_tracks("/nowhere/manifest.jsonl", spec), Error);
    CHECK_THROWS_AS(checked({Json("no object")}, spec), Error);
  }
}
