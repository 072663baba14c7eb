#include <doctest/doctest.h>

#include <cstdlib>

#include "generator/ingest/picture_header.hpp"
#include "scenes/temporary_folder.hpp"

namespace orrery {
namespace {

namespace fs = std::filesystem;

TEST_CASE("headers of JPEG, PNG, BMP and GIF files say what Pillow says, and cut ones are found") {
  const TemporaryFolder folder;
  const TemporaryFolder scratch;
  const std::string command =
      std::string(ORRERY_PYTHON) + " " + ORRERY_COLOUR_SQUARES + " headers " + folder.path.string();
  REQUIRE(std::system(command.c_str()) == 0);
  int files = 0;
  for (const auto& entry : fs::directory_iterator(folder.path)) {
    const fs::path file = entry.path();
    CAPTURE(file.string());
    PictureFault fault;
    const auto header = find_picture_header(file, fault);
    CAPTURE(fault.text);
    REQUIRE(header);
    CHECK(header->width == 37);
    CHECK(header->height == 23);
    CHECK(header->orientation == 1);
    ++files;
    // GIFs are looked at quickly: any trailer near the end will do.
    const bool quick = file.extension() == ".gif" || file.filename() == "core.bmp";
    const auto size = fs::file_size(file);
    for (const std::uintmax_t keep : {std::uintmax_t{0}, std::uintmax_t{5}, size / 2, size - 1}) {
      if (quick && keep > 5) continue;
      const fs::path cut = scratch.path / ("cut" + file.extension().string());
      fs::copy_file(file, cut, fs::copy_options::overwrite_existing);
      fs::resize_file(cut, keep);
      CAPTURE(keep);
      CHECK(!find_picture_header(cut, fault));
      fs::remove(cut);
    }
  }
  CHECK(files == 12);
}

}  // namespace
}  // namespace orrery
