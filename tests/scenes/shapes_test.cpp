#include "scenes/shapes.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <glm/gtc/color_space.hpp>
#include <glm/gtc/constants.hpp>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "scenes/made_model.hpp"
#include "tests/support/closed_surface.hpp"

using namespace orrery;

namespace {

constexpr double kPi = glm::pi<double>();

glm::dvec3 place(const Model& model, std::uint32_t k) {
  return glm::dvec3(model.vertices[model.indices[k]].position);
}

template <class Visit>
void for_each_triangle(const Lod& lod, const Visit& visit) {
  for (const IndexRange& part : lod.parts) {
    for (std::uint32_t k = part.first; k < part.first + part.count; k += 3) visit(k);
  }
}

/// The smallest cosine between a triangle and the normals of its corners, but for slivers.
double worst_normal(const Model& model) {
  double worst = 1;
  for_each_triangle(model.lods[0], [&](std::uint32_t k) {
    const glm::dvec3 a = place(model, k);
    const glm::dvec3 face = glm::cross(place(model, k + 1) - a, place(model, k + 2) - a);
    for (std::uint32_t j = 0; j < 3; ++j) {
      const glm::dvec3 normal(unpacked_normal(model.vertices[model.indices[k + j]].normal));
      worst = std::min(worst, glm::dot(glm::normalize(face), normal));
    }
  });
  return worst;
}

double rounded_box_volume(const glm::dvec3& size, double r) {
  const glm::dvec3 in = size - 2 * r;
  return in.x * in.y * in.z + 2 * r * (in.x * in.y + in.y * in.z + in.z * in.x) +
         kPi * r * r * (in.x + in.y + in.z) + 4.0 / 3 * kPi * r * r * r;
}

Model small_die() { return die(0.016, 0.0016, {glm::vec3(0.9F), glm::vec3(0.02F)}); }

/// As large as they come, on a die of this rounding.
Model big_pips(double rounding, double hollow) {
  DieLook look{glm::vec3(0.9F), glm::vec3(0.02F)};
  look.pip = 0.27;
  look.hollow = hollow;
  return die(0.016, rounding, look);
}

/// sRGB luma of a material's own colour.
float luma(const Material& material) {
  const glm::vec3 srgb = glm::convertLinearToSRGB(glm::vec3(material.base_color));
  return glm::dot(srgb, glm::vec3(0.299F, 0.587F, 0.114F));
}

/// Pips that open to the way `axis`: hollows of the die's second part whose bottoms face it.
int pips_facing(const Model& model, const glm::dvec3& axis) {
  std::set<std::array<long, 3>> bottoms;
  const IndexRange part = model.lods[0].parts[1];
  for (std::uint32_t k = part.first; k < part.first + part.count; ++k) {
    const Vertex& v = model.vertices[model.indices[k]];
    if (glm::dot(glm::dvec3(unpacked_normal(v.normal)), axis) < 0.99999) continue;
    const glm::dvec3 um = glm::round(glm::dvec3(v.position) * 1e6);
    bottoms.insert({std::lround(um.x), std::lround(um.y), std::lround(um.z)});
  }
  return static_cast<int>(bottoms.size());
}

}  // namespace

