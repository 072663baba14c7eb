#include "generator/labelled_image.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "renderer/labels/mask.hpp"

namespace orrery {
namespace {

/// Heights at which the column of pixel centres at `x` crosses the border of a polygon.
void add_crossings(const Polygon& polygon, double x, std::vector<double>& crossings) {
  for (std::size_t i = 0; i < polygon.size(); ++i) {
    const glm::dvec2& a = polygon[i];
    const glm::dvec2& b = polygon[(i + 1) % polygon.size()];
    if ((a.x <= x) == (b.x <= x)) continue;
    // From left to right: an edge that goes there and back crosses at one height, to the last bit.
    const glm::dvec2& from = a.x < b.x ? a : b;
    const glm::dvec2& to = a.x < b.x ? b : a;
    crossings.push_back(from.y + (x - from.x) / (to.x - from.x) * (to.y - from.y));
  }
  std::sort(crossings.begin(), crossings.end());
}

/// First pixel whose centre is at or after `y`.
int first_pixel(double y, int height) {
  return static_cast<int>(std::clamp(std::ceil(y - 0.5), 0.0, static_cast<double>(height)));
}

/// Walks along the edges of pixels with the inside on its right.
class BorderWalk {
 public:
  explicit BorderWalk(const Image<std::uint8_t>& mask)
      : mask_(mask), seen_(mask.width + 1, mask.height + 1, 0) {}

  /// The border that goes right along the top of pixel (x,y), which is inside under outside.
  Polygon from(int x, int y) {
    Polygon corners;
    glm::ivec2 at(x, y);
    int heading = kRight;
    do {
      if (heading == kRight) seen_.at(at.x, at.y) = 1;
      at += kSteps[static_cast<std::size_t>(heading)];
      const int next = turn(at, heading);
      if (next != heading) corners.emplace_back(at);
      heading = next;
    } while (at != glm::ivec2(x, y) || heading != kRight);
    return corners;
  }
  bool seen(int x, int y) const { return seen_.at(x, y) != 0; }

 private:
  static constexpr int kRight = 0;
  static constexpr std::array<glm::ivec2, 4> kSteps{glm::ivec2(1, 0), glm::ivec2(0, 1),
                                                    glm::ivec2(-1, 0), glm::ivec2(0, -1)};
  bool inside(const glm::ivec2& pixel) const {
    return pixel.x >= 0 && pixel.y >= 0 && pixel.x < mask_.width && pixel.y < mask_.height &&
           mask_.at(pixel.x, pixel.y) != 0;
  }
  /// Turns right wherever it can: pixels that touch at a corner only are apart.
  int turn(const glm::ivec2& at, int heading) const {
    // The pixels ahead, by heading: on the right and on the left of the way.
    static constexpr std::array<glm::ivec2, 4> kAheadRight{glm::ivec2(0, 0), glm::ivec2(-1, 0),
                                                           glm::ivec2(-1, -1), glm::ivec2(0, -1)};
    const auto h = static_cast<std::size_t>(heading);
    if (!inside(at + kAheadRight[h])) return (heading + 1) % 4;
    return inside(at + kAheadRight[(h + 3) % 4]) ? (heading + 3) % 4 : heading;
  }

  const Image<std::uint8_t>& mask_;
  Image<std::uint8_t> seen_;
};

double signed_area(const Polygon& polygon) {
  double twice = 0;
  for (std::size_t i = 0; i < polygon.size(); ++i) {
    const glm::dvec2& a = polygon[i];
    const glm::dvec2& b = polygon[(i + 1) % polygon.size()];
    twice += a.x * b.y - b.x * a.y;
  }
  return twice / 2;
}

}  // namespace

double Label::area() const {
  if (mask) return static_cast<double>(orrery::area(*mask));
  if (outline.empty()) return box.area();
  double sum = 0;
  for (const Polygon& polygon : outline) sum += std::abs(signed_area(polygon));
  return sum;
}

Rle mask_of(const std::vector<Polygon>& outline, int width, int height) {
  Image<std::uint8_t> mask(width, height, 0);
  std::vector<double> crossings;
  for (const Polygon& polygon : outline) {
    const Rect extent = extent_of({polygon});
    for (int x = first_pixel(extent.x0, width); x < first_pixel(extent.x1, width); ++x) {
      crossings.clear();
      add_crossings(polygon, x + 0.5, crossings);
      for (std::size_t i = 0; i + 1 < crossings.size(); i += 2) {
        const int end = first_pixel(crossings[i + 1], height);
        for (int y = first_pixel(crossings[i], height); y < end; ++y) mask.at(x, y) = 1;
      }
    }
  }
  return rle_from_mask(mask);
}

std::optional<Rle> mask_of(const Label& label, int width, int height) {
  if (label.mask) return label.mask;
  if (label.outline.empty()) return std::nullopt;
  return mask_of(label.outline, width, height);
}

std::vector<Polygon> polygons_of(const Rle& mask, std::size_t& holes) {
  const Image<std::uint8_t> pixels = mask_from_rle(mask);
  BorderWalk walk(pixels);
  std::vector<Polygon> outer;
  for (int y = 0; y < pixels.height; ++y) {
    for (int x = 0; x < pixels.width; ++x) {
      const bool top = pixels.at(x, y) != 0 && (y == 0 || pixels.at(x, y - 1) == 0);
      if (!top || walk.seen(x, y)) continue;
      Polygon border = walk.from(x, y);
      // Clockwise on the screen, where y points down, has a positive area: holes run the other way.
      if (signed_area(border) > 0) {
        outer.push_back(std::move(border));
      } else {
        ++holes;
      }
    }
  }
  return outer;
}

Rect extent_of(const std::vector<Polygon>& outline) {
  constexpr double kFar = std::numeric_limits<double>::infinity();
  Rect extent{kFar, kFar, -kFar, -kFar};
  for (const Polygon& polygon : outline) {
    for (const glm::dvec2& corner : polygon) {
      extent = {std::min(extent.x0, corner.x), std::min(extent.y0, corner.y),
                std::max(extent.x1, corner.x), std::max(extent.y1, corner.y)};
    }
  }
  return extent;
}

}  // namespace orrery
