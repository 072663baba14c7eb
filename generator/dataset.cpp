#include "generator/dataset.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <fstream>
#include <map>
#include <set>
#include <system_error>
#include <utility>

#include "generator/chunk_record.hpp"
#include "generator/manifest.hpp"
#include "generator/sinks/coco.hpp"
#include "generator/sinks/panoptic.hpp"
#include "generator/whole_file.hpp"
#include "scenes/error.hpp"
#include "scenes/sha256.hpp"

namespace orrery {
namespace {

namespace fs = std::filesystem;

constexpr const char* kTool = "orrery " ORRERY_VERSION;
constexpr const char* kAnnotations = "annotations/instances_default.json";
constexpr const char* kPanoptic = "annotations/panoptic_default.json";

void create_folder(const fs::path& folder) {
  std::error_code why;
  fs::create_directories(folder, why);
  if (why) throw Error(folder.string() + ": cannot be created: " + why.message(), Exit::io);
}

Json read_json(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in) throw Error(file.string() + ": cannot be opened, wanted a JSON file", Exit::io);
  Json json = Json::parse(in, nullptr, false);
  if (!json.is_object()) {
    throw Error(file.string() + ": is no JSON object, wanted what orrery wrote there", Exit::io);
  }
  return json;
}

void write_json(const fs::path& file, const Json& json, const fs::path& aside) {
  WholeFile out(file, aside);
  out.write(json.dump(2) + "\n");
  out.commit();
}

/// A folder of our own among the chunks, gone when we are done with it.
struct Staging {
  fs::path folder;
  explicit Staging(fs::path path) : folder(std::move(path)) {
    std::error_code why;
    // Not its parents: if they are gone, somebody else has finished the dataset.
    fs::create_directory(folder, why);
    if (why) throw Error(folder.string() + ": cannot be created: " + why.message(), Exit::io);
  }
  ~Staging() {
    std::error_code ignored;  // what stays is removed by whoever opens the dataset next
    fs::remove_all(folder, ignored);
  }
  Staging(const Staging&) = delete;
  Staging& operator=(const Staging&) = delete;
};

void write_aside(const fs::path& file, std::span<const std::byte> bytes) {
  std::FILE* out = std::fopen(file.c_str(), "wbx");
  const bool written =
      out != nullptr && std::fwrite(bytes.data(), 1, bytes.size(), out) == bytes.size();
  const bool closed = out != nullptr && std::fclose(out) == 0;
  if (written && closed) return;
  const std::error_code why(errno, std::generic_category());
  throw Error(file.string() + ": cannot be written: " + why.message(), Exit::io);
}

/// One class's line of the ledger, balanced.
Json balanced(const std::string& name, const Tally& tally, std::uint64_t written,
              std::uint64_t reread) {
  std::uint64_t dropped = 0;
  for (const auto& [rule, count] : tally.dropped) dropped += count;
  const auto require = [&](const char* what, std::uint64_t found, std::uint64_t wanted) {
    if (found == wanted) return;
    throw Error("ledger: class \"" + name + "\": " + what + " is " + std::to_string(found) +
                    ", wanted " + std::to_string(wanted),
                Exit::bug);
  };
  require("labelled + dropped", tally.labelled + dropped, tally.placed);
  require("written", written, tally.labelled);
  require("re-read", reread, written);
  Json by_rule = Json::object();
  for (const auto& [rule, count] : tally.dropped) by_rule[rule] = count;
  return {{"class", name},      {"placed", tally.placed}, {"labelled", tally.labelled},
          {"dropped", by_rule}, {"written", written},     {"reread", reread}};
}

/// The whole ledger, a line a class.
Json balanced_lines(const Ledger& ledger, const std::map<std::uint64_t, std::uint64_t>& written,
                    const CocoCounts& reread, const DatasetPlan& plan) {
  if (reread.images != plan.count) {
    throw Error("ledger: " + std::to_string(reread.images) + " images re-read, wanted " +
                    std::to_string(plan.count),
                Exit::bug);
  }
  for (const auto& [class_id, tally] : ledger) {
    if (class_id < plan.classes.size()) continue;
    throw Error("ledger: class " + std::to_string(class_id) + " is placed, wanted one of " +
                    std::to_string(plan.classes.size()),
                Exit::bug);
  }
  const auto count_in = [](const auto& counts, std::uint64_t category) {
    const auto found = counts.find(category);
    return found == counts.end() ? 0 : found->second;
  };
  Json lines = Json::array();
  for (std::uint32_t id = 0; id < plan.classes.size(); ++id) {
    const auto tally = ledger.find(id);
    lines.push_back(balanced(plan.classes[id], tally == ledger.end() ? Tally{} : tally->second,
                             count_in(written, id + 1), count_in(reread.annotations, id + 1)));
  }
  return lines;
}

}  // namespace

