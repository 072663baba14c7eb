#pragma once

#include <opencv2/core.hpp>

#include "generator/augment/augment.hpp"
#include "generator/augment/geometry.hpp"

namespace orrery {

/// Instance ids of one picture, 0 where none is; ids are what its owner says.
using IdPlane = Image<std::uint16_t>;

/// The same pixels for OpenCV; valid as long as `image` is.
inline cv::Mat mat_of(Image<Rgba8>& image) {
  return {image.height, image.width, CV_8UC4, image.pixels.data()};
}
inline cv::Mat mat_of(IdPlane& image) {
  return {image.height, image.width, CV_16UC1, image.pixels.data()};
}

/// Moves pixels as a Geometry says; the maps are made once for all planes of a picture.
class Warp {
 public:
  explicit Warp(const Geometry& geometry);

  int width() const { return geometry_.width(); }
  int height() const { return geometry_.height(); }

  /// Between pixels; areas where the picture shrinks to less than half.
  Image<Rgba8> color(Image<Rgba8>& in, AugmentBorder border, const cv::Scalar& fill) const;
  /// The nearest pixel; 0 outside.
  IdPlane ids(IdPlane& in) const;
  /// What ids() leaves 0 because it lies outside `in`, from `in` mirrored; 0 elsewhere.
  IdPlane mirrored_ids(IdPlane& in) const;
  /// Pixels of `in` that a pixel of `out` stands for.
  double area_in(int x, int y) const;
  /// area_in() is the same everywhere.
  bool even() const { return matrix_ && inverse_[0].z == 0 && inverse_[1].z == 0; }

 private:
  // All write into `out`, which has its size already.
  void move_exactly(const cv::Mat& in, int border, const cv::Scalar& fill, cv::Mat& out) const;
  void warp(const cv::Mat& in, int interpolation, int border, const cv::Scalar& fill,
            const glm::dmat3& small_from_in, cv::Mat& out) const;
  bool stretch(const cv::Mat& in, int border, const cv::Scalar& fill, cv::Mat& out) const;
  void move_nearest(const cv::Mat& in, int border, cv::Mat& out) const;
  void make_map();

  const Geometry& geometry_;
  std::optional<glm::dmat3> matrix_;  ///< out_from_in
  glm::dmat3 inverse_{1.0};           ///< in_from_out
  double determinant_ = 1;            ///< of inverse_
  bool exact_ = false;                ///< whole pixels go to whole pixels
  cv::Mat map_;                       ///< in_from_out at pixel centres, where something bends
};

}  // namespace orrery
