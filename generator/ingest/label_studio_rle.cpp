#include "generator/ingest/label_studio_rle.hpp"

#include <array>
#include <string>

#include "renderer/labels/mask.hpp"
#include "scenes/error.hpp"

namespace orrery {
namespace {

class Bits {
 public:
  explicit Bits(const std::vector<std::uint8_t>& bytes) : bytes_(bytes) {}
  /// No more than 32.
  std::uint32_t read(std::uint32_t count) {
    std::uint32_t value = 0;
    for (std::uint32_t i = 0; i < count; ++i, ++at_) {
      if (at_ / 8 >= bytes_.size()) throw Error("the mask's bytes end too early");
      value = value << 1U | (std::uint32_t{bytes_[at_ / 8]} >> (7 - at_ % 8) & 1U);
    }
    return value;
  }

 private:
  const std::vector<std::uint8_t>& bytes_;
  std::size_t at_ = 0;
};

}  // namespace

Rle rle_from_label_studio(const std::vector<std::uint8_t>& bytes, int width, int height) {
  constexpr std::uint32_t kAlpha = 3;
  Bits bits(bytes);
  const std::uint32_t words = bits.read(32);
  const std::uint32_t word_bits = bits.read(5) + 1;
  std::array<std::uint32_t, 4> count_bits{};
  for (std::uint32_t& size : count_bits) size = bits.read(4) + 1;
  Image<std::uint8_t> mask(width, height, 0);
  if (words != 4 * mask.pixels.size()) {
    throw Error("the mask has " + std::to_string(words) + " bytes, wanted 4 times " +
                std::to_string(width) + " x " + std::to_string(height));
  }
  for (std::uint32_t at = 0; at < words;) {
    const bool run = bits.read(1) == 1;
    const std::uint32_t count = bits.read(count_bits[bits.read(2)]) + 1;
    if (count > words - at) throw Error("a run of the mask leaves the picture");
    std::uint32_t word = run ? bits.read(word_bits) : 0;
    for (const std::uint32_t end = at + count; at < end; ++at) {
      if (!run) word = bits.read(word_bits);
      if (at % 4 == kAlpha && word > 0) mask.pixels[at / 4] = 1;
    }
  }
  return rle_from_mask(mask);
}

}  // namespace orrery
