#include "scenes/made_model.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <sstream>

#include "scenes/clutter.hpp"
#include "scenes/error.hpp"
#include "scenes/gobo.hpp"
#include "scenes/goods.hpp"
#include "scenes/nearest_name.hpp"
#include "scenes/playing_card.hpp"
#include "scenes/random.hpp"
#include "scenes/room.hpp"
#include "scenes/sha256.hpp"
#include "scenes/shapes.hpp"
#include "scenes/street.hpp"
#include "scenes/surface_material.hpp"

namespace orrery {
namespace {

constexpr const char* kPrefix = "made:";
/// How far the middle of a bent card is above its ends, metres: in this many ways.
constexpr std::array kSagittas{0.0, 0.0012, -0.002};
constexpr auto kBends = static_cast<std::uint32_t>(kSagittas.size());

/// How many variants of each shape there are; sets scale them.
struct Shape {
  const char* name;
  std::uint32_t variants;
  Model (*make)(std::uint64_t variant) = nullptr;  ///< without it made_shape() does
};
constexpr std::array kShapes{Shape{"ball", 1},
                             Shape{"barrier", 3, barrier},
                             Shape{"bench", 3, bench_seat},
                             Shape{"bollard", 5, bollard},
                             Shape{"book", 8},
                             Shape{"bottle", 10, bottle},
                             Shape{"bowl", 3},
                             Shape{"box", 6},
                             Shape{"card", 0},
                             Shape{"card_back", 6},
                             Shape{"card_blank", 3},
                             Shape{"carton", 12, carton},
                             Shape{"coin", 6, coin},
                             Shape{"cone", 3},
                             Shape{"cup", 6, cup},
                             Shape{"cylinder", 5},
                             Shape{"die", 40, any_die},
                             Shape{"die_blank", 12},
                             Shape{"glasses", 4, glasses},
                             Shape{"hand", 8, hand},
                             Shape{"house", 5, house},
                             Shape{"hydrant", 3, hydrant},
                             Shape{"jar", 8, jar},
                             Shape{"key", 4, key},
                             Shape{"keyboard", 3, keyboard},
                             Shape{"laptop", 3, laptop},
                             Shape{"litter_bin", 4, litter_bin},
                             Shape{"mouse", 4, mouse},
                             Shape{"page", 8, page},
                             Shape{"paper", 6},
                             Shape{"pen", 8, pen},
                             Shape{"phone", 5, phone},
                             Shape{"plate", 4, plate},
                             Shape{"remote", 3, remote},
                             Shape{"sign", 0},
                             Shape{"tin", 10, tin},
                             Shape{"torus", 3},
                             Shape{"traffic_cone", 4, traffic_cone},
                             Shape{"tray", 2},
                             Shape{"tree", 4, tree},
                             Shape{"upright_book", 12, upright_book}};
constexpr std::uint32_t kSignVariants = 3;
constexpr int kSurfaceSide = 512;  ///< texels of a tile
constexpr std::array kRanks{"A", "2", "3", "4", "5", "6", "7", "8", "9", "10", "J", "Q", "K"};
constexpr std::array kRankNames{"ace",   "two",  "three", "four", "five",  "six", "seven",
                                "eight", "nine", "ten",   "jack", "queen", "king"};
constexpr std::size_t kCourts = 10;  ///< where the court cards begin in kRanks
constexpr std::array kSuits{"clubs", "diamonds", "hearts", "spades"};

std::vector<std::string> split(const std::string& text, char at) {
  std::vector<std::string> parts;
  std::stringstream stream(text);
  for (std::string part; std::getline(stream, part, at);) parts.push_back(part);
  return parts;
}

glm::vec3 body_color(Rng& rng) {
  const double hue = rng.unit();
  const double saturation = rng.unit() < 0.4 ? rng.uniform(0, 0.1) : rng.uniform(0.5, 1);
  const double value = rng.uniform(0.05, 0.9);
  glm::vec3 color;
  for (int i = 0; i < 3; ++i) {
    const double part = std::abs(std::fmod(6 * hue + 2 * (3 - i), 6.0) - 3) - 1;
    color[i] = static_cast<float>(value * glm::mix(1.0, glm::clamp(part, 0.0, 1.0), saturation));
  }
  return color;
}

/// A book whose picture covers the front; spine and back go on with it.
Model made_book(std::uint32_t variant, bool whole_picture) {
  Rng rng(variant, 0, "made/book");
  const double width = rng.uniform(0.1, 0.2);  // one after the other
  const double length = rng.uniform(0.17, 0.27);
  const double thick = rng.uniform(0.01, 0.04);
  Model model = book({width, length, thick}, variant);
  if (!whole_picture) return model;
  // Vertices of the cover, and of it alone, become those of an open cover as wide as its front.
  std::vector<bool> done(model.vertices.size());
  for (const Lod& lod : model.lods) {
    const IndexRange cover = lod.parts.front();
    for (std::uint32_t i = cover.first; i < cover.first + cover.count; ++i) {
      const std::uint32_t v = model.indices[i];
      if (done[v]) continue;
      done[v] = true;
      float& u = model.vertices[v].uv.x;
      u = static_cast<float>((u * (2 * width + thick) - width - thick) / width);
    }
  }
  Sha256 hash;
  hash.add("book_cover " + model.sha256);
  model.sha256 = hash.hex();
  return model;
}

/// Backs on both sides, or faces without a print.
Model made_negative_card(const std::string& shape, std::uint32_t variant) {
  const double bend = kSagittas.at(variant % kBends);
  const Image<Rgba8> back = card_back(7 + variant / kBends, 128);
  const Image<Rgba8> blank(64, 90, Rgba8(246, 245, 241, 255));
  return playing_card(shape == "card_back" ? back : blank, back, bend);
}

Model made_negative_die(std::uint32_t variant, Rng& rng) {
  const glm::vec3 body = body_color(rng);
  const bool dark = glm::dot(body, glm::vec3(0.21F, 0.72F, 0.07F)) < 0.25F;
  const double rounding = 0.016 * rng.uniform(0.05, 0.18);
  if (variant % 2 == 1) {
    return signed_die(0.016, rounding, body, glm::vec3(dark ? 0.85F : 0.02F),
                      variant / 2 % die_signs());
  }
  Model cube = rounded_box(glm::dvec3(0.016), rounding);
  cube.materials.front().base_color = glm::vec4(body, 1);
  cube.materials.front().roughness = 0.3F;
  Sha256 hash;
  hash.add("die_blank " + cube.sha256 + " " + std::to_string(variant));
  cube.sha256 = hash.hex();
  return cube;
}

Model made_paper(std::uint32_t variant, Rng& rng) {
  constexpr std::array kFormats{glm::dvec2(0.210, 0.297), glm::dvec2(0.148, 0.210),
                                glm::dvec2(0.100, 0.150), glm::dvec2(0.150, 0.100),
                                glm::dvec2(0.130, 0.180), glm::dvec2(0.090, 0.055)};
  const glm::dvec2 format = kFormats.at(variant % kFormats.size());
  return paper({format, 0.0003}, format.y * rng.uniform(0, 0.02), variant);
}

Model made_shape(const std::string& shape, std::uint32_t variant) {
  for (const Shape& known : kShapes) {
    if (known.make != nullptr && shape == known.name) return known.make(variant);
  }
  Rng rng(variant, 0, "made/" + shape);
  if (shape == "ball") return ball(0.05);
  if (shape == "book" || shape == "book_cover") return made_book(variant, shape == "book_cover");
  if (shape == "card_back" || shape == "card_blank") return made_negative_card(shape, variant);
  if (shape == "die_blank") return made_negative_die(variant, rng);
  if (shape == "paper") return made_paper(variant, rng);
  if (shape == "bowl") return bowl(0.08, rng.uniform(0.04, 0.08), 0.004);
  if (shape == "box") {
    const glm::dvec3 size(rng.uniform(0.03, 0.1), rng.uniform(0.03, 0.1), rng.uniform(0.02, 0.1));
    return rounded_box(size, variant % 2 == 0 ? 0.0 : 0.003);
  }
  if (shape == "cone") return cone(rng.uniform(0.02, 0.05), 0.1);
  if (shape == "cylinder") return cylinder(rng.uniform(0.01, 0.06), 0.1);
  if (shape == "torus") return torus(0.05, rng.uniform(0.006, 0.02));
  if (shape == "tray") {
    return tray({rng.uniform(0.2, 0.35), rng.uniform(0.15, 0.25), rng.uniform(0.02, 0.05)}, 0.004);
  }
  throw Error(kPrefix + shape + ": is no shape, wanted one such as \"" +
              nearest_name(shape, shape_names()) + "\"");
}

/// Cards of a deck differ in how they are bent.
double bend_of(const std::string& variant) { return kSagittas.at(std::stoul(variant) % kBends); }

/// "card/<rank>/<suit>/<bend>/<print>" is ours, of print 0 without that; "card/<bend>@<file>" has
/// its face, and a back beside it, from pictures.
Model made_card(const std::string& text) {
  const std::size_t at = text.find('@');
  if (at == std::string::npos) {
    const std::vector<std::string> parts = split(text, '/');
    const auto print = static_cast<std::uint32_t>(parts.size() > 4 ? std::stoul(parts[4]) : 0);
    return playing_card(card_face(parts.at(1), parts.at(2), card_print(print)),
                        card_back(7 + print, 128), bend_of(parts.at(3)));
  }
  const std::filesystem::path face = text.substr(at + 1);
  const std::filesystem::path back = face.parent_path() / "back.png";
  const bool has_back = std::filesystem::exists(back);
  Model model = playing_card(read_color(face), has_back ? read_color(back) : card_back(7, 128),
                             bend_of(text.substr(5, at - 5)));
  Sha256 hash;
  hash.add(model.sha256 + sha256_of_file(face) + (has_back ? sha256_of_file(back) : ""));
  model.sha256 = hash.hex();
  return model;
}

/// The place of a name, or how many there are.
std::size_t place_in(const auto& names, std::string_view name) {
  const auto found = std::find(names.begin(), names.end(), name);
  return static_cast<std::size_t>(found - names.begin());
}

/// Of our deck, in that print. `rank` and `suit` are places in kRanks and kSuits.
std::string drawn_card(std::size_t rank, std::size_t suit, std::uint32_t print) {
  return std::string(kPrefix) + "card/" + kRanks.at(rank) + "/" + kSuits.at(suit) + "/" +
         std::to_string((rank + suit + print) % kBends) +
         (print == 0 ? "" : "/" + std::to_string(print));
}

}  // namespace

std::vector<std::string> shape_names() {
  std::vector<std::string> names;
  for (const Shape& shape : kShapes) names.emplace_back(shape.name);
  return names;
}

std::vector<MadeModel> made_models_of(const std::string& shape) {
  const auto found =
      std::find_if(kShapes.begin(), kShapes.end(), [&](const Shape& s) { return shape == s.name; });
  if (found == kShapes.end()) {
    throw Error("\"" + shape + "\" is no shape, wanted one such as \"" +
                nearest_name(shape, shape_names()) + "\"");
  }
  std::vector<MadeModel> models;
  for (std::uint32_t variant = 0; variant < found->variants; ++variant) {
    models.push_back({kPrefix + shape + "/" + std::to_string(variant), shape});
  }
  if (shape == "sign") {
    for (const std::string& kind : sign_kinds()) {
      for (std::uint32_t variant = 0; variant < kSignVariants; ++variant) {
        models.push_back({kPrefix + ("sign/" + kind) + "/" + std::to_string(variant), kind});
      }
    }
  }
  return shape == "card" ? made_cards(0) : models;
}

std::vector<MadeModel> made_cards(std::uint32_t prints) {
  std::vector<MadeModel> models;
  for (std::size_t rank = 0; rank < kRanks.size(); ++rank) {
    for (std::size_t suit = 0; suit < kSuits.size(); ++suit) {
      for (std::uint32_t print = 0; print <= prints; ++print) {
        models.push_back({drawn_card(rank, suit, print), kRankNames[rank]});
      }
    }
  }
  return models;
}

std::vector<MadeModel> made_cards_of(const std::filesystem::path& folder, std::uint32_t prints) {
  std::vector<std::filesystem::path> faces;
  if (std::filesystem::is_directory(folder)) {
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
      const std::string extension = entry.path().extension().string();
      const bool picture = extension == ".png" || extension == ".jpg";
      if (picture && entry.path().stem() != "back") faces.push_back(entry.path());
    }
  }
  if (faces.empty()) {
    throw Error(folder.string() + ": holds no pictures, wanted faces such as ace_of_clubs.png");
  }
  std::sort(faces.begin(), faces.end());
  std::vector<MadeModel> models;
  for (std::size_t i = 0; i < faces.size(); ++i) {
    const std::string stem = faces[i].stem().string();
    const std::string class_name = stem.substr(0, stem.find('_'));
    const std::size_t rank =
        std::min(place_in(kRanks, class_name), place_in(kRankNames, class_name));
    const std::size_t suit = place_in(kSuits, stem.substr(stem.rfind('_') + 1));
    const bool drawn = rank < kCourts && suit < kSuits.size();
    const std::string at = "@" + std::filesystem::absolute(faces[i]).lexically_normal().string();
    for (std::uint32_t print = 0; print <= prints; ++print) {
      std::string name = kPrefix + ("card/" + std::to_string(i % kBends + print)) + at;
      if (drawn && print > 0) name = drawn_card(rank, suit, print);
      models.push_back({name, class_name});
    }
  }
  return models;
}

