#include "generator/evaluate/manifest_facts.hpp"

#include <array>
#include <fstream>
#include <map>
#include <numeric>
#include <unordered_map>

#include "generator/sample.hpp"
#include "scenes/error.hpp"

namespace orrery {
namespace {

namespace fs = std::filesystem;

/// Which images hang together, by the smallest of their places.
class Connected {
 public:
  explicit Connected(std::size_t count) : parents_(count) {
    std::iota(parents_.begin(), parents_.end(), 0U);
  }
  std::uint32_t root(std::uint32_t i) {
    while (parents_[i] != i) i = parents_[i] = parents_[parents_[i]];
    return i;
  }
  void join(std::uint32_t a, std::uint32_t b) {
    a = root(a);
    b = root(b);
    parents_[std::max(a, b)] = std::min(a, b);
  }

 private:
  std::vector<std::uint32_t> parents_;
};

bool ties_images(const std::string& kind) {
  return kind == "session" || kind == "sweep" || kind == "duplicates";
}

class ManifestFacts {
 public:
  explicit ManifestFacts(GroundTruth& truth)
      : truth_(truth), connected_(truth.images.size()), seen_(truth.images.size(), 0) {
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
    for (const Json& part : row.value("lineage", Json::array())) {
      const auto kind = part.at("kind").get<std::string>();
      if (!ties_images(kind)) continue;
      const std::string key = kind + " " + part.at("name").get<std::string>();
      const auto [first, is_new] = first_with_.emplace(key, *place);
      if (!is_new) connected_.join(first->second, *place);
      tied_[*place] = true;
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
    for (const auto& [place, tied] : tied_) {
      truth_.images[place].group = "lineage " + std::to_string(connected_.root(place));
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
  Connected connected_;
  std::vector<std::uint8_t> seen_;
  std::unordered_map<std::string, std::uint32_t> by_file_;
  std::unordered_map<std::string, std::uint32_t> by_stem_;
  std::unordered_map<std::string, std::uint32_t> first_with_;
  std::map<std::uint32_t, bool> tied_;
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
    } catch (const Json::exception& e) {
      throw Error(manifest.string() + ":" + std::to_string(number) +
                  ": is no row of a manifest: " + e.what());
    }
  }
  facts.finish(manifest);
}

}  // namespace orrery