Dataset::Dataset(fs::path folder, DatasetPlan plan)
    : folder_(std::move(folder)), chunks_(folder_ / ".chunks"), plan_(std::move(plan)) {
  if (plan_.chunk_size == 0) throw Error("chunk size: found 0, wanted at least 1");
  if (fs::exists(folder_ / "dataset.json")) {
    const Json found = read_json(folder_ / "dataset.json");
    require_same("dataset.json", found, identity());
    hash_ = found.at("dataset_hash").get<std::string>();
    std::error_code ignored;  // of no use any more; a process that came too late may still be there
    fs::remove_all(chunks_, ignored);
    return;
  }
  if (!fs::exists(chunks_ / "plan.json")) create();
  const Json found = read_json(chunks_ / "plan.json");
  Json wanted = identity();
  wanted["tool"] = kTool;
  require_same(".chunks/plan.json", found, wanted);
  plan_.chunk_size = found.at("chunk_size").get<std::uint64_t>();
  remove_abandoned();
  for (std::uint64_t chunk = 0; chunk < chunks(); ++chunk) {
    if (has(chunk) && is_damaged(chunk)) {
      std::error_code ignored;  // another process may be removing it too
      fs::remove(record(chunk), ignored);
      ++damaged_;
    }
  }
}

Json Dataset::identity() const {
  return {{"recipe_hash", plan_.recipe_hash},
          {"seed", plan_.seed},
          {"count", plan_.count},
          {"classes", plan_.classes}};
}

void Dataset::require_same(const fs::path& file, const Json& found, const Json& wanted) const {
  for (const auto& [key, value] : wanted.items()) {
    const Json there = found.contains(key) ? found.at(key) : Json();
    if (there == value) continue;
    throw Error((folder_ / file).string() + ": another dataset is here: its " + key + " is " +
                there.dump() + ", this run's is " + value.dump() +
                "; wanted the same, or another folder");
  }
}

void Dataset::create() {
  create_folder(folder_);
  for (const fs::directory_entry& entry : fs::directory_iterator(folder_)) {
    if (entry.path() == chunks_) continue;  // a run that was killed before it had a plan
    throw Error(folder_.string() + ": holds " + entry.path().filename().string() +
                " and no dataset, wanted an empty folder or a dataset");
  }
  create_folder(chunks_);
  Json json = {{"tool", kTool}};
  json.update(identity());
  json["chunk_size"] = plan_.chunk_size;
  json["recipe"] = plan_.recipe;
  WholeFile file(chunks_ / "plan.json");
  file.write(json.dump(2) + "\n");
  file.commit_new();  // of several processes that start together, the first decides
}

void Dataset::remove_abandoned() const {
  for (const fs::directory_entry& entry : fs::directory_iterator(chunks_)) {
    std::error_code ignored;  // another process may be removing it too
    if (is_abandoned(entry.path().filename().string())) fs::remove_all(entry.path(), ignored);
  }
}

std::optional<std::string> Dataset::hash_on_disk() const {
  if (!fs::exists(folder_ / "dataset.json")) return std::nullopt;
  return read_json(folder_ / "dataset.json").at("dataset_hash").get<std::string>();
}

std::uint64_t Dataset::chunks() const {
  return (plan_.count + plan_.chunk_size - 1) / plan_.chunk_size;
}

IndexRun Dataset::indices(std::uint64_t chunk) const {
  const std::uint64_t first = chunk * plan_.chunk_size;
  return {std::min(first, plan_.count), std::min(first + plan_.chunk_size, plan_.count)};
}

fs::path Dataset::record(std::uint64_t chunk) const {
  std::string name = std::to_string(chunk);
  name.insert(0, 8 - std::min<std::size_t>(8, name.size()), '0');
  return chunks_ / (name + ".jsonl");
}

fs::path Dataset::staging(const std::string& purpose) const {
  return chunks_ / (purpose + "." + unique_name());
}

bool Dataset::has(std::uint64_t chunk) const {
  return hash_.has_value() || fs::exists(record(chunk));
}

bool Dataset::is_damaged(std::uint64_t chunk) const {
  const IndexRun run = indices(chunk);
  try {
    RecordReader reader(record(chunk));
    for (std::uint64_t index = run.first; index < run.last; ++index) {
      for (const auto& [path, size] : reader.next(index).files) require_file(folder_ / path, size);
    }
  } catch (const Error&) {
    return true;
  }
  return false;
}

void Dataset::commit(std::uint64_t chunk, std::span<const Sample> samples) {
  const IndexRun run = indices(chunk);
  bool complete = samples.size() == run.last - run.first;
  for (std::size_t i = 0; i < samples.size(); ++i) {
    complete = complete && samples[i].index == run.first + i;
  }
  if (!complete) {
    throw Error("chunk " + std::to_string(chunk) + ": its samples are not " +
                    std::to_string(run.first) + " to " + std::to_string(run.last) + " in order",
                Exit::bug);
  }
  if (has(chunk)) return;
  try {
    write_chunk(chunk, samples);
  } catch (const Error&) {
    // Another process may have committed this chunk, and even finished, in the meantime.
    if (!has(chunk) && !hash_on_disk()) throw;
  }
}

