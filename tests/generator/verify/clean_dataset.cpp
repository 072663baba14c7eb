#include "tests/generator/verify/clean_dataset.hpp"

#include <doctest/doctest.h>

#include <fstream>
#include <sstream>
#include <vector>

#include "generator/data_commands.hpp"
#include "generator/dataset.hpp"
#include "generator/encode.hpp"
#include "generator/sink.hpp"
#include "generator/sinks/coco_labels.hpp"
#include "generator/source.hpp"
#include "generator/splits/folds_file.hpp"
#include "renderer/labels/mask.hpp"
#include "scenes/random.hpp"
#include "scenes/sha256.hpp"
#include "scenes/temporary_folder.hpp"

namespace orrery::testing {
namespace fs = std::filesystem;
namespace {

constexpr std::uint64_t kImages = 12;
constexpr int kWidth = 64;
constexpr int kHeight = 48;

DatasetInfo info_of() {
  DatasetInfo info;
  info.classes = {"ball", "face", "box"};
  Keypoints face;
  for (const char* name : {"left eye", "right eye", "nose"})
    face.points.push_back({name, {}, false});
  face.swaps = {{"left eye", "right eye"}};
  face.skeleton = {{"left eye", "nose"}};
  info.keypoints = {{}, face, {}};
  return info;
}

/// An ellipse, a triangle or a box alone, each in a cell of its own.
Label label_of(Rng& rng, std::uint64_t id) {
  Label label;
  label.id = id;
  label.class_id = static_cast<std::uint32_t>(id - 1) % 3;
  const auto cell = static_cast<double>(id - 1);
  const double x = 2 + 15 * cell + rng.uniform(0, 2);
  const double y = 8 + rng.uniform(0, 8);
  if (label.class_id == 2) {
    label.box = {x, y, x + 9.5, y + 20.25};
    label.hard = true;
  } else {
    Image<std::uint8_t> mask(kWidth, kHeight, 0);
    for (int v = 0; v < kHeight; ++v) {
      for (int u = 0; u < kWidth; ++u) {
        const double dx = (u + 0.5 - x - 5) / 5;
        const double dy = (v + 0.5 - y - 8) / 8;
        if (dx * dx + dy * dy <= 1) mask.at(u, v) = 1;
      }
    }
    label.mask = rle_from_mask(mask);
    label.box = rect_of(bounding_box(*label.mask));
    label.visible_fraction = 0.75;
  }
  if (label.class_id == 1) {
    label.keypoints = {{{x + 2, y + 4}, 2}, {{x + 7, y + 4}, 1}, {}};
  }
  return label;
}

LabelledImage image_of(std::uint64_t index) {
  Rng rng(11, index, "tests/verify");
  LabelledImage image;
  char name[16];
  std::snprintf(name, sizeof name, "%08u", static_cast<unsigned>(index));
  image.name = name;
  image.width = kWidth;
  image.height = kHeight;
  const std::uint64_t labels = index == 3 ? 0 : 1 + index % 4;
  for (std::uint64_t id = 1; id <= labels; ++id) image.labels.push_back(label_of(rng, id));
  const std::string session = "session" + std::to_string(index / 2);
  image.lineage = {{"photo", "photo" + std::to_string(index), "", "CC0-1.0"},
                   {"session", session, "", ""}};
  image.train_only = index % 6 == 5;
  if (image.train_only) image.labels[0].weight = 0.5;
  return image;
}

Sample sample_of(std::uint64_t index) {
  const LabelledImage image = image_of(index);
  Image<Rgba8> color(kWidth, kHeight, Rgba8(90, 120, 40, 255));
  Rng rng(12, index, "tests/verify/pixels");
  for (Rgba8& pixel : color.pixels) pixel.r = static_cast<std::uint8_t>(rng.below(256));
  Sample sample;
  sample.index = index;
  sample.files = {{"images/" + image.name + ".jpg",
                   jpeg_from(ImageView<Rgba8>{kWidth, kHeight, color.pixels}, 90, true)}};
  sample.coco = coco_of(image, info_of(), index, sample.files[0].path);
  Json objects = Json::array();
  for (const Label& label : image.labels) {
    const Rect& b = label.box;
    Json object = {
        {"id", label.id},       {"class", label.class_id}, {"box", {b.x0, b.y0, b.x1, b.y1}},
        {"area", label.area()}, {"crowd", label.crowd},    {"hard", label.hard}};
    if (label.weight != 1) object["weight"] = label.weight;
    if (label.visible_fraction) object["visible_fraction"] = *label.visible_fraction;
    objects.push_back(std::move(object));
    ++sample.ledger[label.class_id].placed;
    ++sample.ledger[label.class_id].labelled;
  }
  Json lineage = Json::array();
  for (const Ingredient& part : image.lineage) {
    lineage.push_back({{"kind", part.kind}, {"name", part.name}, {"licence", part.licence}});
  }
  sample.manifest = {{"index", index},
                     {"seed", 7},
                     {"recipe_hash", "recipe"},
                     {"train_only", image.train_only},
                     {"width", kWidth},
                     {"height", kHeight},
                     {"objects", objects},
                     {"lineage", lineage},
                     {"track", "real_only"},
                     {"files", {{sample.files[0].path, sha256_hex(sample.files[0].bytes)}}}};
  return sample;
}

}  // namespace

void make_clean_dataset(const fs::path& folder, Pack pack) {
  DatasetPlan plan{{{"what", "a test"}, {"tracks", {{"out_of_scope", Json::array()}}}},
                   "recipe",
                   7,
                   kImages,
                   5,
                   info_of().classes,
                   info_of().keypoints};
  plan.pack = pack;
  Dataset dataset(folder, plan);
  for (std::uint64_t chunk = 0; chunk < dataset.chunks(); ++chunk) {
    std::vector<Sample> samples;
    const IndexRun run = dataset.indices(chunk);
    for (std::uint64_t i = run.first; i < run.last; ++i) samples.push_back(sample_of(i));
    dataset.commit(chunk, samples);
  }
  dataset.finish();
  std::vector<SplitItem> items;
  const std::unique_ptr<Source> source = open_orrery_dataset(folder);
  while (const std::optional<LabelledImage> image = source->next()) {
    items.push_back(split_item_of(*image));
  }
  SplitRules rules;
  rules.parts = equal_folds(2);
  rules.allow_rare = true;
  write_folds(folder, partition(items, info_of().classes, rules), items, info_of().classes, rules);
}

void add_format(const fs::path& dataset, const std::string& format) {
  const std::unique_ptr<Source> source = open_orrery_dataset(dataset);
  const fs::path folder = dataset / "formats" / format;
  fs::create_directories(folder);
  SinkOptions options;
  options.weights = WeightRule::drop;
  const std::unique_ptr<Sink> sink = open_sink(format, folder, source->info(), options);
  while (std::optional<LabelledImage> image = source->next()) {
    image->split = image->train_only || image->name < "00000008" ? "train" : "val";
    sink->add(*image);
  }
  sink->finish();
}

std::uint64_t Verdict::count(const std::string& rule) const {
  return json.at("rules").value(rule, std::uint64_t{0});
}

std::string Verdict::rules() const {
  std::string all;
  for (const auto& [rule, count] : json.at("rules").items()) all += (all.empty() ? "" : " ") + rule;
  return all;
}

std::string Verdict::where(const std::string& rule) const {
  for (const Json& finding : json.at("findings")) {
    if (finding.at("rule") == rule) return finding.at("where");
  }
  return {};
}

Verdict verify(const fs::path& dataset, const std::string& consumer) {
  std::ostringstream out;
  Verdict verdict;
  verdict.status = run_verify({dataset, consumer, true}, out);
  verdict.json = Json::parse(out.str());
  CHECK((verdict.status == 0) == verdict.json.at("rules").empty());
  return verdict;
}

std::string text_of(const fs::path& file) {
  std::ostringstream text;
  text << std::ifstream(file, std::ios::binary).rdbuf();
  return text.str();
}

void write_text_over(const fs::path& file, const std::string& text) {
  fs::remove(file);
  std::ofstream(file, std::ios::binary) << text;
}

void replace_in(const fs::path& file, const std::string& from, const std::string& to) {
  std::string text = text_of(file);
  const std::size_t at = text.find(from);
  REQUIRE_MESSAGE(at != std::string::npos, file.string(), " has no ", from);
  write_text_over(file, text.replace(at, from.size(), to));
}

void change_annotation(const fs::path& dataset, std::uint64_t id,
                       const std::function<void(Json&)>& change) {
  const fs::path file = dataset / "annotations/instances_default.json";
  std::istringstream in(text_of(file));
  const std::string start = "{\"id\":" + std::to_string(id) + ",\"image_id\"";
  std::string out;
  bool changed = false;
  for (std::string line; std::getline(in, line); out += line + "\n") {
    if (!line.starts_with(start)) continue;
    const bool comma = line.ends_with(',');
    Json annotation = Json::parse(comma ? line.substr(0, line.size() - 1) : line);
    change(annotation);
    line = annotation.dump() + (comma ? "," : "");
    changed = true;
  }
  REQUIRE(changed);
  write_text_over(file, out);
}

std::function<void(const fs::path&)> replacing(const std::string& file, const std::string& from,
                                               const std::string& to) {
  return [=](const fs::path& folder) { replace_in(folder / file, from, to); };
}

void check_format_faults(const std::string& format, const std::string& consumer,
                         const std::vector<Fault>& faults) {
  const TemporaryFolder scratch;
  const fs::path dataset = scratch.path / "dataset";
  make_clean_dataset(dataset);
  add_format(dataset, format);
  CHECK(verify(dataset, consumer).json.at("findings").dump(1) == "[]");
  const fs::path clean = scratch.path / "clean";
  const fs::path folder = dataset / "formats" / format;
  fs::rename(folder, clean);
  for (const Fault& fault : faults) {
    fs::remove_all(folder);
    fs::copy(clean, folder, fs::copy_options::recursive);
    fault.plant(folder);
    const Verdict verdict = verify(dataset, consumer);
    CHECK_MESSAGE(verdict.count(fault.rule) > 0, format, ": ", fault.what, ": found only ",
                  verdict.rules());
    CHECK(verify(dataset).status == 0);  // it is the format that is wrong
  }
}

void hash_again(const fs::path& dataset) {
  Json json = Json::parse(text_of(dataset / "dataset.json"));
  json["dataset_hash"] = sha256_of_file(dataset / "manifest.jsonl");
  write_text_over(dataset / "dataset.json", json.dump(2) + "\n");
}

}  // namespace orrery::testing
