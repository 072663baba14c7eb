#include "generator/augment/mask_layers.hpp"

#include <algorithm>

#include "scenes/error.hpp"

namespace orrery {
namespace {

/// Calls inside(x, y0, y1) for each stretch of a mask.
template <class Inside>
void for_each_stretch(const Rle& mask, Inside&& inside) {
  const auto height = static_cast<std::uint64_t>(mask.height);
  std::uint64_t at = 0;
  for (std::size_t i = 0; i < mask.counts.size(); ++i) {
    std::uint64_t left = i % 2 == 1 ? mask.counts[i] : 0;
    for (std::uint64_t from = at; left > 0;) {
      const std::uint64_t y = from % height;
      const std::uint64_t part = std::min(left, height - y);
      inside(static_cast<int>(from / height), static_cast<int>(y), static_cast<int>(y + part));
      from += part;
      left -= part;
    }
    at += mask.counts[i];
  }
}

bool is_free(const IdPlane& plane, const Rle& mask) {
  bool free = true;
  for_each_stretch(mask, [&](int x, int y0, int y1) {
    for (int y = y0; y < y1 && free; ++y) free = plane.at(x, y) == 0;
  });
  return free;
}

}  // namespace

void MaskLayers::add(std::uint16_t id, const Rle& mask) {
  if (mask.width != width_ || mask.height != height_) {
    throw Error("augment: a mask is " + std::to_string(mask.width) + "x" +
                std::to_string(mask.height) + ", wanted " + std::to_string(width_) + "x" +
                std::to_string(height_) + " as its picture");
  }
  auto plane = std::find_if(planes_.begin(), planes_.end(),
                            [&](const IdPlane& one) { return is_free(one, mask); });
  if (plane == planes_.end()) plane = planes_.emplace(planes_.end(), width_, height_, 0);
  for_each_stretch(mask, [&](int x, int y0, int y1) {
    for (int y = y0; y < y1; ++y) plane->at(x, y) = id;
  });
}

void MaskLayers::warp(const Warp& warp, std::vector<double>& left) {
  std::fill(left.begin(), left.end(), 0.0);
  for (IdPlane& plane : planes_) {
    plane = warp.ids(plane);
    const std::uint16_t* at = plane.pixels.data();
    for (int y = 0; y < plane.height; ++y) {
      for (int x = 0; x < plane.width; ++x, ++at) {
        if (*at != 0) left[*at] += warp.even() ? 1 : warp.area_in(x, y);
      }
    }
  }
  if (warp.even()) {
    for (double& pixels : left) pixels *= warp.area_in(0, 0);
  }
  width_ = warp.width();
  height_ = warp.height();
}

void MaskLayers::clear(const Box& box) {
  for (IdPlane& plane : planes_) {
    for (int y = box.y0; y < box.y1; ++y) {
      std::fill(&plane.at(box.x0, y), &plane.at(box.x0, y) + (box.x1 - box.x0), std::uint16_t{0});
    }
  }
}

std::vector<MaskLayers::Extent> MaskLayers::extents(std::size_t most) const {
  std::vector<Extent> extents(most + 1, {{width_, height_, 0, 0}, 0});
  for (const IdPlane& plane : planes_) {
    const std::uint16_t* at = plane.pixels.data();
    for (int y = 0; y < height_; ++y) {
      for (int x = 0; x < width_; ++x, ++at) {
        if (*at == 0) continue;
        Extent& extent = extents[*at];
        ++extent.pixels;
        extent.box = {std::min(extent.box.x0, x), std::min(extent.box.y0, y),
                      std::max(extent.box.x1, x + 1), std::max(extent.box.y1, y + 1)};
      }
    }
  }
  return extents;
}

std::vector<std::vector<ColumnSpan>> MaskLayers::spans(std::size_t most) const {
  std::vector<std::vector<ColumnSpan>> spans(most + 1);
  for (const IdPlane& plane : planes_) append_spans(plane, spans);
  return spans;
}

std::vector<glm::dvec2> MaskLayers::row_ends(std::uint16_t id, const Box& within) const {
  std::vector<glm::dvec2> ends;
  for (const IdPlane& plane : planes_) {
    for (int y = std::max(within.y0, 0); y < std::min(within.y1, height_); ++y) {
      const auto row = plane.pixels.begin() + static_cast<std::ptrdiff_t>(y) * width_;
      const auto first = std::find(row, row + width_, id);
      if (first == row + width_) continue;
      const auto last =
          std::find(std::make_reverse_iterator(row + width_), std::make_reverse_iterator(row), id);
      for (const auto x : {first - row, last.base() - row}) {
        ends.emplace_back(static_cast<double>(x), y);
        ends.emplace_back(static_cast<double>(x), y + 1);
      }
    }
  }
  return ends;
}

void MaskLayers::paint(IdPlane& plane) const {
  for (const IdPlane& layer : planes_) {
    for (std::size_t i = 0; i < layer.pixels.size(); ++i) {
      if (layer.pixels[i] != 0) plane.pixels[i] = layer.pixels[i];
    }
  }
}

void append_spans(const IdPlane& plane, std::vector<std::vector<ColumnSpan>>& spans) {
  for (const auto& run : column_runs(ImageView<std::uint16_t>(plane)).runs) {
    if (run.value != 0) spans[run.value].push_back(run.span);
  }
}

}  // namespace orrery
