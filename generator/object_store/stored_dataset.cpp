#include "generator/object_store/stored_dataset.hpp"

#include <algorithm>
#include <charconv>
#include <set>
#include <span>
#include <system_error>
#include <utility>

#include "generator/chunk_files.hpp"
#include "generator/chunk_record.hpp"
#include "generator/chunk_shard.hpp"
#include "generator/whole_file.hpp"
#include "scenes/error.hpp"

namespace orrery {
namespace {

namespace fs = std::filesystem;

constexpr const char* kDescription = "dataset.json";
constexpr const char* kPlan = ".chunks/plan.json";
constexpr const char* kChunks = ".chunks";

/// Files of a chunk whose record lies in `folder`.
std::vector<std::string> files_of_chunk(const fs::path& folder, std::uint64_t chunk) {
  RecordReader reader(folder / record_path(chunk));
  const Json origin = reader.origin();
  if (origin.value("archive_bytes", std::uint64_t{0}) > 0) return {shard_path(chunk)};
  const auto last = origin.at("last").get<std::uint64_t>();
  std::vector<std::string> files;
  for (auto index = origin.at("first").get<std::uint64_t>(); index < last; ++index) {
    for (auto& [path, size] : reader.next(index).files) files.push_back(path);
  }
  return files;
}

}  // namespace

std::optional<std::uint64_t> chunk_of_record(const std::string& path) {
  std::uint64_t chunk = 0;
  const std::size_t start = path.rfind('/') + 1;
  const auto [end, fault] = std::from_chars(path.data() + start, path.data() + path.size(), chunk);
  if (fault != std::errc() || record_path(chunk) != path) return std::nullopt;
  return chunk;
}

StoredDataset::StoredDataset(const StoreAddress& address, const fs::path& place)
    : store_(address),
      scratch_(place.empty() ? default_scratch() : place),
      // The report and the program's messages show the folder's name.
      folder_(scratch_.path() / fs::path(address.url()).filename()) {
  create_folder(folder_ / kChunks);
}

void StoredDataset::open(Machine& machine) {
  const std::vector<StoredObject> top = store_.list("", false);
  const auto there = [&top](const char* path) {
    return std::any_of(top.begin(), top.end(),
                       [path](const StoredObject& object) { return object.path == path; });
  };
  std::set<std::uint64_t> done;
  if (there(kDescription)) {
    store_.get({kDescription}, folder_);
  } else if (there(".chunks/")) {
    for (const StoredObject& object : store_.list(kChunks, true)) {
      const std::optional<std::uint64_t> chunk = chunk_of_record(object.path);
      if (chunk && object.size > 0) done.insert(*chunk);
      planned_ = planned_ || object.path == kPlan;
    }
    if (planned_) store_.get({kPlan}, folder_);
  } else if (!top.empty()) {
    throw Error(store_.url() + ": holds " + top.front().path +
                " and no dataset, wanted nothing there or a dataset");
  }
  machine.share.elsewhere = std::move(done);
  machine.on_begin = [this] { put_plan(); };
  machine.on_commit = [this](std::uint64_t chunk) { hand_over(chunk); };
}

void StoredDataset::put_plan() {
  if (planned_) return;
  store_.put(folder_, {kPlan});
  // Of several that begin together the last decides. They differ only if their commands do.
  const fs::path other = scratch_.path() / "plan";
  store_.get({kPlan}, other);
  if (read_json(other / kPlan) != read_json(folder_ / kPlan)) {
    throw Error(store_.url() + ": another dataset is being begun here, wanted the same command");
  }
  planned_ = true;
}

void StoredDataset::hand_over(std::uint64_t chunk) const {
  const std::string record = record_path(chunk);
  const std::vector<std::string> files = files_of_chunk(folder_, chunk);
  const std::optional<StoredObject> there = store_.find(record);
  if (!there || there->size == 0) {  // else another was faster, and a chunk is of one attempt
    store_.put(folder_, files);
    store_.put(folder_, {record});
  }
  fs::remove(folder_ / record);
  for (const std::string& file : files) fs::remove(folder_ / file);
}

void StoredDataset::put_failures() const noexcept {
  try {
    std::vector<std::string> notes;
    for (const fs::directory_entry& entry : fs::directory_iterator(folder_ / kChunks)) {
      const std::string name = entry.path().filename().string();
      if (name.starts_with("failed-")) notes.push_back(std::string(kChunks) + "/" + name);
    }
    store_.put(folder_, notes);
  } catch (const std::exception&) {
    // What failed is told by whoever calls.
  }
}

Error StoredDataset::of_dataset(const Error& error) const {
  std::string text = error.what();
  if (error.exit() == Exit::io) return error;  // the folder itself may be what fails
  const std::string folder = folder_.string();
  for (std::size_t at = 0; (at = text.find(folder, at)) != std::string::npos;) {
    text.replace(at, folder.size(), store_.url());
    at += store_.url().size();
  }
  return Error(text, error.exit());
}

}  // namespace orrery
