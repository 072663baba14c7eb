#include "generator/object_store/store_commands.hpp"

#include <chrono>
#include <ctime>
#include <fstream>
#include <iomanip>
#include <locale>
#include <ostream>
#include <sstream>
#include <string_view>

#include "generator/chunk_choice.hpp"
#include "generator/dataset_status.hpp"
#include "generator/finish.hpp"
#include "generator/object_store/stored_dataset.hpp"
#include "generator/object_store/stored_finish.hpp"
#include "scenes/error.hpp"

namespace orrery {
namespace {

namespace fs = std::filesystem;

/// A record's first line is shorter.
constexpr std::uint64_t kHeadBytes = 2048;
/// How often a run that makes everything goes back for chunks that finishing finds damaged.
constexpr int kMends = 2;

/// Times of a file system's clock, from a listing's.
fs::file_time_type file_time(const std::string& time) {
  std::tm parts{};
  std::istringstream in(time);
  in.imbue(std::locale::classic());
  in >> std::get_time(&parts, "%Y-%m-%d %H:%M:%S");
  const std::time_t seconds = in.fail() ? 0 : timegm(&parts);
  return std::chrono::file_clock::from_sys(std::chrono::system_clock::from_time_t(seconds));
}

/// First lines of records, out of what may be cut off after each.
void write_heads(const std::string& text, const fs::path& folder) {
  constexpr std::string_view kStart = "{\"chunk\":";
  for (std::size_t at = text.find(kStart); at != std::string::npos;
       at = text.find(kStart, at + 1)) {
    const std::size_t end = text.find('\n', at);
    if (end == std::string::npos) break;
    const Json origin = Json::parse(text.substr(at, end - at), nullptr, false);
    if (!origin.is_object() || !origin.contains("last")) continue;
    const fs::path record = folder / record_path(origin.at("chunk").get<std::uint64_t>());
    std::ofstream(record, std::ios::binary) << origin.dump() << '\n';
  }
}

}  // namespace

RunReport make_in_store(const StoreAddress& address, const fs::path& scratch,
                        const Machine& machine, const MakeInFolder& make, std::ostream& say) {
  RunReport report;
  for (int mends = 0;; ++mends) {
    StoredDataset dataset(address, scratch);
    Machine handing_over = machine;
    dataset.open(handing_over);
    try {
      const std::uint64_t before = report.samples;
      report = make(dataset.folder(), handing_over);
      report.samples += before;
      if (!report.dataset_hash.empty() || !machine.share.all()) return report;
      const Finished finished = finish_stored(dataset, say);
      if (finished.hash) {
        report.dataset_hash = *finished.hash;
        return report;
      }
      if (mends < kMends) continue;
      throw Error(address.url() + ": chunk " + text_of_chunks(finished.missing) +
                      " is damaged or missing after all were put, wanted a store that keeps them",
                  Exit::io);
    } catch (const Error& error) {
      // A store that fails would only make us wait again.
      if (error.exit() != Exit::io && error.exit() != Exit::drained) dataset.put_failures();
      throw dataset.of_dataset(error);
    }
  }
}

int finish_in_store(const StoreAddress& address, const FinishCommand& command, std::ostream& out) {
  StoredDataset dataset(address, command.scratch);
  try {
    const Finished finished = finish_stored(dataset, out);
    if (!finished.hash) {
      return say_missing(out, finished.missing, finished.damaged, finished.chunks);
    }
    out << *finished.hash << "\n";
    return 0;
  } catch (const Error& error) {
    throw dataset.of_dataset(error);
  }
}

void print_store_status(const StoreAddress& address, const StatusCommand& command,
                        std::ostream& out) {
  StoredDataset dataset(address, command.scratch);
  const ObjectStore& store = dataset.store();
  const fs::path& folder = dataset.folder();
  store.get({"dataset.json", ".chunks/plan.json"}, folder);
  if (!fs::exists(folder / "dataset.json")) {
    std::vector<std::string> notes;
    const std::vector<StoredObject> objects = store.list(".chunks", true);
    for (const StoredObject& object : objects) {
      if (object.path.starts_with(".chunks/failed-")) notes.push_back(object.path);
    }
    store.get(notes, folder);
    write_heads(store.heads(".chunks", kHeadBytes), folder);
    for (const StoredObject& object : objects) {
      std::error_code ignored;  // put since, or not a record
      fs::last_write_time(folder / object.path, file_time(object.time), ignored);
    }
  }
  try {
    DatasetStatus status = dataset_status(folder);
    status.running.reset();
    print_status(status, command.json, out);
  } catch (const Error& error) {
    throw dataset.of_dataset(error);
  }
}

}  // namespace orrery
