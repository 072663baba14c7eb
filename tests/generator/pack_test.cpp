// Loose files and archives are two forms of one dataset.

#include "generator/pack.hpp"

#include <doctest/doctest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <set>
#include <sstream>

#include "generator/chunk_shard.hpp"
#include "generator/dataset.hpp"
#include "generator/dataset_folder.hpp"
#include "generator/finish.hpp"
#include "generator/mix/photo_pool.hpp"
#include "generator/report.hpp"
#include "generator/sink.hpp"
#include "generator/sinks/tar.hpp"
#include "generator/sinks/tar_members.hpp"
#include "generator/source.hpp"
#include "generator/whole_file.hpp"
#include "scenes/error.hpp"
#include "scenes/random.hpp"
#include "scenes/sha256.hpp"
#include "tests/generator/random_sample.hpp"
#include "tests/support/error_text.hpp"

using namespace orrery;
using orrery::testing::error_of;
using orrery::testing::holds;
using orrery::testing::random_sample;
using orrery::testing::Scratch;
namespace fs = std::filesystem;

namespace {

struct Shape {
  std::uint64_t count = 23;
  std::uint64_t chunk_size = 4;
};

DatasetPlan packed_plan(const Shape& shape, Pack pack) {
  return {.recipe = {{"what", "a test"}},
          .recipe_hash = "recipe",
          .seed = 7,
          .count = shape.count,
          .chunk_size = shape.chunk_size,
          .classes = {"ball", "box", "cone"},
          .pack = pack};
}

/// With a picture, ids and, of some, a depth image.
Sample sample_with_planes(std::uint64_t index) {
  Sample sample = random_sample(index);
  sample.files[1].path.replace(0, 4, "id/");
  if (index % 3 != 1) {
    EncodedFile depth{"depth" + sample.files[0].path.substr(6), sample.files[1].bytes};
    sample.files.push_back(std::move(depth));
  }
  Json hashes = Json::object();
  for (const EncodedFile& file : sample.files) hashes[file.path] = sha256_hex(file.bytes);
  sample.manifest["files"] = hashes;
  return sample;
}

void commit_chunk(Dataset& dataset, std::uint64_t chunk) {
  std::vector<Sample> samples;
  const IndexRun run = dataset.indices(chunk);
  for (std::uint64_t i = run.first; i < run.last; ++i) samples.push_back(sample_with_planes(i));
  dataset.commit(chunk, samples);
}

std::string make_packed(const fs::path& folder, const Shape& shape, Pack pack) {
  Dataset dataset(folder, packed_plan(shape, pack));
  for (const std::uint64_t chunk : dataset.missing()) commit_chunk(dataset, chunk);
  return dataset.finish();
}

/// Every file below a folder, with its hash.
std::set<std::string> files_below(const fs::path& folder) {
  std::set<std::string> files;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (entry.is_directory()) continue;
    files.insert(fs::relative(entry.path(), folder).string() + " " + sha256_of_file(entry.path()));
  }
  return files;
}

std::string whole_text(const fs::path& file) {
  std::ostringstream text;
  text << std::ifstream(file, std::ios::binary).rdbuf();
  return text.str();
}

int run_shell(const std::string& command) {
  return WEXITSTATUS(std::system(command.c_str()));  // NOLINT(concurrency-mt-unsafe): one thread
}

void convert_to(const std::string& format, const fs::path& dataset, const fs::path& out) {
  const std::unique_ptr<Source> source = open_orrery_dataset(dataset);
  fs::create_directories(out);
  DatasetInfo info = source->info();
  info.name = "one name";  // the folder's, else
  const std::unique_ptr<Sink> sink = open_sink(format, out, info);
  while (const std::optional<LabelledImage> image = source->next()) sink->add(*image);
  sink->finish();
}

}  // namespace

