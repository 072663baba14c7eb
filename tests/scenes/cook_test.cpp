#include "scenes/cook.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <numbers>

#include "scenes/cook_pack.hpp"

using namespace orrery;

namespace {

std::uint32_t packed_white() { return 0xFFFFFFFFU; }

/// A bumpy ball of 2 · n · n triangles, three vertices each: nothing welded.
Model ball(int n) {
  Model model;
  const auto at = [&](int i, int j) {
    const double theta = std::numbers::pi * i / n;
    const double phi = 2 * std::numbers::pi * (j % n) / n;
    glm::dvec3 unit(std::sin(theta) * std::cos(phi), std::sin(theta) * std::sin(phi),
                    std::cos(theta));
    if (i == 0 || i == n) unit = glm::dvec3(0, 0, i == 0 ? 1 : -1);  // a pole is one vertex
    const double radius =
        i == 0 || i == n ? 1 : 1 + 0.02 * std::sin(5 * phi) * std::sin(4 * theta) * std::sin(theta);
    Vertex v{};
    v.position = glm::vec3(radius * unit);
    v.normal = packed_normal(glm::vec3(unit));
    v.color = packed_white();
    return v;
  };
  const auto add = [&](const Vertex& a, const Vertex& b, const Vertex& c) {
    for (const Vertex& v : {a, b, c}) {
      model.indices.push_back(static_cast<std::uint32_t>(model.vertices.size()));
      model.vertices.push_back(v);
    }
  };
  for (int i = 0; i < n; ++i) {
    for (int j = 0; j < n; ++j) {
      if (i > 0) add(at(i, j), at(i + 1, j), at(i, j + 1));
      if (i + 1 < n) add(at(i, j + 1), at(i + 1, j), at(i + 1, j + 1));
    }
  }
  model.materials.resize(1);
  model.part_materials = {0};
  model.lods.push_back({0, {{0, static_cast<std::uint32_t>(model.indices.size())}}});
  return model;
}

/// Distance from `p` to the triangle abc. Source: Ericson, Real-Time Collision Detection, 5.1.5.
double distance(const glm::dvec3& p, const glm::dvec3& a, const glm::dvec3& b,
                const glm::dvec3& c) {
  const glm::dvec3 ab = b - a;
  const glm::dvec3 ac = c - a;
  const double d1 = glm::dot(ab, p - a);
  const double d2 = glm::dot(ac, p - a);
  if (d1 <= 0 && d2 <= 0) return glm::length(p - a);
  const double d3 = glm::dot(ab, p - b);
  const double d4 = glm::dot(ac, p - b);
  if (d3 >= 0 && d4 <= d3) return glm::length(p - b);
  const double vc = d1 * d4 - d3 * d2;
  if (vc <= 0 && d1 >= 0 && d3 <= 0) return glm::length(p - a - ab * (d1 / (d1 - d3)));
  const double d5 = glm::dot(ab, p - c);
  const double d6 = glm::dot(ac, p - c);
  if (d6 >= 0 && d5 <= d6) return glm::length(p - c);
  const double vb = d5 * d2 - d1 * d6;
  if (vb <= 0 && d2 >= 0 && d6 <= 0) return glm::length(p - a - ac * (d2 / (d2 - d6)));
  const double va = d3 * d6 - d5 * d4;
  if (va <= 0 && d4 - d3 >= 0 && d5 - d6 >= 0) {
    return glm::length(p - b - (c - b) * ((d4 - d3) / ((d4 - d3) + (d5 - d6))));
  }
  return glm::length(p - a - ab * (vb / (va + vb + vc)) - ac * (vc / (va + vb + vc)));
}

double distance_to_lod(const Model& model, const Lod& lod, const glm::dvec3& p) {
  double nearest = 1e300;
  const auto corner = [&](std::uint32_t k) {
    return glm::dvec3(model.vertices[model.indices[k]].position);
  };
  for (const IndexRange& part : lod.parts) {
    for (std::uint32_t k = part.first; k < part.first + part.count; k += 3) {
      nearest = std::min(nearest, distance(p, corner(k), corner(k + 1), corner(k + 2)));
    }
  }
  return nearest;
}

/// The farthest that any of some points of one level lies from another.
double farthest(const Model& model, const Lod& from, const Lod& to, std::uint32_t step) {
  double worst = 0;
  for (const IndexRange& part : from.parts) {
    for (std::uint32_t k = part.first; k < part.first + part.count; k += 3 * step) {
      glm::dvec3 middle(0.0);
      for (std::uint32_t j = 0; j < 3; ++j) {
        const glm::dvec3 p(model.vertices[model.indices[k + j]].position);
        middle += p / 3.0;
        worst = std::max(worst, distance_to_lod(model, to, p));
      }
      worst = std::max(worst, distance_to_lod(model, to, middle));
    }
  }
  return worst;
}

std::uint32_t triangles(const Lod& lod) {
  std::uint32_t count = 0;
  for (const IndexRange& part : lod.parts) count += part.count / 3;
  return count;
}

}  // namespace

