#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "generator/labelled_image.hpp"
#include "scenes/image.hpp"

namespace orrery {

/// What VOC's segmentation says of an image.
struct VocMasks {
  Image<std::uint8_t> object;    ///< 0 none, else the label's place in the XML from 1; 255 void
  Image<std::uint8_t> of_class;  ///< 0 none, else class from 1; 255 void
  std::size_t left_out = 0;      ///< labels that the 254 values do not reach
};

/// Of the labels with a mask. Where masks overlap, the first stays. Crowds are void.
VocMasks voc_masks(const LabelledImage& image, const std::vector<const Label*>& labels);

/// A PNG of palette indices in VOC's colours.
/// Source: VOCdevkit's VOClabelcolormap: bits of the index, from the lowest, become the colours'
/// bits, from the highest, in turns of red, green and blue.
std::vector<std::byte> palette_png(const Image<std::uint8_t>& indices);

}  // namespace orrery
