#include "generator/store/intake.hpp"

#include <doctest/doctest.h>

#include <fstream>

#include "generator/encode.hpp"
#include "generator/store/picture_facts.hpp"
#include "generator/store/store.hpp"
#include "generator/upright_picture.hpp"
#include "generator/whole_file.hpp"
#include "scenes/error.hpp"
#include "scenes/temporary_folder.hpp"
#include "tests/generator/store/plain_source.hpp"

using namespace orrery;
using namespace orrery::testing;
namespace fs = std::filesystem;

namespace {

struct Folders {
  TemporaryFolder scratch;
  fs::path photos = scratch.path / "photos";
  fs::path store = scratch.path / "store";
};

std::string name_in(const LabelledImage& image, const std::string& kind) {
  for (const Ingredient& ingredient : image.lineage) {
    if (ingredient.kind == kind) return ingredient.name;
  }
  return {};
}

/// Three good pictures with four boxes.
void add_good(const fs::path& photos) {
  write_jpeg(photos / "kitchen/1.jpg", hills(1));
  write_text(photos / "kitchen/1.txt", "0 1 2 30 40\n1 5 5 9 9.5\n");
  write_jpeg(photos / "kitchen/2.jpg", hills(2));
  write_text(photos / "kitchen/2.txt", "2 1 2 30 40\n");
  write_jpeg(photos / "3.jpg", hills(3));
  write_text(photos / "3.txt", "2 1.25 2 30 40\n");
}

}  // namespace

