#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "scenes/collision_shape.hpp"
#include "scenes/model.hpp"
#include "scenes/scene_spec.hpp"

namespace orrery {

/// The shapes that scene files may name.
std::vector<std::string> shape_names();

/// One model that we make: what makes it again, and the class that it is of by default.
struct MadeModel {
  std::string name;  ///< for made_model(): "made:die/3"
  std::string class_name;
};

/// The models that a shape stands for: a card is a whole deck, a ball one of several sizes. Throws
/// Error for a name that is none, and says which is nearest.
std::vector<MadeModel> made_models_of(const std::string& shape);

/// Our deck, with each card in `prints` more of card_print().
std::vector<MadeModel> made_cards(std::uint32_t prints);

/// A deck whose faces are the pictures of a folder, named rank_of_suit, with back.png as the back
/// if there is one; the class is the rank. With `prints`, each number card and ace is there in so
/// many of ours as well, and each other card so many times more, so that no class becomes rarer.
/// Throws Error if there are no pictures.
std::vector<MadeModel> made_cards_of(const std::filesystem::path& folder, std::uint32_t prints);

/// The name of one variant of a surface material for made_model(): a patch of these sides, metres.
/// Beside surface_names() there is "street": a road with pavements and grass.
std::string made_surface(const std::string& material, std::uint32_t variant, double width,
                         double depth);

/// The name of a patch without a texture for pictures to lie on: a unit of its uv is a metre.
std::string made_flat_surface(double width, double depth);

/// The name of the variant of a made box, book or paper that a picture may be put on; empty for
/// models that have no place for one.
std::string with_image(const std::string& name);

/// The name of an open bin of these inner sides and walls of kBinWall, standing on z = 0.
std::string made_bin(double width, double depth, double height);
constexpr double kBinWall = 0.003;

/// The name of one variant of a gobo: see gobo().
std::string made_gobo(const std::string& kind, std::uint32_t variant);

/// The names of a room's walls and of what shades it: see room_shell() and room_shade().
std::string made_room_shell(const std::string& room);
std::string made_room_shade(const std::string& room);
/// The name of a shelf; see shelf() for its frame.
std::string made_shelf(const ShelfSpec& spec, std::uint32_t variant);
constexpr std::uint32_t kShelfVariants = 3;

/// What holds a model of this name up, in the same frame (of a sign its post); empty if nothing.
std::string made_mount_of(const std::string& name);

bool is_made(const std::string& name);

/// How closely physics should follow a model of this name: what we made and know to be nearly
/// convex needs no decomposition, which takes a second for a keyboard's keys.
CollisionDetail collision_detail_of(const std::string& name);

/// Changes whenever made_model() gives anything else for a name.
inline constexpr std::uint32_t kMadeVersion = 2;

/// The model of such a name. A pure function.
Model made_model(const std::string& name);

}  // namespace orrery
