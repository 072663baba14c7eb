#pragma once

#include <array>

#include "generator/compose/compose.hpp"
#include "renderer/labels/mask.hpp"

namespace orrery::testing {

/// The colour of instance `number`, which no other and no ground has.
inline Rgba8 flat_color(std::uint32_t number) {
  return {static_cast<std::uint8_t>(40 + number * 67 % 200), static_cast<std::uint8_t>(number),
          static_cast<std::uint8_t>(250 - number * 31 % 200), 255};
}

inline Rle mask_of_color(const Image<Rgba8>& picture, const Rgba8& color) {
  Image<std::uint8_t> mask(picture.width, picture.height, 0);
  for (std::size_t i = 0; i < mask.pixels.size(); ++i) {
    mask.pixels[i] = picture.pixels[i] == color ? 1 : 0;
  }
  return rle_from_mask(mask);
}

/// How a flat picture says where its instances are.
enum class Says { mask, outline, box };

/// Instances of one colour each on one ground, numbered from `first`: boxes or ellipses, the later
/// over the earlier. `ground` of alpha 0 makes a cut-out.
inline LabelledPixels flat_picture(int width, int height, std::uint32_t first, int count,
                                   const Rgba8& ground, Says says, std::uint64_t seed) {
  LabelledPixels picture;
  picture.color = Image<Rgba8>(width, height, ground);
  picture.labelled.name = "flat/" + std::to_string(first);
  picture.labelled.width = width;
  picture.labelled.height = height;
  picture.labelled.lineage = {{"session", "s" + std::to_string(first)}};
  Rng rng(seed, first, "flat");
  for (int i = 0; i < count; ++i) {
    const std::uint32_t number = first + static_cast<std::uint32_t>(i);
    const int w = 8 + static_cast<int>(rng.below(static_cast<std::uint32_t>(width / 3)));
    const int h = 8 + static_cast<int>(rng.below(static_cast<std::uint32_t>(height / 3)));
    const int x0 = static_cast<int>(rng.below(static_cast<std::uint32_t>(width - w)));
    const int y0 = static_cast<int>(rng.below(static_cast<std::uint32_t>(height - h)));
    const bool round = says == Says::mask && rng.unit() < 0.5;
    for (int y = y0; y < y0 + h; ++y) {
      for (int x = x0; x < x0 + w; ++x) {
        const double u = (x + 0.5 - x0) / w * 2 - 1;
        const double v = (y + 0.5 - y0) / h * 2 - 1;
        if (!round || u * u + v * v < 1) picture.color.at(x, y) = flat_color(number);
      }
    }
  }
  for (int i = 0; i < count; ++i) {
    const std::uint32_t number = first + static_cast<std::uint32_t>(i);
    const Rle mask = mask_of_color(picture.color, flat_color(number));
    if (area(mask) == 0) continue;
    Label label;
    label.id = picture.labelled.labels.size() + 1;
    label.class_id = number % 3;
    label.box = rect_of(bounding_box(mask));
    label.more = {{"number", number}};
    std::size_t holes = 0;
    if (says == Says::outline) label.outline = polygons_of(mask, holes);
    if (holes > 0) label.outline.clear();  // an outline cannot say them
    if (says == Says::mask || holes > 0) label.mask = mask;
    picture.labelled.labels.push_back(label);
  }
  return picture;
}

inline Rgba8 color_of(const Label& label) {
  return flat_color(label.more.at("number").get<std::uint32_t>());
}

inline DatasetInfo flat_info() {
  DatasetInfo info;
  info.classes = {"a", "b", "c"};
  return info;
}

/// Labels in = out + dropped, and out is what the picture has.
inline bool balanced(const ComposeReport& report, const LabelledImage& image) {
  std::uint64_t out = 0;
  for (const auto& [class_id, tally] : report.ledger) {
    std::uint64_t dropped = 0;
    for (const auto& [rule, count] : tally.dropped) dropped += count;
    if (tally.placed != tally.labelled + dropped) return false;
    out += tally.labelled;
  }
  for (std::size_t i = 0; i < image.labels.size(); ++i) {
    if (image.labels[i].id != i + 1) return false;
  }
  return out == image.labels.size();
}

}  // namespace orrery::testing
