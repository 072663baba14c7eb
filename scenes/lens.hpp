#pragma once

#include <array>
#include <cstdint>
#include <glm/glm.hpp>
#include <limits>
#include <optional>
#include <string>
#include <vector>

namespace orrery {

enum class LensModel : std::uint8_t { pinhole, brown_conrady, fisheye };

/// How a lens bends rays on their way to the image. A ray is named by its slope (x/z, y/z), the
/// image by the same numbers as the lens leaves them: pixel = focal length · bent slope + principal
/// point. Sources: Brown, Decentering Distortion of Lenses, 1966; Kannala and Brandt, A Generic
/// Camera Model, 2006; both as OpenCV has them, coefficients in its order.
struct Lens {
  LensModel model = LensModel::pinhole;
  /// Brown–Conrady: k1 k2 p1 p2 k3 k4 k5 k6; fisheye: k1 k2 k3 k4.
  std::array<double, 8> k{};
  /// Rays of a greater slope are not seen: the model folds there, or they stand 89° from the axis.
  double widest = std::numeric_limits<double>::infinity();
  bool folds = false;  ///< `widest` is where the model folds

  bool operator==(const Lens&) const = default;
};

/// Works out how far the model holds. Never folds at the very axis.
Lens lens_from(LensModel model, const std::array<double, 8>& coefficients);

/// "pinhole", "brown_conrady" or "fisheye".
std::string lens_model_name(const Lens& lens);

/// OpenCV's vector of distortion coefficients, its order and length: k1 k2 p1 p2 k3 k4 k5 k6 of
/// Brown–Conrady, k1 k2 k3 k4 of a fisheye, nothing of a pinhole.
std::vector<double> distortion_of(const Lens& lens);

/// Where a ray goes; nothing beyond `widest`.
std::optional<glm::dvec2> bent(const Lens& lens, const glm::dvec2& slope);

/// The ray that goes there, to 1e-12; nothing if none within `widest` does. `near` is the slope of
/// some ray close by, and saves time.
std::optional<glm::dvec2> unbent(const Lens& lens, const glm::dvec2& image,
                                 const glm::dvec2& near = glm::dvec2(0.0));

}  // namespace orrery
