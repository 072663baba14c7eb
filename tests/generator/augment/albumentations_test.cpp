#include <doctest/doctest.h>

#include <cstdlib>
#include <fstream>
#include <sstream>

#include "generator/augment/geometry_of.hpp"
#include "scenes/temporary_folder.hpp"
#include "tests/generator/augment/flat_scene.hpp"

using namespace orrery;
using namespace orrery::testing;
using Op = AugmentOp;
namespace fs = std::filesystem;

namespace {

Json json_of(const Rect& box) { return Json::array({box.x0, box.y0, box.x1, box.y1}); }

/// What an operation with fixed values makes of the boxes of `scene`; `values` as Python wants
/// them.
Json case_of(const LabelledPixels& scene, Op op, const std::vector<Range>& ranges,
             const Json& values) {
  LabelledPixels picture = scene;
  AugmentSpec spec = spec_of({always(op, ranges)});
  spec.min_visible = spec.min_side = spec.min_area = 0;
  augmented(picture, spec);
  Json boxes = Json::object();
  for (const Label& label : picture.labelled.labels) {
    boxes[std::to_string(label.id)] = json_of(label.box);
  }
  // The same labels as boxes and nothing more, by the ellipse where they turn far.
  LabelledPixels bare = scene;
  for (Label& label : bare.labelled.labels) {
    label.mask.reset();
    label.amodal.reset();
    label.amodal_box.reset();
    label.oriented.reset();
  }
  const bool far = op == Op::rotate && ranges[0].high > 10;
  if (far) spec.box_rotation = BoxRotation::ellipse;
  augmented(bare, spec);
  Json alone = Json::object();
  for (const Label& label : bare.labelled.labels) {
    alone[std::to_string(label.id)] = json_of(label.box);
  }
  return {{"op", operation_info(op).name},
          {"values", values},
          {"ours", boxes},
          {"alone", alone},
          {"method", far ? "ellipse" : "largest_box"}};
}

Json perspective_case(const LabelledPixels& scene, IdPlane plane) {
  const std::array<glm::dvec2, 4> corners{glm::dvec2(12, 9), glm::dvec2(298, -11),
                                          glm::dvec2(331, 228), glm::dvec2(-15, 250)};
  Geometry geometry(plane.width, plane.height);
  geometry.add(to_corners(plane.width, plane.height, corners), plane.width, plane.height);
  const IdPlane moved_plane = Warp(geometry).ids(plane);
  Json boxes = Json::object();
  for (const Label& label : scene.labelled.labels) {
    const Rle mask = mask_of_plane(moved_plane, static_cast<std::uint16_t>(label.id));
    if (area(mask) > 0) {
      boxes[std::to_string(label.id)] = json_of(rect_of(bounding_box(mask)));
    }
  }
  Json values = Json::array();
  for (const glm::dvec2& c : corners) values.push_back({c.x, c.y});
  return {{"op", "perspective"}, {"values", values}, {"ours", boxes}, {"alone", Json::object()}};
}

}  // namespace

TEST_SUITE("augment against Albumentations") {
  TEST_CASE("boxes are those of the masks that Albumentations moves; its own are no tighter") {
    const TemporaryFolder scratch;
    const LabelledPixels scene = flat_scene(17, 320, 240, 8);
    IdPlane plane(320, 240, 0);
    Json boxes = Json::object();
    for (const Label& label : scene.labelled.labels) {
      const Image<std::uint8_t> mask = mask_from_rle(*label.mask);
      for (std::size_t i = 0; i < mask.pixels.size(); ++i) {
        if (mask.pixels[i] != 0) plane.pixels[i] = static_cast<std::uint16_t>(label.id);
      }
      boxes[std::to_string(label.id)] = json_of(label.box);
    }
    const fs::path raw = scratch.path / "plane.u16";
    std::ofstream(raw, std::ios::binary)
        .write(reinterpret_cast<const char*>(plane.pixels.data()),
               static_cast<std::streamsize>(plane.pixels.size() * 2));
    Json cases = Json::array();
    cases.push_back(case_of(scene, Op::flip_horizontal, {}, Json::array()));
    cases.push_back(case_of(scene, Op::flip_vertical, {}, Json::array()));
    cases.push_back(case_of(scene, Op::crop, {{200, 200}, {150, 150}, {0.5, 0.5}, {0.5, 0.5}},
                            {60, 45, 200, 150}));
    cases.push_back(case_of(scene, Op::resize, {{480, 480}, {300, 300}}, {480, 300}));
    cases.push_back(case_of(scene, Op::scale, {{0.8, 0.8}}, {0.8}));
    cases.push_back(case_of(scene, Op::rotate, {{10, 10}}, {10}));
    cases.push_back(case_of(scene, Op::rotate, {{30, 30}}, {30}));
    cases.push_back(case_of(scene, Op::rotate, {{45, 45}}, {45}));
    cases.push_back(perspective_case(scene, plane));
    const Json told{{"width", 320},
                    {"height", 240},
                    {"plane", raw.string()},
                    {"boxes", boxes},
                    {"cases", cases}};
    std::ofstream(scratch.path / "scene.json") << told.dump();
    const std::string command =
        std::string("\"" ORRERY_PYTHON "\" \"" ORRERY_ALBUMENTATIONS "\" \"") +
        (scratch.path / "scene.json").string() + "\" \"" + (scratch.path / "answer.json").string() +
        "\"";
    REQUIRE(std::system(command.c_str()) == 0);
    std::ifstream in(scratch.path / "answer.json");
    std::ostringstream table;
    for (const Json& answer : Json::parse(in)) {
      const std::string op = answer.at("op");
      CAPTURE(op);
      CHECK(answer.at("labels") >= 3);
      const double ours = answer.at("ours");
      const bool flip = op.rfind("flip", 0) == 0;
      const bool exact = flip || op == "crop";
      // Between pixels, one of the two rounds an edge the other way now and then.
      CHECK(answer.at("from_masks") <= (exact ? 0.0 : 2.0));
      CHECK(ours >= (exact ? 1.0 : 0.95));
      table << "\n" << op << answer.at("values").dump() << ": ours " << ours;
      if (answer.at("theirs").is_null()) continue;
      const double theirs = answer.at("theirs");
      table << ", theirs " << theirs;
      table << ", boxes alone differ by " << answer.at("boxes_alone").dump() << " px in "
            << answer.at("alone").dump();
      CHECK(answer.at("boxes_alone") < 0.05);
      if (flip) CHECK(theirs == doctest::Approx(1));
      // Albumentations resizes masks to the pixel below, half a pixel off its own boxes.
      if (op != "resize") CHECK(theirs <= ours);
      if (op == "rotate" || op == "crop") CHECK(theirs < 0.9);
    }
    MESSAGE("mean IoU of boxes with the extents of the moved masks:" << table.str());
  }
}
