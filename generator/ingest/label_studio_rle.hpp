#pragma once

#include <cstdint>
#include <vector>

#include "renderer/labels/annotation.hpp"

namespace orrery {

/// The mask that Label Studio packs into the bytes of `rle`: an RGBA picture in rows, whose alpha
/// above 0 is inside. Throws Error if the bytes are not that, or of another size.
/// Source: thi.ng/rle-pack, whose layout it is: bits from the highest on; 32 the number of words, 5
/// their size less one, 4 × 4 the sizes of counts less one; then, until all words are there, 1
/// whether a run, 2 which size of count, the count less one, and one word for a run or all of them.
Rle rle_from_label_studio(const std::vector<std::uint8_t>& bytes, int width, int height);

}  // namespace orrery
