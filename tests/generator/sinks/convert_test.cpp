#include "generator/sinks/convert.hpp"

#include <doctest/doctest.h>

#include <cstdlib>
#include <fstream>
#include <sstream>

#include "generator/encode.hpp"
#include "generator/sink.hpp"
#include "generator/whole_file.hpp"
#include "scenes/error.hpp"
#include "scenes/temporary_folder.hpp"
#include "tests/generator/sinks/random_dataset.hpp"

using namespace orrery;
using namespace orrery::testing;
namespace fs = std::filesystem;

namespace {

/// What is in memory, as a source; `end` images come before it breaks.
class Memory : public Source {
 public:
  explicit Memory(const RandomDataset& data, std::size_t end = 1000) : data_(data), end_(end) {}
  const DatasetInfo& info() const override { return data_.info; }
  std::optional<LabelledImage> next() override {
    if (at_ == end_) throw Error("the source broke");
    if (at_ == data_.images.size()) return std::nullopt;
    problems_.push_back({"file " + std::to_string(at_), "box_empty", "found nothing"});
    return data_.images[at_++];
  }
  const std::vector<Problem>& problems() const override { return problems_; }

 private:
  const RandomDataset& data_;
  std::size_t end_;
  std::size_t at_ = 0;
  std::vector<Problem> problems_;
};

std::size_t entries_of(const fs::path& folder) {
  return static_cast<std::size_t>(
      std::distance(fs::directory_iterator(folder), fs::directory_iterator()));
}

/// A JPEG whose EXIF says `orientation`.
std::string jpeg_with_exif(int width, int height, char orientation) {
  Image<Rgba8> color(width, height);
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      color.at(x, y) = Rgba8(x * 255 / width, y * 255 / height, 60, 255);
    }
  }
  const std::vector<std::byte> jpeg =
      jpeg_from(ImageView<Rgba8>{width, height, color.pixels}, 95, false);
  const std::string plain(reinterpret_cast<const char*>(jpeg.data()), jpeg.size());
  using namespace std::string_literals;
  const std::string exif = "\xFF\xE1\x00\x22"s + "Exif\0\0"s + "MM\0\x2A\0\0\0\x08"s + "\0\x01"s +
                           "\x01\x12\0\x03\0\0\0\x01\0"s + orientation + "\0\0"s + "\0\0\0\0"s;
  return plain.substr(0, 2) + exif + plain.substr(2);
}

}  // namespace

TEST_SUITE("convert") {
  TEST_CASE("several formats come from one pass, and what is lost and wrong is said") {
    const TemporaryFolder scratch;
    const RandomDataset data(8, 10, scratch.path / "source");
    Memory source(data);
    ConvertCommand command;
    command.to = {"coco", "yolo"};
    command.out = scratch.path / "out";
    std::ostringstream said;
    convert(source, command, said);
    CHECK(said.str().find("10 images with ") == 0);
    CHECK(said.str().find(" × crowd regions\n") != std::string::npos);
    CHECK(said.str().find("10 × box_empty, such as file 0: found nothing") != std::string::npos);
    CHECK(fs::exists(command.out / "coco/annotations/instances_train.json"));
    CHECK(fs::exists(command.out / "yolo/data.yaml"));
    CHECK(entries_of(scratch.path) == 2);
    Memory again(data);
    CHECK_THROWS_AS(convert(again, command, said), Error);  // it is there
  }

  TEST_CASE("a source that breaks leaves nothing behind") {
    const TemporaryFolder scratch;
    const RandomDataset data(8, 10, scratch.path / "source");
    Memory source(data, 7);
    ConvertCommand command;
    command.to = {"coco", "voc", "cvat"};
    command.out = scratch.path / "out";
    std::ostringstream said;
    CHECK_THROWS_AS(convert(source, command, said), Error);
    CHECK(entries_of(scratch.path) == 1);
  }

  TEST_CASE("an unknown format is refused before the source is opened or anything is made") {
    const TemporaryFolder scratch;
    ConvertCommand command;
    command.source = scratch.path / "nothing";
    command.to = {"coco", "yolo_poses"};
    command.out = scratch.path / "out";
    std::ostringstream said;
    try {
      run_convert(command, said);
      FAIL("it ran");
    } catch (const Error& error) {
      CHECK(error.exit() == Exit::usage);
      CHECK(std::string(error.what()).find("\"yolo_pose\"") != std::string::npos);
    }
    CHECK(entries_of(scratch.path) == 0);
  }

  TEST_CASE("a picture with an EXIF orientation comes out upright and without EXIF") {
    const TemporaryFolder scratch;
    fs::create_directory(scratch.path / "out");
    for (int orientation = 1; orientation <= 8; ++orientation) {
      for (const int width : {48, 45}) {  // of whole blocks, and not
        const std::string name = std::to_string(orientation) + "_" + std::to_string(width) + ".jpg";
        std::ofstream(scratch.path / name, std::ios::binary)
            << jpeg_with_exif(width, 32 + width % 16, static_cast<char>(orientation));
        place_picture(scratch.path / name, scratch.path / "out" / name);
      }
    }
    const std::string command =
        std::string(ORRERY_PYTHON) + " " + ORRERY_READ_UPRIGHT + " " + scratch.path.string();
    CHECK(std::system(command.c_str()) == 0);
  }
}
