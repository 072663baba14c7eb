#include "generator/object_store/stored_finish.hpp"

#include <algorithm>
#include <ostream>
#include <set>
#include <string_view>
#include <unordered_map>

#include "generator/chunk_files.hpp"
#include "generator/dataset.hpp"
#include "generator/mix/mix_generate.hpp"
#include "generator/report.hpp"
#include "scenes/error.hpp"

namespace orrery {
namespace {

namespace fs = std::filesystem;

constexpr const char* kWhole = "dataset.json";
constexpr const char* kBegun = ".chunks/plan.json";
/// Objects that are asked for one by one where a listing lacks them or has another size.
constexpr int kLookups = 256;

/// Sizes of all objects below the dataset.
using Sizes = std::unordered_map<std::string, std::uint64_t>;

Sizes sizes_of(const std::vector<StoredObject>& objects) {
  Sizes sizes;
  for (const StoredObject& object : objects) sizes[object.path] = object.size;
  return sizes;
}

/// Holds files to a listing; some stores list late what was put lately, so doubts are looked into.
RequireFile required_in(const ObjectStore& store, Sizes& sizes) {
  return [&store, &sizes, lookups = kLookups](const std::string& path, std::uint64_t size) mutable {
    auto found = sizes.find(path);
    if ((found == sizes.end() || found->second != size) && lookups-- > 0) {
      if (const auto object = store.find(path)) sizes[path] = object->size;
      found = sizes.find(path);
    }
    if (found != sizes.end() && found->second == size) return;
    throw Damaged(store.url() + "/" + path + ": " +
                  (found == sizes.end() ? std::string("is not there")
                                        : "has " + std::to_string(found->second) + " bytes") +
                  ", wanted " + std::to_string(size) + " bytes");
  };
}

/// What finish adds: never taken from an earlier attempt, which may have been killed.
bool is_derived(std::string_view path) {
  for (const char* folder : {".chunks/", "annotations/", "formats/", "folds/"}) {
    if (path.starts_with(folder)) return true;
  }
  for (const char* file :
       {"manifest.jsonl", "provenance.json", "folds.json", "report.html", kWhole}) {
    if (path == file) return true;
  }
  return false;
}

/// The samples' own files.
std::set<std::string> files_of_samples(const Sizes& sizes) {
  std::set<std::string> files;
  for (const auto& [path, size] : sizes) {
    if (!is_derived(path)) files.insert(path);
  }
  return files;
}

void fetch_files(const ObjectStore& store, const std::set<std::string>& files,
                 const fs::path& folder) {
  store.get({files.begin(), files.end()}, folder);
}

/// All files below the folder, but for those of `except`, in order.
std::vector<std::string> files_in_scratch(const fs::path& folder,
                                          const std::set<std::string>& except) {
  std::vector<std::string> files;
  for (const fs::directory_entry& entry : fs::recursive_directory_iterator(folder)) {
    const std::string path = entry.path().lexically_relative(folder).string();
    if (entry.is_regular_file() && !except.contains(path)) files.push_back(path);
  }
  std::sort(files.begin(), files.end());
  return files;
}

std::string hash_in(const fs::path& folder) {
  return read_json(folder / kWhole).at("dataset_hash").get<std::string>();
}

/// Splits, formats and the report, from a dataset that is whole but for its files.
void complete_stored(const StoredDataset& dataset, const Sizes& sizes, std::ostream& say) {
  const ObjectStore& store = dataset.store();
  const fs::path& folder = dataset.folder();
  const Json description = read_json(folder / kWhole);
  std::set<std::string> fetched;
  if (description.at("recipe").contains("mix")) {
    fetched = files_of_samples(sizes);
    fetch_files(store, fetched, folder);
    finish_mix(folder, description.at("recipe"), say);
  }
  try {
    if (fetched.empty()) {
      const std::vector<std::string> shown = files_of_report(folder);
      fetched.insert(shown.begin(), shown.end());
      fetch_files(store, fetched, folder);
    }
    write_report(folder, store.url());
  } catch (const Error& error) {
    if (error.exit() == Exit::drained) throw;
    say << "no report.html: " << error.what() << "\n";
  }
  fetched.insert(kWhole);
  store.put(folder, files_in_scratch(folder, fetched));
  store.put(folder, {kWhole});  // it says that all the rest is there
}

}  // namespace

Finished finish_stored(StoredDataset& dataset, std::ostream& say) {
  const ObjectStore& store = dataset.store();
  const fs::path& folder = dataset.folder();
  store.get({kWhole}, folder);
  if (fs::exists(folder / kWhole)) {
    const std::string hash = hash_in(folder);
    store.remove_below(".chunks");  // of an attempt that was killed, or of one that came too late
    return {.hash = hash};
  }
  Sizes sizes = sizes_of(store.list("", true));
  if (!sizes.contains(kBegun)) {
    throw Error(store.url() + ": no dataset was begun here, wanted what orrery generate was given");
  }
  std::vector<std::string> wanted = {kBegun};
  std::set<std::uint64_t> recorded;
  for (const auto& [path, size] : sizes) {
    const std::optional<std::uint64_t> chunk = chunk_of_record(path);
    if (!chunk) continue;
    recorded.insert(*chunk);
    wanted.push_back(path);
  }
  store.get(wanted, folder);
  const fs::path plan = folder / kBegun;
  Dataset merged(folder, dataset_plan_from_json(read_json(plan), store.url() + "/" + kBegun), {},
                 required_in(store, sizes));
  Finished finished{.hash = {},
                    .missing = merged.missing(),
                    .damaged = merged.damaged(),
                    .chunks = merged.chunks()};
  if (!finished.missing.empty()) {
    std::vector<std::string> damaged;
    for (const std::uint64_t chunk : finished.missing) {
      if (recorded.contains(chunk)) damaged.push_back(record_path(chunk));
    }
    store.remove(damaged);
    return finished;
  }
  finished.hash = merged.finish();
  complete_stored(dataset, sizes, say);
  store.remove_below(".chunks");
  return finished;
}

}  // namespace orrery
