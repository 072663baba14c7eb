#include <doctest/doctest.h>

#include <algorithm>

#include "generator/encode.hpp"
#include "generator/upright_picture.hpp"
#include "scenes/error.hpp"
#include "scenes/yaml_reader.hpp"
#include "tests/generator/augment/flat_scene.hpp"

using namespace orrery;
using namespace orrery::testing;
using Op = AugmentOp;

namespace {

/// The spec under the key `augment` of a file.
AugmentSpec read(const std::string& text) {
  Mistakes mistakes("recipe.yaml");
  const AugmentSpec spec = augment_from_yaml(YAML::Load(text)["augment"], "augment", mistakes);
  mistakes.throw_if_any();
  return spec;
}

std::string mistakes_in(const std::string& text) {
  try {
    read(text);
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

}  // namespace

TEST_SUITE("augment spec") {
  TEST_CASE("what a spec prints is read back as the same spec") {
    for (const std::string& name : augment_presets()) {
      AugmentSpec spec = augment_preset(name);
      spec.border = AugmentBorder::reflect;
      spec.box_rotation = BoxRotation::ellipse;
      spec.chiral = {"glove"};
      spec.min_visible = 0.3;
      const std::string text = json_from(spec).dump();
      CHECK(json_from(read("augment: " + text)).dump() == text);
    }
    CHECK(json_from(read("augment: medium")) == json_from(augment_preset("medium")));
    CHECK(json_from(read("augment: {preset: heavy}")) == json_from(augment_preset("heavy")));
    CHECK(json_from(augment_preset("light")) != json_from(augment_preset("medium")));
  }

  TEST_CASE("a file says steps by name, with values, ranges, groups and shares") {
    const AugmentSpec spec = read(R"(augment:
  steps:
    - flip_horizontal: {probability: 0.5}
    - rotate: {angle: [-10, 10]}
    - jpeg
    - one_of:
        - gaussian_blur: {sigma: 2, weight: 3}
        - sequence: [grey, {gamma: {gamma: {uniform: [0.5, 2]}}}]
      probability: 0.3
  fill: [0, 10, 20]
  min_side: 6
)");
    REQUIRE(spec.steps.size() == 4);
    CHECK(spec.steps[0].probability == 0.5);
    CHECK(spec.steps[1].op == Op::rotate);
    CHECK(spec.steps[1].values[0].low == -10);
    CHECK(spec.steps[2].values[0].high == operation_info(Op::jpeg).parameters[0].usual.high);
    CHECK(spec.steps[3].kind == AugmentStep::Kind::one_of);
    CHECK(spec.steps[3].probability == 0.3);
    CHECK(spec.steps[3].steps[0].weight == 3);
    CHECK(spec.steps[3].steps[1].steps[1].values[0].high == 2);
    CHECK(spec.fill[2] == 20);
    CHECK(spec.min_side == 6);
  }

  TEST_CASE("mistakes name the file, the line, and what is nearest") {
    const std::vector<std::array<std::string, 2>> cases{
        {"augment: mediun",
         "recipe.yaml:1:10: augment is \"mediun\", wanted a preset such as \"medium\""},
        {"augment:\n  - rotat: {angle: 3}",
         "recipe.yaml:2:5: augment[0] is \"rotat\", wanted an "
         "operation such as \"rotate\""},
        {"augment:\n  - rotate: {angel: 3}",
         "recipe.yaml:2:14: augment[0].rotate.angel is no parameter, wanted one such as \"angle\""},
        {"augment:\n  - rotate: {angle: [5, -5]}", "5 to -5, wanted low to high"},
        {"augment:\n  - rotate: {angle: 700}", "700, wanted from -180 to 180"},
        {"augment:\n  - jpeg: {quality: 50.5}", "a whole number"},
        {"augment:\n  - jpeg: {probability: 2}", "2, wanted from 0 to 1"},
        {"augment:\n  - {rotate: {}, scale: {}}", "2 operations"},
        {"augment:\n  - one_of: []", "without a choice"},
        {"augment:\n  bordr: reflect", "wanted one such as \"border\""},
        {"augment:\n  border: mirror", "one of constant, reflect"},
        {"augment: {preset: light, steps: [grey]}", "both a preset and steps"},
        {"augment: {fill: [1, 2]}", "[red, green, blue]"}};
    for (const auto& entry : cases) {
      const std::string said = mistakes_in(entry[0]);
      CHECK_MESSAGE(said.find(entry[1]) != std::string::npos, entry[0], "\n", said);
    }
    const std::string both = mistakes_in("augment:\n  - rotat\n  - scael");
    CHECK(std::count(both.begin(), both.end(), '\n') == 1);
    CHECK_THROWS_WITH_AS(augment_preset("hevy"), doctest::Contains("\"heavy\""), Error);
  }

  TEST_CASE("operations that move nothing leave labels alone and do what they are called") {
    for (const OperationInfo& info : operations()) {
      const auto op = static_cast<Op>(&info - operations().data());
      if (op <= Op::letterbox || op == Op::dropout) continue;
      CAPTURE(info.name);
      std::size_t changed = 0;
      LabelledPixels picture = flat_scene(7, 160, 120, 6, Labelled::mixed);
      const LabelledPixels before = picture;
      const AugmentReport report = augmented(picture, spec_of({always(op)}), 3);
      CHECK(report.ran.size() == 1);
      CHECK(report.refused.empty());
      CHECK(picture.labelled.train_only);
      for (std::size_t i = 0; i < picture.color.pixels.size(); ++i) {
        changed += picture.color.pixels[i] != before.color.pixels[i] ? 1U : 0U;
        CHECK(picture.color.pixels[i].a == 255);
      }
      CHECK(changed > 200);
      REQUIRE(picture.labelled.labels.size() == before.labelled.labels.size());
      for (std::size_t i = 0; i < before.labelled.labels.size(); ++i) {
        picture.labelled.labels[i].hard = false;
      }
      LabelledPixels same = before;
      same.color = picture.color;
      CHECK((told(same) == told(picture)));
    }
  }

  TEST_CASE("noise has the spread that is asked for, and none at black if it is light's") {
    LabelledPixels picture = flat_scene(0, 160, 120, 1);
    picture.color = Image<Rgba8>(160, 120, Rgba8(128, 128, 128, 255));
    const auto spread = [](const LabelledPixels& of) {
      double sum = 0;
      double squares = 0;
      for (const Rgba8& p : of.color.pixels) {
        for (int c = 0; c < 3; ++c) sum += p[c], squares += p[c] * p[c];
      }
      const double count = 3.0 * static_cast<double>(of.color.pixels.size());
      return std::sqrt(squares / count - sum * sum / count / count);
    };
    LabelledPixels gaussian = picture;
    augmented(gaussian, spec_of({always(Op::gaussian_noise, {{0.04, 0.04}})}));
    CHECK(spread(gaussian) == doctest::Approx(10.2).epsilon(0.02));
    LabelledPixels shot = picture;
    augmented(shot, spec_of({always(Op::shot_noise, {{100, 100}})}));
    CHECK(spread(shot) == doctest::Approx(255 * std::sqrt(128 / 255.0 / 100)).epsilon(0.02));
    picture.color = Image<Rgba8>(160, 120, Rgba8(0, 0, 0, 255));
    augmented(picture, spec_of({always(Op::shot_noise, {{100, 100}})}));
    CHECK(spread(picture) == 0);
  }

  TEST_CASE("colours go through one pass as through their formulas one by one") {
    LabelledPixels picture = flat_scene(0, 64, 48, 1);
    picture.labelled.labels.clear();
    Rng rng(1, 1, "test/colours");
    for (Rgba8& p : picture.color.pixels) {
      for (int c = 0; c < 3; ++c) p[c] = static_cast<std::uint8_t>(60 + rng.below(120));
    }
    const LabelledPixels before = picture;
    augmented(picture, spec_of({always(Op::gamma, {{1.2, 1.2}}),
                                always(Op::brightness_contrast, {{0.05, 0.05}, {1.1, 1.1}}),
                                always(Op::grey, {{0.5, 0.5}})}));
    for (std::size_t i = 0; i < picture.color.pixels.size(); ++i) {
      glm::dvec3 v = glm::pow(glm::dvec3(before.color.pixels[i]) / 255.0, glm::dvec3(1.2));
      v = (v - 0.5) * 1.1 + 0.5 + 0.05;
      const double grey = glm::dot(v, glm::dvec3(0.213, 0.715, 0.072));
      v = 255.0 * (0.5 * v + 0.5 * grey);
      for (int c = 0; c < 3; ++c) CHECK(std::abs(picture.color.pixels[i][c] - v[c]) <= 0.51);
    }
  }

  TEST_CASE("a JPEG file is read as the camera's way back reads it, and a cut one is refused") {
    const LabelledPixels picture = flat_scene(2, 97, 61, 6);
    std::vector<std::byte> bytes = jpeg_from(picture.color, 80, true);
    const Image<Rgba8> read_back = upright_pixels(bytes, 1, "a.jpg");
    CHECK(read_back.width == 97);
    CHECK((read_back.pixels == through_jpeg(picture.color, 80).pixels));
    bytes.resize(bytes.size() / 2);
    CHECK_THROWS_WITH_AS(upright_pixels(bytes, 1, "a.jpg"), doctest::Contains("a.jpg: "), Error);
    CHECK_THROWS_AS(upright_pixels({bytes.data(), 1}, 1, "a.jpg"), Error);
  }
}
