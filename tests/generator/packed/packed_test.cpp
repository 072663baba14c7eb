#include <doctest/doctest.h>

#include <fstream>

#include "generator/sample.hpp"
#include "scenes/error.hpp"
#include "scenes/temporary_folder.hpp"
#include "tests/generator/packed/random_images.hpp"

using namespace orrery;
using namespace orrery::testing;
namespace fs = std::filesystem;

namespace {

constexpr std::uint64_t kShard = 40'000;

/// Writes random images in a format and has a script read them; checks that the same images give
/// the same bytes.
void check_format(const std::string& format, const std::string& script, bool splits) {
  const TemporaryFolder folder;
  const RandomSet set = random_set(folder.path / "in", splits ? 5 : 6, 60, splits);
  write_truth(set, folder.path / "truth");
  const SinkOptions options{.shard_bytes = kShard, .shard_images = 9};
  write_all(format, folder.path / "out", set, options);
  write_all(format, folder.path / "again", set, options);
  const auto files = files_of(folder.path / "out");
  CHECK(files == files_of(folder.path / "again"));
  CHECK(files.size() > 3);
  const std::string limit = format == "imagefolder" ? "" : std::to_string(kShard);
  CHECK(run_reader(script, {folder.path / "out", folder.path / "truth", limit}) == 0);
}

LabelledImage one_image(const fs::path& folder) {
  RandomSet set = random_set(folder, 1, 2, false);
  set.images[1].labels.clear();
  return set.images[1];
}

}  // namespace

TEST_SUITE("packed") {
  TEST_CASE("webdataset and tarfile find in shards every picture and label, keys together") {
    if (!can_import("webdataset, pycocotools, numpy, PIL")) return;
    check_format("webdataset", "read_webdataset.py", true);
    check_format("webdataset", "read_webdataset.py", false);
  }

  TEST_CASE("protocol buffers and a CRC of its own find in TFRecords every picture and box") {
    if (!can_import("google.protobuf, numpy, PIL")) return;
    check_format("tfrecord", "read_tfrecord.py", true);
    check_format("tfrecord", "read_tfrecord.py", false);
  }

  TEST_CASE("load_dataset finds every split, picture and label of an image folder") {
    if (!can_import("datasets, pycocotools, numpy, PIL")) return;
    check_format("imagefolder", "read_imagefolder.py", true);
    check_format("imagefolder", "read_imagefolder.py", false);
  }

  TEST_CASE("a split without objects is a configuration of its own, others load without it") {
    if (!can_import("datasets, pycocotools, numpy, PIL")) return;
    const TemporaryFolder folder;
    RandomSet set = random_set(folder.path / "in", 7, 40, true);
    for (LabelledImage& image : set.images) {
      if (image.split == "test-2") image.labels.clear();
    }
    write_truth(set, folder.path / "truth");
    write_all("imagefolder", folder.path / "out", set);
    CHECK(run_reader("read_imagefolder.py",
                     {folder.path / "out", folder.path / "truth", "test-2"}) == 0);
    // To load_dataset() these are one.
    set.images[0].split = "test_2";
    CHECK_THROWS_AS(write_all("imagefolder", folder.path / "other", set), Error);
  }

  TEST_CASE("a dataset without images is an index of no shards, and no picture folder") {
    const TemporaryFolder folder;
    RandomSet none;
    none.info.classes = {"mug"};
    for (const char* format : {"webdataset", "tfrecord"}) {
      write_all(format, folder.path / format, none);
      const Json index = Json::parse(files_of(folder.path / format).at("index.json"));
      CHECK(index.at("shardlist").empty());
      CHECK(index.at("classes") == Json({"mug"}));
    }
    write_all("imagefolder", folder.path / "imagefolder", none);
    CHECK(files_of(folder.path / "imagefolder").size() == 1);
  }

  TEST_CASE("what a format cannot carry is counted") {
    const TemporaryFolder folder;
    RandomSet set;
    set.info.classes = {"mug"};
    set.images = {one_image(folder.path / "in")};
    LabelledImage& image = set.images[0];
    image.lineage.clear();
    image.fold.reset();
    image.more = {{"weather", "rain"}};
    const auto w = static_cast<double>(image.width);
    Label label;
    label.id = 1;
    label.box = {-4, 2, 8, 9};
    label.truncation = 0.5;
    label.more = {{"score", 1}};
    Label outside = label;
    outside.id = 2;
    outside.box = {w + 1, 2, w + 9, 9};
    Label masked;
    masked.id = 3;
    masked.mask = Rle{image.width,
                      image.height,
                      {3, 1, static_cast<std::uint32_t>(image.width * image.height - 4)}};
    masked.box = {0, 3, 1, 4};
    image.labels = {label, outside, masked};
    using LeftOut = std::map<std::string, std::uint64_t>;
    CHECK(write_all("webdataset", folder.path / "webdataset", set) == LeftOut{});
    CHECK(write_all("tfrecord", folder.path / "tfrecord", set) ==
          LeftOut{{"attributes", 2},
                  {"attributes of images", 1},
                  {"boxes outside the image", 1},
                  {"masks beside labels without one", 1},
                  {"parts of boxes outside the image", 1},
                  {"visible fractions", 2}});
    image.labels = {masked};
    CHECK(write_all("tfrecord", folder.path / "tfrecord2", set) ==
          LeftOut{{"attributes of images", 1}});
    image.labels = {label};
    CHECK(write_all("imagefolder", folder.path / "imagefolder", set) ==
          LeftOut{{"attributes", 1}, {"attributes of images", 1}});
  }

  TEST_CASE("an image whose picture, split or class cannot be is refused by name") {
    const TemporaryFolder folder;
    RandomSet set;
    set.info.classes = {"mug"};
    int at = 0;
    const LabelledImage good = one_image(folder.path / "in");
    const auto refused = [&](const LabelledImage& image) {
      set.images = {image};
      for (const char* format : {"webdataset", "tfrecord", "imagefolder"}) {
        CAPTURE(format);
        try {
          write_all(format, folder.path / std::to_string(at++), set);
          FAIL("was not refused");
        } catch (const Error& error) {
          const std::string text = error.what();
          CHECK((text.find(image.name) != std::string::npos ||
                 text.find(image.file.string()) != std::string::npos));
        }
      }
    };
    LabelledImage bad = good;
    ++bad.width;
    refused(bad);
    bad = good;
    bad.split = "../train";
    refused(bad);
    bad = good;
    Label label;
    label.class_id = 1;
    label.box = {1, 1, 5, 5};
    bad.labels = {label};
    refused(bad);
    bad = good;
    bad.file = folder.path / "none.jpg";
    refused(bad);
    bad = good;
    bad.name = "caf\xE9";  // Latin-1
    set.images = {bad};
    CHECK_THROWS_AS(write_all("webdataset", folder.path / "w", set), Error);
    CHECK_THROWS_AS(write_all("imagefolder", folder.path / "i", set), Error);
  }
}
