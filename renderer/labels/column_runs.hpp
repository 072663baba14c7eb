#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <vector>

#include "scenes/image.hpp"

namespace orrery {

/// A stretch [y0,y1) of column x.
struct ColumnSpan {
  int x = 0, y0 = 0, y1 = 0;
};

/// An image as stretches of equal value down its columns, columns from the left.
template <class T>
struct ColumnRuns {
  struct Run {
    ColumnSpan span;
    T value;
  };
  std::vector<Run> runs;
  std::vector<std::size_t> first;  ///< of each column, and one past the last

  std::span<const Run> column(int x) const {
    const auto at = static_cast<std::size_t>(x);
    return {runs.data() + first[at], runs.data() + first[at + 1]};
  }
};

namespace detail {

inline constexpr std::size_t kBlockBytes = 64;

inline bool same_block(const void* a, const void* b) {
  std::array<std::uint64_t, kBlockBytes / 8> x;
  std::array<std::uint64_t, kBlockBytes / 8> y;
  std::memcpy(x.data(), a, kBlockBytes);
  std::memcpy(y.data(), b, kBlockBytes);
  std::uint64_t difference = 0;
  for (std::size_t i = 0; i < x.size(); ++i) difference |= x[i] ^ y[i];
  return difference == 0;
}

/// Calls found(x) wherever two rows differ; what is equal costs a block comparison only.
template <class T, class Found>
void for_each_difference(const T* a, const T* b, std::size_t width, Found&& found) {
  constexpr std::size_t block = kBlockBytes / sizeof(T);
  std::size_t x = 0;
  for (; x + block <= width; x += block) {
    if (same_block(a + x, b + x)) continue;
    for (std::size_t i = x; i < x + block; ++i) {
      if (a[i] != b[i]) found(i);
    }
  }
  for (; x < width; ++x) {
    if (a[x] != b[x]) found(x);
  }
}

}  // namespace detail

/// Reads the image once, in rows: a run starts where a pixel differs from the one above it, so
/// memory is read in order although the runs go down the columns.
template <class T>
ColumnRuns<T> column_runs(const ImageView<T>& image) {
  struct Change {
    std::uint32_t x, y;
  };
  const auto width = static_cast<std::size_t>(image.width);
  const auto height = static_cast<std::size_t>(image.height);
  const T* pixels = image.pixels.data();
  std::vector<Change> changes;
  std::vector<std::size_t> first(width + 1, 0);
  for (std::size_t y = 1; y < height; ++y) {
    const T* row = pixels + y * width;
    detail::for_each_difference(row, row - width, width, [&](std::size_t x) {
      changes.push_back({static_cast<std::uint32_t>(x), static_cast<std::uint32_t>(y)});
      ++first[x + 1];
    });
  }
  ColumnRuns<T> result;
  result.runs.resize(width + changes.size());
  std::vector<std::size_t> next(width);
  for (std::size_t x = 0; x < width; ++x) {
    first[x + 1] += first[x] + 1;
    next[x] = first[x] + 1;
    result.runs[first[x]] = {{static_cast<int>(x), 0, image.height}, pixels[x]};
  }
  for (const Change& change : changes) {
    const std::size_t at = next[change.x]++;
    const int y = static_cast<int>(change.y);
    result.runs[at - 1].span.y1 = y;
    result.runs[at] = {{static_cast<int>(change.x), y, image.height},
                       pixels[change.y * width + change.x]};
  }
  result.first = std::move(first);
  return result;
}

}  // namespace orrery
