#pragma once

#include <cstdint>

#include "scenes/model.hpp"

namespace orrery {

/// Things that stand on shelves and tables, upright on z = 0 with their fronts to -y, in metres. Of
/// each kind the variant draws size, form, colours and print: one variant, always the same model.
Model carton(std::uint64_t variant);        ///< a printed box, as of cereals
Model bottle(std::uint64_t variant);        ///< with a label and a cap
Model tin(std::uint64_t variant);           ///< metal ends, a label all around
Model jar(std::uint64_t variant);           ///< glass seen as what is in it; a lid, a label
Model upright_book(std::uint64_t variant);  ///< its spine to -y

/// A shelf of `boards` boards with a back and two sides, standing on z = 0 about the origin, open
/// to -y. The lowest board is 6 cm above the floor, each other `gap` above the one before; boards
/// are kShelfBoard thick. Wood, white or metal by the variant.
Model shelf(const glm::dvec3& size_of_bay, int boards, std::uint64_t variant);
constexpr double kShelfBoard = 0.02;
constexpr double kShelfFoot = 0.06;

}  // namespace orrery
