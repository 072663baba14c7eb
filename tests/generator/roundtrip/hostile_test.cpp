#include <doctest/doctest.h>

#include <algorithm>
#include <fstream>
#include <iterator>

#include "generator/sink.hpp"
#include "generator/source.hpp"
#include "scenes/error.hpp"
#include "scenes/random.hpp"
#include "scenes/temporary_folder.hpp"
#include "tests/generator/roundtrip/carried_truth.hpp"
#include "tests/generator/sinks/random_dataset.hpp"

// Every file of a small dataset of each format, cut and with bytes changed: readers answer with
// labels, problems or one Error. Anything else that is thrown, a crash or a hang fails.

namespace orrery::testing {
namespace {

namespace fs = std::filesystem;

void put(const fs::path& file, const std::string& bytes) {
  fs::remove(file);  // pictures are links
  std::ofstream(file, std::ios::binary) << bytes;
}

/// Bytes that mean something to one format or other.
std::string damaged(Rng& rng, std::string bytes) {
  static const std::string kTelling = "\"{}[]<>&;:,.-+eE09 \t\n\\/'%#*!|?\xFF\x80";
  const std::uint32_t kind = rng.below(4);
  if (bytes.empty()) return kind == 0 ? std::string("\0\xFF", 2) : "-";
  const auto size = static_cast<std::uint32_t>(bytes.size());
  if (kind == 0) {
    bytes.resize(rng.below(size));
    return bytes;
  }
  const std::uint32_t count = 1 + rng.below(4);
  for (std::uint32_t i = 0; i < count; ++i) {
    const std::uint32_t at = rng.below(size);
    const std::uint32_t other = rng.below(size);
    if (kind == 1) {
      bytes[at] = static_cast<char>(bytes[at] ^ static_cast<char>(1U << rng.below(8)));
    } else if (kind == 2) {
      bytes[at] = kTelling[rng.below(static_cast<std::uint32_t>(kTelling.size()))];
    } else {  // a piece of the file over another
      const std::uint32_t length = std::min({1 + rng.below(12), size - at, size - other});
      bytes.replace(at, length, std::string(bytes, other, length));
    }
  }
  return bytes;
}

/// How often the readers said something, to see that the damage does damage.
struct Tally {
  int errors = 0;
  int problems = 0;
  int whole = 0;
};

void read(const fs::path& folder, const std::string& format, Tally& tally) {
  try {
    const auto source = open_source(folder, format);
    while (const auto image = source->next()) {
      for (const Label& label : image->labels) {
        REQUIRE(label.class_id < source->info().classes.size());
        REQUIRE(label.box.x0 >= 0);
        REQUIRE(label.box.y0 >= 0);
        REQUIRE(label.box.x1 <= image->width);
        REQUIRE(label.box.y1 <= image->height);
        REQUIRE(!label.box.empty());
      }
    }
    ++(source->problems().empty() ? tally.whole : tally.problems);
  } catch (const Error&) {
    ++tally.errors;
  }
}

std::string reader_of(const std::string& sink) { return sink.starts_with("yolo") ? "yolo" : sink; }

TEST_CASE("damaged files give problems or one Error, and labels that stay are sound") {
  constexpr int kCases = 60;
  for (const Carrier& carrier : carriers()) {
    const TemporaryFolder scratch;
    const RandomDataset data(9, 3, scratch.path / "source");
    const fs::path folder = scratch.path / "out";
    fs::create_directory(folder);
    const auto sink = open_sink(carrier.sink, folder, data.info);
    for (const LabelledImage& image : data.images) sink->add(image);
    sink->finish();
    std::vector<fs::path> files;
    for (const auto& [name, bytes] : files_of(folder)) {
      files.push_back(folder / name);
      if (fs::path(name).extension() != ".png") files.push_back(folder / name);  // more often
    }
    Tally tally;
    for (int i = 0; i < kCases; ++i) {
      Rng rng(11, static_cast<std::uint64_t>(i), "tests/hostile/" + carrier.sink);
      const fs::path file = files[rng.below(static_cast<std::uint32_t>(files.size()))];
      const std::string before = bytes_of(file);
      put(file, damaged(rng, before));
      CAPTURE(carrier.sink);
      CAPTURE(file.string());
      CAPTURE(i);
      CHECK_NOTHROW(read(folder, reader_of(carrier.sink), tally));
      CHECK_NOTHROW(read(folder, "", tally));
      put(file, before);
    }
    MESSAGE(carrier.sink << ": " << tally.errors << " errors, " << tally.problems
                         << " with problems, " << tally.whole << " unnoticed");
    CHECK(tally.errors + tally.problems > kCases / 10);
  }
}

TEST_CASE("files that no one would write give problems or one Error") {
  const std::string deep(100000, '[');
  const std::string far(5000, 'a');
  const std::vector<std::pair<std::string, std::string>> files{
      {"a.json", R"({"images":)" + deep},
      {"a.json", R"({"images":[{"id":1,"file_name":")" + far + R"("}],"categories":[]})"},
      {"a.json", R"({"images":[1,null,"a",[],{"id":1}],"categories":[null,{"id":1}],)"
                 R"("annotations":[1,null,"a",[{}],{"id":1,"image_id":1}]})"},
      {"a.json", "[]"},
      {"data.yaml", deep},
      {"data.yaml", "train: " + far + "\nnames: [a]\npath: " + far},
      {"data.yaml", "names: {a: b}\n"},
      {"data.yaml", "names: {0: {b: c}}\nkpt_shape: [a, 3]\n"},
      {"data.yaml", "names: [a]\nkpt_shape: [-1, 3]\n"},
      {"data.yaml", "nc: 99999999999\n"},
      {"data.yaml", "names: &a [*a]\ntrain: *a\n"},
      {"data.yaml", "train: [[a], {b: c}]\nnames: [a]\n"},
      {"obj.data", "names = /\ntrain = /dev/null\nvalid=\n"},
      {"annotations.xml", "<annotations><image name=\"" + far + "\"/></annotations>"},
      {"annotations.xml", "<annotations>"},
      {"a.xml", "<annotation><filename>" + far + "</filename></annotation>"},
      {"label_2/a.txt", far},
      {"images.csv", "image,group\n\"" + far},
      {"a.bmp", std::string("BM") + std::string(100, '\xFF')},
      {"a.gif", "GIF89a\xFF\xFF\xFF\xFF;"},
  };
  Tally tally;
  for (const auto& file : files) {
    const std::string& name = file.first;
    const std::string& text = file.second;
    const TemporaryFolder folder;
    fs::create_directories((folder.path / name).parent_path());
    std::ofstream(folder.path / name, std::ios::binary) << text;
    CAPTURE(name);
    CAPTURE(text.substr(0, 100));
    CHECK_NOTHROW(read(folder.path, "", tally));
    for (const char* format : {"coco", "yolo", "voc", "kitti", "cvat", "images"}) {
      CAPTURE(format);
      CHECK_NOTHROW(read(folder.path, format, tally));
    }
  }
}

}  // namespace
}  // namespace orrery::testing