void Dataset::write_chunk(std::uint64_t chunk, std::span<const Sample> samples) const {
  const Staging staging(this->staging(record(chunk).stem().string()));
  std::vector<std::pair<fs::path, fs::path>> moves;
  std::set<fs::path> folders;
  for (const Sample& sample : samples) {
    for (const EncodedFile& file : sample.files) {
      const fs::path target = folder_ / file.path;
      moves.emplace_back(staging.folder / std::to_string(moves.size()), target);
      write_aside(moves.back().first, file.bytes);
      if (folders.insert(target.parent_path()).second) create_folder(target.parent_path());
    }
  }
  for (const auto& [from, to] : moves) move_into_place(from, to);
  // Nothing is synced here: a sync for every chunk would cost more than the chunk. What a power cut
  // empties is found when the dataset is opened again, by sizes and by records that end too early.
  std::string text;
  for (const Sample& sample : samples) text += record_of(sample);
  const fs::path aside = staging.folder / "record";
  write_aside(aside, std::as_bytes(std::span(text)));
  move_into_place(aside, record(chunk));
}

std::string Dataset::finish() {
  if (hash_) return *hash_;
  try {
    hash_ = merge();
  } catch (const Error&) {
    hash_ = hash_on_disk();  // another process may have been faster
    if (!hash_) throw;
  }
  std::error_code ignored;  // removed by whoever opens the dataset next
  fs::remove_all(chunks_, ignored);
  return *hash_;
}

template <class ForEachRecord>
void Dataset::write_panoptic(const ForEachRecord& for_each_record, const fs::path& aside) const {
  WholeFile file(folder_ / kPanoptic, aside);
  PanopticWriter writer(file, plan_.classes);
  for_each_record([&](const SampleRecord& record) { writer.add_image(record.image); });
  for_each_record([&](const SampleRecord& record) {
    if (record.panoptic.empty()) throw Error("a chunk's record lacks segments", Exit::io);
    writer.add_annotation(record.panoptic);
  });
  writer.finish();
  file.commit();
  const std::uint64_t images = counts_of_coco(folder_ / kPanoptic).images;
  if (images == plan_.count) return;
  throw Error("panoptic file: " + std::to_string(images) + " images re-read, wanted " +
                  std::to_string(plan_.count),
              Exit::bug);
}

std::string Dataset::merge() const {
  for (std::uint64_t chunk = 0; chunk < chunks(); ++chunk) {
    if (has(chunk)) continue;
    throw Error(folder_.string() + ": chunk " + std::to_string(chunk) + " of " +
                    std::to_string(chunks()) + " is missing, wanted all before finishing",
                Exit::bug);
  }
  const Staging staging(this->staging("finish"));
  create_folder(folder_ / "annotations");
  Ledger ledger;
  PlacementCount placement;
  std::map<std::uint64_t, std::uint64_t> written;
  Sha256 hash;
  WholeFile manifest(folder_ / "manifest.jsonl", staging.folder);
  WholeFile coco_file(folder_ / kAnnotations, staging.folder);
  CocoWriter coco(coco_file, plan_.classes, plan_.keypoints);
  const auto for_each_record = [this](const auto& take) {
    for (std::uint64_t chunk = 0; chunk < chunks(); ++chunk) {
      const IndexRun run = indices(chunk);
      RecordReader reader(record(chunk));
      for (std::uint64_t index = run.first; index < run.last; ++index) take(reader.next(index));
    }
  };
  for_each_record([&](const SampleRecord& record) {
    for (const auto& [path, size] : record.files) require_file(folder_ / path, size);
    add(ledger, record.ledger);
    placement.wanted += record.placement.wanted;
    placement.redrawn += record.placement.redrawn;
    placement.left_out += record.placement.left_out;
    hash.add(record.manifest + "\n");
    manifest.write(record.manifest + "\n");
    coco.add_image(record.image);
  });
  for_each_record([&](const SampleRecord& record) {
    for (const std::string& annotation : record.annotations) coco.add_annotation(annotation);
    for (const std::uint64_t category : record.categories) ++written[category];
  });
  coco.finish();
  if (plan_.panoptic) write_panoptic(for_each_record, staging.folder);
  manifest.commit();
  coco_file.commit();

  const Json lines = balanced_lines(ledger, written, counts_of_coco(folder_ / kAnnotations), plan_);
  const std::string hex = hash.hex();
  Json json = {{"tool", kTool}, {"dataset_hash", hex}};
  json.update(identity());
  json["ledger"] = lines;
  if (placement.wanted > 0) json["placement"] = json_of(placement);  // not of turntables
  json["recipe"] = plan_.recipe;
  sync_file_system(folder_);  // "finished" is said of what no power cut can take back
  write_json(folder_ / "dataset.json", json, staging.folder);
  return hex;
}

}  // namespace orrery
