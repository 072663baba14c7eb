#include "scenes/keypoints.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <fstream>

#include "scenes/error.hpp"
#include "scenes/surface_distance.hpp"
#include "tests/scenes/model_files.hpp"

using namespace orrery;
using orrery::test::Folder;

namespace {

const Keypoint& named(const Keypoints& keypoints, const std::string& name) {
  const auto found = std::find_if(keypoints.points.begin(), keypoints.points.end(),
                                  [&](const Keypoint& point) { return point.name == name; });
  REQUIRE_MESSAGE(found != keypoints.points.end(), name);
  return *found;
}

std::string mistake_in(const std::string& json) {
  const Folder folder;
  folder.put("a.keypoints.json", json);
  try {
    const auto file = folder.path / "a.keypoints.json";
    require_valid(read_keypoints(file, glm::dmat4(1)), file.string());
  } catch (const Error& error) {
    return error.what();
  }
  return {};
}

}  // namespace

TEST_SUITE("keypoints") {
  TEST_CASE("our robot's points lie on its surface, apart from the joints, and have sides") {
    const Model model = import_model(ORRERY_ASSETS "/models/robot.glb");
    std::vector<glm::dvec3> corners;
    for (const IndexRange& part : model.lods[0].parts) {
      for (std::uint32_t i = part.first; i < part.first + part.count; ++i) {
        corners.emplace_back(model.vertices[model.indices[i]].position);
      }
    }
    const SurfaceDistance distance(corners);
    const double diagonal = glm::length(glm::dvec3(model.bounds.high - model.bounds.low));
    for (const Keypoint& point : model.keypoints.points) {
      CAPTURE(point.name);
      if (!point.inside) CHECK(distance(point.position) < 0.002 * diagonal);
    }
    CHECK(model.keypoints.points.size() == 10);
    CHECK(model.keypoints.skeleton.size() == 8);
    CHECK(model.keypoints.swaps.size() == 4);
    CHECK(named(model.keypoints, "left_shoulder").inside);
    // From the file's y up to our z up, by a node and by the sidecar alike.
    CHECK(glm::distance(named(model.keypoints, "antenna").position, {0, 0, 0.210}) < 1e-7);
    CHECK(glm::distance(named(model.keypoints, "right_shoulder").position, {-0.049, 0, 0.110}) <
          1e-7);
  }

  TEST_CASE("a new or changed sidecar is noticed, and unit and axes move it as they do the mesh") {
    const Folder folder;
    orrery::test::put_gltf(folder.path, "");
    CHECK(folder.import("quad.gltf").keypoints.points.empty());
    folder.put("quad.keypoints.json", R"({"keypoints": {"corner": [1, 2, 3]}})");
    CHECK(named(folder.import("quad.gltf").keypoints, "corner").position == glm::dvec3(1, -3, 2));
    const std::vector<std::string> warnings = folder.import("quad.gltf").report.warnings;
    REQUIRE(warnings.size() == 1);
    CHECK(warnings[0].find("corner") != std::string::npos);
    ImportSettings settings;
    settings.unit = 0.5;
    settings.up = UpAxis::z;
    CHECK(named(folder.import("quad.gltf", settings).keypoints, "corner").position ==
          glm::dvec3(0.5, 1, 1.5));
  }

  TEST_CASE("a node named kp_NAME is a keypoint, and a sidecar's place for it counts more") {
    CHECK(keypoint_name_of("kp_tip") == "tip");
    CHECK(keypoint_name_of("keypoint:tip") == "tip");
    CHECK(keypoint_name_of("skp_tip").empty());
    Keypoints all;
    all.points = {{"tip", {1, 0, 0}, true}};
    Keypoints nodes;
    nodes.points = {{"tip", {2, 0, 0}, false}, {"end", {3, 0, 0}, false}};
    add_keypoints(all, nodes);
    REQUIRE(all.points.size() == 2);
    CHECK(all.points[0].position.x == 1);
    CHECK(all.points[1].name == "end");
  }

  TEST_CASE("a mistake in a sidecar is told with its place, what was found and what is wanted") {
    const auto mentions = [](const std::string& json, const std::vector<std::string>& words) {
      const std::string text = mistake_in(json);
      for (const std::string& word : words) {
        CHECK_MESSAGE(text.find(word) != std::string::npos, text);
      }
    };
    CHECK(mistake_in(R"({"keypoints": {"a": [1, 2, 3]}})").empty());
    mentions("{", {"a.keypoints.json", "JSON"});
    mentions("[]", {"a.keypoints.json", "[]", "object"});
    mentions(R"({"keypoint": {}})", {"\"keypoint\"", "\"keypoints\""});
    mentions(R"({"keypoints": {"a": [1, 2]}})", {"keypoints.a", "[1,2]", "three numbers"});
    mentions(R"({"keypoints": {"a": {"at": [1, 2, 3], "inner": true}}})", {"inner", "\"inside\""});
    mentions(R"({"keypoints": {"a": {"at": [1, 2, 3], "inside": 1}}})", {"a.inside", "true or"});
    mentions(R"({"keypoints": {"ear": [1, 2, 3]}, "skeleton": [["ear", "eat"]]})",
             {"skeleton[0]", "\"eat\"", "\"ear\""});
    mentions(R"({"keypoints": {"ear": [1, 2, 3]}, "swap": ["ear"]})", {"swap[0]", "two names"});
  }
}
