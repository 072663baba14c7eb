#include "generator/rectify/rectify.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <opencv2/imgproc.hpp>
#include <sstream>

#include "generator/data_commands.hpp"
#include "generator/encode.hpp"
#include "generator/whole_file.hpp"
#include "scenes/random.hpp"
#include "scenes/temporary_folder.hpp"
#include "tests/support/error_text.hpp"

using namespace orrery;

namespace {

constexpr int kTexels = 200;  // of the printed sheet's shorter side

/// White paper with a mark in each corner, no two alike, and a frame.
Image<Rgba8> printed_sheet() {
  Image<Rgba8> sheet(kTexels, 280, Rgba8(240, 240, 240, 255));
  const std::array<Rgba8, 4> colors{Rgba8(200, 20, 20, 255), Rgba8(20, 140, 20, 255),
                                    Rgba8(20, 20, 200, 255), Rgba8(20, 20, 20, 255)};
  for (int y = 0; y < sheet.height; ++y) {
    for (int x = 0; x < sheet.width; ++x) {
      const int right = x >= sheet.width / 2 ? 1 : 0;
      const int below = y >= sheet.height / 2 ? 2 : 0;
      const int u = right != 0 ? sheet.width - 1 - x : x;
      const int v = below != 0 ? sheet.height - 1 - y : y;
      if (u > 20 && u < 60 && v > 20 && v < 70) {
        sheet.at(x, y) = colors.at(static_cast<std::size_t>(right + below));
      }
    }
  }
  return sheet;
}

cv::Mat mat_of(Image<Rgba8>& image) {
  return {image.height, image.width, CV_8UC4, image.pixels.data()};
}

/// The sheet at these corners on a grained brown table, under light that falls off to the right.
Image<Rgba8> photo_of(Image<Rgba8> sheet, const Quad& quad, double falloff) {
  Image<Rgba8> photo(480, 360);
  Rng rng(3, 0, "table");
  for (Rgba8& pixel : photo.pixels) {
    const double grain = rng.uniform(-25, 25);
    pixel = Rgba8(130 + grain, 95 + grain, 60 + grain, 255);
  }
  const auto w = static_cast<float>(sheet.width);
  const auto h = static_cast<float>(sheet.height);
  const std::array<cv::Point2f, 4> from{
      cv::Point2f(-0.5F, -0.5F), {w - 0.5F, -0.5F}, {w - 0.5F, h - 0.5F}, {-0.5F, h - 0.5F}};
  std::array<cv::Point2f, 4> to;
  for (std::size_t i = 0; i < 4; ++i) {
    to.at(i) = {static_cast<float>(quad.at(i).x) - 0.5F, static_cast<float>(quad.at(i).y) - 0.5F};
  }
  cv::Mat there = mat_of(photo);
  cv::warpPerspective(mat_of(sheet), there, cv::getPerspectiveTransform(from, to), there.size(),
                      cv::INTER_AREA, cv::BORDER_TRANSPARENT);
  for (int y = 0; y < photo.height; ++y) {
    for (int x = 0; x < photo.width; ++x) {
      const double light = 1 - falloff * x / photo.width;
      Rgba8& p = photo.at(x, y);
      p = Rgba8(p.x * light, p.y * light, p.z * light, 255);
    }
  }
  return photo;
}

Rect box_of(const Quad& quad) {
  Rect box{1e9, 1e9, -1e9, -1e9};
  for (const glm::dvec2& p : quad) {
    box = {std::min(box.x0, p.x), std::min(box.y0, p.y), std::max(box.x1, p.x),
           std::max(box.y1, p.y)};
  }
  return box;
}

double mean_difference(const Image<Rgba8>& a, const Image<Rgba8>& b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.pixels.size(); ++i) {
    for (int c = 0; c < 3; ++c) sum += std::abs(int{a.pixels[i][c]} - int{b.pixels[i][c]});
  }
  return sum / (3.0 * static_cast<double>(a.pixels.size()));
}

const std::array<Quad, 3> kQuads{
    Quad{glm::dvec2{150, 60}, {300, 70}, {310, 290}, {140, 280}},  // nearly from above
    Quad{glm::dvec2{170, 90}, {290, 60}, {370, 250}, {200, 300}},  // turned
    Quad{glm::dvec2{190, 80}, {310, 80}, {345, 300}, {155, 300}}   // from low down
};

}  // namespace