TEST_SUITE("cook") {
  TEST_CASE("equal vertices are welded and no triangle is lost") {
    Model model = ball(40);
    const std::size_t before = triangles(model.lods[0]);
    cook(model);
    CHECK(triangles(model.lods[0]) == before);
    CHECK(model.vertices.size() == 39 * 40 + 2);
  }

  TEST_CASE("kept levels are those of a new model, and a damaged pack is made anew") {
    const std::filesystem::path folder =
        std::filesystem::temp_directory_path() / "orrery-cook-pack-test";
    std::filesystem::remove_all(folder);
    Model fresh = ball(40);
    cook(fresh);
    REQUIRE(fresh.lods.size() > 2);
    const auto check_kept = [&] {
      Model kept = ball(40);
      cached_cook(kept, folder);
      CHECK(kept.indices == fresh.indices);
      REQUIRE(kept.lods.size() == fresh.lods.size());
      for (std::size_t i = 0; i < kept.lods.size(); ++i) {
        CHECK(kept.lods[i].error == fresh.lods[i].error);
        CHECK(kept.lods[i].parts[0].first == fresh.lods[i].parts[0].first);
        CHECK(kept.lods[i].parts[0].count == fresh.lods[i].parts[0].count);
      }
    };
    check_kept();  // makes the pack
    check_kept();
    const auto pack = std::filesystem::directory_iterator(folder)->path();
    std::fstream(pack, std::ios::in | std::ios::out | std::ios::binary).seekp(20).put('?');
    check_kept();
    Model other = ball(30);
    cached_cook(other, folder);
    CHECK(other.indices.size() < fresh.indices.size());
    std::filesystem::remove_all(folder);
  }

  TEST_CASE("bounds are those of the finest level") {
    Model model = ball(40);
    cook(model);
    glm::vec3 low(1e9F);
    glm::vec3 high(-1e9F);
    for (std::uint32_t k = 0; k < model.lods[0].parts[0].count; ++k) {
      const glm::vec3 p = model.vertices[model.indices[model.lods[0].parts[0].first + k]].position;
      low = glm::min(low, p);
      high = glm::max(high, p);
    }
    CHECK(model.bounds.low == low);
    CHECK(model.bounds.high == high);
  }

  TEST_CASE("levels get coarser by about half and their errors grow") {
    Model model = ball(64);
    cook(model);
    REQUIRE(model.lods.size() >= 4);
    for (std::size_t i = 1; i < model.lods.size(); ++i) {
      CHECK(triangles(model.lods[i]) < 0.85 * triangles(model.lods[i - 1]));
      CHECK(triangles(model.lods[i]) >= 200);
      CHECK(model.lods[i].error >= model.lods[i - 1].error);
    }
    CHECK(model.lods[0].error == 0);
  }

  TEST_CASE("no level is farther from the finest than its error says") {
    Model model = ball(48);
    cook(model);
    REQUIRE(model.lods.size() >= 3);
    for (std::size_t i = 1; i < model.lods.size(); ++i) {
      const double back = farthest(model, model.lods[0], model.lods[i], 3);
      const double forth = farthest(model, model.lods[i], model.lods[0], 1);
      MESSAGE("level ", i, ": ", triangles(model.lods[i]), " triangles, error ",
              model.lods[i].error, " m, measured ", back, " and ", forth);
      CHECK(back <= 1.001 * double{model.lods[i].error} + 1e-6);
      CHECK(forth <= 1.001 * double{model.lods[i].error} + 1e-6);
      CHECK(double{model.lods[i].error} < 5 * std::max(back, forth));
    }
  }

  TEST_CASE("a part with several vertex colours keeps every triangle") {
    Model model = ball(40);
    for (Vertex& v : model.vertices) v.color = v.position.z > 0 ? 0xFF0000FFU : packed_white();
    cook(model);
    CHECK(model.lods.size() == 1);
  }

  TEST_CASE("the border between two parts is the same at every level") {
    Model model = ball(64);
    // The upper half becomes a second part.
    std::vector<std::uint32_t> upper;
    std::vector<std::uint32_t> lower;
    for (std::size_t k = 0; k < model.indices.size(); k += 3) {
      float z = 0;
      for (std::size_t j = 0; j < 3; ++j) z += model.vertices[model.indices[k + j]].position.z;
      auto& half = z > 0 ? upper : lower;
      half.insert(half.end(), model.indices.begin() + static_cast<std::ptrdiff_t>(k),
                  model.indices.begin() + static_cast<std::ptrdiff_t>(k + 3));
    }
    const auto split = static_cast<std::uint32_t>(upper.size());
    const auto rest = static_cast<std::uint32_t>(lower.size());
    upper.insert(upper.end(), lower.begin(), lower.end());
    model.indices = upper;
    model.materials.resize(2);
    model.part_materials = {0, 1};
    model.lods = {{0, {{0, split}, {split, rest}}}};
    cook(model);
    REQUIRE(model.lods.size() >= 2);
    const auto used = [&](const Lod& lod, std::size_t part) {
      std::vector<std::uint32_t> out(
          model.indices.begin() + lod.parts[part].first,
          model.indices.begin() + lod.parts[part].first + lod.parts[part].count);
      std::sort(out.begin(), out.end());
      out.erase(std::unique(out.begin(), out.end()), out.end());
      return out;
    };
    const auto shared = [&](const Lod& lod) {
      const auto a = used(lod, 0);
      const auto b = used(lod, 1);
      std::vector<std::uint32_t> both;
      std::set_intersection(a.begin(), a.end(), b.begin(), b.end(), std::back_inserter(both));
      return both;
    };
    const auto finest = shared(model.lods.front());
    CHECK(finest.size() >= 64);
    for (const Lod& lod : model.lods) CHECK(shared(lod) == finest);
  }
}
