#include "tests/generator/read_png.hpp"

#include <doctest/doctest.h>
#include <png.h>

#include <csetjmp>
#include <cstdlib>
#include <cstring>

namespace orrery::testing {

Decoded decoded(const std::vector<std::byte>& file) {
  struct Reader {
    const std::byte* at;
    const std::byte* end;
  } reader{file.data(), file.data() + file.size()};
  png_structp png = png_create_read_struct(PNG_LIBPNG_VER_STRING, nullptr, nullptr, nullptr);
  png_infop info = png_create_info_struct(png);
  if (setjmp(png_jmpbuf(png)) != 0) {
    FAIL("libpng refuses the file");
    std::abort();
  }
  png_set_read_fn(png, &reader, [](png_structp p, png_bytep out, png_size_t size) {
    auto* r = static_cast<Reader*>(png_get_io_ptr(p));
    if (r->end - r->at < static_cast<std::ptrdiff_t>(size)) png_error(p, "end");
    std::memcpy(out, r->at, size);
    r->at += size;
  });
  png_set_crc_action(png, PNG_CRC_ERROR_QUIT, PNG_CRC_ERROR_QUIT);
  png_read_info(png, info);
  Decoded image{static_cast<int>(png_get_image_width(png, info)),
                static_cast<int>(png_get_image_height(png, info)),
                png_get_bit_depth(png, info),
                png_get_color_type(png, info),
                {}};
  const std::size_t stride = png_get_rowbytes(png, info);
  image.bytes.resize(stride * static_cast<std::size_t>(image.height));
  for (std::size_t y = 0; y < static_cast<std::size_t>(image.height); ++y) {
    png_read_row(png, &image.bytes[y * stride], nullptr);
  }
  png_read_end(png, nullptr);
  png_destroy_read_struct(&png, &info, nullptr);
  CHECK(reader.at == reader.end);
  return image;
}

}  // namespace orrery::testing
