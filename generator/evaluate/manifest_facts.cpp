#include "generator/evaluate/manifest_facts.hpp"

#include <algorithm>
#include <fstream>
#include <map>
#include <numeric>
#include <unordered_map>

#include "generator/label_json.hpp"
#include "generator/splits/lineage_groups.hpp"
#include "scenes/error.hpp"

namespace orrery {
namespace {

namespace fs = std::filesystem;

/// Kinds of lineage whose images are no independent draws.
const std::vector<std::string>& tying_kinds() {
  static const std::vector<std::string> kinds{"session", "sweep", "duplicates"};
  return kinds;
}

class ManifestFacts {
 public:
  explicit ManifestFacts(GroundTruth& truth) : truth_(truth), seen_(truth.images.size(), 0) {
    for (std::uint32_t i = 0; i < truth.images.size(); ++i) {
      const std::string& name = truth.images[i].file_name;
      if (name.empty()) continue;
      by_file_.emplace(name, i);
      by_stem_.emplace(fs::path(name).stem().string(), i);
    }
  }

  void add(const Json& row) {
    const auto place = image_of(row);
    if (!place) return;
    TestImage& image = truth_.images[*place];
    seen_[*place] = 1;
    image.track = row.value("track", image.track);
    image.split = row.value("split", image.split);
    if (row.contains("fold") && !row.at("fold").is_null()) image.fold = row.at("fold").get<int>();
    for (Ingredient& part : lineage_from_json(row.value("lineage", Json::array()), "lineage")) {
      const std::vector<std::string>& kinds = tying_kinds();
      if (std::find(kinds.begin(), kinds.end(), part.kind) == kinds.end()) continue;
      tied_[*place].lineage.push_back(std::move(part));
    }
  }

  void finish(const fs::path& file) {
    const auto found = std::accumulate(seen_.begin(), seen_.end(), std::size_t{0});
    if (found == 0) {
      throw Error(file.string() +
                  ": has no row for any image of the ground truth, wanted rows "
                  "whose \"files\" hold their file_name");
    }
    if (found < seen_.size()) {
      truth_.warnings.push_back(std::to_string(seen_.size() - found) + " of " +
                                std::to_string(seen_.size()) + " images are not in " +
                                file.string());
    }
    std::vector<SplitItem> items;
    for (auto& [place, item] : tied_) {
      item.name = std::to_string(place);
      items.push_back(std::move(item));
    }
    for (const SplitGroup& group : lineage_groups(items, tying_kinds(), {}, {})) {
      for (const std::string& place : group.images) {
        truth_.images[std::stoul(place)].group = "lineage " + group.images.front();
      }
    }
  }

 private:
  std::optional<std::uint32_t> image_of(const Json& row) const {
    for (const auto& [file, hash] : row.at("files").items()) {
      const auto found = by_file_.find(file);
      if (found != by_file_.end()) return found->second;
    }
    for (const auto& [file, hash] : row.at("files").items()) {
      if (!file.starts_with("images/")) continue;
      const auto found = by_stem_.find(fs::path(file).stem().string());
      if (found != by_stem_.end()) return found->second;
    }
    return std::nullopt;
  }

  GroundTruth& truth_;
  std::vector<std::uint8_t> seen_;
  std::unordered_map<std::string, std::uint32_t> by_file_;
  std::unordered_map<std::string, std::uint32_t> by_stem_;
  std::map<std::uint32_t, SplitItem> tied_;  ///< images that hang together with others, by place
};

}  // namespace

void add_manifest_facts(GroundTruth& truth, const fs::path& manifest) {
  std::ifstream in(manifest, std::ios::binary);
  if (!in) throw Error(manifest.string() + ": cannot be read, wanted a manifest.jsonl", Exit::io);
  ManifestFacts facts(truth);
  std::string line;
  for (std::uint64_t number = 1; std::getline(in, line); ++number) {
    try {
      facts.add(Json::parse(line));
    } catch (const std::exception& e) {
      throw Error(manifest.string() + ":" + std::to_string(number) +
                  ": is no row of a manifest: " + e.what());
    }
  }
  facts.finish(manifest);
}

}  // namespace orrery
