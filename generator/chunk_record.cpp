#include "generator/chunk_record.hpp"

#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <initializer_list>
#include <set>
#include <system_error>

#include "scenes/error.hpp"

namespace orrery {

namespace {

/// What the samples are made of, each once.
Json assets_of(std::span<const Sample> samples) {
  std::set<Json> assets;
  for (const Sample& sample : samples) {
    if (!sample.manifest.contains("lineage")) continue;
    for (const Json& asset : sample.manifest.at("lineage")) assets.insert(asset);
  }
  return Json(assets);
}

}  // namespace

std::string record_of(const Sample& sample) {
  Json files = Json::array();
  for (const EncodedFile& file : sample.files) files.push_back({file.path, file.bytes.size()});
  Json ledger = Json::array();
  for (const auto& [class_id, tally] : sample.ledger) {
    ledger.push_back({class_id, tally.placed, tally.labelled, Json(tally.dropped)});
  }
  Json categories = Json::array();
  for (const Json& annotation : sample.coco.annotations) {
    categories.push_back(annotation.at("category_id"));
  }
  const PlacementCount& placement = sample.placement;
  Json header = {{"index", sample.index},
                 {"files", files},
                 {"ledger", ledger},
                 {"placement", {placement.wanted, placement.redrawn, placement.left_out}},
                 {"categories", categories}};
  if (sample.substitute > 0) header["substitute"] = sample.substitute;
  if (!sample.panoptic.is_null()) header["panoptic"] = sample.panoptic;
  std::string text;
  const auto add_line = [&text](const Json& json) { text.append(json.dump()).push_back('\n'); };
  using Lines = std::initializer_list<const Json*>;
  for (const Json* json : Lines{&header, &sample.manifest, &sample.coco.image}) add_line(*json);
  for (const Json& annotation : sample.coco.annotations) add_line(annotation);
  return text;
}

std::string record_path(std::uint64_t chunk) {
  std::string name = std::to_string(chunk);
  name.insert(0, 8 - std::min<std::size_t>(8, name.size()), '0');
  return ".chunks/" + name + ".jsonl";
}

std::string origin_lines(const DatasetPlan& plan, std::uint64_t chunk, const ChunkOrigin& origin,
                         std::span<const Sample> samples) {
  const IndexRun run = indices_of(plan, chunk);
  std::array<char, 256> host{};
  gethostname(host.data(), host.size() - 1);
  const Json json = {{"chunk", chunk},
                     {"first", run.first},
                     {"last", run.last},
                     {"recipe_hash", plan.recipe_hash},
                     {"seed", plan.seed},
                     {"tool", tool_name()},
                     {"host", host.data()},
                     {"device", origin.device},
                     {"driver", origin.driver},
                     {"uuid", origin.uuid},
                     {"seconds", origin.seconds},
                     {"archive_bytes", origin.archive_bytes}};
  const auto line = [](const Json& of) {
    return of.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
  };
  return line(json) + line(assets_of(samples));
}

RecordReader::RecordReader(const std::filesystem::path& file)
    : file_(file), in_(file, std::ios::binary) {
  if (in_) return;
  const int reason = errno;
  const std::string text =
      file.string() + ": cannot be opened: " + std::strerror(reason) + ", wanted a chunk's record";
  if (reason == ENOENT) throw Damaged(text);
  throw Error(text, Exit::io);
}

std::string RecordReader::line() {
  std::string text;
  const bool there = static_cast<bool>(std::getline(in_, text));
  if (in_.bad()) throw Error(file_.string() + ": cannot be read", Exit::io);
  // The last line ends with a newline, too.
  if (!there || in_.eof()) throw Damaged(file_.string() + ": ends too early");
  return text;
}

Json RecordReader::origin() {
  Json json = Json::parse(line(), nullptr, false);
  if (json.is_object() && json.contains("chunk")) return json;
  throw Damaged(file_.string() + ": does not begin with who made it");
}

Json RecordReader::assets() {
  assets_passed_ = true;
  Json json = Json::parse(line(), nullptr, false);
  if (json.is_array()) return json;
  throw Damaged(file_.string() + ": does not say what its images are made of");
}

SampleRecord RecordReader::next(std::uint64_t index) {
  SampleRecord record;
  if (!std::exchange(assets_passed_, true)) line();
  try {
    const Json header = Json::parse(line());
    const auto found = header.at("index").get<std::uint64_t>();
    if (found != index) {
      throw Damaged(file_.string() + ": holds sample " + std::to_string(found) + ", wanted " +
                    std::to_string(index));
    }
    header.at("files").get_to(record.files);
    header.at("categories").get_to(record.categories);
    if (header.contains("panoptic")) record.panoptic = header.at("panoptic").dump();
    record.substitute = header.value("substitute", 0U);
    header.at("placement").at(0).get_to(record.placement.wanted);
    header.at("placement").at(1).get_to(record.placement.redrawn);
    header.at("placement").at(2).get_to(record.placement.left_out);
    for (const Json& entry : header.at("ledger")) {
      Tally& tally = record.ledger[entry.at(0).get<std::uint32_t>()];
      entry.at(1).get_to(tally.placed);
      entry.at(2).get_to(tally.labelled);
      entry.at(3).get_to(tally.dropped);
    }
  } catch (const Json::exception& e) {
    throw Damaged(file_.string() + ": " + e.what());
  }
  record.manifest = line();
  record.image = line();
  for (std::size_t i = 0; i < record.categories.size(); ++i) record.annotations.push_back(line());
  return record;
}

void require_file(const std::filesystem::path& file, std::uint64_t size) {
  std::error_code why;
  const std::uintmax_t found = std::filesystem::file_size(file, why);
  const std::string reason = file.string() + ": " + why.message() + ", wanted a finished file";
  if (why == std::errc::no_such_file_or_directory || why == std::errc::not_a_directory) {
    throw Damaged(reason);
  }
  if (why) throw Error(reason, Exit::io);
  if (found == size) return;
  throw Damaged(file.string() + ": has " + std::to_string(found) + " bytes, wanted " +
                std::to_string(size));
}

}  // namespace orrery
