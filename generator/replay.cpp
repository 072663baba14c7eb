#include "generator/replay.hpp"

#include <fstream>
#include <ostream>

#include "generator/class_keypoints.hpp"
#include "generator/draw_shot.hpp"
#include "generator/generate.hpp"
#include "generator/load_assets.hpp"
#include "generator/make_sample.hpp"
#include "generator/whole_file.hpp"
#include "renderer/renderer.hpp"
#include "scenes/error.hpp"

namespace orrery {
namespace {

std::ifstream opened(const std::filesystem::path& file) {
  std::ifstream in(file);
  if (!in) throw Error(file.string() + ": cannot be opened, wanted a finished dataset's");
  return in;
}

/// Line `index` of the manifest.
Json manifest_line(const std::filesystem::path& dataset, std::uint64_t index) {
  const std::filesystem::path file = dataset / "manifest.jsonl";
  std::ifstream in = opened(file);
  std::string line;
  for (std::uint64_t i = 0; i <= index; ++i) {
    if (!std::getline(in, line)) {
      throw Error(file.string() + ": has " + std::to_string(i) + " samples, wanted sample " +
                  std::to_string(index));
    }
  }
  return Json::parse(line);
}

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

bool replay(const ReplayCommand& command, std::ostream& out) {
  const std::filesystem::path description = command.dataset / "dataset.json";
  const Json dataset = Json::parse(opened(description));
  Recipe recipe = recipe_from_json(dataset.at("recipe"), description.string());
  const Json before = manifest_line(command.dataset, command.index);

  const Assets assets = load_assets(recipe, [](const std::string&) {});
  std::vector<NamedAsset> photos;
  for (const FileEntry& photo : recipe.photos) photos.push_back({photo.name, photo.sha256});
  const Provenance provenance{recipe.seed, recipe_hash(recipe), photos,
                              class_keypoints(recipe, assets)};
  const Shot shot = draw_shot_of(recipe, assets)(command.index);
  Renderer renderer(command.machine.gpu.value_or(0), assets, recipe.render);
  bool same = false;
  render_with_second_views(
      renderer, std::span(&shot, 1),
      [&](std::size_t, const Frame& frame, const SecondView* second) {
        SampleCost cost;
        Exposer exposer;
        const Sample sample =
            make_sample(frame, recipe, assets, provenance, command.index, exposer, cost, second);
        same = sample.manifest == before;
        out << "sample " << command.index << ": " << (same ? "identical" : "differs") << '\n';
        if (!same) print_differences(out, before, sample.manifest);
        if (command.out.empty()) return;
        for (const EncodedFile& file : sample.files) {
          const std::filesystem::path target = command.out / file.path;
          std::filesystem::create_directories(target.parent_path());
          write_whole_file(target, file.bytes);
          out << "  " << target.string() << '\n';
        }
      });
  return same;
}

}  // namespace orrery