TEST_SUITE("shapes") {
  TEST_CASE("solids are closed at every level of detail and their normals point outwards") {
    const std::vector<Model> models{rounded_box({0.1, 0.2, 0.05}, 0),
                                    rounded_box({0.1, 0.2, 0.05}, 0.01),
                                    rounded_box({0.1, 0.1, 0.1}, 0.05),
                                    cylinder(0.05, 0.2),
                                    cone(0.05, 0.2),
                                    ball(0.04),
                                    torus(0.05, 0.015),
                                    tray({0.3, 0.2, 0.06}, 0.004),
                                    bowl(0.08, 0.07, 0.004),
                                    book({0.14, 0.21, 0.025}, 3),
                                    small_die(),
                                    big_pips(0.0032, 1)};
    for (const Model& model : models) {
      CAPTURE(model.name);
      for (const Lod& lod : model.lods) CHECK(open_edges(model, lod) == 0);
      CHECK(enclosed_volume(model) > 0);
      CHECK(worst_normal(model) > 0.5);
      CHECK(model.sha256.size() == 64);
      CHECK(model.materials.size() == model.part_materials.size());
      CHECK(glm::all(glm::lessThan(model.bounds.low, model.bounds.high)));
      for (const Vertex& v : model.vertices) {
        REQUIRE(glm::all(glm::greaterThanEqual(v.uv, glm::vec2(-1e-5F))));
        REQUIRE(glm::all(glm::lessThanEqual(v.uv, glm::vec2(1.00001F))));
      }
    }
  }

  TEST_CASE("volumes are those of the formulas within two in a hundred") {
    const auto near = [](double formula) { return doctest::Approx(formula).epsilon(0.02); };
    const glm::dvec3 size(0.1, 0.2, 0.05);
    CHECK(enclosed_volume(rounded_box(size, 0)) == doctest::Approx(0.001));
    CHECK(enclosed_volume(rounded_box(size, 0.02)) == near(rounded_box_volume(size, 0.02)));
    CHECK(enclosed_volume(cylinder(0.05, 0.2)) == near(kPi * 0.05 * 0.05 * 0.2));
    CHECK(enclosed_volume(cone(0.05, 0.2)) == near(kPi * 0.05 * 0.05 * 0.2 / 3));
    CHECK(enclosed_volume(ball(0.04)) == near(4.0 / 3 * kPi * 0.04 * 0.04 * 0.04));
    CHECK(enclosed_volume(torus(0.05, 0.015)) == near(2 * kPi * kPi * 0.05 * 0.015 * 0.015));
  }

  TEST_CASE("a tray and a bowl hold something: their volume is that of their walls") {
    CHECK(enclosed_volume(tray({0.3, 0.2, 0.06}, 0.004)) <
          0.004 * 1.05 * (0.3 * 0.2 + 2 * (0.3 + 0.2) * 0.06));
    CHECK(enclosed_volume(bowl(0.08, 0.07, 0.004)) < 0.3 * kPi * 0.08 * 0.08 * 0.07);
  }

  TEST_CASE("shapes stand where they say and are as large as asked") {
    const Model box = rounded_box({0.1, 0.2, 0.05}, 0.01);
    CHECK(glm::distance(box.bounds.high, glm::vec3(0.05F, 0.1F, 0.025F)) < 1e-6F);
    const Model can = cylinder(0.05, 0.2);
    CHECK(can.bounds.low.z == doctest::Approx(0));
    CHECK(can.bounds.high.z == doctest::Approx(0.2));
    const Model holder = tray({0.3, 0.2, 0.06}, 0.004);
    CHECK(glm::distance(holder.bounds.high, glm::vec3(0.15F, 0.1F, 0.06F)) < 1e-6F);
    CHECK(holder.bounds.low.z == 0);
    const Model volume_one = book({0.14, 0.21, 0.025}, 3);
    CHECK(glm::distance(volume_one.bounds.high, glm::vec3(0.07F, 0.105F, 0.025F)) < 1e-6F);
  }

  TEST_CASE("a shape's hash tells its name and parameters") {
    CHECK(ball(0.04).sha256 == ball(0.04).sha256);
    CHECK(ball(0.04).sha256 != ball(0.05).sha256);
    CHECK(cone(0.05, 0.2).sha256 != cylinder(0.05, 0.2).sha256);
    CHECK(book({0.14, 0.21, 0.025}, 3).sha256 != book({0.14, 0.21, 0.025}, 4).sha256);
  }

  TEST_CASE("opposite faces of a die add up to seven, one is up and 1, 2, 3 run right-handed") {
    const Model model = small_die();
    CHECK(pips_facing(model, {0, 0, 1}) == 1);
    CHECK(pips_facing(model, {0, 0, -1}) == 6);
    CHECK(pips_facing(model, {1, 0, 0}) == 2);
    CHECK(pips_facing(model, {-1, 0, 0}) == 5);
    CHECK(pips_facing(model, {0, 1, 0}) == 3);
    CHECK(pips_facing(model, {0, -1, 0}) == 4);
  }

  TEST_CASE("a die's pips are hollows: it is a little less than the rounded cube") {
    const double full = rounded_box_volume(glm::dvec3(0.016), 0.0016);
    const double left = enclosed_volume(small_die());
    CHECK(left < full);
    CHECK(left > 0.95 * full);
    CHECK(enclosed_volume(rounded_box(glm::dvec3(0.016), 0.0016)) - left > 0.005 * full);
  }

  TEST_CASE("wider pips take more from a die, deeper ones more still") {
    const double left = enclosed_volume(small_die());
    const double wide = enclosed_volume(big_pips(0.0016, 0.5));
    CHECK(wide < left);
    CHECK(enclosed_volume(big_pips(0.0016, 1)) < wide);
    CHECK(pips_facing(big_pips(0.0016, 0.7), {0, 0, -1}) == 6);
  }

  TEST_CASE("dice have light and dark pips on bodies of all lights, told apart on every one") {
    std::set<std::string> kinds;
    for (const MadeModel& made : made_models_of("die")) {
      CAPTURE(made.name);
      const Model model = made_model(made.name);
      const float body = luma(model.materials[0]);
      const float pips = luma(model.materials[1]);
      CHECK(std::abs(body - pips) >= kPipContrast - 0.001F);
      const bool middling = body > 0.3F && body < 0.7F;
      kinds.insert(std::string(middling ? "middling" : "extreme") + (pips > body ? "<" : ">"));
    }
    CHECK(kinds.size() == 4);
  }

  TEST_CASE("a patch shows its material at its true scale") {
    const SurfaceMaps maps = surface_maps("wood", 4, 64);
    const Model patch = surface_patch(maps, 1.2, 0.8);
    REQUIRE(patch.vertices.size() == 4);
    for (const Vertex& v : patch.vertices) {
      CHECK(v.uv.x == doctest::Approx((v.position.x + 0.6) / maps.metres));
      CHECK(v.uv.y == doctest::Approx((0.4 - v.position.y) / maps.metres));
      CHECK(unpacked_normal(v.normal).z > 0.999F);
    }
    CHECK(patch.textures.size() == 3);
    CHECK(patch.textures[0].wrap_u == Wrap::repeat);
    CHECK(enclosed_volume(patch) == 0);
  }
}
