#include "generator/manifest_row.hpp"

#include <fstream>
#include <ostream>

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

}  // namespace

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

bool compare_replayed(const Sample& sample, const Json& before, const std::filesystem::path& out,
                      std::ostream& say) {
  const bool same = sample.manifest == before;
  say << "sample " << sample.index << ": " << (same ? "identical" : "differs") << '\n';
  if (!same) print_differences(say, before, sample.manifest);
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
