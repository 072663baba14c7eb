#pragma once

#include <algorithm>
#include <cmath>
#include <vector>

#include "scenes/image.hpp"

namespace orrery {

/// What lies beyond an image's border, for filters.
enum class Border { nothing, last_pixel };

/// Gaussian blur, plain and in one order, so that every processor gives the same bits.
template <class T>
Image<T> blurred(const Image<T>& image, double sigma, Border border) {
  const int reach = static_cast<int>(std::ceil(3 * sigma));
  if (reach < 1) return image;
  std::vector<float> kernel;
  float sum = 0;
  for (int i = -reach; i <= reach; ++i) {
    kernel.push_back(static_cast<float>(std::exp(-i * i / (2 * sigma * sigma))));
    sum += kernel.back();
  }
  for (float& k : kernel) k /= sum;
  Image<T> across(image.width, image.height);
  Image<T> result(image.width, image.height);
  const auto filter = [&](const Image<T>& from, Image<T>& to, bool rows) {
    const int length = rows ? from.width : from.height;
    for (int y = 0; y < from.height; ++y) {
      for (int x = 0; x < from.width; ++x) {
        T value{};
        for (int i = -reach; i <= reach; ++i) {
          int at = (rows ? x : y) + i;
          if (at < 0 || at >= length) {
            if (border == Border::nothing) continue;
            at = std::clamp(at, 0, length - 1);
          }
          value += kernel[static_cast<std::size_t>(i + reach)] *
                   (rows ? from.at(at, y) : from.at(x, at));
        }
        to.at(x, y) = value;
      }
    }
  };
  filter(image, across, true);
  filter(across, result, false);
  return result;
}

}  // namespace orrery
