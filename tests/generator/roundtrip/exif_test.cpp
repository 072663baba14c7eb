#include <doctest/doctest.h>

#include <array>
#include <cstdlib>
#include <fstream>

#include "generator/source.hpp"
#include "renderer/labels/mask.hpp"
#include "scenes/temporary_folder.hpp"

namespace orrery {
namespace {

namespace fs = std::filesystem;

struct Turned {
  int orientation = 0;
  std::array<int, 4> stored{};  ///< x0 y0 x1 y1 of the bright square
  std::array<int, 4> shown{};
  std::array<int, 2> stored_size{};
  std::array<int, 2> shown_size{};
};

std::vector<Turned> make_pictures(const fs::path& folder) {
  fs::create_directories(folder);
  const std::string command =
      std::string(ORRERY_PYTHON) + " " + ORRERY_COLOUR_SQUARES + " squares " + folder.string();
  REQUIRE(std::system(command.c_str()) == 0);
  std::ifstream in(folder / "squares.txt");
  std::vector<Turned> all;
  for (Turned one; in >> one.orientation;) {
    for (int& n : one.stored) in >> n;
    for (int& n : one.shown) in >> n;
    for (int& n : one.stored_size) in >> n;
    for (int& n : one.shown_size) in >> n;
    all.push_back(one);
  }
  fs::remove(folder / "squares.txt");
  REQUIRE(all.size() == 8);
  return all;
}

Rect rect(const std::array<int, 4>& b) {
  return {static_cast<double>(b[0]), static_cast<double>(b[1]), static_cast<double>(b[2]),
          static_cast<double>(b[3])};
}

void check_squares(const fs::path& folder, const std::vector<Turned>& all) {
  const auto source = open_source(folder, "");
  std::size_t count = 0;
  while (const auto image = source->next()) {
    const Turned& one = all.at(static_cast<std::size_t>(image->name.back() - '1'));
    CAPTURE(one.orientation);
    CHECK(image->width == one.shown_size[0]);
    CHECK(image->height == one.shown_size[1]);
    REQUIRE(image->labels.size() == 1);
    const Label& label = image->labels[0];
    const Rect& wanted = rect(one.shown);
    CHECK(label.box.x0 == doctest::Approx(wanted.x0));
    CHECK(label.box.y0 == doctest::Approx(wanted.y0));
    CHECK(label.box.x1 == doctest::Approx(wanted.x1));
    CHECK(label.box.y1 == doctest::Approx(wanted.y1));
    if (label.mask) {
      CHECK(rect_of(bounding_box(*label.mask)) == wanted);
      CHECK(area(*label.mask) == 24 * 16);
      CHECK(label.mask->width == image->width);
    }
    if (label.keypoints.size() == 1) {
      // The keypoint is the middle of the square's first pixel as stored.
      const glm::dvec2 p = label.keypoints[0].position;
      CHECK(p.x > wanted.x0);
      CHECK(p.x < wanted.x1);
      CHECK(p.y > wanted.y0);
      CHECK(p.y < wanted.y1);
    }
    ++count;
  }
  for (const Problem& p : source->problems()) CHECK_MESSAGE(false, p.text);
  CHECK(count == 8);
}

std::string voc(const Turned& one, bool stored) {
  const auto& b = stored ? one.stored : one.shown;
  const auto& size = stored ? one.stored_size : one.shown_size;
  const auto n = [](int value) { return std::to_string(value); };
  return "<annotation><filename>o" + n(one.orientation) + ".jpg</filename><size><width>" +
         n(size[0]) + "</width><height>" + n(size[1]) + "</height></size><object><name>x</name>" +
         "<bndbox><xmin>" + n(b[0] + 1) + "</xmin><ymin>" + n(b[1] + 1) + "</ymin><xmax>" +
         n(b[2]) + "</xmax><ymax>" + n(b[3]) + "</ymax></bndbox></object></annotation>";
}

TEST_CASE("VOC boxes made on the picture as shown lie on the square of all eight orientations") {
  const TemporaryFolder folder;
  const auto all = make_pictures(folder.path / "JPEGImages");
  for (const Turned& one : all) {
    fs::create_directories(folder.path / "Annotations");
    std::ofstream(folder.path / "Annotations" / ("o" + std::to_string(one.orientation) + ".xml"))
        << voc(one, false);
  }
  check_squares(folder.path, all);
}

TEST_CASE("VOC boxes made on the picture as stored, of which the stated size tells, turn with it") {
  const TemporaryFolder folder;
  const auto all = make_pictures(folder.path / "JPEGImages");
  for (const Turned& one : all) {
    fs::create_directories(folder.path / "Annotations");
    std::ofstream(folder.path / "Annotations" / ("o" + std::to_string(one.orientation) + ".xml"))
        << voc(one, one.orientation >= 5);
  }
  check_squares(folder.path, all);
}

TEST_CASE("COCO boxes, masks and keypoints of stored pictures turn with them") {
  const TemporaryFolder folder;
  const auto all = make_pictures(folder.path / "images");
  std::string images;
  std::string annotations;
  const auto n = [](int value) { return std::to_string(value); };
  for (const Turned& one : all) {
    const bool stored = one.orientation >= 5;
    const auto& b = stored ? one.stored : one.shown;
    const auto& size = stored ? one.stored_size : one.shown_size;
    Image<std::uint8_t> mask(size[0], size[1], 0);
    for (int y = b[1]; y < b[3]; ++y) {
      for (int x = b[0]; x < b[2]; ++x) mask.at(x, y) = 1;
    }
    const std::string comma = images.empty() ? "" : ",";
    images += comma + R"({"id":)" + n(one.orientation) + R"(,"file_name":"o)" + n(one.orientation) +
              R"(.jpg","width":)" + n(size[0]) + R"(,"height":)" + n(size[1]) + "}";
    annotations += comma + R"({"id":)" + n(one.orientation) + R"(,"image_id":)" +
                   n(one.orientation) + R"(,"category_id":1,"iscrowd":0,"bbox":[)" + n(b[0]) + "," +
                   n(b[1]) + "," + n(b[2] - b[0]) + "," + n(b[3] - b[1]) + R"(],"keypoints":[)" +
                   n(b[0]) + "," + n(b[1]) + R"(,2],"segmentation":{"size":[)" + n(size[1]) + "," +
                   n(size[0]) + R"(],"counts":")" + coco_counts(rle_from_mask(mask)) + "\"}}";
  }
  // Backslashes are characters of COCO's counts.
  std::string escaped;
  for (const char c : annotations) escaped += c == '\\' ? std::string("\\\\") : std::string(1, c);
  fs::create_directories(folder.path / "annotations");
  std::ofstream(folder.path / "annotations/instances_train.json")
      << R"({"images":[)" << images << R"(],"annotations":[)" << escaped
      << R"(],"categories":[{"id":1,"name":"x","keypoints":["p"],"skeleton":[]}]})";
  check_squares(folder.path, all);
}

