#include "generator/sinks/crc32c.hpp"

#include <array>

namespace orrery {
namespace {

/// Four tables: what a byte does to the remainder when it stands 0 to 3 bytes before the end of a
/// word.
constexpr std::array<std::array<std::uint32_t, 256>, 4> make_tables() {
  constexpr std::uint32_t kPolynomial = 0x82F63B78;  // 0x1EDC6F41, bits reversed
  std::array<std::array<std::uint32_t, 256>, 4> tables{};
  for (std::uint32_t i = 0; i < 256; ++i) {
    std::uint32_t remainder = i;
    for (int bit = 0; bit < 8; ++bit) {
      remainder = (remainder >> 1U) ^ ((remainder & 1U) != 0 ? kPolynomial : 0U);
    }
    tables[0][i] = remainder;
  }
  for (std::size_t step = 1; step < 4; ++step) {
    for (std::size_t i = 0; i < 256; ++i) {
      const std::uint32_t before = tables[step - 1][i];
      tables[step][i] = (before >> 8U) ^ tables[0][before & 0xFFU];
    }
  }
  return tables;
}

constexpr auto kTables = make_tables();

std::uint32_t byte_at(std::string_view bytes, std::size_t i) {
  return static_cast<unsigned char>(bytes[i]);
}

}  // namespace

std::uint32_t crc32c(std::string_view bytes) {
  std::uint32_t crc = 0xFFFFFFFF;
  std::size_t i = 0;
  for (; i + 4 <= bytes.size(); i += 4) {
    crc ^= byte_at(bytes, i) | byte_at(bytes, i + 1) << 8U | byte_at(bytes, i + 2) << 16U |
           byte_at(bytes, i + 3) << 24U;
    crc = kTables[3][crc & 0xFFU] ^ kTables[2][crc >> 8U & 0xFFU] ^ kTables[1][crc >> 16U & 0xFFU] ^
          kTables[0][crc >> 24U];
  }
  for (; i < bytes.size(); ++i) {
    crc = (crc >> 8U) ^ kTables[0][(crc ^ byte_at(bytes, i)) & 0xFFU];
  }
  return crc ^ 0xFFFFFFFF;
}

}  // namespace orrery
