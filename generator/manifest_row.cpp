#include "generator/manifest_row.hpp"

#include <fstream>
#include <ostream>

#include "generator/chunk_files.hpp"
#include "generator/whole_file.hpp"
#include "scenes/error.hpp"

namespace orrery {
namespace {

/// Prints every leaf where two values differ, with the path to it.
void print_differences(std::ostream& out, const Json& before, const Json& now) {
  for (const auto& change : Json::diff(before, now)) {
    const std::string path = change["path"];
    const Json::json_pointer at(path);
    out << "  " << path << ": was " << (before.contains(at) ? before[at].dump() : "absent")
        << ", is " << (now.contains(at) ? now[at].dump() : "absent") << '\n';
  }
}

/// Line `index` of a dataset's manifest.
Json manifest_row(const std::filesystem::path& dataset, std::uint64_t index) {
  const std::filesystem::path file = dataset / "manifest.jsonl";
  std::ifstream in(file);
  if (!in) throw Error(file.string() + ": cannot be opened, wanted a finished dataset's");
  std::string line;
  for (std::uint64_t i = 0; i <= index; ++i) {
    if (!std::getline(in, line)) {
      throw Error(file.string() + ": has " + std::to_string(i) + " samples, wanted sample " +
                  std::to_string(index));
    }
  }
  return Json::parse(line);
}

}  // namespace

ReplayedSample replayed_sample(const std::filesystem::path& dataset, std::uint64_t index) {
  namespace fs = std::filesystem;
  ReplayedSample sample{.index = index};
  const bool finished = fs::exists(dataset / "dataset.json");
  sample.description = dataset / (finished ? "dataset.json" : ".chunks/plan.json");
  if (!fs::exists(sample.description)) {
    throw Error(dataset.string() + ": no dataset is here, wanted a folder that orrery made");
  }
  const Json json = read_json(sample.description);
  sample.recipe = json.at("recipe");
  const auto count = json.at("count").get<std::uint64_t>();
  if (index >= count) {
    throw Error(sample.description.string() + ": has " + std::to_string(count) +
                " samples, wanted sample " + std::to_string(index));
  }
  if (!finished) return sample;
  sample.row = manifest_row(dataset, index);
  sample.substitute = sample.row->value("substitute", 0U);
  return sample;
}

bool compare_replayed(Sample sample, const ReplayedSample& before, const std::filesystem::path& out,
                      std::ostream& say) {
  if (before.substitute > 0) sample.manifest["substitute"] = before.substitute;
  const bool same = !before.row || sample.manifest == *before.row;
  say << "sample " << sample.index << ": "
      << (!before.row ? "made; its dataset is not finished, so nothing is compared"
          : same      ? "identical"
                      : "differs")
      << '\n';
  if (!same) print_differences(say, *before.row, sample.manifest);
  if (out.empty()) return same;
  for (const EncodedFile& file : sample.files) {
    const std::filesystem::path target = out / file.path;
    std::filesystem::create_directories(target.parent_path());
    write_whole_file(target, file.bytes);
    say << "  " << target.string() << '\n';
  }
  return same;
}

}  // namespace orrery