TEST_SUITE("intake") {
  TEST_CASE("what is stored comes back, in the order in which it was taken in") {
    const Folders at;
    add_good(at.photos);
    ingest_plain(at.photos, at.store);
    const auto images = all_of(at.store);
    REQUIRE(images.size() == 3);
    CHECK(images[0].name == "3");
    CHECK(images[1].name == "kitchen/1");
    CHECK(images[1].width == 96);
    CHECK(images[1].labels.at(1).box == Rect{5, 5, 9, 9.5});
    CHECK(name_in(images[1], "session") == "photos/kitchen");
    CHECK(name_in(images[0], "session") == "photos/photos");
    CHECK(images[1].more.at("origin") == "photos");
    CHECK(read_object(images[1].file).bytes == read_object(at.photos / "kitchen/1.jpg").bytes);
    CHECK(open_store(at.store)->info().classes == std::vector<std::string>{"a", "b", "c"});
    CHECK(is_store(at.store));
    CHECK_FALSE(is_store(at.photos));
    CHECK_THROWS_AS(open_store(at.photos), Error);
  }

  TEST_CASE("every found picture and label is stored, already there or quarantined by a rule") {
    const Folders at;
    add_good(at.photos);
    fs::copy(at.photos / "3.jpg", at.photos / "copy_of_3.jpg");  // the same bytes, no labels
    fs::copy(at.photos / "3.jpg", at.photos / "other_3.jpg");    // the same bytes, other labels
    write_text(at.photos / "other_3.txt", "0 1 2 3 4\n");
    write_jpeg(at.photos / "cut.jpg", hills(5));
    fs::resize_file(at.photos / "cut.jpg", 900);
    write_jpeg(at.photos / "zz.jpg", hills(6));
    write_text(at.photos / "zz.txt", "0 5 5 5 9\n0 200 5 230 9\n9 1 1 2 2\n1 1 1 2 2\n");
    // Damaged inside, but it ends as it should.
    ObjectFile damaged = read_object(at.photos / "kitchen/2.jpg");
    damaged.bytes.erase(damaged.bytes.end() - 400, damaged.bytes.end() - 100);
    write_whole_file(at.photos / "damaged.jpg", damaged.bytes);
    const IngestCounts counts = ingest_plain(at.photos, at.store).counts;
    CHECK(counts.images == IngestTally{8, 4, 1, 3});
    CHECK(counts.labels == IngestTally{9, 5, 0, 4});
    CHECK(counts.rules.at("picture_truncated").images == 1);
    CHECK(counts.rules.at("picture_undecodable").images == 1);
    CHECK(counts.rules.at("labels_differ").labels == 1);
    CHECK(counts.rules.at("box_empty").labels == 1);
    CHECK(counts.rules.at("box_outside_image").labels == 1);
    CHECK(counts.rules.at("class_unknown").labels == 1);
    StoreIndex index(at.store, Database::Mode::read);
    CHECK(index.database().number("SELECT count(*) FROM quarantine") == 6);
  }

  TEST_CASE("a second ingest finds all there and changes nothing") {
    const Folders at;
    add_good(at.photos);
    ingest_plain(at.photos, at.store);
    const std::string before = content_of(at.store);
    const IngestCounts counts = ingest_plain(at.photos, at.store).counts;
    CHECK(counts.images == IngestTally{3, 0, 3, 0});
    CHECK(counts.labels == IngestTally{4, 0, 4, 0});
    CHECK(content_of(at.store) == before);
  }

  TEST_CASE("other labels for a stored picture are a conflict, and the first stand") {
    const Folders at;
    add_good(at.photos);
    ingest_plain(at.photos, at.store);
    const std::string before = content_of(at.store);
    write_text(at.photos / "3.txt", "2 1.25 2 30 41\n");
    const IngestCounts counts = ingest_plain(at.photos, at.store).counts;
    CHECK(counts.rules.at("labels_differ").images == 1);
    CHECK(content_of(at.store) == before);
  }

  TEST_CASE("the same pixels in another file are already there, and labels that come later stay") {
    const Folders at;
    const Image<Rgba8> picture = hills(1);
    fs::create_directories(at.photos);
    write_whole_file(at.photos / "1.png", png_from(picture, Alpha::drop));
    ingest_plain(at.photos, at.store);
    write_whole_file(at.photos / "2.png", png_from(picture, Alpha::keep));
    write_text(at.photos / "2.txt", "1 2 3 4 5\n");
    const IngestCounts counts = ingest_plain(at.photos, at.store).counts;
    CHECK(counts.images == IngestTally{2, 0, 2, 0});
    CHECK(counts.same_pixels == 1);
    CHECK(counts.completed == 1);
    CHECK(counts.labels == IngestTally{1, 1, 0, 0});
    CHECK(all_of(at.store).at(0).labels.at(0).box == Rect{2, 3, 4, 5});
  }

  TEST_CASE("two sources' sessions and names of the same words stay apart") {
    const Folders at;
    const fs::path other = at.scratch.path / "other/photos";
    write_jpeg(at.photos / "1/x.jpg", hills(1));
    write_jpeg(other / "1/x.jpg", hills(2));
    ingest_plain(at.photos, at.store);
    ingest_plain(other, at.store);
    const auto images = all_of(at.store);
    REQUIRE(images.size() == 2);
    CHECK(name_in(images[0], "session") == "photos/1");
    CHECK(name_in(images[1], "session") == "photos 2/1");
    CHECK(images[0].name == "1/x");
    CHECK(images[1].name == "photos_2/1/x");
  }

  TEST_CASE(
      "a mirrored, recompressed copy shares a group of duplicates, another picture does not") {
    const Folders at;
    write_jpeg(at.photos / "1.jpg", hills(1));
    write_jpeg(at.photos / "2.jpg", turned_upright(hills(1), 2), 60);
    write_jpeg(at.photos / "3.jpg", hills(3));
    const IngestSummary summary = ingest_plain(at.photos, at.store);
    CHECK(summary.duplicates.groups == 1);
    const auto images = all_of(at.store);
    REQUIRE(images.size() == 3);
    CHECK_FALSE(name_in(images[0], "duplicates").empty());
    CHECK(name_in(images[0], "duplicates") == name_in(images[1], "duplicates"));
    CHECK(name_in(images[2], "duplicates").empty());
  }

  TEST_CASE("a store of a newer orrery is refused") {
    const Folders at;
    add_good(at.photos);
    ingest_plain(at.photos, at.store);
    Database(at.store / "index.sqlite", Database::Mode::write).run("PRAGMA user_version = 2");
    CHECK_THROWS_WITH_AS(open_store(at.store), doctest::Contains("schema version 2"), Error);
  }

  TEST_CASE("real photos: fifty-two cards in about a second") {
    const fs::path cards = ORRERY_SHARED_DATA "/real/cards/dev";
    if (!fs::exists(cards)) {
      MESSAGE("skipped: " << cards.string() << " is not there");
      return;
    }
    const Folders at;
    const fs::path photos = at.photos;
    for (const auto& entry : fs::recursive_directory_iterator(cards)) {
      std::string extension = entry.path().extension().string();
      if (extension != ".jpg" && extension != ".JPG") continue;
      fs::create_directories(photos);
      fs::copy_file(entry.path(), photos / (entry.path().stem().string() + ".jpg"));
    }
    const IngestSummary summary = ingest_plain(photos, at.store);
    CHECK(summary.counts.images.stored == 52);
    MESSAGE(json_from(summary).dump(1));
  }
}
