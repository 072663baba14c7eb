#include "generator/encode.hpp"

#include <libdeflate.h>
#include <turbojpeg.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <memory>
#include <new>
#include <string>

#include "scenes/error.hpp"

namespace orrery {
namespace {

struct DestroyTurboJpeg {
  void operator()(void* handle) const { tjDestroy(handle); }
};

enum class PngColor : std::uint8_t { gray = 0, rgb = 2, rgba = 6 };
/// A row is stored as it is, or as differences (mod 256) to the pixel at the left or above.
enum class Filter : std::uint8_t { none = 0, sub = 1, up = 2 };

/// How a PNG stores its pixels.
struct PngFormat {
  PngColor color;
  int bits;                ///< per channel
  std::size_t pixel_size;  ///< bytes
  Filter filter;
};

void filter_row(Filter filter, const std::uint8_t* row, const std::uint8_t* before,
                std::size_t size, std::uint8_t* out) {
  for (std::size_t i = 0; i < size; ++i) {
    out[i] = filter == Filter::none ? row[i] : static_cast<std::uint8_t>(row[i] - before[i]);
  }
}

struct FreeCompressor {
  void operator()(libdeflate_compressor* compressor) const {
    libdeflate_free_compressor(compressor);
  }
};

/// The zlib stream of `raw`: the same bytes every time, which a dataset's hash rests on.
std::vector<std::byte> deflated(std::span<const std::uint8_t> raw) {
  constexpr int kLevel = 2;  // rendered planes gain little from more; 1 is slower on flat ones
  const std::unique_ptr<libdeflate_compressor, FreeCompressor> compressor(
      libdeflate_alloc_compressor(kLevel));
  if (!compressor) throw std::bad_alloc();
  std::vector<std::byte> out(libdeflate_zlib_compress_bound(compressor.get(), raw.size()));
  out.resize(
      libdeflate_zlib_compress(compressor.get(), raw.data(), raw.size(), out.data(), out.size()));
  if (out.empty()) throw Error("png: deflate found its own bound too small", Exit::bug);
  return out;
}

void put(std::vector<std::byte>& out, std::uint32_t big_endian) {
  for (const unsigned shift : {24U, 16U, 8U, 0U}) {
    out.push_back(static_cast<std::byte>(big_endian >> shift & 0xFFU));
  }
}

void put_chunk(std::vector<std::byte>& out, const char* type, std::span<const std::byte> data) {
  put(out, static_cast<std::uint32_t>(data.size()));
  const std::size_t first = out.size();
  const auto* name = reinterpret_cast<const std::byte*>(type);
  out.insert(out.end(), name, name + 4);
  out.insert(out.end(), data.begin(), data.end());
  put(out, libdeflate_crc32(0, &out[first], data.size() + 4));
}

/// `fill(y, row)` writes the bytes of row y in PNG's own order.
template <class Fill>
std::vector<std::byte> png(int width, int height, const PngFormat& format, Fill&& fill) {
  const auto columns = static_cast<std::size_t>(width);
  const auto rows = static_cast<std::size_t>(height);
  const std::size_t size = columns * format.pixel_size;
  // Both rows start with a zero pixel, so the first column needs no case of its own.
  std::vector<std::uint8_t> lines(2 * (size + format.pixel_size));
  std::uint8_t* row = lines.data() + format.pixel_size;
  std::uint8_t* other = row + size + format.pixel_size;
  std::vector<std::uint8_t> raw(rows * (size + 1));
  for (std::size_t y = 0; y < rows; ++y) {
    std::uint8_t* out = &raw[y * (size + 1)];
    *out = static_cast<std::uint8_t>(format.filter);
    fill(y, row);
    const std::uint8_t* before = format.filter == Filter::up ? other : row - format.pixel_size;
    filter_row(format.filter, row, before, size, out + 1);
    if (format.filter == Filter::up) std::swap(row, other);
  }
  const std::vector<std::byte> data = deflated(raw);

  static constexpr std::array<std::uint8_t, 8> kSignature{0x89, 'P',  'N',  'G',
                                                          '\r', '\n', 0x1A, '\n'};
  std::vector<std::byte> file;
  file.reserve(data.size() + 64);
  for (const std::uint8_t byte : kSignature) file.push_back(std::byte{byte});
  std::vector<std::byte> header;
  put(header, static_cast<std::uint32_t>(width));
  put(header, static_cast<std::uint32_t>(height));
  header.push_back(static_cast<std::byte>(format.bits));
  header.push_back(static_cast<std::byte>(format.color));
  header.insert(header.end(), 3, std::byte{0});  // deflate, adaptive filters, not interlaced
  put_chunk(file, "IHDR", header);
  put_chunk(file, "IDAT", data);
  put_chunk(file, "IEND", {});
  return file;
}

/// `value(i)` is the grey level of pixel i.
template <class Value>
std::vector<std::byte> gray16_png(int width, int height, Filter filter, Value&& value) {
  const PngFormat format{PngColor::gray, 16, 2, filter};
  const auto columns = static_cast<std::size_t>(width);
  return png(width, height, format, [&](std::size_t y, std::uint8_t* row) {
    for (std::size_t x = 0; x < columns; ++x) {
      const auto level = static_cast<std::uint16_t>(value(y * columns + x));
      const auto swapped = static_cast<std::uint16_t>(level << 8 | level >> 8);  // big endian
      std::memcpy(row + 2 * x, &swapped, sizeof swapped);
    }
  });
}

/// unpacked_normal as a colour, red in the low byte: without branches, so that a row of them is
/// computed several at a time.
inline std::int32_t rgb_of_normal(std::uint32_t packed) {
  const float x = static_cast<float>(static_cast<std::int32_t>(packed << 16) >> 16) / 32767.0F;
  const float y = static_cast<float>(static_cast<std::int32_t>(packed) >> 16) / 32767.0F;
  const float z = 1.0F - std::abs(x) - std::abs(y);
  const float fold = std::max(-z, 0.0F);
  const float nx = x - std::copysign(fold, x);
  const float ny = y - std::copysign(fold, y);
  const float scale = 127.5F / std::sqrt(nx * nx + ny * ny + z * z);
  const auto level = [scale](float n) { return static_cast<std::int32_t>(n * scale + 128.0F); };
  const std::int32_t rgb = level(nx) | level(ny) << 8 | level(z) << 16;
  return packed == 0 ? 0 : rgb;
}

}  // namespace

std::vector<std::byte> jpeg_from(const ImageView<Rgba8>& color, int quality, bool subsample) {
  const std::unique_ptr<void, DestroyTurboJpeg> encoder(tjInitCompress());
  const int layout = subsample ? TJSAMP_420 : TJSAMP_444;
  const unsigned long bound = tjBufSize(color.width, color.height, layout);
  const auto out = std::make_unique_for_overwrite<unsigned char[]>(bound);
  unsigned char* first = out.get();
  unsigned long size = bound;
  if (!encoder ||
      tjCompress2(encoder.get(), &color.pixels[0].x, color.width, 0, color.height, TJPF_RGBX,
                  &first, &size, layout, quality, TJFLAG_NOREALLOC | TJFLAG_ACCURATEDCT) != 0) {
    throw Error(std::string("jpeg: ") + tjGetErrorStr2(encoder.get()), Exit::bug);
  }
  const auto* bytes = reinterpret_cast<const std::byte*>(first);
  return {bytes, bytes + size};
}

Image<Rgba8> through_jpeg(const ImageView<Rgba8>& color, int quality) {
  const std::vector<std::byte> bytes = jpeg_from(color, quality, true);
  const std::unique_ptr<void, DestroyTurboJpeg> decoder(tjInitDecompress());
  Image<Rgba8> out(color.width, color.height);
  const auto* first = reinterpret_cast<const unsigned char*>(bytes.data());
  if (!decoder || tjDecompress2(decoder.get(), first, bytes.size(), &out.pixels[0].x, color.width,
                                0, color.height, TJPF_RGBX, TJFLAG_ACCURATEDCT) != 0) {
    throw Error(std::string("jpeg: ") + tjGetErrorStr2(decoder.get()), Exit::bug);
  }
  for (std::size_t i = 0; i < out.pixels.size(); ++i) out.pixels[i].a = color.pixels[i].a;
  return out;
}

std::vector<std::byte> png_from(const ImageView<Rgba8>& color, Alpha alpha) {
  const auto columns = static_cast<std::size_t>(color.width);
  const Rgba8* pixels = color.pixels.data();
  if (alpha == Alpha::keep) {
    const PngFormat format{PngColor::rgba, 8, 4, Filter::sub};
    return png(color.width, color.height, format, [&](std::size_t y, std::uint8_t* row) {
      std::memcpy(row, pixels + y * columns, columns * 4);
    });
  }
  const PngFormat format{PngColor::rgb, 8, 3, Filter::sub};
  return png(color.width, color.height, format, [&](std::size_t y, std::uint8_t* row) {
    for (std::size_t x = 0; x < columns; ++x) std::memcpy(row + 3 * x, &pixels[y * columns + x], 3);
  });
}

std::vector<std::byte> png_from(const ImageView<std::uint8_t>& gray) {
  const PngFormat format{PngColor::gray, 8, 1, Filter::none};
  const auto columns = static_cast<std::size_t>(gray.width);
  return png(gray.width, gray.height, format, [&](std::size_t y, std::uint8_t* row) {
    std::memcpy(row, &gray.pixels[y * columns], columns);
  });
}

std::vector<std::byte> png_from(const ImageView<std::uint16_t>& gray) {
  const std::uint16_t* pixels = gray.pixels.data();
  return gray16_png(gray.width, gray.height, Filter::up,
                    [pixels](std::size_t i) { return pixels[i]; });
}

std::vector<std::byte> png16_from_depth(const ImageView<float>& depth_m) {
  const float* depth = depth_m.pixels.data();
  return gray16_png(depth_m.width, depth_m.height, Filter::up, [depth](std::size_t i) {
    // In this order a NaN becomes 0.
    const float mm = std::max(0.0F, depth[i] * 1000.0F + 0.5F);
    return static_cast<std::int32_t>(std::min(65535.0F, mm));
  });
}

std::vector<std::byte> png_from_ids(const ImageView<std::uint16_t>& id) {
  std::uint16_t all = 0;
  for (const std::uint16_t value : id.pixels) all = static_cast<std::uint16_t>(all | value);
  if (all >= 256) return png_from(id);
  const PngFormat format{PngColor::gray, 8, 1, Filter::none};
  const auto columns = static_cast<std::size_t>(id.width);
  return png(id.width, id.height, format, [&](std::size_t y, std::uint8_t* row) {
    const std::uint16_t* in = &id.pixels[y * columns];
    for (std::size_t x = 0; x < columns; ++x) row[x] = static_cast<std::uint8_t>(in[x]);
  });
}

std::vector<std::byte> png_from_normals(const ImageView<std::uint32_t>& normal) {
  const PngFormat format{PngColor::rgb, 8, 3, Filter::up};
  const auto columns = static_cast<std::size_t>(normal.width);
  std::vector<std::int32_t> levels(columns);
  return png(normal.width, normal.height, format, [&](std::size_t y, std::uint8_t* row) {
    const std::uint32_t* packed = &normal.pixels[y * columns];
    for (std::size_t x = 0; x < columns; ++x) levels[x] = rgb_of_normal(packed[x]);
    for (std::size_t x = 0; x < columns; ++x) {
      row[3 * x] = static_cast<std::uint8_t>(levels[x]);
      row[3 * x + 1] = static_cast<std::uint8_t>(levels[x] >> 8);
      row[3 * x + 2] = static_cast<std::uint8_t>(levels[x] >> 16);
    }
  });
}

std::vector<std::byte> png16_from_flow(const ImageView<glm::vec2>& pixels,
                                       const ImageView<std::uint8_t>& known) {
  const PngFormat format{PngColor::rgb, 16, 6, Filter::up};
  const auto columns = static_cast<std::size_t>(pixels.width);
  return png(pixels.width, pixels.height, format, [&](std::size_t y, std::uint8_t* row) {
    for (std::size_t x = 0; x < columns; ++x) {
      const glm::dvec2 level =
          glm::floor(glm::dvec2(pixels.pixels[y * columns + x]) * 64.0 + 32768.5);
      const bool there = known.pixels[y * columns + x] != 0 && level.x >= 0 && level.y >= 0 &&
                         level.x <= 65535 && level.y <= 65535;
      const std::array<std::uint32_t, 3> values{there ? static_cast<std::uint32_t>(level.x) : 0U,
                                                there ? static_cast<std::uint32_t>(level.y) : 0U,
                                                there ? 1U : 0U};
      for (std::size_t k = 0; k < 3; ++k) {
        row[6 * x + 2 * k] = static_cast<std::uint8_t>(values[k] >> 8);
        row[6 * x + 2 * k + 1] = static_cast<std::uint8_t>(values[k]);
      }
    }
  });
}

std::vector<std::byte> png_from_segments(const ImageView<std::uint32_t>& ids) {
  const PngFormat format{PngColor::rgb, 8, 3, Filter::up};
  const auto columns = static_cast<std::size_t>(ids.width);
  return png(ids.width, ids.height, format, [&](std::size_t y, std::uint8_t* row) {
    for (std::size_t x = 0; x < columns; ++x) {
      const std::uint32_t id = ids.pixels[y * columns + x];
      for (std::size_t k = 0; k < 3; ++k) {
        row[3 * x + k] = static_cast<std::uint8_t>(id >> (8 * k));
      }
    }
  });
}

}  // namespace orrery
