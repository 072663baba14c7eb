#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "scenes/image.hpp"

namespace orrery {

/// A baseline JPEG; alpha is dropped. `quality` is 1 to 100; `subsample` halves the resolution of
/// colour (4:2:0). Throws Error.
std::vector<std::byte> jpeg_from(const ImageView<Rgba8>& color, int quality, bool subsample);

/// What is left of a picture after a camera has stored it as JPEG (4:2:0); alpha stays.
Image<Rgba8> through_jpeg(const ImageView<Rgba8>& color, int quality);

/// Lossless PNG files, made for speed. The same pixels give the same bytes.
enum class Alpha { keep, drop };
std::vector<std::byte> png_from(const ImageView<Rgba8>& color, Alpha alpha);
std::vector<std::byte> png_from(const ImageView<std::uint8_t>& gray);
std::vector<std::byte> png_from(const ImageView<std::uint16_t>& gray);

/// 16 bits a pixel: whole millimetres, 0 = nothing, 65535 = that or farther.
std::vector<std::byte> png16_from_depth(const ImageView<float>& depth_m);
/// Instance ids as grey: 8 bits a pixel if all are below 256, else 16.
std::vector<std::byte> png_from_ids(const ImageView<std::uint16_t>& id);
/// KITTI's optical flow: 16-bit RGB; red and green are 64 · pixels + 2^15 to the right and down,
/// blue 1 where `known` is and the flow is within ±512 pixels, else all are 0.
std::vector<std::byte> png16_from_flow(const ImageView<glm::vec2>& pixels,
                                       const ImageView<std::uint8_t>& known);
/// Segment ids as COCO panoptic stores them: id = R + 256 G + 65536 B.
std::vector<std::byte> png_from_segments(const ImageView<std::uint32_t>& ids);
/// Packed normals (packed_normal) as RGB: 255 · (n/2 + 1/2), rounded; black where nothing is.
std::vector<std::byte> png_from_normals(const ImageView<std::uint32_t>& normal);

}  // namespace orrery
