#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "generator/recipe.hpp"

namespace orrery {

/// The lists of a scene file that name pictures, as PictureEntry::used_by has them.
std::string surface_images_list();
std::string set_images_list(std::size_t set);
std::string set_textures_list(std::size_t set);

/// Finds the pictures that the recipe's scene names. Of a list with more than image_limit the seed
/// draws that many; the more there are, the smaller they are kept. `file` is the scene's, for
/// errors.
void add_pictures(Recipe& recipe, const std::string& file);

/// The pictures of a list, into Recipe::pictures.
std::vector<std::uint32_t> pictures_of(const Recipe& recipe, const std::string& list);

}  // namespace orrery
