#include "generator/store/strip_exif.hpp"

#include <doctest/doctest.h>

#include <fstream>
#include <span>

#include "generator/ingest/picture_header.hpp"
#include "generator/sink.hpp"
#include "generator/sinks/packed_picture.hpp"
#include "generator/store/picture_facts.hpp"
#include "generator/whole_file.hpp"
#include "scenes/error.hpp"
#include "scenes/temporary_folder.hpp"
#include "tests/generator/store/plain_source.hpp"

using namespace orrery;
using namespace orrery::testing;
namespace fs = std::filesystem;

TEST_SUITE("strip_exif") {
  TEST_CASE("GPS is found and goes, orientation and pixels stay, as Pillow sees it") {
    const TemporaryFolder scratch;
    REQUIRE(python("exif_pictures.py", "make " + scratch.path.string()));
    std::size_t pictures = 0;
    for (const auto& entry : fs::directory_iterator(scratch.path)) {
      if (entry.path().extension() == ".raw") continue;
      const std::string name = entry.path().filename().string();
      CAPTURE(name);
      const ObjectFile object = read_object(entry.path());
      CHECK(has_gps(object.bytes) == (name.find("gps") != std::string::npos));
      const std::vector<std::byte> clean = without_exif(object.bytes, name);
      CHECK_FALSE(has_gps(clean));
      CHECK(without_exif(clean, name) == clean);
      const fs::path file = scratch.path / ("clean_" + name);
      write_whole_file(file, clean);
      if (object.extension == ".jpg") {
        CHECK(read_picture_header(file).orientation ==
              read_picture_header(entry.path()).orientation);
      }
      // Upright pixels as Pillow turns them.
      LabelledImage image;
      image.file = entry.path();
      const PictureHeader header = read_picture_header(entry.path());
      image.width = header.upright_width();
      image.height = header.upright_height();
      PictureFacts facts;
      PictureFacts clean_facts;
      CHECK_FALSE(find_picture_facts(image, object, facts).has_value());
      image.file = file;
      CHECK_FALSE(find_picture_facts(image, read_object(file), clean_facts).has_value());
      CHECK(facts.pixels == clean_facts.pixels);
      ++pictures;
    }
    if (pictures > 0) CHECK(python("exif_pictures.py", "check " + scratch.path.string()));
  }

  TEST_CASE("no format passes on where a picture was taken, and pictures come out upright") {
    const TemporaryFolder scratch;
    REQUIRE(python("exif_pictures.py", "make " + scratch.path.string()));
    for (const auto& entry : fs::directory_iterator(scratch.path)) {
      if (entry.path().extension() == ".raw") continue;
      const std::string name = entry.path().filename().string();
      CAPTURE(name);
      LabelledImage image;
      image.name = name;
      image.file = entry.path();
      image.width = read_picture_header(entry.path()).upright_width();
      image.height = read_picture_header(entry.path()).upright_height();
      const TemporaryFolder out;
      const fs::path placed = out.path / name;
      place_picture(image.file, placed);
      CHECK_FALSE(has_gps(read_object(placed).bytes));
      CHECK(read_picture_header(placed).orientation == 1);
      CHECK(read_picture_header(placed).width == image.width);
      const std::string packed = packed_picture(image).bytes;
      CHECK_FALSE(has_gps(std::as_bytes(std::span(packed))));
    }
  }

  TEST_CASE("what is neither JPEG nor PNG, or breaks off, is an error") {
    const std::vector<std::byte> text(20, std::byte{'x'});
    CHECK_THROWS_WITH_AS(without_exif(text, "a.tif"), doctest::Contains("a.tif"), Error);
    const std::vector<std::byte> start{std::byte{0xFF}, std::byte{0xD8}, std::byte{0xFF},
                                       std::byte{0xE1}, std::byte{9},    std::byte{9}};
    CHECK_THROWS_AS(without_exif(start, ""), Error);
  }
}
