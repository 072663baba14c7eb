#include "scenes/painting.hpp"

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

namespace orrery {
namespace {

using glm::dvec2;

Rgba8 texel(const glm::vec3& color) {
  return Rgba8(glm::vec4(glm::clamp(color, 0.0F, 1.0F) * 255.0F + 0.5F, 255));
}

/// Lines of a glyph on a grid of 4 × 6 steps, (0,0) the top left: "xy xy …", lines parted by ';'.
const char* glyph(char letter) {
  static constexpr const char* kLetters[26] = {"06 20 46;14 34",
                                               "06 00 30 41 42 33 03;33 44 45 36 06",
                                               "41 30 10 01 05 16 36 45",
                                               "06 00 30 41 45 36 06",
                                               "40 00 06 46;03 33",
                                               "40 00 06;03 33",
                                               "41 30 10 01 05 16 36 45 43 23",
                                               "00 06;40 46;03 43",
                                               "20 26",
                                               "40 45 36 16 05",
                                               "00 06;40 03 46",
                                               "00 06 46",
                                               "06 00 23 40 46",
                                               "06 00 46 40",
                                               "10 01 05 16 36 45 41 30 10",
                                               "06 00 30 41 42 33 03",
                                               "10 01 05 16 36 45 41 30 10;25 46",
                                               "06 00 30 41 42 33 03;23 46",
                                               "41 30 10 01 02 13 33 44 45 36 16 05",
                                               "00 40;20 26",
                                               "00 05 16 36 45 40",
                                               "00 26 40",
                                               "00 16 23 36 40",
                                               "00 46;40 06",
                                               "00 23 40;23 26",
                                               "00 40 06 46"};
  static constexpr const char* kDigits[10] = {"10 01 05 16 36 45 41 30 10",
                                              "11 20 26",
                                              "01 10 30 41 42 06 46",
                                              "01 10 30 41 42 33 23;33 44 45 36 16 05",
                                              "30 04 44;30 36",
                                              "40 00 03 33 44 45 36 16 05",
                                              "41 30 10 01 05 16 36 45 44 33 03",
                                              "00 40 16",
                                              "10 01 02 13 33 42 41 30 10;13 04 05 16 36 45 44 33",
                                              "43 13 02 01 10 30 41 45 36 16 05"};
  if (letter >= 'A' && letter <= 'Z') return kLetters[letter - 'A'];
  if (letter >= '0' && letter <= '9') return kDigits[letter - '0'];
  return "";
}

double distance_to(const dvec2& p, const dvec2& a, const dvec2& b) {
  const dvec2 along = b - a;
  const double t = glm::dot(p - a, along) / std::max(glm::dot(along, along), 1e-12);
  return glm::distance(p, a + std::clamp(t, 0.0, 1.0) * along);
}

}  // namespace

Painting::Painting(int width_px, int height_px, const dvec2& size, const glm::vec3& ground)
    : image_(width_px, height_px, texel(ground)), size_(size) {}

void Painting::paint(const dvec2& low, const dvec2& high, const glm::vec3& color,
                     const Inside& inside) {
  const dvec2 scale = dvec2(image_.width, image_.height) / size_;
  const glm::ivec2 limit(image_.width, image_.height);
  const glm::ivec2 from = glm::clamp(glm::ivec2(glm::floor(low * scale)), glm::ivec2(0), limit);
  const glm::ivec2 to = glm::clamp(glm::ivec2(glm::ceil(high * scale)), glm::ivec2(0), limit);
  const glm::vec4 ink(texel(color));
  for (int y = from.y; y < to.y; ++y) {
    for (int x = from.x; x < to.x; ++x) {
      int hits = 0;
      for (int s = 0; s < 16; ++s) {
        const int row = s / 4;
        if (inside(dvec2(x + (s % 4 + 0.5) / 4, y + (row + 0.5) / 4) / scale)) ++hits;
      }
      if (hits == 0) continue;
      image_.at(x, y) =
          Rgba8(glm::mix(glm::vec4(image_.at(x, y)), ink, static_cast<float>(hits) / 16.0F) + 0.5F);
    }
  }
}

void Painting::rectangle(const dvec2& low, const dvec2& high, const glm::vec3& color) {
  paint(low, high, color, [&](const dvec2& p) {
    return p.x >= low.x && p.y >= low.y && p.x < high.x && p.y < high.y;
  });
}

void Painting::disc(const dvec2& center, double radius, const glm::vec3& color) {
  paint(center - radius, center + radius, color,
        [&](const dvec2& p) { return glm::distance(p, center) < radius; });
}

void Painting::polygon(std::span<const dvec2> corners, const glm::vec3& color) {
  dvec2 low(corners.front());
  dvec2 high(corners.front());
  for (const dvec2& p : corners) {
    low = glm::min(low, p);
    high = glm::max(high, p);
  }
  // Even-odd: edges that a ray to the right crosses.
  paint(low, high, color, [&](const dvec2& p) {
    bool in = false;
    for (std::size_t i = 0; i < corners.size(); ++i) {
      const dvec2& a = corners[i];
      const dvec2& b = corners[(i + 1) % corners.size()];
      if ((a.y > p.y) == (b.y > p.y)) continue;
      if (p.x < a.x + (p.y - a.y) / (b.y - a.y) * (b.x - a.x)) in = !in;
    }
    return in;
  });
}

void Painting::line(std::span<const dvec2> points, double width, const glm::vec3& color) {
  for (std::size_t i = 0; i + 1 < points.size(); ++i) {
    const dvec2 a = points[i];
    const dvec2 b = points[i + 1];
    paint(glm::min(a, b) - 0.5 * width, glm::max(a, b) + 0.5 * width, color,
          [&](const dvec2& p) { return distance_to(p, a, b) < 0.5 * width; });
  }
}

double text_width(std::string_view text) {
  return text.empty() ? 0 : (6.2 * static_cast<double>(text.size()) - 2.2) / 6;
}

void Painting::write(std::string_view text, const dvec2& middle, double height, double weight,
                     const glm::vec3& color, double narrow) {
  const dvec2 step(narrow * height / 6, height / 6);
  dvec2 at = middle - 0.5 * height * dvec2(narrow * text_width(text), 1);
  for (const char letter : text) {
    std::vector<dvec2> points;
    for (const char* c = glyph(letter); *c != '\0'; ++c) {
      if (*c == ';') {
        line(points, weight * height, color);
        points.clear();
      } else if (*c != ' ') {
        const double x = *c - '0';
        ++c;
        points.push_back(at + step * dvec2(x, *c - '0'));
      }
    }
    line(points, weight * height, color);
    at.x += 6.2 * step.x;
  }
}

}  // namespace orrery
