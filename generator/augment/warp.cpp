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

void Warp::move_exactly(const cv::Mat& in, int border, const cv::Scalar& fill, cv::Mat& out) const {
  const glm::dmat3& m = *matrix_;
  const cv::Mat turned = m[0].x == 0 ? cv::Mat(in.t()) : in;
  const bool flip_x = m[0].x + m[1].x < 0;
  const bool flip_y = m[0].y + m[1].y < 0;
  const cv::Point corner(static_cast<int>(std::lround(m[2].x)) - (flip_x ? turned.cols : 0),
                         static_cast<int>(std::lround(m[2].y)) - (flip_y ? turned.rows : 0));
  const cv::Rect seen = cv::Rect(corner, turned.size()) & cv::Rect({}, out.size());
  if (seen.empty()) {
    out.setTo(fill);
    return;
  }
  // What is seen of it, before it is flipped.
  cv::Rect part = seen - corner;
  if (flip_x) part.x = turned.cols - part.br().x;
  if (flip_y) part.y = turned.rows - part.br().y;
  cv::Mat whole = seen.size() == out.size() ? out : cv::Mat(seen.size(), in.type());
  if (flip_x || flip_y) {
    cv::flip(turned(part), whole, flip_x && flip_y ? -1 : (flip_x ? 1 : 0));
  } else {
    turned(part).copyTo(whole);
  }
  if (seen.size() == out.size()) return;
  cv::copyMakeBorder(whole, out, seen.y, out.rows - seen.br().y, seen.x, out.cols - seen.br().x,
                     border | cv::BORDER_ISOLATED, fill);
}

void Warp::warp(const cv::Mat& in, int interpolation, int border, const cv::Scalar& fill,
                const glm::dmat3& small_from_in, cv::Mat& out) const {
  if (!matrix_) {
    cv::Mat map = map_;
    if (small_from_in != glm::dmat3(1.0)) {
      const double fx = small_from_in[0].x;
      const double fy = small_from_in[1].y;
      cv::multiply(map_, cv::Scalar(fx, fy), map);
      cv::add(map, cv::Scalar(fx / 2 - 0.5, fy / 2 - 0.5), map);
    }
    cv::remap(in, out, map, cv::noArray(), interpolation, border, fill);
    return;
  }
  const cv::Matx33d matrix = from_centres(small_from_in * inverse_);
  const int flags = interpolation | cv::WARP_INVERSE_MAP;
  if (matrix(2, 0) == 0 && matrix(2, 1) == 0) {
    const cv::Matx23d affine = matrix.get_minor<2, 3>(0, 0) * (1 / matrix(2, 2));
    cv::warpAffine(in, out, affine, out.size(), flags, border, fill);
  } else {
    cv::warpPerspective(in, out, matrix, out.size(), flags, border, fill);
  }
}

/// Stretches a window of whole pixels to a window of whole pixels, where it is as simple as that.
bool Warp::stretch(const cv::Mat& in, int border, const cv::Scalar& fill, cv::Mat& out) const {
  const glm::dmat3& m = *matrix_;
  if (!keeps_axes(m) || m[0].x <= 0 || m[1].y <= 0) return false;
  // The corners of what is seen, in both pictures.
  const glm::dvec2 start = glm::max(glm::dvec2(m[2]), glm::dvec2(0.0));
  const glm::dvec2 end =
      glm::min(glm::dvec2(m * glm::dvec3(in.cols, in.rows, 1.0)), glm::dvec2(out.cols, out.rows));
  const auto from = glm::dvec2(inverse_ * glm::dvec3(start, 1.0));
  const auto to = glm::dvec2(inverse_ * glm::dvec3(end, 1.0));
  for (const glm::dvec2& corner : {start, end, from, to}) {
    if (!is_whole(corner.x) || !is_whole(corner.y)) return false;
  }
  const auto point = [](const glm::dvec2& p) {
    return cv::Point(static_cast<int>(std::lround(p.x)), static_cast<int>(std::lround(p.y)));
  };
  if (start.x >= end.x || start.y >= end.y) return false;
  const cv::Rect source(point(from), point(to));
  const cv::Rect target(point(start), point(end));
  if (source.empty() || target.empty()) return false;
  const bool shrinks = source.width > target.width || source.height > target.height;
  cv::Mat whole = target.size() == out.size() ? out : cv::Mat(target.size(), in.type());
  cv::resize(in(source), whole, target.size(), 0, 0, shrinks ? cv::INTER_AREA : cv::INTER_LINEAR);
  if (target.size() == out.size()) return true;
  cv::copyMakeBorder(whole, out, target.y, out.rows - target.br().y, target.x,
                     out.cols - target.br().x, border | cv::BORDER_ISOLATED, fill);
  return true;
}

Image<Rgba8> Warp::color(Image<Rgba8>& in, AugmentBorder border, const cv::Scalar& fill) const {
  const cv::Mat pixels = mat_of(in);
  const int around = border_of(border);
  Image<Rgba8> result(geometry_.width(), geometry_.height());
  cv::Mat out = mat_of(result);
  if (exact_) {
    move_exactly(pixels, around, fill, out);
    return result;
  }
  if (matrix_ && stretch(pixels, around, fill, out)) return result;
  // Where a pixel stands for several, they are averaged first by whole numbers.
  const double side = std::sqrt(area_in(geometry_.width() / 2, geometry_.height() / 2));
  const int times = std::clamp(static_cast<int>(side), 1, std::min(in.width, in.height));
  if (times == 1) {
    warp(pixels, cv::INTER_LINEAR, around, fill, glm::dmat3(1.0), out);
    return result;
  }
  const cv::Size size(std::max(in.width / times, 1), std::max(in.height / times, 1));
  cv::Mat small;
  cv::resize(pixels, small, size, 0, 0, cv::INTER_AREA);
  const glm::dmat3 small_from_in = stretched(static_cast<double>(size.width) / in.width,
                                             static_cast<double>(size.height) / in.height);
  warp(small, cv::INTER_LINEAR, around, fill, small_from_in, out);
  return result;
}

void Warp::move_nearest(const cv::Mat& in, int border, cv::Mat& out) const {
  if (exact_) {
    move_exactly(in, border, {}, out);
  } else {
    warp(in, cv::INTER_NEAREST, border, {}, glm::dmat3(1.0), out);
  }
}

IdPlane Warp::ids(IdPlane& in) const {
  IdPlane result(geometry_.width(), geometry_.height(), 0);
  cv::Mat out = mat_of(result);
  move_nearest(mat_of(in), cv::BORDER_CONSTANT, out);
  return result;
}

IdPlane Warp::mirrored_ids(IdPlane& in) const {
  IdPlane result(geometry_.width(), geometry_.height(), 0);
  cv::Mat out = mat_of(result);
  move_nearest(mat_of(in), cv::BORDER_REFLECT, out);
  cv::Mat seen(out.size(), CV_8UC1);
  move_nearest(cv::Mat(in.height, in.width, CV_8UC1, cv::Scalar(255)), cv::BORDER_CONSTANT, seen);
  out.setTo(0, seen);
  return result;
}

}  // namespace orrery
