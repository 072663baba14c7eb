#pragma once

#include <cstdint>

#include "scenes/model.hpp"

namespace orrery {

/// Things that lie about on desks and tables, as they are used, on z = 0, in metres. Of each kind
/// the variant draws size, colours and details: one variant, always the same model.
Model pen(std::uint64_t variant);    ///< along y
Model phone(std::uint64_t variant);  ///< its screen up, dark or lit
Model remote(std::uint64_t variant);
Model keyboard(std::uint64_t variant);
Model mouse(std::uint64_t variant);
Model laptop(std::uint64_t variant);   ///< open, its screen to -y
Model glasses(std::uint64_t variant);  ///< open, standing on rims and temples
Model coin(std::uint64_t variant);
Model key(std::uint64_t variant);
Model plate(std::uint64_t variant);
Model cup(std::uint64_t variant);   ///< hollow, with a handle at +x
Model page(std::uint64_t variant);  ///< a few sheets: a letter, a form, a photo, an envelope
/// A hand that lies on the table, its fingers to +y, with a forearm: spread, pointing or closed,
/// left or right, of any skin.
Model hand(std::uint64_t variant);

}  // namespace orrery
