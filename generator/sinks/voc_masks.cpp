#include "generator/sinks/voc_masks.hpp"

#include <libdeflate.h>

#include <array>

#include "generator/encode.hpp"
#include "renderer/labels/mask.hpp"

namespace orrery {
namespace {

constexpr std::uint8_t kVoid = 255;

void put(std::vector<std::byte>& out, std::uint32_t big_endian) {
  for (const unsigned shift : {24U, 16U, 8U, 0U}) {
    out.push_back(static_cast<std::byte>(big_endian >> shift & 0xFFU));
  }
}

std::vector<std::byte> palette_chunk() {
  std::vector<std::byte> chunk;
  put(chunk, 256 * 3);
  for (const char c : {'P', 'L', 'T', 'E'}) chunk.push_back(static_cast<std::byte>(c));
  for (unsigned index = 0; index < 256; ++index) {
    std::array<unsigned, 3> color{};
    for (unsigned bit = 0; bit < 8; ++bit) {
      color.at(bit % 3) |= (index >> bit & 1U) << (7U - bit / 3);
    }
    for (const unsigned value : color) chunk.push_back(static_cast<std::byte>(value));
  }
  put(chunk, libdeflate_crc32(0, &chunk[4], chunk.size() - 4));
  return chunk;
}

}  // namespace

VocMasks voc_masks(const LabelledImage& image, const std::vector<const Label*>& labels) {
  VocMasks out{Image<std::uint8_t>(image.width, image.height, 0),
               Image<std::uint8_t>(image.width, image.height, 0), 0};
  std::size_t place = 0;
  for (const Label* label : labels) {
    if (!label->crowd) ++place;
    const std::optional<Rle> rle = mask_of(*label, image.width, image.height);
    if (!rle) continue;
    if (!label->crowd && (place >= kVoid || label->class_id + 1 >= kVoid)) {
      ++out.left_out;
      continue;
    }
    const Image<std::uint8_t> mask = mask_from_rle(*rle);
    for (std::size_t i = 0; i < mask.pixels.size(); ++i) {
      if (mask.pixels[i] == 0 || out.object.pixels[i] != 0) continue;
      out.object.pixels[i] = label->crowd ? kVoid : static_cast<std::uint8_t>(place);
      out.of_class.pixels[i] =
          label->crowd ? kVoid : static_cast<std::uint8_t>(label->class_id + 1);
    }
  }
  return out;
}

std::vector<std::byte> palette_png(const Image<std::uint8_t>& indices) {
  // Signature (8 bytes), then IHDR: length, name, 13 bytes with the colour type tenth, CRC.
  constexpr std::size_t kHeaderName = 12;
  constexpr std::size_t kColorType = 25;
  constexpr std::size_t kHeaderEnd = 33;
  std::vector<std::byte> png =
      png_from(ImageView<std::uint8_t>{indices.width, indices.height, indices.pixels});
  png[kColorType] = std::byte{3};
  std::vector<std::byte> crc;
  put(crc, libdeflate_crc32(0, &png[kHeaderName], 17));
  std::copy(crc.begin(), crc.end(), png.begin() + (kHeaderEnd - 4));
  const std::vector<std::byte> palette = palette_chunk();
  png.insert(png.begin() + kHeaderEnd, palette.begin(), palette.end());
  return png;
}

}  // namespace orrery
