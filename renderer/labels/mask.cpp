#include "renderer/labels/mask.hpp"

#include <algorithm>

#include "scenes/error.hpp"

namespace orrery {
namespace {

/// Calls inside(first, last) for every run of the mask, as half-open column-major positions.
template <class Inside>
void for_each_run(const Rle& rle, Inside&& inside) {
  std::uint64_t at = 0;
  for (std::size_t i = 0; i < rle.counts.size(); ++i) {
    if (i % 2 == 1 && rle.counts[i] > 0) inside(at, at + rle.counts[i]);
    at += rle.counts[i];
  }
}

[[noreturn]] void refuse(const std::string& counts, const std::string& why) {
  throw Error("run lengths \"" + counts.substr(0, 40) + "\": " + why);
}

}  // namespace

// Each run is written as its difference to the run two before it (from the fourth run on), in
// five-bit groups from the low end, as characters from '0'; bit 5 says that more follow and bit 4
// of the last group is the sign. Source: pycocotools, maskApi.c (rleToString).
std::string coco_counts(const Rle& rle) {
  std::string text;
  text.reserve(rle.counts.size() * 2);
  for (std::size_t i = 0; i < rle.counts.size(); ++i) {
    std::int64_t x = rle.counts[i];
    if (i > 2) x -= rle.counts[i - 2];
    for (bool more = true; more;) {
      std::int64_t group = x & 0x1F;
      x >>= 5;
      more = (group & 0x10) != 0 ? x != -1 : x != 0;
      if (more) group |= 0x20;
      text.push_back(static_cast<char>(group + '0'));
    }
  }
  return text;
}

Rle rle_from_coco(const std::string& counts, int width, int height) {
  Rle rle{width, height, {}};
  const std::int64_t pixels = std::int64_t{width} * height;
  std::int64_t total = 0;
  for (std::size_t at = 0; at < counts.size();) {
    std::int64_t x = 0;
    for (unsigned shift = 0;; shift += 5) {
      if (at == counts.size()) refuse(counts, "ends within a number");
      const int group = counts[at++] - '0';
      if (group < 0 || group > 0x3F) refuse(counts, "holds a character outside '0' to 'o'");
      if (shift > 30) refuse(counts, "holds a number of more than 32 bits");
      x |= std::int64_t{group & 0x1F} << shift;
      if ((group & 0x20) != 0) continue;
      if ((group & 0x10) != 0) x -= std::int64_t{1} << (shift + 5);
      break;
    }
    if (rle.counts.size() > 2) x += rle.counts[rle.counts.size() - 2];
    if (x < 0 || total + x > pixels) {
      refuse(counts, "runs leave the image of " + std::to_string(pixels) + " pixels");
    }
    total += x;
    rle.counts.push_back(static_cast<std::uint32_t>(x));
  }
  if (total != pixels) {
    refuse(counts,
           "runs fill " + std::to_string(total) + " pixels, wanted " + std::to_string(pixels));
  }
  return rle;
}

Image<std::uint8_t> mask_from_rle(const Rle& rle) {
  Image<std::uint8_t> mask(rle.width, rle.height);
  const auto height = static_cast<std::uint64_t>(rle.height);
  for_each_run(rle, [&](std::uint64_t first, std::uint64_t last) {
    for (std::uint64_t i = first; i < last; ++i) {
      mask.at(static_cast<int>(i / height), static_cast<int>(i % height)) = 1;
    }
  });
  return mask;
}

Rle rle_from_mask(const ImageView<std::uint8_t>& mask) {
  std::vector<ColumnSpan> spans;
  for (const auto& run : column_runs(mask).runs) {
    if (run.value != 0) spans.push_back(run.span);
  }
  return rle_from_spans(spans, mask.width, mask.height);
}

Rle rle_from_spans(std::span<const ColumnSpan> spans, int width, int height) {
  Rle rle{width, height, {}};
  rle.counts.reserve(2 * spans.size() + 1);
  const auto rows = static_cast<std::uint32_t>(height);
  std::uint32_t end = 0;
  for (const ColumnSpan& span : spans) {
    const std::uint32_t column = static_cast<std::uint32_t>(span.x) * rows;
    const std::uint32_t first = column + static_cast<std::uint32_t>(span.y0);
    const std::uint32_t last = column + static_cast<std::uint32_t>(span.y1);
    if (first == end && !rle.counts.empty()) {
      rle.counts.back() += last - first;  // continues from the foot of the column before
    } else {
      rle.counts.push_back(first - end);
      rle.counts.push_back(last - first);
    }
    end = last;
  }
  const std::uint32_t pixels = static_cast<std::uint32_t>(width) * rows;
  if (end < pixels || rle.counts.empty()) rle.counts.push_back(pixels - end);
  return rle;
}

std::uint64_t area(const Rle& rle) {
  std::uint64_t sum = 0;
  for (std::size_t i = 1; i < rle.counts.size(); i += 2) sum += rle.counts[i];
  return sum;
}

Box bounding_box(const Rle& rle) {
  Box box{rle.width, rle.height, 0, 0};
  const auto height = static_cast<std::uint64_t>(rle.height);
  for_each_run(rle, [&](std::uint64_t first, std::uint64_t last) {
    const int x0 = static_cast<int>(first / height);
    const int x1 = static_cast<int>((last - 1) / height);
    const bool one_column = x0 == x1;
    box.x0 = std::min(box.x0, x0);
    box.x1 = std::max(box.x1, x1 + 1);
    box.y0 = std::min(box.y0, one_column ? static_cast<int>(first % height) : 0);
    box.y1 = std::max(box.y1, one_column ? static_cast<int>((last - 1) % height) + 1 : rle.height);
  });
  return box.empty() ? Box{} : box;
}

std::uint64_t common_area(const Rle& a, const Rle& b) {
  struct Cursor {
    const Rle& rle;
    std::size_t run = 0;
    std::uint64_t end = 0;
    void reach(std::uint64_t at) {
      while (end <= at && run < rle.counts.size()) end += rle.counts[run++];
    }
    bool inside() const { return run % 2 == 0; }  // `run` is one past the current one
  };
  const std::uint64_t pixels =
      static_cast<std::uint64_t>(a.width) * static_cast<std::uint64_t>(a.height);
  Cursor in_a{a};
  Cursor in_b{b};
  std::uint64_t sum = 0;
  for (std::uint64_t at = 0; at < pixels;) {
    in_a.reach(at);
    in_b.reach(at);
    const std::uint64_t end = std::min(in_a.end, in_b.end);
    if (end <= at) break;  // runs that do not fill the image
    if (in_a.inside() && in_b.inside()) sum += end - at;
    at = end;
  }
  return sum;
}

}  // namespace orrery
