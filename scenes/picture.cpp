#include "scenes/picture.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>

#include "scenes/sha256.hpp"
#include "scenes/surface_material.hpp"
#include "scenes/texture.hpp"

namespace orrery {
namespace {

constexpr const char* kSurface = "made:colors/";

int apart(const Rgba8& a, const Rgba8& b) {
  return std::abs(a.r - b.r) + std::abs(a.g - b.g) + std::abs(a.b - b.b);
}

/// Whether the step from the last column to the first is like those between other columns; with
/// `rows` the same of rows.
bool fits_itself(const Image<Rgba8>& image, bool rows) {
  const int across = rows ? image.height : image.width;
  const int along = rows ? image.width : image.height;
  const auto step = [&](int from, int to) {
    std::int64_t sum = 0;
    for (int k = 0; k < along; ++k) {
      sum += rows ? apart(image.at(k, from), image.at(k, to))
                  : apart(image.at(from, k), image.at(to, k));
    }
    return static_cast<double>(sum) / along;
  };
  if (across < 2) return true;
  double inside = 0;
  for (int k = 0; k + 1 < across; ++k) inside += step(k, k + 1);
  inside /= across - 1;
  return step(across - 1, 0) <= 1.6 * inside + 6;
}

}  // namespace

int picture_side(std::size_t count) {
  int side = 512;
  const auto texels = [&] {
    return static_cast<std::size_t>(side) * static_cast<std::size_t>(side);
  };
  while (side > 16 && count * texels() > kPictureTexels) side /= 2;
  return side;
}

PictureTexture picture_from(const Image<Rgba8>& image, int side) {
  const TextureForm form{TexelKind::color, fits_itself(image, false) ? Wrap::repeat : Wrap::mirror,
                         fits_itself(image, true) ? Wrap::repeat : Wrap::mirror, side};
  Model model;  // what holds textures
  add_texture(model, image, form);
  PictureTexture picture;
  picture.texture = model.textures.front();
  picture.texels = std::move(model.texels);
  picture.aspect = static_cast<double>(image.height) / image.width;
  return picture;
}

std::string surface_picture(const std::string& material, std::uint32_t variant) {
  return kSurface + material + "/" + std::to_string(variant);
}

PictureTexture read_picture(const std::string& name, int side) {
  if (name.rfind(kSurface, 0) != 0) {
    PictureTexture picture = picture_from(read_color(name), side);
    picture.name = name;
    picture.sha256 = sha256_of_file(name);
    return picture;
  }
  const std::string text = name.substr(std::string(kSurface).size());
  const std::size_t slash = text.rfind('/');
  const SurfaceMaps maps =
      surface_maps(text.substr(0, slash), std::stoul(text.substr(slash + 1)), std::min(side, 256));
  PictureTexture picture = picture_from(maps.color, side);
  picture.texture.wrap_u = picture.texture.wrap_v = Wrap::repeat;
  picture.name = name;
  picture.metres = maps.metres;
  Sha256 hash;
  hash.add("orrery picture 1: " + name);
  hash.add(std::as_bytes(std::span(maps.color.pixels)));
  picture.sha256 = hash.hex();
  return picture;
}

}  // namespace orrery
