#pragma once

#include <functional>
#include <glm/glm.hpp>
#include <span>
#include <string_view>

#include "scenes/image.hpp"

namespace orrery {

/// A picture painted shape by shape, later ones over earlier ones. Places are in units of its own,
/// (0,0) the top left, y down; colours are sRGB in [0, 1]; sixteen samples a pixel.
class Painting {
 public:
  using Inside = std::function<bool(const glm::dvec2&)>;

  /// `across` and `down` units, which need not be square in the picture.
  Painting(int width_px, int height_px, const glm::dvec2& size, const glm::vec3& ground);

  void rectangle(const glm::dvec2& low, const glm::dvec2& high, const glm::vec3& color);
  void disc(const glm::dvec2& center, double radius, const glm::vec3& color);
  /// Counter-clockwise or clockwise, convex or not.
  void polygon(std::span<const glm::dvec2> corners, const glm::vec3& color);
  /// A line through points, `width` wide, its ends round.
  void line(std::span<const glm::dvec2> points, double width, const glm::vec3& color);
  /// Whatever is inside within the rectangle.
  void paint(const glm::dvec2& low, const glm::dvec2& high, const glm::vec3& color,
             const Inside& inside);
  /// Capital letters and digits, drawn as lines `weight` heights wide, centred about `middle`;
  /// `narrow` below 1 presses them together.
  void write(std::string_view text, const glm::dvec2& middle, double height, double weight,
             const glm::vec3& color, double narrow = 1);

  const Image<Rgba8>& image() const { return image_; }
  const glm::dvec2& size() const { return size_; }

 private:
  Image<Rgba8> image_;
  glm::dvec2 size_;
};

/// How wide Painting::write makes a text of height 1 without its line's width.
double text_width(std::string_view text);

}  // namespace orrery
