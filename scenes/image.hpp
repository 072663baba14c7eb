#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <glm/glm.hpp>
#include <span>
#include <string>
#include <vector>

namespace orrery {

using Rgba8 = glm::u8vec4;

/// Pixels in rows from the top, without padding.
template <class T>
struct Image {
  int width = 0;
  int height = 0;
  std::vector<T> pixels;

  Image() = default;
  Image(int w, int h, T fill = T{})
      : width(w),
        height(h),
        pixels(static_cast<std::size_t>(w) * static_cast<std::size_t>(h), fill) {}

  T& at(int x, int y) { return pixels[index(x, y)]; }
  const T& at(int x, int y) const { return pixels[index(x, y)]; }

 private:
  std::size_t index(int x, int y) const {
    return static_cast<std::size_t>(y) * static_cast<std::size_t>(width) +
           static_cast<std::size_t>(x);
  }
};

/// Borrowed pixels in rows from the top, without padding; valid as long as their owner says.
template <class T>
struct ImageView {
  int width = 0;
  int height = 0;
  std::span<const T> pixels;

  ImageView() = default;
  ImageView(int w, int h, std::span<const T> p) : width(w), height(h), pixels(p) {}
  ImageView(const Image<T>& image)  // NOLINT: an owner is viewed without ceremony
      : width(image.width), height(image.height), pixels(image.pixels) {}

  const T& at(int x, int y) const {
    return pixels[static_cast<std::size_t>(y) * static_cast<std::size_t>(width) +
                  static_cast<std::size_t>(x)];
  }
};

/// Eight-bit colour with straight alpha, as stored in a PNG, JPEG, TGA, BMP or GIF file or in
/// `bytes` of one. Throws Error if it cannot be read or has no pixels; `where` names it.
Image<Rgba8> read_color(const std::filesystem::path& file);
Image<Rgba8> color_from_bytes(std::span<const std::byte> bytes, const std::string& where);

/// A grey picture of 8 or 16 bits a pixel, its values as stored: depth in millimetres, ids; of a
/// file or in `bytes` of one. Throws Error if it cannot be read or is not grey; `where` names it.
Image<std::uint16_t> read_gray(const std::filesystem::path& file);
Image<std::uint16_t> gray_from_bytes(std::span<const std::byte> bytes, const std::string& where);

/// Linear radiance of a Radiance (.hdr) file. Throws Error.
Image<glm::vec3> read_radiance(const std::filesystem::path& file);

}  // namespace orrery
