#include "generator/farm/farm.hpp"

#include <nlohmann/json.hpp>
#include <ostream>
#include <span>

#include "generator/chunk_files.hpp"
#include "generator/whole_file.hpp"
#include "scenes/error.hpp"

namespace orrery {
namespace {

std::string farm_text(const FarmCommand& command) {
  switch (command.engine) {
    case FarmEngine::slurm:
      return slurm_script(command);
    case FarmEngine::kubernetes:
      return kubernetes_manifest(command);
    case FarmEngine::openjd:
      break;
  }
  return openjd_template(command);
}

}  // namespace

std::string yaml_quoted(const std::string& text) {
  try {
    return nlohmann::json(text).dump();
  } catch (const nlohmann::json::exception&) {
    throw Error("\"" + text + "\": is not UTF-8, wanted what a YAML file can hold", Exit::usage);
  }
}

int run_farm(const FarmCommand& command, std::ostream& out,
             const std::function<void(const std::string&)>& warn) {
  if (command.chunks > 0 && command.tasks > command.chunks) {
    warn("--tasks is " + std::to_string(command.tasks) + " for " + std::to_string(command.chunks) +
         " chunks: the other tasks have nothing to do (a smaller --chunk makes more chunks)");
  }
  const std::string text = farm_text(command);
  if (command.script.empty()) {
    out << text << std::flush;
    if (!out) throw Error("standard output: cannot be written", Exit::io);
    return 0;
  }
  create_folder(std::filesystem::absolute(command.script).parent_path());
  write_whole_file(command.script, std::as_bytes(std::span(text)));
  return 0;
}

}  // namespace orrery
