#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "scenes/goods.hpp"
#include "scenes/made_model.hpp"
#include "scenes/painting.hpp"
#include "scenes/shelf_placement.hpp"
#include "scenes/street.hpp"
#include "tests/support/closed_surface.hpp"

using namespace orrery;

namespace {

/// Share of triangles whose front agrees with the normals of their corners.
double facing_out(const Model& model) {
  double right = 0;
  double all = 0;
  for (const IndexRange& part : model.lods[0].parts) {
    for (std::uint32_t k = part.first; k < part.first + part.count; k += 3) {
      std::array<glm::dvec3, 3> p{};
      glm::dvec3 normal(0);
      for (std::uint32_t j = 0; j < 3; ++j) {
        const Vertex& vertex = model.vertices[model.indices[k + j]];
        p[j] = glm::dvec3(vertex.position);
        normal += glm::dvec3(unpacked_normal(vertex.normal));
      }
      right += glm::dot(glm::cross(p[1] - p[0], p[2] - p[0]), normal) > 0 ? 1 : 0;
      ++all;
    }
  }
  return right / all;
}

/// The greatest extent that a thing of this kind may have, metres: none is a giant or a midget.
double largest(const std::string& shape) {
  static const std::map<std::string, double> kLargest{
      {"barrier", 1.7}, {"bench", 2}, {"bollard", 1.2},    {"house", 30},        {"hydrant", 1},
      {"sign", 1.3},    {"tree", 10}, {"litter_bin", 1.3}, {"traffic_cone", 0.9}};
  const auto found = kLargest.find(shape);
  return found == kLargest.end() ? 0.55 : found->second;
}

}  // namespace

TEST_SUITE("made shapes") {
  TEST_CASE("every shape is closed, faces outwards and is as large as its like") {
    for (const std::string& shape : shape_names()) {
      const std::vector<MadeModel> models = made_models_of(shape);
      for (std::size_t i = 0; i < models.size() && i < 2; ++i) {
        const Model model = made_model(models[i].name);
        CAPTURE(models[i].name);
        CHECK(open_edges(model, model.lods[0]) == 0);
        CHECK(enclosed_volume(model) > 0);
        CHECK(facing_out(model) > 0.99);
        const glm::vec3 size = model.bounds.high - model.bounds.low;
        const double longest = static_cast<double>(std::max({size.x, size.y, size.z}));
        CHECK(longest < largest(shape));
        CHECK(longest > 0.015);
      }
    }
  }

  TEST_CASE("variants of a shape are different models") {
    for (const std::string& shape : shape_names()) {
      std::set<std::string> hashes;
      const std::vector<MadeModel> models = made_models_of(shape);
      for (std::size_t i = 0; i < models.size() && i < 2; ++i) {
        hashes.insert(made_model(models[i].name).sha256);
      }
      CHECK(hashes.size() == std::min<std::size_t>(models.size(), 2));
    }
  }

  TEST_CASE("signs face -y, each kind is a class, and a post holds up each plate from the ground") {
    std::set<std::string> classes;
    for (const MadeModel& made : made_models_of("sign")) classes.insert(made.class_name);
    CHECK(classes.size() == sign_kinds().size());
    CHECK(classes.count("stop") == 1);
    CHECK(made_mount_of("made:bench/0").empty());
    for (const std::string& kind : sign_kinds()) {
      const std::string name = "made:sign/" + kind + "/1";
      REQUIRE(made_mount_of(name) == "made:post/" + kind + "/1");
      const Model plate = made_model(name);
      const Model post = made_model(made_mount_of(name));
      CAPTURE(kind);
      // The first part is the front.
      const IndexRange front = plate.lods[0].parts[0];
      for (std::uint32_t k = front.first; k < front.first + front.count; ++k) {
        CHECK(unpacked_normal(plate.vertices[plate.indices[k]].normal).y < -0.999F);
      }
      CHECK(plate.bounds.low.z - post.bounds.low.z > 1.4F);
      CHECK(plate.bounds.low.z - post.bounds.low.z < 2.6F);
      CHECK(post.bounds.high.z < plate.bounds.high.z + 0.1F);
    }
  }

  TEST_CASE("goods on a shelf stand on its boards, inside it, and do not overlap") {
    const ShelfSpec spec{4, 1.0, 0.32, 0.34};
    Rng rng(3, 0, "test/shelf");
    std::vector<ShelfItem> items;
    for (std::uint32_t i = 0; i < 60; ++i) {
      const std::uint32_t model = rng.below(9);
      items.push_back({{0.05 + 0.01 * model, 0.04 + 0.01 * model, 0.1 + 0.03 * model}, model});
    }
    const auto places = places_on_shelf(items, spec, rng);
    const Model model = shelf({spec.width, spec.depth, spec.gap}, 4, 0);
    struct Standing {
      glm::dvec2 low, high;
      double foot;
    };
    std::vector<Standing> all;
    for (std::size_t i = 0; i < items.size(); ++i) {
      if (!places[i]) continue;
      const double c = std::abs(std::cos(places[i]->yaw));
      const double s = std::abs(std::sin(places[i]->yaw));
      const glm::dvec3 size = items[i].size;
      const glm::dvec2 half(0.5 * (c * size.x + s * size.y), 0.5 * (s * size.x + c * size.y));
      const glm::dvec2 at(places[i]->foot);
      all.push_back({at - half, at + half, places[i]->foot.z});
      CHECK(std::abs(at.x) + half.x <= 0.5 * spec.width + 1e-9);
      CHECK(std::abs(at.y) + half.y <= 0.5 * spec.depth + 1e-9);
      const double board = (places[i]->foot.z - kShelfFoot) / (spec.gap + kShelfBoard);
      CHECK(board == doctest::Approx(std::round(board)));
      CHECK(places[i]->foot.z + size.z < static_cast<double>(model.bounds.high.z));
    }
    REQUIRE(all.size() > 20);
    for (std::size_t i = 0; i < all.size(); ++i) {
      for (std::size_t j = 0; j < i; ++j) {
        const bool apart = all[i].foot != all[j].foot ||
                           glm::any(glm::lessThanEqual(all[i].high, all[j].low + 1e-9)) ||
                           glm::any(glm::lessThanEqual(all[j].high, all[i].low + 1e-9));
        CHECK(apart);
      }
    }
  }

  TEST_CASE("a group that fills its board goes on on another, whichever has room") {
    const ShelfSpec spec{2, 1.0, 1.0, 0.34};
    const std::vector<ShelfItem> items(2, {{0.6, 0.05, 0.2}, 0});
    for (std::uint64_t seed = 0; seed < 20; ++seed) {
      Rng rng(seed, 0, "test/shelf");
      for (const auto& made_place : places_on_shelf(items, spec, rng))
        CHECK(made_place.has_value());
    }
  }

  TEST_CASE("what is painted is where it was painted") {
    Painting on(40, 20, {2, 1}, glm::vec3(1));
    on.rectangle({0.5, 0.25}, {1.0, 0.75}, glm::vec3(0));
    on.disc({1.5, 0.5}, 0.25, {1, 0, 0});
    CHECK(on.image().at(15, 10) == Rgba8(0, 0, 0, 255));
    CHECK(on.image().at(5, 10) == Rgba8(255, 255, 255, 255));
    CHECK(on.image().at(30, 10) == Rgba8(255, 0, 0, 255));
    CHECK(on.image().at(30, 3) == Rgba8(255, 255, 255, 255));
    CHECK(text_width("STOP") > 3 * text_width("S"));
  }
}