std::string with_image(const std::string& name) {
  const std::string book = std::string(kPrefix) + "book/";
  const auto is_of = [&](const char* shape) {
    return name.rfind(kPrefix + std::string(shape), 0) == 0;
  };
  if (is_of("book/")) return kPrefix + ("book_cover/" + name.substr(book.size()));
  return is_of("box/") || is_of("paper/") || is_of("book_cover/") ? name : "";
}

std::string made_surface(const std::string& material, std::uint32_t variant, double width,
                         double depth) {
  char size[64];
  std::snprintf(size, sizeof size, "%.17g/%.17g", width, depth);
  return kPrefix + ("surface/" + material) + "/" + std::to_string(variant) + "/" + size;
}

std::string made_flat_surface(double width, double depth) {
  char size[64];
  std::snprintf(size, sizeof size, "%.17g/%.17g", width, depth);
  return kPrefix + ("flat/" + std::string(size));
}

std::string made_bin(double width, double depth, double height) {
  char size[96];
  std::snprintf(size, sizeof size, "%.17g/%.17g/%.17g", width, depth, height);
  return kPrefix + ("bin/" + std::string(size));
}

std::string made_gobo(const std::string& kind, std::uint32_t variant) {
  return kPrefix + ("gobo/" + kind) + "/" + std::to_string(variant);
}