TEST_SUITE("pack") {
  TEST_CASE("archives are the default from 100,001 images on, and what is asked for is done") {
    CHECK(pack_for(Pack::automatic, 100'000) == Pack::files);
    CHECK(pack_for(Pack::automatic, 100'001) == Pack::tar);
    CHECK(pack_for(Pack::tar, 1) == Pack::tar);
    CHECK(pack_for(Pack::files, 10'000'000) == Pack::files);
    for (const Pack pack : {Pack::automatic, Pack::files, Pack::tar}) {
      CHECK(pack_named(name_of(pack)) == pack);
    }
  }

  TEST_CASE("both forms have one hash, and tar unpacks one into the other to the last byte") {
    Rng rng(3, 0, "tests/pack");
    for (int round = 0; round < 4; ++round) {
      const Scratch scratch;
      const Shape shape{1 + rng.below(40), 1 + rng.below(12)};
      CAPTURE(shape.count);
      CAPTURE(shape.chunk_size);
      const fs::path loose = scratch.path / "loose";
      const fs::path packed = scratch.path / "packed";
      CHECK(make_packed(loose, shape, Pack::files) == make_packed(packed, shape, Pack::tar));
      std::size_t files = 0;
      for (const auto& entry : fs::recursive_directory_iterator(packed)) {
        files += entry.is_regular_file() ? 1U : 0U;
      }
      CHECK(files == 4 + (shape.count + shape.chunk_size - 1) / shape.chunk_size);
      const std::string python = std::string(ORRERY_PYTHON) + " " + ORRERY_READ_SHARDS + " ";
      CHECK(run_shell(python + packed.string() + " " + loose.string()) == 0);
      CHECK(run_shell("cd " + packed.string() + " && for t in shards/*.tar; do tar xf $t; done") ==
            0);
      fs::remove_all(packed / "shards");
      fs::remove(packed / "dataset.json");  // it says which form it is
      fs::remove(loose / "dataset.json");
      CHECK(files_below(packed) == files_below(loose));
    }
  }

  TEST_CASE("what is made of a dataset is the same in both forms") {
    const Scratch scratch;
    const Shape shape;
    const fs::path loose = scratch.path / "loose" / "set";
    const fs::path packed = scratch.path / "packed" / "set";
    for (const fs::path& folder : {loose, packed}) {
      fs::create_directories(folder.parent_path());
      make_packed(folder, shape, folder == packed ? Pack::tar : Pack::files);
      for (const char* format : {"coco", "yolo_seg", "voc", "kitti", "webdataset", "imagefolder"}) {
        convert_to(format, folder, folder.parent_path() / "formats" / format);
      }
      write_report(folder);
    }
    const std::set<std::string> formats = files_below(loose.parent_path() / "formats");
    CHECK(formats.size() > 6 * shape.count);
    CHECK(files_below(packed.parent_path() / "formats") == formats);
    const auto shown = [](const fs::path& folder) {
      const std::string page = whole_text(folder / "report.html");
      return page.substr(page.find("\"samples\":["));
    };
    CHECK(shown(packed) == shown(loose));
    const auto photos = [](const fs::path& folder) {
      std::vector<std::string> classes;
      std::vector<Keypoints> keypoints;
      std::vector<SplitItem> held_out;
      std::string contents;
      for (const LabelledImage& image :
           read_photos({folder.string()}, {}, false, classes, keypoints, held_out)) {
        contents += image.name + sha256_hex(stored_bytes(image.file));
        for (const Ingredient& part : image.lineage) contents += part.kind + part.sha256;
      }
      return contents;
    };
    CHECK(photos(packed) == photos(loose));
  }

  TEST_CASE("a dataset that is continued keeps the form that it was started with") {
    for (const Pack first : {Pack::files, Pack::tar}) {
      const Scratch scratch;
      const Pack other = first == Pack::tar ? Pack::files : Pack::tar;
      {
        Dataset dataset(scratch.path, packed_plan({}, first));
        commit_chunk(dataset, 2);
      }
      make_packed(scratch.path, {}, other);
      CHECK(fs::exists(scratch.path / "images") == (first == Pack::files));
      CHECK(fs::exists(scratch.path / "shards") == (first == Pack::tar));
      const Json dataset = Json::parse(whole_text(scratch.path / "dataset.json"));
      CHECK(dataset.at("pack") == name_of(first));
      CHECK(DatasetFolder(scratch.path).shards() == (first == Pack::tar ? 6 : 0));
    }
  }

  TEST_CASE("an archive that is cut short or gone is found, and its chunk is made again") {
    const Scratch scratch;
    const std::string hash = make_packed(scratch.path / "whole", {}, Pack::tar);
    const fs::path folder = scratch.path / "damaged";
    {
      Dataset dataset(folder, packed_plan({}, Pack::tar));
      for (const std::uint64_t chunk : dataset.missing()) commit_chunk(dataset, chunk);
    }
    const fs::path shard = folder / shard_path(1);
    fs::resize_file(shard, fs::file_size(shard) - 512);
    fs::remove(folder / shard_path(4));
    std::ostringstream said;
    CHECK(finish({folder}, said) == 1);
    CHECK(holds(said.str(), "missing: 1,4"));
    Dataset dataset(folder, packed_plan({}, Pack::tar));
    CHECK(dataset.missing() == std::vector<std::uint64_t>{1, 4});
    commit_chunk(dataset, 1);
    commit_chunk(dataset, 4);
    fs::resize_file(shard, 0);
    CHECK(holds(error_of([&] { dataset.finish(); }, Exit::io), "shards/00000001.tar: has 0 bytes"));
    CHECK(make_packed(folder, {}, Pack::tar) == hash);
    CHECK(files_below(folder) == files_below(scratch.path / "whole"));
  }

  TEST_CASE("killed at any instant and started again, the archives are the same") {
    const Scratch scratch;
    make_packed(scratch.path / "whole", {}, Pack::tar);
    const fs::path folder = scratch.path / "killed";
    Rng rng(4, 0, "tests/pack/kills");
    for (int life = 0; life < 20; ++life) {
      const pid_t child = fork();
      if (child == 0) {
        make_packed(folder, {}, Pack::tar);
        _exit(0);
      }
      usleep(static_cast<useconds_t>(rng.uniform(0, 30'000)));
      kill(child, SIGKILL);
      waitpid(child, nullptr, 0);
    }
    make_packed(folder, {}, Pack::tar);
    CHECK(files_below(folder) == files_below(scratch.path / "whole"));
  }

  TEST_CASE("a member that an archive lacks is named, with the archive and the sample") {
    const Scratch scratch;
    make_packed(scratch.path, {}, Pack::tar);
    DatasetFolder folder(scratch.path);
    CHECK(stored_bytes(folder.find(9, "images/00000009.png")) ==
          sample_with_planes(9).files[0].bytes);
    const std::string lacking = error_of([&] { folder.find(9, "images/00000099.png"); }, Exit::io);
    CHECK(holds(lacking, "shards/00000002.tar"));
    CHECK(holds(lacking, "images/00000099.png"));
    CHECK(holds(lacking, "sample 9"));
    const StoredFile file = folder.find(22, "images/00000022.png");
    fs::resize_file(scratch.path / shard_path(5), 700);
    CHECK(holds(error_of([&] { stored_bytes(file); }, Exit::io), "has 700 bytes"));
    CHECK(holds(error_of([&] { DatasetFolder(scratch.path).find(22, "x"); }, Exit::io),
                "00000005.tar"));
  }

  TEST_CASE("a broken archive is an error or its members lie inside it") {
    const Scratch scratch;
    std::string archive;
    add_tar_member(archive, "images/a.png", std::string(700, 'a'));
    add_tar_member(archive, "images/b.png", "");
    add_tar_member(archive, "depth/a.png", std::string(512, 'b'));
    archive += tar_end();
    Rng rng(5, 0, "tests/pack/broken");
    int refused = 0;
    for (int round = 0; round < 400; ++round) {
      std::string broken = archive;
      broken.resize(1 + rng.below(static_cast<std::uint32_t>(archive.size())));
      if (round % 2 == 0) broken = archive;
      for (std::uint32_t i = rng.below(4); i > 0; --i) {
        broken[rng.below(static_cast<std::uint32_t>(broken.size()))] =
            static_cast<char>(rng.below(256));
      }
      const fs::path file = scratch.path / "broken.tar";
      std::ofstream(file, std::ios::binary) << broken;
      try {
        for (const TarMember& member : tar_members(file)) {
          REQUIRE(member.offset + member.size <= broken.size());
        }
      } catch (const Error& e) {
        ++refused;
        CHECK(holds(e.what(), "broken.tar"));
      }
    }
    CHECK(refused > 150);
  }
}
