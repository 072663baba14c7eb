#include "scenes/playing_card.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <string>
#include <utility>

#include "scenes/error.hpp"

using namespace orrery;

namespace {

bool is_ink(const Rgba8& p) { return p.r + p.g + p.b < 400; }

/// Inked part of a rectangle of the picture, in [0, 1] from the top left.
double ink_in(const Image<Rgba8>& image, glm::dvec2 low, glm::dvec2 high) {
  int inked = 0;
  int all = 0;
  for (int y = static_cast<int>(low.y * image.height); y < high.y * image.height; ++y) {
    for (int x = static_cast<int>(low.x * image.width); x < high.x * image.width; ++x, ++all) {
      inked += is_ink(image.at(x, y)) ? 1 : 0;
    }
  }
  return static_cast<double>(inked) / all;
}

int open_card_edges(const Model& model) {
  std::map<std::pair<std::string, std::string>, int> edges;
  const auto name = [&](std::uint32_t k) {
    const glm::vec3 p = model.vertices[model.indices[k]].position;
    return std::string(reinterpret_cast<const char*>(&p), sizeof p);
  };
  for (const IndexRange& part : model.lods[0].parts) {
    for (std::uint32_t k = part.first; k < part.first + part.count; k += 3) {
      for (std::uint32_t j = 0; j < 3; ++j) {
        edges[{name(k + j), name(k + (j + 1) % 3)}] += 1;
        edges[{name(k + (j + 1) % 3), name(k + j)}] -= 1;
      }
    }
  }
  return static_cast<int>(
      std::count_if(edges.begin(), edges.end(), [](const auto& edge) { return edge.second != 0; }));
}

Model seven(double bend) { return playing_card(card_face("7", "spades"), card_back(1), bend); }

}  // namespace

TEST_SUITE("playing card") {
  TEST_CASE("a card is closed, lies on z = 0 and has the measures of a poker card") {
    for (const double bend : {0.0, 0.002, -0.004, 0.02}) {
      CAPTURE(bend);
      const Model card = seven(bend);
      CHECK(open_card_edges(card) == 0);
      CHECK(std::abs(card.bounds.low.z) < 1e-6F);
      CHECK(card.bounds.high.x - card.bounds.low.x == doctest::Approx(0.0635));
      CHECK(card.bounds.high.z == doctest::Approx(0.0003 + std::abs(bend)).epsilon(0.03));
      if (bend == 0) CHECK(card.bounds.high.y == doctest::Approx(0.04445));
    }
  }

  TEST_CASE("the middle of a card bent by more than 0 is higher than its ends") {
    for (const double bend : {0.003, -0.003}) {
      const Model card = seven(bend);
      double middle = 0;
      double end = 0;
      double nearest = 1;
      double farthest = 0;
      for (const Vertex& v : card.vertices) {
        const double y = std::abs(double{v.position.y});
        if (y < nearest) middle = v.position.z;
        if (y > farthest) end = v.position.z;
        nearest = std::min(nearest, y);
        farthest = std::max(farthest, y);
      }
      CHECK((middle - end) / bend > 0.8);
    }
  }

  TEST_CASE("uv (0,0) is the top left of the face, and of the back seen from behind") {
    const Model card = seven(0);
    for (std::size_t part : {0U, 1U}) {
      const IndexRange range = card.lods[0].parts[part];
      const double side = part == 0 ? 1 : -1;
      for (std::uint32_t k = range.first; k < range.first + range.count; ++k) {
        const Vertex& v = card.vertices[card.indices[k]];
        CHECK(v.uv.x == doctest::Approx(0.5 + side * v.position.x / 0.0635).epsilon(1e-4));
        CHECK(v.uv.y == doctest::Approx(0.5 - v.position.y / 0.0889).epsilon(1e-4));
        CHECK(v.uv.x >= 0);
        CHECK(v.uv.y <= 1);
        CHECK(unpacked_normal(v.normal).z * side > 0.999);
      }
    }
  }

  TEST_CASE("the face is upright in its texture: the index is in the top left corner") {
    const Model card = seven(0);
    const Texture& texture = card.textures[0];
    REQUIRE(texture.width <= 512);
    REQUIRE(texture.height <= 512);
    const auto ink = [&](double u0, double v0, double u1, double v1) {
      int count = 0;
      for (int y = static_cast<int>(v0 * texture.height); y < v1 * texture.height; ++y) {
        for (int x = static_cast<int>(u0 * texture.width); x < u1 * texture.width; ++x) {
          count +=
              is_ink(card.texels[texture.first_texel + static_cast<std::size_t>(y) * texture.width +
                                 static_cast<std::size_t>(x)])
                  ? 1
                  : 0;
        }
      }
      return count;
    };
    CHECK(ink(0.02, 0.03, 0.15, 0.2) > 0);
    CHECK(ink(0.85, 0.03, 0.98, 0.2) == 0);
    // The seventh pip of a seven is in its upper half.
    CHECK(ink(0.42, 0.25, 0.58, 0.5) > 0);
    CHECK(ink(0.42, 0.5, 0.58, 0.75) == 0);
  }

  TEST_CASE("52 cards differ, and red suits are red") {
    std::map<std::string, std::string> seen;
    for (const char* suit : {"clubs", "diamonds", "hearts", "spades"}) {
      for (const char* rank : {"A", "2", "3", "4", "5", "6", "7", "8", "9", "10", "J", "Q", "K"}) {
        const Image<Rgba8> face = card_face(rank, suit, 128);
        CHECK(face.height == 128);
        CHECK(face.width == 91);
        std::string bytes;
        int red = 0;
        for (const Rgba8& p : face.pixels) {
          for (int k = 0; k < 3; ++k) bytes += static_cast<char>(p[k]);
          red += p.r > p.g + 100 && p.b < 120 && p.g < 60 ? 1 : 0;
        }
        CHECK((red > 20) == (std::string(suit) == "diamonds" || std::string(suit) == "hearts"));
        seen[bytes] = std::string(rank) + suit;
      }
    }
    CHECK(seen.size() == 52);
  }

  TEST_CASE("more pips mean more ink") {
    double last = 0;
    for (const char* rank : {"2", "3", "4", "5", "6", "7", "8", "9", "10"}) {
      const double ink = ink_in(card_face(rank, "spades"), {0.2, 0.05}, {0.8, 0.95});
      CHECK(ink > last + 0.005);
      last = ink;
    }
  }

  TEST_CASE("a back looks the same upside down and differs by seed") {
    for (const std::uint64_t seed : {1U, 2U, 3U, 4U, 5U, 6U}) {
      const Image<Rgba8> back = card_back(seed, 256);
      Image<Rgba8> turned = back;
      std::reverse(turned.pixels.begin(), turned.pixels.end());
      double apart = 0;
      for (std::size_t i = 0; i < back.pixels.size(); ++i) {
        apart += std::abs(back.pixels[i].g - turned.pixels[i].g);
      }
      CHECK(apart / static_cast<double>(back.pixels.size()) < 1);
      CHECK(back.pixels != card_back(seed + 1, 256).pixels);
    }
  }

  TEST_CASE("a rank or suit that is none is an error that offers the nearest") {
    CHECK_THROWS_WITH_AS(card_face("11", "spades"), doctest::Contains("'11'; the nearest is"),
                         Error);
    CHECK_THROWS_WITH_AS(card_face("A", "spade"), doctest::Contains("'spades'"), Error);
  }
}
