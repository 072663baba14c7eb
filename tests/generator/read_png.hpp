#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace orrery::testing {

struct Decoded {
  int width = 0, height = 0, bits = 0, color = 0;
  std::vector<std::uint8_t> bytes;  ///< as stored: channels interleaved, 16 bits big endian
};

/// Through libpng, which shares no code with the encoder. Fails the test if it refuses the file.
Decoded decoded(const std::vector<std::byte>& file);

}  // namespace orrery::testing