TEST_SUITE("rectify") {
  TEST_CASE("corners of a sheet in a photo are found within one and a half pixels") {
    for (const Quad& quad : kQuads) {
      const Quad found = find_quad(photo_of(printed_sheet(), quad, 0.2), box_of(quad), "photo");
      for (std::size_t i = 0; i < 4; ++i) {
        CAPTURE(found.at(i).x);
        CAPTURE(found.at(i).y);
        CHECK(glm::distance(found.at(i), quad.at(i)) < 1.5);
      }
    }
  }

  TEST_CASE("a sheet seen straight is the sheet that was printed") {
    const Image<Rgba8> sheet = printed_sheet();
    for (const Quad& quad : kQuads) {
      const Image<Rgba8> photo = photo_of(sheet, quad, 0);
      const Image<Rgba8> seen = seen_straight(photo, quad, sheet.width, sheet.height);
      CHECK(mean_difference(seen, sheet) < 4);
      // Turned by a quarter it would be lying, upside down it would be another.
      const Image<Rgba8> lying = seen_straight(photo, quad, sheet.height, sheet.width);
      CHECK(lying.width > lying.height);
      Image<Rgba8> turned = seen;
      std::reverse(turned.pixels.begin(), turned.pixels.end());
      CHECK(mean_difference(turned, sheet) > 10);
    }
  }

  TEST_CASE("uneven light is divided out of the paper's white, and colours stay") {
    const Image<Rgba8> sheet = printed_sheet();
    const Image<Rgba8> seen =
        seen_straight(photo_of(sheet, kQuads[0], 0.5), kQuads[0], sheet.width, sheet.height);
    const Image<Rgba8> even = evenly_lit(seen);
    for (const int x : {5, 100, 194})
      CHECK(int{even.at(x, 140).x} == doctest::Approx(245).epsilon(0.03));
    CHECK(int{seen.at(5, 140).x} - int{seen.at(194, 140).x} > 30);
    CHECK(int{even.at(40, 45).x} > 180);
    CHECK(int{even.at(40, 45).y} < 45);
    CHECK(int{even.at(160, 235).y} < 45);
  }

  TEST_CASE("of photos without labels each is of one thing, and none goes unnamed") {
    const TemporaryFolder scratch;
    RectifyCommand command;
    command.source = scratch.path / "photos";
    command.out = scratch.path / "faces";
    std::filesystem::create_directories(command.source);
    for (const char* name : {"a.jpg", "b.jpg"}) {
      write_whole_file(command.source / name,
                       jpeg_from(photo_of(printed_sheet(), kQuads[0], 0), 95, false));
    }
    write_whole_file(command.source / "grey.jpg",
                     jpeg_from(Image<Rgba8>(480, 360, Rgba8(90, 90, 90, 255)), 95, false));
    std::ostringstream said;
    CHECK(run_rectify(command, said) == 1);
    CHECK(std::filesystem::exists(command.out / "a.png"));
    CHECK(std::filesystem::exists(command.out / "b.png"));
    CHECK(said.str().find("left out: grey") != std::string::npos);
    CHECK(said.str().find("2 textures") != std::string::npos);
    CHECK(said.str().find("1 things left out") != std::string::npos);
  }

  TEST_CASE("what has not four sides is refused with its name") {
    Image<Rgba8> photo = photo_of(printed_sheet(), kQuads[0], 0);
    for (int y = 0; y < photo.height; ++y) {
      for (int x = 0; x < photo.width; ++x) {
        const double away = std::hypot(x - 240, y - 180);
        Rng rng(static_cast<std::uint64_t>(y * photo.width + x), 0, "ground");
        const double grain = rng.uniform(-20, 20);
        photo.at(x, y) =
            away < 90 ? Rgba8(230, 230, 230, 255) : Rgba8(110 + grain, 90 + grain, 70, 255);
      }
    }
    CHECK_THROWS_WITH(find_quad(photo, {150, 90, 330, 270}, "plate.jpg"),
                      doctest::Contains("plate.jpg: what is there has no"));
    CHECK_THROWS_WITH(find_quad(photo, {10, 10, 20, 20}, "tiny.jpg"),
                      doctest::Contains("tiny.jpg: is 1"));
  }
}
