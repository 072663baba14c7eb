#include "scenes/image.hpp"

#define STB_IMAGE_IMPLEMENTATION
#define STB_IMAGE_STATIC
#define STBI_FAILURE_USERMSG
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wconversion"
#pragma GCC diagnostic ignored "-Wsign-conversion"
#pragma GCC diagnostic ignored "-Wsign-compare"
#pragma GCC diagnostic ignored "-Wunused-function"
#include <stb/stb_image.h>
#pragma GCC diagnostic pop

#include <cstring>
#include <fstream>
#include <memory>

#include "scenes/error.hpp"

namespace orrery {
namespace {

struct StbFree {
  void operator()(void* p) const { stbi_image_free(p); }
};

std::vector<std::byte> bytes_of(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary | std::ios::ate);
  if (!in) throw Error(file.string() + ": cannot be opened, wanted an image file", Exit::data);
  std::vector<std::byte> bytes(static_cast<std::size_t>(in.tellg()));
  in.seekg(0);
  in.read(reinterpret_cast<char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
  if (!in) throw Error(file.string() + ": cannot be read to its end", Exit::io);
  return bytes;
}

[[noreturn]] void refuse(const std::string& where) {
  throw Error(where + ": " + stbi_failure_reason() + ", wanted a readable image");
}

const stbi_uc* raw(std::span<const std::byte> bytes) {
  return reinterpret_cast<const stbi_uc*>(bytes.data());
}

}  // namespace

Image<Rgba8> color_from_bytes(std::span<const std::byte> bytes, const std::string& where) {
  int width = 0;
  int height = 0;
  const std::unique_ptr<stbi_uc, StbFree> pixels(stbi_load_from_memory(
      raw(bytes), static_cast<int>(bytes.size()), &width, &height, nullptr, 4));
  if (!pixels) refuse(where);
  Image<Rgba8> image(width, height);
  std::memcpy(image.pixels.data(), pixels.get(), image.pixels.size() * sizeof(Rgba8));
  return image;
}

Image<Rgba8> read_color(const std::filesystem::path& file) {
  return color_from_bytes(bytes_of(file), file.string());
}

Image<std::uint16_t> read_gray(const std::filesystem::path& file) {
  return gray_from_bytes(bytes_of(file), file.string());
}

Image<std::uint16_t> gray_from_bytes(std::span<const std::byte> bytes, const std::string& where) {
  const auto size = static_cast<int>(bytes.size());
  int width = 0;
  int height = 0;
  int channels = 0;
  const std::unique_ptr<stbi_us, StbFree> pixels(
      stbi_load_16_from_memory(raw(bytes), size, &width, &height, &channels, 1));
  if (!pixels) refuse(where);
  if (channels != 1) {
    throw Error(where + ": has " + std::to_string(channels) + " channels, wanted 1");
  }
  Image<std::uint16_t> image(width, height);
  std::memcpy(image.pixels.data(), pixels.get(), image.pixels.size() * sizeof(std::uint16_t));
  // Values of 8 bits come as v · 257.
  if (stbi_is_16_bit_from_memory(raw(bytes), size) == 0) {
    for (std::uint16_t& pixel : image.pixels) pixel /= 257;
  }
  return image;
}

Image<glm::vec3> read_radiance(const std::filesystem::path& file) {
  const std::vector<std::byte> bytes = bytes_of(file);
  if (!stbi_is_hdr_from_memory(raw(bytes), static_cast<int>(bytes.size()))) {
    throw Error(file.string() + ": is no Radiance file, wanted an .hdr sky");
  }
  int width = 0;
  int height = 0;
  const std::unique_ptr<float, StbFree> pixels(stbi_loadf_from_memory(
      raw(bytes), static_cast<int>(bytes.size()), &width, &height, nullptr, 3));
  if (!pixels) refuse(file.string());
  Image<glm::vec3> image(width, height);
  std::memcpy(image.pixels.data(), pixels.get(), image.pixels.size() * sizeof(glm::vec3));
  return image;
}

}  // namespace orrery