TEST_CASE("YOLO and KITTI labels lie on the picture as shown") {
  const TemporaryFolder folder;
  const auto all = make_pictures(folder.path / "yolo/images");
  make_pictures(folder.path / "kitti/training/image_2");
  fs::create_directories(folder.path / "yolo/labels");
  fs::create_directories(folder.path / "kitti/training/label_2");
  std::ofstream(folder.path / "yolo/data.yaml") << "train: images\nnames: [x]\n";
  for (const Turned& one : all) {
    const Rect b = rect(one.shown);
    const double w = one.shown_size[0];
    const double h = one.shown_size[1];
    const std::string name = "o" + std::to_string(one.orientation) + ".txt";
    std::ofstream(folder.path / "yolo/labels" / name)
        << "0 " << (b.x0 + b.x1) / 2 / w << " " << (b.y0 + b.y1) / 2 / h << " " << b.width() / w
        << " " << b.height() / h << "\n";
    std::ofstream(folder.path / "kitti/training/label_2" / name)
        << "x 0 0 0 " << b.x0 << " " << b.y0 << " " << b.x1 << " " << b.y1
        << " -1 -1 -1 -1000 -1000 -1000 -10\n";
  }
  check_squares(folder.path / "yolo", all);
  check_squares(folder.path / "kitti", all);
}

}  // namespace
}  // namespace orrery