std::string made_room_shell(const std::string& room) { return kPrefix + ("shell@" + room); }

std::string made_room_shade(const std::string& room) { return kPrefix + ("shade@" + room); }
std::string made_shelf(const ShelfSpec& spec, std::uint32_t variant) {
  char size[128];
  std::snprintf(size, sizeof size, "%.17g/%.17g/%.17g/%u/%u", spec.width, spec.depth, spec.gap,
                spec.boards, variant);
  return kPrefix + ("shelf/" + std::string(size));
}

std::string made_mount_of(const std::string& name) {
  const std::string sign = std::string(kPrefix) + "sign/";
  if (name.rfind(sign, 0) != 0) return "";
  return std::string(kPrefix) + "post/" + name.substr(sign.size());
}

CollisionDetail collision_detail_of(const std::string& name) {
  constexpr std::array kOnePiece{"bottle",   "carton", "coin",        "jar", "key",
                                 "keyboard", "mouse",  "page",        "pen", "phone",
                                 "remote",   "tin",    "upright_book"};
  constexpr std::array kFewPieces{"glasses", "hand", "laptop"};
  const auto is = [&](const char* shape) {
    return name.rfind(std::string(kPrefix) + shape + "/", 0) == 0;
  };
  CollisionDetail detail;
  if (std::any_of(kOnePiece.begin(), kOnePiece.end(), is)) detail.pieces = 1;
  if (std::any_of(kFewPieces.begin(), kFewPieces.end(), is)) {
    detail = {.pieces = 6, .corners = 32, .hollow = 0.1};
  }
  // What stands in a cup touches its wall and its bottom, not a hull across them.
  if (is("cup")) detail = {.pieces = 64, .piece_corners = 24, .hollow = 0.002};
  return detail;
}

