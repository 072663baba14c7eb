#pragma once

#include <vector>

#include "generator/augment/warp.hpp"
#include "renderer/labels/column_runs.hpp"

namespace orrery {

/// Masks of many instances of one picture in few planes: those that overlap lie in different ones.
/// Ids count from 1.
class MaskLayers {
 public:
  MaskLayers(int width, int height) : width_(width), height_(height) {}

  void add(std::uint16_t id, const Rle& mask);
  /// Moves all masks at once. `left` becomes, by id, how many pixels of the picture before are
  /// still there, in pixels of the picture before.
  void warp(const Warp& warp, std::vector<double>& left);
  /// Takes the pixels of a box from all masks.
  void clear(const Box& box);
  struct Extent {
    Box box;
    std::uint64_t pixels = 0;
  };
  /// By id, for ids up to `most`.
  std::vector<Extent> extents(std::size_t most) const;
  /// Masks by id, as stretches from left to right.
  std::vector<std::vector<ColumnSpan>> spans(std::size_t most) const;
  /// The corners of the ends of an instance's rows: their hull is that of its pixels.
  std::vector<glm::dvec2> row_ends(std::uint16_t id, const Box& within) const;
  /// Writes the ids of all masks over a plane.
  void paint(IdPlane& plane) const;

 private:
  int width_, height_;
  std::vector<IdPlane> planes_;
};

/// The stretches of each id of a plane, appended to `spans` by id.
void append_spans(const IdPlane& plane, std::vector<std::vector<ColumnSpan>>& spans);

}  // namespace orrery
