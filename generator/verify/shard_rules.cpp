#include "generator/verify/shard_rules.hpp"

#include <fstream>
#include <set>

#include "generator/verify/annotation_rules.hpp"
#include "generator/verify/consumer.hpp"
#include "scenes/sha256.hpp"

namespace orrery {
namespace {

namespace fs = std::filesystem;

using SamplesOf = std::function<std::optional<std::uint64_t>(const fs::path&)>;

void check_shard(const fs::path& file, const Json& entry, const SamplesOf& samples_of,
                 Findings& findings) {
  findings.looked_at("shards");
  if (!fs::is_regular_file(file)) {
    findings.add("shard_missing", file.string(), "no file", "what index.json lists");
    return;
  }
  if (whole_of(entry, "filesize") != fs::file_size(file)) {
    findings.add("shard_size", file.string(), std::to_string(fs::file_size(file)) + " bytes",
                 entry.value("filesize", Json()).dump() + ", as index.json has it");
  }
  const std::string hash = sha256_of_file(file);
  if (entry.value("sha256", Json()) != Json(hash)) {
    findings.add("shard_hash", file.string(), "SHA-256 " + hash,
                 entry.value("sha256", Json()).dump() + ", as index.json has it");
  }
  const std::optional<std::uint64_t> samples = samples_of(file);
  if (!samples || whole_of(entry, "nsamples") == samples) return;
  findings.add("shard_samples", file.string(), std::to_string(*samples) + " samples",
               entry.value("nsamples", Json()).dump() + ", as index.json has it");
}

}  // namespace

void check_shards(const fs::path& folder, const std::string& extension, const SamplesOf& samples_of,
                  Findings& findings) {
  std::set<fs::path> listed;
  bool any = false;
  for (const fs::path& name : paths_below(folder, {".json"})) {
    if (name.filename() != "index.json") continue;
    any = true;
    std::ifstream in(folder / name, std::ios::binary);
    const Json index = Json::parse(in, nullptr, false);
    const Json list = index.is_object() ? index.value("shardlist", Json()) : Json();
    if (!list.is_array()) {
      findings.add("index_unreadable", (folder / name).string(), "no shardlist",
                   "a list of shards");
      continue;
    }
    for (const Json& entry : list) {
      const Json url = entry.is_object() ? entry.value("url", Json()) : Json();
      if (!url.is_string()) {
        findings.add("index_unreadable", (folder / name).string(), entry.dump(), "a shard's url");
        continue;
      }
      const fs::path shard = name.parent_path() / url.get<std::string>();
      listed.insert(shard);
      check_shard(folder / shard, entry, samples_of, findings);
    }
  }
  for (const fs::path& shard : paths_below(folder, {extension})) {
    if (listed.contains(shard)) continue;
    findings.add("shard_extra", (folder / shard).string(), "a shard that no index lists",
                 "those of index.json alone");
  }
  if (!any) findings.add("index_missing", folder.string(), "no index.json", "one a split");
}

}  // namespace orrery
