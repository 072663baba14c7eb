#include "generator/sinks/tar.hpp"

#include <array>
#include <cstdint>
#include <cstdio>

#include "scenes/error.hpp"

namespace orrery {
namespace {

constexpr std::size_t kBlock = 512;
constexpr std::size_t kLongestName = 100;
constexpr std::uint64_t kLargest = 077777777777;  // eleven octal digits: 8 GiB - 1

/// Writes `value` as octal digits that end in a zero byte at `at` + `width`.
void put_octal(std::array<char, kBlock>& header, std::size_t at, int width, std::uint64_t value) {
  std::snprintf(header.data() + at, static_cast<std::size_t>(width), "%0*llo", width - 1,
                static_cast<unsigned long long>(value));
}

}  // namespace

std::string tar_header(std::string_view name, std::uint64_t size) {
  if (name.empty() || name.size() > kLongestName || size > kLargest) {
    throw Error("tar member \"" + std::string(name) + "\" of " + std::to_string(size) +
                " bytes: wanted a name of 1 to 100 bytes and less than 8 GiB");
  }
  std::array<char, kBlock> header{};
  name.copy(header.data(), name.size());
  put_octal(header, 100, 8, 0644);   // mode
  put_octal(header, 108, 8, 0);      // user
  put_octal(header, 116, 8, 0);      // group
  put_octal(header, 124, 12, size);  // size
  put_octal(header, 136, 12, 0);     // time
  header[156] = '0';                 // a regular file
  std::string_view(
      "ustar\0"
      "00",
      8)
      .copy(header.data() + 257, 8);
  put_octal(header, 329, 8, 0);  // device numbers
  put_octal(header, 337, 8, 0);
  // The checksum is taken with its own eight bytes as blanks.
  std::uint64_t sum = 8 * ' ';
  for (const char c : header) sum += static_cast<unsigned char>(c);
  put_octal(header, 148, 7, sum);
  header[155] = ' ';
  return {header.data(), header.size()};
}

std::string tar_padding(std::uint64_t size) {
  return std::string((kBlock - size % kBlock) % kBlock, '\0');
}

void add_tar_member(std::string& archive, std::string_view name, std::string_view content) {
  archive.append(tar_header(name, content.size()));
  archive.append(content);
  archive.append(tar_padding(content.size()));
}

std::string tar_end() { return std::string(2 * kBlock, '\0'); }

}  // namespace orrery
