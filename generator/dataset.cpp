#include "generator/dataset.hpp"

#include <set>
#include <system_error>
#include <utility>

#include "generator/chunk_files.hpp"
#include "generator/chunk_record.hpp"
#include "generator/chunk_shard.hpp"
#include "generator/whole_file.hpp"
#include "scenes/error.hpp"

namespace orrery {
namespace fs = std::filesystem;

Dataset::Dataset(fs::path folder, DatasetPlan plan, const ChunkChoice& share, RequireFile require)
    : folder_(std::move(folder)),
      chunks_(folder_ / ".chunks"),
      plan_(std::move(plan)),
      require_(std::move(require)) {
  if (!require_) {
    require_ = [in = folder_](const std::string& path, std::uint64_t size) {
      require_file(in / path, size);
    };
  }
  if (plan_.chunk_size == 0) throw Error("chunk size: found 0, wanted at least 1");
  if (fs::exists(folder_ / "dataset.json")) {
    const Json found = read_json(folder_ / "dataset.json");
    require_same("dataset.json", found, identity_of(plan_));
    hash_ = found.at("dataset_hash").get<std::string>();
    std::error_code ignored;  // of no use any more; a process that came too late may still be there
    fs::remove_all(chunks_, ignored);
    return;
  }
  if (!fs::exists(chunks_ / "plan.json")) create();
  const Json found = read_json(chunks_ / "plan.json");
  Json wanted = identity_of(plan_);
  wanted["tool"] = tool_name();
  require_same(".chunks/plan.json", found, wanted);
  plan_.chunk_size = found.at("chunk_size").get<std::uint64_t>();
  plan_.pack = pack_in(found);
  remove_abandoned();
  for (std::uint64_t chunk = 0; chunk < chunks(); ++chunk) {
    if (share.holds(chunk) && has(chunk) && is_damaged(chunk)) {
      std::error_code ignored;  // another process may be removing it too
      fs::remove(record(chunk), ignored);
      ++damaged_;
    }
  }
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
  WholeFile file(chunks_ / "plan.json");
  file.write(json_from(plan_).dump(2) + "\n");
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

std::uint64_t Dataset::chunks() const { return chunks_of(plan_); }

IndexRun Dataset::indices(std::uint64_t chunk) const { return indices_of(plan_, chunk); }

bool Dataset::any_chunk() const {
  std::error_code none;
  for (fs::directory_iterator entry(chunks_, none), end; !none && entry != end;
       entry.increment(none)) {
    if (entry->path().extension() == ".jsonl") return true;
  }
  return hash_.has_value();
}

std::vector<std::uint64_t> Dataset::missing() const {
  std::vector<std::uint64_t> chunks;
  for (std::uint64_t chunk = 0; chunk < this->chunks(); ++chunk) {
    if (!has(chunk)) chunks.push_back(chunk);
  }
  return chunks;
}

fs::path Dataset::record(std::uint64_t chunk) const { return folder_ / record_path(chunk); }

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
    const Json origin = reader.origin();
    require_packed(chunk, origin);
    for (std::uint64_t index = run.first; index < run.last; ++index) {
      require_loose(reader.next(index));
    }
  } catch (const Damaged&) {
    return true;
  }
  return false;
}

void Dataset::require_packed(std::uint64_t chunk, const Json& origin) const {
  if (plan_.pack != Pack::tar) return;
  require_(shard_path(chunk), origin.value("archive_bytes", std::uint64_t{0}));
}

void Dataset::require_loose(const SampleRecord& sample) const {
  if (plan_.pack == Pack::tar) return;
  for (const auto& [path, size] : sample.files) require_(path, size);
}

void Dataset::commit(std::uint64_t chunk, std::span<const Sample> samples,
                     const ChunkOrigin& origin) {
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
    write_chunk(chunk, samples, origin);
  } catch (const Error&) {
    // Another process may have committed this chunk, and even finished, in the meantime.
    if (!has(chunk) && !hash_on_disk()) throw;
  }
}

std::unique_ptr<Staging> Dataset::begin(std::uint64_t chunk) const {
  try {
    return std::make_unique<Staging>(staging(record(chunk).stem().string()));
  } catch (const Error&) {
    if (hash_on_disk()) return nullptr;
    throw;
  }
}

void Dataset::note_failure(std::uint64_t chunk, const std::string& why) const noexcept {
  try {
    const fs::path note =
        chunks_ / ("failed-" + record(chunk).stem().string() + "-" + unique_name() + ".json");
    const std::string text = Json{{"chunk", chunk}, {"why", why}}.dump();
    write_whole_file(note, std::as_bytes(std::span(text)));
  } catch (const std::exception&) {
    // What failed is told by whoever calls; the note is for others, and the disk may be what fails.
  }
}

void Dataset::write_chunk(std::uint64_t chunk, std::span<const Sample> samples,
                          ChunkOrigin origin) const {
  const Staging staging(this->staging(record(chunk).stem().string()));
  std::vector<std::pair<fs::path, fs::path>> moves;
  std::set<fs::path> folders;
  // Durable before it is moved: a power cut may take a record back, but never what it speaks of.
  const auto add_file = [&](const fs::path& target, const auto& write) {
    if (folders.insert(target.parent_path()).second) create_folder(target.parent_path());
    WholeFile file(target, staging.folder);
    write(file);
    moves.emplace_back(file.leave_aside(), target);
  };
  if (plan_.pack == Pack::tar) {
    add_file(folder_ / shard_path(chunk),
             [&](WholeFile& shard) { origin.archive_bytes = write_shard(shard, samples); });
  } else {
    for (const Sample& sample : samples) {
      for (const EncodedFile& file : sample.files) {
        add_file(folder_ / file.path, [&](WholeFile& out) { out.write(std::span(file.bytes)); });
      }
    }
  }
  // Writing took its time; what another attempt has made whole since stays of one piece.
  if (fs::exists(record(chunk)) || hash_on_disk()) return;
  for (const auto& [from, to] : moves) move_into_place(from, to);
  for (const fs::path& folder : folders) sync_folder(folder);
  WholeFile whole(record(chunk), staging.folder);
  whole.write(origin_lines(plan_, chunk, origin, samples));
  for (const Sample& sample : samples) whole.write(record_of(sample));
  whole.commit();
}

}  // namespace orrery
