#include "generator/store/strip_exif.hpp"

#include <libexif/exif-data.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <functional>
#include <memory>
#include <optional>
#include <string_view>

#include "scenes/error.hpp"

namespace orrery {
namespace {

using Bytes = std::span<const std::byte>;

constexpr std::string_view kPngStart = "\x89PNG\r\n\x1A\n";
constexpr std::string_view kExif{"Exif\0\0", 6};
constexpr std::string_view kIcc{"ICC_PROFILE\0", 12};
constexpr std::string_view kJfif{"JFIF\0", 5};
constexpr int kStartOfScan = 0xDA;
constexpr int kEndOfImage = 0xD9;

std::string_view text_of(Bytes bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}
bool is_jpeg(Bytes bytes) { return text_of(bytes).starts_with("\xFF\xD8"); }
bool is_png(Bytes bytes) { return text_of(bytes).starts_with(kPngStart); }

std::uint32_t big(Bytes bytes, std::size_t at, std::size_t count) {
  std::uint32_t value = 0;
  for (std::size_t i = 0; i < count; ++i) {
    value = value << 8U | std::to_integer<std::uint32_t>(bytes[at + i]);
  }
  return value;
}

[[noreturn]] void broken(const std::string& where, std::size_t at) {
  throw Error(where + ": breaks off or has no marker at byte " + std::to_string(at) +
              ", wanted a whole JPEG or PNG picture");
}

/// A piece of a JPEG: a marker with its segment, and after a start of scan the compressed data.
struct Segment {
  int marker = 0;
  Bytes all;      ///< with its marker
  Bytes content;  ///< after marker and length; of a scan, its header alone
};

bool stands_alone(int marker) { return marker == 0x01 || (marker >= 0xD0 && marker <= 0xD9); }

/// Where compressed data ends: at a marker that is neither a stuffed byte nor a restart.
std::size_t end_of_scan(Bytes bytes, std::size_t at) {
  for (; at + 1 < bytes.size(); ++at) {
    if (bytes[at] != std::byte{0xFF}) continue;
    const int next = std::to_integer<int>(bytes[at + 1]);
    if (next != 0 && next != 0xFF && (next < 0xD0 || next > 0xD7)) return at;
  }
  return bytes.size();
}

/// Every segment up to the end of the image; what follows is none of the picture.
void for_each_segment(Bytes bytes, const std::string& where,
                      const std::function<void(const Segment&)>& take) {
  for (std::size_t at = 2;;) {
    while (at + 1 < bytes.size() && bytes[at] == std::byte{0xFF} && bytes[at + 1] == bytes[at]) {
      ++at;  // padding
    }
    if (at + 2 > bytes.size() || bytes[at] != std::byte{0xFF}) broken(where, at);
    Segment segment{std::to_integer<int>(bytes[at + 1]), bytes.subspan(at, 2), {}};
    if (!stands_alone(segment.marker)) {
      if (at + 4 > bytes.size()) broken(where, at);
      const std::size_t length = big(bytes, at + 2, 2);
      if (length < 2 || at + 2 + length > bytes.size()) broken(where, at);
      const std::size_t end =
          segment.marker == kStartOfScan ? end_of_scan(bytes, at + 2 + length) : at + 2 + length;
      segment.content = bytes.subspan(at + 4, length - 2);
      segment.all = bytes.subspan(at, end - at);
    }
    take(segment);
    if (segment.marker == kEndOfImage) return;
    at += segment.all.size();
  }
}

struct PngChunk {
  std::string_view type;
  Bytes all;
  Bytes content;
};

void for_each_chunk(Bytes bytes, const std::string& where,
                    const std::function<void(const PngChunk&)>& take) {
  for (std::size_t at = kPngStart.size();;) {
    if (at + 12 > bytes.size()) broken(where, at);
    const std::size_t length = big(bytes, at, 4);
    if (length > bytes.size() - at - 12) broken(where, at);
    const PngChunk chunk{text_of(bytes.subspan(at + 4, 4)), bytes.subspan(at, length + 12),
                         bytes.subspan(at + 8, length)};
    take(chunk);
    if (chunk.type == "IEND") return;
    at += chunk.all.size();
  }
}

/// What is asked of an EXIF block.
struct ExifFacts {
  int orientation = 1;
  bool gps = false;
};

/// `block` begins with "Exif\0\0".
ExifFacts facts_of(Bytes block) {
  struct Free {
    void operator()(ExifData* data) const { exif_data_unref(data); }
  };
  const std::unique_ptr<ExifData, Free> data(exif_data_new_from_data(
      reinterpret_cast<const unsigned char*>(block.data()), static_cast<unsigned>(block.size())));
  ExifFacts facts;
  if (!data) return facts;
  const ExifEntry* entry = exif_content_get_entry(data->ifd[EXIF_IFD_0], EXIF_TAG_ORIENTATION);
  if (entry != nullptr && entry->format == EXIF_FORMAT_SHORT && entry->size >= 2) {
    const int value = exif_get_short(entry->data, exif_data_get_byte_order(data.get()));
    if (value >= 1 && value <= 8) facts.orientation = value;
  }
  facts.gps = data->ifd[EXIF_IFD_GPS] != nullptr && data->ifd[EXIF_IFD_GPS]->count > 0;
  return facts;
}

void append(std::vector<std::byte>& out, Bytes bytes) {
  out.insert(out.end(), bytes.begin(), bytes.end());
}
void append(std::vector<std::byte>& out, std::string_view text) {
  append(out, std::as_bytes(std::span(text)));
}

/// An APP1 segment with one entry: 0x0112, SHORT, the orientation.
void append_orientation(std::vector<std::byte>& out, int orientation) {
  constexpr std::string_view kBefore{
      "\xFF\xE1\x00\x22"
      "Exif\0\0"
      "MM\0\x2A\0\0\0\x08"
      "\0\x01"
      "\x01\x12\0\x03\0\0\0\x01\0",
      4 + 6 + 8 + 2 + 9};
  constexpr std::string_view kAfter{"\0\0\0\0\0\0", 6};
  append(out, kBefore);
  out.push_back(static_cast<std::byte>(orientation));
  append(out, kAfter);
}

bool needed_to_decode(const Segment& segment) {
  const std::string_view content = text_of(segment.content);
  switch (segment.marker) {
    case 0xE0:
      return content.starts_with(kJfif);
    case 0xE2:
      return content.starts_with(kIcc);
    case 0xEE:
      return content.starts_with("Adobe");
    case 0xFE:
      return false;
    default:
      return segment.marker < 0xE0 || segment.marker > 0xEF;
  }
}

std::vector<std::byte> jpeg_without_exif(Bytes bytes, const std::string& where) {
  std::optional<int> orientation;
  std::vector<std::byte> rest;
  rest.reserve(bytes.size());
  std::vector<std::byte> out(bytes.begin(), bytes.begin() + 2);
  out.reserve(bytes.size() + 64);
  for_each_segment(bytes, where, [&](const Segment& segment) {
    if (segment.marker == 0xE1 && !orientation && text_of(segment.content).starts_with(kExif)) {
      orientation = facts_of(segment.content).orientation;
    }
    if (!needed_to_decode(segment)) return;
    // JFIF wants to be first of all, wherever it stood.
    append(segment.marker == 0xE0 ? out : rest, segment.all);
  });
  if (orientation.value_or(1) != 1) append_orientation(out, *orientation);
  append(out, rest);
  return out;
}

bool tells_of_its_making(std::string_view type) {
  constexpr std::array<std::string_view, 5> kTypes{"eXIf", "tEXt", "zTXt", "iTXt", "tIME"};
  return std::find(kTypes.begin(), kTypes.end(), type) != kTypes.end();
}

bool names_a_place(std::string_view xmp) {
  return xmp.find("GPSLatitude") != std::string_view::npos;
}

bool segment_has_gps(const Segment& segment) {
  if (segment.marker != 0xE1) return false;
  if (text_of(segment.content).starts_with(kExif)) return facts_of(segment.content).gps;
  return names_a_place(text_of(segment.content));
}

bool chunk_has_gps(const PngChunk& chunk) {
  if (chunk.type == "iTXt") return names_a_place(text_of(chunk.content));
  if (chunk.type != "eXIf") return false;
  std::vector<std::byte> block;
  append(block, kExif);
  append(block, chunk.content);
  return facts_of(block).gps;
}

}  // namespace

std::vector<std::byte> without_exif(std::span<const std::byte> bytes, const std::string& where) {
  if (is_jpeg(bytes)) return jpeg_without_exif(bytes, where);
  if (!is_png(bytes)) throw Error(where + ": is neither JPEG nor PNG, wanted one of them");
  std::vector<std::byte> out;
  out.reserve(bytes.size());
  append(out, kPngStart);
  for_each_chunk(bytes, where, [&out](const PngChunk& chunk) {
    if (!tells_of_its_making(chunk.type)) append(out, chunk.all);
  });
  return out;
}

bool has_gps(std::span<const std::byte> bytes) {
  bool found = false;
  try {
    if (is_jpeg(bytes)) {
      for_each_segment(bytes, "", [&](const Segment& s) { found = found || segment_has_gps(s); });
    } else if (is_png(bytes)) {
      for_each_chunk(bytes, "", [&](const PngChunk& c) { found = found || chunk_has_gps(c); });
    }
  } catch (const Error&) {
    // A picture that breaks off has said what it says before that.
  }
  return found;
}

}  // namespace orrery
