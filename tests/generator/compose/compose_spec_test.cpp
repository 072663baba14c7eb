#include <doctest/doctest.h>

#include <cmath>

#include "generator/compose/beta.hpp"
#include "generator/compose/compose.hpp"
#include "scenes/yaml_reader.hpp"

namespace orrery {
namespace {

std::string complaint_of(const std::string& text) {
  Mistakes mistakes("recipe.yaml");
  compose_from_yaml(YAML::Load(text), "compose", mistakes);
  try {
    mistakes.throw_if_any();
  } catch (const Error& error) {
    return error.what();
  }
  return {};
}

TEST_CASE("a composition that is written as JSON is read as the same composition") {
  Mistakes mistakes("recipe.yaml");
  const ComposeSpec spec = compose_from_yaml(
      YAML::Load("paste: {count: {uniform: [2, 9]}, place: {chiral: [card, b], "
                 "where: lower_half, rotation: {choice: [0, 90]}}, fusion: {edges: {hard: 0}}}\n"
                 "mosaic: {width: 640, height: 480}\nmixup: {alpha: 8}\n"
                 "mask_out: {fill: noise}\nlabels: {min_visible: 0.05}"),
      "compose", mistakes);
  mistakes.throw_if_any();
  CHECK(spec.paste.place.chiral == std::vector<std::string>{"card", "b"});
  CHECK(spec.mixup.alpha == 8);
  CHECK(spec.mask_out.fill == MaskFill::noise);
  const Json json = json_from(spec);
  const ComposeSpec again = compose_from_yaml(YAML::Load(json.dump()), "compose", mistakes);
  mistakes.throw_if_any();
  CHECK(json_from(again).dump() == json.dump());
  CHECK(json_from(ComposeSpec{}).dump() != json.dump());
}

TEST_CASE("what is wrong in a composition is named with its place and the nearest name") {
  CHECK(complaint_of("paste: {count: 3}").empty());
  const std::string unknown = complaint_of("mosaic:\n  zoon: 2");
  CHECK(unknown.find("recipe.yaml:2:3: compose.mosaic.zoon") != std::string::npos);
  CHECK(unknown.find("\"zoom\"") != std::string::npos);
  CHECK(complaint_of("mixup: {alpha: 0}").find("compose.mixup.alpha is 0") != std::string::npos);
  CHECK(complaint_of("mask_out: {fill: paint}").find("keep, blur, noise, mean") !=
        std::string::npos);
  CHECK(complaint_of("mosaic: {width: 640}").find("both width and height") != std::string::npos);
  CHECK(complaint_of("paste: {fusion: {edges: {hard: 0, gaussian: 0, motion: 0}}}")
            .find("weight above 0") != std::string::npos);
}

TEST_CASE("gamma and beta draws have the moments of their distributions") {
  const int count = 40000;
  for (const double shape : {0.3, 1.0, 1.5, 8.0}) {
    Rng rng(7, 1, "gamma");
    double sum = 0;
    double squares = 0;
    for (int i = 0; i < count; ++i) {
      const double x = gamma_drawn(shape, rng);
      sum += x;
      squares += x * x;
    }
    const double mean = sum / count;
    CHECK(std::abs(mean - shape) < 4 * std::sqrt(shape / count));
    CHECK(squares / count - mean * mean == doctest::Approx(shape).epsilon(0.08));
  }
  for (const auto& [a, b] : {std::pair{1.5, 1.5}, {0.4, 2.0}, {32.0, 32.0}}) {
    Rng rng(7, 2, "beta");
    double sum = 0;
    double squares = 0;
    for (int i = 0; i < count; ++i) {
      const double x = beta_drawn(a, b, rng);
      REQUIRE(x >= 0);
      REQUIRE(x <= 1);
      sum += x;
      squares += x * x;
    }
    const double variance = a * b / ((a + b) * (a + b) * (a + b + 1));
    const double mean = sum / count;
    CHECK(std::abs(mean - a / (a + b)) < 4 * std::sqrt(variance / count));
    CHECK(squares / count - mean * mean == doctest::Approx(variance).epsilon(0.05));
  }
}

}  // namespace
}  // namespace orrery
