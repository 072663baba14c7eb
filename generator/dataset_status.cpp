#include "generator/dataset_status.hpp"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cmath>
#include <ostream>
#include <set>
#include <system_error>
#include <vector>

#include "generator/chunk_files.hpp"
#include "generator/chunk_record.hpp"
#include "generator/whole_file.hpp"
#include "scenes/error.hpp"

namespace orrery {
namespace {

namespace fs = std::filesystem;

std::optional<std::uint64_t> chunk_number(const std::string& text) {
  std::uint64_t chunk = 0;
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), chunk);
  if (fault != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return chunk;
}

double seconds_of(fs::file_time_type time) {
  return std::chrono::duration<double>(time.time_since_epoch()).count();
}

/// What lies in .chunks while others write there: every file may go at any moment.
struct Seen {
  std::set<std::uint64_t> done;
  std::set<std::uint64_t> begun;
  std::vector<std::pair<std::uint64_t, std::string>> failed;
  double first = 0;  ///< when the first chunk was begun, of the file system's clock
  double last = 0;   ///< when the last one was done
};

void take_record(const fs::path& file, std::uint64_t chunk, DatasetStatus& status, Seen& seen) {
  std::error_code gone;
  const fs::file_time_type written = fs::last_write_time(file, gone);
  if (gone) return;
  const Json origin = RecordReader(file).origin();
  const double seconds = origin.value("seconds", 0.0);
  const double end = seconds_of(written);
  seen.first = seen.done.empty() ? end - seconds : std::min(seen.first, end - seconds);
  seen.last = seen.done.empty() ? end : std::max(seen.last, end);
  seen.done.insert(chunk);
  status.images_done += origin.value("last", 0U) - origin.value("first", 0U);
  ++status.devices[origin.value("device", "") + ", " + origin.value("driver", "")];
  if (seconds <= status.slowest) return;
  status.slowest = seconds;
  status.slowest_chunk = chunk;
  status.slowest_host = origin.value("host", "");
}

void take_entry(const fs::path& entry, DatasetStatus& status, Seen& seen) {
  const std::string name = entry.filename().string();
  const std::string stem = name.substr(0, name.find('.'));
  if (name.starts_with("failed-")) {
    if (entry.extension() != ".json") return;  // not whole yet
    const Json note = read_json(entry);
    seen.failed.emplace_back(note.value("chunk", 0U), note.value("why", ""));
    return;
  }
  const std::optional<std::uint64_t> chunk = chunk_number(stem);
  if (!chunk) return;
  if (name == stem + ".jsonl") {
    take_record(entry, *chunk, status, seen);
  } else if (!is_abandoned(name)) {
    seen.begun.insert(*chunk);
  }
}

std::string time_text(double seconds) {
  const auto minutes = static_cast<long>(std::ceil(seconds / 60));
  if (minutes < 2) return std::to_string(static_cast<long>(std::ceil(seconds))) + " s";
  if (minutes < 120) return std::to_string(minutes) + " min";
  return std::to_string(minutes / 60) + " h " + std::to_string(minutes % 60) + " min";
}

std::string rounded(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.1f", value);
  return text;
}

Json json_of(const DatasetStatus& s) {
  Json json = {
      {"images", s.images},
      {"images_done", s.images_done},
      {"chunks", s.chunks},
      {"chunks_done", s.chunks_done},
      {"failed", s.failed},
      {"devices", s.devices},
      {"images_per_second", s.rate},
      {"seconds_left", s.seconds_left},
      {"slowest", {{"chunk", s.slowest_chunk}, {"seconds", s.slowest}, {"host", s.slowest_host}}}};
  if (s.running) json["running"] = *s.running;
  if (s.hash) json["dataset_hash"] = *s.hash;
  return json;
}

}  // namespace

DatasetStatus dataset_status(const fs::path& folder) {
  DatasetStatus status;
  if (fs::exists(folder / "dataset.json")) {
    const Json dataset = read_json(folder / "dataset.json");
    status.images = status.images_done = dataset.at("count").get<std::uint64_t>();
    status.hash = dataset.at("dataset_hash").get<std::string>();
    return status;
  }
  const fs::path chunks = folder / ".chunks";
  if (!fs::exists(chunks / "plan.json")) {
    throw Error(folder.string() + ": no dataset was begun here, wanted the folder that orrery " +
                "generate was given");
  }
  const DatasetPlan plan =
      dataset_plan_from_json(read_json(chunks / "plan.json"), (chunks / "plan.json").string());
  status.images = plan.count;
  status.chunks = chunks_of(plan);
  Seen seen;
  std::error_code gone;
  for (const fs::directory_entry& entry : fs::directory_iterator(chunks, gone)) {
    try {
      take_entry(entry.path(), status, seen);
    } catch (const Error&) {
      if (fs::exists(entry.path())) throw;  // else it went while we looked
    }
  }
  status.chunks_done = seen.done.size();
  for (const std::uint64_t chunk : seen.begun)
    *status.running += seen.done.contains(chunk) ? 0U : 1U;
  for (const auto& [chunk, why] : seen.failed) {
    if (!seen.done.contains(chunk)) ++status.failed[why];
  }
  const double span = seen.last - seen.first;
  if (span > 0) status.rate = static_cast<double>(status.images_done) / span;
  if (status.rate > 0) {
    status.seconds_left = static_cast<double>(status.images - status.images_done) / status.rate;
  }
  return status;
}

void print_status(const DatasetStatus& s, bool json, std::ostream& out) {
  if (json) {
    out << json_of(s).dump(2) << "\n";
    return;
  }
  if (s.hash) {
    out << "finished: " << s.images << " images\n" << *s.hash << "\n";
    return;
  }
  out << s.images_done << " of " << s.images << " images, " << s.chunks_done << " of " << s.chunks
      << " chunks";
  if (s.running) out << "; " << *s.running << " being made";
  out << "\n";
  if (s.rate > 0) {
    out << rounded(s.rate) << " images/s so far, " << time_text(s.seconds_left) << " left\n"
        << "slowest: chunk " << s.slowest_chunk << ", " << time_text(s.slowest) << " on "
        << s.slowest_host << "\n";
  }
  for (const auto& [device, chunks] : s.devices) out << chunks << " chunks by " << device << "\n";
  for (const auto& [why, attempts] : s.failed) {
    out << "failed " << attempts << " times: " << why << "\n";
  }
  if (s.chunks_done == s.chunks) out << "all are there: orrery finish wants to be run\n";
}

}  // namespace orrery
