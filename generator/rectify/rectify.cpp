#include "generator/rectify/rectify.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <opencv2/imgproc.hpp>
#include <vector>

#include "scenes/error.hpp"

namespace orrery {
namespace {

constexpr double kMargin = 0.15;     ///< of the box's sides, around it: what the thing lies on
constexpr double kWorking = 480;     ///< longer side in which it is told from that, pixels
constexpr double kStraight = 0.15;   ///< of a side at each end that may be round
constexpr double kFourSided = 0.92;  ///< overlap of the thing and its quad
constexpr double kWhite = 245;

cv::Mat rgb_of(const Image<Rgba8>& image) {
  cv::Mat rgba(image.height, image.width, CV_8UC4,
               const_cast<Rgba8*>(image.pixels.data()));  // NOLINT: only read
  cv::Mat rgb;
  cv::cvtColor(rgba, rgb, cv::COLOR_RGBA2RGB);
  return rgb;
}

Image<Rgba8> image_of(const cv::Mat& rgb) {
  Image<Rgba8> image(rgb.cols, rgb.rows);
  cv::Mat rgba(rgb.rows, rgb.cols, CV_8UC4, image.pixels.data());
  cv::cvtColor(rgb, rgba, cv::COLOR_RGB2RGBA);
  return image;
}

/// 1 where the thing is; `inside` is a box around it.
cv::Mat silhouette(const cv::Mat& rgb, const cv::Rect& inside) {
  cv::Mat mask;
  cv::Mat background;
  cv::Mat foreground;
  cv::theRNG().state = 1;  // the same photo, the same corners
  cv::grabCut(rgb, mask, inside, background, foreground, 5, cv::GC_INIT_WITH_RECT);
  mask &= 1;  // both kinds of foreground are odd
  const int side = std::max(3, std::min(inside.width, inside.height) / 16) | 1;
  cv::morphologyEx(mask, mask, cv::MORPH_CLOSE, cv::Mat::ones(side, side, CV_8U));
  cv::morphologyEx(mask, mask, cv::MORPH_OPEN, cv::Mat::ones(side, side, CV_8U));
  return mask;
}

std::vector<cv::Point> largest_contour(const cv::Mat& mask, const std::string& where) {
  std::vector<std::vector<cv::Point>> contours;
  cv::findContours(mask, contours, cv::RETR_EXTERNAL, cv::CHAIN_APPROX_NONE);
  if (contours.empty()) {
    throw Error(where + ": nothing stands out from what is around it, wanted a flat thing");
  }
  return *std::max_element(contours.begin(), contours.end(), [](const auto& a, const auto& b) {
    return cv::contourArea(a) < cv::contourArea(b);
  });
}

/// Four corners of the contour's hull, roughly.
std::vector<cv::Point> rough_corners(const std::vector<cv::Point>& contour,
                                     const std::string& where) {
  std::vector<cv::Point> hull;
  cv::convexHull(contour, hull);
  const double around = cv::arcLength(hull, true);
  std::vector<cv::Point> corners;
  for (double tolerance = 0.01; tolerance < 0.12; tolerance += 0.005) {
    cv::approxPolyDP(hull, corners, tolerance * around, true);
    if (corners.size() == 4) return corners;
  }
  throw Error(where + ": what is there has not four sides, wanted a flat rectangular thing");
}

/// A point of the side and its direction, from the contour's points along its straight part; half a
/// pixel away from `middle`, since contours go through the centres of the last pixels inside.
cv::Vec4f fitted_side(const std::vector<cv::Point>& contour, cv::Point2d from, cv::Point2d to,
                      cv::Point2d middle) {
  const cv::Point2d along = to - from;
  const double length = std::hypot(along.x, along.y);
  std::vector<cv::Point2f> points;
  for (const cv::Point& p : contour) {
    const cv::Point2d at = cv::Point2d(p) - from;
    const double s = at.dot(along) / (length * length);
    const double away = std::abs(at.x * along.y - at.y * along.x) / length;
    if (s > kStraight && s < 1 - kStraight && away < 0.04 * length) points.emplace_back(p);
  }
  cv::Vec4f line(static_cast<float>(along.x / length), static_cast<float>(along.y / length),
                 static_cast<float>(from.x), static_cast<float>(from.y));
  if (points.size() >= 8) cv::fitLine(points, line, cv::DIST_HUBER, 0, 0.01, 0.01);
  const bool inwards = line[0] * (middle.y - line[3]) > line[1] * (middle.x - line[2]);
  const float out = inwards ? 0.5F : -0.5F;
  return {line[0], line[1], line[2] + out * line[1], line[3] - out * line[0]};
}

cv::Point2d crossing(const cv::Vec4f& a, const cv::Vec4f& b, const std::string& where) {
  const double turn = a[0] * b[1] - a[1] * b[0];
  if (std::abs(turn) < 0.1) throw Error(where + ": its sides do not meet, wanted a flat thing");
  const double s = ((b[2] - a[2]) * b[1] - (b[3] - a[3]) * b[0]) / turn;
  return {a[2] + s * a[0], a[3] + s * a[1]};
}

double overlap(const cv::Mat& mask, const std::vector<cv::Point2d>& quad) {
  cv::Mat drawn = cv::Mat::zeros(mask.size(), CV_8U);
  std::vector<cv::Point> corners;
  for (const cv::Point2d& p : quad) corners.emplace_back(cvRound(p.x), cvRound(p.y));
  cv::fillConvexPoly(drawn, corners, 1);
  return cv::countNonZero(drawn & mask) / std::max(1.0, double(cv::countNonZero(drawn | mask)));
}

/// Clockwise, beginning with the corner nearest to the top left.
Quad ordered(std::vector<glm::dvec2> corners) {
  const glm::dvec2 middle = std::accumulate(corners.begin(), corners.end(), glm::dvec2(0)) / 4.0;
  std::sort(corners.begin(), corners.end(), [&](const glm::dvec2& a, const glm::dvec2& b) {
    return std::atan2(a.y - middle.y, a.x - middle.x) < std::atan2(b.y - middle.y, b.x - middle.x);
  });
  const auto first =
      std::min_element(corners.begin(), corners.end(),
                       [](const auto& a, const auto& b) { return a.x + a.y < b.x + b.y; });
  std::rotate(corners.begin(), first, corners.end());
  return {corners[0], corners[1], corners[2], corners[3]};
}

/// The 90th percentile of each cell of a grid, one channel.
struct Lightest {
  std::vector<cv::Vec3d> at;  ///< 1, x, y of the cells' middles in 0…1
  std::vector<double> value;
};

Lightest lightest_of(const cv::Mat& channel, int columns, int rows) {
  Lightest light;
  for (int j = 0; j < rows; ++j) {
    for (int i = 0; i < columns; ++i) {
      const cv::Rect cell(channel.cols * i / columns, channel.rows * j / rows,
                          std::max(1, channel.cols / columns), std::max(1, channel.rows / rows));
      std::vector<std::uint8_t> values;
      const cv::Mat part = channel(cell & cv::Rect(0, 0, channel.cols, channel.rows)).clone();
      values.assign(part.begin<std::uint8_t>(), part.end<std::uint8_t>());
      const auto nth = values.begin() + static_cast<std::ptrdiff_t>(values.size() * 9 / 10);
      std::nth_element(values.begin(), nth, values.end());
      light.at.emplace_back(1, (i + 0.5) / columns, (j + 0.5) / rows);
      light.value.push_back(*nth);
    }
  }
  return light;
}

/// The plane through cells that are as light as the paper: those far below it show print.
cv::Vec3d plane_of(const Lightest& light) {
  std::vector<double> sorted = light.value;
  std::sort(sorted.begin(), sorted.end());
  cv::Vec3d plane(sorted[sorted.size() * 4 / 5], 0, 0);
  for (int round = 0; round < 4; ++round) {
    cv::Matx33d a = cv::Matx33d::eye() * 1e-6;
    cv::Vec3d b(0, 0, 0);
    for (std::size_t i = 0; i < light.at.size(); ++i) {
      const double wanted = plane.dot(light.at[i]);
      if (light.value[i] < 0.85 * wanted || light.value[i] > 1.15 * wanted) continue;
      a += light.at[i] * light.at[i].t();
      b += light.value[i] * light.at[i];
    }
    plane = a.solve(b, cv::DECOMP_SVD);
  }
  return plane;
}

}  // namespace

Quad find_quad(const Image<Rgba8>& photo, const Rect& around, const std::string& where) {
  const double wide = kMargin * around.width();
  const double high = kMargin * around.height();
  const cv::Rect2d grown(around.x0 - wide, around.y0 - high, around.width() + 2 * wide,
                         around.height() + 2 * high);
  const cv::Rect window = cv::Rect(grown) & cv::Rect(0, 0, photo.width, photo.height);
  if (around.empty() || window.width < 32 || window.height < 32) {
    throw Error(where + ": is " + std::to_string(window.width) + "x" +
                std::to_string(window.height) + " pixels, wanted at least 32x32");
  }
  const double scale = std::min(1.0, kWorking / std::max(window.width, window.height));
  cv::Mat part;
  cv::resize(rgb_of(photo)(window), part, {}, scale, scale, cv::INTER_AREA);
  const cv::Rect2d box((around.x0 - window.x) * scale, (around.y0 - window.y) * scale,
                       around.width() * scale, around.height() * scale);
  const cv::Rect inside = cv::Rect(box) & cv::Rect(2, 2, part.cols - 4, part.rows - 4);
  const cv::Mat mask = silhouette(part, inside);
  const std::vector<cv::Point> contour = largest_contour(mask, where);
  const std::vector<cv::Point> rough = rough_corners(contour, where);
  const cv::Point2d middle = cv::Point2d(rough[0] + rough[1] + rough[2] + rough[3]) / 4;
  std::vector<cv::Vec4f> sides;
  for (std::size_t i = 0; i < 4; ++i) {
    sides.push_back(fitted_side(contour, rough[i], rough[(i + 1) % 4], middle));
  }
  std::vector<cv::Point2d> quad;
  std::vector<glm::dvec2> corners;
  for (std::size_t i = 0; i < 4; ++i) {
    quad.push_back(crossing(sides[i], sides[(i + 1) % 4], where));
    // OpenCV counts from pixels' centres, we from the photo's corner.
    corners.emplace_back((quad.back().x + 0.5) / scale + window.x,
                         (quad.back().y + 0.5) / scale + window.y);
  }
  if (overlap(mask, quad) < kFourSided) {
    throw Error(where +
                ": what is there has no four straight sides, wanted a flat thing in full "
                "view");
  }
  return ordered(corners);
}

Image<Rgba8> seen_straight(const Image<Rgba8>& photo, const Quad& quad, int width, int height) {
  Quad from = quad;
  const double across = glm::distance(quad[0], quad[1]) + glm::distance(quad[2], quad[3]);
  const double down = glm::distance(quad[1], quad[2]) + glm::distance(quad[3], quad[0]);
  if ((across > down) != (width > height)) std::rotate(from.begin(), from.begin() + 1, from.end());
  constexpr int kFine = 2;  // a finer texture, then the mean: nothing between texels is lost
  const auto w = static_cast<float>(kFine * width);
  const auto h = static_cast<float>(kFine * height);
  std::vector<cv::Point2f> there;
  // OpenCV counts from pixels' centres.
  for (const glm::dvec2& p : from) {
    there.emplace_back(static_cast<float>(p.x - 0.5), static_cast<float>(p.y - 0.5));
  }
  const std::vector<cv::Point2f> here{
      {-0.5F, -0.5F}, {w - 0.5F, -0.5F}, {w - 0.5F, h - 0.5F}, {-0.5F, h - 0.5F}};
  cv::Mat fine;
  cv::warpPerspective(rgb_of(photo), fine, cv::getPerspectiveTransform(there, here),
                      {kFine * width, kFine * height}, cv::INTER_CUBIC, cv::BORDER_REPLICATE);
  cv::Mat texture;
  cv::resize(fine, texture, {width, height}, 0, 0, cv::INTER_AREA);
  return image_of(texture);
}

Image<Rgba8> evenly_lit(const Image<Rgba8>& texture) {
  std::vector<cv::Mat> channels;
  cv::split(rgb_of(texture), channels);
  for (cv::Mat& channel : channels) {
    const cv::Vec3d plane = plane_of(lightest_of(channel, 10, 14));
    for (int y = 0; y < channel.rows; ++y) {
      for (int x = 0; x < channel.cols; ++x) {
        const cv::Vec3d at(1, (x + 0.5) / channel.cols, (y + 0.5) / channel.rows);
        const double white = std::max(plane.dot(at), 16.0);
        std::uint8_t& value = channel.at<std::uint8_t>(y, x);
        value = cv::saturate_cast<std::uint8_t>(value * kWhite / white);
      }
    }
  }
  cv::Mat rgb;
  cv::merge(channels, rgb);
  return image_of(rgb);
}

}  // namespace orrery
