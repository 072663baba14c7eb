#include "generator/ingest/picture_header.hpp"

#include <libdeflate.h>
#include <libexif/exif-data.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <fstream>
#include <memory>
#include <string_view>
#include <vector>

#include "scenes/error.hpp"

namespace orrery {
namespace {

using Bytes = std::vector<unsigned char>;

/// No JPEG's and no sensor's side is longer; larger ones are broken headers.
constexpr std::uint32_t kLongestSide = 1U << 20U;
/// Nor has any sensor's picture more pixels; masks of it would not fit into memory.
constexpr std::uint64_t kMostPixels = std::uint64_t{1} << 30U;

struct Fault {
  std::string reason;
  std::string found;
};
[[noreturn]] void truncated(const std::string& found) { throw Fault{"picture_truncated", found}; }
[[noreturn]] void undecodable(const std::string& found) {
  throw Fault{"picture_undecodable", found};
}

/// Reads pieces of a file from wherever they lie.
class Pieces {
 public:
  explicit Pieces(const StoredFile& stored)
      : file_(stored.on_disk(), std::ios::binary), first_(stored.offset) {
    if (!file_) throw Fault{"picture_missing", "cannot be opened"};
    file_.seekg(0, std::ios::end);
    size_ = static_cast<std::uint64_t>(std::max<std::streamoff>(0, file_.tellg()));
    if (stored.packed()) size_ = std::min(size_ - std::min(size_, first_), stored.size);
  }
  std::uint64_t size() const { return size_; }
  /// As many of `count` bytes as there are.
  Bytes some(std::uint64_t at, std::uint64_t count) {
    if (at >= size_) return {};
    Bytes bytes(static_cast<std::size_t>(std::min(count, size_ - at)));
    file_.clear();
    file_.seekg(static_cast<std::streamoff>(first_ + at));
    file_.read(reinterpret_cast<char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
    bytes.resize(static_cast<std::size_t>(std::max<std::streamsize>(0, file_.gcount())));
    return bytes;
  }
  Bytes all(std::uint64_t at, std::uint64_t count) {
    Bytes bytes = some(at, count);
    if (bytes.size() != count) truncated("ends within its header");
    return bytes;
  }

 private:
  std::ifstream file_;
  std::uint64_t first_ = 0;
  std::uint64_t size_ = 0;
};

std::uint32_t big(const unsigned char* bytes, int count) {
  std::uint32_t value = 0;
  for (int i = 0; i < count; ++i) value = value << 8U | bytes[i];
  return value;
}
std::uint32_t little(const unsigned char* bytes, int count) {
  std::uint32_t value = 0;
  for (int i = count; i > 0; --i) value = value << 8U | bytes[i - 1];
  return value;
}

bool starts_with(const Bytes& bytes, std::string_view text) {
  return bytes.size() >= text.size() &&
         std::equal(text.begin(), text.end(), bytes.begin(),
                    [](char a, unsigned char b) { return static_cast<unsigned char>(a) == b; });
}

PictureHeader sized(std::uint32_t width, std::uint32_t height) {
  const bool sound = width > 0 && height > 0 && width <= kLongestSide && height <= kLongestSide &&
                     std::uint64_t{width} * height <= kMostPixels;
  if (!sound) {
    undecodable("says it is " + std::to_string(width) + " x " + std::to_string(height) + " pixels");
  }
  return {static_cast<int>(width), static_cast<int>(height)};
}

int orientation_of(const Bytes& app1) {
  struct Free {
    void operator()(ExifData* data) const { exif_data_unref(data); }
  };
  const std::unique_ptr<ExifData, Free> data(
      exif_data_new_from_data(app1.data(), static_cast<unsigned int>(app1.size())));
  if (!data) return 1;
  const ExifEntry* entry = exif_content_get_entry(data->ifd[EXIF_IFD_0], EXIF_TAG_ORIENTATION);
  if (entry == nullptr || entry->format != EXIF_FORMAT_SHORT || entry->size < 2) return 1;
  const int value = exif_get_short(entry->data, exif_data_get_byte_order(data.get()));
  return value >= 1 && value <= 8 ? value : 1;
}

/// Whether an end-of-image marker lies at or after `at`. Compressed data never holds one.
bool jpeg_ends(Pieces& file, std::uint64_t at) {
  const Bytes tail = file.all(file.size() - 2, 2);
  if (tail[0] == 0xFF && tail[1] == 0xD9) return true;
  constexpr std::uint64_t kStep = 1U << 16U;
  unsigned char before = 0;
  for (; at < file.size(); at += kStep) {
    for (const unsigned char byte : file.some(at, kStep)) {
      if (before == 0xFF && byte == 0xD9) return true;
      before = byte;
    }
  }
  return false;
}

PictureHeader jpeg_header(Pieces& file) {
  std::optional<PictureHeader> header;
  int orientation = 1;
  std::uint64_t at = 2;
  while (true) {
    const Bytes marker = file.all(at, 2);
    if (marker[0] != 0xFF) undecodable("has no marker at byte " + std::to_string(at));
    const int kind = marker[1];
    if (kind == 0xFF) {  // padding
      ++at;
      continue;
    }
    if (kind == 0xD9) undecodable("ends before its first scan");
    if (kind == 0xD8 || kind == 0x01 || (kind >= 0xD0 && kind <= 0xD7)) {
      at += 2;
      continue;
    }
    const std::uint32_t length = big(file.all(at + 2, 2).data(), 2);
    if (length < 2) undecodable("has an empty segment at byte " + std::to_string(at));
    if (kind == 0xE1 && orientation == 1) {
      const Bytes app1 = file.all(at + 4, length - 2);
      if (starts_with(app1, {"Exif\0", 5})) orientation = orientation_of(app1);
    }
    if (kind >= 0xC0 && kind <= 0xCF && kind != 0xC4 && kind != 0xC8 && kind != 0xCC) {
      const Bytes frame = file.all(at + 4, 5);
      header = sized(big(&frame[3], 2), big(&frame[1], 2));
    }
    at += 2 + length;
    if (kind == 0xDA) break;
  }
  if (!header) undecodable("has a scan before it says its size");
  if (!jpeg_ends(file, at)) truncated("has no end-of-image marker (FF D9)");
  header->orientation = orientation;
  return *header;
}

PictureHeader png_header(Pieces& file) {
  const Bytes head = file.all(8, 25);  // length, type, 13 bytes, checksum
  if (big(head.data(), 4) != 13 || big(&head[4], 4) != 0x49484452) undecodable("has no IHDR");
  if (libdeflate_crc32(0, &head[4], 17) != big(&head[21], 4)) {
    undecodable("has a wrong checksum of its IHDR");
  }
  PictureHeader header = sized(big(&head[8], 4), big(&head[12], 4));
  header.bits = head[16];
  for (std::uint64_t at = 33;;) {
    const Bytes chunk = file.some(at, 8);
    if (chunk.size() < 8) truncated("has no IEND");
    at += 12 + big(chunk.data(), 4);
    if (big(&chunk[4], 4) != 0x49454E44) continue;
    if (at > file.size()) truncated("ends within its IEND");
    return header;
  }
}

PictureHeader bmp_header(Pieces& file) {
  const Bytes head = file.all(0, 26);
  const std::uint32_t pixels = little(&head[10], 4);
  if (little(&head[14], 4) == 12) return sized(little(&head[18], 2), little(&head[20], 2));
  const Bytes more = file.all(26, 8);
  const std::uint32_t height = little(&head[22], 4);
  // Rows from the top have a negative height.
  const PictureHeader header =
      sized(little(&head[18], 4), (height & 0x80000000U) != 0 ? 0U - height : height);
  const std::uint64_t bits = little(&more[2], 2);
  const std::uint64_t row = (static_cast<std::uint64_t>(header.width) * bits + 31) / 32 * 4;
  const bool plain = little(&more[4], 4) == 0;
  if (plain && file.size() < pixels + row * static_cast<std::uint64_t>(header.height)) {
    truncated("is shorter than its pixels");
  }
  return header;
}

PictureHeader gif_header(Pieces& file) {
  const Bytes head = file.all(6, 4);
  const PictureHeader header = sized(little(head.data(), 2), little(&head[2], 2));
  const Bytes tail = file.some(file.size() < 64 ? 0 : file.size() - 64, 64);
  if (std::find(tail.begin(), tail.end(), 0x3B) == tail.end()) truncated("has no trailer (3B)");
  return header;
}

PictureHeader header_of(Pieces& file) {
  struct Format {
    std::string_view start;
    const char* extension;
    PictureHeader (*read)(Pieces&);
  };
  constexpr std::array kFormats{
      Format{"\xFF\xD8", ".jpg", jpeg_header}, Format{"\x89PNG\r\n\x1A\n", ".png", png_header},
      Format{"BM", ".bmp", bmp_header}, Format{"GIF8", ".gif", gif_header}};
  const Bytes start = file.some(0, 8);
  if (start.empty()) truncated("is empty");
  for (const Format& format : kFormats) {
    if (!starts_with(start, format.start)) continue;
    PictureHeader header = format.read(file);
    header.extension = format.extension;
    return header;
  }
  undecodable("is no picture of a known kind");
}

}  // namespace

std::optional<PictureHeader> find_picture_header(const StoredFile& stored, PictureFault& fault) {
  try {
    std::error_code failed;
    if (!std::filesystem::is_regular_file(stored.on_disk(), failed)) {
      throw Fault{"picture_missing", "is no file"};
    }
    Pieces file(stored);
    return header_of(file);
  } catch (const Fault& found) {
    fault = {found.reason, stored.string() + ": " + found.found +
                               ", wanted a whole JPEG, PNG, BMP or GIF picture"};
    return std::nullopt;
  }
}

PictureHeader read_picture_header(const StoredFile& file) {
  PictureFault fault;
  const std::optional<PictureHeader> header = find_picture_header(file, fault);
  if (!header) {
    throw Error(fault.text, fault.reason == "picture_missing" ? Exit::io : Exit::data);
  }
  return *header;
}

}  // namespace orrery
