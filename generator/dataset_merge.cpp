// Chunks become a dataset.

#include <map>
#include <system_error>

#include "generator/chunk_files.hpp"
#include "generator/chunk_shard.hpp"
#include "generator/dataset.hpp"
#include "generator/dataset_provenance.hpp"
#include "generator/manifest.hpp"
#include "generator/sinks/coco.hpp"
#include "generator/sinks/panoptic.hpp"
#include "generator/whole_file.hpp"
#include "scenes/error.hpp"
#include "scenes/sha256.hpp"

namespace orrery {
namespace {

namespace fs = std::filesystem;

constexpr const char* kAnnotations = "annotations/instances_default.json";
constexpr const char* kPanoptic = "annotations/panoptic_default.json";

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

/// Chunks of several recipes, seeds or versions would make a dataset that nothing makes again.
void require_same_making(const fs::path& record, const Json& origin, const DatasetPlan& plan) {
  const Json wanted = {
      {"tool", tool_name()}, {"recipe_hash", plan.recipe_hash}, {"seed", plan.seed}};
  for (const auto& [key, value] : wanted.items()) {
    const Json found = origin.contains(key) ? origin.at(key) : Json();
    if (found == value) continue;
    throw Error(record.string() + ": its " + key + " is " + found.dump() + ", wanted " +
                value.dump() + " as the other chunks; remove it, and it is made anew");
  }
}

}  // namespace

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
  if (const std::vector<std::uint64_t> lacking = missing(); !lacking.empty()) {
    throw Error(folder_.string() + ": chunk " + text_of_chunks(lacking) + " of " +
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
  const auto for_each_of_all = [this](const auto& at_chunk, const auto& take) {
    for (std::uint64_t chunk = 0; chunk < chunks(); ++chunk) {
      const IndexRun run = indices(chunk);
      RecordReader reader(record(chunk));
      at_chunk(chunk, reader);
      for (std::uint64_t i = run.first; i < run.last; ++i) take(reader.next(i), i);
    }
  };
  const auto for_each_record = [&for_each_of_all](const auto& take) {
    for_each_of_all([](std::uint64_t, RecordReader& reader) { reader.origin(); },
                    [&](const SampleRecord& record, std::uint64_t) { take(record); });
  };
  DatasetProvenance provenance;
  const auto at_chunk = [&](std::uint64_t chunk, RecordReader& reader) {
    const Json origin = reader.origin();
    require_same_making(record(chunk), origin, plan_);
    require_packed(chunk, origin);
    provenance.add_chunk(chunk, origin, reader.assets());
  };
  for_each_of_all(at_chunk, [&](const SampleRecord& record, std::uint64_t index) {
    require_loose(record);
    add(ledger, record.ledger);
    placement.wanted += record.placement.wanted;
    placement.redrawn += record.placement.redrawn;
    placement.left_out += record.placement.left_out;
    provenance.add_sample(index, record.substitute);
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
  Json json = {{"tool", tool_name()}, {"dataset_hash", hex}};
  json.update(identity_of(plan_));
  json["pack"] = name_of(plan_.pack);
  if (plan_.pack == Pack::tar) json["chunk_size"] = plan_.chunk_size;  // archives are of chunks
  json["ledger"] = lines;
  if (placement.wanted > 0) json["placement"] = json_of(placement);  // not of turntables
  if (provenance.substitutes() > 0) json["substitutes"] = provenance.substitutes();
  json["recipe"] = plan_.recipe;
  WholeFile makers(folder_ / "provenance.json", staging.folder);
  makers.write(provenance.json(plan_, hex).dump(2, ' ', false, Json::error_handler_t::replace) +
               "\n");
  makers.commit();
  sync_file_system(folder_);  // "finished" is said of what no power cut can take back
  WholeFile description(folder_ / "dataset.json", staging.folder);
  description.write(json.dump(2) + "\n");
  description.commit();
  return hex;
}

}  // namespace orrery
