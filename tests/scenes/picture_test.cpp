#include "scenes/picture.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "scenes/made_model.hpp"
#include "scenes/mean_color.hpp"
#include "scenes/shapes.hpp"
#include "scenes/temporary_folder.hpp"

using namespace orrery;

namespace {

/// Waves along x that come once around; `ramp` adds a slope that does not.
Image<Rgba8> waves(float ramp) {
  Image<Rgba8> image(96, 64);
  for (int y = 0; y < image.height; ++y) {
    for (int x = 0; x < image.width; ++x) {
      const float t = static_cast<float>(x) / 96;
      const float light = 100 + 40 * std::sin(6.2831853F * 2 * t) + ramp * t;
      image.at(x, y) = Rgba8(glm::u8vec3(static_cast<std::uint8_t>(light)), 255);
    }
  }
  return image;
}

/// Share of the mask's texels whose channel is at least `rank`.
double share_above(const PictureTexture& mask, int channel, int rank) {
  const std::size_t side = mask.texture.width;
  std::size_t above = 0;
  for (std::size_t i = 0; i < side * side; ++i) {
    if (mask.texels[i][channel] >= rank) ++above;
  }
  return static_cast<double>(above) / static_cast<double>(side * side);
}

}  // namespace

TEST_SUITE("pictures") {
  TEST_CASE("what fits itself repeats, what does not is mirrored, each direction for itself") {
    const PictureTexture fits = picture_from(waves(0), 512);
    CHECK(fits.texture.wrap_u == Wrap::repeat);
    CHECK(fits.texture.wrap_v == Wrap::repeat);
    const PictureTexture slope = picture_from(waves(80), 512);
    CHECK(slope.texture.wrap_u == Wrap::mirror);
    CHECK(slope.texture.wrap_v == Wrap::repeat);
    CHECK(slope.aspect == doctest::Approx(64.0 / 96));
  }

  TEST_CASE("any number of pictures keeps to the bound") {
    CHECK(picture_side(1) == 512);
    CHECK(picture_side(64) == 512);
    CHECK(picture_side(65) == 256);
    for (const std::size_t count : {100U, 300U, 1500U, 20000U}) {
      const auto side = static_cast<std::size_t>(picture_side(count));
      CHECK(count * side * side <= kPictureTexels);
    }
    const PictureTexture small = picture_from(Image<Rgba8>(700, 300, Rgba8(9)), 128);
    CHECK(small.texture.width <= 128);
    CHECK(small.texture.height <= 128);
  }

  TEST_CASE("a share of wear masks lies above one minus that share") {
    const TemporaryFolder cache;
    for (const PictureTexture& mask : wear_masks(cache.path)) {
      for (const int channel : {1, 2}) {
        CHECK(share_above(mask, channel, 204) == doctest::Approx(0.2).epsilon(0.03));
        CHECK(share_above(mask, channel, 128) == doctest::Approx(0.5).epsilon(0.03));
      }
      const double scratched = share_above(mask, 0, 40);
      CHECK(scratched > 0.02);
      CHECK(scratched < 0.4);
    }
  }

  TEST_CASE("colours of a surface material are a picture that repeats at its true size") {
    const PictureTexture wood = read_picture(surface_picture("wood", 1), 512);
    CHECK(wood.texture.wrap_u == Wrap::repeat);
    CHECK(wood.metres > 0);
    CHECK(wood.sha256 != read_picture(surface_picture("wood", 0), 512).sha256);
  }

  TEST_CASE("negatives have the size of what they look like, and other content") {
    for (const auto& [shape, like] :
         {std::pair{"card_back", "made:card/A/spades/0"},
          std::pair{"card_blank", "made:card/A/spades/0"}, std::pair{"die_blank", "made:die/0"}}) {
      const Model original = made_model(like);
      const glm::vec3 wanted = original.bounds.high - original.bounds.low;
      for (const MadeModel& made : made_models_of(shape)) {
        const Model negative = made_model(made.name);
        const glm::vec3 found = negative.bounds.high - negative.bounds.low;
        CHECK(std::abs(found.x - wanted.x) < 0.001F);
        CHECK(std::abs(found.y - wanted.y) < 0.001F);
        CHECK(negative.sha256 != original.sha256);
      }
    }
  }

  TEST_CASE("a picture on a book covers its front from edge to edge") {
    const Model book = made_model(with_image("made:book/2"));
    const IndexRange cover = book.lods.front().parts.front();
    float low = 9;
    float high = -9;
    for (std::uint32_t i = cover.first; i < cover.first + cover.count; ++i) {
      const Vertex& v = book.vertices[book.indices[i]];
      if (unpacked_normal(v.normal).z < 0.9F || v.position.z < book.bounds.high.z - 1e-5F) continue;
      low = std::min(low, v.uv.x);
      high = std::max(high, v.uv.x);
    }
    CHECK(low == doctest::Approx(0).epsilon(1e-3));
    CHECK(high == doctest::Approx(1).epsilon(1e-3));
  }

  TEST_CASE("a model's mean colour is that of its paint") {
    Model cube = rounded_box(glm::dvec3(0.1), 0);
    cube.materials[0].base_color = {0.3F, 0.6F, 0.1F, 1};
    CHECK(mean_color(cube).g == doctest::Approx(0.6));
    const Model die = made_model("made:die/3");
    const glm::vec3 body(die.materials[0].base_color);
    CHECK(glm::distance(mean_color(die), body) < 0.25F);
  }
}
