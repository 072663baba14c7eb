#include "generator/augment/warp.hpp"

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>

namespace orrery {
namespace {

bool is_whole(double value) { return std::abs(value - std::round(value)) < 1e-9; }

/// A permutation of axes with signs, and whole moves.
bool moves_whole_pixels(const glm::dmat3& m) {
  if (!keeps_axes(m)) return false;
  for (const double value : {m[0].x, m[0].y, m[1].x, m[1].y}) {
    if (value != 0 && value != 1 && value != -1) return false;
  }
  return is_whole(m[2].x) && is_whole(m[2].y);
}

/// OpenCV counts from the centres of pixels.
cv::Matx33d from_centres(const glm::dmat3& m) {
  const glm::dmat3 shifted = moved(-0.5, -0.5) * m * moved(0.5, 0.5);
  cv::Matx33d out;
  for (int row = 0; row < 3; ++row) {
    for (int column = 0; column < 3; ++column) out(row, column) = shifted[column][row];
  }
  return out;
}

int border_of(AugmentBorder border) {
  return border == AugmentBorder::reflect ? cv::BORDER_REFLECT : cv::BORDER_CONSTANT;
}

}  // namespace

Warp::Warp(const Geometry& geometry) : geometry_(geometry), matrix_(geometry.out_from_in()) {
  if (matrix_) {
    inverse_ = glm::inverse(*matrix_);
    determinant_ = std::abs(glm::determinant(inverse_));
    exact_ = moves_whole_pixels(*matrix_);
    if (exact_) determinant_ = 1;
  } else {
    make_map();
  }
}

double Warp::area_in(int x, int y) const {
  if (!matrix_) return std::abs(glm::determinant(geometry_.slope(glm::dvec2(x + 0.5, y + 0.5))));
  const double w = inverse_[0].z * (x + 0.5) + inverse_[1].z * (y + 0.5) + inverse_[2].z;
  return w == 1 ? determinant_ : determinant_ / std::abs(w * w * w);
}

void Warp::make_map() {
  const int step = geometry_.map_step();
  const int width = geometry_.width();
  const int height = geometry_.height();
  const int columns = (width + step - 1) / step + 1;
  const int rows = (height + step - 1) / step + 1;
  std::vector<cv::Vec2f> nodes(static_cast<std::size_t>(columns));
  std::vector<cv::Vec2f> below(static_cast<std::size_t>(columns));
  const auto fill = [&](int row, std::vector<cv::Vec2f>& line) {
    for (int i = 0; i < columns; ++i) {
      const glm::dvec2 in =
          geometry_.in_from_out(glm::dvec2(i * step + 0.5, row * step + 0.5)) - 0.5;
      line[static_cast<std::size_t>(i)] = {static_cast<float>(in.x), static_cast<float>(in.y)};
    }
  };
  map_.create(height, width, CV_32FC2);
  fill(0, nodes);
  for (int row = 0; row + 1 < rows; ++row) {
    fill(row + 1, below);
    for (int y = row * step; y < std::min((row + 1) * step, height); ++y) {
      const float v = static_cast<float>(y - row * step) / static_cast<float>(step);
      auto* const out = map_.ptr<cv::Vec2f>(y);
      for (int x = 0; x < width; ++x) {
        const auto i = static_cast<std::size_t>(x / step);
        const float u = static_cast<float>(x % step) / static_cast<float>(step);
        out[x] = (1 - v) * ((1 - u) * nodes[i] + u * nodes[i + 1]) +
                 v * ((1 - u) * below[i] + u * below[i + 1]);
      }
    }
    nodes.swap(below);
  }
}

cv::Mat Warp::moved_exactly(const cv::Mat& in, int border, const cv::Scalar& fill) const {
  const glm::dmat3& m = *matrix_;
  cv::Mat turned = in;
  if (m[0].x == 0) turned = turned.t();
  const bool flip_x = m[0].x + m[1].x < 0;
  const bool flip_y = m[0].y + m[1].y < 0;
  if (flip_x || flip_y) {
    cv::Mat flipped;
    cv::flip(turned, flipped, flip_x && flip_y ? -1 : (flip_x ? 1 : 0));
    turned = flipped;
  }
  const cv::Point corner(static_cast<int>(std::lround(m[2].x)) - (flip_x ? turned.cols : 0),
                         static_cast<int>(std::lround(m[2].y)) - (flip_y ? turned.rows : 0));
  const cv::Rect out(0, 0, geometry_.width(), geometry_.height());
  const cv::Rect seen = cv::Rect(corner, turned.size()) & out;
  cv::Mat result;
  if (seen.empty()) {
    result = cv::Mat(out.size(), in.type(), fill);
  } else {
    cv::copyMakeBorder(turned(seen - corner), result, seen.y, out.height - seen.br().y, seen.x,
                       out.width - seen.br().x, border | cv::BORDER_ISOLATED, fill);
  }
  return result;
}

cv::Mat Warp::warped(const cv::Mat& in, int interpolation, int border, const cv::Scalar& fill,
                     const glm::dmat3& small_from_in) const {
  cv::Mat out;
  const cv::Size size(geometry_.width(), geometry_.height());
  if (!matrix_) {
    cv::Mat map = map_;
    if (small_from_in != glm::dmat3(1.0)) {
      const double fx = small_from_in[0].x;
      const double fy = small_from_in[1].y;
      cv::multiply(map_, cv::Scalar(fx, fy), map);
      cv::add(map, cv::Scalar(fx / 2 - 0.5, fy / 2 - 0.5), map);
    }
    cv::remap(in, out, map, cv::noArray(), interpolation, border, fill);
    return out;
  }
  const glm::dmat3 small_from_out = small_from_in * inverse_;
  const cv::Matx33d matrix = from_centres(small_from_out);
  if (matrix(2, 0) == 0 && matrix(2, 1) == 0) {
    cv::warpAffine(in, out, matrix.get_minor<2, 3>(0, 0) * (1 / matrix(2, 2)), size,
                   interpolation | cv::WARP_INVERSE_MAP, border, fill);
  } else {
    cv::warpPerspective(in, out, matrix, size, interpolation | cv::WARP_INVERSE_MAP, border, fill);
  }
  return out;
}

/// Stretches a window of whole pixels to a window of whole pixels, where it is as simple as that.
bool Warp::resized(const cv::Mat& in, int border, const cv::Scalar& fill, cv::Mat& out) const {
  const glm::dmat3& m = *matrix_;
  if (m[0].y != 0 || m[1].x != 0 || m[0].z != 0 || m[1].z != 0 || m[0].x <= 0 || m[1].y <= 0) {
    return false;
  }
  const cv::Size size(geometry_.width(), geometry_.height());
  // The corners of what is seen, in both pictures.
  const glm::dvec2 start = glm::max(glm::dvec2(m[2]), glm::dvec2(0.0));
  const glm::dvec2 end = glm::min(glm::dvec2(m * glm::dvec3(in.cols, in.rows, 1.0)),
                                  glm::dvec2(size.width, size.height));
  const glm::dvec2 from = glm::dvec2(inverse_ * glm::dvec3(start, 1.0));
  const glm::dvec2 to = glm::dvec2(inverse_ * glm::dvec3(end, 1.0));
  for (const glm::dvec2& corner : {start, end, from, to}) {
    if (!is_whole(corner.x) || !is_whole(corner.y)) return false;
  }
  const auto rect = [](const glm::dvec2& a, const glm::dvec2& b) {
    return cv::Rect(
        cv::Point(static_cast<int>(std::lround(a.x)), static_cast<int>(std::lround(a.y))),
        cv::Point(static_cast<int>(std::lround(b.x)), static_cast<int>(std::lround(b.y))));
  };
  const cv::Rect source = rect(from, to);
  const cv::Rect target = rect(start, end);
  if (start.x >= end.x || start.y >= end.y || source.empty() || target.empty()) return false;
  const bool shrinks = source.width > target.width || source.height > target.height;
  cv::Mat stretched;
  cv::resize(in(source), stretched, target.size(), 0, 0,
             shrinks ? cv::INTER_AREA : cv::INTER_LINEAR);
  cv::copyMakeBorder(stretched, out, target.y, size.height - target.br().y, target.x,
                     size.width - target.br().x, border | cv::BORDER_ISOLATED, fill);
  return true;
}

namespace {

template <class T>
Image<T> image_of(const cv::Mat& mat) {
  Image<T> image;
  image.width = mat.cols;
  image.height = mat.rows;
  image.pixels.resize(mat.total());
  mat.copyTo(cv::Mat(mat.rows, mat.cols, mat.type(), image.pixels.data()));
  return image;
}

}  // namespace

Image<Rgba8> Warp::color(Image<Rgba8>& in, AugmentBorder border, const cv::Scalar& fill) const {
  const cv::Mat pixels = mat_of(in);
  const int around = border_of(border);
  cv::Mat out;
  if (exact()) return image_of<Rgba8>(moved_exactly(pixels, around, fill));
  if (matrix_ && resized(pixels, around, fill, out)) return image_of<Rgba8>(out);
  // Where a pixel stands for several, they are averaged first by whole numbers.
  const double side = std::sqrt(area_in(geometry_.width() / 2, geometry_.height() / 2));
  if (side < 2) {
    return image_of<Rgba8>(warped(pixels, cv::INTER_LINEAR, around, fill, glm::dmat3(1.0)));
  }
  const int times = std::min({static_cast<int>(side), in.width, in.height});
  const cv::Size size(std::max(in.width / times, 1), std::max(in.height / times, 1));
  cv::Mat small;
  cv::resize(pixels, small, size, 0, 0, cv::INTER_AREA);
  const glm::dmat3 small_from_in = stretched(static_cast<double>(size.width) / in.width,
                                             static_cast<double>(size.height) / in.height);
  return image_of<Rgba8>(warped(small, cv::INTER_LINEAR, around, fill, small_from_in));
}

IdPlane Warp::ids(IdPlane& in) const {
  const cv::Mat plane = mat_of(in);
  if (exact()) return image_of<std::uint16_t>(moved_exactly(plane, cv::BORDER_CONSTANT, {}));
  return image_of<std::uint16_t>(
      warped(plane, cv::INTER_NEAREST, cv::BORDER_CONSTANT, {}, glm::dmat3(1.0)));
}

IdPlane Warp::mirrored_ids(IdPlane& in) const {
  const cv::Mat plane = mat_of(in);
  const cv::Mat inside(plane.size(), CV_8UC1, cv::Scalar(255));
  cv::Mat all;
  cv::Mat seen;
  if (exact()) {
    all = moved_exactly(plane, cv::BORDER_REFLECT, {});
    seen = moved_exactly(inside, cv::BORDER_CONSTANT, {});
  } else {
    all = warped(plane, cv::INTER_NEAREST, cv::BORDER_REFLECT, {}, glm::dmat3(1.0));
    seen = warped(inside, cv::INTER_NEAREST, cv::BORDER_CONSTANT, {}, glm::dmat3(1.0));
  }
  all.setTo(0, seen);
  return image_of<std::uint16_t>(all);
}

}  // namespace orrery
