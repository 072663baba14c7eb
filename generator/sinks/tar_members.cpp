#include "generator/sinks/tar_members.hpp"

#include <algorithm>
#include <array>
#include <fstream>
#include <optional>
#include <string_view>

#include "scenes/error.hpp"

namespace orrery {
namespace {

using TarBlock = std::array<char, 512>;

/// A field of text ends with a zero byte or is full.
std::string text_of_field(const TarBlock& header, std::size_t at, std::size_t width) {
  const std::string_view field(header.data() + at, width);
  return std::string(field.substr(0, field.find('\0')));
}

/// Octal digits between blanks and zero bytes; nothing if there is anything else.
std::optional<std::uint64_t> octal_of_field(const TarBlock& header, std::size_t at,
                                            std::size_t width) {
  std::uint64_t value = 0;
  bool digits = false;
  for (const char c : std::string_view(header.data() + at, width)) {
    const bool blank = c == ' ' || c == '\0';
    if (blank && digits) break;
    if (blank) continue;
    if (c < '0' || c > '7') return std::nullopt;
    value = value * 8 + static_cast<std::uint64_t>(c - '0');
    digits = true;
  }
  return value;
}

/// The checksum is taken with its own eight bytes as blanks.
bool has_right_checksum(const TarBlock& header) {
  std::uint64_t sum = 8 * ' ';
  for (std::size_t i = 0; i < header.size(); ++i) {
    if (i < 148 || i >= 156) sum += static_cast<unsigned char>(header[i]);
  }
  return octal_of_field(header, 148, 8) == sum;
}

}  // namespace

std::vector<TarMember> tar_members(const std::filesystem::path& archive) {
  std::ifstream in;
  in.rdbuf()->pubsetbuf(nullptr, 0);  // else each seek would read on into the contents
  in.open(archive, std::ios::binary | std::ios::ate);
  if (!in) throw Error(archive.string() + ": cannot be opened, wanted a tar archive", Exit::io);
  const auto end = static_cast<std::uint64_t>(std::max<std::streamoff>(0, in.tellg()));
  std::vector<TarMember> members;
  TarBlock header{};
  for (std::uint64_t at = 0;;) {
    in.seekg(static_cast<std::streamoff>(at));
    if (!in.read(header.data(), header.size())) {
      throw Error(archive.string() + ": ends at byte " + std::to_string(end) +
                      ", wanted a header or the archive's end at byte " + std::to_string(at),
                  Exit::io);
    }
    if (std::all_of(header.begin(), header.end(), [](char c) { return c == '\0'; })) {
      return members;
    }
    const std::optional<std::uint64_t> size = octal_of_field(header, 124, 12);
    if (!size || !has_right_checksum(header)) {
      throw Error(archive.string() + ": has no header of a tar archive at byte " +
                      std::to_string(at) + ", wanted one",
                  Exit::io);
    }
    const std::uint64_t content = at + header.size();
    const std::string prefix = text_of_field(header, 345, 155);
    const std::string name = (prefix.empty() ? "" : prefix + "/") + text_of_field(header, 0, 100);
    if (*size > end - std::min(end, content)) {
      throw Error(archive.string() + ": ends at byte " + std::to_string(end) + " within " + name +
                      ", wanted " + std::to_string(*size) + " bytes from byte " +
                      std::to_string(content) + " on",
                  Exit::io);
    }
    if (header[156] == '0' || header[156] == '\0') members.push_back({name, content, *size});
    at = content + (*size + header.size() - 1) / header.size() * header.size();
  }
}

}  // namespace orrery