bool is_made(const std::string& name) { return name.rfind(kPrefix, 0) == 0; }

Model made_model(const std::string& name) {
  const std::string text = name.substr(std::string(kPrefix).size());
  if (text.rfind("card/", 0) == 0) return made_card(text);
  if (text.rfind("shell@", 0) == 0) return room_shell(text.substr(6));
  if (text.rfind("shade@", 0) == 0) return room_shade(text.substr(6));
  const std::vector<std::string> parts = split(text, '/');
  if (parts.front() == "flat") return flat_surface(std::stod(parts.at(1)), std::stod(parts.at(2)));
  if (parts.front() == "bin") {
    const glm::dvec3 inner(std::stod(parts.at(1)), std::stod(parts.at(2)), std::stod(parts.at(3)));
    return tray(inner + glm::dvec3(2 * kBinWall, 2 * kBinWall, kBinWall), kBinWall);
  }
  if (parts.front() == "gobo") {
    return gobo(parts.at(1), static_cast<std::uint32_t>(std::stoul(parts.at(2))));
  }
  if (parts.front() == "shelf") {
    const glm::dvec3 bay(std::stod(parts.at(1)), std::stod(parts.at(2)), std::stod(parts.at(3)));
    return shelf(bay, std::stoi(parts.at(4)), std::stoul(parts.at(5)));
  }
  if (parts.front() == "sign") return sign_plate(parts.at(1), std::stoul(parts.at(2)));
  if (parts.front() == "post") return sign_post(parts.at(1), std::stoul(parts.at(2)));
  const auto variant = static_cast<std::uint32_t>(
      std::stoul(parts.at(parts.front() == "surface" ? std::size_t{2} : std::size_t{1})));
  if (parts.front() != "surface") return made_shape(parts.front(), variant);
  if (parts.at(1) == "street") {
    return street_ground(std::stod(parts.at(3)), std::stod(parts.at(4)), variant);
  }
  return surface_patch(surface_maps(parts.at(1), variant, kSurfaceSide), std::stod(parts.at(3)),
                       std::stod(parts.at(4)));
}

}  // namespace orrery
