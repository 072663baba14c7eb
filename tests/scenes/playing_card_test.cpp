#include "scenes/playing_card.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "scenes/error.hpp"
#include "scenes/made_model.hpp"
#include "scenes/temporary_folder.hpp"

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
        const Image<Rgba8> face = card_face(rank, suit, {}, 128);
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

  TEST_CASE("in every print the middle of a nine and of a ten tells which it is") {
    const glm::dvec2 low(0.47, 0.485);
    const glm::dvec2 high(0.53, 0.515);
    for (std::uint32_t number = 0; number < 16; ++number) {
      CAPTURE(number);
      for (const char* suit : {"clubs", "diamonds", "hearts", "spades"}) {
        CAPTURE(suit);
        CHECK(ink_in(card_face("9", suit, card_print(number), 128), low, high) > 0.9);
        CHECK(ink_in(card_face("10", suit, card_print(number), 128), low, high) < 0.1);
      }
    }
  }

  TEST_CASE("in every print no pip leaves the card or touches the index") {
    for (std::uint32_t number = 0; number < 200; ++number) {
      CAPTURE(number);
      const CardPrint print = card_print(number);
      const double widest = print.letter * 0.9 + print.letter * print.stroke;  // a 10's
      const double left = 0.5 * 63.5 - print.column - print.pip;
      CHECK(std::max(print.index.x + 0.5 * widest, print.index.x + print.small_pip) < left);
      CHECK(print.index.x - 0.5 * widest > 0);
      CHECK(0.5 * (88.9 - print.rows) > print.pip);
      CHECK(print.index.y + print.letter <= print.small_pip_y - print.small_pip);
      CHECK(print.rows / 3 > 2 * print.pip);
    }
  }

  TEST_CASE("prints are of different sizes, and the same each time") {
    const auto ink = [](std::uint32_t number) {
      return ink_in(card_face("8", "spades", card_print(number)), {0.2, 0.05}, {0.8, 0.95});
    };
    std::vector<double> inks;
    for (std::uint32_t number = 0; number < 12; ++number) inks.push_back(ink(number));
    const auto [least, most] = std::minmax_element(inks.begin(), inks.end());
    CHECK(*most > 1.5 * *least);
    CHECK(ink(5) == inks[5]);
    CHECK(ink(0) == ink_in(card_face("8", "spades"), {0.2, 0.05}, {0.8, 0.95}));
  }

  TEST_CASE("prints beside pictures leave each class as often as it was, and are of other faces") {
    const TemporaryFolder folder;
    for (const char* name :
         {"9_of_clubs", "nine_of_hearts", "king_of_clubs", "joker_red", "back"}) {
      std::ofstream(folder.path / (std::string(name) + ".png")) << "a picture";
    }
    const std::vector<MadeModel> plain = made_cards_of(folder.path, 0);
    const std::vector<MadeModel> more = made_cards_of(folder.path, 3);
    REQUIRE(plain.size() == 4);
    REQUIRE(more.size() == 16);
    std::map<std::string, int> counts;
    std::set<std::string> names;
    int pictures = 0;
    for (const MadeModel& made : more) {
      counts[made.class_name] += 1;
      names.insert(made.name);
      pictures += made.name.find('@') != std::string::npos ? 1 : 0;
    }
    CHECK(counts == std::map<std::string, int>{{"9", 4}, {"nine", 4}, {"king", 4}, {"joker", 4}});
    CHECK(names.size() == 16);
    CHECK(pictures == 2 + 4 + 4);
    for (const MadeModel& made : more) {
      if (made.name.find('@') == std::string::npos) CHECK(!made_model(made.name).vertices.empty());
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
